INSERT INTO spent (source, day, requests)
VALUES (:source, :day, :requests)
ON CONFLICT (source, day) DO UPDATE SET requests = excluded.requests
