//! Takes into the index what is on the disk already: files that a killed run had
//! placed and not yet recorded, and all of them when the index was lost.

use super::layout;
use super::run::Run;
use super::{Error, check, manifest};
use crate::archive::Seen;
use crate::index::file::{self, Holding, Saved};
use crate::index::history::{self, What};
use crate::index::place::Child;
use crate::index::{item, problem};
use crate::media;
use crate::model::ArchivePath;

/// Adopts the file at `at`, if it has just the bytes that `child` should have there,
/// and says whether it did. Only bytes with a stated checksum can be told.
pub(super) fn adopt(
    run: &mut Run,
    child: &mut Child,
    at: &ArchivePath,
    seen: &Seen,
) -> Result<bool, Error> {
    let (size_bytes, Some(md5)) = child.stated else { return Ok(false) };
    if child.form != "bytes" || size_bytes != Some(seen.size_bytes) {
        return Ok(false);
    }
    let digests = check::digests(run, at)?;
    if digests.md5 != md5 {
        return Ok(false);
    }
    let known = item::get(&run.job.db, child.item)?;
    if let Some(time) = known.item.modified_at {
        run.job.archive.set_mtime(at, time)?;
    }
    let mtime_ns = run.job.archive.look(at)?.map_or(seen.mtime_ns, |seen| seen.mtime_ns);
    let file = run.job.archive.open_file(at)?;
    let shot = media::read_shot(file, &known.item.title, &known.item.mime_type);
    let saved = Saved { path: at.clone(), mtime_ns, digests, shot, saved_at: run.now() };
    let holding = Holding {
        item: child.item,
        revision: layout::revision(known.item.revision.as_ref(), None),
        modified_at: known.item.modified_at,
        fidelity: "original",
        match_rule: "hash",
    };
    let when = run.moment();
    run.in_transaction(|db| {
        file::put(db, &saved, &holding)?;
        item::settle(db, child.item)?;
        problem::solve(db, when, &known.item.key, at.as_str())?;
        Ok(history::add(db, when, What::Adopted, at.as_str(), None)?)
    })?;
    child.file = Some(at.clone());
    child.due = false;
    child.revisions.held = Some(holding.revision);
    child.modified_ms.0 = child.modified_ms.1;
    manifest::note(run, child.item).map(|()| true)
}
