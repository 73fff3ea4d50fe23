//! The tokens of a person who has signed in.
//!
//! yup-oauth2 keeps and refreshes them. Around it stands what it lacks: one
//! refresh for callers that come together, no falling back to an interactive
//! sign-in, a time limit, and a reason when a refresh fails.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;
use yup_oauth2::authenticator_delegate::InstalledFlowDelegate;
use yup_oauth2::storage::{TokenInfo, TokenStorage, TokenStorageError};
use yup_oauth2::{ApplicationSecret, InstalledFlowAuthenticator, InstalledFlowReturnMethod};

use super::Tokens;
use super::connect::{NoRoad, Road, Yup, custom, road};
use crate::google::clock::Clock;
use crate::google::error::{Error, SignInError};
use crate::google::oauth::{Fresh, TokenServer};
use crate::google::secret::Secret;
use crate::google::store::{Login, Store};

/// yup waits without end for a server that says nothing.
const REFRESH_TIMEOUT: Duration = Duration::from_mins(1);

/// A signed-in person's tokens.
pub struct Installed {
    yup: Box<dyn Yup>,
    held: Held,
    server: TokenServer,
    store: Store,
    clock: Arc<dyn Clock>,
    login: tokio::sync::Mutex<State>,
    client_id: String,
    refused: AtomicU64,
}

/// What only one caller at a time may look at and change.
struct State {
    login: Login,
    /// Why no refresh can ever work again; asked once, not by each caller.
    dead: Option<SignInError>,
}

/// yup's storage: in memory, since yup looks into it at every request.
#[derive(Clone)]
struct Held(Arc<Mutex<Kept>>);

struct Kept {
    token: TokenInfo,
    refreshed: u64,
}

impl Installed {
    /// Makes tokens from `login`, which is kept in `store`. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`].
    pub async fn new(
        server: TokenServer,
        login: Login,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let client = server.client();
        let secret = ApplicationSecret {
            client_id: client.client_id.clone(),
            client_secret: client.client_secret.expose().to_owned(),
            auth_uri: client.auth_uri.to_string(),
            token_uri: client.token_uri.to_string(),
            ..ApplicationSecret::default()
        };
        let held = Held::expired(&login.refresh_token);
        let road = road(&client.token_uri)?;
        let yup = authenticator(road, secret, held.clone()).await?;
        let client_id = login.client_id.clone();
        let login = tokio::sync::Mutex::new(State { login, dead: None });
        let refused = AtomicU64::new(0);
        Ok(Self { yup, held, server, store, clock, login, client_id, refused })
    }

    async fn token(&self, state: &mut State, new: bool) -> Result<Secret, Error> {
        if let Some(dead) = &state.dead {
            return Err(dead.clone().into());
        }
        let asked = self.yup.token(&state.login.scopes, new);
        let most = self.clock.by_the_machine(REFRESH_TIMEOUT);
        let found = match tokio::time::timeout(most, asked).await {
            Ok(Ok(token)) => token.token().map(|text| Secret::new(text.to_owned())),
            // Whatever went wrong, yup says only that a person should sign in.
            Ok(Err(_)) | Err(_) => None,
        };
        let token = match found {
            Some(token) => token,
            None => self.refresh_or_say_why(state).await?,
        };
        self.keep_new_refresh_token(state).await;
        Ok(token)
    }

    /// Asks the token server once more, by our own means: either it works now, or
    /// the answer says what is wrong.
    async fn refresh_or_say_why(&self, state: &mut State) -> Result<Secret, Error> {
        self.refused.fetch_add(1, Ordering::Relaxed);
        match self.server.refresh(&state.login.refresh_token).await {
            Ok(fresh) => {
                let token = fresh.access_token.clone();
                self.held.renew(fresh, self.clock.now().timestamp());
                Ok(token)
            }
            Err(error) => {
                if let Error::SignIn(dead) = &error {
                    state.dead = Some(dead.clone());
                }
                Err(error)
            }
        }
    }

    /// Google may give a new refresh token with an access token, and the old one
    /// may then end.
    async fn keep_new_refresh_token(&self, state: &mut State) {
        let Some(now) = self.held.refresh_token() else { return };
        if now == state.login.refresh_token {
            return;
        }
        state.login.refresh_token = now;
        if let Err(error) = self.store.save(&state.login).await {
            tracing::warn!(%error, "Google changed the saved sign-in, and it could not be saved");
        }
    }
}

