//! Sends calls: signs them, paces them, and repeats them as `retry.rs` says.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use reqwest::header::{AUTHORIZATION, DATE, HeaderValue, RANGE, RETRY_AFTER};
use reqwest::{Method, Response};
use serde::de::DeserializeOwned;
use url::Url;

use super::body::{Body, is_words, mime_type, whole, whole_length};
use super::call::{Call, Quota, Words};
use super::clock::Clock;
use super::connection::{STALL, build, following};
use super::endpoints::{Endpoints, is_loopback, is_private};
use super::error::{Error, SignInError, shown};
use super::json;
use super::lanes::{Ended, Lane, Lanes};
use super::pace::Pace;
use super::refusal::{self, Refusal, one_line};
use super::retry::{Past, Retry, retry};
use super::secret::Secret;
use super::tokens::Tokens;

/// A listing may take Google this long before its first byte.
const JSON_STALL: Duration = Duration::from_mins(1);
/// No answer that is read whole is longer, in bytes: a listing of 1,000 files has two million.
const JSON_MAX: usize = 64 << 20;
/// How many downloads may be on their way at a time unless more, or fewer, are allowed.
const LANES: usize = 8;
/// No refusal is read further, in bytes.
const REFUSAL_MAX: usize = 64 << 10;

/// Google, signed in. Cheap to clone; clones share connections, quota and counts.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    json: reqwest::Client,
    media: reqwest::Client,
    endpoints: Endpoints,
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
    pace: Mutex<Pace>,
    sent: AtomicU64,
    counted: Counted,
    reached: AtomicBool,
    ahead: Mutex<Option<TimeDelta>>,
    /// Those of downloads.
    lanes: Lanes,
}

/// The requests of which only so many may be sent.
struct Counted {
    sent: AtomicU64,
    most: AtomicU64,
}

/// What one call has been through, with the token it used last.
#[derive(Default)]
struct Tries {
    past: Past,
    bearer: Option<Secret>,
}

impl Client {
    /// A client for `endpoints` that signs with `tokens`. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] if the system has no certificates, or cannot do TLS.
    pub fn new(
        endpoints: Endpoints,
        tokens: Arc<dyn Tokens>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let waits = |most| clock.by_the_machine(most);
        let json = following(&endpoints).read_timeout(waits(JSON_STALL));
        // Pictures are compressed already, and a range of compressed bytes is no
        // range of the file. A connection for each, so that a download which nobody
        // reads from just now holds up no other, as it would in one HTTP/2 window.
        let media = following(&endpoints).read_timeout(waits(STALL)).no_gzip().http1_only();
        let pace = Mutex::new(Pace::full(clock.now()));
        let (sent, reached) = (AtomicU64::new(0), AtomicBool::new(false));
        let (json, media) = (build(json)?, build(media)?);
        let (ahead, lanes) = (Mutex::default(), Lanes::new(LANES, Arc::clone(&clock)));
        Ok(Self(Arc::new(Inner {
            json,
            media,
            endpoints,
            tokens,
            clock,
            pace,
            sent,
            counted: Counted { sent: AtomicU64::new(0), most: AtomicU64::new(u64::MAX) },
            reached,
            ahead,
            lanes,
        })))
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Where this client sends its calls.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    /// How many requests were sent so far, repeated ones and those for tokens too.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.0.sent.load(Ordering::Relaxed) + self.0.tokens.requests()
    }

