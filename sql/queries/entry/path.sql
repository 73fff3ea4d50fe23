SELECT ltrim(folder || '/', '/') || name AS path FROM entry WHERE id = :id
