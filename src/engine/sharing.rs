//! Files that hold several sources' items at once: whose place they lie in.
//!
//! A file's bytes stay in the trees as long as any item has them. Where the item goes
//! or changes in whose place they lie, the place of another becomes theirs; where an
//! item comes whose bytes another source's item has brought already, nothing is fetched.

use std::collections::HashSet;

use rusqlite::Connection;

use super::run::Run;
use super::{Error, layout, manifest, months};
use crate::index::file::{self, Holding};
use crate::index::item::{self, Known};
use crate::index::matching::{self, Parting};
use crate::index::place::{self, PlaceKey};
use crate::index::{history::Moment, problem, step};
use crate::model::{Fidelity, Form, ItemKey, MatchRule, SourceId};

/// Makes the holdings fit what Drive has now, and says whether any item was parted from
/// its file. Moves nothing yet.
pub(super) fn settle(run: &mut Run) -> Result<bool, Error> {
    let any = part(run, SourceId::Drive)?;
    bring_together(run)?;
    Ok(any)
}

/// Parts items of `source` from files that hold others, where their bytes are others now
/// or they are gone: otherwise the others' bytes would go with them. Says whether there
/// were any.
pub(super) fn part(run: &mut Run, source: SourceId) -> Result<bool, Error> {
    let parting = matching::parting(&run.job.db, source)?;
    for parting in &parting {
        let (noted, forgotten) = run.in_transaction(|db| part_one(db, *parting))?;
        if let Some(key) = forgotten {
            manifest::forget(run, key);
        }
        noted.into_iter().try_for_each(|row| manifest::note(run, row))?;
    }
    Ok(!parting.is_empty())
}

/// Returns the rows of the items for which something changed, and the item that is
/// forgotten, if it is.
fn part_one(db: &Connection, parting: Parting) -> Result<(Vec<i64>, Option<ItemKey>), Error> {
    let mut others = matching::sharers(db, parting.file)?;
    let before = others.len();
    others.retain(|sharer| sharer.item != parting.item);
    // Another one was parted before, and it is alone now.
    if others.is_empty() || others.len() == before {
        return Ok((Vec::new(), None));
    }
    let known = item::get(db, parting.item)?;
    file::release(db, parting.item)?;
    place::mark_stale(db, known.folder)?;
    let mut noted = vec![parting.item];
    let mut forgotten = None;
    if parting.gone {
        // Nothing is held of it any more.
        item::remove(db, parting.item)?;
        forgotten = Some(known.item.key.clone());
        noted.clear();
    } else if known.item.marks.trashed || known.item.key.source != SourceId::Drive {
        matching::unseat(db, parting.item)?;
    }
    if let Some(first) = others.first()
        && others.iter().all(|sharer| sharer.folder == Some(0))
    {
        months::seat_again(db, &item::get(db, first.item)?)?;
        noted.push(first.item);
    }
    Ok((noted, forgotten))
}

/// Gives items that are to be fetched the files that hold just their bytes already.
fn bring_together(run: &mut Run) -> Result<(), Error> {
    let mut taken = HashSet::new();
    for (item, file) in matching::same_bytes(&run.job.db)? {
        // Two of one source each have a file.
        if !taken.insert(file) {
            continue;
        }
        let when = run.moment();
        let noted = run.in_transaction(|db| {
            let known = item::get(db, item)?;
            take_place(db, when, &known, file)
        })?;
        noted.into_iter().try_for_each(|row| manifest::note(run, row))?;
    }
    Ok(())
}

/// Makes the place of `known` that of a file, instead of those of the items of other sources
/// that it holds.
fn take_place(db: &Connection, when: Moment, known: &Known, file: i64) -> Result<Vec<i64>, Error> {
    let sharers = matching::sharers(db, file)?;
    let mut noted = vec![known.row];
    for sharer in &sharers {
        vacate(db, sharer.item, sharer.folder)?;
        matching::set_rule(db, sharer.item, Fidelity::Original, MatchRule::Hash)?;
        noted.push(sharer.item);
    }
    let holding = Holding {
        item: known.row,
        revision: layout::wanted(known),
        modified_at: file::modified_at(db, file)?,
        fidelity: Fidelity::Original,
        match_rule: MatchRule::Hash,
        kept: false,
    };
    file::share(db, file, &holding)?;
    item::settle(db, known.row)?;
    // Photos may have more copies of it.
    matching::set_compared(db, file, false)?;
    problem::solve(db, when, &known.item.key, matching::path(db, file)?.as_str())?;
    place::mark_stale(db, known.folder)?;
    Ok(noted)
}

/// Has an item hang nowhere: its bytes are in another item's place.
pub(super) fn vacate(db: &Connection, item: i64, folder: Option<i64>) -> Result<(), Error> {
    place::mark_stale(db, folder)?;
    place::remove(db, PlaceKey { item, ordinal: 0 })?;
    matching::set_folder(db, item, 0)?;
    Ok(step::remove_fetch(db, item)?)
}

/// Records that the file in row `original` holds the bytes of an item, whatever
/// held them before. Of that nothing may be on the disk any more.
pub(super) fn hold(
    db: &Connection,
    when: Moment,
    known: &Known,
    (original, rule): (i64, MatchRule),
) -> Result<(), Error> {
    let holding = Holding {
        item: known.row,
        revision: layout::wanted(known),
        modified_at: file::modified_at(db, original)?,
        fidelity: Fidelity::Original,
        match_rule: rule,
        kept: false,
    };
    file::share(db, original, &holding)?;
    vacate(db, known.row, known.folder)?;
    item::settle(db, known.row)?;
    problem::solve(db, when, &known.item.key, matching::path(db, original)?.as_str())?;
    Ok(())
}

/// Says whether an item's bytes may be held by another source's file.
pub(super) fn is_matchable(known: &Known) -> bool {
    let item = &known.item;
    // A clip is derived from its still, and no other source has it.
    item.key.source != SourceId::Drive
        && item.parents.is_empty()
        && known.form == Some(Form::Bytes)
        && !known.gone
}
