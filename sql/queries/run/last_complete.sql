-- A run that asked nothing of Google is an undo.
SELECT started_at, finished_at, outcome FROM run
 WHERE outcome = 'complete' AND requests > 0
 ORDER BY id DESC LIMIT 1
