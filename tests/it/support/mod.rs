//! What the integration tests have in common: the real program, run in a home
//! of its own, as a person would run it.

pub mod home;

pub use home::Home;
