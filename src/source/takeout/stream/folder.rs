//! An export that was unpacked into a folder, walked in the order of its names. Follows no
//! symbolic link.

use std::ffi::OsString;
use std::fs::{File, FileType, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use rustix::fs::OFlags;

use super::super::super::Error;
use super::super::Found;
use super::super::medium::{Flow, blocking};
use super::super::path::{EntryPath, Otherwise, kept};
use super::super::trouble::{Trouble, TroubleKind};
use super::Streaming;
use crate::model::{Packed, Packing};

/// What Google names the folder that all of an export is in, in every language.
const TAKEOUT: &str = "Takeout";

/// What lies beside the folders of an export's services.
const BROWSER: &str = "archive_browser.html";

/// A folder, as far as it was walked.
pub(in super::super) struct Folder {
    root: PathBuf,
    /// What the paths in the export have before those below `root`.
    prefix: PathBuf,
    /// What is still to come, of each folder on the way: the next is last.
    ahead: Vec<Vec<Child>>,
    /// Where it is, below `root`.
    below: PathBuf,
    current: Option<Current>,
    waiting: Option<(Packed, PathBuf)>,
    count: u64,
    skip: u64,
}

struct Child {
    name: OsString,
    kind: FileType,
}

/// The file that is read.
struct Current {
    entry: Packed,
    file: PathBuf,
    flow: Option<Flow>,
    got: u64,
}

impl Folder {
    /// The folder at `root`, without its first `skip` files.
    pub(in super::super) async fn open(root: PathBuf, skip: u64) -> Result<Self, Error> {
        let (prefix, children) =
            blocking(root.clone(), |root| Ok((prefix(&root.canonicalize()?), children(root)?)))
                .await?;
        let (below, ahead) = (PathBuf::new(), vec![children]);
        Ok(Self { root, prefix, ahead, below, current: None, waiting: None, count: 0, skip })
    }

    /// Goes on to the next file or folder. `None`: there is nothing to tell.
    async fn step(&mut self) -> Result<Option<Found>, Error> {
        let Some(children) = self.ahead.last_mut() else { return Ok(None) };
        let Some(child) = children.pop() else {
            self.ahead.pop();
            self.below.pop();
            return Ok(None);
        };
        let below = self.below.join(&child.name);
        let shown = self.prefix.join(&below);
        if child.kind.is_dir() {
            return Ok(self.enter(below).await.err().map(|error| unreadable(&shown, &error)));
        }
        let path = EntryPath::read(shown.as_os_str().as_bytes(), Otherwise::Damaged);
        let trouble = |path, what| Ok(Some(Found::Trouble(Trouble { path, what })));
        let (path, changed) = match kept(path) {
            Some(Ok(named)) => named,
            Some(Err((path, what))) => return trouble(path, what),
            None => return Ok(None),
        };
        if child.kind.is_symlink() {
            return trouble(path, TroubleKind::Link);
        }
        if !child.kind.is_file() {
            return trouble(path, TroubleKind::Special);
        }
        let file = self.root.join(below);
        let length = blocking(file.clone(), |file| Ok(file.symlink_metadata()?.len())).await;
        let entry = match length {
            Ok(size_bytes) => self.entry(path, size_bytes),
            Err(error) => return Ok(Some(unreadable(&shown, &error))),
        };
        let told = entry.path.clone();
        self.waiting = Some((entry, file));
        if changed { trouble(told, TroubleKind::Name) } else { Ok(None) }
    }

    async fn enter(&mut self, below: PathBuf) -> Result<(), Error> {
        let children = blocking(self.root.join(&below), children).await?;
        self.ahead.push(children);
        self.below = below;
        Ok(())
    }

    fn entry(&mut self, path: String, size_bytes: u64) -> Packed {
        let at = self.count;
        self.count += 1;
        let packing = Packing::InStream;
        Packed { path, size_bytes, crc32: None, at, packed_bytes: size_bytes, packing }
    }
}

#[async_trait]
impl Streaming for Folder {
    async fn entry(&mut self) -> Result<Option<Found>, Error> {
        self.current = None;
        loop {
            if let Some((entry, file)) = self.waiting.take()
                && entry.at >= self.skip
            {
                let found = Found::Entry(entry.clone());
                self.current = Some(Current { entry, file, flow: None, got: 0 });
                return Ok(Some(found));
            }
            if self.ahead.is_empty() {
                return Ok(None);
            }
            let before = self.count;
            if let Some(found) = self.step().await?
                && before >= self.skip
            {
                return Ok(Some(found));
            }
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(current) = &mut self.current else { return Ok(None) };
        let came = current.next().await;
        if !matches!(came, Ok(Some(_))) {
            self.current = None;
        }
        came
    }
}

impl Current {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let stated = self.entry.size_bytes;
        if self.flow.is_none() {
            let opened = blocking(self.file.clone(), open).await;
            let file = opened.map_err(|error| self.broken(cause(&error)))?;
            let path = self.file.as_path().into();
            self.flow = Some(Flow::Disk { file: Arc::new(file), path, left: 0..stated });
        }
        let Some(flow) = &mut self.flow else { return Ok(None) };
        let came = flow.chunk().await.map_err(|error| self.broken(cause(&error)))?;
        self.got += came.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if came.is_none() && self.got != stated {
            return Err(self.broken(TroubleKind::Shorter { stated, got: self.got }));
        }
        Ok(came)
    }

    fn broken(&self, what: TroubleKind) -> Error {
        Error::Broken(Trouble::at(&self.entry.path, what))
    }
}

fn cause(error: &Error) -> TroubleKind {
    TroubleKind::Unreadable(match error {
        Error::Local { source, .. } => source.to_string(),
        other => other.to_string(),
    })
}

fn unreadable(shown: &Path, error: &Error) -> Found {
    Found::Trouble(Trouble::at(&shown.to_string_lossy(), cause(error)))
}

/// Opens a file that was no link when it was listed, and is not one now.
fn open(path: &Path) -> std::io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

/// What is in a folder, the last by name first.
fn children(folder: &Path) -> std::io::Result<Vec<Child>> {
    let mut children = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        children.push(Child { name: entry.file_name(), kind: entry.file_type()? });
    }
    children.sort_by(|one, other| other.name.cmp(&one.name));
    Ok(children)
}

/// What stands in an archive before the paths below `root`, so that an unpacked export has
/// the paths that its archives have: a person may name the folder `Takeout`, one in it, or
/// one that it is in. Empty where that cannot be told.
fn prefix(root: &Path) -> PathBuf {
    let is_takeout = |path: &Path| path.file_name().is_some_and(|name| name == TAKEOUT);
    let parent = root.parent().filter(|parent| is_takeout(parent));
    match (root.file_name(), parent) {
        _ if root.join(TAKEOUT).is_dir() => PathBuf::new(),
        _ if is_takeout(root) || root.join(BROWSER).is_file() => PathBuf::from(TAKEOUT),
        (Some(name), Some(_)) => Path::new(TAKEOUT).join(name),
        _ => PathBuf::new(),
    }
}
