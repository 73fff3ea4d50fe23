//! Makes an index anew that was lost: what the manifest remembers is recorded again
//! where the disk bears it out, and names stay as they were.
//!
//! A new index is one that is rebuilt, source by source, until a run has ended for which
//! the source was listed whole; on an empty disk there is nothing to remember. What no manifest tells of is
//! for `claim` and `adopt`, by the checksums and times that the source states.

use rusqlite::Connection;

use super::run::Run;
use super::sources::Sources;
use super::{Error, Event, adopt, check, manifest, motion};
use crate::archive::{Seen, Sort};
use crate::index::file::{self, Holding, Saved};
use crate::index::history::{self, What};
use crate::index::item::{self, Known};
use crate::index::place::Child;
use crate::index::remembered::{self, Bytes, Remembered};
use crate::index::{crawl, rebuilt};
use crate::media::{Motion, Told};
use crate::model::{ArchivePath, Digests, Fidelity, Form, MatchRule, SourceId};
use crate::plan;

const BATCH: u32 = 256;

/// The sources that nobody lists: what the manifest tells of them is all there is.
const UNLISTED: [SourceId; 3] = [SourceId::Takeout, SourceId::Picker, SourceId::Adopted];

/// Prepares a run over an index that is new, or was one until its runs were cut short.
pub(super) fn begin(run: &mut Run) -> Result<(), Error> {
    let listed = Sources::of_job(&run.job).all().map(|(source, _)| source).collect::<Vec<_>>();
    for source in listed.into_iter().chain(UNLISTED) {
        if !rebuilt::has(&run.job.db, source)? {
            run.rebuilding.insert(source);
        }
    }
    if run.rebuilding.is_empty() {
        return Ok(());
    }
    let files = manifest::load(run)?;
    if files > 0 && file::count(&run.job.db)? == 0 {
        run.tell(Event::Note(&format!(
            "The index knows no file of this archive: {files} are looked up by \
             .gphotos-sync/manifest, and their bytes are read"
        )));
    }
    Ok(())
}

/// Records what is remembered, as far as it is there. For after each listing, before what
/// that had not is asked for, and before the disk is compared with what is recorded.
pub(super) fn remember(run: &mut Run) -> Result<(), Error> {
    if !is_anything_remembered(run)? {
        return Ok(());
    }
    for source in run.rebuilding.clone() {
        if is_all_known(run, source)? {
            run.in_transaction(|db| add_unlisted(db, source))?;
        }
    }
    run.gathered(record_all)?;
    for source in run.rebuilding.clone() {
        run.in_transaction(|db| {
            remembered::remove_missing(db, source)?;
            // Nobody can be asked for them, and none was left out of anything.
            if UNLISTED.contains(&source) { Ok(remembered::set_found(db, source)?) } else { Ok(()) }
        })?;
    }
    Ok(())
}

/// Says whether what was not listed is not there at the source.
fn is_all_known(run: &Run, source: SourceId) -> Result<bool, Error> {
    Ok(UNLISTED.contains(&source) || crawl::is_whole(&run.job.db, source)?)
}

