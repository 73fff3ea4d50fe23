//! The files of the trees and the copies in albums/: are they there, and are their bytes
//! those that were saved?

use std::fs::File;
use std::io::Read as _;

use sha2::Digest as _;

use super::mend;
use super::{Proven, Verifying, Wrong};
use crate::archive::{Seen, Sort};
use crate::engine::{Error, Event, Phase, check};
use crate::index::file::{self, Recorded};
use crate::index::step;
use crate::index::verification::{self as turn, Copied, Reached};
use crate::model::{ArchivePath, Crc32, Sha256};

/// How many files are read from the index at a time.
const BATCH: u32 = 1000;

/// How many bytes are read at a time, and how often a person may stop it.
const CHUNK_BYTES: usize = 1 << 20;

/// What should be at a path.
struct Expected<'a> {
    at: &'a ArchivePath,
    size_bytes: u64,
    mtime_ns: i64,
    sha256: Sha256,
}

/// What a file turned out to be.
enum Found {
    Wrong(Wrong),
    /// It was read whole, and has that CRC-32.
    Right(Crc32),
    /// It is there, as far as can be seen without reading it.
    Unread,
}

impl Verifying<'_> {
    /// Looks for all files, and reads a share of them.
    pub(super) fn files(&mut self) -> Result<(), Error> {
        let (files, bytes) = file::all(self.on.db)?;
        self.share = self.sample.share(files, bytes);
        let to_read = self.sample.of(bytes);
        self.tell(Event::Phase(Phase::Verifying { files, bytes: to_read }));
        let all = self.files_in_turn();
        let kept = self.keep();
        all.and(kept)
    }

    fn files_in_turn(&mut self) -> Result<(), Error> {
        let mut reached = Reached::Never(0);
        loop {
            let (batch, last) = turn::files(self.on.db, reached, self.began, BATCH)?;
            if batch.is_empty() {
                return Ok(());
            }
            reached = last;
            batch.iter().try_for_each(|recorded| self.file(recorded))?;
        }
    }

    fn file(&mut self, recorded: &Recorded) -> Result<(), Error> {
        self.may_go_on()?;
        let (at, seen) = self.find(recorded)?;
        let expected = Expected {
            at: &at,
            size_bytes: recorded.size_bytes,
            mtime_ns: recorded.mtime_ns,
            sha256: recorded.sha256,
        };
        match self.compare(&expected, seen)? {
            Found::Right(crc32) => {
                self.prove(Proven::File(recorded.row, crc32), recorded.size_bytes)?;
            }
            Found::Unread => {}
            Found::Wrong(wrong) => {
                self.found(wrong, recorded.path.as_str());
                if let Some(run) = self.repairs {
                    mend::plan(&self.on, (run, self.told), recorded, wrong)?;
                }
            }
        }
        self.told.files += 1;
        self.tell(Event::Checked { files: 1 });
        Ok(())
    }

    /// What is at a file's path, or where a run that was killed was moving it to.
    fn find(&self, recorded: &Recorded) -> Result<(ArchivePath, Option<Seen>), Error> {
        let archive = self.on.archive;
        let here = check::look(archive, &recorded.path)?;
        let step = match here {
            Some(_) => None,
            None => step::moving(self.on.db, &recorded.path)?,
        };
        let lifted = step.iter().filter_map(|step| step.lifted.as_ref());
        let lifted: Vec<_> =
            lifted.map(|name| archive.lifted_path(name)).collect::<Result<_, _>>()?;
        for at in step.into_iter().map(|step| step.to).chain(lifted) {
            let seen = check::look(archive, &at)?;
            if seen.is_some_and(|seen| check::is_untouched(&seen, recorded)) {
                return Ok((at, seen));
            }
        }
        Ok((recorded.path.clone(), here))
    }

    /// Looks for all copies in albums/, and reads a share of them. A second name of a file
    /// of the trees is read there.
    pub(super) fn copies(&mut self) -> Result<(), Error> {
        let (files, bytes) = turn::copies(self.on.db)?;
        if files == 0 {
            return Ok(());
        }
        self.share = self.sample.share(files, bytes);
        let to_read = self.sample.of(bytes);
        self.tell(Event::Phase(Phase::Verifying { files, bytes: to_read }));
        let all = self.copies_in_turn();
        let kept = self.keep();
        all.and(kept)
    }

    fn copies_in_turn(&mut self) -> Result<(), Error> {
        let mut reached = Reached::Never(String::new());
        loop {
            let (batch, last) = turn::copied(self.on.db, reached, self.began, BATCH)?;
            if batch.is_empty() {
                return Ok(());
            }
            reached = last;
            batch.iter().try_for_each(|copied| self.copy(copied))?;
        }
    }

    fn copy(&mut self, copied: &Copied) -> Result<(), Error> {
        self.may_go_on()?;
        let archive = self.on.archive;
        let seen = check::look(archive, &copied.path)?;
        let is_file = |seen: Option<Seen>| seen.is_some_and(|seen| seen.sort == Sort::File);
        let is_second_name = is_file(seen)
            && is_file(check::look(archive, &copied.target)?)
            && archive.is_same_file(&copied.path, &copied.target)?;
        let expected = Expected {
            at: &copied.path,
            size_bytes: copied.made.size_bytes,
            mtime_ns: copied.made.mtime_ns,
            sha256: copied.made.sha256,
        };
        let found = if is_second_name { Found::Unread } else { self.compare(&expected, seen)? };
        match found {
            Found::Right(_) => {
                self.prove(Proven::Copy(copied.path.clone()), copied.made.size_bytes)?;
            }
            Found::Unread => {}
            Found::Wrong(wrong) => {
                self.found(wrong, copied.path.as_str());
                self.mend_copy(copied, wrong)?;
            }
        }
        self.told.files += 1;
        self.tell(Event::Checked { files: 1 });
        Ok(())
    }

    /// Compares what is there with what should be. One whose time is another is read in any
    /// case: somebody has touched it.
    fn compare(&mut self, expected: &Expected<'_>, seen: Option<Seen>) -> Result<Found, Error> {
        let seen = match seen {
            Some(seen) if seen.sort == Sort::File => seen,
            Some(Seen { sort: Sort::Symlink, .. }) => return Ok(Found::Wrong(Wrong::Changed)),
            Some(_) | None => return Ok(Found::Wrong(Wrong::Missing)),
        };
        if seen.size_bytes != expected.size_bytes {
            return Ok(Found::Wrong(Wrong::Changed));
        }
        let is_untouched = seen.mtime_ns == expected.mtime_ns;
        if is_untouched && !self.share.takes() {
            return Ok(Found::Unread);
        }
        self.told.read += 1;
        Ok(match self.read(expected.at)? {
            Some((sha256, crc32)) if sha256 == expected.sha256 => {
                if is_untouched {
                    self.share.spend(expected.size_bytes);
                }
                Found::Right(crc32)
            }
            Some(_) if is_untouched => Found::Wrong(Wrong::Damaged),
            Some(_) => Found::Wrong(Wrong::Changed),
            None => Found::Wrong(Wrong::Unreadable),
        })
    }

    /// Reads a file to its end; `None` if the disk does not give its bytes.
    pub(super) fn read(&mut self, at: &ArchivePath) -> Result<Option<(Sha256, Crc32)>, Error> {
        let Ok(mut file) = self.on.archive.open_from_disk(at) else { return Ok(None) };
        let (mut hash, mut chunk) = (sha2::Sha256::new(), vec![0; CHUNK_BYTES]);
        let mut crc32 = crc32fast::Hasher::new();
        loop {
            self.may_go_on()?;
            let Some(count) = read_some(&mut file, &mut chunk) else { return Ok(None) };
            if count == 0 {
                return Ok(Some((Sha256(hash.finalize().into()), Crc32(crc32.finalize()))));
            }
            hash.update(&chunk[..count]);
            crc32.update(&chunk[..count]);
            self.told.bytes += count as u64;
            self.tell(Event::Received { bytes: count as u64 });
        }
    }
}

/// Reads what comes next; `None` if the disk does not give it.
fn read_some(file: &mut File, chunk: &mut [u8]) -> Option<usize> {
    loop {
        match file.read(chunk) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            read => return read.ok(),
        }
    }
}
