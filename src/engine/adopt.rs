//! Takes into the index what is on the disk already: files that a killed run had
//! placed and not yet recorded, and all of them when the index was lost. Which of a
//! killed run's they are is found out in [`super::recovery`].

use chrono::{DateTime, Utc};

use super::layout;
use super::run::Run;
use super::{Error, check, manifest, motion};
use crate::archive::Seen;
use crate::index::file::{self, Holding, Saved};
use crate::index::history::{self, What};
use crate::index::item::{self, Known};
use crate::index::place::Child;
use crate::index::problem;
use crate::media::{Motion, Told};
use crate::model::{ArchivePath, Digests, Form, MatchRule};

/// After how many bytes that were hashed what they told is made durable: a run that
/// is killed has to hash no more than these again.
const KEPT_BYTES: u64 = 256 << 20;

/// Adopts the file at `at`, if it is what `child` should have there, and says
/// whether it did.
pub(super) fn adopt(
    run: &mut Run,
    child: &mut Child,
    at: &ArchivePath,
    seen: &Seen,
) -> Result<bool, Error> {
    // Reading what is there may take long.
    run.may_go_on()?;
    let Some((digests, rule)) = recognise(run, child, at, seen)? else { return Ok(false) };
    let known = item::get(&run.job.db, child.item)?;
    take(run, &known, (at, seen), (digests, rule))?;
    keep_now_and_then(run, seen.size_bytes)?;
    child.file = Some(at.clone());
    child.due = false;
    child.revisions.held = Some(layout::wanted(&known));
    child.modified_ms.0 = child.modified_ms.1;
    Ok(true)
}

/// Records that the file at `at` is what is to be had of an item.
pub(super) fn take(
    run: &mut Run,
    known: &Known,
    (at, seen): (&ArchivePath, &Seen),
    (digests, rule): (Digests, MatchRule),
) -> Result<(), Error> {
    // The time of a file that lies elsewhere, too, is left alone where it is right.
    let bears =
        |time: &DateTime<Utc>| seen.mtime_ns.div_euclid(1_000_000) == time.timestamp_millis();
    if let Some(time) = known.item.modified_at.filter(|time| !run.is_dry() && !bears(time)) {
        run.job.archive.set_mtime(at, time)?;
    }
    let mtime_ns = run.job.archive.look(at)?.map_or(seen.mtime_ns, |seen| seen.mtime_ns);
    let open = || run.job.archive.open_file(at);
    let told = Told::read(open()?, &known.item.title, &known.item.mime_type);
    let saved = Saved {
        path: at.clone(),
        mtime_ns,
        digests,
        picture: told.picture,
        shot: told.shot,
        saved_at: run.now(),
    };
    record(run, known, &saved, rule)?;
    if motion::has_clips(known.item.key.source) && told.motion != Motion::None {
        run.in_transaction(|db| motion::derive(db, known))?;
    }
    manifest::note(run, known.row)
}

/// Makes durable what was found so far, each time that so many bytes were hashed for it.
pub(super) fn keep_now_and_then(run: &mut Run, hashed_bytes: u64) -> Result<(), Error> {
    run.adopted_bytes += hashed_bytes;
    if run.adopted_bytes >= KEPT_BYTES {
        run.adopted_bytes = 0;
        run.keep_gathered()?;
    }
    Ok(())
}

/// What the bytes at `at` are, and how they are known, if they are those that `child`
/// should have.
pub(super) fn recognise(
    run: &Run,
    child: &Child,
    at: &ArchivePath,
    seen: &Seen,
) -> Result<Option<(Digests, MatchRule)>, Error> {
    let (size_bytes, md5) = child.stated;
    match (&child.form, md5) {
        (Form::Bytes, Some(md5)) if size_bytes == Some(seen.size_bytes) => {
            let digests = check::digests(run, at)?;
            Ok((digests.md5 == md5).then_some((digests, MatchRule::Hash)))
        }
        (Form::Export { .. } | Form::Pointer, _) => {
            let mtime_ns = child.modified_ms.1.and_then(|ms| ms.checked_mul(1_000_000));
            if mtime_ns != Some(seen.mtime_ns) {
                return Ok(None);
            }
            Ok(Some((check::digests(run, at)?, MatchRule::NameTime)))
        }
        _ => Ok(None),
    }
}

fn record(run: &mut Run, known: &Known, saved: &Saved, rule: MatchRule) -> Result<(), Error> {
    let holding = Holding {
        item: known.row,
        revision: layout::wanted(known),
        modified_at: known.item.modified_at,
        fidelity: layout::fidelity(known),
        match_rule: rule,
        kept: false,
    };
    let (when, path) = (run.moment(), saved.path.as_str());
    run.in_transaction(|db| {
        file::put(db, saved, &holding)?;
        item::settle(db, known.row)?;
        problem::solve(db, when, &known.item.key, path)?;
        Ok(history::add(db, when, What::Adopted, path, None)?)
    })
}
