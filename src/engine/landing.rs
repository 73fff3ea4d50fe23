//! Gives fetched files their places, durably, and then records them. Which files those
//! are is recorded before, so that a run that was killed in between is set right by
//! [`super::recovery`].

use std::collections::HashSet;

use super::run::Run;
use super::transfer::{Failure, Fetched};
use super::{Error, Event, check, layout, manifest, motion, recovery};
use crate::archive::{self, Archive, Placed, Placing};
use crate::index::file::{self, Holding, Recorded, Saved};
use crate::index::history::{self, What};
use crate::index::item::{self, Known};
use crate::index::landing::Announced;
use crate::index::trash::{self, Why};
use crate::index::{self, problem, step};
use crate::media::Motion;
use crate::model::{ArchivePath, Fidelity, ItemKey, MatchRule, Revision, printable};

/// Where a fetched file belongs, and what is recorded of it.
#[derive(Debug)]
pub(super) struct Landing {
    pub(super) step: i64,
    pub(super) item: i64,
    pub(super) key: ItemKey,
    pub(super) path: ArchivePath,
    pub(super) revision: Revision,
    modified_at: Option<chrono::DateTime<chrono::Utc>>,
    fidelity: Fidelity,
    /// The file that holds the item's older bytes.
    older: Option<ArchivePath>,
    /// Where that goes.
    trash_path: Option<ArchivePath>,
}

impl Landing {
    pub(super) fn new(known: &Known, step: step::Step, older: Option<ArchivePath>) -> Self {
        Self {
            step: step.row,
            item: step.item,
            key: known.item.key.clone(),
            path: step.to,
            revision: layout::wanted(known),
            modified_at: known.item.modified_at,
            fidelity: layout::fidelity(known),
            older,
            trash_path: None,
        }
    }

    /// Whether the older bytes lie where the newer ones belong.
    fn is_replacing(&self) -> bool {
        self.older.as_ref() == Some(&self.path)
    }
}

/// Records what is about to get its place, and where what it replaces goes: after a crash
/// it is known by that.
pub(super) fn announce(run: &mut Run, batch: &mut [(Landing, Fetched)]) -> Result<(), Error> {
    let (day, mut taken) = (run.now().date_naive(), HashSet::new());
    for (landing, _) in batch.iter_mut() {
        if let Some(older) = &landing.older {
            let to = run.job.archive.place_in_trash(older, day, &taken)?;
            taken.insert(to.clone());
            landing.trash_path = Some(to);
        }
    }
    run.in_transaction(|db| {
        let put = |(landing, fetched): &(Landing, Fetched)| {
            let announced = Announced {
                item: landing.item,
                path: landing.path.clone(),
                sha256: fetched.digests.sha256,
                trash_path: landing.trash_path.clone(),
            };
            index::landing::put(db, &announced)
        };
        Ok(batch.iter().try_for_each(put)?)
    })
}

/// A fetched file, and what became of it when it was to be placed.
pub(super) type Came = (Landing, Fetched, Result<Placed, archive::Error>);

/// Gives a batch its places, durably. It takes as long as the disk does.
pub(super) fn place(archive: &Archive, batch: Vec<(Landing, Fetched)>) -> Vec<Came> {
    let placings = batch.iter().map(|(landing, fetched)| Placing {
        ready: fetched.ready.clone(),
        path: landing.path.clone(),
        replaces: landing.trash_path.clone().filter(|_| landing.is_replacing()),
    });
    let placed = archive.place(&placings.collect::<Vec<_>>());
    let came = batch.into_iter().zip(placed);
    let finish = |((landing, fetched), placed): ((Landing, Fetched), _)| {
        let placed = retire_older(archive, &landing, placed);
        (landing, fetched, placed)
    };
    came.map(finish).collect()
}

/// Takes the older bytes away that lie at another path: those of another format.
fn retire_older(
    archive: &Archive,
    landing: &Landing,
    placed: Result<Placed, archive::Error>,
) -> Result<Placed, archive::Error> {
    let placed = placed?;
    match landing.older.as_ref().zip(landing.trash_path.as_ref()) {
        Some((older, to)) if *older != placed.path => {
            match archive.rename(older, to) {
                // A person was faster.
                Err(error) if error.is_missing() => return Ok(placed),
                renamed => renamed?,
            }
            archive.make_durable(&[older.clone(), to.clone()])?;
            Ok(Placed { trashed: Some(to.clone()), ..placed })
        }
        _ => Ok(placed),
    }
}

/// Records what is at its place now. Returns what could not be placed.
pub(super) fn record(run: &mut Run, came: Vec<Came>) -> Result<Vec<(Landing, Failure)>, Error> {
    let is_replacing =
        |(_, _, placed): &Came| placed.as_ref().is_ok_and(|placed| placed.trashed.is_some());
    // One transaction does for what is new. A savepoint within one would have SQLite keep a
    // copy of each page that each statement changes.
    let failed = if came.iter().any(is_replacing) {
        run.gathered(|run| record_gathered(run, came))?
    } else {
        record_gathered(run, came)?
    };
    let mut lost = Vec::new();
    for (landing, fetched, error) in failed {
        if !came_through(run, &landing, fetched.digests.size_bytes)? {
            lost.push((landing, Failure::Disk(error)));
        }
    }
    Ok(lost)
}

