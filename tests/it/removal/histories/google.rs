//! What happens at Google in a history, what it really has then, and the lies of its servers.

use std::collections::BTreeSet;

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, Photo};

use super::{FAMILY, History};

/// Numbers that look random and are the same for the same seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).unwrap()
    }

    pub fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())].clone()) }
    }
}

/// Where something is that Google has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Where it is seen.
    Here,
    /// In Google's trash, by itself.
    Trash,
    /// In Google's trash, with its folder.
    TrashedFolder,
    /// Nowhere any more.
    Deleted,
    /// Where this account may not look any more.
    Unshared,
    /// In a shared drive.
    OtherDrive,
}

/// What Google really has, or had.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Thing {
    pub at: At,
    pub is_photo: bool,
    pub is_own: bool,
    pub in_folder: bool,
    /// All bytes that it ever had, the latest last.
    pub bytes: Vec<String>,
}

impl Thing {
    pub fn has(&self, bytes: &str) -> bool {
        self.bytes.iter().any(|known| known == bytes)
    }

    pub fn is_now(&self, bytes: &str) -> bool {
        self.at == At::Here && self.bytes.last().is_some_and(|now| now == bytes)
    }

    /// Whether these bytes may never leave, though nobody can fetch them any more: the
    /// archive has none that came later.
    pub fn is_out_of_reach(&self, bytes: &str, held: &BTreeSet<String>) -> bool {
        let mut newer = self.bytes.iter().skip_while(|known| *known != bytes).skip(1);
        matches!(self.at, At::Unshared | At::OtherDrive)
            && self.has(bytes)
            && !newer.any(|newer| held.contains(newer))
    }
}

impl History {
    /// Adds a file to Drive (d), one that somebody shares (s), or a photo (p).
    pub fn add(&mut self, sort: &str) {
        let number = self.ids(|id, _| id.starts_with(sort)).len();
        let id = format!("{sort}{number}");
        let (is_photo, is_own) = (sort == "p", sort != "s");
        let in_folder = sort == "d" && number > 0 && self.dice.below(2) == 0;
        let mut bytes = format!("{id} v0");
        // Some photos are in Drive as well.
        if is_photo && number > 0 && self.things.contains_key(&format!("d{number}")) {
            bytes = format!("d{number} v0");
        }
        self.say(&format!("adds {id} = {bytes}"));
        let name = format!("{}.jpg", bytes.split(' ').next().unwrap());
        let content = bytes.as_str();
        self.person.google().world(|world| match sort {
            "p" => world.add_photo(Photo::image(&id, &name, content)),
            "s" => world.add(Item::file(&id, &name, content).shared_by("bob@example.com")),
            _ if in_folder => world.add(Item::file(&id, &name, content).parent("f")),
            _ => world.add(Item::file(&id, &name, content)),
        });
        let at = if in_folder && self.is_folder_trashed { At::TrashedFolder } else { At::Here };
        let thing = Thing { at, is_photo, is_own, in_folder, bytes: vec![bytes] };
        self.things.insert(id, thing);
    }

    /// Lets some things happen at Google.
    pub fn live(&mut self) {
        for _ in 0..=self.dice.below(3) {
            match self.dice.below(10) {
                0 => {
                    let sort = self.dice.one(&["d", "d", "s", "p"]).unwrap();
                    self.add(sort);
                }
                1 => self.edit(),
                2 => self.rename(),
                3 | 4 => self.delete(),
                5 => self.trash(),
                6 | 7 => self.restore(),
                8 => self.turn_folder(),
                _ => self.leave(),
            }
        }
    }

    fn edit(&mut self) {
        let Some(id) = self.mortal(|thing| !thing.is_photo && thing.at == At::Here) else { return };
        let bytes = format!("{id} v{}", self.things[&id].bytes.len());
        self.say(&format!("edits {id} to {bytes}"));
        self.person.google().world(|world| world.edit(&id, bytes.as_str()));
        self.thing(&id).bytes.push(bytes);
    }

    fn rename(&mut self) {
        let Some(id) = self.mortal(|thing| !thing.is_photo && thing.at == At::Here) else { return };
        let name = format!("{id} {}.jpg", self.dice.below(9));
        self.say(&format!("renames {id} to {name}"));
        self.person.google().world(|world| world.rename(&id, &name));
    }

    fn delete(&mut self) {
        let is_mortal =
            |thing: &Thing| thing.is_own && !matches!(thing.at, At::Deleted | At::OtherDrive);
        let Some(id) = self.mortal(is_mortal) else { return };
        self.say(&format!("deletes {id}"));
        let is_photo = self.things[&id].is_photo;
        self.person
            .google()
            .world(|world| if is_photo { world.delete_photo(&id) } else { world.delete(&id) });
        self.thing(&id).at = At::Deleted;
    }

