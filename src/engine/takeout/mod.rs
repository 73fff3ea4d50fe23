//! Google Takeout's exports: found, read, and worked out what belongs to what.
//!
//! First it is learnt what lies in which part ([`parts`], [`reading`]): of a zip its directory
//! and the sidecars that were not known, of what can only be read once, all of it. Then it is
//! worked out which sidecar tells of which picture ([`belonging`]), and the albums ([`albums`]).
//! From then on an item of Takeout is an item like any other: what the archive holds already
//! is recognised ([`holding`]), the rest is fetched. Takeout never says that anything is gone.

mod albums;
mod belonging;
mod dates;
mod holding;
mod item;
mod parts;
mod reading;
mod streams;
mod troubles;

pub(super) use self::holding::hold;
pub(super) use self::parts::missing;
use super::run::Run;
use super::{Error, fetch, layout, months, moves};
use crate::index::export;
use crate::index::step::Kind;
use crate::model::SourceId;

/// Brings up to date what the index knows of exports.
pub(super) async fn read(run: &mut Run) -> Result<(), Error> {
    let Some(takeout) = run.job.takeout.clone() else { return Ok(()) };
    if run.job.options.reindex_exports {
        run.in_transaction(|db| Ok(export::mark_all_stale(db)?))?;
    }
    parts::find(run).await?;
    reading::all(run, &takeout).await?;
    belonging::all(run)
}

/// Gives the items of exports their places in photos/, and fetches what the archive does not
/// hold.
pub(super) async fn apply(run: &mut Run) -> Result<(), Error> {
    if run.job.options.takeout.is_none() || run.is_out(SourceId::Takeout) {
        return Ok(());
    }
    let mut left = u64::MAX;
    loop {
        months::reconsider(run, SourceId::Takeout)?;
        months::choose(run, SourceId::Takeout)?;
        holding::recognise(run)?;
        place(run).await?;
        // What came with the bytes of something that had not its place yet is recognised now.
        let (still, _) = run.steps(Kind::Fetch)?;
        if still == 0 || still >= left || run.is_dry() {
            break;
        }
        left = still;
    }
    troubles::nowhere(run)?;
    streams::read_again_what_is_lost(run)?;
    if dates::by_bytes(run)? {
        months::choose(run, SourceId::Takeout)?;
        place(run).await?;
    }
    Ok(())
}

async fn place(run: &mut Run) -> Result<(), Error> {
    layout::deal_all(run, SourceId::Takeout)?;
    moves::apply(run)?;
    fetch::packed(run).await
}
