//! Looks whether the recorded files are still on the disk as they were left.
//!
//! What a person took away is fetched again; what a person changed is set aside
//! in a folder of the trash that is never purged, told, and fetched again.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::run::Run;
use super::{Error, Event, Phase};
use crate::archive::{self, Archive, Seen, Sort};
use crate::index::file::{self, Recorded};
use crate::index::history::{self, Moment, What};
use crate::media::Hasher;
use crate::model::{ArchivePath, Digests, printable};
use crate::plan::AlbumMode;

/// How many files are looked at before a person may stop the run.
const BATCH: u32 = 1000;

/// Where what a person edited is kept, below the trash. Never purged.
const EDITED: &str = "edited";

/// Looks at every recorded file.
pub(super) fn files(run: &mut Run) -> Result<(), Error> {
    run.phase(Phase::Checking { files: file::count(&run.job.db)? });
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let mut batch = file::after(&run.job.db, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.row;
        // Neighbours are looked at together.
        batch.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        let seen = run.job.archive.look_all(batch.iter().map(|recorded| &recorded.path));
        for (recorded, seen) in batch.iter().zip(seen) {
            check(run, recorded, seen)?;
        }
        run.tell(Event::Checked { files: batch.len() as u64 });
    }
}

/// Looks at one recorded file.
pub(super) fn file(run: &mut Run, recorded: &Recorded) -> Result<(), Error> {
    let seen = run.job.archive.look(&recorded.path);
    check(run, recorded, seen)
}

fn check(
    run: &mut Run,
    recorded: &Recorded,
    seen: Result<Option<Seen>, archive::Error>,
) -> Result<(), Error> {
    let seen = match seen {
        // A symlink or a file where a folder was: the file is not to be had there.
        Err(archive::Error::Blocked { .. }) => None,
        Err(error) => return leave(run, recorded, &error),
        Ok(seen) => seen,
    };
    match seen {
        Some(seen) if is_untouched(&seen, recorded) => Ok(()),
        Some(seen) if seen.sort == Sort::File && seen.size_bytes == recorded.size_bytes => {
            match digests(run, &recorded.path) {
                // Copied or touched: the bytes are right, and that is what counts.
                Ok(found) if found.sha256 == recorded.sha256 => retime(run, recorded, seen),
                Ok(_) => set_aside(run, recorded),
                Err(Error::Archive(error)) => leave(run, recorded, &error),
                Err(error) => Err(error),
            }
        }
        Some(Seen { sort: Sort::File | Sort::Symlink, .. }) => set_aside(run, recorded),
        // A folder or a device is somebody's own: it stays, and ours takes another name.
        Some(_) | None => {
            let when = run.moment();
            run.in_transaction(|db| forget(db, when, recorded, What::Missing, None))
        }
    }
}

/// Leaves a file alone of which the disk does not say what it is: somebody took the
/// permissions away, or the disk is failing. It counts as held, and the run says that not
/// all is well.
fn leave(run: &mut Run, recorded: &Recorded, error: &archive::Error) -> Result<(), Error> {
    if error.is_missing() {
        // Between two looks.
        let when = run.moment();
        return run.in_transaction(|db| forget(db, when, recorded, What::Missing, None));
    }
    let path = printable(recorded.path.as_str());
    run.tell(Event::Note(&format!("{path} is left as it is: {}", in_words(error))));
    run.doubtful = true;
    Ok(())
}

