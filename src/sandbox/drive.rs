//! Drive v3: files.list, files.get, drives.list. What would write never gets past the gate.
//!
//! <https://developers.google.com/workspace/drive/api/reference/rest/v3>

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Serialize;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, json as json_answer};
use super::fault::Effect;
use super::fields::Mask;
use super::gate::Twist;
use super::item::{Item, Kind};
use super::listing::{Listing, Place};
use super::params::Params;
use super::view::{Shown, View};
use super::world::World;
use super::{Shared, about, lock, media, schema};

/// The fields of a file that are served when none are asked for.
pub(super) const FILE_DEFAULT: &str = "kind,id,name,mimeType";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/drive/v3/about", get(about::about))
        .route("/drive/v3/files", get(list))
        .route("/drive/v3/files/{id}", get(get_file))
        .route("/drive/v3/drives", get(drives))
}

async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(twist): Extension<Twist>,
    params: Params,
) -> Answer {
    let world = lock(&shared.world);
    let mask = params.mask(
        schema::FILE_LIST,
        "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)",
    )?;
    let count = params.number("pageSize", 1..=1000, 100)?;
    let mut listing = Listing::read(&params, &world)?;
    if twist.0 == Some(Effect::NoOrder) {
        listing.forget_order();
    }
    let place = Place { generation: world.token_generation, listing: listing.fingerprint };
    let (after, empties) =
        params.text("pageToken").map_or(Ok((None, 0)), |token| place.read(token))?;
    let mut found = listing.page(&world, after, count);
    let mut next = None;
    if twist.0 == Some(Effect::EmptyPage) {
        found.clear();
        next = Some(place.token(after, empties + 1));
    } else if found.len() > count {
        found.truncate(count);
        next = found.last().map(|(last, _)| place.token(Some(*last), 0));
    }
    if let Some(Effect::Omit(id)) = &twist.0 {
        found.retain(|(_, item)| item.id != *id);
    }
    let view = View { world: &world, root: &shared.root };
    let nothing = Mask::Only(std::collections::BTreeMap::new());
    let each = mask.get("files").unwrap_or(&nothing);
    let incomplete = twist.0 == Some(Effect::IncompleteSearch);
    let mut answer = json!({"kind": "drive#fileList", "incompleteSearch": incomplete});
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    mask.prune(&mut answer);
    let shown = found.iter().map(|&(_, item)| Shown { view, item, mask: each });
    let files = mask.get("files").map(|_| shown.collect());
    Ok(json_answer(&FileList { answer, files }))
}

/// A page of files.list.
#[derive(Serialize)]
struct FileList<'a> {
    /// What stands beside the files.
    #[serde(flatten)]
    answer: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<Shown<'a>>>,
}

async fn get_file(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    let world = lock(&shared.world);
    let item = find(&world, &id, &params)?;
    match params.text("alt").unwrap_or("json") {
        "json" => {}
        "media" => return media::serve(item, &headers, &params),
        _ => return Err(Refusal::invalid("alt")),
    }
    let mask = params.mask(schema::FILE, FILE_DEFAULT)?;
    let view = View { world: &world, root: &shared.root };
    Ok(json_answer(&view.file(item, &mask)))
}

/// The item of that id, if this request may see it. Items of shared drives are
/// shown to those only who say that they know of shared drives.
pub(super) fn find<'a>(world: &'a World, id: &str, params: &Params) -> Result<&'a Item, Refusal> {
    let supports = params.flag("supportsAllDrives")?;
    let item = world.get(id).filter(|item| item.drive.is_none() || supports);
    item.ok_or_else(|| Refusal::no_file(id))
}

async fn drives(State(shared): State<Arc<Shared>>, params: Params) -> Answer {
    let mask = params.mask(schema::DRIVE_LIST, "kind,nextPageToken,drives(kind,id,name)")?;
    let count = params.number("pageSize", 1..=100, 10)?;
    let from = match params.text("pageToken") {
        None => 0,
        Some(token) => token.parse::<usize>().map_err(|_| Refusal::invalid("pageToken"))?,
    };
    let world = lock(&shared.world);
    let page = world.drives.iter().skip(from).take(count).map(View::drive);
    let mut answer = json!({"kind": "drive#driveList", "drives": page.collect::<Vec<_>>()});
    if world.drives.len() > from + count {
        answer["nextPageToken"] = (from + count).to_string().into();
    }
    mask.prune(&mut answer);
    Ok(json_answer(&answer))
}

/// The exports of an item that is a native document.
pub(super) fn exports(item: &Item) -> Option<&[(std::borrow::Cow<'static, str>, super::Content)]> {
    match &item.kind {
        Kind::Native(exports) => Some(exports),
        _ => None,
    }
}
