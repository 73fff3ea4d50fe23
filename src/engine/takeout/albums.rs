//! Albums of exports. One is known by its title and its date, since folders are named anew with
//! each export; what is in it grows with each export that tells of it, and never shrinks: one
//! that holds only what is new tells of nothing else.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::engine::Error;
use crate::index::album;
use crate::index::entry::InFolder;
use crate::index::provenance;
use crate::model::{Album, AlbumSidecar, RemoteId, Sidecar, SourceId};

/// What lies in the folder of an album.
pub(super) struct Folder<'a> {
    /// Which export, as a row, and where in it.
    pub(super) at: (i64, &'a str),
    /// All of it, as far as it is known whose it is.
    pub(super) entries: &'a [InFolder],
    /// The sidecars in it: of some the picture lies in another folder.
    pub(super) elsewhere: Vec<Sidecar>,
}

/// Records an album and what is in it.
pub(super) fn record(
    db: &Connection,
    album: &AlbumSidecar,
    folder: &Folder<'_>,
) -> Result<(), Error> {
    let mut items: BTreeSet<i64> = folder.entries.iter().filter_map(|entry| entry.item).collect();
    for url in folder.elsewhere.iter().filter_map(|sidecar| sidecar.url.as_deref()) {
        items.extend(provenance::of_url(db, url)?);
    }
    if items.is_empty() {
        return Ok(());
    }
    let date = album.date.map(|date| date.timestamp().to_string());
    let id = RemoteId(format!("{}/{}", date.unwrap_or_default(), album.title));
    let told = Album { id: id.clone(), title: album.title.clone(), items: None, cover: None };
    let find = || Ok::<_, Error>(album::find(db, SourceId::Takeout, &id)?.map(|known| known.row));
    if find()?.is_none() {
        album::put(db, SourceId::Takeout, &told, 0)?;
    }
    let Some(row) = find()? else { return Ok(()) };
    album::set_description(db, row, album.description.as_deref())?;
    items.extend(album::items(db, row)?);
    let items: Vec<_> = items.into_iter().collect();
    Ok(album::fill(db, row, &album::in_order(db, &items, folder.at)?)?)
}