/// An error of the disk with what the system said.
pub(super) fn in_words(error: &archive::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// Gives a file its own time again and records what it bears now.
fn retime(run: &Run, recorded: &Recorded, seen: Seen) -> Result<(), Error> {
    let job = &run.job;
    let may = !run.is_dry() && may_retime(run, &recorded.path)?;
    let now = match file::modified_at(&job.db, recorded.row)?.filter(|_| may) {
        // Who may write beside a file may not set its time, if it is another user's.
        Some(time) if job.archive.set_mtime(&recorded.path, time).is_ok() => {
            job.archive.look(&recorded.path)?.unwrap_or(seen)
        }
        Some(_) | None => seen,
    };
    Ok(file::set_mtime(&job.db, &recorded.path, now.mtime_ns)?)
}

/// Says whether the time of a file is the archive's to set. By another name, which a person
/// gave it or planted here, it lies elsewhere, too, and has that time there. Where albums
/// are made of second names these are the archive's own.
pub(super) fn may_retime(run: &Run, path: &ArchivePath) -> Result<bool, Error> {
    let albums = run.job.options.albums.as_ref();
    Ok(albums.is_some_and(|albums| albums.mode == AlbumMode::Hardlink)
        || !run.job.archive.has_other_names(path)?)
}

/// What is at `path`; nothing, where no file of the archive can be there: something else
/// is in the place of a folder above it, the disk holds no such name, or lets nobody look.
pub(super) fn look(archive: &Archive, path: &ArchivePath) -> Result<Option<Seen>, Error> {
    match archive.look(path) {
        Err(archive::Error::Blocked { .. }) => Ok(None),
        Err(error) if error.is_name_too_long() || error.is_denied() => Ok(None),
        seen => Ok(seen?),
    }
}

/// Says whether what is there is, by its length and time, the file that was left there.
pub(super) fn is_untouched(seen: &Seen, recorded: &Recorded) -> bool {
    seen.sort == Sort::File
        && seen.size_bytes == recorded.size_bytes
        && seen.mtime_ns == recorded.mtime_ns
}

fn set_aside(run: &mut Run, recorded: &Recorded) -> Result<(), Error> {
    if run.is_dry() {
        run.tell(Event::Note(&format!(
            "{} was changed on this disk: that version would go to the trash",
            printable(recorded.path.as_str())
        )));
        return run.in_transaction(|db| Ok(file::want_anew(db, recorded.row)?));
    }
    let kept = put_aside(&run.job.archive, &recorded.path, run.now())?;
    run.tell(Event::Note(&format!(
        "{} was changed on this disk: that version is now {}",
        printable(recorded.path.as_str()),
        printable(kept.as_str())
    )));
    let when = run.moment();
    run.in_transaction(|db| forget(db, when, recorded, What::Edited, Some(kept.as_str())))
}

/// Moves what is at `path` to the folder of the trash that is never purged, durably,
/// and says where it is now.
pub(super) fn put_aside(
    archive: &Archive,
    path: &ArchivePath,
    now: DateTime<Utc>,
) -> Result<ArchivePath, Error> {
    put_aside_from(archive, path, path, now)
}

/// As [`put_aside`], for what lies at `at` by now and was at `path`.
pub(super) fn put_aside_from(
    archive: &Archive,
    at: &ArchivePath,
    path: &ArchivePath,
    now: DateTime<Utc>,
) -> Result<ArchivePath, Error> {
    let kept = archive.put_on_shelf(at, path, &edited_shelf(now))?;
    archive.make_durable(&[at.clone(), kept.clone()])?;
    Ok(kept)
}

/// The folder of the trash that is never purged, for what is found today.
pub(super) fn edited_shelf(now: DateTime<Utc>) -> String {
    format!("{EDITED}/{}", now.date_naive())
}

/// Records that a file is no longer where it was: it is fetched again.
pub(super) fn forget(
    db: &Connection,
    when: Moment,
    recorded: &Recorded,
    what: What,
    detail: Option<&str>,
) -> Result<(), Error> {
    file::forget(db, recorded.row)?;
    Ok(history::add(db, when, what, recorded.path.as_str(), detail)?)
}

/// Reads the file at `path` whole and says what its bytes are.
pub(super) fn digests(run: &Run, path: &ArchivePath) -> Result<Digests, Error> {
    let file = run.job.archive.open_file(path)?;
    let mut hasher = Hasher::default();
    match hasher.update_from(file) {
        Ok(()) => Ok(hasher.finish()),
        Err(source) => {
            let path = path.to_string();
            Err(archive::Error::Io { operation: "read", path, source }.into())
        }
    }
}
