//! Bytes: their checksums, and what the pictures and films among them say of themselves.
//!
//! It opens nothing and keeps nothing: bytes and open files are handed in. What
//! it reads was made by anybody, so no file may make it fail, run long or take
//! much memory: what cannot be read is a missing value.

mod boxes;
mod directories;
mod exif;
mod hasher;
mod jpeg;
mod motion;
mod picture;
mod pictures;
mod shot;
mod steady;
mod tags;
#[cfg(test)]
mod tests;
mod told;
mod tracks;

pub use hasher::{Hasher, Md5Part, OtherParts};
pub use motion::{Motion, motion};
pub use picture::picture_digest;
pub use shot::read_shot;
pub use tags::{camera, is_place};
pub use told::Told;