fn is_anything_remembered(run: &Run) -> Result<bool, Error> {
    for source in &run.rebuilding {
        if remembered::any(&run.job.db, *source)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Records what is remembered and was not listed: clips with the stills that they are of,
/// and all else as missing.
fn add_unlisted(db: &Connection, source: SourceId) -> Result<(), Error> {
    for row in remembered::stills(db, source)? {
        motion::derive(db, &item::get(db, row)?)?;
    }
    Ok(remembered::add_missing(db, source)?)
}

/// Forgets what was remembered of each source, once all of it was looked for. One that was
/// not listed whole may have more on the disk than is known by now.
pub(super) fn finish(run: &mut Run) -> Result<(), Error> {
    tell_unrecognised(run);
    for source in run.rebuilding.clone() {
        let is_out = run.is_out(source) && !UNLISTED.contains(&source);
        if !is_out && is_all_known(run, source)? {
            run.in_transaction(|db| {
                remembered::forget(db, source)?;
                Ok(rebuilt::add(db, source)?)
            })?;
        }
    }
    Ok(())
}

/// Says whether the manifest alone knows what the archive holds of some source.
pub(super) fn is_waiting(db: &Connection) -> Result<bool, Error> {
    for source in SourceId::ALL {
        if !rebuilt::has(db, source)? && remembered::any(db, source)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn tell_unrecognised(run: &Run) {
    if run.unrecognised > 0 {
        run.tell(Event::Note(&format!(
            "{} items have something at their place that could not be proved to be theirs: it stays \
             as it is, and they are fetched under the next free name",
            run.unrecognised
        )));
    }
}

fn record_all(run: &mut Run) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let batch = remembered::unlike(&run.job.db, after, BATCH)?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        after = *last;
        for (row, it) in &batch {
            run.may_go_on()?;
            if let Some(bytes) = &it.bytes {
                record_if_there(run, *row, it, bytes)?;
            }
        }
    }
}

/// Records that an item's bytes are where they are remembered to be, if they are.
fn record_if_there(run: &mut Run, row: i64, it: &Remembered, bytes: &Bytes) -> Result<(), Error> {
    let known = item::get(&run.job.db, row)?;
    let Some(seen) = check::look(&run.job.archive, &it.path)?.filter(|seen| {
        seen.sort == Sort::File && seen.size_bytes == bytes.size_bytes && is_in_trees(&it.path)
    }) else {
        return Ok(());
    };
    let holding = Holding {
        item: row,
        revision: bytes.revision.clone(),
        modified_at: bytes.modified_ms.and_then(chrono::DateTime::from_timestamp_millis),
        fidelity: bytes.fidelity,
        match_rule: bytes.match_rule,
        kept: bytes.kept,
    };
    let recorded = file::at(&run.job.db, &it.path)?;
    if let Some(file) =
        recorded.filter(|file| file.sha256 == bytes.sha256 && check::is_untouched(&seen, file))
    {
        run.in_transaction(|db| {
            file::share(db, file.row, &holding)?;
            keep(db, &known, it, bytes)
        })?;
        return manifest::note(run, row);
    }
    let digests = check::digests(run, &it.path)?;
    if digests.sha256 != bytes.sha256 || contradicts(&known, bytes, &digests) {
        return Ok(());
    }
    record_file(run, &known, it, (&seen, digests), &holding)?;
    manifest::note(run, row)?;
    adopt::keep_now_and_then(run, seen.size_bytes)
}

/// Records a file whose bytes were found to be those remembered. What is recorded at its
/// path, if anything is, is no longer there.
fn record_file(
    run: &mut Run,
    known: &Known,
    it: &Remembered,
    (seen, digests): (&Seen, Digests),
    holding: &Holding,
) -> Result<(), Error> {
    let open = run.job.archive.open_file(&it.path)?;
    let told = Told::read(open, &known.item.title, &known.item.mime_type);
    // An original that another source brought may have the film in it.
    let has_clip = match told.motion {
        Motion::None => false,
        Motion::Whole => holding.match_rule == MatchRule::Id,
        Motion::Still => true,
    };
    let is_motion = motion::has_clips(known.item.key.source) && has_clip;
    let saved = Saved {
        path: it.path.clone(),
        mtime_ns: seen.mtime_ns,
        digests,
        picture: told.picture,
        shot: told.shot,
        saved_at: run.now(),
    };
    let when = run.moment();
    run.in_transaction(|db| {
        if let Some(other) = file::at(db, &it.path)? {
            file::forget(db, other.row)?;
        }
        file::put(db, &saved, holding)?;
        if is_motion {
            motion::derive(db, known)?;
        }
        if let Some(bytes) = &it.bytes {
            keep(db, known, it, bytes)?;
        }
        Ok(history::add(db, when, What::Adopted, it.path.as_str(), None)?)
    })
}

/// Has an item kept in the form that it has, and seated anew.
fn keep(db: &Connection, known: &Known, it: &Remembered, bytes: &Bytes) -> Result<(), Error> {
    let form = match bytes.fidelity {
        Fidelity::Pointer => Form::Pointer,
        Fidelity::Export => export(it, bytes),
        Fidelity::Original | Fidelity::Stripped | Fidelity::Transcoded => Form::Bytes,
    };
    Ok(item::keep_as(db, known.row, &form)?)
}

/// The form of an export, from the revision and the name of what is held of it.
fn export(it: &Remembered, bytes: &Bytes) -> Form {
    let format = bytes.revision.as_str().rsplit_once(' ');
    let extension = it.path.name().rsplit_once('.');
    match (format, extension) {
        (Some((_, format)), Some((_, extension))) => {
            Form::Export { mime_type: format.to_owned(), extension: extension.to_owned() }
        }
        _ => Form::Bytes,
    }
}

/// Says whether the source states other bytes for the revision that is remembered: then
/// the manifest is not what this program wrote.
fn contradicts(known: &Known, bytes: &Bytes, digests: &Digests) -> bool {
    bytes.fidelity == Fidelity::Original
        && known.item.revision.as_ref() == Some(&bytes.revision)
        && known.item.md5.is_some_and(|md5| md5 != digests.md5)
}

/// Whether a path is one that items' files have. The manifest may be damaged, or planted.
fn is_in_trees(path: &ArchivePath) -> bool {
    let top = path.parts().next();
    path.parent().is_some() && !matches!(top, Some(".gphotos-sync" | "albums"))
}

/// The name that a child of the folder at `path` bears there already, though the index
/// does not know that it was given to it.
pub(super) fn name_borne(
    run: &Run,
    path: &ArchivePath,
    child: &Child,
    wanted: &str,
) -> Result<Option<String>, Error> {
    if child.given.is_some() {
        return Ok(None);
    }
    let at = match child.form {
        Form::Folder if run.rebuilding.contains(&SourceId::Drive) => {
            remembered::folder_path(&run.job.db, child.item)?
        }
        _ => child.file.clone(),
    };
    let is_folder = child.form == Form::Folder;
    let here = at.filter(|at| at.parent().as_ref() == Some(path));
    let name = here.map(|at| at.name().to_owned());
    Ok(name.filter(|name| plan::is_dealt_for(name, wanted, is_folder)))
}
