//! Where the items of Photos hang: in photos/YYYY/MM by when they were taken, unless
//! their bytes lie in the place of an item of another source.
//!
//! Months are known by numbers, where a folder's row would stand: -YYYYMM, and less by
//! [`FLAT`] where photos/YYYY-MM is wanted instead. So a change of that wish is a change
//! of folders like any other, and files are moved after it.

use chrono::{DateTime, Datelike as _, Utc};
use rusqlite::Connection;

use super::layout;
use super::run::Run;
use super::{Error, Phase};
use crate::index::item::{self, Known, Seated};
use crate::index::{album, matching, place};
use crate::model::{ArchivePath, SourceId};
use crate::plan::{PhotosSelection, select_photo};

const BATCH: u32 = 1000;

/// The number of photos/undated.
const UNDATED: i64 = -5;

/// What lies between the numbers of a month's two folders.
const FLAT: i64 = 10_000_000;

/// The path of a month's folder, from its number.
pub(super) fn top(folder: i64) -> Option<ArchivePath> {
    let path = match folder.checked_neg()? {
        5 => "photos/undated".to_owned(),
        month if month > FLAT => {
            let month = month - FLAT;
            format!("photos/{:04}-{:02}", month / 100, month % 100)
        }
        month if (101..FLAT).contains(&month) => {
            format!("photos/{:04}/{:02}", month / 100, month % 100)
        }
        _ => return None,
    };
    ArchivePath::parse(&path).ok()
}

/// The number of the month in which something was taken, in UTC.
fn number(taken: Option<DateTime<Utc>>, flat: bool) -> i64 {
    let start = if flat { FLAT } else { 0 };
    // Years that are not in a calendar are nobody's.
    taken
        .filter(|at| (1..=9999).contains(&at.year()))
        .map_or(UNDATED, |at| -(start + i64::from(at.year()) * 100 + i64::from(at.month())))
}

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
    let flat = run.job.options.flat;
    let chosen_by = format!("{selection:?}{}", if flat { " flat" } else { "" });
    layout::choose_anew(run, SourceId::Photos, &chosen_by)?;
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
            batch.iter().try_for_each(|known| seat(db, known, Some(&selection), flat))
        })?;
    }
}

/// Decides where one item hangs, and how it is kept. Where Photos is left alone that
/// stays as it is.
pub(super) fn seat(
    db: &Connection,
    known: &Known,
    selection: Option<&PhotosSelection>,
    flat: bool,
) -> Result<(), Error> {
    let folder = if matching::is_seated_elsewhere(db, known.row)? {
        0
    } else {
        number(known.item.shot.taken.map(|(at, _)| at), flat)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_in_utc_and_what_has_no_date_is_by_itself() {
        for (time, path, flat) in [
            ("2024-03-31T23:59:59Z", "photos/2024/03", "photos/2024-03"),
            ("2024-03-31T23:59:59-01:00", "photos/2024/04", "photos/2024-04"),
            ("1899-12-31T00:00:00Z", "photos/1899/12", "photos/1899-12"),
            ("0001-01-01T00:00:00Z", "photos/0001/01", "photos/0001-01"),
            ("0000-01-01T00:00:00Z", "photos/undated", "photos/undated"),
            ("9999-12-31T00:00:00Z", "photos/9999/12", "photos/9999-12"),
        ] {
            let path_of = |flat| top(number(Some(time.parse().unwrap()), flat)).unwrap();
            assert_eq!([path_of(false).as_str(), path_of(true).as_str()], [path, flat]);
        }
        assert_eq!(top(number(None, true)).unwrap().as_str(), "photos/undated");
        for other in [0, -1, -4, 7, i64::MIN] {
            assert_eq!(top(other), None, "{other}");
        }
    }
}
