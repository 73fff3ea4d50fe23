//! The Google Photos Library API v1, as far as reading goes.
//!
//! Since April 2025 it shows an app what this app uploaded and nothing else
//! (<https://developers.google.com/photos/support/updates>).

mod library;
mod media;
mod page;
mod photo;
mod place;
mod search;
mod view;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::routing::{any, post};
use axum::{Extension, Router};
use bytes::Bytes;
use serde_json::{Value, json};

pub use photo::{Album, Photo, VideoStatus};

pub(super) use library::Library;
pub(super) use media::{Audience, base_url};
pub(super) use page::{Page, Part, Sizes};
pub(super) use view::{View, whole_seconds};

use super::answer::{Answer, Refusal, json as json_answer};
use super::fault::Effect;
use super::fields::{Mask, Shape};
use super::gate::Twist;
use super::{Shared, lock};
use search::Search;

const ITEM_PAGES: Sizes = Sizes { default: 25, max: 100 };
const ALBUM_PAGES: Sizes = Sizes { default: 20, max: 50 };
/// How many items mediaItems.batchGet takes.
const BATCH_MAX: usize = 50;

/// What every Google API takes beside its own parameters.
const COMMON: &[&str] = &[
    "$.xgafv",
    "access_token",
    "alt",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "prettyPrint",
    "quotaUser",
];

/// The parameters of a request, in order.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string, refusing names that are not in `known`.
    pub fn read(text: &str, known: &[&str]) -> Result<Self, Refusal> {
        let pairs: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        for (name, _) in &pairs {
            if !known.contains(&name.as_str()) && !COMMON.contains(&name.as_str()) {
                return Err(invalid(format!(
                    "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message."
                )));
            }
        }
        Ok(Self(pairs))
    }

    pub fn get(&self, wanted: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// The value of an int32.
    pub fn number(&self, wanted: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.get(wanted) else { return Ok(None) };
        let bad = |_| invalid(format!("Invalid value at '{wanted}' (TYPE_INT32), \"{text}\""));
        text.parse::<i32>().map(|number| Some(number.into())).map_err(bad)
    }

    /// `answer` with what the `fields` mask asks for, after refusing what `shape` has not.
    pub fn masked(&self, mut answer: Value, shape: Shape) -> Result<Value, Refusal> {
        if let Some(text) = self.get("fields") {
            let mask = Mask::parse(text, shape).map_err(Refusal::in_rpc_dialect)?;
            mask.prune(&mut answer);
        }
        Ok(answer)
    }
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/photoslibrary/v1/mediaItems:search", post(answer_search))
        .route("/photoslibrary/v1/{*path}", any(answer_get))
        .merge(media::routes())
}

async fn answer_get(
    State(shared): State<Arc<Shared>>,
    Extension(Twist(effect)): Extension<Twist>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let world = lock(&shared.world);
    let empty_page = effect == Some(Effect::EmptyPage);
    let omit = omitted(effect.as_ref());
    let view = View { world: &world, root: &shared.root, empty_page, omit };
    Ok(json_answer(&read(&view, &path, &query.unwrap_or_default())?))
}