    /// How many counted requests were sent so far, repeated ones too.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.0.counted.sent.load(Ordering::Relaxed)
    }

    /// Has no counted request sent any more, once there were `most` of them.
    pub fn limit(&self, most: u64) {
        self.0.counted.most.store(most, Ordering::Relaxed);
    }

    /// Has at most `most` downloads on their way at a time from now on: fewer, where more
    /// would bring nothing, or Google asks for slowness.
    pub fn limit_downloads(&self, most: usize) {
        self.0.lanes.limit(most);
    }

    /// How far this machine's clock is ahead of the server's, by its last answer, to
    /// the second; `None` if it has not told the time.
    #[must_use]
    pub fn clock_ahead(&self) -> Option<TimeDelta> {
        *self.0.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends `call` and reads its whole answer, which is JSON.
    ///
    /// # Errors
    ///
    /// Any [`Error`], after the repetitions that make sense.
    pub async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let mut tries = Tries::default();
        loop {
            match self.json_once(call, &mut tries).await {
                Ok(value) => return Ok(value),
                Err(error) => self.wait_or_give_up(error, &mut tries).await?,
            }
        }
    }

    /// Sends `call` and returns its bytes from `from_byte` on, as they come.
    ///
    /// Opening is repeated here; going on after a cut in mid-body is the
    /// caller's, who knows what to do with the bytes that came. It may have to wait for
    /// other downloads; while it waits to ask again it holds up none of them.
    ///
    /// # Errors
    ///
    /// Any [`Error`], after the repetitions that make sense.
    pub async fn bytes(&self, call: &Call, from_byte: u64) -> Result<Body, Error> {
        let mut tries = Tries::default();
        loop {
            let lane = self.0.lanes.take().await;
            match self.bytes_once(call, from_byte, &mut tries).await {
                Ok(body) => return Ok(body.on(lane)),
                Err(error) => {
                    leave(lane, &error, &tries);
                    self.wait_or_give_up(error, &mut tries).await?;
                }
            }
        }
    }

    /// Asks with a HEAD request how many bytes `call` would bring, if the server says.
    ///
    /// # Errors
    ///
    /// Any [`Error`], after the repetitions that make sense.
    pub async fn length(&self, call: &Call) -> Result<Option<u64>, Error> {
        let call = &Call { method: Method::HEAD, ..call.clone() };
        let mut tries = Tries::default();
        loop {
            let lane = self.0.lanes.take().await;
            match self.send(&self.0.media, call, None, &mut tries).await {
                Ok((_, response)) => return Ok(whole_length(response.headers())),
                Err(error) => {
                    leave(lane, &error, &tries);
                    self.wait_or_give_up(error, &mut tries).await?;
                }
            }
        }
    }

    async fn json_once<T: DeserializeOwned>(
        &self,
        call: &Call,
        tries: &mut Tries,
    ) -> Result<T, Error> {
        let (url, response) = self.send(&self.0.json, call, None, tries).await?;
        if mime_type(&response) == Some("text/html") {
            return Err(Error::WebPage { url: shown(&url) });
        }
        let bytes = whole(&url, response, JSON_MAX).await?;
        // A DELETE is answered with nothing; nothing reads as `null`, as `()` is.
        let text: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        json::read(text).map_err(|error| {
            // It may quote the answer, of any length.
            let (url, cause) = (shown(&url), one_line(&error.to_string()));
            if error.is_eof() {
                Error::Cut { url, cause }
            } else {
                Error::Unreadable { url, cause }
            }
        })
    }

    async fn bytes_once(
        &self,
        call: &Call,
        from_byte: u64,
        tries: &mut Tries,
    ) -> Result<Body, Error> {
        let range = call.range(from_byte);
        let (url, response) = self.send(&self.0.media, call, range, tries).await?;
        match (mime_type(&response), call.words) {
            (Some("text/html"), Words::NoPage | Words::None) => {
                Err(Error::WebPage { url: shown(&url) })
            }
            (Some(other), Words::None) if is_words(other) => {
                let cause = format!("it is {}, and no picture or film", one_line(other));
                Err(Error::Unreadable { url: shown(&url), cause })
            }
            _ => Body::of(&url, response, call.part(from_byte)),
        }
    }

    /// Sends `call` once and returns its answer if that is a success.
    async fn send(
        &self,
        http: &reqwest::Client,
        call: &Call,
        range: Option<String>,
        tries: &mut Tries,
    ) -> Result<(Url, Response), Error> {
        let url = self.address(call)?;
        let mut request = http.request(call.method.clone(), url.clone()).query(&call.query);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(json) = &call.json {
            request = request.json(json);
        }
        if let Some(range) = range {
            request = request.header(RANGE, range);
        }
        if !call.anonymous {
            let bearer = self.0.tokens.bearer().await?;
            request = request.header(AUTHORIZATION, authorization(&bearer)?);
            tries.bearer = Some(bearer);
        }
        if call.quota == Quota::Daily {
            self.0.counted.take()?;
        }
        self.wait_for_quota(call.units()).await;
        self.0.sent.fetch_add(1, Ordering::Relaxed);
        let response = request.send().await.map_err(|error| Error::of_request(&url, error))?;
        self.0.reached.store(true, Ordering::Relaxed);
        self.note_time(&response);
        if response.status().is_success() {
            return Ok((url, response));
        }
        Err(self.refused(&url, response).await)
    }

    /// Every answer says when it was given (<https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1>).
    fn note_time(&self, response: &Response) {
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let there = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        if let Some(there) = there {
            let ahead = self.0.clock.now() - there.to_utc();
            *self.0.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
    }

    /// The address of `call`, if what it carries may be sent there.
    fn address(&self, call: &Call) -> Result<Url, Error> {
        let url = Url::parse(&call.url).map_err(|error| Error::Unreadable {
            url: "an address that Google gave".to_owned(),
            cause: error.to_string(),
        })?;
        let endpoints = &self.0.endpoints;
        let allowed = if call.anonymous {
            is_reachable(&url, endpoints.are_local())
        } else if call.media {
            endpoints.serves_media(&url)
        } else {
            endpoints.trusts(&url)
        };
        if allowed { Ok(url) } else { Err(Error::Foreign { url: shown(&url) }) }
    }

    async fn wait_for_quota(&self, units: u32) {
        // The quota is Google's; a server of one's own has none.
        if !self.0.endpoints.are_googles() {
            return;
        }
        let now = self.0.clock.now();
        let wait = self.0.pace.lock().unwrap_or_else(PoisonError::into_inner).take(units, now);
        if !wait.is_zero() {
            self.0.clock.sleep(wait).await;
        }
    }

    async fn refused(&self, url: &Url, response: Response) -> Error {
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).cloned();
        let retry_after = retry_after.as_ref().and_then(|value| value.to_str().ok());
        // A refusal whose explanation is cut off or endless is still a refusal.
        let body = whole(url, response, REFUSAL_MAX).await.unwrap_or_default();
        let now = self.0.clock.now();
        refusal::read(&Refusal { url, status, retry_after, body: &body, now })
    }

    /// Does what the retry rule says, or hands `error` back.
    async fn wait_or_give_up(&self, error: Error, tries: &mut Tries) -> Result<(), Error> {
        tries.past.reached = self.0.reached.load(Ordering::Relaxed);
        match retry(&error, tries.past) {
            Retry::GiveUp => return Err(rejected(error, tries.past)),
            Retry::Renew => {
                let Some(refused) = tries.bearer.take() else { return Err(error) };
                self.0.tokens.renew(&refused).await?;
                tries.past.renewed = true;
            }
            Retry::After(least) => {
                tracing::debug!(%error, wait_ms = least.as_millis(), "asking again");
                tries.past.repeats += 1;
                let jitter = rand::random_range(Duration::ZERO..=least / 2);
                self.0.clock.sleep(least + jitter).await;
            }
        }
        Ok(())
    }
}

