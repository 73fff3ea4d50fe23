//! Symlinks in the Drive trees: shortcuts, and the further folders of items that
//! have several. They follow Google on every run; a link is no backup.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::run::Run;
use super::tops::top;
use super::{Error, Event, check, moves};
use crate::archive::{self, Ability};
use crate::index::link;
use crate::model::{ArchivePath, printable};

/// A symlink that should be there.
struct Wanted {
    target: ArchivePath,
    mtime: DateTime<Utc>,
}

/// Removes the links that should not be there any more, so that files can have
/// their names.
pub(super) fn remove_unwanted(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return Ok(());
    }
    let wanted = wanted(run)?;
    let mut gone = Vec::new();
    for link in link::all(&run.job.db)? {
        if !wanted.contains_key(&link.path) {
            match run.job.archive.unlink_symlink(&link.path) {
                // What a person put in the link's place is theirs.
                Ok(()) | Err(archive::Error::NotPlain { .. } | archive::Error::Blocked { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            moves::prune_above(run, &link.path)?;
            gone.push(link.path);
        }
    }
    // Or a power cut could bring links back of which nothing is known any more.
    run.job.archive.make_durable(&gone)?;
    run.in_transaction(|db| Ok(gone.iter().try_for_each(|path| link::remove(db, path))?))
}

/// Makes the links that should be there and are not, or lead elsewhere.
pub(super) fn make(run: &mut Run) -> Result<(), Error> {
    let (mut made, mut news) = (Vec::new(), Vec::new());
    let recorded = link::all(&run.job.db)?.into_iter().map(|link| (link.path, link.target));
    let recorded: BTreeMap<_, _> = recorded.collect();
    for (path, wanted) in wanted(run)? {
        match make_one(run, &path, &wanted) {
            Ok(is_new) => {
                if is_new {
                    made.push(path.clone());
                }
                if recorded.get(&path) != Some(&wanted.target) {
                    news.push((path, wanted.target));
                }
            }
            Err(
                error @ (archive::Error::Occupied(_)
                | archive::Error::NotPlain { .. }
                | archive::Error::Blocked { .. }),
            ) => {
                let path = printable(path.as_str());
                run.tell(Event::Note(&format!(
                    "the link {path} was not made: {}",
                    check::in_words(&error)
                )));
            }
            // All that can be saved is saved, and they are no backup.
            Err(_) if !run.job.archive.can(Ability::Symlink)? => {
                run.tell(Event::Note(
                    "Drive's shortcuts were left out: this file system has no symbolic links; \
                     where they lead is in index.db",
                ));
                break;
            }
            Err(error) => return Err(error.into()),
        }
    }
    run.job.archive.make_durable(&made)?;
    // Where a crash comes before it, the next run finds the links as they should be.
    run.in_transaction(|db| {
        Ok(news.iter().try_for_each(|(path, target)| link::put(db, path, target))?)
    })
}

fn make_one(run: &Run, path: &ArchivePath, wanted: &Wanted) -> Result<bool, archive::Error> {
    let text = path.link_to(&wanted.target);
    let archive = &run.job.archive;
    if archive.read_link(path)?.as_deref() == Some(&text) {
        let its_own = archive.look(path)?.map(|seen| seen.mtime_ns);
        if its_own != wanted.mtime.timestamp_nanos_opt() {
            archive.set_mtime(path, wanted.mtime)?;
        }
        return Ok(false);
    }
    archive.symlink(path, &text, Some(wanted.mtime))?;
    Ok(true)
}

fn wanted(run: &Run) -> Result<BTreeMap<ArchivePath, Wanted>, Error> {
    let rows = link::wanted(&run.job.db)?.into_iter();
    let at_path = |row: link::Wanted| {
        let folder = row.folder_path.or_else(|| top(row.folder, run.job.options.flat))?;
        let path = folder.join(&row.name).ok()?;
        let mtime = DateTime::from_timestamp_nanos(row.mtime_ns);
        Some((path, Wanted { target: row.target, mtime }))
    };
    Ok(rows.filter_map(at_path).collect())
}
