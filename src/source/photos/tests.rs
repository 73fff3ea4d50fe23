//! What fetching from Photos costs and how it fails, at a server that gives out addresses
//! which serve until it is told otherwise.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex as SyncMutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::*;
use crate::google::tokens::Fixed;
use crate::google::{Endpoints, Secret};
use crate::model::{ItemKey, Kind, Marks, Revision, Shot, SourceId};

/// Photos as one test needs it.
#[derive(Default)]
struct Google {
    root: SyncMutex<String>,
    asked: SyncMutex<Vec<String>>,
    /// Addresses of other generations do not serve.
    generation: AtomicU32,
}

struct Hands(SyncMutex<DateTime<Utc>>);

#[async_trait]
impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

/// Serves `photos` at an address of its own.
async fn photos() -> (Photos, Arc<Google>, Arc<Hands>) {
    let google = Arc::new(Google::default());
    let routes = Router::new()
        .route("/photoslibrary/v1/mediaItems:batchGet", get(batch))
        .route("/media/{generation}/{id}", get(media_bytes))
        .with_state(Arc::clone(&google));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    google.root.lock().unwrap().clone_from(&root);
    let clock = Arc::new(Hands(SyncMutex::new(DateTime::UNIX_EPOCH)));
    let tokens = Arc::new(Fixed::new(Secret::new("token".to_owned())));
    let endpoints = Endpoints::under(&root).unwrap();
    let client = Client::new(endpoints, tokens, Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    (Photos::new(client, Arc::clone(&clock) as Arc<dyn Clock>), google, clock)
}

async fn batch(State(google): State<Arc<Google>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let ids: Vec<_> = pairs.filter(|(name, _)| name == "mediaItemIds").collect();
    google.note(format!("batch of {}", ids.len()));
    let mut results: Vec<_> = ids.iter().map(|(_, id)| google.result(id)).collect();
    if ids.iter().any(|(_, id)| id == "turned") {
        results.reverse();
    }
    axum::Json(json!({"mediaItemResults": results})).into_response()
}

async fn media_bytes(
    State(google): State<Arc<Google>>,
    Path((generation, id)): Path<(u32, String)>,
    headers: HeaderMap,
) -> Response {
    google.note(format!("media {id}"));
    assert!(!headers.contains_key("authorization"), "an address needs no token");
    if generation != google.generation.load(Ordering::SeqCst) {
        return StatusCode::FORBIDDEN.into_response();
    }
    ([("Content-Type", "image/jpeg")], format!("bytes of {id}")).into_response()
}

impl Google {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn result(&self, id: &str) -> Value {
        let base = self.root.lock().unwrap().clone();
        let address = format!("{base}/media/{}/{id}", self.generation.load(Ordering::SeqCst));
        let item = |metadata: Value| {
            json!({"mediaItem": {"id": id, "baseUrl": address, "filename": "a.b.jpg",
                "mimeType": "image/jpeg", "mediaMetadata": metadata}})
        };
        match id {
            "gone" => json!({"status": {"code": 5, "message": "Not found."}}),
            "broken" => json!({"status": {"code": 13, "message": "Internal."}}),
            "film" => item(json!({"video": {"status": "READY"}})),
            "processing" => item(json!({"video": {"status": "PROCESSING"}})),
            "failed" => item(json!({"video": {"status": "FAILED"}})),
            _ => item(json!({"photo": {}})),
        }
    }
}

fn item(id: &str) -> Item {
    Item {
        key: ItemKey { source: SourceId::Photos, id: RemoteId(id.to_owned()) },
        kind: Kind::File,
        title: "a.b.jpg".to_owned(),
        mime_type: "image/jpeg".to_owned(),
        parents: Vec::new(),
        size_bytes: None,
        md5: None,
        sha256: None,
        revision: None,
        created_at: None,
        modified_at: None,
        owned: true,
        marks: Marks::default(),
        shot: Shot::default(),
        description: None,
    }
}

async fn fetch(photos: &Photos, id: &str) -> Result<String, Error> {
    let revision = Revision("r".to_owned());
    let want = Want { item: item(id), revision, export: None, from_byte: 0, within: None };
    let mut reading = photos.open(&[want]).await?;
    let mut bytes = Vec::new();
    assert_eq!(reading.entry().await?.map(|entry| entry.from_byte), Some(0));
    while let Some(more) = reading.chunk().await? {
        bytes.extend_from_slice(&more);
    }
    Ok(String::from_utf8(bytes).unwrap())
}

#[tokio::test]
async fn one_request_for_addresses_serves_fifty_downloads() {
    let (photos, google, _) = photos().await;
    let ids: Vec<_> = (0..60).map(|i| RemoteId(format!("p{i}"))).collect();
    photos.look_ahead(&ids);
    let fetches = ids[..50].iter().map(|id| fetch(&photos, id.as_str()));
    for (id, came) in ids.iter().zip(futures_util::future::join_all(fetches).await) {
        assert_eq!(came.unwrap(), format!("bytes of {id}=d"));
    }
    let batches = || google.asked().into_iter().filter(|it| it.starts_with("batch"));
    assert_eq!(batches().collect::<Vec<_>>(), ["batch of 50"]);
    fetch(&photos, "p50").await.unwrap();
    assert_eq!(batches().collect::<Vec<_>>(), ["batch of 10"]);
}

#[tokio::test]
async fn films_and_clips_are_fetched_as_films() {
    let (photos, google, _) = photos().await;
    for (id, expected) in [("film", "bytes of film=dv"), ("p=dv", "bytes of p=dv")] {
        assert_eq!(fetch(&photos, id).await.unwrap(), expected);
    }
    google.asked();
    assert_eq!(fetch(&photos, "p").await.unwrap(), "bytes of p=d");
    assert_eq!(google.asked(), ["media p=d"], "a still and its clip have one address");
}

#[tokio::test]
async fn an_address_is_renewed_before_it_expires_and_when_it_no_longer_serves() {
    let (photos, google, clock) = photos().await;
    fetch(&photos, "p").await.unwrap();
    *clock.0.lock().unwrap() += TimeDelta::minutes(49);
    google.asked();
    fetch(&photos, "p").await.unwrap();
    assert_eq!(google.asked(), ["media p=d"]);

    *clock.0.lock().unwrap() += TimeDelta::minutes(1);
    fetch(&photos, "p").await.unwrap();
    assert_eq!(google.asked(), ["batch of 1", "media p=d"]);

    google.generation.fetch_add(1, Ordering::SeqCst);
    assert_eq!(fetch(&photos, "p").await.unwrap(), "bytes of p=d");
    assert_eq!(google.asked(), ["media p=d", "batch of 1", "media p=d"]);
}

#[tokio::test]
async fn addresses_that_expired_together_are_renewed_together() {
    let (photos, google, _) = photos().await;
    let ids: Vec<_> = (0..40).map(|i| RemoteId(format!("p{i}"))).collect();
    photos.look_ahead(&ids);
    fetch(&photos, "p0").await.unwrap();
    google.generation.fetch_add(1, Ordering::SeqCst);
    google.asked();
    for id in &ids[1..] {
        fetch(&photos, id.as_str()).await.unwrap();
    }
    let asked = google.asked();
    assert_eq!(asked.iter().filter(|it| it.starts_with("batch")).count(), 1, "{asked:?}");
}

#[tokio::test]
async fn what_cannot_be_had_is_told_apart_and_hurts_no_other_item() {
    let (photos, _google, _) = photos().await;
    let ids = ["gone", "broken", "processing", "failed", "p"];
    photos.look_ahead(&ids.map(|id| RemoteId(id.to_owned())));
    for (id, expected) in [
        ("p", "bytes of p=d"),
        ("gone", "the item is gone, or no longer shared with this account"),
        ("processing", "Google is still processing this video; the next run tries again"),
        ("failed", "Google could not process this video, and hands out nothing of it"),
    ] {
        let came = fetch(&photos, id).await.unwrap_or_else(|error| error.to_string());
        assert_eq!(came, expected, "{id}");
    }
    let Err(Error::Google(error)) = fetch(&photos, "broken").await else { panic!("it came") };
    assert_eq!(error.status(), Some(500));
}

#[tokio::test]
async fn asking_by_id_answers_in_order_and_tells_clips_by_their_stills() {
    let (photos, google, _) = photos().await;
    let mut ids: Vec<_> = (0..60).map(|i| RemoteId(format!("p{i}"))).collect();
    ids.extend(["gone", "gone=dv", "p7=dv"].map(|id| RemoteId(id.to_owned())));
    let answers = photos.ask(&ids).await.unwrap();
    assert_eq!(google.asked(), ["batch of 50", "batch of 11"]);
    for (id, answer) in ids.iter().zip(&answers) {
        match answer {
            Presence::Present(item) => assert_eq!(item.key.id, *id),
            Presence::Absent => assert!(id.as_str().starts_with("gone"), "{id}"),
        }
    }
    let Presence::Present(clip) = &answers[62] else { panic!("the clip is not there") };
    assert_eq!((clip.title.as_str(), clip.mime_type.as_str()), ("a.b.mp4", "video/mp4"));
    assert_eq!(clip.parents, [RemoteId("p7".to_owned())]);
    assert!(photos.ask(&[RemoteId("broken".to_owned())]).await.is_err());
}

#[tokio::test]
async fn the_length_is_asked_for_without_fetching() {
    let (photos, google, _) = photos().await;
    assert_eq!(photos.length(&item("p")).await.unwrap(), Some(12));
    google.generation.fetch_add(1, Ordering::SeqCst);
    assert_eq!(photos.length(&item("p")).await.unwrap(), Some(12), "at another address");
}

#[tokio::test]
async fn an_answer_about_other_items_than_were_asked_for_is_none() {
    let (photos, google, _) = photos().await;
    let ids = ["turned", "p", "gone"].map(|id| RemoteId(id.to_owned()));
    photos.look_ahead(&ids);
    let Err(Error::Google(error)) = fetch(&photos, "p").await else { panic!("it came") };
    assert!(matches!(error, google::Error::Unreadable { .. }), "{error}");
    assert!(photos.ask(&ids).await.is_err(), "nobody is taken for gone");
    assert!(google.asked().iter().all(|asked| asked.starts_with("batch")));
    let alone = ["p", "gone"].map(|id| RemoteId(id.to_owned()));
    assert_eq!(photos.ask(&alone).await.unwrap().len(), 2);
}
