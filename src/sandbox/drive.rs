//! Drive v3: about.get, files.list, files.get, drives.list, and a no to all that writes.
//!
//! <https://developers.google.com/workspace/drive/api/reference/rest/v3>

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Extension, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal, json as json_answer};
use super::fault::Effect;
use super::fields::Mask;
use super::gate::Twist;
use super::item::{Item, Kind};
use super::params::Params;
use super::query::{Query, Viewer};
use super::view::{View, size};
use super::world::World;
use super::{Shared, lock, media, schema};

/// The fields of a file that are served when none are asked for.
pub(super) const FILE_DEFAULT: &str = "kind,id,name,mimeType";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/drive/v3/about", get(about))
        .route("/drive/v3/files", get(list))
        .route("/drive/v3/files/{id}", get(get_file))
        .route("/drive/v3/drives", get(drives))
}

async fn about(State(shared): State<Arc<Shared>>, params: Params) -> Answer {
    params.required("fields")?;
    let mask = params.mask(schema::ABOUT, "*")?;
    let world = lock(&shared.world);
    let view = View { world: &world, root: &shared.root };
    let owned = || world.items_after(0).map(|(_, item)| item).filter(|item| item.owned());
    let used = || owned().filter_map(size).sum::<u64>();
    let in_trash = || owned().filter(|item| item.trashed).filter_map(size).sum::<u64>();
    let mut answer = Map::new();
    for (name, value) in [
        ("kind", (|| json!("drive#about")) as fn() -> Value),
        ("appInstalled", || json!(false)),
        ("canCreateDrives", || json!(false)),
        ("maxUploadSize", || json!("5497558138880")),
        ("folderColorPalette", || json!(["#ac725e", "#d06b64"])),
        ("importFormats", || json!({})),
        ("maxImportSizes", || json!({"application/vnd.google-apps.document": "10485760"})),
        ("driveThemes", || json!([])),
        ("exportFormats", export_formats),
    ] {
        if mask.get(name).is_some() {
            answer.insert(name.to_owned(), value());
        }
    }
    if mask.get("user").is_some() {
        answer.insert("user".to_owned(), view.me());
    }
    if mask.get("storageQuota").is_some() {
        let used = used().to_string();
        let quota = json!({"limit": "2199023255552", "usage": used, "usageInDrive": used,
            "usageInDriveTrash": in_trash().to_string()});
        answer.insert("storageQuota".to_owned(), quota);
    }
    let mut answer = Value::Object(answer);
    mask.prune(&mut answer);
    Ok(json_answer(&answer))
}

/// What Google's own documents can be exported as
/// (<https://developers.google.com/workspace/drive/api/guides/ref-export-formats>).
fn export_formats() -> Value {
    const OFFICE: &str = "application/vnd.openxmlformats-officedocument";
    const OPEN: &str = "application/vnd.oasis.opendocument";
    json!({
        "application/vnd.google-apps.document": [
            format!("{OFFICE}.wordprocessingml.document"), format!("{OPEN}.text"), "application/rtf",
            "application/pdf", "text/plain", "application/zip", "text/html", "application/epub+zip",
            "text/x-markdown", "text/markdown"],
        "application/vnd.google-apps.spreadsheet": [
            format!("{OFFICE}.spreadsheetml.sheet"), format!("{OPEN}.spreadsheet"),
            "application/x-vnd.oasis.opendocument.spreadsheet", "application/pdf", "application/zip",
            "text/csv", "text/tab-separated-values"],
        "application/vnd.google-apps.presentation": [
            format!("{OFFICE}.presentationml.presentation"), format!("{OPEN}.presentation"),
            "application/pdf", "text/plain"],
        "application/vnd.google-apps.drawing": [
            "application/pdf", "image/jpeg", "image/png", "image/svg+xml"],
        "application/vnd.google-apps.script": ["application/vnd.google-apps.script+json"],
        "application/vnd.google-apps.jam": ["application/pdf"],
        "application/vnd.google-apps.form": ["application/zip"],
        "application/vnd.google-apps.site": ["text/plain"],
    })
}

/// What a files.list asks for, beside its page and its mask.
struct Listing {
    query: Option<Query>,
    order: Option<Vec<(String, bool)>>,
    drive: Option<String>,
    with_drives: bool,
    elsewhere: bool,
    /// Of all this: a page token belongs to one listing.
    fingerprint: u64,
}

impl Listing {
    fn read(params: &Params, world: &World) -> Result<Self, Refusal> {
        let all_drives =
            params.flag("supportsAllDrives")? & params.flag("includeItemsFromAllDrives")?;
        let drive = params.text("driveId").map(str::to_owned);
        let corpora = params.text("corpora").unwrap_or("user");
        match corpora {
            "user" | "domain" if drive.is_some() => return Err(Refusal::invalid("driveId")),
            "user" | "domain" => {}
            "drive" | "allDrives" if !all_drives => {
                let text =
                    "The includeItemsFromAllDrives parameter must be set to true for this corpora.";
                return Err(Refusal::parameter("includeItemsFromAllDrives", text));
            }
            "drive" if drive.is_none() => return Err(Refusal::required("driveId")),
            "drive" | "allDrives" => {}
            _ => return Err(Refusal::invalid("corpora")),
        }
        if let Some(id) =
            drive.as_ref().filter(|id| world.drives.iter().all(|drive| drive.id != **id))
        {
            let text = format!("Shared drive not found: {id}");
            return Err(Refusal::new(404, "notFound", text).at("parameter", "driveId"));
        }
        let spaces = params.text("spaces").unwrap_or("drive");
        if !spaces.split(',').all(|space| matches!(space, "drive" | "appDataFolder")) {
            return Err(Refusal::invalid("spaces"));
        }
        let mut hasher = DefaultHasher::new();
        for name in ["q", "orderBy", "corpora", "driveId", "spaces", "includeItemsFromAllDrives"] {
            params.text(name).hash(&mut hasher);
        }
        Ok(Self {
            query: params.text("q").map(Query::parse).transpose()?,
            order: params.text("orderBy").map(order).transpose()?,
            with_drives: all_drives,
            drive,
            elsewhere: !spaces.split(',').any(|space| space == "drive"),
            fingerprint: hasher.finish(),
        })
    }

