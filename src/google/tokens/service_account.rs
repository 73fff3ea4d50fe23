//! The tokens of a service account: for Drive only, since Photos has none.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use url::Url;
use yup_oauth2::error::{AuthError, AuthErrorCode};
use yup_oauth2::{ServiceAccountAuthenticator, ServiceAccountKey};

use super::Tokens;
use super::connect::{Road, Yup, custom, road};
use crate::google::endpoints::is_for_secrets;
use crate::google::error::{Error, SignInError};
use crate::google::refusal::one_line;
use crate::google::secret::Secret;
use crate::google::small_file;

/// No key is longer, in bytes: Google's have some two thousand.
const LENGTH_MAX: u64 = 64 << 10;

const TIMEOUT: Duration = Duration::from_mins(1);

/// A service account's tokens.
pub struct ServiceAccount {
    yup: Box<dyn Yup>,
    scopes: Vec<String>,
    email: String,
    host: String,
    /// The token in hand, so that callers that come together make one request.
    last: tokio::sync::Mutex<Option<Secret>>,
    sent: AtomicU64,
}

impl ServiceAccount {
    /// Reads the key in the file at `path`, to act for the user `subject` if given.
    /// Sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`SignInError::ServiceAccount`] if it is no key; [`Error::Setup`].
    pub async fn read(path: &Path, subject: Option<&str>, scope: &str) -> Result<Self, Error> {
        let bad = |cause: String| -> Error {
            SignInError::ServiceAccount { said: format!("{}: {cause}", path.display()) }.into()
        };
        let text = small_file::read(path, LENGTH_MAX).map(zeroize::Zeroizing::new);
        let text = text.map_err(|error| bad(error.to_string()))?;
        // The parser's own words could quote the key.
        let key = yup_oauth2::parse_service_account_key(&*text)
            .map_err(|_| bad("it is not the JSON key of a service account".to_owned()))?;
        let token_uri = Url::parse(&key.token_uri).ok().filter(is_for_secrets);
        let token_uri = token_uri
            .ok_or_else(|| bad("its token_uri is no https address of Google's".to_owned()))?;
        let email = key.client_email.clone();
        let host = token_uri.host_str().unwrap_or_default().to_owned();
        let yup = authenticator(road(&token_uri)?, key, subject).await.map_err(bad)?;
        let (last, sent) = (tokio::sync::Mutex::new(None), AtomicU64::new(0));
        Ok(Self { yup, scopes: vec![scope.to_owned()], email, host, last, sent })
    }

    async fn token(&self, last: &mut Option<Secret>, new: bool) -> Result<Secret, Error> {
        let unreachable = |cause| Error::Unreachable { host: self.host.clone(), cause };
        let asked = tokio::time::timeout(TIMEOUT, self.yup.token(&self.scopes, new)).await;
        let token = match asked {
            Ok(Ok(token)) => token.token().map(|text| Secret::new(text.to_owned())),
            Ok(Err(error)) => {
                self.sent.fetch_add(1, Ordering::Relaxed);
                return Err(match error {
                    // What no standard names is the server's own trouble: it may pass.
                    yup_oauth2::Error::AuthError(AuthError {
                        error: AuthErrorCode::Other(word),
                        ..
                    }) => unreachable(one_line(&word)),
                    yup_oauth2::Error::AuthError(error) => {
                        let said = one_line(&error.to_string());
                        SignInError::ServiceAccount { said }.into()
                    }
                    // Its text can hold an answer's body; its kind is enough.
                    yup_oauth2::Error::JSONError(_) => {
                        unreachable("its answer was no JSON".to_owned())
                    }
                    error => unreachable(one_line(&error.to_string())),
                });
            }
            Err(_) => return Err(unreachable("no byte came for too long".to_owned())),
        };
        let none = || SignInError::ServiceAccount { said: "no access token".to_owned() };
        let token = token.ok_or_else(none)?;
        if last.as_ref() != Some(&token) {
            self.sent.fetch_add(1, Ordering::Relaxed);
            *last = Some(token.clone());
        }
        Ok(token)
    }
}

#[async_trait]
impl Tokens for ServiceAccount {
    async fn bearer(&self) -> Result<Secret, Error> {
        let mut last = self.last.lock().await;
        self.token(&mut last, false).await
    }

    async fn renew(&self, refused: &Secret) -> Result<Secret, Error> {
        let mut last = self.last.lock().await;
        match &*last {
            // Another caller was here first.
            Some(token) if token != refused => Ok(token.clone()),
            _ => self.token(&mut last, true).await,
        }
    }

    fn client_id(&self) -> &str {
        &self.email
    }

