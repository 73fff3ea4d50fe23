//! What the integration tests have in common: the real program, run in a home
//! of its own, as a person would run it.

pub mod asked;
mod browser;
mod home;
mod person;

pub use browser::visit;
pub use home::{Home, Ran, folder_in_memory};
pub use person::{Found, Person};