    fn shows(&self, item: &Item, world: &World) -> bool {
        let viewer = Viewer { root: &world.root, email: &world.account.email };
        let of_drive = match (&self.drive, &item.drive) {
            (Some(wanted), drive) => drive.as_ref() == Some(wanted),
            (None, Some(_)) => self.with_drives,
            (None, None) => true,
        };
        of_drive
            && !self.elsewhere
            && item.id != world.root
            && self.query.as_ref().is_none_or(|query| query.matches(item, viewer))
    }

    /// Up to one more than `count` matches, the first after `after`, each with
    /// the place after which the listing goes on behind it.
    fn page<'a>(&self, world: &'a World, after: u64, count: usize) -> Vec<(u64, &'a Item)> {
        let shown = |(_, item): &(u64, &Item)| self.shows(item, world);
        if let Some(order) = &self.order {
            let mut all: Vec<_> =
                world.items_after(0).filter(shown).map(|(_, item)| item).collect();
            all.sort_by(|one, other| compare(one, other, order));
            return (1..).zip(all).filter(|(place, _)| *place > after).take(count + 1).collect();
        }
        match self.query.as_ref().and_then(Query::folder) {
            Some(folder) => {
                let children = world.children(folder).filter(|(number, _)| *number > after);
                children.filter(shown).take(count + 1).collect()
            }
            None => world.items_after(after).filter(shown).take(count + 1).collect(),
        }
    }
}

/// Reads `orderBy`: keys, each with `desc` perhaps.
fn order(text: &str) -> Result<Vec<(String, bool)>, Refusal> {
    const KEYS: &[&str] = &[
        "createdTime",
        "folder",
        "modifiedByMeTime",
        "modifiedTime",
        "name",
        "name_natural",
        "quotaBytesUsed",
        "recency",
        "sharedWithMeTime",
        "starred",
        "viewedByMeTime",
    ];
    let key = |part: &str| {
        let part = part.trim();
        let (key, down) = part.strip_suffix(" desc").map_or((part, false), |key| (key, true));
        KEYS.contains(&key)
            .then(|| (key.to_owned(), down))
            .ok_or_else(|| Refusal::invalid("orderBy"))
    };
    text.split(',').map(key).collect()
}

fn compare(one: &Item, other: &Item, order: &[(String, bool)]) -> std::cmp::Ordering {
    let by = |key: &str| match key {
        "createdTime" | "sharedWithMeTime" => one.created.cmp(&other.created),
        "folder" => other.is_folder().cmp(&one.is_folder()),
        "name" | "name_natural" => one.name.to_lowercase().cmp(&other.name.to_lowercase()),
        "quotaBytesUsed" => size(one).cmp(&size(other)),
        "starred" => other.starred.cmp(&one.starred),
        _ => one.modified.cmp(&other.modified),
    };
    let turned = |(key, down): &(String, bool)| if *down { by(key).reverse() } else { by(key) };
    order.iter().map(turned).find(|ordering| ordering.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
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
    let listing = Listing::read(&params, &world)?;
    let place = Place { generation: world.token_generation, listing: listing.fingerprint };
    let (after, empties) =
        params.text("pageToken").map_or(Ok((0, 0)), |token| place.read(token))?;
    let mut found = listing.page(&world, after, count);
    let mut next = None;
    if twist.0 == Some(Effect::EmptyPage) {
        found.clear();
        next = Some(place.token(after, empties + 1));
    } else if found.len() > count {
        found.truncate(count);
        next = found.last().map(|(last, _)| place.token(*last, 0));
    }
    let view = View { world: &world, root: &shared.root };
    let nothing = Mask::Only(std::collections::BTreeMap::new());
    let each = mask.get("files").unwrap_or(&nothing);
    let files: Vec<_> = found.iter().map(|(_, item)| view.file(item, each)).collect();
    let incomplete = twist.0 == Some(Effect::IncompleteSearch);
    let mut answer = json!({"kind": "drive#fileList", "incompleteSearch": incomplete});
    if mask.get("files").is_some() {
        answer["files"] = files.into();
    }
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    // The files are pruned already; this takes out what stands beside them.
    mask.prune(&mut answer);
    Ok(json_answer(&answer))
}

/// What all page tokens of one listing have in common.
struct Place {
    generation: u64,
    listing: u64,
}

impl Place {
    fn token(&self, after: u64, empties: u64) -> String {
        let Self { generation, listing } = self;
        URL_SAFE_NO_PAD.encode(format!("files {generation} {listing} {after} {empties}"))
    }

    fn read(&self, token: &str) -> Result<(u64, u64), Refusal> {
        let invalid = || Refusal::invalid("pageToken");
        let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|text| String::from_utf8(text).ok());
        let text = text.ok_or_else(invalid)?;
        let start = format!("files {} {} ", self.generation, self.listing);
        let rest = text.strip_prefix(&start).and_then(|rest| rest.split_once(' '));
        let (after, empties) = rest.ok_or_else(invalid)?;
        Ok((after.parse().map_err(|_| invalid())?, empties.parse().map_err(|_| invalid())?))
    }
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
