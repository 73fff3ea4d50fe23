UPDATE item
   SET folder = NULL
 WHERE folder IS NOT NULL
   AND id IN (SELECT item FROM extra_parent WHERE parent = :parent)
