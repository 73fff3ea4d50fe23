//! The Google Photos Picker API v1: sessions in which a person chooses items.
//!
//! After <https://developers.google.com/photos/picker/reference/rest>. Nobody
//! sits before the sandbox: [`Picks`] says beforehand what will be chosen, and
//! after how many questions.

mod picks;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::routing::{get, post};
use axum::{Extension, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

pub use picks::Picks;

pub(super) use picks::Desk;

use super::answer::{Answer, Refusal, json as json_answer};
use super::fault::Effect;
use super::fields::Shape::{self, Leaf, Object};
use super::gate::Twist;
use super::photos::{
    Audience, Page, Part, Photo, Query, Sizes, View, base_url, generation, invalid, listing,
    whole_seconds,
};
use super::world::World;
use super::{Shared, lock};

const PAGES: Sizes = Sizes { default: 50, max: 100 };
/// The most that a session takes; more is brought down to it.
const ITEMS_MAX: u64 = 2000;
/// Seven days.
const SESSION_MINUTES: u64 = 7 * 24 * 60;
/// Far off: sessions expire by [`World::pass_minutes`], not by anybody's clock.
const EXPIRE_TIME: &str = "2099-12-31T23:59:59Z";

const SESSION: Shape = Object(&[
    ("id", Leaf),
    ("pickerUri", Leaf),
    ("pollingConfig", Object(&[("pollInterval", Leaf), ("timeoutIn", Leaf)])),
    ("expireTime", Leaf),
    ("pickingConfig", Object(&[("maxItemCount", Leaf)])),
    ("mediaItemsSet", Leaf),
]);

#[derive(Clone, Debug)]
struct Session {
    /// What is chosen in it and in no other.
    own: Option<Picks>,
    polls_left: u32,
    items_max: u64,
    opened_in: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct NewSession {
    picking_config: PickingConfig,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct PickingConfig {
    /// int64, and so a text.
    max_item_count: Option<String>,
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/photospicker/v1/sessions", post(answer_create))
        .route("/photospicker/v1/sessions/{id}", get(answer_poll).delete(answer_delete))
        .route("/photospicker/v1/mediaItems", get(answer_list))
}

async fn answer_create(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Answer {
    let query = Query::read(&query.unwrap_or_default(), &["requestId"])?;
    create(&mut lock(&shared.world), &shared.root, &query, &body)
}

async fn answer_poll(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = Query::read(&query.unwrap_or_default(), &[])?;
    poll(&mut lock(&shared.world), &shared.root, &id, &query)
}

async fn answer_delete(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    Query::read(&query.unwrap_or_default(), &[])?;
    let mut world = lock(&shared.world);
    open_session(&mut world, &id)?;
    world.photos.picker.sessions.remove(&id);
    Ok(json_answer(&json!({})))
}

async fn answer_list(
    State(shared): State<Arc<Shared>>,
    Extension(Twist(effect)): Extension<Twist>,
    RawQuery(query): RawQuery,
) -> Answer {
    let known = ["sessionId", "pageSize", "pageToken"];
    let query = Query::read(&query.unwrap_or_default(), &known)?;
    let id = query.get("sessionId").ok_or_else(|| invalid("Session ID is required."))?;
    let mut world = lock(&shared.world);
    let items_max = open_session(&mut world, id)?.done()?;
    let empty_page = effect == Some(Effect::EmptyPage);
    let view = View { world: &world, root: &shared.root, empty_page, omit: None };
    list(&view, id, items_max, &query)
}

/// Answers sessions.create.
fn create(world: &mut World, root: &str, query: &Query, body: &[u8]) -> Answer {
    if query.get("requestId").is_some_and(|id| !is_uuid_v4(id)) {
        return Err(invalid("Request ID must be a version 4 UUID."));
    }
    let body = if body.is_empty() { b"{}" } else { body };
    let wanted: NewSession = serde_json::from_slice(body)
        .map_err(|error| invalid(format!("Invalid JSON payload received. {error}")))?;
    let items_max = match wanted.picking_config.max_item_count.as_deref() {
        None | Some("0") => ITEMS_MAX,
        Some(text) => text.parse().map_err(|_| invalid("Invalid max item count."))?,
    };
    let minute = world.photos.minute;
    let desk = &mut world.photos.picker;
    if !desk.has_photos {
        let text = "The user does not have a Google Photos account.";
        return Err(Refusal::rpc(400, "FAILED_PRECONDITION", text));
    }
    desk.sessions.retain(|_, session| session.is_open(minute));
    if desk.sessions.len() >= desk.sessions_max {
        let text = "Too many open sessions. Delete sessions that are no longer needed.";
        return Err(Refusal::rpc(429, "RESOURCE_EXHAUSTED", text));
    }
    desk.opened += 1;
    let id = format!("session-{:04}", desk.opened);
    let items_max = items_max.min(ITEMS_MAX);
    let own = desk.next.pop_front();
    let polls_left = own.as_ref().unwrap_or(&desk.picks).polls;
    let session = Session { own, polls_left, items_max, opened_in: minute };
    desk.sessions.insert(id.clone(), session.clone());
    // Nothing can have been chosen before the page was opened.
    Ok(json_answer(&query.masked(show(&id, &session, root, false), SESSION)?))
}

/// Answers sessions.get, which counts as one poll.
fn poll(world: &mut World, root: &str, id: &str, query: &Query) -> Answer {
    let session = open_session(world, id)?;
    let done = session.polls_left == 0;
    session.polls_left = session.polls_left.saturating_sub(1);
    let shown = show(id, session, root, done);
    Ok(json_answer(&query.masked(shown, SESSION)?))
}

/// Answers mediaItems.list.
fn list(view: &View<'_>, id: &str, items_max: usize, query: &Query) -> Answer {
    let library = &view.world.photos;
    let desk = &library.picker;
    let session = desk.sessions.get(id).ok_or_else(no_session)?;
    let picks = desk.picks_of(session);
    let chosen = picks.items.iter().take(items_max);
    let chosen = chosen.filter_map(|id| library.items.get(id)).collect();
    let subject = generation(view, &format!("picks of {id}"));
    let page = Page::read(&subject, PAGES, query.number("pageSize")?, query.get("pageToken"))?;
    let Part { entries, next } = page.cut(chosen, view.empty_page);
    let next = next.or_else(|| picks.endless.then(|| page.again()));
    let entries: Vec<_> = entries.into_iter().map(|photo| item(view, photo)).collect();
    Ok(json_answer(&query.masked(listing("mediaItems", entries, next), PICKED)?))
}

const PICKED: Shape = Object(&[
    (
        "mediaItems",
        Object(&[
            ("id", Leaf),
            ("createTime", Leaf),
            ("type", Leaf),
            (
                "mediaFile",
                Object(&[
                    ("baseUrl", Leaf),
                    ("mimeType", Leaf),
                    ("filename", Leaf),
                    (
                        "mediaFileMetadata",
                        Object(&[
                            ("width", Leaf),
                            ("height", Leaf),
                            ("cameraMake", Leaf),
                            ("cameraModel", Leaf),
                            ("photoMetadata", Leaf),
                            ("videoMetadata", Leaf),
                        ]),
                    ),
                ]),
            ),
        ]),
    ),
    ("nextPageToken", Leaf),
]);

/// A picture or a film, as the Picker shows it: width and height are int32 and so numbers.
fn item(view: &View<'_>, photo: &Photo) -> Value {
    let mut metadata = json!({"width": photo.width, "height": photo.height});
    if let Some((make, model)) = &photo.camera {
        metadata["cameraMake"] = make.as_str().into();
        metadata["cameraModel"] = model.as_str().into();
    }
    let kind = match photo.film {
        None => {
            metadata["photoMetadata"] = match photo.camera {
                Some(_) => json!({"focalLength": 4.3, "apertureFNumber": 1.8,
                    "isoEquivalent": 100, "exposureTime": "0.004s"}),
                None => json!({}),
            };
            "PHOTO"
        }
        Some(status) => {
            metadata["videoMetadata"] = json!({"fps": 15.0, "processingStatus": status.as_str()});
            "VIDEO"
        }
    };
    json!({
        "id": photo.id,
        "createTime": whole_seconds(photo.taken),
        "type": kind,
        "mediaFile": {
            "baseUrl": base_url(view, photo, Audience::Picker),
            "mimeType": photo.mime,
            "filename": photo.filename,
            "mediaFileMetadata": metadata,
        },
    })
}

impl Session {
    fn is_open(&self, minute: u64) -> bool {
        minute.saturating_sub(self.opened_in) < SESSION_MINUTES
    }

    /// How many items it may hold, once the person has chosen.
    fn done(&self) -> Result<usize, Refusal> {
        if self.polls_left > 0 {
            let info = json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "PENDING_USER_ACTION", "domain": "photospicker.googleapis.com"});
            let text = "The user has not finished picking media items.";
            let refusal = Refusal::rpc(400, "FAILED_PRECONDITION", text);
            return Err(refusal.with_info("FAILED_PRECONDITION", info));
        }
        Ok(usize::try_from(self.items_max).unwrap_or(usize::MAX))
    }
}

fn open_session<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Session, Refusal> {
    let minute = world.photos.minute;
    let session = world.photos.picker.sessions.get_mut(id);
    session.filter(|session| session.is_open(minute)).ok_or_else(no_session)
}

fn no_session() -> Refusal {
    Refusal::rpc(404, "NOT_FOUND", "Session not found.")
}

/// A session. How often to ask is only said while there is something to wait for.
fn show(id: &str, session: &Session, root: &str, done: bool) -> Value {
    let mut shown = json!({
        "id": id,
        "pickerUri": format!("{root}/picker/{id}"),
        "expireTime": EXPIRE_TIME,
        "pickingConfig": {"maxItemCount": session.items_max.to_string()},
        "mediaItemsSet": done,
    });
    if !done {
        shown["pollingConfig"] = json!({"pollInterval": "5s", "timeoutIn": "1799s"});
    }
    shown
}

/// `xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx`
fn is_uuid_v4(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let hex = text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    let lengths = parts.iter().map(|part| part.len());
    hex && lengths.eq([8, 4, 4, 4, 12])
        && parts[2].starts_with('4')
        && parts[3].starts_with(['8', '9', 'a', 'b', 'A', 'B'])
}
