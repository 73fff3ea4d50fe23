//! One item of an export: what it is like, and how it is recorded.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Connection;

use super::reading::name_of;
use crate::engine::crawl::record_item;
use crate::engine::{Error, sharing};
use crate::index::album;
use crate::index::entry::{self, InFolder};
use crate::index::export::Stale;
use crate::index::file;
use crate::index::history::Moment;
use crate::index::item::{self, Known};
use crate::index::matching;
use crate::index::person;
use crate::index::provenance::{self, Provenance};
use crate::model::{
    Item, ItemKey, Kind, Marks, MatchRule, RemoteId, Revision, Shot, Sidecar, SourceId, TakenFrom,
    mime_type_of,
};
use crate::plan;

/// A picture or a film of an export, and what was found to belong to it.
pub(super) struct Piece<'a> {
    /// What lies in the export.
    pub(super) entry: &'a InFolder,
    /// The folder that it lies in.
    pub(super) folder: &'a str,
    /// What it is to be called.
    pub(super) title: &'a str,
    /// Its sidecar, and that one's row.
    pub(super) sidecar: Option<(i64, &'a Sidecar)>,
    /// How that was found.
    pub(super) rule: MatchRule,
}

/// What became of what was recorded of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recorded {
    /// Its row.
    pub(super) row: i64,
    /// What it was known as before, if that is no item any more.
    pub(super) forgotten: Option<ItemKey>,
}

/// Records an item. What a newer export told of it stays.
pub(super) fn record(
    db: &Connection,
    (export, when): (&Stale, Moment),
    piece: &Piece<'_>,
) -> Result<Option<Recorded>, Error> {
    // Of what is read once the CRC-32 is known as well, by now.
    let Some(crc32) = piece.entry.crc32 else { return Ok(None) };
    let stated = format!("{}-{:08x}", piece.entry.size_bytes, crc32.0);
    let url = piece.sidecar.and_then(|(_, sidecar)| sidecar.url.as_deref());
    // The order of these is that in which equal names are dealt.
    let id = format!("{}/{}/{stated}", url.map_or("", name_of), piece.title);
    let key = ItemKey { source: SourceId::Takeout, id: RemoteId(id) };
    let before = piece.entry.item.map(|row| item::try_get(db, row)).transpose()?.flatten();
    let before = before.filter(|before| before.item.key != key);
    let before = match before {
        None if piece.sidecar.is_some() => nameless(db, &key, (piece, &stated))?,
        before => before,
    };
    let mut known = item::find(db, &key)?;
    let mut forgotten = None;
    if let Some(before) = before
        && (is_nameless(&before) || is_given_up(db, &before, piece.entry.row)?)
    {
        forgotten = Some(before.item.key.clone());
        match &known {
            None => {
                item::set_remote_id(db, before.row, &key.id)?;
                known = item::find(db, &key)?;
            }
            Some(known) => replace(db, when, &before, known)?,
        }
    }
    let row = match &known {
        Some(known) if is_older(db, export, piece, known)? => known.row,
        _ => describe(db, (export, when.at), piece, (key, Revision(stated), known.as_ref()))?,
    };
    entry::set_item(db, piece.entry.row, row)?;
    Ok(Some(Recorded { row, forgotten }))
}

