//! Takes over pictures that a person has already: the tree of an older program, or any folder.
//!
//! First it is learnt what lies there ([`walk`]), then whose bytes it is ([`reading`]), and
//! which albums it has ([`albums`]). From then on these are items like any other: they hang in
//! photos/, what the archive holds already is recognised ([`holding`]), and the rest gets its
//! place by a second name or as a copy ([`landing`]) instead of being fetched. Only where a
//! person wants files moved, and only when their bytes are safely in place, are they taken
//! away where they lay ([`removal`]).

mod albums;
mod holding;
mod landing;
mod reading;
mod removal;
mod tree;
mod troubles;
mod walk;

use self::tree::Tree;
use super::run::Run;
use super::{Error, Phase, Taking, dry_run, layout, months, moves};
use crate::model::SourceId;

/// Learns what lies in the folder that is to be taken over, if one is.
pub(super) fn read(run: &mut Run) -> Result<(), Error> {
    let Some(tree) = Tree::open(run)? else { return Ok(()) };
    tree.must_be_reachable(run)?;
    run.phase(Phase::Listing { source: SourceId::Adopted, everything: true });
    troubles::forget(run, &tree)?;
    walk::all(run, &tree)?;
    reading::all(run, &tree)?;
    albums::all(run, &tree)
}

/// Gives what was taken over its places.
pub(super) fn apply(run: &mut Run) -> Result<(), Error> {
    let tree = Tree::open(run)?;
    months::choose(run, SourceId::Adopted)?;
    holding::recognise(run, tree.as_ref())?;
    layout::deal_all(run, SourceId::Adopted)?;
    moves::apply(run)?;
    if run.is_dry() {
        return dry_run::fetches(run);
    }
    landing::all(run, tree.as_ref())?;
    match tree.filter(|tree| tree.how == Taking::Move) {
        Some(tree) => removal::all(run, &tree),
        None => Ok(()),
    }
}
