//! Where the items of Photos hang: in photos/YYYY/MM by when they were taken, unless
//! their bytes lie in the place of an item of another source.

use rusqlite::Connection;

use super::run::Run;
use super::{Error, Phase};
use super::{layout, tops};
use crate::index::item::{self, Known, Seated};
use crate::index::{album, matching, place};
use crate::model::SourceId;
use crate::plan::{PhotosSelection, select_photo};

const BATCH: u32 = 1000;

/// Has it decided anew which items are selected, where that depends on what is in albums.
pub(super) fn reconsider(run: &Run) -> Result<(), Error> {
    match &run.job.options.photos {
        Some(selection) if selection.albums.is_some() => {
            Ok(item::unseat_all(&run.job.db, SourceId::Photos)?)
        }
        _ => Ok(()),
    }
}

/// Decides which items are selected, and in which months they hang. Says whether there
/// were any to decide of.
pub(super) fn choose(run: &mut Run) -> Result<bool, Error> {
    let Some(selection) = run.job.options.photos.clone() else { return Ok(false) };
    layout::choose_anew(run, SourceId::Photos, &format!("{selection:?}"))?;
    let mut any = false;
    loop {
        run.may_go_on()?;
        let batch = item::unseated(&run.job.db, SourceId::Photos, BATCH)?;
        if batch.is_empty() {
            return Ok(any);
        }
        if !any {
            run.phase(Phase::Planning);
        }
        any = true;
        run.learnt = true;
        run.in_transaction(|db| {
            batch.iter().try_for_each(|known| seat(db, known, Some(&selection)))
        })?;
    }
}

/// Decides where one item hangs, and how it is kept. Where Photos is left alone that
/// stays as it is.
pub(super) fn seat(
    db: &Connection,
    known: &Known,
    selection: Option<&PhotosSelection>,
) -> Result<(), Error> {
    let folder = if matching::is_seated_elsewhere(db, known.row)? {
        0
    } else {
        tops::of_month(known.item.shot.taken.map(|(at, _)| at))
    };
    let kept = match selection {
        Some(selection) => {
            let selected = select_photo(&known.item, is_picked(db, known, selection)?, selection);
            layout::form(known, selected)
        }
        None => Seated { form: known.form.clone(), ..Seated::default() },
    };
    if folder != 0 {
        place::mark_stale(db, folder)?;
    }
    Ok(item::seat(db, known.row, &Seated { folder, ..kept })?)
}

/// Says whether an item is in one of the albums that are wanted, if some are.
fn is_picked(db: &Connection, known: &Known, selection: &PhotosSelection) -> Result<bool, Error> {
    let Some(wanted) = &selection.albums else { return Ok(false) };
    let titles = album::titles_of(db, known.row)?;
    Ok(titles.iter().any(|title| wanted.holds(title)))
}
