//! What a files.list asks for: which items, in which order, from where on.
//!
//! <https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list>

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::answer::Refusal;
use super::item::Item;
use super::params::Params;
use super::query::{Query, Viewer};
use super::view::size;
use super::world::{Spot, World};

/// What a files.list asks for, beside its page and its mask.
pub(super) struct Listing {
    query: Option<Query>,
    order: Option<Vec<(String, bool)>>,
    drive: Option<String>,
    with_drives: bool,
    elsewhere: bool,
    /// Of all this: a page token belongs to one listing.
    pub fingerprint: u64,
}

impl Listing {
    pub fn read(params: &Params, world: &World) -> Result<Self, Refusal> {
        let all_drives =
            params.flag("supportsAllDrives")? & params.flag("includeItemsFromAllDrives")?;
        let drive = params.text("driveId").map(str::to_owned);
        let corpora = params.text("corpora").unwrap_or("user");
        match corpora {
            "user" | "domain" if drive.is_some() => return Err(Refusal::invalid("driveId")),
            "drive" | "allDrives" if !all_drives => {
                let text =
                    "The includeItemsFromAllDrives parameter must be set to true for this corpora.";
                return Err(Refusal::parameter("includeItemsFromAllDrives", text));
            }
            "drive" if drive.is_none() => return Err(Refusal::required("driveId")),
            "user" | "domain" | "drive" | "allDrives" => {}
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
    pub fn page<'a>(
        &self,
        world: &'a World,
        after: Option<Spot>,
        count: usize,
    ) -> Vec<(Spot, &'a Item)> {
        if let Some([(key, down)]) = self.order.as_deref()
            && key == "createdTime"
        {
            return self.by_time(world, (after, *down), count);
        }
        let after = after.map_or(0, |(_, number)| number);
        let shown = |(_, item): &(u64, &Item)| self.shows(item, world);
        let spot = |(number, item)| ((0, number), item);
        if let Some(order) = &self.order {
            let mut all: Vec<_> =
                world.items_after(0).filter(shown).map(|(_, item)| item).collect();
            all.sort_by(|one, other| compare(one, other, order));
            let rest = (1..).zip(all).filter(|(place, _)| *place > after);
            return rest.take(count + 1).map(spot).collect();
        }
        match self.query.as_ref().and_then(Query::folders) {
            Some(folders) => {
                // Through a map, since one item may lie in two of the folders.
                let children = folders.iter().flat_map(|folder| world.children(folder));
                let children: BTreeMap<_, _> =
                    children.filter(|(number, _)| *number > after).collect();
                children.into_iter().filter(shown).take(count + 1).map(spot).collect()
            }
            None => world.items_after(after).filter(shown).take(count + 1).map(spot).collect(),
        }
    }

    /// The same by the time of creation, of which there is an index.
    fn by_time<'a>(
        &self,
        world: &'a World,
        (after, down): (Option<Spot>, bool),
        count: usize,
    ) -> Vec<(Spot, &'a Item)> {
        let (from, until) = self.query.as_ref().map_or((None, None), Query::created);
        let mut from = from.map_or(Bound::Unbounded, |from| Bound::Included((from, 0)));
        let mut until = until.map_or(Bound::Unbounded, |until| Bound::Excluded((until, 0)));
        if let Some(after) = after {
            let end = if down { &mut until } else { &mut from };
            *end = Bound::Excluded(after);
        }
        let all = world.items_by_time((from, until));
        let shown = |(_, item): &(Spot, &Item)| self.shows(item, world);
        if down {
            all.rev().filter(shown).take(count + 1).collect()
        } else {
            all.filter(shown).take(count + 1).collect()
        }
    }

    /// Has it come in an order of the server's own.
    pub fn forget_order(&mut self) {
        self.order = None;
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

/// What all page tokens of one listing have in common.
pub(super) struct Place {
    pub generation: u64,
    pub listing: u64,
}

impl Place {
    pub fn token(&self, after: Option<Spot>, empties: u64) -> String {
        let Self { generation, listing } = self;
        let after =
            after.map_or_else(|| "-".to_owned(), |(time, number)| format!("{time}/{number}"));
        URL_SAFE_NO_PAD.encode(format!("files {generation} {listing} {after} {empties}"))
    }

    pub fn read(&self, token: &str) -> Result<(Option<Spot>, u64), Refusal> {
        let invalid = || Refusal::invalid("pageToken");
        let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|text| String::from_utf8(text).ok());
        let text = text.ok_or_else(invalid)?;
        let start = format!("files {} {} ", self.generation, self.listing);
        let rest = text.strip_prefix(&start).and_then(|rest| rest.split_once(' '));
        let (after, empties) = rest.ok_or_else(invalid)?;
        let spot = |text: &str| {
            let (time, number) = text.split_once('/')?;
            Some((time.parse().ok()?, number.parse().ok()?))
        };
        let after = if after == "-" { None } else { Some(spot(after).ok_or_else(invalid)?) };
        Ok((after, empties.parse().map_err(|_| invalid())?))
    }
}
