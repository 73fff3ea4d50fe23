-- What was wrong with a part itself, and not with something in it, is under its name and a slash.
UPDATE export_part
   SET state = 'new'
 WHERE export = :export AND gone = 1 AND state <> 'new'
   AND EXISTS (
       SELECT 1 FROM problem WHERE problem.source = 'takeout' AND problem.remote_id = export_part.name || '/')
