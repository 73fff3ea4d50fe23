UPDATE file SET path = :path WHERE path = :from
