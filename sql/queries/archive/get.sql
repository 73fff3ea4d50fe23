SELECT account, account_name, client_id, drive_root, shared_drives, manifest_lines
  FROM archive
 WHERE id = 1
