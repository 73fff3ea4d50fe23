-- In the index of gphotos-sync 1.x to 3.x: the same, by the name that was numbered and the number.
SELECT Path, OrigFileName, CreateDate, Description FROM SyncFiles WHERE OrigFileName = :title AND DuplicateNo = :number
