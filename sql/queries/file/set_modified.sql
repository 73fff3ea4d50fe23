UPDATE holding SET modified_at = :modified_at WHERE item = :item
