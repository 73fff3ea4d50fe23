SELECT account, account_name, client_id, drive_root, shared_drives, options, photos_options, manifest_lines
  FROM archive
 WHERE id = 1
