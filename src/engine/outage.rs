//! Whether a source is away, or only some of its items are bad.
//!
//! Where every transfer fails and each has tried for half a minute, a large run would go on
//! for days. So after some in a row one is made that is known to be good: if that fails as
//! well, it is the source.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Error;
use super::run::Run;
use super::setback::is_outage;
use super::transfer::Failure;
use crate::index::item;
use crate::model::SourceId;
use crate::source::{Origin, Want};

/// After how many transfers in a row that Google failed it is looked into.
const IN_A_ROW: usize = 16;

/// How the transfers of a run went.
#[derive(Default)]
pub(super) struct Outages(BTreeMap<SourceId, Streak>);

#[derive(Default)]
struct Streak {
    failed: usize,
    /// How many of them were never tried before.
    new: usize,
    /// The row of an item that was fetched in this run.
    good: Option<i64>,
}

impl Outages {
    /// Takes notice of an item that was fetched.
    pub(super) fn succeeded(&mut self, source: SourceId, item: i64) {
        self.0.insert(source, Streak { failed: 0, new: 0, good: Some(item) });
    }

    /// Takes notice of one that was not, and says whether it has to be looked into.
    pub(super) fn failed(&mut self, source: SourceId, failure: &Failure, is_new: bool) -> bool {
        if !is_outage(failure) {
            // Any other answer is one of Google's as well.
            self.forget(source);
            return false;
        }
        let streak = self.0.entry(source).or_default();
        streak.failed += 1;
        streak.new += usize::from(is_new);
        streak.failed >= IN_A_ROW
    }

    /// Begins to count anew.
    pub(super) fn forget(&mut self, source: SourceId) {
        let streak = self.0.entry(source).or_default();
        (streak.failed, streak.new) = (0, 0);
    }

    /// Says whether `source` is away: whether what was fetched before fails as well. If
    /// nothing ever was, as many others have to fail that never did before.
    pub(super) async fn is_away(
        &self,
        run: &Run,
        id: SourceId,
        source: Arc<dyn Origin>,
    ) -> Result<bool, Error> {
        let streak = self.0.get(&id);
        let good = streak.and_then(|streak| streak.good);
        let row = match good {
            Some(row) => Some(row),
            None => item::any_held(&run.job.db, id)?,
        };
        let Some(row) = row else {
            return Ok(streak.is_some_and(|streak| streak.new >= IN_A_ROW));
        };
        let known = item::get(&run.job.db, row)?;
        let Some(revision) = known.item.revision.clone() else { return Ok(true) };
        let want = Want { item: known.item, revision, export: None, from_byte: 0, within: None };
        let opened = run.unless_stopped(first_bytes(source, want)).await?;
        Ok(opened.is_err_and(|failure| is_outage(&failure)))
    }
}

async fn first_bytes(source: Arc<dyn Origin>, want: Want) -> Result<(), Failure> {
    let mut reading = source.open(std::slice::from_ref(&want)).await?;
    if reading.entry().await?.is_some() {
        drop(reading.chunk().await?);
    }
    Ok(())
}
