//! Gives the files of the tree their places in the archive, by second names or as copies: what
//! is announced, made durable and recorded is the same as for what is fetched.

use std::collections::HashMap;
use std::path::Path;

use chrono::TimeDelta;

use super::holding::digests;
use super::reading::is_as_it_was;
use super::tree::Tree;
use super::walk::in_words;
use crate::archive::{self, Archive, Ready};
use crate::engine::gathering::Gathering;
use crate::engine::landing::{self, Landing};
use crate::engine::run::Run;
use crate::engine::transfer::{Fetched, partial_name};
use crate::engine::{Error, Phase, Taking, fetch, layout, manifest};
use crate::index::adopted::{self, Read};
use crate::index::file;
use crate::index::item::{self, Known};
use crate::index::place;
use crate::index::step::{self, Kind, Step};
use crate::media::{Motion, Told, read_shot};
use crate::model::SourceId;

const BATCH: u32 = 256;

/// Why something cannot be had again for now.
const AWAY: &str = "the folder is not there that it was taken over from";

/// Why something will never be had again: that is told once.
const LOST: &str = "it is in the archive no more, and no more as it was where it was taken over \
                    from: if you have it elsewhere, run `adopt` on that";

/// Why a file has no second name in the archive.
const UNLINKABLE: &str = "it cannot be linked into the archive: it lies on another file system, \
                          or is somebody else's; run again with --copy, or with --move";

/// The folders that were taken over, in this run and before, as far as they are there.
struct Trees<'a> {
    now: Option<&'a Tree>,
    before: HashMap<String, Option<Archive>>,
}

impl Trees<'_> {
    /// The folder `root`, and how what is in it is to be had.
    fn get(&mut self, root: &str) -> Option<(Archive, Taking)> {
        if let Some(tree) = self.now.filter(|tree| tree.root == root) {
            return Some((tree.disk.clone(), tree.how));
        }
        let open = || Archive::open(Path::new(root)).ok();
        let disk = self.before.entry(root.to_owned()).or_insert_with(open);
        disk.clone().map(|disk| (disk, Taking::Any))
    }
}

/// Gives everything its place that is to be had.
pub(super) fn all(run: &mut Run, tree: Option<&Tree>) -> Result<(), Error> {
    let files = item::count_due(&run.job.db, SourceId::Adopted)?;
    if files == 0 {
        return Ok(());
    }
    let (_, bytes) = run.steps(Kind::Fetch)?;
    run.phase(Phase::Fetching { files, bytes });
    let mut trees = Trees { now: tree, before: HashMap::new() };
    let mut ready = Gathering::default();
    let stopped = each_step(run, |run, known, step| {
        let older = file::held_by(&run.job.db, known.row)?.map(|held| held.path);
        let landing = Landing::new(&known, step, older);
        match stage(run, &mut trees, &known)? {
            Ok(fetched) => {
                let bytes = fetched.ready.size_bytes();
                ready.push((landing, fetched), bytes, run.now());
            }
            Err(reason) => {
                fetch::record_failure(run, &landing, &reason, TimeDelta::zero())?;
                if reason == LOST {
                    forget(run, &known)?;
                }
            }
        }
        if ready.is_due(run.now()) { land(run, ready.take()) } else { Ok(()) }
    });
    // What is staged gets its place, also where a person wants to stop.
    let landed = land(run, ready.take());
    stopped.and(landed)
}

fn each_step(
    run: &mut Run,
    mut work: impl FnMut(&mut Run, Known, Step) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let batch = step::of_kind(&run.job.db, Kind::Fetch, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.row;
        for step in batch {
            run.may_go_on()?;
            let known = item::get(&run.job.db, step.item)?;
            if known.item.key.source == SourceId::Adopted {
                work(run, known, step)?;
            }
        }
    }
}

/// Forgets an item whose bytes are nowhere: a person changed them, or took them away.
fn forget(run: &mut Run, known: &Known) -> Result<(), Error> {
    run.in_transaction(|db| {
        place::mark_stale(db, known.folder)?;
        Ok(item::remove(db, known.row)?)
    })?;
    manifest::forget(run, known.item.key.clone());
    Ok(())
}

type Staged = Result<Fetched, String>;

/// Stages an item's bytes, from where they lie still; else says why not.
fn stage(run: &Run, trees: &mut Trees<'_>, known: &Known) -> Result<Staged, Error> {
    let mut reason = LOST.to_owned();
    for read in adopted::of_item(&run.job.db, known.row)? {
        let Some((disk, how)) = trees.get(&read.root) else {
            AWAY.clone_into(&mut reason);
            continue;
        };
        match stage_from(run, known, (&disk, &read), how) {
            Ok(Some(fetched)) => return Ok(Ok(fetched)),
            Ok(None) => {}
            Err(error) if error.is_full() || error.is_read_only() => return Err(error.into()),
            Err(archive::Error::Occupied(_)) => UNLINKABLE.clone_into(&mut reason),
            Err(error) => reason = in_words(&error),
        }
    }
    Ok(Err(reason))
}

/// `None`: it is not there any more as it was. [`archive::Error::Occupied`]: it cannot be
/// linked.
fn stage_from(
    run: &Run,
    known: &Known,
    (disk, read): (&Archive, &Read),
    how: Taking,
) -> Result<Option<Fetched>, archive::Error> {
    let path = &read.lying.path;
    let is_there = |seen| is_as_it_was(&seen, &read.lying);
    let Some(digests) = digests(known, read) else { return Ok(None) };
    if !disk.look(path)?.is_some_and(is_there) {
        return Ok(None);
    }
    let ready = give(run, known, (disk, read), how)?;
    // A file that was changed in this moment is another.
    if ready.size_bytes() != read.lying.size_bytes || !disk.look(path)?.is_some_and(is_there) {
        run.job.archive.discard(&ready)?;
        return Ok(None);
    }
    let (title, mime_type) = (&known.item.title, &known.item.mime_type);
    let shot = read_shot(disk.open_file(path)?, title, mime_type);
    let told = Told { shot, picture: read.picture, motion: Motion::None };
    if how == Taking::Move
        && let Some(time) = known.item.modified_at
    {
        run.job.archive.set_staged_mtime(&ready, time)?;
    }
    Ok(Some(Fetched { ready, digests, told, received: 0, from_trash: None }))
}

fn give(
    run: &Run,
    known: &Known,
    (disk, read): (&Archive, &Read),
    how: Taking,
) -> Result<Ready, archive::Error> {
    let (archive, path) = (&run.job.archive, &read.lying.path);
    let name = partial_name(&known.item.key, &layout::wanted(known));
    if how != Taking::Copy
        && let Some(ready) = archive.stage_linked(disk, path, name.clone())?
    {
        return Ok(ready);
    }
    match how {
        Taking::Link => Err(archive::Error::Occupied(path.clone())),
        _ => archive.stage_foreign(disk, path, &name, known.item.modified_at),
    }
}

fn land(run: &mut Run, mut batch: Vec<(Landing, Fetched)>) -> Result<(), Error> {
    if batch.is_empty() {
        return Ok(());
    }
    landing::announce(run, &mut batch)?;
    let came = landing::place(&run.job.archive.clone(), batch);
    for (landing, failure) in landing::record(run, came)? {
        let reason = failure.to_string();
        fetch::record_failure(run, &landing, &reason, TimeDelta::zero())?;
    }
    Ok(())
}
