//! Whole commands, and the sandbox that they are tried against.

mod sandbox;