/// Says whether a file whose landing failed has its place nevertheless: what failed came
/// after that. Then it is durable by now, and recorded.
fn came_through(run: &mut Run, landing: &Landing, size_bytes: u64) -> Result<bool, Error> {
    if !recovery::after_all(run, landing.item)? {
        return Ok(false);
    }
    let (when, path) = (run.moment(), &landing.path);
    run.in_transaction(|db| {
        step::remove(db, landing.step)?;
        Ok(problem::solve(db, when, &landing.key, path.as_str())?)
    })?;
    let replaced = landing.is_replacing();
    *(if replaced { &mut run.tally.changed } else { &mut run.tally.added }) += 1;
    run.tell(Event::Saved { path, size_bytes, replaced });
    Ok(true)
}

type Failed = (Landing, Fetched, archive::Error);

fn record_gathered(run: &mut Run, came: Vec<Came>) -> Result<Vec<Failed>, Error> {
    let (mut landed, mut failed) = (Vec::new(), Vec::new());
    for (landing, fetched, placed) in came {
        match placed {
            Ok(placed) => {
                let placed = keep_edited(run, &landing, placed)?;
                landed.push((landing, fetched, placed));
            }
            Err(error) => failed.push((landing, fetched, error)),
        }
    }
    record_landed(run, &landed)?;
    Ok(failed)
}

/// What a person made of the older bytes while this run went on is not what was recorded,
/// and nothing else has it: it is kept where nothing is purged.
fn keep_edited(run: &mut Run, landing: &Landing, placed: Placed) -> Result<Placed, Error> {
    let Some(trashed) = placed.trashed.clone() else { return Ok(placed) };
    let Some(older) = file::held_by(&run.job.db, landing.item)? else { return Ok(placed) };
    let kept = retire(run, &older, &trashed)?;
    Ok(Placed { trashed: Some(kept), ..placed })
}

/// Records that the older bytes of a file are at `trashed`, or, where they are not those
/// that were recorded, keeps them as a person's own. Says where they are.
pub(super) fn retire(
    run: &mut Run,
    older: &Recorded,
    trashed: &ArchivePath,
) -> Result<ArchivePath, Error> {
    let when = run.moment();
    let seen = check::look(&run.job.archive, trashed)?;
    let Some(_) = seen.filter(|seen| !check::is_untouched(seen, older)) else {
        run.in_transaction(|db| Ok(trash::record(db, older.row, when, Why::Replaced, trashed)?))?;
        return Ok(trashed.clone());
    };
    let kept = check::put_aside_from(&run.job.archive, trashed, &older.path, run.now())?;
    run.tell(Event::Note(&format!(
        "{} was changed on this disk while it was fetched: that version is now {}",
        printable(older.path.as_str()),
        printable(kept.as_str())
    )));
    let detail = Some(kept.as_str());
    run.in_transaction(|db| check::forget(db, when, older, What::Edited, detail))?;
    Ok(kept)
}

fn record_landed(run: &mut Run, landed: &[(Landing, Fetched, Placed)]) -> Result<(), Error> {
    let when = run.moment();
    run.in_transaction(|db| {
        for (landing, fetched, placed) in landed {
            let (saved, holding) = rows(landing, fetched, placed, when.at);
            file::put(db, &saved, &holding)?;
            item::settle(db, landing.item)?;
            index::landing::remove(db, landing.item)?;
            if motion::has_clips(landing.key.source) && fetched.told.motion != Motion::None {
                motion::derive(db, &item::get(db, landing.item)?)?;
            }
            step::remove(db, landing.step)?;
            let path = placed.path.as_str();
            problem::solve(db, when, &landing.key, path)?;
            if let Some((row, _)) = &fetched.from_trash {
                trash::set_restored(db, *row, when.at)?;
            }
            let (what, detail) = story(fetched, placed);
            history::add(db, when, what, path, detail.map(ArchivePath::as_str))?;
        }
        Ok(())
    })?;
    for (landing, fetched, placed) in landed {
        let replaced = placed.trashed.is_some();
        *(if replaced { &mut run.tally.changed } else { &mut run.tally.added }) += 1;
        let size_bytes = fetched.digests.size_bytes;
        run.tell(Event::Saved { path: &placed.path, size_bytes, replaced });
        manifest::note(run, landing.item)?;
    }
    Ok(())
}

/// What is told of it years later.
fn story<'a>(fetched: &'a Fetched, placed: &'a Placed) -> (What, Option<&'a ArchivePath>) {
    match (&placed.trashed, &fetched.from_trash) {
        (Some(older), _) => (What::Changed, Some(older)),
        (None, Some((_, was))) => (What::Restored, Some(was)),
        (None, None) => (What::Added, None),
    }
}

fn rows(
    landing: &Landing,
    fetched: &Fetched,
    placed: &Placed,
    saved_at: chrono::DateTime<chrono::Utc>,
) -> (Saved, Holding) {
    let saved = Saved {
        path: placed.path.clone(),
        mtime_ns: placed.mtime_ns,
        digests: fetched.digests,
        picture: fetched.told.picture,
        shot: fetched.told.shot.clone(),
        saved_at,
    };
    let holding = Holding {
        item: landing.item,
        revision: landing.revision.clone(),
        modified_at: landing.modified_at,
        fidelity: landing.fidelity,
        match_rule: MatchRule::Id,
        kept: false,
    };
    (saved, holding)
}
