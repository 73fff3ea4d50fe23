//! `.gphotos-sync/manifest`: what the archive holds, in plain lines, for the day
//! on which the index is lost; and a copy of the index itself.
//!
//! Each line is a JSON object; of several lines of one item the last one counts.
//! A line without a path says that the archive no longer holds the item. Lines
//! are added as files are saved and moved, and written anew when most are stale.

use std::io::Write as _;

use serde_json::json;

use super::Error;
use super::run::Run;
use crate::archive;
use crate::index::file::{self, ManifestRow};
use crate::index::{self, item};

const NAME: &str = "manifest";

/// The copy of the index, in the archive's state folder.
const INDEX_COPY: &str = "index.db.copy";

/// How many lines more than files there may be before the manifest is written anew.
const STALE_LINES_MAX: u64 = 1000;

const BATCH: u32 = 1000;

/// Has the manifest tell, when the run ends or many have gathered, what is now held
/// of the item in row `row`.
pub(super) fn note(run: &mut Run, row: i64) -> Result<(), Error> {
    run.learnt = true;
    if run.is_dry() {
        return Ok(());
    }
    run.noted.push(row);
    if run.noted.len() >= BATCH as usize { flush(run) } else { Ok(()) }
}

/// Makes the manifest and the copy of the index say what is there now.
pub(super) fn keep(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return Ok(());
    }
    flush(run)?;
    let files = file::count(&run.job.db)?;
    let lines = index::archive::get(&run.job.db)?.manifest_lines;
    if lines > 2 * files + STALE_LINES_MAX {
        rewrite(run)?;
    }
    if run.learnt { copy_index(run) } else { Ok(()) }
}

fn flush(run: &mut Run) -> Result<(), Error> {
    if run.noted.is_empty() {
        return Ok(());
    }
    let mut text = Vec::new();
    for row in &run.noted {
        text.extend(line(&held(run, *row)?));
    }
    run.job.archive.append_state(NAME, &text)?;
    let lines = index::archive::get(&run.job.db)?.manifest_lines + run.noted.len() as u64;
    index::archive::set_manifest_lines(&run.job.db, lines)?;
    run.noted.clear();
    Ok(())
}

/// What is held of an item now; nothing where it has no file.
fn held(run: &Run, row: i64) -> Result<serde_json::Value, Error> {
    let of_item = file::manifest(&run.job.db, row - 1, 1)?.pop().filter(|found| found.row == row);
    if let Some(found) = of_item {
        return Ok(object(&found));
    }
    let key = item::get(&run.job.db, row)?.item.key;
    Ok(json!({ "source": key.source.as_str(), "id": key.id.as_str() }))
}

fn rewrite(run: &Run) -> Result<(), Error> {
    let mut draft = run.job.archive.draft_state(NAME)?;
    let (mut after, mut lines) = (0, 0);
    loop {
        let rows = file::manifest(&run.job.db, after, BATCH)?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        lines += rows.len() as u64;
        for row in &rows {
            let written = draft.write_all(&line(&object(row)));
            written.map_err(|source| archive::Error::Io {
                operation: "write",
                path: NAME.to_owned(),
                source,
            })?;
        }
    }
    draft.commit()?;
    Ok(index::archive::set_manifest_lines(&run.job.db, lines)?)
}

fn object(row: &ManifestRow) -> serde_json::Value {
    json!({
        "source": row.key.source.as_str(),
        "id": row.key.id.as_str(),
        "revision": row.revision,
        "path": row.path,
        "size": row.size_bytes,
        "sha256": row.sha256.to_string(),
    })
}

fn line(object: &serde_json::Value) -> Vec<u8> {
    let mut line = object.to_string().into_bytes();
    line.push(b'\n');
    line
}

fn copy_index(run: &Run) -> Result<(), Error> {
    let draft = format!("{INDEX_COPY}.new");
    let path = run.job.archive.state_file(&draft)?;
    index::back_up(&run.job.db, &path)?;
    Ok(run.job.archive.replace_state(&draft, INDEX_COPY)?)
}
