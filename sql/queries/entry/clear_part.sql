DELETE FROM entry WHERE part = :part
