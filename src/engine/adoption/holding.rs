//! What of the tree the archive holds already: by its bytes. What lies in the archive itself
//! is held where it lies, and moved from there like anything else.

use super::reading::is_as_it_was;
use super::tree::Tree;
use crate::engine::run::Run;
use crate::engine::{Error, Event, check, layout, manifest, takeout};
use crate::index::adopted::{self, Read};
use crate::index::file::{self, Holding, Saved};
use crate::index::history::{self, What};
use crate::index::item::{self, Known};
use crate::index::{matching, place, problem};
use crate::media::read_shot;
use crate::model::{ArchivePath, Digests, MatchRule, SourceId};

const BATCH: u32 = 256;

/// Finds, of what is to be had, that which the archive has.
pub(super) fn recognise(run: &mut Run, tree: Option<&Tree>) -> Result<(), Error> {
    let (mut after, mut before, mut here) = (0, 0, 0);
    loop {
        run.may_go_on()?;
        let batch = item::due(&run.job.db, SourceId::Adopted, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.row;
        run.gathered(|run| {
            for known in &batch {
                let had = recognise_one(run, tree, known)?;
                before += u64::from(had == Some(Had::Before));
                here += u64::from(had == Some(Had::WhereItLies));
            }
            Ok(())
        })?;
    }
    for (files, what) in [
        (here, "taken over where they lie in the archive"),
        (before, "of which the archive had the bytes already"),
    ] {
        if files > 0 {
            run.tell(Event::Note(&format!("{files} pictures or videos {what}")));
        }
    }
    Ok(())
}

/// How the archive has something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Had {
    /// It had the bytes.
    Before,
    /// They lie in it.
    WhereItLies,
}

fn recognise_one(run: &mut Run, tree: Option<&Tree>, known: &Known) -> Result<Option<Had>, Error> {
    let Some(sha256) = known.item.sha256 else { return Ok(None) };
    if let Some(file) = matching::of_bytes(&run.job.db, sha256)? {
        takeout::hold(run, known, (file, MatchRule::Hash))?;
        return Ok(Some(Had::Before));
    }
    let Some(tree) = tree.filter(|tree| tree.is_inside()) else { return Ok(None) };
    let mut reads = adopted::of_item(&run.job.db, known.row)?;
    // What lies there for an album goes with that.
    reads.sort_by_key(|read| tree.is_albums(read.lying.path.as_str()));
    for read in reads {
        let at = tree.in_archive(&read.lying.path).filter(|_| read.root == tree.root);
        let Some(at) = at else { continue };
        let seen = check::look(&run.job.archive, &at)?;
        if seen.is_some_and(|seen| is_as_it_was(&seen, &read.lying))
            && !file::exists_at(&run.job.db, &at)?
        {
            hold_where_it_lies(run, known, &read, at)?;
            return Ok(Some(Had::WhereItLies));
        }
    }
    Ok(None)
}

/// Records that an item's bytes lie at a place of the archive.
fn hold_where_it_lies(
    run: &mut Run,
    known: &Known,
    read: &Read,
    at: ArchivePath,
) -> Result<(), Error> {
    let Some(digests) = digests(known, read) else { return Ok(()) };
    let (title, mime_type) = (&known.item.title, &known.item.mime_type);
    let saved = Saved {
        mtime_ns: read.lying.mtime_ns,
        digests,
        picture: read.picture,
        shot: read_shot(run.job.archive.open_file(&at)?, title, mime_type),
        saved_at: run.now(),
        path: at,
    };
    let holding = Holding {
        item: known.row,
        revision: layout::wanted(known),
        modified_at: Some(chrono::DateTime::from_timestamp_nanos(read.lying.mtime_ns)),
        fidelity: layout::fidelity(known),
        match_rule: MatchRule::Hash,
        kept: false,
    };
    let when = run.moment();
    run.in_transaction(|db| {
        file::put(db, &saved, &holding)?;
        item::settle(db, known.row)?;
        problem::solve(db, when, &known.item.key, saved.path.as_str())?;
        // It may lie elsewhere than it belongs.
        place::mark_stale(db, known.folder)?;
        Ok(history::add(db, when, What::Adopted, saved.path.as_str(), None)?)
    })?;
    manifest::note(run, known.row)
}

/// What the bytes are that were read for an item.
pub(super) fn digests(known: &Known, read: &Read) -> Option<Digests> {
    let (md5, sha256) = known.item.md5.zip(known.item.sha256)?;
    Some(Digests { size_bytes: read.lying.size_bytes, md5, sha256, crc32: read.crc32 })
}
