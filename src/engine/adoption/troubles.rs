//! What could not be taken over, as problems of the run that tried.

use chrono::TimeDelta;

use super::tree::Tree;
use crate::engine::run::Run;
use crate::engine::{Error, Event};
use crate::index::problem;
use crate::model::{ItemKey, RemoteId, SourceId};

/// Something at `path` of the tree cannot be taken over.
pub(super) fn tell(run: &mut Run, tree: &Tree, path: &str, reason: &str) -> Result<(), Error> {
    let shown = format!("{}/{path}", tree.root.trim_end_matches('/'));
    let key = ItemKey { source: SourceId::Adopted, id: RemoteId(shown.clone()) };
    let failed = problem::Failed { key: &key, path: &shown, reason, rests: TimeDelta::zero() };
    let when = run.moment();
    run.in_transaction(|db| Ok(problem::put(db, when, &failed)?))?;
    run.tally.failed += 1;
    run.tell(Event::Failed { key: &key, path: &shown, reason });
    Ok(())
}

/// Forgets what was wrong there: it is looked at anew.
pub(super) fn forget(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    let (when, below) = (run.moment(), format!("{}/", tree.root.trim_end_matches('/')));
    run.in_transaction(|db| Ok(problem::solve_below(db, when, SourceId::Adopted, &below)?))
}
