//! The sandbox is as strict as Google, and fails as it is told to.
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod changes;
pub mod client;
mod drive;
mod export_names;
mod exports;
mod faults;
mod sign_in;
