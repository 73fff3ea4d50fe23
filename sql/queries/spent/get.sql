SELECT requests FROM spent WHERE source = :source AND day = :day
