SELECT file.id, file.path FROM holding JOIN file ON file.id = holding.file WHERE holding.item = :item
