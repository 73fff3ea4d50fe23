//! Any bytes, read as archives of Takeout and as the JSON files in them.
#![no_main]

gphotos_sync_fuzz::target!("takeout");
