//! Whose bytes lie in the tree: each file is read once, and is an item by what its bytes are.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use rusqlite::Connection;

use super::tree::{Maker, Tree, date_of_folders, is_media};
use super::{troubles, walk};
use crate::archive::{self, Seen};
use crate::engine::crawl::record_item;
use crate::engine::run::Run;
use crate::engine::{Error, Event, Phase, Taking};
use crate::index::adopted::{self, Lying};
use crate::index::ancestor::{Ancestor, Fact};
use crate::index::item;
use crate::media::{self, Hasher};
use crate::model::{
    Digests, Item, ItemKey, Kind, Marks, RemoteId, Revision, Shot, SourceId, TakenFrom,
    mime_type_of,
};
use crate::plan;

const BATCH: u32 = 64;

/// A file of which the time is no longer past than this was copied, and not given that of its
/// picture.
const FRESH: TimeDelta = TimeDelta::days(1);

/// What is in a file.
struct Bytes {
    digests: Digests,
    told: media::Told,
}

/// Reads all that was not read yet. What lies there for albums comes last: where it lies once
/// more it has its own name.
pub(super) fn all(run: &mut Run, tree: &Tree, ancestor: Option<&Ancestor>) -> Result<(), Error> {
    let items = adopted::count_unread(&run.job.db, tree.reading())?;
    if items > 0 {
        run.phase(Phase::Comparing { items });
    }
    for is_albums in [false, true] {
        let is_next = |lying: &Lying| tree.is_albums(folder_of(lying)) == is_albums;
        some(run, (tree, ancestor), is_next)?;
    }
    Ok(())
}

fn some(
    run: &mut Run,
    (tree, ancestor): (&Tree, Option<&Ancestor>),
    is_next: impl Fn(&Lying) -> bool,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let batch = adopted::unread(&run.job.db, tree.reading(), after.as_ref(), BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.path.clone());
        let mut came = Vec::new();
        for lying in batch.iter().filter(|lying| is_next(lying)) {
            run.may_go_on()?;
            match read(tree, lying) {
                Ok(bytes) => came.push((lying, bytes)),
                Err(error) => {
                    let reason = walk::in_words(&error);
                    troubles::tell(run, tree, lying.path.as_str(), &reason)?;
                }
            }
            run.tell(Event::Compared { items: 1 });
        }
        run.learnt = true;
        let now = run.now();
        run.in_transaction(|db| {
            came.iter().try_for_each(|(lying, bytes)| {
                let told = Told { ancestor, bytes, now };
                record(db, tree, lying, &told)
            })
        })?;
    }
}

fn read(tree: &Tree, lying: &Lying) -> Result<Bytes, archive::Error> {
    let path = &lying.path;
    let failed = |source| archive::Error::Io { operation: "read", path: path.to_string(), source };
    let mut hasher = Hasher::default();
    hasher.update_from(tree.disk.open_file(path)?).map_err(failed)?;
    let digests = hasher.finish();
    if !tree.disk.look(path)?.is_some_and(|seen| is_as_it_was(&seen, lying)) {
        return Err(failed(std::io::Error::other("it changed while it was read: run again")));
    }
    let name = path.name();
    let told = media::Told::read(tree.disk.open_file(path)?, name, mime_type_of(name));
    Ok(Bytes { digests, told })
}

/// Says whether a file is, by its length and its time, the one that was seen.
pub(super) fn is_as_it_was(seen: &Seen, lying: &Lying) -> bool {
    seen.sort == archive::Sort::File
        && seen.size_bytes == lying.size_bytes
        && seen.mtime_ns == lying.mtime_ns
}

/// What tells of a file.
struct Told<'a> {
    /// The index of the program that made the tree.
    ancestor: Option<&'a Ancestor>,
    /// What is in it.
    bytes: &'a Bytes,
    now: DateTime<Utc>,
}

fn record(db: &Connection, tree: &Tree, lying: &Lying, told: &Told<'_>) -> Result<(), Error> {
    let fact = match told.ancestor {
        Some(ancestor) => ancestor.fact(folder_of(lying), lying.path.name())?,
        None => None,
    };
    let item = item_of(tree, lying, told, fact);
    let row = match item::find(db, &item.key)? {
        // By another name, or by the same in another folder: it is one file.
        Some(known) => known.row,
        None => record_item(db, &item, None, 0)?,
    };
    let found = (told.bytes.digests.crc32, told.bytes.told.picture);
    Ok(adopted::set_item(db, lying.row, row, found)?)
}

fn item_of(tree: &Tree, lying: &Lying, told: &Told<'_>, fact: Option<Fact>) -> Item {
    let name = lying.path.name();
    let digests = &told.bytes.digests;
    let created_at = fact.as_ref().and_then(|fact| fact.created_at);
    let by_google = created_at.map(|at| (at, TakenFrom::Google));
    let taken = by_google.or_else(|| taken(tree, lying, told));
    let at = taken.map(|(at, _)| at);
    let borne = DateTime::from_timestamp_nanos(lying.mtime_ns);
    // By a second name a file has one time: that which it has where it lies is not touched.
    let is_shared = tree.how == Taking::Link && !tree.is_inside();
    let (title, description) = fact.map_or((None, None), |it| (it.title, it.description));
    let title = title.filter(|title| is_media(title)).unwrap_or_else(|| name.to_owned());
    Item {
        key: ItemKey { source: SourceId::Adopted, id: RemoteId(digests.sha256.to_string()) },
        kind: Kind::File,
        mime_type: mime_type_of(&title).to_owned(),
        title,
        parents: Vec::new(),
        size_bytes: Some(digests.size_bytes),
        md5: Some(digests.md5),
        sha256: Some(digests.sha256),
        revision: Some(Revision(digests.sha256.to_string())),
        created_at: at.or(Some(borne)),
        modified_at: at.filter(|_| !is_shared).or(Some(borne)),
        owned: true,
        marks: Marks::default(),
        shot: Shot { taken, ..Shot::default() },
        description,
    }
}

/// When it was taken, where no index says it: by its bytes, else by its name, else by the time
/// that the program gave the file which made the tree, else by its folders.
fn taken(tree: &Tree, lying: &Lying, told: &Told<'_>) -> Option<(DateTime<Utc>, TakenFrom)> {
    let now = told.now;
    let by_name = || Some((plan::date_in_name(lying.path.name(), now)?, TakenFrom::Name));
    let by_folders = date_of_folders(&lying.path, now);
    let by_time = || {
        let borne = DateTime::from_timestamp_nanos(lying.mtime_ns);
        // A copy that did not keep the times bears that of copying.
        let is_kept = by_folders.is_none_or(|day| day.year() == borne.year());
        let is_set = tree.maker != Maker::Anybody && is_kept && borne < now - FRESH;
        is_set.then_some((borne, TakenFrom::FileTime))
    };
    let by_folder = || Some((by_folders?, TakenFrom::Folder));
    told.bytes.told.shot.taken.or_else(by_name).or_else(by_time).or_else(by_folder)
}

/// The folder that a file lies in, below the tree.
fn folder_of(lying: &Lying) -> &str {
    lying.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}
