-- In the index of gphotos-sync 1.x to 3.x: what it knew of the files of that name.
SELECT Path, OrigFileName, CreateDate, Description FROM SyncFiles WHERE FileName = :name ORDER BY DuplicateNo
