//! Reads what Google says when it says no.
//!
//! Google has two forms of it, the older with `errors[].reason`, the newer with
//! `details[]` of `google.rpc.ErrorInfo` (<https://cloud.google.com/apis/design/errors>).

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use url::Url;

use super::error::{Error, SignInError, shown};

/// An answer whose status is no success.
pub(super) struct Refusal<'a> {
    pub url: &'a Url,
    pub status: u16,
    pub retry_after: Option<&'a str>,
    pub body: &'a [u8],
    pub now: DateTime<Utc>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    error: Google,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Google {
    message: String,
    status: String,
    errors: Vec<Older>,
    details: Vec<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Older {
    reason: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    reason: String,
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    service: String,
    consumer: String,
    quota_limit: String,
}

/// How much of Google's sentence is kept, in characters.
const MESSAGE_MAX: usize = 400;

/// Returns the error that `refusal` is.
pub(super) fn read(refusal: &Refusal<'_>) -> Error {
    // What is no JSON has no reason: a proxy's page, or nothing at all.
    let google = serde_json::from_slice::<Envelope>(refusal.body).unwrap_or_default().error;
    let reason = reason(&google);
    if refusal.status == 403 {
        match reason.as_str() {
            "accessNotConfigured" | "SERVICE_DISABLED" => {
                return disabled(refusal.url, &google).into();
            }
            // Photos has said it without a reason since its scopes were removed in March 2025
            // (<https://developers.google.com/photos/support/updates>).
            "insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT" | "PERMISSION_DENIED"
                if reason != "PERMISSION_DENIED" || lacks_scope(&google.message) =>
            {
                let scope = scope_for(refusal.url).to_owned();
                return SignInError::ScopeMissing { scope }.into();
            }
            _ => {}
        }
    }
    Error::Refused {
        url: shown(refusal.url),
        status: refusal.status,
        reason,
        message: one_line(&google.message),
        wait: refusal.retry_after.and_then(|text| wait(text, refusal.now)),
    }
}

/// Says whether Google's sentence is the one for a sign-in without the scope.
fn lacks_scope(message: &str) -> bool {
    message.to_ascii_lowercase().contains("insufficient authentication scopes")
}

/// Google's word: the older form's where it is given, since both forms come
/// together and the older is finer. A limit per day is always
/// `dailyLimitExceeded`: the newer form has one word for it and a limit per minute.
fn reason(google: &Google) -> String {
    let details = &google.details;
    if details.iter().any(|detail| detail.metadata.quota_limit.contains("PerDay")) {
        return "dailyLimitExceeded".to_owned();
    }
    let older = google.errors.iter().map(|error| &error.reason);
    let newer = details.iter().map(|detail| &detail.reason);
    // An API that is off is "forbidden" in the older form of some APIs.
    let words: Vec<&String> =
        older.chain(newer).chain([&google.status]).filter(|word| !word.is_empty()).collect();
    let telling = |word: &&&String| !matches!(word.as_str(), "forbidden" | "PERMISSION_DENIED");
    let word = words.iter().find(telling).or(words.first());
    word.map_or_else(|| "no reason given".to_owned(), |word| one_line(word))
}

fn disabled(url: &Url, google: &Google) -> SignInError {
    let metadata = google.details.iter().map(|detail| &detail.metadata);
    let told = metadata.clone().map(|found| found.service.as_str()).find(|name| !name.is_empty());
    let service = told.unwrap_or_else(|| service_of(url));
    let api = match service {
        "drive.googleapis.com" => "Google Drive API",
        "photoslibrary.googleapis.com" => "Google Photos Library API",
        "photospicker.googleapis.com" => "Google Photos Picker API",
        other => other,
    };
    // Only what can be part of an address is taken over into one.
    let plain = |text: &&str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let mut consumers = metadata.filter_map(|found| found.consumer.strip_prefix("projects/"));
    let project = consumers.find(plain).map(|id| format!("?project={id}"));
    let page = if service.ends_with(".googleapis.com") { service } else { service_of(url) };
    let console = format!(
        "https://console.cloud.google.com/apis/library/{page}{}",
        project.unwrap_or_default()
    );
    SignInError::ApiDisabled { api: one_line(api), console: one_line(&console) }
}

fn service_of(url: &Url) -> &'static str {
    match api_of(url) {
        Api::Drive => "drive.googleapis.com",
        Api::Photos => "photoslibrary.googleapis.com",
        Api::Picker => "photospicker.googleapis.com",
    }
}

fn scope_for(url: &Url) -> &'static str {
    match api_of(url) {
        Api::Drive => super::tokens::scope::DRIVE,
        Api::Photos => super::tokens::scope::PHOTOS,
        Api::Picker => super::tokens::scope::PICKER,
    }
}

enum Api {
    Drive,
    Photos,
    Picker,
}

/// Which API `url` belongs to, at Google and at a stand-in alike.
fn api_of(url: &Url) -> Api {
    let place = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
    if place.contains("photospicker") {
        Api::Picker
    } else if place.contains("photoslibrary") {
        Api::Photos
    } else {
        Api::Drive
    }
}

/// Reads a `Retry-After` header: seconds, or a date. A number that no clock can hold is
/// a very long wait, and not none.
fn wait(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}

