//! The shell around the decisions: crawl, plan, apply, verify.
//!
//! It owns the index's one connection, asks the sources, lets `plan` decide and
//! has `archive` do it. It prints nothing and reads no environment: whoever
//! calls it passes a [`Monitor`].

mod adopt;
mod adoption;
mod albums;
mod at_once;
mod bandwidth;
mod budget;
mod bundle;
mod check;
mod claim;
mod crawl;
mod dry_run;
mod due;
mod ending;
mod error;
mod evidence;
mod exports;
mod failures;
mod fetch;
mod gathering;
mod intake;
mod landing;
mod layout;
mod limits;
mod links;
mod manifest;
mod matching;
mod monitor;
mod months;
mod motion;
mod moves;
mod options;
mod outage;
mod pick;
mod rebuild;
mod reclaim;
mod recovery;
mod removal;
mod returning;
mod room;
mod run;
mod seating;
mod setback;
mod sharing;
mod sources;
mod summary;
mod takeout;
mod tops;
mod trail;
mod transactions;
mod transfer;
mod undo;
mod verify;
mod xmp;

pub use error::{Cause, Error};
pub use exports::{Removable, SeenExport, TakeoutCoverage};
pub use manifest::INDEX_COPY;
#[doc(hidden)]
pub use manifest::fuzzed;
pub use monitor::{Event, Monitor, Phase, Planned};
pub use options::{Adopt, Albums, Effect, Options, Reach, Removal, Taking};
pub use pick::{Guide, Pick, pick};
pub use run::{Ended, Job, Stop, backup};
pub use summary::{Coverage, Outcome, SourceCoverage, Summary};
pub use undo::{Undo, Undone, undo};
pub use verify::{Reached, Verification, Verified, Wrong, repair, verify};

pub use crate::index::coverage::{Held, Trash};
pub use crate::index::problem::Problem;
pub use crate::index::run::Tally;
