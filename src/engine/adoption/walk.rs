//! What lies in the tree: pictures and films, and links that lead to them. Reads no bytes, and
//! follows no link.

use rusqlite::Connection;

use super::tree::{HELPERS_FOLDER, Maker, Tree, is_media};
use super::troubles;
use crate::archive::{self, Entry, Sort};
use crate::engine::run::Run;
use crate::engine::{Error, Event};
use crate::index::{adopted, file};
use crate::model::{ArchivePath, SourceId};

/// How many files are recorded at a time.
const BATCH: usize = 1000;

/// How the names of Windows' shortcuts end.
const SHORTCUT: &str = ".lnk";

/// How many links may lead to one another.
const LINKS_MAX: usize = 16;

/// Records all that lies there.
pub(super) fn all(run: &mut Run, tree: &Tree) -> Result<(), Error> {
    let mut ahead = vec![None];
    while let Some(folder) = ahead.pop() {
        run.may_go_on()?;
        let listed = one(run, tree, folder.as_ref(), &mut ahead);
        match (listed, folder) {
            (Err(Error::Archive(error)), Some(folder)) => {
                troubles::tell(run, tree, folder.as_str(), &in_words(&error))?;
            }
            (listed, _) => listed?,
        }
    }
    Ok(())
}

fn one(
    run: &mut Run,
    tree: &Tree,
    folder: Option<&ArchivePath>,
    ahead: &mut Vec<Option<ArchivePath>>,
) -> Result<(), Error> {
    let mut entries = Vec::new();
    tree.disk.each_below(folder, |entry| {
        match (&entry.path, entry.sort) {
            (Some(path), Sort::Folder) => {
                if !tree.leaves_out(path) && !is_own_album(run, tree, path)? {
                    ahead.push(Some(path.clone()));
                }
            }
            _ => entries.push(entry),
        }
        if entries.len() >= BATCH {
            record(run, tree, (folder, std::mem::take(&mut entries)))?;
        }
        Ok::<_, Error>(())
    })?;
    record(run, tree, (folder, entries))
}

/// Says whether a folder is an album's that the archive has already.
fn is_own_album(run: &Run, tree: &Tree, folder: &ArchivePath) -> Result<bool, Error> {
    match tree.in_archive(folder).filter(|_| tree.is_albums(folder.as_str())) {
        Some(at) => Ok(adopted::is_album_made(&run.job.db, &at)?),
        None => Ok(false),
    }
}

/// What is recorded of one thing in a folder.
enum Found {
    /// A file, of that length and time.
    File(ArchivePath, (u64, i64)),
    /// A link to a file in the tree.
    Link(ArchivePath, ArchivePath),
    /// Nothing, for that reason.
    Trouble(String, String),
}

fn record(
    run: &mut Run,
    tree: &Tree,
    (folder, entries): (Option<&ArchivePath>, Vec<Entry>),
) -> Result<(), Error> {
    let (mut troubles, mut items) = (Vec::new(), 0);
    run.in_transaction(|db| {
        for found in entries.iter().filter_map(|entry| look(tree, folder, entry)) {
            let reading = tree.reading();
            match found {
                // What the archive holds where it lies is no news.
                Found::File(path, _) if is_held(db, tree, &path)? => {}
                Found::File(path, stated) => adopted::see(db, reading, &path, stated, None)?,
                Found::Link(path, target) => {
                    adopted::see(db, reading, &path, (0, 0), Some(&target))?;
                }
                Found::Trouble(path, reason) => {
                    troubles.push((path, reason));
                    continue;
                }
            }
            items += 1;
        }
        Ok(())
    })?;
    run.tell(Event::Listed { source: SourceId::Adopted, items });
    troubles.iter().try_for_each(|(path, reason)| troubles::tell(run, tree, path, reason))
}

fn is_held(db: &Connection, tree: &Tree, path: &ArchivePath) -> Result<bool, Error> {
    match tree.in_archive(path) {
        Some(at) => Ok(file::exists_at(db, &at)?),
        None => Ok(false),
    }
}

