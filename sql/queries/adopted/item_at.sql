SELECT item FROM adopted WHERE root = :root AND folder = :folder AND name = :name AND item IS NOT NULL
