//! OAuth 2 for installed apps and for service accounts, with PKCE.
//!
//! <https://developers.google.com/identity/protocols/oauth2/native-app>. The
//! consent page is answered by a person at once, as [`super::Consent`] says.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use super::answer::{html, json as json_answer, with_status};
use super::grants::{Consent, Grants, Pending, Scopes};
use super::params::Params;
use super::{Shared, jwt, lock};

const CLIENT_ID: &str = "123456789012-sandbox.apps.googleusercontent.com";
const CLIENT_SECRET: &str = "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ndbox";
/// The Google Cloud project that the client belongs to.
pub(super) const PROJECT_NUMBER: &str = "123456789012";

/// The scopes that exist, below `https://www.googleapis.com/auth/`.
const SCOPES: &[&str] = &[
    "drive",
    "drive.appdata",
    "drive.apps.readonly",
    "drive.file",
    "drive.meet.readonly",
    "drive.metadata",
    "drive.metadata.readonly",
    "drive.photos.readonly",
    "drive.readonly",
    "drive.scripts",
    "photoslibrary",
    "photoslibrary.appendonly",
    "photoslibrary.edit.appcreateddata",
    "photoslibrary.readonly",
    "photoslibrary.readonly.appcreateddata",
    "photoslibrary.sharing",
    "photospicker.mediaitems.readonly",
    "userinfo.email",
    "userinfo.profile",
];

/// A no of the token endpoint: status, error, description.
pub(super) type No<'a> = (u16, &'a str, String);

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/o/oauth2/auth", get(consent))
        .route("/token", post(token))
        .route("/revoke", post(revoke))
}

/// The client file of an installed app.
pub(super) fn client_secret(root: &str) -> String {
    let client = json!({"installed": {
        "client_id": CLIENT_ID,
        "project_id": "sandbox-project",
        "auth_uri": format!("{root}/o/oauth2/auth"),
        "token_uri": format!("{root}/token"),
        "auth_provider_x509_cert_url": format!("{root}/oauth2/v1/certs"),
        "client_secret": CLIENT_SECRET,
        "redirect_uris": ["http://localhost"],
    }});
    format!("{client:#}")
}

/// The page that asks the person, and their answer.
async fn consent(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    match ask(&mut lock(&shared.grants), &params) {
        Ok(to) => {
            let mut response = html(302, "Moved");
            if let Ok(to) = HeaderValue::from_str(to.as_str()) {
                response.headers_mut().insert(header::LOCATION, to);
            }
            response
        }
        Err((status, error)) => html(status, &format!("Error {status}: {error}")),
    }
}

/// Where the browser is sent; an error is shown to the person and the app never hears of it.
fn ask(grants: &mut Grants, params: &Params) -> Result<Url, (u16, &'static str)> {
    let invalid = (400, "invalid_request");
    let get = |name: &str| params.text(name).ok_or(invalid);
    if get("client_id")? != CLIENT_ID {
        return Err((401, "invalid_client"));
    }
    let redirect_uri = get("redirect_uri")?;
    let mut to = loopback(redirect_uri).ok_or((400, "redirect_uri_mismatch"))?;
    if get("response_type")? != "code" {
        return Err((400, "unsupported_response_type"));
    }
    let asked: Scopes = get("scope")?.split(' ').map(str::to_owned).collect();
    if !asked.iter().all(|scope| is_scope(scope)) {
        return Err((400, "invalid_scope"));
    }
    let (challenge, state) = (get("code_challenge")?, get("state")?);
    if params.text("code_challenge_method") != Some("S256") || challenge.len() != 43 {
        return Err(invalid);
    }
    let scopes = match &grants.consent {
        Consent::Deny => {
            to.query_pairs_mut().append_pair("error", "access_denied").append_pair("state", state);
            return Ok(to);
        }
        Consent::Grant => asked,
        Consent::GrantOnly(some) => {
            asked.into_iter().filter(|scope| some.contains(scope)).collect()
        }
    };
    let told = joined(&scopes);
    let pending = Pending {
        redirect_uri: redirect_uri.to_owned(),
        challenge: challenge.to_owned(),
        scopes,
        offline: params.text("access_type") == Some("offline"),
    };
    let prompted = params.text("prompt").is_some_and(|prompt| prompt.contains("consent"));
    let code = grants.code(pending, prompted);
    to.query_pairs_mut()
        .append_pair("state", state)
        .append_pair("code", &code)
        .append_pair("scope", &told);
    Ok(to)
}

/// An installed app may be called back on the loopback interface alone, on any port.
fn loopback(redirect_uri: &str) -> Option<Url> {
    let url = Url::parse(redirect_uri).ok()?;
    let here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (here && url.scheme() == "http").then_some(url)
}

fn is_scope(scope: &str) -> bool {
    let name = scope.strip_prefix("https://www.googleapis.com/auth/");
    matches!(scope, "openid" | "email" | "profile")
        || name.is_some_and(|name| SCOPES.contains(&name))
}

