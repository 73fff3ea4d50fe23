//! Asks Google whose account it is, so that a person sees that it is the right one.

use std::sync::Arc;

use serde::Deserialize;

use crate::cli::settings::SignIn;
use crate::google::{Call, Client, Clock, Endpoints, Error, Tokens, units};
use crate::model::printable;

#[derive(Deserialize)]
struct About {
    user: User,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    #[serde(default)]
    email_address: String,
}

/// Returns the e-mail address of the account that `tokens` are for, as Drive tells it
/// (<https://developers.google.com/workspace/drive/api/reference/rest/v3/about/get>).
///
/// # Errors
///
/// Any [`Error`].
pub(super) async fn account(
    wish: &SignIn,
    tokens: Arc<dyn Tokens>,
    clock: &Arc<dyn Clock>,
) -> Result<String, Error> {
    let endpoints = match &wish.api_root {
        Some(root) => {
            Endpoints::under(root).map_err(|error| Error::Setup { cause: error.to_string() })?
        }
        None => Endpoints::google(),
    };
    let client = Client::new(endpoints, tokens, Arc::clone(clock))?;
    let call = Call::get(format!("{}/about", client.endpoints().drive));
    let call = call.with("fields", "user(emailAddress)").costing(units::GET);
    let about: About = client.json(&call).await?;
    Ok(printable(&about.user.email_address).to_string())
}
