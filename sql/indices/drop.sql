-- See make.sql.
DROP INDEX IF EXISTS item_by_parent;
DROP INDEX IF EXISTS item_by_folder;
DROP INDEX IF EXISTS item_by_title;
