//! Any bytes, read as Google's answers.
#![no_main]

gphotos_sync_fuzz::target!("listing");
