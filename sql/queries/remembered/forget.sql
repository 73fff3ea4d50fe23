DELETE FROM remembered WHERE source = :source
