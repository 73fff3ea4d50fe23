//! The client that talks to Google, or to the one server that stands in for it.

use std::sync::Arc;

use crate::google::{Client, Clock, Endpoints, Error, Tokens};

/// Returns a client of Google, or of the server at `root` if there is one. Sends nothing.
///
/// # Errors
///
/// [`Error::Setup`].
pub fn client(
    root: Option<&str>,
    tokens: Arc<dyn Tokens>,
    clock: &Arc<dyn Clock>,
) -> Result<Client, Error> {
    let endpoints = match root {
        Some(root) => {
            // The settings have refused a bad one long before.
            Endpoints::under(root).map_err(|error| Error::Setup { cause: error.to_string() })?
        }
        None => Endpoints::google(),
    };
    Client::new(endpoints, tokens, Arc::clone(clock))
}
