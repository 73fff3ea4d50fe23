//! The folders that are no item's: the tops of Drive's areas, and the months of Photos.
//!
//! They are known by numbers below zero, where another folder's row would stand: -1 to
//! -4 for the areas, -5 for photos/undated, -YYYYMM for a month.

use chrono::{DateTime, Datelike as _, Utc};

use crate::model::ArchivePath;
use crate::plan::Area;

/// The number of photos/undated, which is above those of all months.
pub(super) const UNDATED: i64 = -5;

/// The number of an area's top.
pub(super) const fn of_area(area: Area) -> i64 {
    match area {
        Area::Drive => -1,
        Area::Shared => -2,
        Area::Orphans => -3,
        Area::Computers => -4,
    }
}

/// The number of the month in which something was taken, in UTC.
pub(super) fn of_month(taken: Option<DateTime<Utc>>) -> i64 {
    // Years that are not in a calendar are nobody's.
    taken
        .filter(|at| (1..=9999).contains(&at.year()))
        .map_or(UNDATED, |at| -(i64::from(at.year()) * 100 + i64::from(at.month())))
}

/// The path of such a folder, from its number; `flat`: without a folder for each year of
/// Photos.
pub(super) fn top(folder: i64, flat: bool) -> Option<ArchivePath> {
    let path = match Area::ALL.into_iter().find(|area| of_area(*area) == folder) {
        Some(area) => area.folder().to_owned(),
        None => month(folder, flat)?,
    };
    ArchivePath::parse(&path).ok()
}

fn month(folder: i64, flat: bool) -> Option<String> {
    match folder.checked_neg()? {
        _ if folder == UNDATED => Some("photos/undated".to_owned()),
        month if month > 100 => {
            let between = if flat { '-' } else { '/' };
            Some(format!("photos/{:04}{between}{:02}", month / 100, month % 100))
        }
        _ => None,
    }
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
            assert_eq!(top(of_month(Some(time.parse().unwrap())), false).unwrap().as_str(), path);
        }
        assert_eq!(top(-202_403, true).unwrap().as_str(), "photos/2024-03");
        assert_eq!(top(of_month(None), true).unwrap().as_str(), "photos/undated");
    }

    #[test]
    fn areas_have_numbers_of_their_own_and_rows_are_no_tops() {
        for area in Area::ALL {
            assert_eq!(top(of_area(area), false).unwrap().as_str(), area.folder());
        }
        for other in [0, 7, -6, -100, i64::MIN] {
            assert_eq!(top(other, false), None, "{other}");
        }
    }
}
