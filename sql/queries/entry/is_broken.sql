SELECT EXISTS (
    SELECT 1
      FROM entry
      JOIN export_part ON export_part.id = entry.part
     WHERE entry.item = :item AND entry.broken = 1 AND export_part.gone = 0) AS is_broken
