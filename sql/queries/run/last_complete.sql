-- Of a source. One that was told to leave something out counts where no other ever did.
SELECT started_at, finished_at, outcome FROM run
 WHERE outcome = 'complete' AND EXISTS (SELECT 1 FROM json_each(covered) WHERE value = :source)
 ORDER BY part, id DESC LIMIT 1