fn look(tree: &Tree, folder: Option<&ArchivePath>, entry: &Entry) -> Option<Found> {
    let is_wanted = is_media(&entry.name);
    let Some(path) = &entry.path else {
        let shown = folder.map_or_else(|| entry.name.clone(), |it| format!("{it}/{}", entry.name));
        let reason = "its name is no text (UTF-8): rename it, and run again";
        let is_told = is_wanted || entry.sort == Sort::Folder;
        return is_told.then(|| Found::Trouble(shown, reason.to_owned()));
    };
    let trouble = |reason: String| Some(Found::Trouble(path.to_string(), reason));
    match entry.sort {
        Sort::File if tree.maker == Maker::Helper && entry.name.ends_with(SHORTCUT) => {
            shortcut(tree, path, &entry.name)
        }
        _ if !is_wanted => None,
        Sort::File => match tree.disk.look(path) {
            Ok(Some(seen)) => Some(Found::File(path.clone(), (seen.size_bytes, seen.mtime_ns))),
            // It went away in this moment.
            Ok(None) => None,
            Err(error) => trouble(in_words(&error)),
        },
        Sort::Symlink => match end_of(tree, path) {
            Ok(Some(target)) => Some(Found::Link(path.clone(), target)),
            Ok(None) => None,
            Err(reason) => trouble(reason.to_owned()),
        },
        Sort::Other => trouble("it is no file but a pipe, a socket or a device".to_owned()),
        Sort::Folder => None,
    }
}

/// A shortcut of Windows, which is called as what it leads to.
fn shortcut(tree: &Tree, path: &ArchivePath, name: &str) -> Option<Found> {
    let target = format!("{HELPERS_FOLDER}/{}", name.strip_suffix(SHORTCUT)?);
    let target = ArchivePath::parse(&target).ok()?;
    let seen = tree.disk.look(&target).ok().flatten()?;
    (seen.sort == Sort::File).then(|| Found::Link(path.clone(), target))
}

/// The file in the tree that a link leads to. `None`: it leads to a folder.
fn end_of(tree: &Tree, link: &ArchivePath) -> Result<Option<ArchivePath>, &'static str> {
    let mut at = link.clone();
    for _ in 0..LINKS_MAX {
        let text = tree.disk.read_link(&at).ok().flatten().ok_or("this link cannot be read")?;
        let target = target_of(&at, &text, &tree.root);
        at = target.ok_or("it is a link that leads out of this folder, and is not followed")?;
        match tree.disk.look(&at).map_err(|_| "it is a link that leads through another link")? {
            None => return Err("it is a link that leads nowhere"),
            Some(seen) => match seen.sort {
                Sort::File => return Ok(Some(at)),
                Sort::Folder => return Ok(None),
                Sort::Symlink => {}
                Sort::Other => return Err("it is a link to something that is no file"),
            },
        }
    }
    Err("it is a link that leads in a circle")
}

/// What the text of a link at `from` means, if that lies in the tree.
fn target_of(from: &ArchivePath, text: &str, root: &str) -> Option<ArchivePath> {
    let parent = from.parent();
    let (mut parts, rest): (Vec<&str>, &str) = match text.strip_prefix('/') {
        None => (parent.iter().flat_map(ArchivePath::parts).collect(), text),
        Some(_) => (Vec::new(), text.strip_prefix(root)?.strip_prefix('/')?),
    };
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    ArchivePath::parse(&parts.join("/")).ok()
}

/// Why something cannot be read, in words.
pub(super) fn in_words(error: &archive::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_by_its_text_and_never_leads_out() {
        for (from, text, expected) in [
            (
                "albums/2019/0512 Trip/0001_a.jpg",
                "../../../photos/2019/05/a.jpg",
                Some("photos/2019/05/a.jpg"),
            ),
            ("Trip/a.jpg", "../ALL_PHOTOS/a.jpg", Some("ALL_PHOTOS/a.jpg")),
            ("a.jpg", "./b.jpg", Some("b.jpg")),
            ("a.jpg", "/home/me/old/b.jpg", Some("b.jpg")),
            ("a.jpg", "/home/me/older/b.jpg", None),
            ("a.jpg", "../b.jpg", None),
            ("x/a.jpg", "../../etc/passwd", None),
            ("x/a.jpg", "..", None),
        ] {
            let from = ArchivePath::parse(from).unwrap();
            let target = target_of(&from, text, "/home/me/old");
            assert_eq!(target.as_ref().map(ArchivePath::as_str), expected, "{text}");
        }
    }
}
