//! Tells the parts of a Takeout export by their names.

/// Says whether `title` is the name Google gives to a part of a Takeout export.
///
/// `takeout-20240131T120000Z-001.zip`, since 2025 also
/// `takeout-20250921T1994402Z-3-009.zip` (in which the time has seven digits),
/// as `.zip`, `.tgz` or `.tar.gz`, and with the ` (1)` of a browser's second copy.
#[must_use]
pub fn is_takeout_part(title: &str) -> bool {
    stem(title).and_then(numbers).is_some()
}

/// The name without what tells its format and whether it is a copy.
fn stem(title: &str) -> Option<&str> {
    let stem = [".zip", ".tgz", ".tar.gz"].iter().find_map(|end| title.strip_suffix(end))?;
    let copy = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" ("));
    match copy {
        Some((stem, n)) => is_number(n, 1..=usize::MAX).then_some(stem),
        None => Some(stem),
    }
}

/// Checks `takeout-DATETTIMEZ-PART` or `takeout-DATETTIMEZ-EXPORT-PART`.
fn numbers(stem: &str) -> Option<()> {
    let mut fields = stem.strip_prefix("takeout-")?.split('-');
    let (date, time) = fields.next()?.strip_suffix('Z')?.split_once('T')?;
    let (first, second, rest) = (fields.next()?, fields.next(), fields.next());
    let export = second.map(|_| first);
    let part = second.unwrap_or(first);
    let is_part = is_number(date, 8..=8)
        && is_number(time, 6..=7)
        && export.is_none_or(|export| is_number(export, 1..=usize::MAX))
        && is_number(part, 3..=usize::MAX)
        && rest.is_none();
    is_part.then_some(())
}

fn is_number(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
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
}
