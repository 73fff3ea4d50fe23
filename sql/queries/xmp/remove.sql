DELETE FROM xmp WHERE path = :path
