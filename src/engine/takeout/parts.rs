//! Which parts of exports there are: in Drive by their names, or where a person said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::troubles;
use crate::engine::Error;
use crate::engine::run::Run;
use crate::index::export_part::{self, Found, Known, State};
use crate::index::{self, entry, export};
use crate::model::{Lies, Part, PartFormat, PartName, SourceId};
use crate::plan;
use crate::source::takeout::Takeout;

/// So many missing parts of one export are told of: a name may bear any number.
const MISSING_MAX: usize = 100;

/// Records the parts there are, and those of an export that are missing.
pub(super) async fn find(run: &mut Run) -> Result<(), Error> {
    look_again_on_disk(run).await?;
    if run.job.options.exports.is_empty() {
        look_in_drive(run)?;
    } else {
        look_on_disk(run).await?;
    }
    let exports = export::all(&run.job.db)?;
    exports.iter().try_for_each(|export| compare(run, export))
}

/// Drive was listed a moment ago, if it is read at all.
fn look_in_drive(run: &mut Run) -> Result<(), Error> {
    if run.job.drive.is_none() || run.is_out(SourceId::Drive) {
        return Ok(());
    }
    let now = run.now();
    run.in_transaction(|db| {
        for file in export_part::in_drive(db)? {
            let Some(name) = plan::part_name(&file.title) else { continue };
            let format = if name.is_zip { PartFormat::Zip } else { PartFormat::Tgz };
            let part = Part { lies: Lies::InDrive(file.id), format, size_bytes: file.size_bytes };
            record(db, (&file.title, Some(&name)), (part, file.revision), now)?;
        }
        Ok(export_part::mark_gone(db)?)
    })
}

/// Looks whether what a person once named is still there.
async fn look_again_on_disk(run: &mut Run) -> Result<(), Error> {
    for part in export_part::on_disk(&run.job.db)? {
        let Lies::OnDisk(path) = &part.found.part.lies else { continue };
        let is_gone = match Takeout::look(path).await {
            Ok((_, revision)) => {
                let is_folder = part.found.part.format == PartFormat::Folder;
                !is_folder && revision.0 != part.found.revision
            }
            Err(_) => true,
        };
        run.in_transaction(|db| Ok(export_part::set_gone(db, part.row, is_gone)?))?;
    }
    Ok(())
}

async fn look_on_disk(run: &mut Run) -> Result<(), Error> {
    let now = run.now();
    for path in run.job.options.exports.clone() {
        let (part, revision) = Takeout::look(&path).await?;
        let title = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let name = plan::part_name(&title);
        run.in_transaction(|db| record(db, (&title, name.as_ref()), (part, revision.0), now))?;
    }
    Ok(())
}

/// Records a part. What is other than it was before is read anew.
fn record(
    db: &rusqlite::Connection,
    (title, name): (&str, Option<&PartName>),
    (part, revision): (Part, String),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let known = export_part::find(db, &part.lies)?;
    let is_same = |it: &&Known| it.found.revision == revision;
    if let Some(known) = known.as_ref().filter(is_same)
        && part.format != PartFormat::Folder
    {
        return Ok(export_part::see(db, known.row)?);
    }
    let export = match (name, &part.lies) {
        (Some(name), _) => export::find_or_add(db, &name.export, made_at(&name.export), now)?,
        (None, Lies::OnDisk(path)) => export::find_or_add(db, &words(path), None, now)?,
        (None, Lies::InDrive(id)) => export::find_or_add(db, id.as_str(), None, now)?,
    };
    let found = Found {
        export,
        series: name.and_then(|name| name.group).unwrap_or_default(),
        number: name.map_or(0, |name| name.number),
        name: title.to_owned(),
        part,
        revision,
    };
    let row = export_part::put(db, &found)?;
    entry::clear_part(db, row)?;
    Ok(export::mark_stale(db, export)?)
}

