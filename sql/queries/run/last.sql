SELECT started_at, finished_at, outcome FROM run ORDER BY id DESC LIMIT 1
