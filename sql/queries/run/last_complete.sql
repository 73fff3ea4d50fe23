SELECT started_at, finished_at, outcome FROM run WHERE outcome = 'complete' ORDER BY id DESC LIMIT 1
