-- Whether every file below :from goes to the same place below :to, and every file that
-- is below :to now goes away. '0' is the character after '/'.
SELECT NOT EXISTS (
           SELECT 1
             FROM file
             LEFT JOIN step ON step.kind = 'move' AND step.from_path = file.path
            WHERE file.path > :from || '/' AND file.path < :from || '0'
              AND (step.id IS NULL OR step.to_path <> :to || substr(file.path, length(:from) + 1)))
   AND NOT EXISTS (
           SELECT 1
             FROM file
            WHERE file.path > :to || '/' AND file.path < :to || '0'
              AND NOT EXISTS (
                      SELECT 1 FROM step WHERE step.kind = 'move' AND step.from_path = file.path)
       ) AS whole
