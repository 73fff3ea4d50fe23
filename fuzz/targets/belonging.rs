//! Any lines, taken for the names in a Takeout export.
#![no_main]

gphotos_sync_fuzz::target!("belonging");
