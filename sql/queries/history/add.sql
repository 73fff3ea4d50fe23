INSERT INTO history (run, at, what, path, detail) VALUES (:run, :at, :what, :path, :detail)
