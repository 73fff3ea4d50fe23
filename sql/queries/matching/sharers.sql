SELECT holding.item, item.folder FROM holding JOIN item ON item.id = holding.item WHERE holding.file = :file ORDER BY holding.item
