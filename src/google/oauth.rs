//! The OAuth exchange for installed apps: PKCE, state, code, refresh, revocation
//! (<https://developers.google.com/identity/protocols/oauth2/native-app>).
//!
//! yup-oauth2 knows neither PKCE nor state, so the exchange is ours and only the
//! refreshing is its. Listening for the browser is `consent.rs`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;
use zeroize::Zeroizing;

use super::body::whole;
use super::client_file::ClientFile;
use super::clock::Clock;
use super::connection::{build, builder};
use super::endpoints::is_loopback;
use super::error::{Error, SignInError, shown};
use super::refusal::{Refusal, one_line, read};
use super::retry::{Past, Retry, retry};
use super::secret::Secret;

/// No token request takes longer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// No answer of a token server is longer, in bytes.
const ANSWER_MAX: usize = 64 << 10;

/// No access token lives longer, in seconds: a larger number is a mistake, and must
/// not overflow a date.
const EXPIRES_IN_MAX: u64 = 24 * 60 * 60;

/// One asking for consent: what must come back with its answer.
#[derive(Debug)]
pub struct Request {
    redirect_uri: String,
    scopes: Vec<String>,
    state: Secret,
    verifier: Secret,
}

/// What the browser brought back.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The person consented.
    Code(Secret),
    /// The person did not, or Google would not let them.
    No(SignInError),
    /// It belongs to another sign-in, or somebody made it up.
    Stranger,
    /// It is no answer to any sign-in: a browser asking for an icon, say.
    Nothing,
}

/// What Google gave for a consent.
#[derive(Debug)]
pub struct Granted {
    /// What new access tokens are made from.
    pub refresh_token: Secret,
    /// What may be done with them, as Google writes it.
    pub scopes: Vec<String>,
}

/// A new access token.
pub(super) struct Fresh {
    pub access_token: Secret,
    pub expires_in: Duration,
    /// Where Google changed it.
    pub refresh_token: Option<Secret>,
}

/// Talks to the token server of one client.
pub struct TokenServer {
    http: reqwest::Client,
    client: ClientFile,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
#[serde(default)]
struct Json {
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
    expires_in: u64,
    scope: Option<String>,
    error: Option<String>,
    error_description: String,
}

impl Default for Json {
    fn default() -> Self {
        Self {
            access_token: None,
            refresh_token: None,
            expires_in: 3600,
            scope: None,
            error: None,
            error_description: String::new(),
        }
    }
}

impl Request {
    /// Asks for `scopes`, to be answered on this machine's `port`.
    #[must_use]
    pub fn new(scopes: Vec<String>, port: u16) -> Self {
        // 127.0.0.1, not localhost: a name can lead elsewhere (RFC 8252, 8.3).
        let redirect_uri = format!("http://127.0.0.1:{port}");
        Self { redirect_uri, scopes, state: random(), verifier: random() }
    }

    /// The address that the person opens.
    #[must_use]
    pub fn address(&self, client: &ClientFile) -> Url {
        let mut url = client.auth_uri.clone();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.expose()));
        url.query_pairs_mut()
            .append_pair("client_id", &client.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &self.scopes.join(" "))
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("state", self.state.expose())
            .append_pair("access_type", "offline")
            // Without it Google gives a refresh token at the first consent only.
            .append_pair("prompt", "consent");
        url
    }

    /// Reads the address that the browser was sent back to.
    #[must_use]
    pub fn answer(&self, address: &Url) -> Answer {
        let pairs: HashMap<_, _> = address.query_pairs().collect();
        let (code, error) = (pairs.get("code"), pairs.get("error"));
        if code.is_none() && error.is_none() {
            return Answer::Nothing;
        }
        if pairs.get("state").map(AsRef::as_ref) != Some(self.state.expose()) {
            return Answer::Stranger;
        }
        match (error, code) {
            (Some(error), _) if error == "access_denied" => Answer::No(SignInError::Denied),
            (Some(error), _) => Answer::No(SignInError::Ended { said: one_line(error) }),
            (None, Some(code)) => Answer::Code(Secret::new(code.clone().into_owned())),
            (None, None) => Answer::Nothing,
        }
    }
}

