//! What the integration tests have in common: the real program, run in a home
//! of its own, as a person would run it.

mod home;
mod person;

pub use home::Home;
pub use person::Person;
