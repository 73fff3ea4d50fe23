//! What is to be fetched next: its steps, with what the index knows of their items.

use std::collections::VecDeque;

use rusqlite::Connection;

use super::landing::Landing;
use super::{Error, layout};
use crate::index::file;
use crate::index::item::{self, Known};
use crate::index::step::{self, Kind, Step};
use crate::index::trash::{self, Trashed};
use crate::model::{ArchivePath, Form};
use crate::source::Want;

/// How many steps are read at a time.
const BATCH: u32 = 256;

/// What is to be fetched next, as the index knew it a moment ago. What changes an item's row
/// here is its own landing, and that comes after.
pub(super) struct Due {
    pub(super) step: Step,
    pub(super) known: Known,
    pub(super) older: Option<ArchivePath>,
    pub(super) trashed: Option<Trashed>,
}

/// Reads what is to be fetched next, in one go: each reading by itself costs SQLite a lock.
pub(super) fn read(db: &Connection, after: i64) -> Result<VecDeque<Due>, Error> {
    let steps = step::of_kind(db, Kind::Fetch, after, BATCH)?;
    let due = steps.into_iter().map(|step| {
        let known = item::get(db, step.item)?;
        let older = file::held_by(db, step.item)?.map(|held| held.path);
        let trashed = trash::returning(db, step.item, &layout::wanted(&known))?;
        Ok(Due { step, known, older, trashed })
    });
    due.collect()
}

/// What is asked of the source.
pub(super) fn want(known: Known, landing: &Landing) -> Want {
    Want {
        revision: landing.revision.clone(),
        export: known.form.as_ref().and_then(Form::mime_type).map(str::to_owned),
        item: known.item,
        from_byte: 0,
        within: None,
    }
}
