SELECT parent FROM extra_parent WHERE item = :item ORDER BY ordinal
