//! What happens to a world while the sandbox runs.
//!
//! Every change moves the world's time on, raises the `version` of what it
//! touches, and is written into the change log. As in Drive's web interface, a
//! rename, a move, a star and the trash leave `modifiedTime` alone; other bytes
//! do not. All of these panic when the item is not there.

use chrono::{SubsecRound as _, TimeDelta};

use super::content::{Blob, Content};
use super::item::{Item, Kind, ROOT_ALIAS, instant};
use super::journal::{Entry, Subject};
use super::requests::Api;
use super::world::{SharedDrive, World};

impl World {
    /// Adds an item.
    ///
    /// # Panics
    ///
    /// As [`World::with`].
    pub fn add(&mut self, mut item: Item) {
        self.tick();
        item.created.get_or_insert(self.now);
        item.modified.get_or_insert(self.now);
        let id = item.id.clone();
        self.insert(item);
        self.log(&id);
    }

    /// Gives an item another name.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn rename(&mut self, id: &str, name: &str) {
        name.clone_into(&mut self.item(id).name);
        self.changed(id);
    }

    /// Gives two items each other's names.
    ///
    /// # Panics
    ///
    /// If one is not there.
    pub fn swap_names(&mut self, one: &str, other: &str) {
        let name = self.item(one).name.clone();
        let name = std::mem::replace(&mut self.item(other).name, name);
        self.item(one).name = name;
        self.changed(one);
        self.changed(other);
    }

    /// Moves an item to the folder `parent`, and there only.
    ///
    /// # Panics
    ///
    /// If it or the folder is not there.
    pub fn move_to(&mut self, id: &str, parent: &str) {
        let parent = self.item(parent).id.clone();
        self.reparent(id, vec![parent]);
        self.changed(id);
    }

    /// Moves an item into the root of a shared drive: it is the account's own no longer,
    /// and its log has done with it.
    ///
    /// # Panics
    ///
    /// If it or the drive is not there.
    pub fn move_to_drive(&mut self, id: &str, drive: &str) {
        assert!(self.drives.iter().any(|it| it.id == drive), "there is no drive {drive:?}");
        self.reparent(id, vec![drive.to_owned()]);
        let from = self.item(id).drive.replace(drive.to_owned());
        let left = Entry { subject: Subject::File(id.to_owned()), time: self.now, drive: from };
        self.changed(id);
        self.journal.write(left);
    }

    /// Takes an item out of every folder, as when the folder of another person goes away.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn orphan(&mut self, id: &str) {
        self.reparent(id, Vec::new());
        self.changed(id);
    }

    /// Gives a file other bytes: new checksums, a new revision, a new `modifiedTime`.
    ///
    /// # Panics
    ///
    /// If it is not there or not a file.
    pub fn edit(&mut self, id: &str, content: impl Into<Content>) {
        let item = self.item(id);
        assert!(matches!(item.kind, Kind::File(_)), "{id:?} is no file with bytes");
        item.kind = Kind::File(Blob::new(content.into()));
        item.served = None;
        self.edited(id);
    }

    /// Gives a native document other exports in the formats that it has.
    ///
    /// # Panics
    ///
    /// If it is not there or not a native document.
    pub fn edit_native(&mut self, id: &str, mime: &str, content: impl Into<Content>) {
        match &mut self.item(id).kind {
            Kind::Native(exports) => {
                exports.retain(|(known, _)| known != mime);
                exports.push((mime.to_owned().into(), content.into()));
            }
            _ => panic!("{id:?} is no native document"),
        }
        self.edited(id);
    }

    /// Raises an item's `version` and nothing else, as a view or an invisible change does.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn touch(&mut self, id: &str) {
        self.changed(id);
    }

    /// Sets an item's `modifiedTime` (RFC 3339), as programs do that upload older files.
    ///
    /// # Panics
    ///
    /// If it is not there, or `time` is not a time.
    pub fn set_modified(&mut self, id: &str, time: &str) {
        self.item(id).modified = Some(instant(time));
        self.changed(id);
    }

    /// Gives an item a star, or takes it.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn star(&mut self, id: &str, starred: bool) {
        self.item(id).starred = starred;
        self.changed(id);
    }

    /// Gives an item a description.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn describe(&mut self, id: &str, text: &str) {
        self.item(id).description = Some(text.to_owned());
        self.changed(id);
    }

    /// Puts an item in the trash, and with a folder all that is in it.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn trash(&mut self, id: &str) {
        self.set_trashed(id, true);
    }

    /// Takes an item out of the trash, and what was trashed with it.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn untrash(&mut self, id: &str) {
        self.set_trashed(id, false);
    }

    /// Deletes an item for good, and with a folder all that is in it.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn delete(&mut self, id: &str) {
        self.withdraw(id);
    }

    /// Takes away the account's access to another's item and all that is in it.
    ///
    /// # Panics
    ///
    /// If it is not there, or is the account's own.
    pub fn unshare(&mut self, id: &str) {
        assert!(!self.item(id).owned(), "{id:?} is the account's own, nobody can unshare it");
        self.withdraw(id);
    }

    /// Makes the account a member of a shared drive.
    pub fn join_drive(&mut self, id: &str, name: &str) {
        self.tick();
        self.drives.push(SharedDrive { id: id.to_owned(), name: name.to_owned() });
        let subject = Subject::Drive(id.to_owned());
        self.journal.write(Entry { subject, time: self.now, drive: None });
    }

    /// Switches an API off in the person's Google Cloud project.
    pub fn disable_api(&mut self, api: Api) {
        self.disabled.insert(api);
    }

    /// Switches it on again.
    pub fn enable_api(&mut self, api: Api) {
        self.disabled.remove(&api);
    }

    /// Makes every page token of files.list that was given out so far worthless,
    /// as some hours do. Those of changes.list never expire.
    pub fn expire_page_tokens(&mut self) {
        self.token_generation += 1;
    }

    fn set_trashed(&mut self, id: &str, trashed: bool) {
        self.item(id).explicitly_trashed = trashed;
        let with_it = self.settle_trash(id);
        self.changed(id);
        for below in with_it.iter().filter(|below| *below != id) {
            self.changed(below);
        }
    }

    fn withdraw(&mut self, id: &str) {
        self.item(id);
        let mut gone = self.descendants(id);
        gone.push(id.to_owned());
        for id in gone {
            self.tick();
            let drive = self.item(&id).drive.clone();
            self.remove(&id);
            let entry = Entry { subject: Subject::File(id), time: self.now, drive };
            self.journal.write(entry);
        }
    }

    /// An item's content changed.
    fn edited(&mut self, id: &str) {
        self.tick();
        let now = self.now;
        let item = self.item(id);
        item.modified = Some(now);
        item.revision += 1;
        item.version += 1;
        self.log(id);
    }

    /// Something of an item changed, but not its content.
    fn changed(&mut self, id: &str) {
        self.tick();
        self.item(id).version += 1;
        self.log(id);
    }

    fn log(&mut self, id: &str) {
        let id = if id == ROOT_ALIAS { self.root.clone() } else { id.to_owned() };
        let drive = self.item(&id).drive.clone();
        self.journal.write(Entry { subject: Subject::File(id), time: self.now, drive });
    }

    /// A second and a bit: times are to be told apart in seconds, and to have milliseconds.
    fn tick(&mut self) {
        self.now = (self.now + TimeDelta::milliseconds(1001)).trunc_subsecs(3);
    }
}
