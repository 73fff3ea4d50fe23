//! One-way backup of Google Drive and Google Photos into plain folders.
//!
//! The modules are listed from the bottom layer to the top. A module may use
//! the ones listed before it, never the ones after; `tests/it/tidy.rs` says
//! exactly which, and fails when one does not keep to it.

pub mod model;

pub mod plan;

pub mod archive;
pub mod google;
pub mod index;
pub mod media;
pub mod source;

pub mod engine;

pub mod sandbox;

pub mod cli;
