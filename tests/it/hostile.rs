//! What others may name, plant and swap: names from Google that are made to do harm, and
//! links that somebody put into the archive. Nothing beside the archive ever changes.

mod names;
mod planted;
mod races;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::support::{Person, Ran};

/// A folder beside the archive that is nobody's business, and how it was.
pub struct Canary {
    folder: PathBuf,
    before: BTreeMap<String, String>,
}

impl Canary {
    /// Puts one beside the archive.
    pub fn beside(person: &Person) -> Self {
        let folder = person.home().join("outside");
        fs::create_dir_all(folder.join("folder/deeper")).unwrap();
        let files = ["file", "a.jpg", "folder/a.jpg", "folder/index.db", "folder/deeper/lock"];
        for name in files {
            write(&folder.join(name), &format!("my own {name}"));
        }
        let before = states(&folder);
        Self { folder, before }
    }

    /// Where something of it is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Fails if anything of it changed: names, bytes, modes, times.
    #[track_caller]
    pub fn is_untouched(&self, after: &str) {
        assert_eq!(states(&self.folder), self.before, "{after}");
    }
}

/// Everything below `folder`, with its bytes, mode and time.
fn states(folder: &Path) -> BTreeMap<String, String> {
    let mut states = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let meta = fs::symlink_metadata(&path).unwrap();
        let what = if meta.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            String::new()
        } else if meta.is_symlink() {
            fs::read_link(&path).unwrap().display().to_string()
        } else {
            String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
        };
        let mode = meta.permissions().mode();
        let state = format!("{what} {mode:o} {}.{:09}", meta.mtime(), meta.mtime_nsec());
        states.insert(path.display().to_string(), state);
    }
    states
}

/// Fails if a command wrote something that acts on a terminal.
#[track_caller]
pub fn says_nothing_raw(ran: &Ran) {
    for text in [&ran.stdout, &ran.stderr] {
        holds_nothing_raw(text);
    }
}

/// Fails if `text` holds a control character other than the end of a line, one that turns
/// the direction of text, or one that ends a line in another way.
#[track_caller]
pub fn holds_nothing_raw(text: &str) {
    let is_raw = |c: char| {
        (c.is_control() && c != '\n')
            || "\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\
                \u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}"
                .contains(c)
    };
    let found: Vec<_> = text.lines().filter(|line| line.contains(is_raw)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[expect(clippy::disallowed_methods, reason = "what others do to a disk has no rules")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}
