//! Any bytes, read as a picture and as a film.
#![no_main]

gphotos_sync_fuzz::target!("media");
