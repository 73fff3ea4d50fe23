//! Tells the parts of a Takeout export by their names: which export, which number, which are
//! doubled and which are missing. What is in them is not looked at.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::model::PartName;

/// Says whether `title` is the name Google gives to a part of a Takeout export, as
/// [`part_name`] reads it.
#[must_use]
pub fn is_takeout_part(title: &str) -> bool {
    part_name(title).is_some()
}

/// Reads the name that Google gives to a part of a Takeout export.
///
/// `takeout-20240131T120000Z-001.zip`, since 2025 also
/// `takeout-20250921T1994402Z-3-009.zip` (in which the time has seven digits),
/// as `.zip`, `.tgz` or `.tar.gz`, and with the ` (1)` of a browser's second copy.
#[must_use]
pub fn part_name(title: &str) -> Option<PartName> {
    let ends = [(".zip", true), (".tgz", false), (".tar.gz", false)];
    let stem = |(end, is_zip)| Some((title.strip_suffix(end)?, is_zip));
    let (stem, is_zip) = ends.into_iter().find_map(stem)?;
    let (stem, copy) = match stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" (")) {
        Some((stem, copy)) => (stem, number(copy, 1..=9)?),
        None => (stem, 0),
    };
    let mut fields = stem.strip_prefix("takeout-")?.split('-');
    let (stamp, first, second) = (fields.next()?, fields.next()?, fields.next());
    let is_whole = is_stamp(stamp) && fields.next().is_none();
    let group = second.map(|_| number(first, 1..=9));
    let part = PartName {
        export: format!("takeout-{stamp}"),
        group: if let Some(group) = group { Some(group?) } else { None },
        number: number(second.unwrap_or(first), 3..=9).filter(|number| *number > 0)?,
        copy,
        is_zip,
    };
    is_whole.then_some(part)
}

/// Returns which of `parts`, each a name and a length in bytes, are to be read, in the order
/// of their numbers: of those that have the same name but for ` (n)`, and the same length, the
/// one without, or with the lowest.
///
/// Doubled parts of different lengths are both read: one of them may be cut.
#[must_use]
pub fn parts_to_read(parts: &[(PartName, u64)]) -> Vec<usize> {
    let mut read = BTreeMap::new();
    for (i, (name, size_bytes)) in parts.iter().enumerate() {
        let same = (&name.export, name.group, name.number, name.is_zip, Reverse(*size_bytes));
        let lowest = read.entry(same).or_insert((name.copy, i));
        *lowest = (*lowest).min((name.copy, i));
    }
    read.into_values().map(|(_, i)| i).collect()
}

/// Returns which parts are missing of an export of which those `present` are there: the gaps
/// below the highest number, since nothing says how many there are.
#[must_use]
pub fn missing_parts(present: impl IntoIterator<Item = u32>) -> Vec<RangeInclusive<u32>> {
    let mut gaps = Vec::new();
    let mut next = 1;
    for number in present.into_iter().collect::<BTreeSet<_>>() {
        if number > next {
            gaps.push(next..=number - 1);
        }
        next = number.saturating_add(1).max(next);
    }
    gaps
}

/// Checks `DATETTIMEZ`.
fn is_stamp(text: &str) -> bool {
    let stamp = text.strip_suffix('Z').and_then(|stamp| stamp.split_once('T'));
    stamp.is_some_and(|(date, time)| number(date, 8..=8).is_some() && number(time, 6..=7).is_some())
}

fn number(text: &str, digits: RangeInclusive<usize>) -> Option<u32> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_takeout_exports_are_told_by_their_names() {
        for title in [
            "takeout-20240131T120000Z-001.zip",
            "takeout-20240131T120000Z-1234.tgz",
            "takeout-20240131T120000Z-001.tar.gz",
            "takeout-20250921T1994402Z-3-009.zip",
            "takeout-20240131T120000Z-001 (1).zip",
            "takeout-20250921T1994402Z-3-009 (12).tgz",
        ] {
            assert!(is_takeout_part(title), "{title}");
        }
        for title in [
            "",
            "takeout.zip",
            "takeout-20240131T120000Z.zip",
            "takeout-20240131T120000Z-01.zip",
            "takeout-20240131T12000Z-001.zip",
            "takeout-20240131T12000000Z-001.zip",
            "takeout-2024013T120000Z-001.zip",
            "takeout-20240131T120000-001.zip",
            "takeout-20240131T120000Z-001.rar",
            "takeout-20240131T120000Z-001.zip.part",
            "takeout-20240131T120000Z-001 ().zip",
            "takeout-20240131T120000Z-001(1).zip",
            "takeout-20240131T120000Z--001.zip",
            "takeout-20240131T120000Z-1-2-001.zip",
            "my takeout-20240131T120000Z-001.zip",
            "takeout-20240131T12000٣Z-001.zip",
        ] {
            assert!(!is_takeout_part(title), "{title}");
        }
    }

    #[test]
    fn a_name_tells_the_export_the_group_the_number_and_the_copy() {
        for (title, export, expected) in [
            ("takeout-20240131T120000Z-001.zip", "20240131T120000Z", (None, 1, 0, true)),
            ("takeout-20240131T120000Z-1234.tgz", "20240131T120000Z", (None, 1234, 0, false)),
            ("takeout-20240131T120000Z-021.tar.gz", "20240131T120000Z", (None, 21, 0, false)),
            ("takeout-20250921T1994402Z-3-009.zip", "20250921T1994402Z", (Some(3), 9, 0, true)),
            ("takeout-20240131T120000Z-001 (12).zip", "20240131T120000Z", (None, 1, 12, true)),
        ] {
            let part = part_name(title).unwrap();
            assert_eq!(part.export, format!("takeout-{export}"));
            assert_eq!((part.group, part.number, part.copy, part.is_zip), expected, "{title}");
        }
        for title in ["takeout-20240131T120000Z-000.zip", "takeout-20240131T120000Z-4294967296.zip"]
        {
            assert_eq!(part_name(title), None);
        }
    }

    #[test]
    fn of_doubled_parts_of_one_length_that_without_a_number_is_read() {
        let parts = [
            ("takeout-20240131T120000Z-002 (2).zip", 7),
            ("takeout-20240131T120000Z-002 (1).zip", 7),
            ("takeout-20240131T120000Z-001 (1).zip", 9),
            ("takeout-20240131T120000Z-001.zip", 9),
            ("takeout-20240131T120000Z-001 (3).zip", 4),
            ("takeout-20240131T120000Z-2-001.zip", 9),
            ("takeout-20240131T120000Z-001.tgz", 9),
        ];
        let parts = parts.map(|(title, size)| (part_name(title).unwrap(), size));
        assert_eq!(parts_to_read(&parts), [6, 3, 4, 1, 5]);
    }

    #[test]
    fn the_missing_parts_are_the_gaps_below_the_highest() {
        let cases: [(&[u32], &[RangeInclusive<u32>]); 6] = [
            (&[], &[]),
            (&[1, 2, 3], &[]),
            (&[3, 1, 3], &[2..=2]),
            (&[5, 9], &[1..=4, 6..=8]),
            (&[1, u32::MAX], &[2..=u32::MAX - 1]),
            (&[0, 2], &[1..=1]),
        ];
        for (present, expected) in cases {
            assert_eq!(missing_parts(present.iter().copied()), expected, "{present:?}");
        }
    }
}
