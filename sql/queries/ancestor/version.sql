-- In the index of gphotos-sync 1.x to 3.x.
SELECT CAST(Version AS REAL) AS version FROM Globals LIMIT 1
