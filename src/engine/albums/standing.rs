//! What of the archive's own stands in albums/, and how it is taken out again.
//!
//! A person may do there what they want: what they put in the place of a link or a
//! copy is theirs and is left alone, what they edited is set aside. A file is removed
//! for good only while a recorded file has its bytes.

use super::Work;
use crate::archive::{self, Seen, Sort};
use crate::engine::run::Run;
use crate::engine::{Error, Event, check};
use crate::index::album_link::{self, Link, Made, Wanted};
use crate::index::history::{self, What};
use crate::model::{ArchivePath, printable};
use crate::plan::{AlbumMode, Area};

/// Something of the archive's own that stands in albums/.
pub(super) struct Standing {
    /// What it is. What it says of a file's bytes is true now.
    pub link: Link,
    /// How it was found.
    pub seen: Seen,
    /// Whether the index knows of it.
    pub is_recorded: bool,
}

/// What has a name that something should have.
pub(super) enum Occupant {
    /// Nothing.
    Nobody,
    /// What a run that was killed left, or one whose index was lost.
    Ours(Standing),
    /// What somebody else put there.
    Foreign,
}

/// Returns what stands in albums/ for an album by the index's word, as far as it is
/// still the archive's own.
pub(super) fn recorded(run: &mut Run, work: &mut Work, album: i64) -> Result<Vec<Standing>, Error> {
    let links = album_link::of_album(&run.job.db, album)?;
    let seen = run.job.archive.look_all(links.iter().map(|link| &link.path));
    let mut standing = Vec::with_capacity(links.len());
    for (link, seen) in links.into_iter().zip(seen) {
        let seen = match seen {
            // A symlink or a file where its folder was.
            Err(archive::Error::Blocked { .. }) => None,
            seen => seen?,
        };
        match seen {
            Some(seen) if is_ours(run, work, &link, seen)? => {
                standing.push(Standing { link, seen, is_recorded: true });
            }
            _ => work.removed.push(link.path),
        }
    }
    Ok(standing)
}

/// Says whether what is there is what was left there. A file that a person edited is
/// set aside.
fn is_ours(run: &mut Run, work: &mut Work, link: &Link, seen: Seen) -> Result<bool, Error> {
    match (link.made, seen.sort) {
        (None, Sort::Symlink) => {
            Ok(text(run, &link.path)? == Some(link.path.link_to(&link.target)))
        }
        (Some(made), Sort::File) if is_untouched(seen, made) => Ok(true),
        (Some(made), Sort::File) => {
            let bytes = check::digests(run, &link.path)?;
            if bytes.sha256 != made.sha256 {
                set_aside(run, work, &link.path)?;
            }
            Ok(bytes.sha256 == made.sha256)
        }
        _ => Ok(false),
    }
}

fn is_untouched(seen: Seen, made: Made) -> bool {
    (seen.size_bytes, seen.mtime_ns) == (made.size_bytes, made.mtime_ns)
}

fn set_aside(run: &mut Run, work: &mut Work, path: &ArchivePath) -> Result<(), Error> {
    let kept = trash(run, work, path, &check::edited_shelf(run.now()))?;
    run.tell(Event::Note(&format!(
        "{} was changed on this disk: that version is now {}",
        printable(path.as_str()),
        printable(kept.as_str())
    )));
    let when = run.moment();
    run.in_transaction(|db| {
        Ok(history::add(db, when, What::Edited, path.as_str(), Some(kept.as_str()))?)
    })
}

/// Looks at what has the name `path`, which something that stands for `item` should
/// have and which the index does not know of.
///
/// A symlink that leads into the trees is the archive's own: it holds nothing that
/// could be lost. A file is, where copies are made, if it has the very bytes.
pub(super) fn occupant(
    run: &Run,
    mode: AlbumMode,
    path: &ArchivePath,
    item: &Wanted,
) -> Result<Occupant, Error> {
    // Where something is in the way further up, making it will say so.
    let Some(seen) = check::look(&run.job.archive, path)? else { return Ok(Occupant::Nobody) };
    let link = match seen.sort {
        Sort::Symlink => {
            let target = text(run, path)?.and_then(|text| leads_to(path, &text));
            target.map(|target| link(path, target, AlbumMode::Symlink, None))
        }
        Sort::File if mode != AlbumMode::Symlink && seen.size_bytes == item.size_bytes => {
            let found = mode_of_file(run, mode, path, item)?;
            found.map(|found| link(path, item.target.clone(), found, Some(made(seen, item))))
        }
        _ => None,
    };
    Ok(match link {
        Some(link) => Occupant::Ours(Standing { link, seen, is_recorded: false }),
        None => Occupant::Foreign,
    })
}

