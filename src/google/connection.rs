//! What all our HTTP clients have in common, and where they let themselves be led.

use std::time::Duration;

use reqwest::{ClientBuilder, redirect};

use super::endpoints::Endpoints;
use super::error::{self, Error};

/// Google compresses only for a client whose name says `gzip`
/// (<https://developers.google.com/workspace/drive/api/guides/performance>).
const USER_AGENT: &str = concat!("gphotos-sync/", env!("CARGO_PKG_VERSION"), " (gzip)");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// A connection that brings no byte for this long is dead.
pub(super) const STALL: Duration = Duration::from_secs(30);
pub(super) const REDIRECTS_MAX: usize = 10;

/// What every HTTP client of ours has in common. It follows no redirect: what is posted
/// would go along.
pub(super) fn builder(local: bool) -> ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_keepalive(STALL)
        // Where a redirect leads nobody needs to know what was asked for, and by which address.
        .referer(false)
        // Repeating is decided in `retry.rs` alone.
        .retry(reqwest::retry::never())
        .redirect(redirect::Policy::none());
    // A proxy does not lead to this machine's own loopback.
    if local { builder.no_proxy() } else { builder }
}

/// A client that follows where `endpoints` lead.
pub(super) fn following(endpoints: &Endpoints) -> ClientBuilder {
    let known = endpoints.clone();
    let policy = redirect::Policy::custom(move |attempt| follow(&known, attempt));
    builder(endpoints.are_local()).redirect(policy)
}

pub(super) fn build(builder: ClientBuilder) -> Result<reqwest::Client, Error> {
    builder.build().map_err(|error| Error::Setup { cause: error::cause_of(error) })
}

/// Follows only within Google: whoever else answers is not the one that was asked, and
/// what they say is no word of Google's, least of all that something is gone.
fn follow(known: &Endpoints, attempt: redirect::Attempt<'_>) -> redirect::Action {
    if attempt.previous().len() >= REDIRECTS_MAX {
        return attempt.error("too many redirects");
    }
    if known.trusts(attempt.url()) {
        attempt.follow()
    } else {
        attempt.error("a redirect to where Google is not")
    }
}