    fn requests(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

async fn authenticator(
    road: Road,
    key: ServiceAccountKey,
    subject: Option<&str>,
) -> Result<Box<dyn Yup>, String> {
    /// The builders differ in type by road, and in nothing else.
    macro_rules! build {
        ($client:expr) => {{
            let builder = ServiceAccountAuthenticator::with_client(key, custom($client));
            let builder = match subject {
                Some(subject) => builder.subject(subject),
                None => builder,
            };
            builder.build().await.map(|yup| Box::new(yup) as Box<dyn Yup>)
        }};
    }
    let built = match road {
        Road::Direct(client) => build!(client),
        Road::Tunnel(client) => build!(client),
        Road::Unpaved => {
            return Err("a service account needs a proxy that is reached by http://".to_owned());
        }
    };
    built.map_err(|error| one_line(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::convert::Infallible;
    use std::sync::{Arc, Mutex};

    use axum::body::{Body, Bytes};
    use axum::http::StatusCode;
    use axum::routing::post;
    use axum::{Form, Router};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE;
    use futures_util::stream;
    use serde_json::Value;

    use super::*;
    use crate::google::testing::{put, serve};
    use crate::google::tokens::bounded;

    const KEY: &str = include_str!("../../../tests/fixtures/worthless-service-account.json");

    #[tokio::test]
    async fn the_key_speaks_for_the_person_it_is_to_act_for() {
        let (robot, claims) =
            robot(StatusCode::OK, r#"{"access_token":"a","expires_in":3600}"#).await;
        let all = futures_util::future::join_all((0..9).map(|_| robot.bearer())).await;
        assert!(all.iter().all(|token| token.as_ref().unwrap().expose() == "a"));
        let claims = claims.lock().unwrap();
        assert_eq!(claims.len(), 1, "nine callers, one request");
        assert_eq!(claims[0]["sub"], "ada@example.com");
        assert_eq!(claims[0]["scope"], "scope");
        assert_eq!(
            (robot.requests(), robot.client_id()),
            (1, "robot@nowhere.iam.gserviceaccount.com")
        );
    }

    #[tokio::test]
    async fn an_account_without_delegation_is_for_a_person_to_mend() {
        let body =
            r#"{"error":"unauthorized_client","error_description":"Client is unauthorized"}"#;
        let (robot, _) = robot(StatusCode::UNAUTHORIZED, body).await;
        let error = robot.bearer().await.unwrap_err();
        assert!(error.is_sign_in(), "{error}");
        assert!(error.to_string().contains("domain-wide delegation"), "{error}");
    }

    #[tokio::test]
    async fn a_server_that_stumbles_may_be_asked_again() {
        for body in ["<html>", r#"{"error":"internal_failure"}"#, r#"{"error":"backendError"}"#] {
            let (robot, _) = robot(StatusCode::BAD_GATEWAY, body).await;
            let error = robot.bearer().await.unwrap_err();
            assert!(matches!(error, Error::Unreachable { .. }), "{body}: {error}");
        }
    }

    #[tokio::test]
    async fn an_answer_without_an_end_is_no_token() {
        let endless = || stream::repeat(Ok::<_, Infallible>(Bytes::from_static(&[b' '; 4096])));
        let answer = async move || Body::from_stream(endless());
        let robot = robot_at(&serve(Router::new().route("/token", post(answer))).await).await;
        let error = robot.bearer().await.unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains("reading a body"), "{error}");
    }

    #[tokio::test]
    async fn each_answer_may_be_as_long_as_the_one_before() {
        let long = format!(r#"{{"access_token":"{}"}}"#, "a".repeat(bounded::BYTES_MAX * 3 / 4));
        let answer = async move || long.clone();
        let robot = robot_at(&serve(Router::new().route("/token", post(answer))).await).await;
        let first = robot.bearer().await.unwrap();
        assert_eq!(robot.renew(&first).await.unwrap(), first);
    }

    #[tokio::test]
    async fn what_is_no_key_is_told_without_quoting_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        for text in ["", "{\"private_key\":hush}", &KEY.replace("PRIVATE", "hush")] {
            put(&path, text);
            let error = ServiceAccount::read(&path, None, "scope").await.err().unwrap();
            assert!(error.is_sign_in() && !error.to_string().contains("hush"), "{error}");
        }
    }

    type Claims = Arc<Mutex<Vec<Value>>>;

    async fn robot(status: StatusCode, body: &'static str) -> (ServiceAccount, Claims) {
        let claims = Claims::default();
        let heard = Arc::clone(&claims);
        let answer = move |Form(form): Form<HashMap<String, String>>| {
            let claim = form["assertion"].split('.').nth(1).unwrap();
            let claim = URL_SAFE.decode(claim).unwrap();
            heard.lock().unwrap().push(serde_json::from_slice(&claim).unwrap());
            std::future::ready((status, body))
        };
        let root = serve(Router::new().route("/token", post(answer))).await;
        (robot_at(&root).await, claims)
    }

    async fn robot_at(root: &str) -> ServiceAccount {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        put(&path, &KEY.replace("http://127.0.0.1:1", root));
        ServiceAccount::read(&path, Some("ada@example.com"), "scope").await.unwrap()
    }
}