/// What a file is that stands for `item` and has its length; `None`: something else.
fn mode_of_file(
    run: &Run,
    mode: AlbumMode,
    path: &ArchivePath,
    item: &Wanted,
) -> Result<Option<AlbumMode>, Error> {
    if run.job.archive.is_same_file(path, &item.target)? {
        return Ok(Some(AlbumMode::Hardlink));
    }
    let is_copy = check::digests(run, path)?.sha256 == item.sha256;
    Ok(is_copy.then_some(if mode == AlbumMode::Hardlink { AlbumMode::Copy } else { mode }))
}

/// The index's words for something that stands for a file.
pub(super) fn link(
    path: &ArchivePath,
    target: ArchivePath,
    mode: AlbumMode,
    file: Option<Made>,
) -> Link {
    Link { path: path.clone(), target, mode: mode.as_str().to_owned(), made: file }
}

/// The index's words for a file that has the bytes of `item`.
pub(super) fn made(seen: Seen, item: &Wanted) -> Made {
    Made { size_bytes: seen.size_bytes, mtime_ns: seen.mtime_ns, sha256: item.sha256 }
}

/// The text of the symlink at `path`; `None` if it is none that this program makes.
fn text(run: &Run, path: &ArchivePath) -> Result<Option<String>, Error> {
    match run.job.archive.read_link(path) {
        Err(archive::Error::NotPlain { .. }) => Ok(None),
        text => Ok(text?),
    }
}

/// The file of the trees that a symlink at `path` with that text leads to.
fn leads_to(path: &ArchivePath, text: &str) -> Option<ArchivePath> {
    let mut parts: Vec<&str> = path.parts().collect();
    parts.pop();
    for part in text.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let is_tree = |top: &str| top == "photos" || Area::ALL.iter().any(|area| top == area.folder());
    parts.first().filter(|top| is_tree(top))?;
    ArchivePath::parse(&parts.join("/")).ok()
}

/// Takes out what stands for an item no more.
pub(super) fn take_out(run: &mut Run, work: &mut Work, standing: Standing) -> Result<(), Error> {
    let path = standing.link.path;
    match standing.link.made {
        None => run.job.archive.unlink_symlink(&path)?,
        Some(made) if album_link::holds_bytes(&run.job.db, made.sha256)? => {
            run.job.archive.remove_file(&path)?;
        }
        Some(_) => {
            let kept = trash(run, work, &path, &run.today())?;
            run.tell(Event::Note(&format!(
                "nothing else in the archive has the bytes of {}, so they are kept as {}",
                printable(path.as_str()),
                printable(kept.as_str())
            )));
        }
    }
    work.touched.push(path.clone());
    work.removed.push(path);
    Ok(())
}

fn trash(
    run: &Run,
    work: &mut Work,
    path: &ArchivePath,
    shelf: &str,
) -> Result<ArchivePath, Error> {
    let kept = run.job.archive.trash(path, shelf)?;
    work.touched.extend([path.clone(), kept.clone()]);
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_into_the_trees_is_taken_for_the_archives_own() {
        let path = ArchivePath::parse("albums/2024/0102 Trip/0001_a").unwrap();
        for (text, target) in [
            ("../../../drive/a", Some("drive/a")),
            ("../../../photos/2024/01/a", Some("photos/2024/01/a")),
            ("../../../drive-computers/NAS/a", Some("drive-computers/NAS/a")),
            ("../../../index.db", None),
            ("../../../.gphotos-sync/lock", None),
            ("../../../../drive/a", None),
            ("/drive/a", None),
            ("a", None),
            ("", None),
        ] {
            let found = leads_to(&path, text);
            assert_eq!(found.as_ref().map(ArchivePath::as_str), target, "{text}");
        }
    }
}