fn joined(scopes: &Scopes) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: String) -> Response {
    let form = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !form.is_some_and(|mime| mime.starts_with("application/x-www-form-urlencoded")) {
        return refuse((400, "invalid_request", "Bad Request".to_owned()));
    }
    let params = Params::read(body.as_bytes());
    let mut grants = lock(&shared.grants);
    let answer = match params.text("grant_type") {
        Some("authorization_code") => by_code(&mut grants, &params, &headers),
        Some("refresh_token") => by_refresh(&mut grants, &params, &headers),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => {
            by_assertion(&mut grants, &params, &format!("{}/token", shared.root))
        }
        other => {
            let text = format!("Invalid grant_type: {}", other.unwrap_or_default());
            Err((400, "unsupported_grant_type", text))
        }
    };
    answer.unwrap_or_else(refuse)
}

/// The first tokens, for a code and the verifier behind its challenge.
fn by_code(
    grants: &mut Grants,
    params: &Params,
    headers: &HeaderMap,
) -> Result<Response, No<'static>> {
    check_client(params, headers)?;
    let invalid = |text: &str| (400, "invalid_grant", text.to_owned());
    let missing = || (400, "invalid_request", "Missing required parameter: code".to_owned());
    let pending = grants.redeem(params.text("code").ok_or_else(missing)?).map_err(invalid)?;
    if params.text("redirect_uri") != Some(pending.redirect_uri.as_str()) {
        return Err((400, "redirect_uri_mismatch", "Bad Request".to_owned()));
    }
    let verifier = params.text("code_verifier").ok_or_else(|| invalid("Missing code verifier."))?;
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != pending.challenge {
        return Err(invalid("Invalid code verifier."));
    }
    let refresh = pending.offline.then(|| grants.refresh(pending.scopes.clone()));
    Ok(tokens(grants, pending.scopes, refresh))
}

/// A new access token, for a refresh token.
fn by_refresh(
    grants: &mut Grants,
    params: &Params,
    headers: &HeaderMap,
) -> Result<Response, No<'static>> {
    check_client(params, headers)?;
    let scopes = params.text("refresh_token").and_then(|token| grants.refreshed(token));
    let scopes = scopes
        .ok_or_else(|| (400, "invalid_grant", "Token has been expired or revoked.".to_owned()))?;
    Ok(tokens(grants, scopes, None))
}

/// An access token, for what a service account signed.
fn by_assertion(
    grants: &mut Grants,
    params: &Params,
    audience: &str,
) -> Result<Response, No<'static>> {
    let invalid = |text: String| (400, "invalid_grant", text);
    let assertion = params.text("assertion").unwrap_or_default();
    let claims = jwt::verify(assertion, audience).map_err(invalid)?;
    if claims.subject.is_some_and(|person| person != grants.email) {
        return Err(invalid("Invalid email or User ID".to_owned()));
    }
    let scopes: Scopes = claims.scope.split_whitespace().map(str::to_owned).collect();
    if scopes.is_empty() || !scopes.iter().all(|scope| is_scope(scope)) {
        let text = "Invalid OAuth scope or ID token audience provided.";
        return Err((400, "invalid_scope", text.to_owned()));
    }
    Ok(tokens(grants, scopes, None))
}

/// The client's id and secret, from the form or from Basic authentication.
fn check_client(params: &Params, headers: &HeaderMap) -> Result<(), No<'static>> {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = basic.and_then(|text| STANDARD.decode(text.strip_prefix("Basic ")?).ok());
    let basic = String::from_utf8(basic.unwrap_or_default()).unwrap_or_default();
    let (id, secret) = basic.split_once(':').unwrap_or_default();
    if params.text("client_id").unwrap_or(id) != CLIENT_ID {
        return Err((401, "invalid_client", "The OAuth client was not found.".to_owned()));
    }
    if params.text("client_secret").unwrap_or(secret) != CLIENT_SECRET {
        return Err((401, "invalid_client", "The provided client secret is invalid.".to_owned()));
    }
    Ok(())
}

fn tokens(grants: &mut Grants, scopes: Scopes, refresh: Option<String>) -> Response {
    let mut answer = json!({"expires_in": 3599, "scope": joined(&scopes), "token_type": "Bearer"});
    answer["access_token"] = grants.access(scopes).into();
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    json_answer(&answer)
}

async fn revoke(State(shared): State<Arc<Shared>>, query: Params, body: String) -> Response {
    let form = Params::read(body.as_bytes());
    let token = form.text("token").or_else(|| query.text("token")).unwrap_or_default();
    if lock(&shared.grants).revoke(token) {
        json_answer(&json!({})).into_response()
    } else {
        refuse((400, "invalid_token", "Token expired or revoked".to_owned()))
    }
}

/// A no as the token endpoint words it, which is unlike that of all other services.
pub(super) fn refuse((status, error, description): No<'_>) -> Response {
    with_status(status, json_answer(&json!({"error": error, "error_description": description})))
}
