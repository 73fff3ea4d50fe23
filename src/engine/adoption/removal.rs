//! Takes files away where they lay, as a person asked for: each only if the archive holds its
//! bytes, which is looked at on the disk. Folders stay.

use super::reading::is_as_it_was;
use super::tree::Tree;
use super::troubles;
use super::walk::in_words;
use crate::archive::{self, Kinship};
use crate::engine::run::Run;
use crate::engine::{Error, check};
use crate::index::adopted::{self, Held};
use crate::index::file;

const BATCH: u32 = 256;

/// Why something is not taken away.
const UNSAFE: &str = "it stays here, since the archive's file has no longer its bytes: run `verify` \
                      on the archive, and then `adopt` again";

/// Takes away what was taken over.
pub(super) fn all(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    let mut after = None;
    loop {
        let batch = adopted::held(&run.job.db, tree.reading(), after.as_ref(), BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.lying.path.clone());
        for held in &batch {
            run.may_go_on()?;
            match take_away(run, tree, held) {
                Err(Error::Archive(error)) => {
                    let path = held.lying.path.as_str();
                    troubles::tell(run, tree, path, &in_words(&error))?;
                }
                taken => taken?,
            }
        }
    }
}

fn take_away(run: &mut Run, tree: &Tree, held: &Held) -> Result<(), Error> {
    let lying = &held.lying;
    if let Some(at) = tree.in_archive(&lying.path)
        && file::exists_at(&run.job.db, &at)?
    {
        // This is where the archive holds it, or another.
        return Ok(());
    }
    let Some(seen) = tree.disk.look(&lying.path)? else { return Ok(()) };
    match run.job.archive.kinship(&held.path, (&tree.disk, &lying.path))? {
        Kinship::SecondName => {}
        Kinship::None if is_as_it_was(&seen, lying) => {
            if !is_safe(run, held)? {
                return troubles::tell(run, tree, lying.path.as_str(), UNSAFE);
            }
        }
        Kinship::None | Kinship::Itself => return Ok(()),
    }
    tree.disk.remove_file(&lying.path)?;
    run.in_transaction(|db| Ok(adopted::remove(db, lying.row)?))
}

/// Says whether the archive's file has the bytes that are recorded, as its disk hands them out.
fn is_safe(run: &Run, held: &Held) -> Result<bool, Error> {
    match check::digests(run, &held.path) {
        Ok(digests) => Ok(digests.sha256 == held.sha256),
        Err(Error::Archive(error)) if is_gone(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_gone(error: &archive::Error) -> bool {
    error.is_missing() || matches!(error, archive::Error::NotPlain { .. })
}