/// `text` on one line, and not too long: what others have written is told like this.
#[must_use]
pub fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).take(MESSAGE_MAX).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_googles_errors_give_the_reason() {
        for (status, body, expected) in [
            (404, r#"{"error":{"errors":[{"reason":"notFound"}],"message":"m"}}"#, "notFound"),
            (
                403,
                r#"{"error":{"errors":[{"reason":"userRateLimitExceeded"}]}}"#,
                "userRateLimitExceeded",
            ),
            (
                429,
                r#"{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"reason":"RATE_LIMIT_EXCEEDED"}]}}"#,
                "RATE_LIMIT_EXCEEDED",
            ),
            (
                429,
                r#"{"error":{"details":[{"reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"ApiCallsPerDayPerProject"}}]}}"#,
                "dailyLimitExceeded",
            ),
            (429, r#"{"error":{"status":"RESOURCE_EXHAUSTED"}}"#, "RESOURCE_EXHAUSTED"),
            (
                403,
                r#"{"error":{"errors":[{"reason":"forbidden"}],"status":"PERMISSION_DENIED"}}"#,
                "forbidden",
            ),
            (502, "<html>Bad gateway</html>", "no reason given"),
            (500, "", "no reason given"),
        ] {
            let error = refused(status, "https://www.googleapis.com/drive/v3/files", body, None);
            assert_eq!((error.status(), error.reason()), (Some(status), Some(expected)), "{body}");
        }
    }

    #[test]
    fn an_api_that_is_off_is_told_with_the_page_that_turns_it_on() {
        let body = r#"{"error":{"errors":[{"reason":"forbidden"}],"details":[{"reason":"SERVICE_DISABLED",
            "metadata":{"service":"photoslibrary.googleapis.com","consumer":"projects/123"}}]}}"#;
        let error = refused(403, "https://photoslibrary.googleapis.com/v1/albums", body, None);
        let console = "https://console.cloud.google.com/apis/library/photoslibrary.googleapis.com?project=123";
        let api = "Google Photos Library API".to_owned();
        assert_eq!(error, SignInError::ApiDisabled { api, console: console.to_owned() }.into());
    }

    #[test]
    fn an_older_answer_of_an_api_that_is_off_names_the_api_by_the_address() {
        let body = r#"{"error":{"errors":[{"reason":"accessNotConfigured"}]}}"#;
        let error = refused(403, "http://127.0.0.1:1/drive/v3/files", body, None);
        assert!(error.to_string().starts_with("the Google Drive API is not enabled"), "{error}");
    }

    #[test]
    fn a_permission_that_was_not_given_is_a_matter_of_signing_in() {
        let body = r#"{"error":{"errors":[{"reason":"insufficientPermissions"}]}}"#;
        for (url, scope) in [
            ("https://www.googleapis.com/drive/v3/files", "drive.readonly"),
            ("http://127.0.0.1:1/photoslibrary/v1/x", "photoslibrary.readonly.appcreateddata"),
            ("http://127.0.0.1:1/photospicker/v1/x", "photospicker.mediaitems.readonly"),
        ] {
            let scope = format!("https://www.googleapis.com/auth/{scope}");
            assert_eq!(refused(403, url, body, None), SignInError::ScopeMissing { scope }.into());
        }
    }

    #[test]
    fn a_permission_that_photos_misses_without_a_reason_is_one_too() {
        let told = |message: &str| {
            let body = format!(
                r#"{{"error":{{"code":403,"message":"{message}","status":"PERMISSION_DENIED"}}}}"#
            );
            refused(403, "http://127.0.0.1:1/photoslibrary/v1/mediaItems", &body, None)
        };
        assert!(told("Request had insufficient authentication scopes.").is_sign_in());
        assert!(!told("The caller does not have permission").is_sign_in());
    }

    #[test]
    fn a_file_that_one_may_not_read_is_no_matter_of_signing_in() {
        let body = r#"{"error":{"errors":[{"reason":"insufficientFilePermissions"}]}}"#;
        assert!(
            !refused(403, "https://www.googleapis.com/drive/v3/files/x", body, None).is_sign_in()
        );
    }

    #[test]
    fn a_wait_is_read_as_seconds_and_as_a_date() {
        let now = DateTime::parse_from_rfc3339("2015-10-21T07:28:00Z").unwrap().to_utc();
        for (text, expected) in [
            ("120", Some(120)),
            ("Wed, 21 Oct 2015 07:29:00 GMT", Some(60)),
            ("Wed, 21 Oct 2015 07:00:00 GMT", Some(0)),
            ("99999999999999999999999999", Some(u64::MAX)),
            ("soon", None),
            ("", None),
            ("1e3", None),
            ("Wed, 99 Oct 2015 07:29:00 GMT", None),
            ("-1", None),
        ] {
            assert_eq!(wait(text, now), expected.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn what_google_says_cannot_draw_on_the_terminal() {
        let body = "{\"error\":{\"message\":\"a\\u001b[31m\\nb\"}}";
        let error = refused(400, "https://www.googleapis.com/x", body, None).to_string();
        assert!(!error.chars().any(char::is_control), "{error:?}");
    }

    fn refused(status: u16, url: &str, body: &str, retry_after: Option<&str>) -> Error {
        let url = &Url::parse(url).unwrap();
        let (body, now) = (body.as_bytes(), DateTime::UNIX_EPOCH);
        read(&Refusal { url, status, retry_after, body, now })
    }
}
