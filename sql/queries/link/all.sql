SELECT path, target FROM link ORDER BY path
