//! One binary for all integration tests, so that they are linked once.
//!
//! Each file in this folder is a `mod` here; `tidy` fails where one is forgotten.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod adopt;
mod albums;
mod auth;
mod cli;
mod crash;
mod damaged_index;
mod discovery;
mod doctor;
mod drive;
mod dry_run;
mod faults;
mod fuzz_corpus;
mod hostile;
mod index_docs;
mod layout;
mod listing;
mod local_changes;
mod lost_index;
mod matching;
mod media;
mod motion;
mod options;
mod photos;
mod photos_layout;
mod photos_sandbox;
mod pick;
mod readme;
mod removal;
mod sandbox;
mod secrets;
mod secrets_kept;
mod semantics;
mod shared_removal;
mod sign_in;
mod status;
mod support;
mod takeout;
mod takeout_archive;
mod tidy;
mod undo;
mod verify;
mod xmp;
