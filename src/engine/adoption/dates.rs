//! When pictures were taken that a person had already: Takeout may tell it better than their
//! bytes, their names or their folders did.

use crate::engine::Error;
use crate::engine::crawl::record_item;
use crate::engine::run::Run;
use crate::index::{adopted, item};
use crate::model::{Item, TakenFrom};

const BATCH: u32 = 1000;

/// Takes over the times that Takeout tells of the same bytes: they hang in another month then.
pub(super) fn by_takeout(run: &mut Run) -> Result<(), Error> {
    if !run.learnt {
        return Ok(());
    }
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = adopted::dated(&run.job.db, after, BATCH)?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        after = *last;
        run.in_transaction(|db| {
            for (row, at) in batch {
                let known = item::get(db, row)?;
                let mut item = Item { created_at: Some(at), ..known.item.clone() };
                item.shot.taken = Some((at, TakenFrom::Google));
                record_item(db, &item, Some(&known), known.seen)?;
            }
            Ok(())
        })?;
    }
}
