//! Where the items of Photos hang: in photos/YYYY/MM by when they were taken, unless
//! their bytes lie in the place of an item of another source.
//!
//! Months are known by numbers, where a folder's row would stand: -YYYYMM.

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

/// The path of a month's folder, from its number; `flat`: without a folder for its year.
pub(super) fn top(folder: i64, flat: bool) -> Option<ArchivePath> {
    let path = match folder.checked_neg()? {
        5 => "photos/undated".to_owned(),
        month if month > 100 && flat => format!("photos/{:04}-{:02}", month / 100, month % 100),
        month if month > 100 => format!("photos/{:04}/{:02}", month / 100, month % 100),
        _ => return None,
    };
    ArchivePath::parse(&path).ok()
}

/// The number of the month in which something was taken, in UTC.
fn number(taken: Option<DateTime<Utc>>) -> i64 {
    // Years that are not in a calendar are nobody's.
    taken
        .filter(|at| (1..=9999).contains(&at.year()))
        .map_or(UNDATED, |at| -(i64::from(at.year()) * 100 + i64::from(at.month())))
}

/// What is wanted of Photos.
struct Wish {
    selection: PhotosSelection,
    /// The albums that are wanted, as rows, if some are.
    albums: Vec<i64>,
}

impl Wish {
    fn of(run: &Run) -> Result<Option<Self>, Error> {
        let Some(selection) = run.job.options.photos.clone() else { return Ok(None) };
        let mut albums = Vec::new();
        if let Some(pick) = &selection.albums {
            let all = album::titles(&run.job.db, SourceId::Photos)?.into_iter();
            albums.extend(all.filter(|(_, title)| pick.holds(title)).map(|(row, _)| row));
        }
        Ok(Some(Self { selection, albums }))
    }
}

/// Has it decided anew of the items that came into the albums that are wanted, or left
/// them, whether they are selected.
pub(super) fn reconsider(run: &Run) -> Result<(), Error> {
    match Wish::of(run)? {
        Some(wish) if wish.selection.albums.is_some() => {
            Ok(album::unseat_turned(&run.job.db, SourceId::Photos, &wish.albums)?)
        }
        _ => Ok(()),
    }
}

/// Decides which items are selected, and in which months they hang. Says whether there
/// were any to decide of.
pub(super) fn choose(run: &mut Run) -> Result<bool, Error> {
    let Some(wish) = Wish::of(run)? else { return Ok(false) };
    let chosen_by = format!("{:?} flat: {}", wish.selection, run.job.options.flat);
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
        run.in_transaction(|db| batch.iter().try_for_each(|known| seat(db, known, Some(&wish))))?;
    }
}

/// Decides where one item hangs. How it is kept stays as it is.
pub(super) fn seat_again(db: &Connection, known: &Known) -> Result<(), Error> {
    seat(db, known, None)
}

/// Decides where one item hangs, and how it is kept; without a wish that stays as it is.
fn seat(db: &Connection, known: &Known, wish: Option<&Wish>) -> Result<(), Error> {
    let folder = if matching::is_seated_elsewhere(db, known.row)? {
        0
    } else {
        number(known.item.shot.taken.map(|(at, _)| at))
    };
    let kept = match wish {
        Some(wish) => {
            let in_album =
                wish.selection.albums.is_some() && album::has(db, &wish.albums, known.row)?;
            layout::form(known, select_photo(&known.item, in_album, &wish.selection))
        }
        None => Seated { form: known.form.clone(), ..Seated::default() },
    };
    if folder != 0 {
        place::mark_stale(db, folder)?;
    }
    Ok(item::seat(db, known.row, &Seated { folder, ..kept })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_in_utc_and_what_has_no_date_is_by_itself() {
        for (time, path) in [
            ("2024-03-31T23:59:59Z", "photos/2024/03"),
            ("2024-03-31T23:59:59-01:00", "photos/2024/04"),
            ("1899-12-31T00:00:00Z", "photos/1899/12"),
            ("0001-01-01T00:00:00Z", "photos/0001/01"),
            ("0000-01-01T00:00:00Z", "photos/undated"),
            ("9999-12-31T00:00:00Z", "photos/9999/12"),
        ] {
            assert_eq!(top(number(Some(time.parse().unwrap())), false).unwrap().as_str(), path);
        }
        assert_eq!(top(-202_403, true).unwrap().as_str(), "photos/2024-03");
        assert_eq!(top(number(None), true).unwrap().as_str(), "photos/undated");
        for other in [0, -1, -4, 7, i64::MIN] {
            assert_eq!(top(other, false), None, "{other}");
        }
    }
}
