-- What is gone or asked for has nothing to fetch.
UPDATE item
   SET gone = coalesce(:gone, gone),
       missing = :missing,
       due = iif(coalesce(:gone, gone) = 1, 0, due)
 WHERE id = :id
