//! What is to be fetched next: its steps, with what the index knows of their items.

use std::collections::VecDeque;

use rusqlite::Connection;

use super::{Error, layout};
use crate::index::item::{self, Known};
use crate::index::step::{self, Kind, Step};
use crate::index::trash::{self, Trashed};
use crate::index::{entry, file};
use crate::model::{ArchivePath, Form, Revision, SourceId};
use crate::source::{Want, Within};

/// How many steps are read at a time.
const BATCH: u32 = 256;

/// Where reading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    /// Behind that step.
    Steps(i64),
    /// In archives, in the order in which things lie there: behind that place of that part.
    Packed(i64, i64),
}

/// What is to be fetched next, as the index knew it a moment ago. What changes an item's row
/// here is its own landing, and that comes after.
pub(super) struct Due {
    /// Where reading goes on behind it.
    pub(super) cursor: Cursor,
    pub(super) step: Step,
    pub(super) known: Known,
    pub(super) older: Option<ArchivePath>,
    pub(super) trashed: Option<Trashed>,
}

/// Reads what is to be fetched next, in one go: each reading by itself costs SQLite a lock.
pub(super) fn read(db: &Connection, after: Cursor) -> Result<VecDeque<Due>, Error> {
    let steps: Vec<_> = match after {
        Cursor::Steps(after) => {
            let steps = step::of_kind(db, Kind::Fetch, after, BATCH)?.into_iter();
            steps.map(|step| (Cursor::Steps(step.row), step)).collect()
        }
        Cursor::Packed(part, at) => {
            let steps = step::packed(db, (part, at), BATCH)?.into_iter();
            steps.map(|(step, (part, at))| (Cursor::Packed(part, at), step)).collect()
        }
    };
    let due = steps.into_iter().map(|(cursor, step)| {
        let known = item::get(db, step.item)?;
        let older = file::held_by(db, step.item)?.map(|held| held.path);
        let trashed = trash::returning(db, step.item, &layout::wanted(&known))?;
        Ok(Due { cursor, step, known, older, trashed })
    });
    due.collect()
}

/// What is asked of the source.
pub(super) fn want(db: &Connection, known: Known, revision: Revision) -> Result<Want, Error> {
    Ok(Want {
        revision,
        export: known.form.as_ref().and_then(Form::mime_type).map(str::to_owned),
        within: within(db, &known)?,
        item: known.item,
        from_byte: 0,
    })
}

/// Where the bytes of what lies in archives are to be had; `None`: there is no part any more
/// that has them.
fn within(db: &Connection, known: &Known) -> Result<Option<Within>, Error> {
    if known.item.key.source != SourceId::Takeout {
        return Ok(None);
    }
    let found = entry::of_item(db, known.row)?;
    Ok(found.map(|(part, entry)| Within { part: part.found.part, packed: entry.packed }))
}
