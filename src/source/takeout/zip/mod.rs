//! Zips: read at any place, by the directory at their end.
//!
//! Nothing is ever written, and no more of a zip is held than a window of its directory or
//! the piece of an entry that is being unpacked.

mod directory;
mod group;
mod inflate;
mod judge;
mod measure;
mod records;
mod scan;
mod small;
#[cfg(test)]
mod tests;

pub use directory::Directory;
pub(super) use group::{Group, near};
pub(super) use small::SMALL_MAX;
pub use small::Small;
