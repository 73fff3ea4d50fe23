//! The shell around the decisions: crawl, plan, apply, verify.
//!
//! It owns the index's one connection, asks the sources, lets `plan` decide and
//! has `archive` do it. It prints nothing and reads no environment: whoever
//! calls it passes a [`Monitor`].

mod adopt;
mod check;
mod crawl;
mod error;
mod evidence;
mod fetch;
mod landing;
mod layout;
mod links;
mod manifest;
mod monitor;
mod moves;
mod options;
mod removal;
mod run;
mod summary;
mod transfer;
mod undo;

pub use error::{Cause, Error};
pub use monitor::{Event, Monitor, Phase};
pub use options::{Albums, Options, Reach, Removal};
pub use run::{Ended, Job, Stop, backup};
pub use summary::{Coverage, Outcome, Summary};
pub use undo::{Undo, Undone, undo};

pub use crate::index::problem::Problem;
pub use crate::index::run::Tally;
