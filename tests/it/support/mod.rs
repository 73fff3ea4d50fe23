//! What the tests of whole commands share.

mod person;

pub use person::Person;
