//! What is made of the names in a Takeout export: parts, folders, dates, and what belongs to what.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};
use gphotos_sync::plan::{
    Beside, MediaFile, date_in_name, is_takeout_part, match_folder, missing_parts, part_name,
    parts_to_read, year_folder,
};

/// Takes each line of `bytes` for the name of a file in one folder. One with a tab is a sidecar:
/// behind the tab is its title, and behind another its address. All others are media files,
/// and are tried as names of parts.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split('\n').collect();
    folder(&lines);
    parts(&lines);
    let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    for line in lines {
        dates(line, now);
    }
}

fn folder(lines: &[&str]) {
    let (mut sidecars, mut media) = (Vec::new(), Vec::new());
    for (row, line) in (0..).zip(lines) {
        match line.split_once('\t') {
            Some((name, rest)) => {
                let (title, url) = rest.split_once('\t').unwrap_or((rest, ""));
                sidecars.push(Beside { row, name, title, url });
            }
            None => media.push(MediaFile { row, name: line }),
        }
    }
    let found = match_folder(&sidecars, &media);
    let names: BTreeMap<_, _> = media.iter().map(|it| (it.row, it.name)).collect();
    let rows: BTreeSet<_> = sidecars.iter().map(|it| it.row).collect();
    let matched: BTreeSet<_> = found.iter().map(|it| it.media).collect();
    assert_eq!(matched.len(), found.len(), "matched twice: {found:?}");
    for it in &found {
        assert!(names.contains_key(&it.media) && rows.contains(&it.sidecar), "{it:?}");
        assert!(it.rule.as_str().starts_with("takeout_"), "{it:?}");
    }
    sidecars.reverse();
    media.reverse();
    assert_eq!(match_folder(&sidecars, &media), found, "in another order");
}

fn parts(lines: &[&str]) {
    let mut parts = Vec::new();
    for line in lines {
        let part = part_name(line);
        assert_eq!(is_takeout_part(line), part.is_some(), "{line}");
        parts.extend(part.map(|part| (part, line.len() as u64 % 3)));
    }
    let read = parts_to_read(&parts);
    assert!(read.len() <= parts.len() && read.is_empty() == parts.is_empty());
    let numbers: BTreeSet<_> = parts.iter().map(|(part, _)| part.number).collect();
    for gap in missing_parts(numbers.iter().copied()) {
        assert!(gap.start() <= gap.end() && numbers.range(gap).next().is_none());
    }
}

fn dates(line: &str, now: DateTime<Utc>) {
    let date = date_in_name(line, now);
    assert!(date.is_none_or(|date| date <= now + Days::new(1)), "{line}: {date:?}");
    let year = year_folder(line, now);
    assert!(year.is_none_or(|year| line.contains(&year.to_string())), "{line}: {year:?}");
}