    fn trash(&mut self) {
        let own = |thing: &Thing| thing.is_own && !thing.is_photo && thing.at == At::Here;
        let Some(id) = self.mortal(own) else { return };
        self.say(&format!("trashes {id}"));
        self.person.google().world(|world| world.trash(&id));
        self.thing(&id).at = At::Trash;
    }

    /// Takes something out of Google's trash, or has it come back in some other way.
    fn restore(&mut self) {
        let Some(id) = self.mortal(|thing| {
            thing.at == At::Trash || thing.at == At::Deleted && thing.bytes.len() == 1
        }) else {
            return;
        };
        self.say(&format!("restores {id}"));
        let thing = self.things[&id].clone();
        let content = thing.bytes[0].as_str();
        let name = format!("{}.jpg", content.split(' ').next().unwrap());
        self.person.google().world(|world| match thing.at {
            At::Trash => world.untrash(&id),
            _ if thing.is_photo => world.add_photo(Photo::image(&id, &name, content)),
            _ => world.add(Item::file(&id, &name, content)),
        });
        let stays_in_folder = thing.in_folder && thing.at == At::Trash;
        let is_trashed = stays_in_folder && self.is_folder_trashed;
        let thing = self.thing(&id);
        thing.in_folder = stays_in_folder;
        thing.at = if is_trashed { At::TrashedFolder } else { At::Here };
    }

    /// Trashes the folder with what is in it, or takes it out again.
    fn turn_folder(&mut self) {
        let (from, to) = if self.is_folder_trashed {
            (At::TrashedFolder, At::Here)
        } else {
            (At::Here, At::TrashedFolder)
        };
        self.say(if self.is_folder_trashed { "restores the folder" } else { "trashes the folder" });
        let is_trashed = self.is_folder_trashed;
        self.person.google().world(
            |world| {
                if is_trashed { world.untrash("f") } else { world.trash("f") }
            },
        );
        self.is_folder_trashed = !is_trashed;
        for thing in self.things.values_mut().filter(|thing| thing.in_folder && thing.at == from) {
            thing.at = to;
        }
    }

    /// Has something go where it is out of reach, and is not deleted.
    fn leave(&mut self) {
        let Some(id) = self.mortal(|thing| !thing.is_photo && thing.at == At::Here) else { return };
        if self.things[&id].is_own {
            self.say(&format!("moves {id} to a shared drive"));
            self.person.google().world(|world| world.move_to_drive(&id, FAMILY));
            self.thing(&id).at = At::OtherDrive;
            self.thing(&id).in_folder = false;
        } else {
            self.say(&format!("unshares {id}"));
            self.person.google().world(|world| world.unshare(&id));
            self.thing(&id).at = At::Unshared;
        }
    }

    /// Has Google's servers fail, or not tell the truth, until the next run has ended. None
    /// of it says of an id that is there that it is not, but for a download.
    pub fn lie(&mut self) {
        self.person.google().mend();
        for _ in 0..self.dice.below(4) {
            let id = self.mortal(|_| true).unwrap_or_default();
            let listings =
                [Class::List, Class::Changes, Class::PhotoList, Class::PhotoSearch, Class::Albums];
            let asks = [Class::Get, Class::PhotoGet];
            let listing = self.dice.one(&listings).unwrap();
            let ask = self.dice.one(&asks).unwrap();
            let effect = self.dice.one(&refusals()).unwrap();
            // That is what Google says of an id that is not there: together with a listing
            // that has left it out, nobody could know better.
            let unclear = self.dice.one(&refusals()[1..]).unwrap();
            let fault = match self.dice.below(12) {
                0 | 1 => Fault::new(Effect::Omit(id)).on(Class::List).always(),
                2 => Fault::new(Effect::Omit(id)).on(Class::PhotoList).always(),
                3 => Fault::new(Effect::IncompleteSearch).on(Class::List).always(),
                4 => Fault::new(Effect::EmptyAnswer).on(Class::PhotoSearch).always(),
                5 => Fault::new(Effect::PageTokenRefused).on(Class::Changes),
                6 => Fault::new(effect).on(listing).always(),
                7 => Fault::new(unclear).on(ask).always(),
                8 => Fault::new(Effect::error(404, "notFound")).on(Class::Media).id(&id).always(),
                9 => Fault::new(effect).on(Class::About),
                10 => Fault::new(Effect::error(400, "invalid_grant")).on(Class::Token),
                _ => Fault::new(Effect::ErrorPage(503)).on(listing),
            };
            self.say(&format!("  lies: {fault:?}"));
            self.person.google().fail(fault);
        }
    }
}

/// Answers that are none, and that are not worth asking again at once.
fn refusals() -> [Effect; 6] {
    [
        Effect::error(404, "notFound"),
        Effect::error(403, "dailyLimitExceeded"),
        Effect::error(403, "insufficientFilePermissions"),
        Effect::ErrorPage(404),
        Effect::ErrorPage(400),
        Effect::BrokenJson,
    ]
}
