SELECT EXISTS (
    SELECT 1 FROM entry WHERE export = :export AND folder = :folder AND name = :name AND part = :part) AS is_known