/// The item that another export had without a sidecar, and of which this one tells.
fn nameless(
    db: &Connection,
    key: &ItemKey,
    (piece, stated): (&Piece<'_>, &str),
) -> Result<Option<Known>, Error> {
    for title in [piece.title, &piece.entry.name] {
        let id = RemoteId(format!("/{title}/{stated}"));
        let found = item::find(db, &ItemKey { source: SourceId::Takeout, id })?;
        let Some(found) = found.filter(|found| found.item.key != *key) else { continue };
        if provenance::get(db, found.row)?.is_some_and(|told| told.sidecar.is_none()) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Says whether nothing told of an item's address.
fn is_nameless(known: &Known) -> bool {
    known.item.key.id.as_str().starts_with('/')
}

/// Says whether no other entry is that item's.
fn is_given_up(db: &Connection, before: &Known, entry: i64) -> Result<bool, Error> {
    Ok(!entry::is_item_named(db, before.row, entry)?)
}

/// Has `known` hold what is held of an item that is no other.
fn replace(db: &Connection, when: Moment, before: &Known, known: &Known) -> Result<(), Error> {
    if let Some(held) = file::held_by(db, before.row)? {
        if known.held.is_none() {
            sharing::hold(db, when, known, (held.row, MatchRule::NameSizeCrc))?;
            matching::unseat(db, known.row)?;
        }
        file::release(db, before.row)?;
    }
    album::replace_item(db, before.row, known.row)?;
    Ok(item::remove(db, before.row)?)
}

/// Says whether what is known of an item was told by a newer export, or by more than this one
/// tells.
fn is_older(
    db: &Connection,
    export: &Stale,
    piece: &Piece<'_>,
    known: &Known,
) -> Result<bool, Error> {
    let Some(told) = provenance::get(db, known.row)? else { return Ok(false) };
    let is_newer = told.made_at > export.made_at;
    Ok(told.sidecar.is_some() && (is_newer || piece.sidecar.is_none()))
}

fn describe(
    db: &Connection,
    (export, now): (&Stale, DateTime<Utc>),
    piece: &Piece<'_>,
    (key, revision, known): (ItemKey, Revision, Option<&Known>),
) -> Result<i64, Error> {
    let nothing = Sidecar::default();
    let sidecar = piece.sidecar.map_or(&nothing, |(_, sidecar)| sidecar);
    let item = item_of(piece, sidecar, (key, revision), now);
    let item = match known {
        // What its own bytes said since is better than what its name says.
        Some(known) if sidecar.taken_at.is_none() && known.item.shot.taken.is_some() => Item {
            created_at: known.item.created_at,
            modified_at: known.item.modified_at,
            shot: Shot { taken: known.item.shot.taken, ..item.shot },
            ..item
        },
        _ => item,
    };
    let row = record_item(db, &item, known, 0)?;
    let provenance = Provenance {
        export: export.row,
        sidecar: piece.sidecar.map(|(row, _)| row),
        rule: piece.rule,
        url: sidecar.url.as_deref(),
        origin: sidecar.origin.as_deref(),
        locked: sidecar.locked,
        is_dated: sidecar.taken_at.is_some(),
    };
    provenance::put(db, row, &provenance)?;
    provenance::set_archived(db, row, sidecar.archived)?;
    person::put(db, row, &sidecar.people)?;
    Ok(row)
}

fn item_of(
    piece: &Piece<'_>,
    sidecar: &Sidecar,
    (key, revision): (ItemKey, Revision),
    now: DateTime<Utc>,
) -> Item {
    let taken = taken(piece, sidecar, now);
    let at = taken.map(|(at, _)| at);
    Item {
        key,
        kind: Kind::File,
        title: piece.title.to_owned(),
        mime_type: mime_type_of(piece.title).to_owned(),
        parents: Vec::new(),
        size_bytes: Some(piece.entry.size_bytes),
        md5: None,
        sha256: None,
        revision: Some(revision),
        // Of two of one name the one that was taken first keeps it.
        created_at: at,
        modified_at: at,
        owned: true,
        marks: Marks { favourite: sidecar.favourite, trashed: sidecar.trashed, ..Marks::default() },
        shot: Shot {
            taken,
            latitude: sidecar.place.map(|(latitude, _)| latitude),
            longitude: sidecar.place.map(|(_, longitude)| longitude),
            ..Shot::default()
        },
        description: sidecar.description.clone(),
    }
}

/// When it was taken, as far as that is known without its bytes.
fn taken(
    piece: &Piece<'_>,
    sidecar: &Sidecar,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, TakenFrom)> {
    let by_google = sidecar.taken_at.map(|at| (at, TakenFrom::Google));
    let by_name = || Some((plan::date_in_name(&piece.entry.name, now)?, TakenFrom::Name));
    let by_folder = || {
        let year = plan::year_folder(name_of(piece.folder), now)?;
        let day = NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)?;
        Some((day.and_utc(), TakenFrom::Folder))
    };
    by_google.or_else(by_name).or_else(by_folder)
}