async fn answer_search(
    State(shared): State<Arc<Shared>>,
    Extension(Twist(effect)): Extension<Twist>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Answer {
    let world = lock(&shared.world);
    if effect == Some(Effect::EmptyAnswer) {
        return Ok(json_answer(&json!({})));
    }
    let empty_page = effect == Some(Effect::EmptyPage);
    let omit = omitted(effect.as_ref());
    let view = View { world: &world, root: &shared.root, empty_page, omit };
    Ok(json_answer(&search(&view, &query.unwrap_or_default(), &body)?))
}

fn omitted(effect: Option<&Effect>) -> Option<&str> {
    match effect {
        Some(Effect::Omit(id)) => Some(id),
        _ => None,
    }
}

/// Answers `GET` of `path`, which follows `/photoslibrary/v1/`. What this app
/// may not do with the scopes that are left has been refused before.
fn read(view: &View<'_>, path: &str, query: &str) -> Result<Value, Refusal> {
    match path.split_once('/') {
        None if path == "mediaItems" => list_items(view, query),
        None if path == "mediaItems:batchGet" => batch(view, query),
        None if path == "albums" => list_albums(view, query),
        Some(("mediaItems", id)) => {
            let query = Query::read(query, &[])?;
            query.masked(view.item(item(view, id)?), view::ONE_ITEM)
        }
        Some(("albums", id)) => {
            let query = Query::read(query, &[])?;
            let album = view.world.photos.album(id).ok_or_else(|| gone("Album"))?;
            query.masked(view.album(album), view::ONE_ALBUM)
        }
        _ => Err(Refusal::rpc(404, "NOT_FOUND", "Method not found.")),
    }
}

/// Answers mediaItems.search.
fn search(view: &View<'_>, query: &str, body: &[u8]) -> Result<Value, Refusal> {
    let query = Query::read(query, &[])?;
    let search = Search::read(body)?;
    let found = search.run(&view.world.photos)?;
    let subject = format!("search {}", search.subject());
    let token = search.page_token.as_deref();
    let page = Page::read(&generation(view, &subject), ITEM_PAGES, search.page_size, token)?;
    query.masked(items(view, &page, found), view::ITEMS)
}

fn list_items(view: &View<'_>, query: &str) -> Result<Value, Refusal> {
    let query = Query::read(query, &["pageSize", "pageToken"])?;
    let size = query.number("pageSize")?;
    let page =
        Page::read(&generation(view, "mediaItems"), ITEM_PAGES, size, query.get("pageToken"))?;
    query.masked(items(view, &page, view.world.photos.visible()), view::ITEMS)
}

/// An empty list is left out, as all empty lists are.
fn items(view: &View<'_>, page: &Page, mut all: Vec<&Photo>) -> Value {
    all.retain(|photo| view.omit != Some(photo.id.as_str()));
    let Part { entries, next } = page.cut(all, view.empty_page);
    let entries: Vec<_> = entries.into_iter().map(|photo| view.item(photo)).collect();
    listing("mediaItems", entries, next)
}

fn list_albums(view: &View<'_>, query: &str) -> Result<Value, Refusal> {
    let query = Query::read(query, &["pageSize", "pageToken", "excludeNonAppCreatedData"])?;
    let size = query.number("pageSize")?;
    let page = Page::read(&generation(view, "albums"), ALBUM_PAGES, size, query.get("pageToken"))?;
    let library = &view.world.photos;
    let Part { entries, next } = page.cut(library.albums.iter().collect(), view.empty_page);
    let entries: Vec<_> = entries.into_iter().map(|album| view.album(album)).collect();
    query.masked(listing("albums", entries, next), view::ALBUMS)
}

fn batch(view: &View<'_>, query: &str) -> Result<Value, Refusal> {
    let query = Query::read(query, &["mediaItemIds"])?;
    let ids: Vec<_> = query.all("mediaItemIds").collect();
    if ids.is_empty() || ids.len() > BATCH_MAX {
        return Err(invalid(format!("Between 1 and {BATCH_MAX} media item IDs must be given.")));
    }
    let results = ids.into_iter().map(|id| match item(view, id) {
        Ok(photo) => json!({"mediaItem": view.item(photo)}),
        // 5 is NOT_FOUND in google.rpc.Code.
        Err(_) => json!({"status": {"code": 5, "message": "Media item not found."}}),
    });
    query.masked(json!({"mediaItemResults": results.collect::<Vec<_>>()}), view::RESULTS)
}

fn item<'a>(view: &View<'a>, id: &str) -> Result<&'a Photo, Refusal> {
    let photo = view.world.photos.items.get(id).filter(|photo| photo.visible);
    photo.ok_or_else(|| gone("Media item"))
}

/// A page of a listing; both its members are left out where there is nothing to say.
pub(super) fn listing(name: &str, entries: Vec<Value>, next: Option<String>) -> Value {
    let mut answer = json!({});
    if !entries.is_empty() {
        answer[name] = entries.into();
    }
    if let Some(token) = next {
        answer["nextPageToken"] = token.into();
    }
    answer
}

/// What a page token is bound to: the listing, and the tokens that still serve.
pub(super) fn generation(view: &View<'_>, listing: &str) -> String {
    format!("{} {listing}", view.world.token_generation)
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::rpc(400, "INVALID_ARGUMENT", message)
}

fn gone(what: &str) -> Refusal {
    Refusal::rpc(404, "NOT_FOUND", format!("{what} not found."))
}
