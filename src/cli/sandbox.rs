//! The hidden command that serves the sandbox by itself: for other clients and
//! for scripts that try them against it.

use std::io::Read as _;

use super::args::World;
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Stdout};
use crate::sandbox::{self, Sandbox};

/// Serves until stdin is closed. One line of JSON says where, and how to sign in:
/// `{"root": ..., "client_secret": {...}, "service_account": {...}}`.
///
/// # Errors
///
/// If this machine gives it no port or thread.
pub fn run(world: World) -> Result<(), Failure> {
    let world = match world {
        World::Demo => sandbox::demo(),
        World::Empty => sandbox::World::new(),
    };
    let sandbox = Sandbox::open(world).map_err(|error| Failure::new(Stopped::Unexpected, error))?;
    let json = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default();
    let place = serde_json::json!({
        "root": sandbox.root(),
        "client_secret": json(sandbox.client_secret()),
        "service_account": json(sandbox.service_account_key()),
    });
    Stdout.line(&place.to_string());
    let mut ignored = [0; 64];
    // An error on stdin is its end, too.
    while matches!(std::io::stdin().lock().read(&mut ignored), Ok(1..)) {}
    Ok(())
}
