UPDATE step SET lifted = :lifted WHERE id = :id
