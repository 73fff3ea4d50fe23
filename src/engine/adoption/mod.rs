//! Takes over pictures that a person has already: the tree of an older program, or any folder.
//!
//! First it is learnt what lies there ([`walk`]), then whose bytes it is ([`reading`]), and
//! which albums it has ([`albums`]). From then on these are items like any other: they hang in
//! photos/, what the archive holds already is recognised ([`holding`]), and the rest gets its
//! place by a second name or as a copy ([`landing`]) instead of being fetched. Only where a
//! person wants files moved, and only when their bytes are safely in place, are they taken
//! away where they lay ([`removal`]).

mod albums;
mod dates;
mod holding;
mod landing;
mod listed;
mod reading;
mod removal;
mod tree;
mod troubles;
mod walk;

use self::tree::{ANCESTORS_INDEX, Maker, Tree};
use super::run::Run;
use super::{Error, Phase, Taking, dry_run, layout, months, moves};
use crate::index::ancestor::Ancestor;
use crate::model::SourceId;

/// Learns what lies in the folder that is to be taken over, if one is.
pub(super) fn read(run: &mut Run) -> Result<(), Error> {
    let Some(tree) = Tree::open(run)? else { return Ok(()) };
    tree.must_be_reachable(run)?;
    run.phase(Phase::Listing { source: SourceId::Adopted, everything: true });
    troubles::forget(run, &tree)?;
    walk::all(run, &tree)?;
    let ancestor = ancestor(run, &tree)?;
    reading::all(run, &tree, ancestor.as_ref())?;
    albums::all(run, &tree, ancestor.as_ref())
}

/// Gives what was taken over its places.
pub(super) fn apply(run: &mut Run) -> Result<(), Error> {
    let tree = Tree::open(run)?;
    dates::by_takeout(run)?;
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

/// What the older gphotos-sync knew. Without it the tree is as good as any folder.
fn ancestor(run: &mut Run, tree: &Tree) -> Result<Option<Ancestor>, Error> {
    let why = match tree.ancestor() {
        Ok(Some(ancestor)) => return Ok(Some(ancestor)),
        Ok(None) if tree.maker == Maker::Ancestor => "it is no index of gphotos-sync".to_owned(),
        Ok(None) => return Ok(None),
        Err(error) => error.to_string(),
    };
    troubles::tell(run, tree, ANCESTORS_INDEX, &format!("{why}: dates are taken from the files"))?;
    Ok(None)
}
