//! `sandbox`: the built-in Google, served for tests that are no part of this program.

use std::io;

use serde_json::{Value, json};

use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Stdout};
use crate::sandbox::{Sandbox, World};

/// Serves `world` until stdin is closed, which also happens when the program
/// that started this one ends. Tells where, first, in one line of JSON: `root`
/// goes into `GPHOTOS_SYNC_API_ROOT`, `client_secret` into a file.
///
/// # Errors
///
/// This machine gives no port or thread, or stdin cannot be read.
pub fn serve(world: World) -> Result<(), Failure> {
    let unexpected = |error: io::Error| Failure::new(Stopped::Unexpected, error);
    let sandbox = Sandbox::open(world).map_err(unexpected)?;
    let secret = sandbox.client_secret();
    let secret = serde_json::from_str(&secret).unwrap_or(Value::String(secret));
    let told = json!({ "root": sandbox.root(), "client_secret": secret });
    Stdout.line(&told.to_string());
    io::copy(&mut io::stdin().lock(), &mut io::sink()).map_err(unexpected)?;
    Ok(())
}
