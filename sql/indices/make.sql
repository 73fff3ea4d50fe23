-- The indices of `item` by which nobody asks while a first listing is read, as in schema.sql.
CREATE INDEX IF NOT EXISTS item_by_parent ON item (source, parent);
CREATE INDEX IF NOT EXISTS item_by_folder ON item (folder, form);
CREATE INDEX IF NOT EXISTS item_by_title ON item (title, taken_at) WHERE kind = 'file';
