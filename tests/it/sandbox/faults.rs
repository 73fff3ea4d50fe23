//! Each failure happens to the request it is meant for, as it was ordered.

use std::time::Duration;

use gphotos_sync::sandbox::{Class, Content, Effect, Fault, Sandbox, World};

use super::client::{Client, chain};

const BYTES: &[u8; 10] = b"0123456789";

#[test]
fn errors_have_the_status_the_reason_and_the_waiting_time_that_were_ordered() {
    let google = google();
    let client = Client::new(&google);
    for (status, reason) in [
        (403, "userRateLimitExceeded"),
        (403, "dailyLimitExceeded"),
        (403, "downloadQuotaExceeded"),
        (403, "insufficientFilePermissions"),
        (404, "notFound"),
        (410, "updatedMinTooLongAgo"),
        (429, "rateLimitExceeded"),
        (500, "internalError"),
        (503, "backendError"),
    ] {
        google.fail(Fault::new(Effect::error(status, reason)).on(Class::Media));
        let answer = client.get("files/a?alt=media");
        assert_eq!((answer.status, answer.reason().as_str()), (status, reason));
        assert_eq!(answer.json()["error"]["code"], status);
    }
    let reason = "rateLimitExceeded".to_owned();
    google.fail(Fault::new(Effect::Error { status: 429, reason, retry_after_s: Some(7) }));
    assert_eq!(client.get("files").headers["retry-after"], "7");
    assert_eq!(client.get("files").status, 200);
}

#[test]
fn bodies_are_cut_and_changed_and_made_too_long() {
    let google = google();
    let client = Client::new(&google);
    let once = |effect| {
        google.fail(Fault::new(effect).id("a").on(Class::Media));
        client.get("files/a?alt=media")
    };
    let cut = once(Effect::Cut { after: 4 });
    assert_eq!((cut.status, &cut.body[..], cut.broken), (200, &b"0123"[..], true));
    assert_eq!(cut.headers["content-length"], "10");
    assert!(once(Effect::Cut { after: 0 }).broken);
    let corrupt = once(Effect::Corrupt { at: 3 });
    assert_eq!(corrupt.body.iter().zip(BYTES).filter(|(one, other)| one != other).count(), 1);
    assert_ne!(corrupt.body[3], BYTES[3]);
    let long = once(Effect::TooLong { extra: 5 });
    assert_eq!((long.body.len(), long.headers["content-length"].to_str().unwrap()), (15, "15"));
    let html = once(Effect::Html);
    assert_eq!(
        (html.status, html.headers["content-type"].to_str().unwrap()),
        (200, "text/html; charset=UTF-8")
    );
    assert_eq!(once(Effect::ErrorPage(502)).status, 502);
    let moved = once(Effect::Redirect("http://127.0.0.1:1/".to_owned()));
    assert_eq!(
        (moved.status, moved.headers["location"].to_str().unwrap()),
        (307, "http://127.0.0.1:1/")
    );
    assert_eq!(once(Effect::Latency(Duration::from_millis(1))).body, BYTES);
}

#[test]
fn a_long_body_is_cut_at_the_very_byte() {
    let content = Content::Pattern { seed: 3, len: 8_000_000 };
    let google = Sandbox::start(World::new().file("a", "a.mp4", content.clone(), "root"));
    google.fail(Fault::new(Effect::Cut { after: 5_000_001 }));
    let answer = Client::new(&google).get("files/a?alt=media");
    assert!(answer.broken);
    assert_eq!(answer.body, content.slice(0..5_000_001));
}

#[test]
fn the_token_endpoint_fails_in_its_own_words() {
    let google = google();
    let client = Client::new(&google);
    google.fail(Fault::new(Effect::error(400, "invalid_grant")).on(Class::Token));
    let answer = client.post_form("/token", &[]);
    assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(client.post_form("/token", &[]).json()["error"], "unsupported_grant_type");
}

#[test]
fn a_reset_connection_gives_no_answer_and_the_next_one_does() {
    let google = google();
    let client = Client::new(&google);
    google.fail(Fault::new(Effect::Reset).on(Class::List));
    let error = client.try_get("files").unwrap_err();
    assert!(chain(&error).contains("reset"), "{}", chain(&error));
    assert_eq!(client.get("files").status, 200);
    let statuses: Vec<_> = google.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [None, Some(200)]);
}

#[test]
fn a_stalled_body_goes_on_when_it_is_let_go() {
    let google = google();
    google.fail(Fault::new(Effect::Stall { after: 4 }).on(Class::Media));
    let answer = std::thread::scope(|scope| {
        let reading = scope.spawn(|| Client::new(&google).get("files/a?alt=media"));
        assert!(google.wait_for(Class::Media, 1));
        while google.requests().first().is_none_or(|request| request.status.is_none()) {
            std::thread::yield_now();
        }
        assert!(!reading.is_finished());
        google.release();
        reading.join().unwrap()
    });
    assert_eq!((&answer.body[..], answer.broken), (&BYTES[..], false));
}

#[test]
fn listings_can_be_broken_in_their_own_ways() {
    let google = google();
    let client = Client::new(&google);
    google.fail(Fault::new(Effect::BrokenJson).on(Class::List));
    let broken = client.get("files");
    assert!(serde_json::from_slice::<serde_json::Value>(&broken.body).is_err());
    google.fail(Fault::new(Effect::IncompleteSearch).on(Class::List));
    assert_eq!(client.get("files").json()["incompleteSearch"], true);

    google.fail(Fault::new(Effect::EmptyPage).on(Class::List).times(2));
    let pages = client.pages("files?pageSize=1", "files");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [0, 0, 1, 1]);

    google.fail(Fault::new(Effect::PageTokenRefused).on(Class::List));
    let page = client.get("files?pageSize=1").json();
    let next = format!("files?pageSize=1&pageToken={}", page["nextPageToken"].as_str().unwrap());
    assert_eq!((client.get(&next).status, client.get(&next).status), (400, 200));
}

#[test]
fn a_slow_google_is_right_and_fails_as_it_is_told() {
    let google = google();
    let client = Client::new(&google);
    google.set_latency(Duration::from_millis(1));
    google.fail(Fault::new(Effect::error(500, "backendError")));
    assert_eq!((client.get("files").status, client.get("files").status), (500, 200));
}

#[test]
fn faults_end_when_the_sandbox_is_mended() {
    let google = google();
    let client = Client::new(&google);
    google.fail(Fault::new(Effect::error(500, "backendError")).always());
    assert_eq!((client.get("files").status, client.get("about?fields=kind").status), (500, 500));
    google.mend();
    assert_eq!(client.get("files").status, 200);
    google.forget_requests();
    assert!(google.requests().is_empty());
}

fn google() -> Sandbox {
    Sandbox::start(World::new().file("a", "a.bin", BYTES, "root").file("b", "b.bin", BYTES, "root"))
}
