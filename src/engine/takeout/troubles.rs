//! What is wrong with exports, as open problems: each is told once, and is solved when the part
//! that had it is read anew without it, or is there no more.

use chrono::TimeDelta;

use crate::engine::run::Run;
use crate::engine::{Error, Event};
use crate::index::export_part::{Found, Known};
use crate::index::problem;
use crate::model::{ItemKey, RemoteId, SourceId};

/// The part of that name is missing.
pub(super) fn missing(run: &mut Run, name: &str) -> Result<(), Error> {
    let reason = "this part of the export is not there: what is in it is not backed up. Have \
                  Google put it there again, or make a new export";
    tell(run, name.to_owned(), name, reason)
}

/// The part of that name is there, or was read.
pub(super) fn is_there(run: &mut Run, name: &str) -> Result<(), Error> {
    let (when, key) = (run.moment(), key(name.to_owned()));
    run.in_transaction(|db| Ok(problem::solve(db, when, &key, name)?))
}

/// What a part is called that lies beside another: by the export's name, which it begins with.
pub(super) fn name_of(beside: &Found, number: u32) -> String {
    let stem = beside.name.rsplit_once('-').map_or(beside.name.as_str(), |(stem, _)| stem);
    let end = if beside.name.ends_with(".zip") { "zip" } else { "tgz" };
    format!("{stem}-{number:03}.{end}")
}

/// Something in a part could not be read, or the part itself.
pub(super) fn in_part(run: &mut Run, part: &Known, path: &str, reason: &str) -> Result<(), Error> {
    let name = &part.found.name;
    let shown = if path.is_empty() { name.clone() } else { format!("{name}: {path}") };
    tell(run, format!("{name}/{path}"), &shown, reason)
}

/// Forgets what was wrong with a part: it is read anew.
pub(super) fn forget(run: &mut Run, part: &Known) -> Result<(), Error> {
    let (when, below) = (run.moment(), format!("{}/", part.found.name));
    run.in_transaction(|db| Ok(problem::solve_below(db, when, SourceId::Takeout, &below)?))
}

fn key(id: String) -> ItemKey {
    ItemKey { source: SourceId::Takeout, id: RemoteId(id) }
}

fn tell(run: &mut Run, id: String, path: &str, reason: &str) -> Result<(), Error> {
    let (when, key) = (run.moment(), key(id));
    let failed = problem::Failed { key: &key, path, reason, rests: TimeDelta::zero() };
    run.in_transaction(|db| Ok(problem::put(db, when, &failed)?))?;
    run.tell(Event::Failed { key: &key, path, reason });
    Ok(())
}
