//! Whether the names at which SQLite will look for an index are those of plain files.
//!
//! SQLite opens its files by name. It follows no link in the last part of a name, but says
//! of one only that the index cannot be opened, and a pipe would hold it up for ever.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Error, reading::beside};

/// What stands behind the index's name in those of the files beside it.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// How many bytes of a database tell whether it is in WAL mode
/// (<https://www.sqlite.org/fileformat2.html#file_format_version_numbers>).
const HEADER: usize = 20;

/// Looks at the names of the index at `path` and of the files beside it.
///
/// # Errors
///
/// [`Error::NotPlain`] if one of them is something else than a file.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    for suffix in BESIDE {
        let path = beside(path, suffix);
        let Ok(meta) = path.symlink_metadata() else { continue };
        let what = match meta.file_type() {
            sort if sort.is_file() => continue,
            sort if sort.is_symlink() => "a symbolic link, and none is followed",
            sort if sort.is_dir() => "a folder",
            _ => "no file",
        };
        return Err(Error::NotPlain { path, what });
    }
    Ok(())
}

/// Refuses a rollback journal beside an index that never has one. SQLite would write what
/// is in it into the index, wherever it comes from.
///
/// # Errors
///
/// [`Error::NotPlain`].
pub(super) fn refuse_journal(path: &Path) -> Result<(), Error> {
    let journal = beside(path, "-journal");
    if journal.symlink_metadata().is_ok_and(|meta| meta.len() > 0) && is_in_wal_mode(path) {
        return Err(Error::NotPlain { path: journal, what: "a journal of another index" });
    }
    Ok(())
}

fn is_in_wal_mode(path: &Path) -> bool {
    let mut header = [0; HEADER];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok() && header[18..] == [2, 2]
}

/// `path` with all links resolved that lead to its folder: they are the person's to use.
/// What follows no link at all can be told this name.
pub(super) fn without_links(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let whole = folder.unwrap_or(Path::new(".")).canonicalize();
    match (whole, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        // Opening it will say what is wrong.
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::index::{back_up, in_memory, open, open_read_only};

    #[test]
    fn an_index_is_opened_below_a_linked_folder_and_never_by_a_link_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("real")).unwrap();
        symlink("real", at("linked")).unwrap();
        drop(open(&at("linked/index.db")).unwrap());
        assert!(at("real/index.db").is_file());
        symlink("index.db", at("real/a.db")).unwrap();
        for opened in [open(&at("real/a.db")), open_read_only(&at("real/a.db"))] {
            let error = opened.unwrap_err();
            assert!(matches!(&error, Error::NotPlain { .. }), "{error}");
            assert!(error.to_string().contains("real/a.db is a symbolic link"), "{error}");
        }
    }

    #[test]
    fn what_is_planted_beside_an_index_is_neither_used_nor_written_to() {
        for suffix in ["-wal", "-shm", "-journal"] {
            let folder = tempfile::tempdir().unwrap();
            let (path, other) = (folder.path().join("index.db"), folder.path().join("other"));
            drop(open(&path).unwrap());
            std::io::Write::write_all(&mut File::create(&other).unwrap(), b"mine").unwrap();
            symlink(&other, beside(&path, suffix)).unwrap();
            assert!(matches!(open(&path), Err(Error::NotPlain { .. })), "{suffix}");
            assert!(matches!(open_read_only(&path), Err(Error::NotPlain { .. })), "{suffix}");
            assert_eq!(std::fs::read(&other).unwrap(), b"mine");
        }
    }

    #[test]
    fn a_journal_of_another_index_is_not_rolled_back_into_this_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.db");
        drop(open(&path).unwrap());
        let journal = beside(&path, "-journal");
        std::io::Write::write_all(&mut File::create(&journal).unwrap(), &[0xd9; 600]).unwrap();
        let error = open(&path).unwrap_err();
        assert!(error.to_string().contains("a journal of another index"), "{error}");
        assert_eq!(journal.metadata().unwrap().len(), 600);
    }

    #[test]
    fn a_copy_is_written_to_a_file_that_is_there_and_makes_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let db = in_memory();
        assert!(back_up(&db, &at("missing")).is_err());
        drop(File::create(at("other")).unwrap());
        symlink("other", at("link")).unwrap();
        assert!(matches!(back_up(&db, &at("link")), Err(Error::NotPlain { .. })));
        assert_eq!(at("other").metadata().unwrap().len(), 0);
        drop(File::create(at("copy")).unwrap());
        back_up(&db, &at("copy")).unwrap();
        assert!(open_read_only(&at("copy")).is_ok());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
