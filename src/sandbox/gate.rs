//! What every request passes through: the log, the faults, the check of its token.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};

use super::answer::{self, Refusal};
use super::connection::Wire;
use super::fault::Effect;
use super::requests::Class;
use super::{Shared, lock, oauth, rounds};

/// What a handler itself has to do wrong, put into the request for it.
#[derive(Clone, Debug)]
pub(super) struct Twist(pub Option<Effect>);

/// Lets a request through to its handler, unless it is to fail.
pub(super) async fn pass(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
    next: Next,
) -> Response {
    let uri = request.uri();
    let (path, mut query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let class = Class::of(request.method(), &path, &query);
    let number = shared.record(class, &request);
    delay(&shared, class).await;
    let (mut request, rounds::Asked { here, album }) = rounds::rewind(request).await;
    if let Some(album) = album {
        // A fault can be for one album, though what is posted has no address of its own.
        query = format!("albumId={album}&{query}");
    }
    let effect = lock(&shared.faults).strike(class, &path, &query);
    if effect == Some(Effect::Reset) {
        wire.reset();
        return Response::new(Body::empty());
    }
    let response = if let Some(response) = early(class, effect.as_ref()).await {
        response
    } else if let Err(refusal) = admit(&shared, class, request.headers()) {
        in_dialect(class, refusal).into_response()
    } else {
        request.extensions_mut().insert(Twist(effect.clone()));
        let response = next.run(request).await;
        if let Some(Effect::SameToken | Effect::Again) = effect {
            rounds::go_on(response, effect == Some(Effect::Again), here).await
        } else {
            spoil(response, effect, &shared, wire).await
        }
    };
    lock(&shared.requests).end(number, response.status().as_u16());
    response
}

/// Waits for as long as every answer of Google's takes, if that is set.
async fn delay(shared: &Shared, class: Class) {
    let latency_ms = shared.latency_ms.load(Ordering::Relaxed);
    if latency_ms > 0 && !class.signs_in() {
        tokio::time::sleep(Duration::from_millis(latency_ms)).await;
    }
}

/// The answer that a fault gives in place of the true one.
async fn early(class: Class, effect: Option<&Effect>) -> Option<Response> {
    Some(match effect? {
        Effect::Error { status, reason, .. } if matches!(class, Class::Token | Class::Revoke) => {
            oauth::refuse((*status, reason, answer::message(reason)))
        }
        Effect::Error { status, reason, retry_after_s } => {
            let refusal = Refusal::new(*status, reason, answer::message(reason));
            in_dialect(class, refusal.retry_after(*retry_after_s)).into_response()
        }
        Effect::Busy { status, retry_after } => {
            let mut response = answer::html(*status, "Please try again later");
            let value = HeaderValue::from_str(retry_after).ok()?;
            response.headers_mut().insert(header::RETRY_AFTER, value);
            response
        }
        Effect::Json { status, text } => {
            answer::with_status(*status, answer::typed(answer::JSON, Body::from(*text)))
        }
        Effect::ErrorPage(status) => {
            answer::html(*status, &format!("Error {status} (Server Error)!!1"))
        }
        Effect::Html => answer::html(200, "Sign in to this network"),
        Effect::Redirect(to) => {
            let mut response = answer::html(307, "Moved");
            response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(to).ok()?);
            response
        }
        Effect::PageTokenRefused => {
            in_dialect(class, Refusal::invalid("pageToken")).into_response()
        }
        Effect::Latency(duration) => {
            tokio::time::sleep(*duration).await;
            return None;
        }
        _ => return None,
    })
}

/// Checks the token of a request that needs one.
fn admit(shared: &Shared, class: Class, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some((api, scopes)) = class.demands() else { return Ok(()) };
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| text.strip_prefix("Bearer "));
    let granted = lock(&shared.grants).scopes_of(token.unwrap_or_default());
    let granted = granted.ok_or_else(Refusal::unauthenticated)?;
    if lock(&shared.world).disabled.contains(&api) {
        let (title, service) = api.names();
        return Err(Refusal::disabled(title, service, oauth::PROJECT_NUMBER));
    }
    if scopes.iter().any(|scope| granted.contains(*scope)) { Ok(()) } else { Err(Refusal::scope()) }
}

