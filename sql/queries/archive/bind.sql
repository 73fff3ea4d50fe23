UPDATE archive
   SET account = :account, account_name = :account_name, client_id = :client_id
 WHERE id = 1
