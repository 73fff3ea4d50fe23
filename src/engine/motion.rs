//! Motion photos: the clip of a still is an item of its own, derived from the still.

use rusqlite::Connection;

use super::Error;
use super::run::Run;
use crate::index::item::{self, Known};
use crate::index::place;
use crate::media::{self, Motion};
use crate::model::{ArchivePath, SourceId};
use crate::plan::{self, NameRules};
use crate::source::photos::clip_of;

/// Says whether a source hands out stills and clips apart.
pub(super) const fn has_clips(source: SourceId) -> bool {
    matches!(source, SourceId::Photos | SourceId::Picker)
}

/// Records the clip of a still as an item that is to be fetched.
pub(super) fn derive(db: &Connection, still: &Known) -> Result<(), Error> {
    let clip = clip_of(&still.item);
    let known = item::find(db, &clip.key)?;
    if let Some(known) = &known {
        if known.item == clip && !known.gone {
            return Ok(());
        }
        place::mark_stale(db, known.folder)?;
    }
    item::put(db, &clip, still.seen, known.map(|known| known.row))?;
    Ok(())
}

/// Has the clip of a still, if it is known, go along with what became of that at Google.
/// It comes back
/// with its still, too. Other bytes may have none any more: they tell when they came.
pub(super) fn follow(db: &Connection, still: &Known) -> Result<(), Error> {
    let clip = clip_of(&still.item);
    match item::find(db, &clip.key)? {
        Some(known) if known.item.revision == clip.revision => derive(db, still),
        _ => Ok(()),
    }
}

/// The title of a clip, from that of its still.
pub(super) fn clip_title(still: &str) -> String {
    plan::with_other_extension(still, ".mp4", NameRules::Posix)
}

/// Says whether the file at `path` is a motion photo.
pub(super) fn of_file(run: &Run, path: &ArchivePath) -> Result<Motion, Error> {
    Ok(media::motion(run.job.archive.open_file(path)?))
}
