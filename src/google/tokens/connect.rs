//! The road from yup-oauth2 to the token server.
//!
//! yup's own HTTP client has no time-outs, reads answers of any length and knows no proxy,
//! so it is given one that ends, and that takes the same proxies as reqwest (`HTTPS_PROXY`, `NO_PROXY`, …) and the
//! same certificates (`SSL_CERT_FILE`, `SSL_CERT_DIR`, else the system's).
//!
//! yup logs secrets to the `log` target `yup_oauth2` at debug level. This program
//! bridges no `log` records into `tracing`; should that change, the target
//! `yup_oauth2` must stay capped at `info` whatever `-v` says.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioExecutor;
use url::Url;
use yup_oauth2::authenticator::Authenticator;
use yup_oauth2::hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use yup_oauth2::{AccessToken, CustomHyperClientBuilder};

use super::bounded::Bounding;
use crate::google::endpoints::is_loopback;
use crate::google::error::Error;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// One of the ways to a token server.
pub(super) enum Road {
    Direct(Client<HttpsConnector<Bounding<HttpConnector>>, String>),
    Tunnel(Client<HttpsConnector<Bounding<Tunnel<HttpConnector>>>, String>),
    /// Through a proxy of a kind that only reqwest can speak to.
    Unpaved,
}

/// Returns the road to `token_uri`.
///
/// # Errors
///
/// [`Error::Setup`] if the system has no certificates.
pub(super) fn road(token_uri: &Url) -> Result<Road, Error> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let proxy = if is_loopback(token_uri) {
        None
    } else {
        token_uri.as_str().parse().ok().and_then(|uri| Matcher::from_env().intercept(&uri))
    };
    let Some(proxy) = proxy else { return Ok(Road::Direct(client(http)?)) };
    if proxy.uri().scheme_str() != Some("http") {
        return Ok(Road::Unpaved);
    }
    let mut tunnel = Tunnel::new(proxy.uri().clone(), http);
    if let Some(auth) = proxy.basic_auth() {
        tunnel = tunnel.with_auth(auth.clone());
    }
    Ok(Road::Tunnel(client(tunnel)?))
}

fn client<C>(connector: C) -> Result<Client<HttpsConnector<Bounding<C>>, String>, Error>
where
    C: Clone,
    HttpsConnector<Bounding<C>>: Connect + Clone + Send + Sync + 'static,
{
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let https = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(provider)
        .map_err(|error| Error::Setup { cause: error.to_string() })?
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(Bounding(connector));
    // Each answer has a connection of its own, and the whole of what that may bring.
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https))
}

/// `client` as yup takes it.
pub(super) fn custom<C>(client: Client<C, String>) -> CustomHyperClientBuilder<C>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    CustomHyperClientBuilder::from(client)
}

/// A yup authenticator of whatever road.
#[async_trait]
pub(super) trait Yup: Send + Sync {
    /// The token in hand, or a new one: certainly so if `new`.
    async fn token(&self, scopes: &[String], new: bool) -> Result<AccessToken, yup_oauth2::Error>;
}

#[async_trait]
impl<C> Yup for Authenticator<C>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    async fn token(&self, scopes: &[String], new: bool) -> Result<AccessToken, yup_oauth2::Error> {
        let asked = async {
            if new {
                self.force_refreshed_token(scopes).await
            } else {
                Self::token(self, scopes).await
            }
        };
        // yup adds the `expires_in` of whoever answers to the time, and panics where there is
        // no such time. It holds nothing then that another call could find half done.
        AssertUnwindSafe(asked).catch_unwind().await.unwrap_or_else(|_| {
            Err(yup_oauth2::Error::UserError("its answer made no sense".to_owned()))
        })
    }
}

/// Stands where there is no road: every request for a new token fails at once.
pub(super) struct NoRoad;

#[async_trait]
impl Yup for NoRoad {
    async fn token(&self, _: &[String], _: bool) -> Result<AccessToken, yup_oauth2::Error> {
        Err(yup_oauth2::Error::UserError("no road".to_owned()))
    }
}
