//! Any bytes, read as the program's own files.
#![no_main]

gphotos_sync_fuzz::target!("manifest");
