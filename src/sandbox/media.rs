//! Drive v3: the bytes of files, whole or in part, and exports of documents.
//!
//! <https://developers.google.com/workspace/drive/api/guides/manage-downloads>

use std::ops::Range;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use super::answer::{Answer, Refusal, message, typed};
use super::content::Content;
use super::drive::{exports, find};
use super::item::{Item, Kind};
use super::params::Params;
use super::{Shared, lock};

/// What files.export serves at most.
const EXPORT_MAX_BYTES: u64 = 10 * 1024 * 1024;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/drive/v3/files/{id}/export", get(export))
        .route("/export/{kind}", get(export_link))
}

/// The bytes of `item`.
pub(super) fn serve(item: &Item, headers: &HeaderMap, params: &Params) -> Answer {
    let refuse = |reason: &str| Err(Refusal::new(403, reason, message(reason)));
    let Kind::File(blob) = &item.kind else { return refuse("fileNotDownloadable") };
    let acknowledged = params.flag("acknowledgeAbuse")?;
    if !item.downloadable {
        return refuse("cannotDownloadFile");
    }
    match (item.abusive, acknowledged) {
        (true, false) => return refuse("cannotDownloadAbusiveFile"),
        (true, true) if !item.owned() => return refuse("invalidAbuseAcknowledgment"),
        _ => {}
    }
    let content = item.served.as_ref().unwrap_or(&blob.content);
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).and_then(wanted);
    match range {
        None => Ok(whole(content, &item.mime)),
        Some(range) => part(content, &item.mime, range),
    }
}

fn whole(content: &Content, mime: &str) -> Response {
    let mut response = typed(mime, content.body(0..content.len()));
    response.headers_mut().insert(header::CONTENT_LENGTH, content.len().into());
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn part(content: &Content, mime: &str, wanted: Wanted) -> Answer {
    let length = content.len();
    let Some(range) = wanted.within(length) else {
        let reason = "requestedRangeNotSatisfiable";
        return Err(Refusal::new(416, reason, message(reason)).at("header", "Range"));
    };
    let mut response = typed(mime, content.body(range.clone()));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    if let Ok(told) = HeaderValue::from_str(&told) {
        headers.insert(header::CONTENT_RANGE, told);
    }
    Ok(response)
}

/// One range of a `Range` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// From one byte to another, both included, or to the end.
    From(u64, Option<u64>),
    /// So many bytes at the end.
    Last(u64),
}

/// Reads a `Range` header. One that is malformed, or asks for several ranges,
/// counts as none (RFC 9110, 14.2).
fn wanted(header: &str) -> Option<Wanted> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    match (first.trim(), last.trim()) {
        ("", last) => Some(Wanted::Last(last.parse().ok()?)),
        (first, "") => Some(Wanted::From(first.parse().ok()?, None)),
        (first, last) => {
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            (first <= last).then_some(Wanted::From(first, Some(last)))
        }
    }
}

impl Wanted {
    /// The bytes of `length` that it names; none if there are none.
    fn within(self, length: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::From(first, last) => first..last.map_or(length, |last| length.min(last + 1)),
            Self::Last(count) => length.saturating_sub(count)..length,
        };
        (range.start < range.end).then_some(range)
    }
}

async fn export(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    let mime = params.required("mimeType")?;
    let world = lock(&shared.world);
    let content = exported(find(&world, &id, &params)?, mime)?;
    if content.len() > EXPORT_MAX_BYTES {
        let reason = "exportSizeLimitExceeded";
        return Err(Refusal::new(403, reason, message(reason)));
    }
    Ok(typed(mime, content.body(0..content.len())))
}

/// What an export link leads to: the same without a limit.
async fn export_link(State(shared): State<Arc<Shared>>, params: Params) -> Answer {
    let world = lock(&shared.world);
    let id = params.required("id")?;
    let mime = params.required("mimeType")?;
    let item = world.get(id).ok_or_else(|| Refusal::no_file(id))?;
    let content = exported(item, mime)?;
    Ok(typed(mime, content.body(0..content.len())))
}

fn exported<'a>(item: &'a Item, mime: &str) -> Result<&'a Content, Refusal> {
    let refuse = |reason: &str| Refusal::new(403, reason, message(reason));
    let exports = exports(item).ok_or_else(|| refuse("fileNotExportable"))?;
    if !item.downloadable {
        return Err(refuse("cannotDownloadFile"));
    }
    let found = exports.iter().find(|(known, _)| known == mime);
    found.map(|(_, content)| content).ok_or_else(|| {
        Refusal::new(400, "badRequest", "The requested conversion is not supported.")
            .at("parameter", "convertTo")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        for (header, length, expected) in [
            ("bytes=0-0", 10, Some(0..1)),
            ("bytes=3-", 10, Some(3..10)),
            ("bytes=3-99", 10, Some(3..10)),
            ("bytes=-4", 10, Some(6..10)),
            ("bytes=-40", 10, Some(0..10)),
            ("bytes=10-", 10, None),
            ("bytes=0-", 0, None),
            ("bytes=-0", 10, None),
        ] {
            assert_eq!(wanted(header).unwrap().within(length), expected, "{header} of {length}");
        }
        for header in ["bytes=5-3", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "bytes=-"] {
            assert_eq!(wanted(header), None, "{header}");
        }
    }
}