/// 256 random bits as text: a verifier of 43 characters, the least that PKCE allows.
fn random() -> Secret {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    rand::rng().fill_bytes(bytes.as_mut());
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

impl TokenServer {
    /// Of `client`. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`].
    pub fn new(client: ClientFile, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let most = clock.by_the_machine(TIMEOUT);
        let http = build(builder(is_loopback(&client.token_uri)).timeout(most))?;
        Ok(Self { http, client, clock })
    }

    /// The client whose tokens these are.
    #[must_use]
    pub const fn client(&self) -> &ClientFile {
        &self.client
    }

    /// Turns `code`, which answered `request`, into a lasting sign-in.
    ///
    /// # Errors
    ///
    /// [`SignInError::ScopeMissing`] if the person unticked a box; else any of
    /// [`Error`].
    pub async fn exchange(&self, request: &Request, code: &Secret) -> Result<Granted, Error> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", &request.redirect_uri),
            ("code_verifier", request.verifier.expose()),
            ("client_id", &self.client.client_id),
            ("client_secret", self.client.client_secret.expose()),
        ];
        let json = self.ask_until_answered(&form, used_up).await?;
        let scopes = match &json.scope {
            Some(scopes) => scopes.split_whitespace().map(str::to_owned).collect(),
            // A server may leave out what is as it was asked for (RFC 6749, 5.1).
            None => request.scopes.clone(),
        };
        if let Some(scope) = request.scopes.iter().find(|scope| !scopes.contains(scope)) {
            return Err(SignInError::ScopeMissing { scope: scope.clone() }.into());
        }
        let Some(refresh_token) = json.refresh_token else {
            let said = "no refresh token".to_owned();
            return Err(SignInError::Ended { said }.into());
        };
        Ok(Granted { refresh_token, scopes })
    }

    /// Makes a new access token, once, saying exactly what is wrong if there is none.
    pub(super) async fn refresh(&self, refresh_token: &Secret) -> Result<Fresh, Error> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
            ("client_id", &self.client.client_id),
            ("client_secret", self.client.client_secret.expose()),
        ];
        let json = self.ask(&self.client.token_uri, &form, revoked).await?;
        let Some(access_token) = json.access_token else {
            let url = shown(&self.client.token_uri);
            return Err(Error::Unreadable { url, cause: "it has no access token".to_owned() });
        };
        let expires_in = Duration::from_secs(json.expires_in.min(EXPIRES_IN_MAX));
        Ok(Fresh { access_token, expires_in, refresh_token: json.refresh_token })
    }

    /// Has Google forget the sign-in. One that it no longer knows is no error.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] and its like.
    pub async fn revoke(&self, refresh_token: &Secret) -> Result<(), Error> {
        let form = [("token", refresh_token.expose())];
        match self.ask(&self.client.revoke_uri(), &form, revoked).await {
            Ok(_) | Err(Error::SignIn(SignInError::Revoked { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn ask_until_answered(
        &self,
        form: &[(&str, &str)],
        refused: fn(String) -> SignInError,
    ) -> Result<Json, Error> {
        let mut past = Past::default();
        loop {
            let error = match self.ask(&self.client.token_uri, form, refused).await {
                Ok(json) => return Ok(json),
                Err(error) => error,
            };
            let Retry::After(wait) = retry(&error, past) else { return Err(error) };
            past.repeats += 1;
            self.clock.sleep(wait).await;
        }
    }

    /// Posts `form` to `url`; `refused` is what `invalid_grant` means there.
    async fn ask(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        refused: fn(String) -> SignInError,
    ) -> Result<Json, Error> {
        let sent = self.http.post(url.clone()).form(form).send().await;
        let response = sent.map_err(|error| Error::of_request(url, error))?;
        let status = response.status();
        let body = Zeroizing::new(whole(url, response, ANSWER_MAX).await?);
        let json = serde_json::from_slice::<Json>(&body).ok();
        let json = match json {
            Some(json) => json,
            // Google answers a revocation with an empty body, or `{}`.
            None if status.is_success() && body.is_empty() => Json::default(),
            None if status.is_success() => return Err(Error::WebPage { url: shown(url) }),
            None => Json::default(),
        };
        if status.is_success() && json.error.is_none() {
            return Ok(json);
        }
        let said = said(&json);
        Err(match json.error.as_deref() {
            Some("invalid_grant" | "invalid_token") => refused(said).into(),
            Some("invalid_client" | "deleted_client" | "unauthorized_client") => {
                SignInError::BadClient { said }.into()
            }
            Some(_) if status.is_client_error() && !is_passing(status.as_u16()) => {
                SignInError::Ended { said }.into()
            }
            _ => {
                let (status, now) = (status.as_u16(), self.clock.now());
                read(&Refusal { url, status, retry_after: None, body: &[], now })
            }
        })
    }
}

/// Says whether a token server's answer can be read.
pub(super) fn is_answer(body: &[u8]) -> bool {
    serde_json::from_slice::<Json>(body).is_ok()
}

const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429)
}

fn said(json: &Json) -> String {
    let code = json.error.as_deref().unwrap_or_default();
    match json.error_description.as_str() {
        "" => one_line(code),
        description => one_line(&format!("{code}: {description}")),
    }
}

const fn revoked(said: String) -> SignInError {
    SignInError::Revoked { said }
}

const fn used_up(said: String) -> SignInError {
    SignInError::Ended { said }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::http::StatusCode;
    use axum::routing::post;
    use axum::{Json as Sent, Router};

    use super::*;
    use crate::google::testing::{Hasty, serve};

    #[test]
    fn the_address_asks_for_everything_that_a_lasting_safe_sign_in_needs() {
        let request = Request::new(vec!["a".to_owned(), "b".to_owned()], 4321);
        let url = request.address(&client());
        let pairs: HashMap<_, _> = url.query_pairs().into_owned().collect();
        for (name, value) in [
            ("client_id", "id"),
            ("redirect_uri", "http://127.0.0.1:4321"),
            ("response_type", "code"),
            ("scope", "a b"),
            ("code_challenge_method", "S256"),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ] {
            assert_eq!(pairs[name], value);
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(request.verifier.expose()));
        assert_eq!(pairs["code_challenge"], challenge);
        assert!((43..=128).contains(&request.verifier.expose().len()));
        assert!(!url.as_str().contains(request.verifier.expose()), "the verifier is not shown");
    }

    fn steal(times: &AtomicU32) -> impl Future<Output = Sent<serde_json::Value>> + use<> {
        times.fetch_add(1, Ordering::SeqCst);
        let given = Sent(serde_json::json!({"access_token": "a", "refresh_token": "r"}));
        std::future::ready(given)
    }

    #[tokio::test]
    async fn a_token_server_cannot_send_the_secrets_on_to_another() {
        let stolen = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&stolen);
        let thief = serve(Router::new().route("/token", post(move || steal(&counted)))).await;
        for status in [StatusCode::TEMPORARY_REDIRECT, StatusCode::PERMANENT_REDIRECT] {
            let to = format!("{thief}/token");
            let answer = move || std::future::ready((status, [("Location", to.clone())]));
            let root = serve(Router::new().route("/token", post(answer))).await;
            let text = format!(
                r#"{{"installed":{{"client_id":"id","client_secret":"s","token_uri":"{root}/token"}}}}"#
            );
            let client = ClientFile::parse(&text, Path::new("/c.json")).unwrap();
            let server = TokenServer::new(client, Arc::new(Hasty::default())).unwrap();
            let refreshed = server.refresh(&Secret::new("r".to_owned())).await;
            assert!(refreshed.is_err_and(|error| error.status() == Some(status.as_u16())));
        }
        assert_eq!(stolen.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn no_two_sign_ins_share_their_secrets() {
        let (one, two) = (Request::new(Vec::new(), 1), Request::new(Vec::new(), 1));
        assert_ne!(one.state, two.state);
        assert_ne!(one.verifier, two.verifier);
        assert_ne!(one.verifier, one.state);
    }

    #[test]
    fn an_answer_counts_only_with_the_state_of_the_question() {
        let request = Request::new(Vec::new(), 1);
        let state = request.state.expose();
        let ended = |said: &str| Answer::No(SignInError::Ended { said: said.to_owned() });
        for (query, expected) in [
            (format!("code=c&state={state}"), Answer::Code(Secret::new("c".to_owned()))),
            ("code=c&state=x".to_owned(), Answer::Stranger),
            ("code=c".to_owned(), Answer::Stranger),
            (format!("error=access_denied&state={state}"), Answer::No(SignInError::Denied)),
            ("error=access_denied&state=x".to_owned(), Answer::Stranger),
            (format!("error=admin_policy_enforced&state={state}"), ended("admin_policy_enforced")),
            (format!("state={state}"), Answer::Nothing),
            (String::new(), Answer::Nothing),
        ] {
            let url = Url::parse(&format!("http://127.0.0.1:1/?{query}")).unwrap();
            assert_eq!(request.answer(&url), expected, "{query}");
        }
    }

    fn client() -> ClientFile {
        let text = r#"{"installed":{"client_id":"id","client_secret":"s"}}"#;
        ClientFile::parse(text, Path::new("c")).unwrap()
    }
}
