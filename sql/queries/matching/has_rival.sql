-- Whether Photos has another item of that name and second.
SELECT EXISTS (
    SELECT 1
      FROM item AS other
     WHERE other.title = photo.title AND other.kind = 'file' AND other.id <> photo.id
       AND other.source = 'photos' AND other.parent IS NULL AND other.gone = 0
       AND other.taken_at BETWEEN photo.taken_at - 999 AND photo.taken_at + 999
       AND other.taken_at / 1000 = photo.taken_at / 1000) AS has_rival
  FROM item AS photo
 WHERE photo.id = :item
