DELETE FROM extra_parent WHERE item = :item
