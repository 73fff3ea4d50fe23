UPDATE trash SET put_back = :path WHERE id = :id
