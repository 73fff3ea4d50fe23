UPDATE archive SET drive_root = :drive_root, shared_drives = :shared_drives WHERE id = 1