fn in_dialect(class: Class, refusal: Refusal) -> Refusal {
    if class.speaks_rpc() { refusal.in_rpc_dialect() } else { refusal }
}

/// Does to a true answer what the fault says.
async fn spoil(
    response: Response,
    effect: Option<Effect>,
    shared: &Shared,
    wire: Wire,
) -> Response {
    match effect {
        Some(Effect::Cut { after }) => with_body(response, |body| cut(body, after, wire)),
        Some(Effect::Stall { after }) => {
            let released = shared.releases.subscribe();
            with_body(response, |body| stall(body, after, released))
        }
        Some(Effect::Corrupt { at }) => with_body(response, |body| corrupt(body, at)),
        Some(Effect::TooLong { extra }) => {
            let bytes = whole(response, |bytes| bytes.resize(bytes.len() + extra, b'x'));
            bytes.await
        }
        Some(Effect::BrokenJson) => whole(response, |bytes| bytes.truncate(bytes.len() / 2)).await,
        _ => response,
    }
}

/// `response` with a changed body that still claims the length of the true one.
fn with_body(mut response: Response, change: impl FnOnce(Body) -> Body) -> Response {
    let length = response.body().size_hint().exact();
    if let Some(length) = length {
        response.headers_mut().entry(header::CONTENT_LENGTH).or_insert_with(|| length.into());
    }
    response.map(change)
}

/// `response` with its whole body changed at once, and the length that it then has.
async fn whole(response: Response, change: impl FnOnce(&mut BytesMut)) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut bytes = BytesMut::from(bytes);
    change(&mut bytes);
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(bytes.freeze()))
}

/// The chunks of `body`, each with the place of its first byte.
fn chunks(body: Body) -> impl stream::Stream<Item = (u64, Result<Bytes, io::Error>)> {
    body.into_data_stream().scan(0, |at, chunk| {
        let start = *at;
        *at += chunk.as_ref().map_or(0, |bytes| bytes.len() as u64);
        std::future::ready(Some((start, chunk.map_err(io::Error::other))))
    })
}

/// The first `length` bytes of `body`.
fn head(body: Body, length: u64) -> impl stream::Stream<Item = Result<Bytes, io::Error>> {
    let within = move |(start, _): &(u64, _)| std::future::ready(*start < length);
    chunks(body).take_while(within).map(move |(start, chunk)| {
        let keep = usize::try_from(length - start).unwrap_or(usize::MAX);
        chunk.map(|bytes| bytes.slice(..keep.min(bytes.len())))
    })
}

/// The server drops what it has not yet sent when a body fails, so the failure
/// waits until the bytes before it are on their way.
fn cut(body: Body, after: u64, wire: Wire) -> Body {
    let end = stream::once(async move {
        wire.flushed().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    Body::from_stream(head(body, after).chain(end))
}

fn stall(body: Body, after: u64, mut released: tokio::sync::watch::Receiver<u64>) -> Body {
    let mut wait = Some(async move { drop(released.changed().await) });
    let mut bytes_left = after;
    let split = chunks(body).flat_map(move |(_, chunk)| {
        let length = chunk.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let Some(pause) = wait.take_if(|_| length > bytes_left) else {
            bytes_left = bytes_left.saturating_sub(length);
            return stream::once(std::future::ready(chunk)).boxed();
        };
        let keep = usize::try_from(bytes_left).unwrap_or(usize::MAX);
        let first = chunk.as_ref().map_or_else(|_| Bytes::new(), |bytes| bytes.slice(..keep));
        let rest = chunk.map(|bytes| bytes.slice(keep..));
        let rest = async move {
            pause.await;
            rest
        };
        stream::once(std::future::ready(Ok(first))).chain(stream::once(rest)).boxed()
    });
    Body::from_stream(split)
}

fn corrupt(body: Body, at: u64) -> Body {
    Body::from_stream(chunks(body).map(move |(start, chunk)| {
        let index = at.checked_sub(start).and_then(|index| usize::try_from(index).ok());
        chunk.map(|bytes| match index {
            Some(index) if index < bytes.len() => {
                let mut bytes = BytesMut::from(bytes);
                bytes[index] ^= 0x20;
                bytes.freeze()
            }
            _ => bytes,
        })
    }))
}
