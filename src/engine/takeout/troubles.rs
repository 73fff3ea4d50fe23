//! What is wrong with exports, as open problems: each is told once, and is solved when the part
//! that had it is read anew without it, or is there no more.

use chrono::TimeDelta;

use crate::engine::run::Run;
use crate::engine::transfer::Failure;
use crate::engine::{Error, Event};
use crate::index::entry::{self, InFolder};
use crate::index::export_part::{self, Found, Known};
use crate::index::item;
use crate::index::problem;
use crate::index::step;
use crate::model::{ItemKey, RemoteId, SourceId};

const BATCH: u32 = 1000;

/// The part of that name is missing.
pub(super) fn missing(run: &mut Run, name: &str) -> Result<(), Error> {
    let reason = "this part of the export is not there: what is in it is not backed up. Have \
                  Google put it there again, or make a new export";
    tell(run, &key(name.to_owned()), name, reason)
}

/// The part of that name is there, or was read.
pub(super) fn is_there(run: &mut Run, name: &str) -> Result<(), Error> {
    let (when, key) = (run.moment(), key(name.to_owned()));
    run.in_transaction(|db| Ok(problem::solve(db, when, &key, name)?))
}

/// What a part is called that lies beside another: by the export's name, which it begins with.
pub(super) fn name_of(beside: &Found, number: u32) -> String {
    let stem = beside.name.rsplit_once('-').map_or(beside.name.as_str(), |(stem, _)| stem);
    let ends = ["zip", "tgz", "tar.gz"].into_iter();
    let end = ends.max_by_key(|end| beside.name.ends_with(end)).unwrap_or_default();
    format!("{stem}-{number:03}.{end}")
}

/// What no part has any more that is there, and was not fetched before.
pub(super) fn nowhere(run: &mut Run) -> Result<(), Error> {
    let mut after = 0;
    while !run.is_dry() {
        let steps = step::nowhere(&run.job.db, after, BATCH)?;
        let Some(last) = steps.last() else { break };
        after = last.row;
        for it in steps {
            let key = item::get(&run.job.db, it.item)?.item.key;
            tell(run, &key, it.to.as_str(), &Failure::Nowhere.to_string())?;
            run.in_transaction(|db| Ok(step::remove(db, it.row)?))?;
        }
    }
    Ok(())
}

/// Something in a part could not be read, or the part itself.
pub(super) fn in_part(run: &mut Run, part: &Known, path: &str, reason: &str) -> Result<(), Error> {
    let name = &part.found.name;
    let shown = if path.is_empty() { name.clone() } else { format!("{name}: {path}") };
    tell(run, &key(format!("{name}/{path}")), &shown, reason)
}

/// Something is wrong with what an entry is about.
pub(super) fn in_entry(run: &mut Run, entry: &InFolder, reason: &str) -> Result<(), Error> {
    let part = export_part::get(&run.job.db, entry.part)?;
    in_part(run, &part, &entry::path(&run.job.db, entry.row)?, reason)
}

/// A part could not be read this time: it is tried again.
pub(super) fn unread(run: &mut Run, part: &Known, reason: &str) -> Result<(), Error> {
    let name = &part.found.name;
    tell(run, &key(unread_id(part)), name, reason)
}

/// A part was read to its end.
pub(super) fn was_read(run: &mut Run, part: &Known) -> Result<(), Error> {
    let (when, key) = (run.moment(), key(unread_id(part)));
    run.in_transaction(|db| Ok(problem::solve(db, when, &key, &part.found.name)?))
}

/// Apart from what is wrong with what was read of it.
fn unread_id(part: &Known) -> String {
    format!("{} unread", part.found.name)
}

/// Forgets what was wrong with a part: it is read anew.
pub(super) fn forget(run: &mut Run, part: &Known) -> Result<(), Error> {
    let (when, below) = (run.moment(), format!("{}/", part.found.name));
    run.in_transaction(|db| Ok(problem::solve_below(db, when, SourceId::Takeout, &below)?))
}

fn key(id: String) -> ItemKey {
    ItemKey { source: SourceId::Takeout, id: RemoteId(id) }
}

fn tell(run: &mut Run, key: &ItemKey, path: &str, reason: &str) -> Result<(), Error> {
    let when = run.moment();
    let failed = problem::Failed { key, path, reason, rests: TimeDelta::zero() };
    run.in_transaction(|db| Ok(problem::put(db, when, &failed)?))?;
    run.tell(Event::Failed { key, path, reason });
    Ok(())
}
