//! Any lines, taken for titles.
#![no_main]

gphotos_sync_fuzz::target!("names");
