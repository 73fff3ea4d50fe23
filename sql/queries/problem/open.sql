SELECT path, reason, attempts FROM problem ORDER BY path, id LIMIT :most
