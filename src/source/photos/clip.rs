//! The clips of motion photos: what the API serves of them, it serves under their stills.

use crate::model::{Item, RemoteId};

/// What the id of a motion photo's clip ends with, behind the id of its still: the API
/// has no id for it.
const CLIP: &str = "=dv";

/// Returns the clip of a motion photo as an item of its own, derived from its still.
#[must_use]
pub fn clip_of(still: &Item) -> Item {
    let id = &still.key.id;
    let stem = still.title.rsplit_once('.').map_or(still.title.as_str(), |(stem, _)| stem);
    let mut clip = still.clone();
    clip.key.id = RemoteId(format!("{id}{CLIP}"));
    clip.title = format!("{stem}.mp4");
    "video/mp4".clone_into(&mut clip.mime_type);
    clip.parents = vec![id.clone()];
    // They are the still's.
    (clip.shot.width, clip.shot.height) = (None, None);
    clip
}

/// The id at the source of an item, which for a clip is that of its still.
pub(in crate::source) fn still_of(id: &RemoteId) -> &str {
    id.as_str().strip_suffix(CLIP).unwrap_or(id.as_str())
}

/// Says whether an id is a clip's.
pub(in crate::source) fn is_clip(id: &RemoteId) -> bool {
    id.as_str().ends_with(CLIP)
}
