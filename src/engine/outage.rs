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
use crate::source::{Source, Want};

/// After how many transfers in a row that Google failed it is looked into.
const IN_A_ROW: usize = 16;

/// How the transfers of a run went.
#[derive(Default)]
pub(super) struct Outages(BTreeMap<SourceId, Streak>);

#[derive(Default)]
struct Streak {
    failed: usize,
    /// The row of an item that was fetched in this run.
    good: Option<i64>,
}

impl Outages {
    /// Takes notice of an item that was fetched.
    pub(super) fn succeeded(&mut self, source: SourceId, item: i64) {
        self.0.insert(source, Streak { failed: 0, good: Some(item) });
    }

    /// Takes notice of one that was not, and says whether it has to be looked into.
    pub(super) fn failed(&mut self, source: SourceId, failure: &Failure) -> bool {
        let streak = self.0.entry(source).or_default();
        // Any other answer is one of Google's as well.
        streak.failed = if is_outage(failure) { streak.failed + 1 } else { 0 };
        streak.failed >= IN_A_ROW
    }

    /// Begins to count anew.
    pub(super) fn forget(&mut self, source: SourceId) {
        self.0.entry(source).or_default().failed = 0;
    }

    /// Says whether `source` is away: whether what was fetched before fails as well. `None`
    /// if nothing ever was.
    pub(super) async fn is_away(
        &self,
        run: &Run,
        id: SourceId,
        source: Arc<dyn Source>,
    ) -> Result<Option<bool>, Error> {
        let good = self.0.get(&id).and_then(|streak| streak.good);
        let row = match good {
            Some(row) => Some(row),
            None => item::any_held(&run.job.db, id)?,
        };
        let Some(row) = row else { return Ok(None) };
        let known = item::get(&run.job.db, row)?;
        let Some(revision) = known.item.revision.clone() else { return Ok(None) };
        let want = Want { item: known.item, revision, export: None, from_byte: 0 };
        let opened = run.unless_stopped(first_bytes(source, want)).await?;
        Ok(Some(opened.is_err_and(|failure| is_outage(&failure))))
    }
}

async fn first_bytes(source: Arc<dyn Source>, want: Want) -> Result<(), Failure> {
    let mut reading = source.open(std::slice::from_ref(&want)).await?;
    if reading.entry().await?.is_some() {
        drop(reading.chunk().await?);
    }
    Ok(())
}
