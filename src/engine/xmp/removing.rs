//! XMP files go: those whose pictures are gone or are about to move, and those where a file of
//! the archive is about to be. Only what is byte for byte what was written there is removed.

use super::{BATCH, has_bytes};
use crate::engine::run::Run;
use crate::engine::{Error, Event, check, moves};
use crate::index::xmp::{self, Xmp};
use crate::model::{ArchivePath, printable};

/// Takes out what stands where a file is about to be moved to or fetched, and what stands
/// beside pictures that are about to be moved.
pub(in crate::engine) fn make_way(run: &mut Run) -> Result<(), Error> {
    if !xmp::any(&run.job.db)? {
        return Ok(());
    }
    let going = xmp::in_the_way(&run.job.db)?;
    take_out(run, &going)?;
    // What was written once stays as it is where none are wanted any more.
    if run.job.options.xmp {
        let going = xmp::of_moving(&run.job.db)?;
        take_out(run, &going)?;
    }
    Ok(())
}

/// Takes out those whose pictures are no more where they were.
pub(super) fn left_behind(run: &mut Run) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        run.may_go_on()?;
        let going = xmp::left_behind(&run.job.db, &after, BATCH)?;
        let Some(last) = going.last() else { return Ok(()) };
        last.path.as_str().clone_into(&mut after);
        take_out(run, &going)?;
    }
}

/// Removes those that are the archive's own still, and forgets all.
fn take_out(run: &mut Run, going: &[Xmp]) -> Result<(), Error> {
    let mut removed = Vec::new();
    for Xmp { path, made } in going {
        match made {
            Some(made) if has_bytes(run, path, made.sha256)? => {
                removed.extend(remove(run, path)?.then(|| path.clone()));
            }
            Some(_) if check::look(&run.job.archive, path)?.is_some() => run.tell(Event::Note(
                &format!("{} was changed on this disk: it stays there", printable(path.as_str())),
            )),
            _ => {}
        }
    }
    removed.iter().try_for_each(|path| moves::prune_above(run, path))?;
    // Or a power cut could bring back some of which nothing is known any more.
    run.job.archive.make_durable(&removed)?;
    run.in_transaction(|db| Ok(going.iter().try_for_each(|xmp| xmp::remove(db, &xmp.path))?))
}

/// Removes one; says whether that could be done.
pub(super) fn remove(run: &Run, path: &ArchivePath) -> Result<bool, Error> {
    match run.job.archive.remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if moves::is_in_the_way(&error) => {
            let words = check::in_words(&error);
            run.tell(Event::Note(&format!("{} stays: {words}", printable(path.as_str()))));
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
