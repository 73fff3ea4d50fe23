SELECT folder FROM entry WHERE export = :export AND folder >= :from ORDER BY folder LIMIT 1
