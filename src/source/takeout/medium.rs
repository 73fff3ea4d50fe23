//! Where the bytes of a part are: any of them can be read, in Drive and on a disk.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::task::spawn_blocking;

use super::super::Error;
use super::super::drive::{in_path, item_error};
use super::trouble::{Trouble, TroubleKind};
use crate::google::{Call, Client, SignInError, Stretch, units};
use crate::model::{Lies, RemoteId};

/// How much of a file on a disk is read at a time, in bytes.
const PIECE: usize = 256 << 10;

/// What has the bytes of one part.
#[derive(Clone)]
pub(super) enum Medium {
    /// Google Drive.
    Drive { client: Client, id: RemoteId },
    /// A file.
    Disk { file: Arc<File>, path: Arc<Path> },
    /// They are all there.
    Memory(Bytes),
}

/// Bytes on their way.
pub(super) enum Flow {
    Drive(Box<Stretch>),
    Disk { file: Arc<File>, path: Arc<Path>, left: Range<u64> },
    Memory(Bytes),
}

impl Medium {
    /// What has the bytes of what lies there.
    pub(super) async fn open(client: Option<&Client>, lies: &Lies) -> Result<Self, Error> {
        match lies {
            Lies::InDrive(id) => {
                let client =
                    client.ok_or_else(|| crate::google::Error::from(SignInError::NotSignedIn))?;
                Ok(Self::Drive { client: client.clone(), id: id.clone() })
            }
            Lies::OnDisk(path) => {
                let file = blocking(path.clone(), |path| File::open(path)).await?;
                Ok(Self::Disk { file: Arc::new(file), path: path.as_path().into() })
            }
        }
    }

    /// The bytes in `range`, as they come. Sends nothing yet.
    pub(super) fn flow(&self, range: Range<u64>) -> Flow {
        match self {
            Self::Drive { client, id } => {
                Flow::Drive(Box::new(Stretch::new(client.clone(), download(client, id), range)))
            }
            Self::Disk { file, path } => {
                Flow::Disk { file: Arc::clone(file), path: Arc::clone(path), left: range }
            }
            Self::Memory(bytes) => {
                let end = bytes.len().min(usize::try_from(range.end).unwrap_or(usize::MAX));
                let start = end.min(usize::try_from(range.start).unwrap_or(usize::MAX));
                Flow::Memory(bytes.slice(start..end))
            }
        }
    }

    /// The bytes in `range`, all at once; fewer if the part has ended before.
    pub(super) async fn read(&self, range: Range<u64>) -> Result<Bytes, Error> {
        let mut flow = self.flow(range);
        let mut all = BytesMut::new();
        while let Some(bytes) = flow.chunk().await? {
            if all.is_empty() && bytes.len() >= PIECE {
                all = BytesMut::from(bytes);
            } else {
                all.extend_from_slice(&bytes);
            }
        }
        Ok(all.freeze())
    }
}

impl Flow {
    /// Returns the next bytes; `None` at the end of the range, or of the part.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match self {
            Self::Drive(stretch) => stretch.chunk().await.map_err(part_error),
            Self::Disk { file, path, left } => {
                let want = left.end.saturating_sub(left.start);
                let (file, at) = (Arc::clone(file), left.start);
                let read = blocking(path.to_path_buf(), move |_| piece(&file, at, want)).await?;
                left.start += read.len() as u64;
                Ok((!read.is_empty()).then_some(read))
            }
            Self::Memory(bytes) => {
                let next = bytes.split_to(bytes.len().min(PIECE));
                Ok((!next.is_empty()).then_some(next))
            }
        }
    }
}

/// What asks Drive for the bytes of the part of that id.
pub(super) fn download(client: &Client, id: &RemoteId) -> Call {
    let url = format!("{}/files/{}", client.endpoints().drive, in_path(id));
    let call = Call::get(url).costing(units::DOWNLOAD);
    call.with("alt", "media").with("supportsAllDrives", "true").with("acknowledgeAbuse", "false")
}

/// What Drive says of a part. One that has no such range is shorter than it was.
pub(super) fn part_error(error: crate::google::Error) -> Error {
    match error.status() {
        Some(416) => Error::Broken(Trouble::of_part(TroubleKind::Cut)),
        _ => item_error(error),
    }
}

/// Does what takes the system time, of the file or folder at `path`.
pub(super) async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = spawn_blocking(move || work(&path).map_err(|source| Error::Local { path, source }));
    done.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn piece(file: &File, at: u64, want: u64) -> std::io::Result<Bytes> {
    let mut bytes = vec![0; usize::try_from(want).map_or(PIECE, |want| want.min(PIECE))];
    let mut have = 0;
    while have < bytes.len() {
        match file.read_at(&mut bytes[have..], at + have as u64) {
            Ok(0) => break,
            Ok(read) => have += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(have);
    Ok(bytes.into())
}
