-- The items in a folder, by files and by links; a link to a file that lies elsewhere among them.
SELECT adopted.name, COALESCE(adopted.item, target.item) AS item
  FROM adopted
  LEFT JOIN adopted AS target
    ON target.root = adopted.root AND target.folder = adopted.to_folder AND target.name = adopted.to_name
 WHERE adopted.root = :root AND adopted.run = :run AND adopted.folder = :folder
   AND COALESCE(adopted.item, target.item) IS NOT NULL
 ORDER BY adopted.name
