//! The shell around the decisions: crawl, plan, apply, verify.
//!
//! It owns the index's one connection, asks the sources, lets `plan` decide and
//! has `archive` do it. It prints nothing and reads no environment: whoever
//! calls it passes a [`Monitor`].

mod monitor;
mod options;
mod summary;

pub use monitor::{Event, Monitor, Phase};
pub use options::{DriveOptions, ExportFormat, Options, Reach};
pub use summary::{Coverage, Outcome, Problem, Summary};
