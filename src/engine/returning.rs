//! Bytes of an item that come back from the trash, since the item has come back. On their
//! way they lie in `partial/`, where no row of the trash would find them: so that is
//! announced before, and what did not get its place is put back into the trash.

use chrono::DateTime;

use super::run::Run;
use super::{Error, check};
use crate::archive::{PartialName, Sort};
use crate::index::trash::{self, Trashed};
use crate::model::ArchivePath;

/// Records that bytes are about to leave the trash, to be staged under `name`.
pub(super) fn announce(run: &mut Run, trashed: &Trashed, name: &PartialName) -> Result<(), Error> {
    let staged = name.path()?;
    run.in_transaction(|db| Ok(trash::set_put_back(db, trashed.row, Some(&staged))?))
}

/// Says whether these bytes were announced here, and not by `undo`.
pub(super) fn is_announced(trashed: &Trashed) -> bool {
    trashed.put_back.as_ref().is_some_and(PartialName::is_of)
}

/// Puts those of one row into the trash again: their item needs them no more.
pub(super) fn put_down(run: &mut Run, row: i64) -> Result<(), Error> {
    let unfinished = trash::unfinished(&run.job.db)?;
    let ours = |trashed: &Trashed| trashed.row == row && is_announced(trashed);
    unfinished.into_iter().filter(ours).try_for_each(|trashed| settle(run, &trashed))
}

/// Sets all of them right that did not come to their places.
pub(super) fn recover(run: &mut Run) -> Result<(), Error> {
    let unfinished = trash::unfinished(&run.job.db)?;
    unfinished.iter().filter(|it| is_announced(it)).try_for_each(|trashed| settle(run, trashed))
}

fn settle(run: &mut Run, trashed: &Trashed) -> Result<(), Error> {
    if let Some(staged) = trashed.put_back.clone().filter(|_| !run.is_dry()) {
        put_back(run, trashed, &staged)?;
    }
    let is_in_trash = check::look(&run.job.archive, &trashed.trash_path)?.is_some();
    let now = run.now();
    run.in_transaction(|db| {
        if is_in_trash || trash::is_wanted(db, trashed.row)? {
            return Ok(trash::set_put_back(db, trashed.row, None)?);
        }
        // They have their place, and what was recorded then did not know whence they came.
        Ok(trash::set_restored(db, trashed.row, now)?)
    })
}

/// Moves the bytes into the trash again, as they were, if they are staged.
fn put_back(run: &Run, trashed: &Trashed, staged: &ArchivePath) -> Result<(), Error> {
    let archive = &run.job.archive;
    if archive.look(&trashed.trash_path)?.is_some()
        || archive.look(staged)?.is_none_or(|seen| seen.sort != Sort::File)
        || check::digests(run, staged)?.sha256 != trashed.sha256
    {
        return Ok(());
    }
    archive.rename(staged, &trashed.trash_path)?;
    archive.set_mtime(&trashed.trash_path, DateTime::from_timestamp_nanos(trashed.mtime_ns))?;
    Ok(archive.make_durable(&[staged.clone(), trashed.trash_path.clone()])?)
}
