//! What else there is: links, what nobody recorded, and rows that nothing belongs to.

use rusqlite::Connection;

use super::{Verifying, Wrong};
use crate::archive::{self, Entry, Sort};
use crate::engine::{Error, Event, check};
use crate::index::link::{self, Link};
use crate::index::orphan::{self, Orphan};
use crate::index::{self, file, health, verification as turn};
use crate::model::{ArchivePath, printable};
use crate::plan::Area;

/// How many rows are read from the index at a time.
const BATCH: u32 = 1000;

impl Verifying<'_> {
    /// Looks at all symlinks, those of albums too.
    pub(super) fn links(&mut self) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let batch = link::after(self.on.db, &after, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            last.path.as_str().clone_into(&mut after);
            batch.iter().try_for_each(|link| self.link(link))?;
        }
    }

    fn link(&mut self, link: &Link) -> Result<(), Error> {
        self.may_go_on()?;
        if let Some(wrong) = self.look_at_link(link)? {
            self.found(wrong, link.path.as_str());
            self.mend_link(link)?;
        }
        Ok(())
    }

    fn look_at_link(&self, link: &Link) -> Result<Option<Wrong>, Error> {
        let archive = self.on.archive;
        Ok(match archive.read_link(&link.path) {
            Ok(Some(text)) if text != link.path.link_to(&link.target) => Some(Wrong::Astray),
            Ok(Some(_)) if check::look(archive, &link.target)?.is_none() => Some(Wrong::Link),
            Ok(Some(_)) if file::at(self.on.db, &link.target)?.is_none() => Some(Wrong::Orphan),
            Ok(Some(_)) => None,
            Ok(None) | Err(archive::Error::NotPlain { .. } | archive::Error::Blocked { .. }) => {
                Some(Wrong::Link)
            }
            Err(error) => return Err(error.into()),
        })
    }

    /// Counts what is in the trees and in no row. Folders are gone through one by one, and
    /// of each no more is held in memory than the folders in it.
    pub(super) fn foreign(&mut self) -> Result<(), Error> {
        let tops = Area::ALL.into_iter().map(Area::folder).chain(["photos", "albums"]);
        let tops = tops.filter_map(|top| ArchivePath::parse(top).ok());
        let mut folders: Vec<ArchivePath> = tops.collect();
        while let Some(folder) = folders.pop() {
            let archive = self.on.archive;
            let walked = archive.each_in(&folder, |entry| self.entry(&folder, entry, &mut folders));
            match walked {
                Err(Error::Archive(archive::Error::Blocked { .. })) => {
                    self.tell_foreign(folder.as_str());
                }
                // A person's own folder may be closed to this program.
                Err(Error::Archive(error @ archive::Error::Io { .. })) => {
                    let path = printable(folder.as_str());
                    self.tell(Event::Note(&format!("{path} was not looked through: {error}")));
                }
                walked => walked?,
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        folder: &ArchivePath,
        entry: Entry,
        folders: &mut Vec<ArchivePath>,
    ) -> Result<(), Error> {
        self.may_go_on()?;
        match (entry.path, entry.sort) {
            (Some(path), Sort::Folder) => folders.push(path),
            (Some(path), _) if turn::knows(self.on.db, &path)? => {}
            (Some(path), _) => self.tell_foreign(path.as_str()),
            (None, _) => self.tell_foreign(&format!("{folder}/{}", entry.name)),
        }
        Ok(())
    }

    fn tell_foreign(&mut self, path: &str) {
        self.told.foreign += 1;
        self.tell(Event::Foreign { path });
    }

    /// Tells the rows that nothing belongs to.
    pub(super) fn orphans(&mut self) -> Result<(), Error> {
        self.each_orphan(orphan::files, file::remove_unheld)?;
        self.each_orphan(orphan::items, orphan::fetch)?;
        for (table, parent) in health::dangling(self.on.db)? {
            let words = format!("a row of {table} names one of {parent} that is not there");
            self.found(Wrong::Orphan, &words);
        }
        Ok(())
    }

    fn each_orphan(&mut self, read: Read, mend: Mend) -> Result<(), Error> {
        let mut after = 0;
        loop {
            self.may_go_on()?;
            let batch = read(self.on.db, after, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = last.row;
            batch.iter().try_for_each(|orphan| self.orphan(orphan, mend))?;
        }
    }

    fn orphan(&mut self, orphan: &Orphan, mend: Mend) -> Result<(), Error> {
        self.found(Wrong::Orphan, &orphan.name);
        if self.repairs.is_some() {
            self.in_transaction(|db| mend(db, orphan.row))?;
            self.told.for_next_run += 1;
        }
        Ok(())
    }
}

/// Reads rows that nothing belongs to, from after a row.
type Read = fn(&Connection, i64, u32) -> Result<Vec<Orphan>, index::Error>;

/// Has the next run set such a row right.
type Mend = fn(&Connection, i64) -> Result<(), index::Error>;
