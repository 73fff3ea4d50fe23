-- In the index of gphotos-sync 2.x and 3.x.
SELECT SyncFiles.Path, SyncFiles.FileName, SyncFiles.OrigFileName, SyncFiles.DuplicateNo
  FROM AlbumFiles
  JOIN SyncFiles ON SyncFiles.Id = AlbumFiles.DriveRec
 WHERE AlbumFiles.AlbumRec = :album
 ORDER BY AlbumFiles.Position, SyncFiles.CreateDate, SyncFiles.FileName
