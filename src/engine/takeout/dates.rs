//! When pictures were taken of which no sidecar tells: by their own bytes, now that they are
//! there, rather than by their names or their folders.

use crate::engine::Error;
use crate::engine::run::Run;
use crate::index::item;
use crate::index::place;
use crate::index::provenance;
use crate::model::Item;

const BATCH: u32 = 1000;

/// Sets the times right that were guessed and that the bytes state. Says whether there were any.
pub(super) fn by_bytes(run: &mut Run) -> Result<bool, Error> {
    let mut any = false;
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = provenance::misdated(&run.job.db, after, BATCH)?;
        let Some((last, _)) = batch.last() else { return Ok(any) };
        after = *last;
        any = true;
        run.in_transaction(|db| {
            for (row, taken) in &batch {
                let known = item::get(db, *row)?;
                place::mark_stale(db, known.folder)?;
                let at = Some(taken.0);
                let mut item = Item { created_at: at, modified_at: at, ..known.item };
                item.shot.taken = Some(*taken);
                item::put(db, &item, known.seen, Some(*row))?;
            }
            Ok(())
        })?;
    }
}
