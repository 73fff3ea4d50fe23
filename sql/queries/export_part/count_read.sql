SELECT count(*) AS parts
  FROM export_part
 WHERE place = 'drive' AND gone = 0 AND state IN ('read', 'double')
