-- A file bears one time, whichever of its items one asks by.
UPDATE holding SET modified_at = :modified_at WHERE file = (SELECT file FROM holding WHERE item = :item)
