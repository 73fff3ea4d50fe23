SELECT count(*) AS files FROM adopted WHERE root = :root AND run = :run AND item IS NULL AND to_name IS NULL
