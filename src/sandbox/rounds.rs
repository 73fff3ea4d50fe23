//! Listings that never end: page tokens which lead back to the page that gave them.
//!
//! Such a token holds the one that its page was asked with. It is taken out of a request
//! before the handler sees it, so handlers know nothing of this.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Uri, header};
use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

/// What such a token begins with.
const MARK: &str = "round-";

/// What every page token is called, in queries and in what is posted.
const NAME: &str = "pageToken";

/// What a request asks for beside its address.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The page token, as Google gave it.
    pub here: String,
    /// The album whose items are searched for.
    pub album: Option<String>,
}

/// Has `request` ask for what it would if it had come by a token of Google's own; returns
/// that token with it.
pub(super) async fn rewind(request: Request) -> (Request, Asked) {
    let (mut parts, body) = request.into_parts();
    let mut pairs: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let place = pairs.iter().position(|(name, _)| name == NAME);
    if let Some(place) = place {
        let token = unmarked(&pairs[place].1);
        if token != pairs[place].1 {
            pairs[place].1.clone_from(&token);
            pairs.retain(|(name, value)| name != NAME || !value.is_empty());
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            parts.uri = with_query(&parts.uri, &query);
        }
        return (Request::from_parts(parts, body), Asked { here: token, album: None });
    }
    if parts.method != "POST" || !parts.uri.path().ends_with(":search") {
        return (Request::from_parts(parts, body), Asked::default());
    }
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return (Request::from_parts(parts, Body::from(bytes)), Asked::default());
    };
    let album = json["albumId"].as_str().map(str::to_owned);
    let Some(given) = json[NAME].as_str().map(str::to_owned) else {
        let asked = Asked { album, ..Asked::default() };
        return (Request::from_parts(parts, Body::from(bytes)), asked);
    };
    let token = unmarked(&given);
    json[NAME] = token.clone().into();
    parts.headers.remove(header::CONTENT_LENGTH);
    (Request::from_parts(parts, Body::from(json.to_string())), Asked { here: token, album })
}

/// Has a page go on where it began, which is `here`.
pub(super) async fn go_on(response: Response, anew: bool, here: String) -> Response {
    static GIVEN: AtomicU64 = AtomicU64::new(1);
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let number = if anew { GIVEN.fetch_add(1, Ordering::Relaxed) } else { 0 };
    json["nextPageToken"] = format!("{MARK}{number}-{here}").into();
    if let Some(fields) = json.as_object_mut() {
        fields.remove("newStartPageToken");
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json.to_string()))
}

fn unmarked(token: &str) -> String {
    let rest = token.strip_prefix(MARK).and_then(|rest| rest.split_once('-'));
    rest.map_or(token, |(_, token)| token).to_owned()
}

fn with_query(uri: &Uri, query: &str) -> Uri {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{query}", uri.path()).parse().unwrap_or_else(|_| uri.clone())
}
