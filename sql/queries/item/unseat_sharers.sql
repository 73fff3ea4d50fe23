-- Items whose bytes are in a file whose place another item decided, which is gone now.
UPDATE item SET folder = NULL WHERE folder = 0 AND id IN (SELECT item FROM holding WHERE file = :file)
