//! The sandbox is as strict as Google, and fails as it is told to.

mod changes;
pub mod client;
mod drive;
mod faults;
mod sign_in;