#[async_trait]
impl Tokens for Installed {
    async fn bearer(&self) -> Result<Secret, Error> {
        let mut state = self.login.lock().await;
        self.token(&mut state, false).await
    }

    async fn renew(&self, refused: &Secret) -> Result<Secret, Error> {
        let mut state = self.login.lock().await;
        match self.held.access_token() {
            // Another caller was here first.
            Some(token) if token != *refused => Ok(token),
            _ => self.token(&mut state, true).await,
        }
    }

    fn client_id(&self) -> &str {
        &self.client_id
    }

    fn requests(&self) -> u64 {
        self.held.lock().refreshed + self.refused.load(Ordering::Relaxed)
    }
}

async fn authenticator(
    road: Road,
    secret: ApplicationSecret,
    held: Held,
) -> Result<Box<dyn Yup>, Error> {
    /// The builders differ in type by road, and in nothing else.
    macro_rules! build {
        ($client:expr) => {
            InstalledFlowAuthenticator::with_client(
                secret,
                InstalledFlowReturnMethod::Interactive,
                custom($client),
            )
            .with_storage(Box::new(held))
            .flow_delegate(Box::new(NeverAsk))
            .build()
            .await
            .map(|yup| Box::new(yup) as Box<dyn Yup>)
            .map_err(|error| Error::Setup { cause: error.to_string() })
        };
    }
    match road {
        Road::Direct(client) => build!(client),
        Road::Tunnel(client) => build!(client),
        Road::Unpaved => Ok(Box::new(NoRoad)),
    }
}

/// yup starts an interactive sign-in when a refresh fails. This one never begins.
struct NeverAsk;

impl InstalledFlowDelegate for NeverAsk {
    fn present_user_url<'a>(
        &'a self,
        _url: &'a str,
        _need_code: bool,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>> {
        Box::pin(async { Err("a person must sign in".to_owned()) })
    }
}

impl Held {
    /// Holding no access token yet, so that the first use makes one.
    fn expired(refresh_token: &Secret) -> Self {
        let token = TokenInfo {
            access_token: None,
            refresh_token: Some(refresh_token.expose().to_owned()),
            expires_at: Some(OffsetDateTime::UNIX_EPOCH),
            id_token: None,
        };
        Self(Arc::new(Mutex::new(Kept { token, refreshed: 0 })))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn access_token(&self) -> Option<Secret> {
        self.lock().token.access_token.clone().map(Secret::new)
    }

    fn refresh_token(&self) -> Option<Secret> {
        self.lock().token.refresh_token.clone().map(Secret::new)
    }

    fn renew(&self, fresh: Fresh, now: i64) {
        let mut kept = self.lock();
        let now = OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        kept.token.access_token = Some(fresh.access_token.expose().to_owned());
        kept.token.expires_at = Some(now + fresh.expires_in);
        if let Some(refresh_token) = fresh.refresh_token {
            kept.token.refresh_token = Some(refresh_token.expose().to_owned());
        }
    }
}

#[async_trait]
impl TokenStorage for Held {
    async fn set(&self, _scopes: &[&str], token: TokenInfo) -> Result<(), TokenStorageError> {
        let mut kept = self.lock();
        kept.refreshed += 1;
        kept.token = token;
        Ok(())
    }

