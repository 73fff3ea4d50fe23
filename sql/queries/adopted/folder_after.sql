SELECT min(folder) AS folder FROM adopted WHERE root = :root AND run = :run AND (:after IS NULL OR folder > :after)