fn words(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// When an export was made, by its name `takeout-YYYYMMDDTHHMMSSZ`. A time of seven digits has
/// been seen as well, of which the last says nothing.
fn made_at(export: &str) -> Option<DateTime<Utc>> {
    let stamp = export.strip_prefix("takeout-")?.strip_suffix('Z')?;
    let stamp = stamp.get(..15)?;
    let day = NaiveDate::parse_from_str(stamp.get(..8)?, "%Y%m%d").ok()?;
    let at = NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%S").ok();
    // Of a time that is none, the day is left.
    Some(at.or_else(|| day.and_hms_opt(0, 0, 0))?.and_utc())
}

/// Finds the parts of an export that are there twice, and those that are missing.
fn compare(run: &mut Run, export: &export::Export) -> Result<(), Error> {
    run.in_transaction(|db| Ok(export_part::forget_damaged(db, export.row)?))?;
    let parts = export_part::of_export(&run.job.db, export.row)?;
    let mut series: BTreeMap<u32, Vec<(Known, PartName)>> = BTreeMap::new();
    for part in parts {
        if let Some(name) = plan::part_name(&part.found.name) {
            series.entry(part.found.series).or_default().push((part, name));
        }
    }
    for parts in series.values() {
        set_doubles(run, parts)?;
    }
    run.gathered(|run| {
        let mut parts = export_part::ever(&run.job.db, export.row)?;
        parts.retain(|part| plan::is_takeout_part(&part.found.name));
        let names = parts.iter().map(|part| troubles::name_of(&part.found, part.found.number));
        names.into_iter().try_for_each(|name| troubles::is_there(run, &name))
    })?;
    let missing = missing(&run.job.db, export.row)?;
    missing.iter().try_for_each(|name| troubles::missing(run, name))
}

/// The names of the parts of an export that are missing: one that was read and then deleted is
/// not, and nothing is of an export of which no part is there any more.
pub(in crate::engine) fn missing(
    db: &rusqlite::Connection,
    export: i64,
) -> Result<Vec<String>, index::Error> {
    let are_there: BTreeSet<u32> =
        export_part::of_export(db, export)?.iter().map(|part| part.found.series).collect();
    let mut series: BTreeMap<u32, Vec<Found>> = BTreeMap::new();
    for part in export_part::ever(db, export)? {
        if are_there.contains(&part.found.series) && plan::is_takeout_part(&part.found.name) {
            series.entry(part.found.series).or_default().push(part.found);
        }
    }
    let mut names = Vec::new();
    for parts in series.values() {
        let gaps = plan::missing_parts(parts.iter().map(|part| part.number));
        let numbers = gaps.into_iter().flatten().take(MISSING_MAX);
        names.extend(numbers.map(|number| troubles::name_of(&parts[0], number)));
    }
    Ok(names)
}

/// Of parts that are the same one is read: one that a person named, else one that was read
/// before, else one on a disk.
fn set_doubles(run: &Run, parts: &[(Known, PartName)]) -> Result<(), Error> {
    let mut parts: Vec<_> = parts.iter().collect();
    parts.sort_by_key(|(part, _)| {
        let is_in_drive = matches!(part.found.part.lies, Lies::InDrive(_));
        let is_named = !run.job.options.exports.is_empty() && !is_in_drive;
        (!is_named, matches!(part.state, State::New | State::Double), is_in_drive)
    });
    let named: Vec<_> =
        parts.iter().map(|(part, name)| (name.clone(), part.found.part.size_bytes)).collect();
    let read = plan::parts_to_read(&named);
    for (i, (part, _)) in parts.iter().enumerate() {
        let state = match (read.contains(&i), part.state) {
            (true, State::Double) if entry::read_so_far(&run.job.db, part.row)? > 0 => {
                export::mark_stale(&run.job.db, part.found.export)?;
                State::Listed
            }
            (true, State::Double) => State::New,
            (false, State::Double) => continue,
            (false, state) => {
                if state == State::New {
                    // So that what is known of a part that is a double is all of it.
                    entry::clear_part(&run.job.db, part.row)?;
                }
                State::Double
            }
            _ => continue,
        };
        export_part::set_state(&run.job.db, part.row, state)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_export_says_when_it_was_made() {
        for (name, expected) in [
            ("takeout-20240131T120102Z", Some("2024-01-31T12:01:02Z")),
            ("takeout-20250921T1994402Z", Some("2025-09-21T00:00:00Z")),
            ("takeout-20250921T1904402Z", Some("2025-09-21T19:04:40Z")),
            ("takeout-20251340T120000Z", None),
            ("/home/me/exports/photos", None),
        ] {
            let expected = expected.map(|at| at.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(made_at(name), expected, "{name}");
        }
    }
}