    async fn get(&self, _scopes: &[&str]) -> Option<TokenInfo> {
        Some(self.lock().token.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use axum::http::StatusCode;
    use axum::response::IntoResponse as _;
    use axum::routing::post;
    use axum::{Form, Json, Router};
    use serde_json::json;

    use super::*;
    use crate::google::store::Kind;
    use crate::google::testing::{Hasty, client_file, serve};

    type Scene = (u16, &'static str);

    const FRESH: Scene = (200, r#"{"access_token":"a-N","expires_in":3600,"scope":"s"}"#);
    const REVOKED: Scene = (
        400,
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
    );
    const DELETED: Scene = (401, r#"{"error":"deleted_client"}"#);
    const DOWN: Scene = (500, "<html>");

    #[tokio::test]
    async fn callers_that_come_together_make_one_request() {
        let tokens = signed_in(&[FRESH]).await;
        let all = futures_util::future::join_all((0..20).map(|_| tokens.bearer())).await;
        assert!(all.iter().all(|token| token.as_ref().unwrap().expose() == "a-0"));
        assert_eq!(tokens.requests(), 1);
    }

    #[tokio::test]
    async fn a_refused_token_is_renewed_once_for_all_who_hold_it() {
        let tokens = signed_in(&[FRESH]).await;
        let refused = tokens.bearer().await.unwrap();
        let all = futures_util::future::join_all((0..20).map(|_| tokens.renew(&refused))).await;
        assert!(all.iter().all(|token| token.as_ref().unwrap().expose() == "a-1"));
        assert_eq!(tokens.requests(), 2);
    }

    #[tokio::test]
    async fn a_refresh_that_fails_says_why() {
        for (scene, expected) in [
            (REVOKED, "no longer accepts the saved sign-in (invalid_grant: Token has been"),
            (DELETED, "does not accept the OAuth client of client_secret.json (deleted_client)"),
            (DOWN, "answered 500"),
        ] {
            let tokens = signed_in(Box::leak(Box::new([scene]))).await;
            let error = tokens.bearer().await.unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[tokio::test]
    async fn a_sign_in_that_has_ended_is_not_asked_about_again() {
        let tokens = signed_in(&[REVOKED, REVOKED, FRESH]).await;
        let first = tokens.bearer().await.unwrap_err();
        assert_eq!(tokens.bearer().await.unwrap_err(), first);
        assert_eq!(tokens.requests(), 1);
    }

    #[tokio::test]
    async fn a_server_that_stumbles_once_does_not_end_the_sign_in() {
        let tokens = signed_in(&[DOWN, FRESH]).await;
        assert_eq!(tokens.bearer().await.unwrap().expose(), "a-1");
        assert_eq!(tokens.bearer().await.unwrap().expose(), "a-1");
    }

    #[tokio::test]
    async fn a_token_that_is_to_live_for_ever_is_used_like_any_other() {
        for text in [
            r#"{"access_token":"a","expires_in":18446744073709551615}"#,
            r#"{"access_token":"a","expires_in":9223372036854775807}"#,
            r#"{"access_token":"a","expires_in":100000000000000}"#,
        ] {
            let tokens = signed_in(Box::leak(Box::new([(200, text)]))).await;
            assert_eq!(tokens.bearer().await.unwrap().expose(), "a", "{text}");
            assert_eq!(tokens.bearer().await.unwrap().expose(), "a", "{text}");
        }
    }

    #[tokio::test]
    async fn a_token_that_ended_before_all_time_is_refused_in_words() {
        let tokens =
            signed_in(&[(200, r#"{"access_token":"a","expires_in":-9223372036854775808}"#)]).await;
        let error = tokens.bearer().await.unwrap_err();
        assert!(matches!(error, Error::WebPage { .. }), "it is no answer of Google's: {error}");
    }

    #[tokio::test]
    async fn a_refresh_token_that_google_changes_is_kept() {
        let tokens =
            signed_in(&[(200, r#"{"access_token":"a","expires_in":9,"refresh_token":"r2"}"#)])
                .await;
        tokens.bearer().await.unwrap();
        let kept = tokens.store.load().await.unwrap().unwrap();
        assert_eq!(kept.refresh_token.expose(), "r2");
    }

    async fn signed_in(scenes: &'static [Scene]) -> Installed {
        let next = Arc::new(AtomicU64::new(0));
        let answer = move |Form(form): Form<HashMap<String, String>>| {
            assert_eq!((&*form["grant_type"], &*form["client_secret"]), ("refresh_token", "hush"));
            let turn = usize::try_from(next.fetch_add(1, Ordering::SeqCst)).unwrap();
            let (status, text) = scenes[turn.min(scenes.len() - 1)];
            let text = text.replace("a-N", &format!("a-{turn}"));
            async move { (StatusCode::from_u16(status).unwrap(), text).into_response() }
        };
        let routes = Router::new().route("/token", post(answer));
        let root = serve(routes.route("/revoke", post(async || Json(json!({}))))).await;
        let clock: Arc<dyn Clock> = Arc::new(Hasty::default());
        let server = TokenServer::new(client_file(&root), Arc::clone(&clock)).unwrap();
        let refresh_token = Secret::new("r".to_owned());
        let scopes = vec!["s".to_owned()];
        let login = Login { client_id: "id".to_owned(), refresh_token, scopes };
        let folder = tempfile::tempdir().unwrap().keep();
        let store = Store::new(folder, "id".to_owned(), Some(Kind::File), REFRESH_TIMEOUT);
        Installed::new(server, login, store, clock).await.unwrap()
    }
}
