UPDATE item SET archived = :archived WHERE id = :item
