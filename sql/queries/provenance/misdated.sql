-- What was dated by its name or its folder, and whose bytes state another time.
SELECT provenance.item, file.taken_at, file.taken_from
  FROM provenance INDEXED BY provenance_undated
 CROSS JOIN item ON item.id = provenance.item
 CROSS JOIN holding ON holding.item = item.id
 CROSS JOIN file ON file.id = holding.file
 WHERE provenance.is_dated = 0 AND provenance.item > :after
   AND file.taken_at IS NOT NULL AND file.taken_at IS NOT item.taken_at
   AND (item.taken_from IS NULL OR item.taken_from = 'name' OR item.taken_from = 'folder')
 ORDER BY provenance.item
 LIMIT :most
