//! Which items of exports the archive holds already: by what the export states of their
//! bytes, before any are fetched.

use crate::engine::run::Run;
use crate::engine::{Error, manifest, sharing};
use crate::index::entry;
use crate::index::item::{self, Known};
use crate::index::matching::{self, Stated};
use crate::model::{MatchRule, SourceId};

const BATCH: u32 = 1000;

/// Finds, of the items that are to be fetched, those that the archive holds.
pub(super) fn recognise(run: &mut Run) -> Result<(), Error> {
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = item::due(&run.job.db, SourceId::Takeout, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.row;
        run.gathered(|run| batch.iter().try_for_each(|known| recognise_one(run, known)))?;
    }
}

fn recognise_one(run: &mut Run, known: &Known) -> Result<(), Error> {
    let Some((_, entry)) = entry::of_item(&run.job.db, known.row)? else { return Ok(()) };
    let Some(crc32) = entry.packed.crc32 else { return Ok(()) };
    let stated = Stated {
        size_bytes: entry.packed.size_bytes,
        crc32,
        title: &known.item.title,
        name: super::reading::name_of(&entry.packed.path),
    };
    match matching::stated(&run.job.db, &stated)? {
        Some(file) => {
            run.tally.recognised += 1;
            hold(run, known, (file, MatchRule::NameSizeCrc))
        }
        None => Ok(()),
    }
}

/// Records that a file holds the bytes of an item of an export, of which nothing was held.
pub(in crate::engine) fn hold(
    run: &mut Run,
    known: &Known,
    held: (i64, MatchRule),
) -> Result<(), Error> {
    let when = run.moment();
    run.in_transaction(|db| sharing::hold(db, when, known, held))?;
    manifest::note(run, known.row)
}
