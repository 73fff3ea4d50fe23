//! The decisions: what is taken, where it goes and how files get there. Pure.
//!
//! Nothing here touches a disk, a database, a socket or a clock. `engine` asks
//! for one row or for one folder's children at a time, so that nothing here
//! grows with the library, and every rule is a row of a table in the tests of
//! the file that holds it.

mod albums;
mod copy;
mod evidence;
mod export;
mod filter;
mod guard;
mod matching;
mod name;
mod names;
mod pacific;
mod room;
mod rules;
mod sample;
mod schedule;
mod seat;
mod select;
mod shards;
mod steps;
mod takeout;
mod untangle;
mod xmp;
mod xmp_step;

pub use albums::{AlbumDate, AlbumFolder, AlbumMode, AlbumStyle, album_folder, entry_name};
pub use copy::{Copied, is_copy_due};
pub use evidence::{Answer, Doubt, Fate, Hold, News, after, doubt, fate, listing_after};
pub use export::{ExportFormat, pointer};
pub use filter::{AlbumPick, BadFilter, Dates, DriveFolder, Exclude, Filter, Trail};
pub use guard::MaxDelete;
pub use matching::{Original, Photo, Served, Verdict, recognise};
pub use name::{clean, is_dealt_for, numbered, unnumbered, with_extension, with_other_extension};
pub use names::{Child, Given, Still, deal};
pub use pacific::{next_pacific_day, pacific_day};
pub use room::{Fit, fit, kept_free};
pub use rules::NameRules;
pub use sample::{BadSample, Sample, Share};
pub use schedule::{Schedule, schedule};
pub use seat::{Area, Hanging, Parent, Seat, seat};
pub use select::{PhotosSelection, Selected, Selection, Why, select, select_photo};
pub use shards::{Grain, Refused, Shards};
pub use steps::{Placed, Step, steps};
pub use takeout::{
    Beside, Matched, MediaFile, date_in_name, is_takeout_part, match_folder, missing_parts,
    part_name, parts_to_read, year_folder,
};
pub use untangle::{Act, Move, untangle};
pub use xmp::{joined, xmp, xmp_path};
pub use xmp_step::{Found, Noted, XmpStep, xmp_step};
