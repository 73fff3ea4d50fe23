//! Whose bytes lie in the tree: each file is read once, and is an item by what its bytes are.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::tree::{Tree, date_of_folders};
use super::{troubles, walk};
use crate::archive::{self, Seen};
use crate::engine::crawl::record_item;
use crate::engine::run::Run;
use crate::engine::{Error, Event, Phase, Taking};
use crate::index::adopted::{self, Lying};
use crate::index::item;
use crate::media::{Hasher, Told};
use crate::model::{
    Digests, Item, ItemKey, Kind, Marks, RemoteId, Revision, Shot, SourceId, TakenFrom,
    mime_type_of,
};
use crate::plan;

const BATCH: u32 = 64;

/// What is in a file.
struct Bytes {
    digests: Digests,
    told: Told,
}

/// Reads all that was not read yet.
pub(super) fn all(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    let items = adopted::count_unread(&run.job.db, tree.reading())?;
    if items > 0 {
        run.phase(Phase::Comparing { items });
    }
    let mut after = None;
    loop {
        let batch = adopted::unread(&run.job.db, tree.reading(), after.as_ref(), BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.path.clone());
        let mut came = Vec::new();
        for lying in &batch {
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
            came.iter().try_for_each(|(lying, bytes)| record(db, tree, (lying, bytes), now))
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
    let told = Told::read(tree.disk.open_file(path)?, name, mime_type_of(name));
    Ok(Bytes { digests, told })
}

/// Says whether a file is, by its length and its time, the one that was seen.
pub(super) fn is_as_it_was(seen: &Seen, lying: &Lying) -> bool {
    seen.sort == archive::Sort::File
        && seen.size_bytes == lying.size_bytes
        && seen.mtime_ns == lying.mtime_ns
}

fn record(
    db: &Connection,
    tree: &Tree,
    (lying, bytes): (&Lying, &Bytes),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let item = item_of(tree, (lying, bytes), now);
    let row = match item::find(db, &item.key)? {
        // By another name, or by the same in another folder: it is one file.
        Some(known) => known.row,
        None => record_item(db, &item, None, 0)?,
    };
    let found = (bytes.digests.crc32, bytes.told.picture);
    Ok(adopted::set_item(db, lying.row, row, found)?)
}

fn item_of(tree: &Tree, (lying, bytes): (&Lying, &Bytes), now: DateTime<Utc>) -> Item {
    let name = lying.path.name();
    let digests = &bytes.digests;
    let taken = taken(lying, &bytes.told, now);
    let at = taken.map(|(at, _)| at);
    let borne = DateTime::from_timestamp_nanos(lying.mtime_ns);
    // By a second name a file has one time: that which it has where it lies is not touched.
    let is_shared = tree.how == Taking::Link && !tree.is_inside();
    Item {
        key: ItemKey { source: SourceId::Adopted, id: RemoteId(digests.sha256.to_string()) },
        kind: Kind::File,
        title: name.to_owned(),
        mime_type: mime_type_of(name).to_owned(),
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
        description: None,
    }
}

/// When it was taken: by its bytes, else by its name, else by its folders.
fn taken(lying: &Lying, told: &Told, now: DateTime<Utc>) -> Option<(DateTime<Utc>, TakenFrom)> {
    let by_name = || Some((plan::date_in_name(lying.path.name(), now)?, TakenFrom::Name));
    let by_folder = || Some((date_of_folders(&lying.path, now)?, TakenFrom::Folder));
    told.shot.taken.or_else(by_name).or_else(by_folder)
}
