//! The fuzzer's ways (`fuzz/`) to what this layer reads of bytes that anybody may have sent.
//! Nothing of it is decided here, and the program itself uses none of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_RANGE, HeaderMap, HeaderValue};
use url::Url;

use super::body::content_range;
use super::refusal::{self, Refusal};
use super::retry::{Past, Retry, retry};
use super::store::Login;
use super::{Error, Secret, consent, oauth};

/// Reads a refusal, and says how long the client waits the first time and the `repeats`-th.
#[must_use]
pub fn refused(
    (url, status): (&Url, u16),
    retry_after: Option<&str>,
    body: &[u8],
    (now, repeats): (DateTime<Utc>, u32),
) -> (Error, [Option<Duration>; 2]) {
    let error = refusal::read(&Refusal { url, status, retry_after, body, now });
    let wait = |repeats| match retry(&error, Past { repeats, ..Past::default() }) {
        Retry::After(wait) => Some(wait),
        Retry::GiveUp | Retry::Renew => None,
    };
    let waits = [wait(0), wait(repeats)];
    (error, waits)
}

/// Reads a `Content-Range` header.
#[must_use]
pub fn part(header: &[u8]) -> Option<(u64, Option<u64>)> {
    let value = HeaderValue::from_bytes(header).ok()?;
    content_range(&HeaderMap::from_iter([(CONTENT_RANGE, value)]))
}

/// Reads what a token server answers, and what a file of a sign-in holds; says of each
/// whether it could be read.
#[must_use]
pub fn signed_in(json: &[u8]) -> [bool; 2] {
    let text = Secret::new(String::from_utf8_lossy(json).into_owned());
    [oauth::is_answer(json), Login::parse(&text).is_some()]
}

/// Reads the address that a browser asks for, out of the first bytes of its request.
#[must_use]
pub fn asked(request: &[u8]) -> Option<Url> {
    consent::asked(request)
}
