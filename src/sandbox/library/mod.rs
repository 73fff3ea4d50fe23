//! Ready-made worlds, first of all the demo library: the world that `--demo` shows,
//! with something of everything.
//!
//! Its pictures and films are real files, painted by
//! `tests/fixtures/library/make.py`; nobody's photographs are among them.

mod drive;
mod manner;
mod many;
mod photos;
mod pictures;
mod takeout;
mod times;

pub use self::many::Many;
use super::World;

/// Includes a file of the demo library.
macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../library/", $name)).as_slice()
    };
}
use file;

/// The account of Ada Example: some thirty items in Drive, fifteen in Photos.
///
/// In Drive: folders in depth, three files and two folders of one name,
/// documents with and without exports, shortcuts that work, run in a circle and
/// dangle, an orphan, a computer, somebody else's file, the trash, hostile names.
/// In Photos: what Drive has too and what it has not, a film, a motion photo,
/// an archived item, and albums of which two have one title and one date. In Drive there is an
/// export too, in three parts, of some that are in Photos and some that the API does not show.
#[must_use]
pub fn demo() -> World {
    takeout::added_to(photos::added_to(drive::added_to(World::new())))
}
