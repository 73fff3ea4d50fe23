//! Writes tar archives under gzip.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use super::Entry;

/// Writes all of `entries` as one archive. What only a zip can say of an entry is not said.
pub(super) fn write(out: impl Write, entries: &[Entry], mtime: u64) -> io::Result<()> {
    let mut archive = Builder::new(GzEncoder::new(out, Compression::fast()));
    for entry in entries {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_mtime(mtime);
        let path = Path::new(OsStr::from_bytes(&entry.path));
        if entry.is_link {
            header.set_entry_type(EntryType::Symlink);
            header.set_size(0);
            let target = entry.content.to_bytes();
            archive.append_link(&mut header, path, Path::new(OsStr::from_bytes(&target)))?;
            continue;
        }
        header.set_size(entry.content.len());
        if is_tame(path) {
            archive.append_data(&mut header, path, entry.content.reader())?;
        } else {
            // The library would not write such a path.
            for (to, from) in header.as_old_mut().name.iter_mut().zip(&entry.path) {
                *to = *from;
            }
            header.set_cksum();
            archive.append(&header, entry.content.reader())?;
        }
    }
    archive.into_inner()?.finish()?.flush()
}

/// Whether a path stays below where it is unpacked.
fn is_tame(path: &Path) -> bool {
    path.components().all(|part| matches!(part, std::path::Component::Normal(_)))
}
