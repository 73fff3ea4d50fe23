//! The albums of the tree, which the archive keeps as its own.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::tree::{HELPERS_FOLDER, Maker, Tree, is_helpers_year};
use crate::engine::Error;
use crate::engine::run::Run;
use crate::index::{adopted, album};
use crate::model::{Album, RemoteId, SourceId};
use crate::plan;

/// Records them all.
pub(super) fn all(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    of_folders(run, tree)
}

/// Records the folders that are albums.
fn of_folders(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    let now = run.now();
    let mut at = adopted::folder_after(&run.job.db, tree.reading(), None)?;
    while let Some(folder) = at {
        run.may_go_on()?;
        if let Some(title) = title_of(tree, &folder, now) {
            let items = adopted::in_folder(&run.job.db, tree.reading(), &folder)?;
            let items: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
            run.in_transaction(|db| put(db, (&folder, &title), &items))?;
        }
        at = adopted::folder_after(&run.job.db, tree.reading(), Some(&folder))?;
    }
    Ok(())
}

/// What the album is called that a folder is; `None`: it is none.
fn title_of(tree: &Tree, folder: &str, now: chrono::DateTime<chrono::Utc>) -> Option<String> {
    let mut parts = folder.split('/');
    let (top, name) = (parts.next()?, folder.rsplit('/').next()?);
    let is_album = match tree.maker {
        Maker::Ancestor => return None,
        Maker::Helper => {
            top != HELPERS_FOLDER && !is_helpers_year(top) && !is_number(top) && folder == top
        }
        Maker::Anybody => tree.is_album_each && plan::year_folder(name, now).is_none(),
    };
    (is_album && !name.is_empty() && !is_number(name)).then(|| name.to_owned())
}

/// Says whether a folder is one of a year, a month or a day.
fn is_number(name: &str) -> bool {
    name.bytes().all(|it| it.is_ascii_digit() || b"-_. ".contains(&it))
}

/// Records an album by its `id` and its title. What was in it stays in it.
fn put(db: &Connection, (id, title): (&str, &str), items: &[i64]) -> Result<(), Error> {
    if items.is_empty() {
        return Ok(());
    }
    let id = RemoteId(id.to_owned());
    let told = Album { id: id.clone(), title: title.to_owned(), items: None, cover: None };
    if album::find(db, SourceId::Adopted, &id)?.is_none() {
        album::put(db, SourceId::Adopted, &told, 0)?;
    }
    let Some(known) = album::find(db, SourceId::Adopted, &id)? else { return Ok(()) };
    let mut all: BTreeMap<i64, ()> = items.iter().map(|item| (*item, ())).collect();
    all.extend(album::items(db, known.row)?.into_iter().map(|item| (item, ())));
    let all: Vec<_> = all.into_keys().collect();
    Ok(album::fill(db, known.row, &album::in_order(db, &all, (0, ""))?)?)
}