impl Counted {
    /// Counts one request that is about to be sent.
    fn take(&self) -> Result<(), Error> {
        let most = self.most.load(Ordering::Relaxed);
        let next = |sent| (sent < most).then_some(sent + 1);
        let taken = self.sent.try_update(Ordering::Relaxed, Ordering::Relaxed, next);
        taken.map(drop).map_err(|_| Error::Spent)
    }
}

/// Gives a lane back on which something failed.
fn leave(mut lane: Lane, error: &Error, tries: &Tries) {
    lane.ends(match retry(error, tries.past) {
        Retry::After(least) if error.is_busy() => Ended::Busy(least),
        Retry::After(_) => Ended::Badly,
        Retry::Renew | Retry::GiveUp => Ended::Well,
    });
}

/// A 401 that a new token did not cure is for a person to mend.
fn rejected(error: Error, past: Past) -> Error {
    match error {
        Error::Refused { status: 401, reason, message, .. } if past.renewed => {
            let said = if message.is_empty() { reason } else { message };
            SignInError::Rejected { said }.into()
        }
        error => error,
    }
}

fn authorization(bearer: &Secret) -> Result<HeaderValue, Error> {
    let text = zeroize::Zeroizing::new(format!("Bearer {}", bearer.expose()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        Error::from(SignInError::Rejected { said: "the token is no text".to_owned() })
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether what Google names may be asked at all: nobody can read along, and it is no
/// server of this machine's, unless the stand-in for Google is one.
fn is_reachable(url: &Url, local: bool) -> bool {
    is_private(url) && (local || !is_loopback(url))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use axum::Router;
    use axum::body::Body as Sent;
    use axum::extract::Request;
    use axum::http::{Response as Answer, StatusCode};
    use axum::response::IntoResponse as _;
    use axum::routing::any;
    use futures_util::StreamExt as _;
    use serde_json::{Value, json};
    use tokio::io::AsyncWriteExt as _;

    use super::*;
    use crate::google::connection::REDIRECTS_MAX;
    use crate::google::testing::{Hasty, serve};
    use crate::google::tokens::Fixed;

    /// Google, saying one answer after another, and what it was asked.
    struct Script {
        client: Client,
        clock: Hasty,
        root: String,
        asked: Arc<Mutex<Vec<Request>>>,
    }

    type Scene = fn(&Request) -> Answer<Sent>;

    impl Script {
        async fn of(scenes: &'static [Scene]) -> Self {
            Self::signed_by(Fixed::new(Secret::new("token".to_owned())), scenes).await
        }

        async fn signed_by(tokens: impl Tokens + 'static, scenes: &'static [Scene]) -> Self {
            let (asked, next) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
            let heard = Arc::clone(&asked);
            let say = move |request: Request| {
                let turn = next.fetch_add(1, Ordering::SeqCst).min(scenes.len() - 1);
                let answer = scenes[turn](&request);
                heard.lock().unwrap().push(request);
                std::future::ready(answer)
            };
            let root = serve(Router::new().fallback(any(say))).await;
            let clock = Hasty::default();
            let endpoints = Endpoints::under(&root).unwrap();
            let client = Client::new(endpoints, Arc::new(tokens), Arc::new(clock.clone())).unwrap();
            Self { client, clock, root, asked }
        }

        fn call(&self) -> Call {
            Call::get(format!("{}/drive/v3/files", self.root))
        }

        fn header(&self, request: usize, name: &str) -> Option<String> {
            let asked = self.asked.lock().unwrap();
            asked[request].headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        }
    }

    fn fine(_: &Request) -> Answer<Sent> {
        axum::Json(json!({"ok": true})).into_response()
    }

    fn yesterday(_: &Request) -> Answer<Sent> {
        ([("Date", "Sat, 21 Nov 2015 08:49:37 GMT")], axum::Json(json!({}))).into_response()
    }

    fn stumble(_: &Request) -> Answer<Sent> {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }

    fn busy(_: &Request) -> Answer<Sent> {
        (StatusCode::TOO_MANY_REQUESTS, [("Retry-After", "7")]).into_response()
    }

    fn unknown(_: &Request) -> Answer<Sent> {
        StatusCode::UNAUTHORIZED.into_response()
    }

    fn portal(_: &Request) -> Answer<Sent> {
        axum::response::Html("<form>Log in to our Wi-Fi</form>").into_response()
    }

    fn elsewhere(request: &Request) -> Answer<Sent> {
        let to = request.headers()["X-To"].to_str().unwrap().to_owned();
        (StatusCode::TEMPORARY_REDIRECT, [("Location", to)]).into_response()
    }

    fn garbled(_: &Request) -> Answer<Sent> {
        ([("Content-Type", "application/json")], "{\"ok\" true}").into_response()
    }

    /// Compressed, unless a part is asked for.
    fn squeezed(request: &Request) -> Answer<Sent> {
        let is_part = request.headers().contains_key("range");
        ([("Content-Encoding", if is_part { "identity" } else { "gzip" })], "abc").into_response()
    }

    fn half(_: &Request) -> Answer<Sent> {
        ([("Content-Type", "application/json")], "{\"ok\": tr").into_response()
    }

    #[tokio::test]
    async fn every_answer_tells_how_far_the_clocks_are_apart() {
        let google = Script::of(&[unknown, yesterday]).await;
        assert_eq!(google.client.clock_ahead(), None);
        let call = google.call().anonymous();
        drop(google.client.json::<Value>(&call).await.unwrap_err());
        assert_eq!(google.client.clock_ahead().unwrap().num_minutes(), 0);
        drop(google.client.json::<Value>(&call).await.unwrap());
        assert!(google.client.clock_ahead().unwrap().num_days() > 365);
    }

    #[tokio::test]
    async fn a_server_that_stumbles_is_asked_again_after_waiting() {
        let google = Script::of(&[garbled, stumble, half, portal, fine]).await;
        let answer: Value = google.client.json(&google.call()).await.unwrap();
        assert_eq!(answer, json!({"ok": true}));
        assert_eq!(google.client.requests(), 5);
        assert_eq!(google.clock.waits().len(), 4);
    }

    #[tokio::test]
    async fn an_answer_that_is_never_understood_is_given_up_soon() {
        let google = Script::of(&[garbled]).await;
        let error = google.client.json::<Value>(&google.call()).await.unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
        assert_eq!(google.client.requests(), 3);
    }

    #[tokio::test]
    async fn the_wait_that_google_asks_for_is_kept() {
        let google = Script::of(&[busy, fine]).await;
        let _answer: Value = google.client.json(&google.call()).await.unwrap();
        assert!(google.clock.waits()[0] >= Duration::from_secs(7));
    }

    #[tokio::test]
    async fn a_server_that_never_recovers_is_given_up() {
        let google = Script::of(&[stumble]).await;
        let error = google.client.json::<Value>(&google.call()).await.unwrap_err();
        assert_eq!(error.status(), Some(503));
        assert_eq!(google.client.requests(), 9);
    }

    /// Has one token until it is renewed, then another.
    struct Renewable(AtomicU64);

    #[async_trait::async_trait]
    impl Tokens for Renewable {
        async fn bearer(&self) -> Result<Secret, Error> {
            Ok(Secret::new(format!("token-{}", self.0.load(Ordering::SeqCst))))
        }

        async fn renew(&self, refused: &Secret) -> Result<Secret, Error> {
            assert_eq!(refused.expose(), "token-0");
            self.0.fetch_add(1, Ordering::SeqCst);
            self.bearer().await
        }

        fn client_id(&self) -> &'static str {
            "id"
        }

        fn requests(&self) -> u64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn a_token_that_has_expired_is_renewed_and_the_call_repeated_at_once() {
        let google = Script::signed_by(Renewable(AtomicU64::new(0)), &[unknown, fine]).await;
        let _answer: Value = google.client.json(&google.call()).await.unwrap();
        assert_eq!(google.header(1, "authorization").as_deref(), Some("Bearer token-1"));
        assert!(google.clock.waits().is_empty());
        assert_eq!(google.client.requests(), 3, "the request for a token counts as well");
    }

    #[tokio::test]
    async fn a_token_that_nobody_accepts_is_for_a_person_to_mend() {
        let google = Script::of(&[unknown]).await;
        let error = google.client.json::<Value>(&google.call()).await.unwrap_err();
        assert!(matches!(error, Error::SignIn(SignInError::Rejected { .. })), "{error}");
    }

    #[tokio::test]
    async fn a_network_that_wants_a_log_in_is_told_as_such() {
        let google = Script::of(&[portal]).await;
        let error = google.client.json::<Value>(&google.call()).await.unwrap_err();
        assert!(matches!(error, Error::WebPage { .. }), "{error}");
        let error = google.client.bytes(&google.call(), 0).await.unwrap_err();
        assert!(matches!(error, Error::WebPage { .. }), "{error}");
        let page = google.client.bytes(&google.call().expecting_html(), 0).await;
        assert_eq!(page.unwrap().mime_type(), Some("text/html"));
    }

    #[tokio::test]
    async fn listings_are_compressed_and_media_are_not() {
        let google = Script::of(&[fine]).await;
        let _answer: Value = google.client.json(&google.call()).await.unwrap();
        google.client.bytes(&google.call(), 5).await.unwrap();
        assert_eq!(google.header(0, "accept-encoding").as_deref(), Some("gzip"));
        assert!(google.header(0, "user-agent").unwrap().contains("gzip"));
        assert_eq!(google.header(1, "accept-encoding"), None);
        assert_eq!(google.header(1, "range").as_deref(), Some("bytes=5-"));
        assert_eq!(google.header(1, "authorization").as_deref(), Some("Bearer token"));
    }

    #[tokio::test]
    async fn the_bytes_say_where_they_begin_and_how_long_the_whole_is() {
        let google = Script::of(&[
            |_| {
                let part = [("Content-Range", "bytes 3-5/6")];
                (StatusCode::PARTIAL_CONTENT, part, "def").into_response()
            },
            |_| "abcdef".into_response(),
        ])
        .await;
        let mut part = google.client.bytes(&google.call(), 3).await.unwrap();
        assert_eq!((part.from_byte(), part.size_bytes()), (3, Some(6)));
        assert_eq!(part.chunk().await.unwrap().unwrap(), "def");
        assert_eq!(part.chunk().await.unwrap(), None);
        let whole = google.client.bytes(&google.call(), 3).await.unwrap();
        assert_eq!((whole.from_byte(), whole.size_bytes()), (0, Some(6)));
        assert_eq!(google.client.length(&google.call()).await.unwrap(), Some(6));
    }

    #[tokio::test]
    async fn a_part_that_was_not_asked_for_is_no_answer() {
        let google = Script::of(&[|_| {
            let part = [("Content-Range", "bytes 3-5/*")];
            (StatusCode::PARTIAL_CONTENT, part, "def").into_response()
        }])
        .await;
        for from_byte in [0, 2, 4] {
            let error = google.client.bytes(&google.call(), from_byte).await.unwrap_err();
            assert!(matches!(error, Error::Unreadable { .. }), "{from_byte}: {error}");
        }
        assert_eq!(google.client.bytes(&google.call(), 3).await.unwrap().from_byte(), 3);
    }

    #[tokio::test]
    async fn bytes_that_come_compressed_are_not_those_of_the_file() {
        let google = Script::of(&[squeezed]).await;
        let error = google.client.bytes(&google.call(), 0).await.unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
        assert!(google.client.bytes(&google.call(), 1).await.is_ok());
    }

    #[tokio::test]
    async fn a_download_has_its_lane_until_nobody_reads_it_any_more() {
        let google = Script::of(&[fine]).await;
        google.client.limit_downloads(1);
        let first = google.client.bytes(&google.call(), 0).await.unwrap();
        let (client, call) = (google.client.clone(), google.call());
        let second = tokio::spawn(async move { client.bytes(&call, 0).await });
        tokio::task::yield_now().await;
        let _answer: Value = google.client.json(&google.call()).await.unwrap();
        assert_eq!(google.client.requests(), 2, "what is no download waits for none");
        drop(first);
        second.await.unwrap().unwrap();
        assert_eq!(google.client.requests(), 3);
    }

    #[tokio::test]
    async fn words_are_no_picture_whatever_their_status() {
        for (scene, is_taken) in [
            ((|_| axum::Json(json!({"error": 1})).into_response()) as Scene, false),
            (|_| "Sorry, we are closed".into_response(), false),
            (|_| ([("Content-Type", "image/jpeg")], "a picture").into_response(), true),
            (|_| ([("Content-Type", "application/octet-stream")], "raw").into_response(), true),
        ] {
            let scenes: &'static [Scene] = Box::leak(Box::new([scene]));
            let google = Script::of(scenes).await;
            let picture = google.client.bytes(&google.call().expecting_picture(), 0).await;
            assert_eq!(picture.is_ok(), is_taken);
            assert!(google.client.bytes(&google.call(), 0).await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_connection_that_breaks_in_mid_body_can_be_taken_up_again() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
            let half = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc";
            stream.write_all(half).await.unwrap();
        });
        let endpoints = Endpoints::under(&root).unwrap();
        let tokens = Arc::new(Fixed::new(Secret::new("token".to_owned())));
        let client = Client::new(endpoints, tokens, Arc::new(Hasty::default())).unwrap();
        let mut body = client.bytes(&Call::get(root), 0).await.unwrap();
        assert_eq!(body.chunk().await.unwrap().unwrap(), "abc");
        assert!(body.chunk().await.unwrap_err().is_cut());
    }

    #[tokio::test]
    async fn a_token_is_not_sent_where_google_is_not() {
        let thief = Script::of(&[fine]).await;
        let google = Script::of(&[fine]).await;
        let call = Call::get(format!("{}/drive/v3/files?token=t", thief.root));
        let error = google.client.json::<Value>(&call).await.unwrap_err();
        assert!(matches!(error, Error::Foreign { .. }), "{error}");
        assert!(!error.to_string().contains("token=t"), "{error}");
        assert_eq!(google.client.requests(), 0);
        let _answer: Value = google.client.json(&call.anonymous()).await.unwrap();
        assert_eq!(thief.header(0, "authorization"), None);
    }

    #[tokio::test]
    async fn what_google_names_is_no_server_of_this_machine() {
        let here = Script::of(&[fine]).await;
        let tokens = Arc::new(Fixed::new(Secret::new("token".to_owned())));
        let google = Client::new(Endpoints::google(), tokens, Arc::new(Hasty::default())).unwrap();
        let call = Call::get(format!("{}/base-url", here.root)).anonymous();
        let error = google.json::<Value>(&call).await.unwrap_err();
        assert!(matches!(error, Error::Foreign { .. }), "{error}");
        assert_eq!(google.requests(), 0);
    }

    #[tokio::test]
    async fn a_redirect_to_another_server_is_not_followed() {
        let other = Script::of(&[fine]).await;
        let google = Script::of(&[elsewhere]).await;
        for call in [google.call(), google.call().anonymous()] {
            let call = call.header("X-To", other.root.clone());
            let error = google.client.json::<Value>(&call).await.unwrap_err();
            assert!(matches!(error, Error::WebPage { .. }), "{error}");
            let error = google.client.bytes(&call, 0).await.unwrap_err();
            assert!(matches!(error, Error::WebPage { .. }), "{error}");
        }
        assert!(other.asked.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_redirect_within_google_is_followed_with_the_token() {
        let google = Script::of(&[elsewhere, fine]).await;
        let call = google.call().header("X-To", format!("{}/other", google.root));
        let _answer: Value = google.client.json(&call).await.unwrap();
        assert_eq!(google.header(1, "authorization").as_deref(), Some("Bearer token"));
    }

    #[tokio::test]
    async fn redirects_that_go_round_come_to_an_end() {
        let google = Script::of(&[elsewhere]).await;
        let call = google.call().header("X-To", format!("{}/other", google.root));
        let error = google.client.json::<Value>(&call).await.unwrap_err();
        assert!(matches!(error, Error::WebPage { .. }), "{error}");
        // Each of the nine times that it is asked, as often as it is followed.
        assert_eq!(google.asked.lock().unwrap().len(), 9 * REDIRECTS_MAX);
    }

    #[tokio::test]
    async fn an_answer_without_end_does_not_fill_the_memory() {
        let google = Script::of(&[|_| {
            let endless = futures_util::stream::repeat_with(|| vec![b' '; 1 << 20])
                .map(Ok::<_, std::io::Error>);
            Sent::from_stream(endless).into_response()
        }])
        .await;
        let error = google.client.json::<Value>(&google.call()).await.unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
    }

    /// Hyper's own limit: 100 headers, or some 400 KB of them.
    #[tokio::test]
    async fn headers_without_end_do_not_fill_the_memory() {
        let (root, sent) = endless_headers().await;
        let endpoints = Endpoints::under(&root).unwrap();
        let tokens = Fixed::new(Secret::new("token".to_owned()));
        let clock = Arc::new(Hasty::default());
        let client = Client::new(endpoints, Arc::new(tokens), clock).unwrap();
        let call = Call::get(format!("{root}/drive/v3/files"));
        client.json::<Value>(&call).await.unwrap_err();
        // Most of it lies in the system's own buffers.
        assert!(sent.load(Ordering::Relaxed) < 128 << 20);
    }

    /// A server that has no end of headers, and how many bytes of them it has sent.
    async fn endless_headers() -> (String, Arc<AtomicUsize>) {
        let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", tcp.local_addr().unwrap());
        let sent = Arc::new(AtomicUsize::new(0));
        tokio::spawn(flood(tcp, Arc::clone(&sent)));
        (root, sent)
    }

    async fn flood(tcp: tokio::net::TcpListener, sent: Arc<AtomicUsize>) {
        let more = format!("HTTP/1.1 200 OK\r\n{}", "X-More: and more\r\n".repeat(1000));
        let mut stream = tcp.accept().await.unwrap().0;
        loop {
            sent.fetch_add(more.len(), Ordering::Relaxed);
            if stream.write_all(more.as_bytes()).await.is_err() {
                stream = tcp.accept().await.unwrap().0;
            }
        }
    }
}
