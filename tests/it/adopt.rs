//! `adopt`: pictures that a person has already come into the archive without being fetched or
//! copied, and what an older program knew of them comes along.

mod ancestor;
mod beside;
mod folder;
mod helper;
mod hostile;
mod stopped;

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use gphotos_sync::sandbox::World;

use crate::support::{Person, Ran};

/// A camera's picture, taken in July 2019.
pub const DATED: &[u8] = include_bytes!("../fixtures/media/offset.jpg");

/// A person, and a folder of theirs.
pub struct Old {
    /// The person.
    pub person: Person,
    /// The folder.
    pub from: PathBuf,
}

impl Old {
    /// A person with an empty folder beside the archive.
    pub fn new() -> Self {
        Self::at("old")
    }

    /// A person with an empty folder at `path` of their home.
    pub fn at(path: &str) -> Self {
        let person = Person::with(World::new());
        let from = person.home().join(path);
        fs::create_dir_all(&from).unwrap();
        Self { person, from }
    }

    /// Writes a file of the folder.
    #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let file = self.from.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
        self
    }

    /// Makes a link in the folder.
    pub fn link(&self, path: &str, text: &str) -> &Self {
        let link = self.from.join(path);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(text, link).unwrap();
        self
    }

    /// Sets when a file of the folder was last modified.
    pub fn touch(&self, path: &str, seconds: u64) -> &Self {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        File::options().write(true).open(self.from.join(path)).unwrap().set_modified(time).unwrap();
        self
    }

    /// Has the archive take over the folder.
    #[must_use]
    pub fn adopt(&self, options: &[&str]) -> Ran {
        let from = self.from.to_str().unwrap();
        self.person.run(&[&["adopt", "archive", from][..], options].concat())
    }

    /// Every path below the folder, sorted.
    pub fn left(&self) -> Vec<String> {
        let mut found = Vec::new();
        visit(&self.from, &self.from, &mut found);
        found.sort();
        found
    }

    /// The paths of the archive's files.
    pub fn paths(&self) -> Vec<String> {
        self.person.files().into_iter().map(|found| found.0).collect()
    }

    /// Which file a path of the archive is, and one of the folder.
    pub fn is_one_file(&self, archived: &str, path: &str) -> bool {
        let number = |path: &Path| fs::metadata(path).unwrap().ino();
        number(&self.person.path(archived)) == number(&self.from.join(path))
    }
}

fn visit(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if fs::symlink_metadata(&path).unwrap().is_dir() {
            visit(root, &path, found);
        } else {
            found.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
        }
    }
}
