//! The albums of the tree: by the index of the program that made it, by the file that it wrote
//! of them, or by its folders.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::listed;
use super::tree::{Maker, Tree, is_helpers_year, is_number};
use crate::engine::Error;
use crate::engine::run::Run;
use crate::index::ancestor::{self, Ancestor};
use crate::index::{adopted, album};
use crate::model::{Album, ArchivePath, RemoteId, SourceId};

/// Records them all.
pub(super) fn all(run: &mut Run, tree: &Tree, ancestor: Option<&Ancestor>) -> Result<(), Error> {
    if let Some(ancestor) = ancestor
        && of_ancestor(run, tree, ancestor)?
    {
        return Ok(());
    }
    if tree.maker == Maker::Helper {
        for (title, items) in listed::albums(run, tree)? {
            run.in_transaction(|db| put(db, (&title, &title), items, Order::ByTime))?;
        }
    }
    of_folders(run, tree)
}

/// Records those that the older gphotos-sync knew. Says whether there were any.
fn of_ancestor(run: &mut Run, tree: &Tree, ancestor: &Ancestor) -> Result<bool, Error> {
    let (mut after, mut any) = (String::new(), false);
    // Of 1.x only the links tell.
    while let Some(ancestor::Album { id, title }) = ancestor.album_after(&after).unwrap_or(None) {
        run.may_go_on()?;
        let mut items = Vec::new();
        for (folder, names) in ancestor.in_album(&id).unwrap_or_default() {
            items.extend(find(&run.job.db, tree, &folder, &names)?);
        }
        any |= !items.is_empty();
        run.in_transaction(|db| put(db, (&id, &title), items, Order::AsGiven))?;
        after = id;
    }
    Ok(any)
}

/// The item whose file lay in a folder by one of the names: the folder may be told from where
/// the tree was then.
fn find(
    db: &Connection,
    tree: &Tree,
    folder: &str,
    names: &[String],
) -> Result<Option<i64>, Error> {
    let parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for first in 0..=parts.len() {
        for name in names {
            let below = parts[first..].iter().copied().chain([name.as_str()]);
            let path = below.collect::<Vec<_>>().join("/");
            let Ok(path) = ArchivePath::parse(&path) else { continue };
            if let Some(item) = adopted::item_at(db, &tree.root, &path)? {
                return Ok(Some(item));
            }
        }
    }
    Ok(None)
}

/// Records the folders that are albums.
fn of_folders(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    let mut at = adopted::folder_after(&run.job.db, tree.reading(), None)?;
    while let Some(folder) = at {
        run.may_go_on()?;
        if let Some(title) = title_of(tree, &folder) {
            let items = adopted::in_folder(&run.job.db, tree.reading(), &folder)?;
            let items: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
            // The names of the older gphotos-sync begin with the place in the album.
            let order = match tree.maker {
                Maker::Ancestor => Order::AsGiven,
                Maker::Helper | Maker::Anybody => Order::ByTime,
            };
            run.in_transaction(|db| put(db, (&title.id, &title.text), items, order))?;
        }
        at = adopted::folder_after(&run.job.db, tree.reading(), Some(&folder))?;
    }
    Ok(())
}

/// An album that is a folder.
#[derive(Debug, PartialEq, Eq)]
struct Title {
    id: String,
    text: String,
}

/// What the album is called that a folder is; `None`: it is none.
fn title_of(tree: &Tree, folder: &str) -> Option<Title> {
    let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    let titled = |id: &str, text: &str| Some(Title { id: id.to_owned(), text: text.to_owned() });
    match tree.maker {
        Maker::Ancestor if !above.is_empty() && tree.is_albums(folder) => {
            titled(folder, undated(name))
        }
        // One that the file of albums tells of as well is the same.
        Maker::Helper if above.is_empty() && tree.is_albums(folder) => titled(name, name),
        Maker::Anybody if tree.is_album_each => {
            if is_number(name) || is_helpers_year(name) {
                None
            } else {
                titled(folder, name)
            }
        }
        _ => None,
    }
}

/// The title in the name of an album's folder, which is `0512 Trip` or `2019-0512 Trip`.
fn undated(name: &str) -> &str {
    match name.split_once(' ') {
        Some((date, title)) if is_number(date) && date.len() >= 4 && !title.is_empty() => title,
        _ => name,
    }
}

/// In which order the items of an album come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// As they are given.
    AsGiven,
    /// By when they were taken.
    ByTime,
}

/// Records an album by its `id` and its title. What was in it stays in it.
fn put(
    db: &Connection,
    (id, title): (&str, &str),
    mut items: Vec<i64>,
    order: Order,
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    items.retain(|item| seen.insert(*item));
    if items.is_empty() {
        return Ok(());
    }
    let id = RemoteId(id.to_owned());
    let title = if title.is_empty() { "Untitled" } else { title };
    let told = Album { id: id.clone(), title: title.to_owned(), items: None, cover: None };
    if album::find(db, SourceId::Adopted, &id)?.is_none() {
        album::put(db, SourceId::Adopted, &told, 0)?;
    }
    let Some(known) = album::find(db, SourceId::Adopted, &id)? else { return Ok(()) };
    let mut others: BTreeSet<i64> = album::items(db, known.row)?.into_iter().collect();
    if seen.is_subset(&others) {
        return Ok(());
    }
    others.retain(|item| !seen.contains(item));
    if order == Order::ByTime || !others.is_empty() {
        items.extend(others);
        items = album::in_order(db, &items, (0, ""))?;
    }
    Ok(album::fill(db, known.row, &items)?)
}

/// Albums by their titles.
pub(super) type Titled = BTreeMap<String, Vec<i64>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_taken_off_the_title_of_an_album_s_folder() {
        for (name, expected) in [
            ("0512 Trip", "Trip"),
            ("2019-0512 Trip to 2 lakes", "Trip to 2 lakes"),
            ("Trip", "Trip"),
            ("99 balloons", "99 balloons"),
            ("0512 ", "0512 "),
        ] {
            assert_eq!(undated(name), expected);
        }
    }
}
