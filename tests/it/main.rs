//! Whole commands, and the sandbox that they are tried against.

mod discovery;
mod photos_sandbox;
mod sandbox;
