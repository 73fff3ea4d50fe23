//! Whole commands, and the sandbox that they are tried against.

mod auth;
mod sandbox;
