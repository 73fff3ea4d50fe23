//! Histories at random: what happens at Google, lies of its servers, and runs with leave to
//! remove. Whatever comes, no file leaves the trees whose item is there, and what leaves
//! lies in the trash; and when all lies have ended, what is gone goes.
//!
//! `HISTORIES=400 FIRST_SEED=1000 cargo test --test it histories` tries more of them. A
//! history that fails is told step by step, with its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, Photo, World};

use crate::support::Person;

/// How many histories are tried unless told otherwise.
const HISTORIES: u64 = 6;
/// How many runs each of them has.
const RUNS: u64 = 7;
/// A drive that is not backed up.
const FAMILY: &str = "0Family";

#[test]
fn no_history_removes_what_is_there_and_in_the_end_what_is_gone_goes() {
    let first = number("FIRST_SEED").unwrap_or(1);
    let seeds = first..first + number("HISTORIES").unwrap_or(HISTORIES);
    for seed in seeds {
        let mut history = History::new(seed);
        for _ in 0..RUNS {
            history.live();
            history.lie();
            history.run();
        }
        history.end();
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a test goes on is for who calls it")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).unwrap()
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())].clone()) }
    }
}

/// Where something is that Google has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
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
struct Thing {
    at: At,
    is_photo: bool,
    is_own: bool,
    in_folder: bool,
    /// All bytes that it ever had, the latest last.
    bytes: Vec<String>,
}

impl Thing {
    fn has(&self, bytes: &str) -> bool {
        self.bytes.iter().any(|known| known == bytes)
    }

    fn is_now(&self, bytes: &str) -> bool {
        self.at == At::Here && self.bytes.last().is_some_and(|now| now == bytes)
    }

    /// Whether these bytes may never leave, though nobody can fetch them any more: the
    /// archive has none that came later.
    fn is_out_of_reach(&self, bytes: &str, held: &BTreeSet<String>) -> bool {
        let mut newer = self.bytes.iter().skip_while(|known| *known != bytes).skip(1);
        matches!(self.at, At::Unshared | At::OtherDrive)
            && self.has(bytes)
            && !newer.any(|newer| held.contains(newer))
    }
}

struct History {
    dice: Dice,
    person: Person,
    things: BTreeMap<String, Thing>,
    is_folder_trashed: bool,
    /// Bytes that were put back of what was gone.
    kept: BTreeSet<String>,
    log: String,
}

impl History {
    fn new(seed: u64) -> Self {
        let world = World::new().folder("f", "Trip", "root").shared_drive(FAMILY, "Family");
        let mut history = Self {
            dice: Dice(seed),
            person: Person::signed_in(world),
            things: BTreeMap::new(),
            is_folder_trashed: false,
            kept: BTreeSet::new(),
            log: format!("FIRST_SEED={seed} HISTORIES=1\n"),
        };
        // Two of each sort, of which the first ones stay for ever: what is empty is no answer.
        for sort in ["d", "d", "d", "s", "p", "p", "p"] {
            history.add(sort);
        }
        history.run_with(&["--shared"]);
        history
    }

    fn say(&mut self, what: &str) {
        self.log.push_str(what);
        self.log.push('\n');
    }

    fn ids(&self, wanted: impl Fn(&str, &Thing) -> bool) -> Vec<String> {
        let found = self.things.iter().filter(|(id, thing)| wanted(id, thing));
        found.map(|(id, _)| id.clone()).collect()
    }

    /// Those to which something may happen.
    fn mortal(&mut self, wanted: impl Fn(&Thing) -> bool) -> Option<String> {
        let ids = self.ids(|id, thing| !matches!(id, "d0" | "p0") && wanted(thing));
        self.dice.one(&ids)
    }

    fn thing(&mut self, id: &str) -> &mut Thing {
        self.things.get_mut(id).unwrap()
    }

    /// Adds a file to Drive (d), one that somebody shares (s), or a photo (p).
    fn add(&mut self, sort: &str) {
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
    fn live(&mut self) {
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
    fn lie(&mut self) {
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

    /// Backs up, mostly with leave to remove; or puts back what was removed.
    fn run(&mut self) {
        let how: &[&[&str]] = &[
            &[],
            &["--do-delete"],
            &["--do-delete", "--max-delete", "100%"],
            &["--do-delete", "--max-delete", "100%", "--rescan"],
            &["--do-delete", "--max-delete", "100%", "--rescan", "--flush-index"],
            &["--do-delete", "--max-delete", "100%", "--flush-index"],
            &["--do-delete", "--max-delete", "1", "--rescan"],
            &["--do-delete", "--max-delete", "100%", "--skip-photos"],
            &["--do-delete", "--max-delete", "100%", "--skip-drive", "--rescan"],
        ];
        let options = self.dice.one(how).unwrap();
        self.run_with(&[&["--shared"], options].concat());
        if self.dice.below(8) == 0 {
            self.undo();
        }
    }

    fn run_with(&mut self, options: &[&str]) -> i32 {
        let before = self.in_trees();
        self.say(&format!("runs {}", options.join(" ")));
        let ran = self.person.backup(options);
        self.log += &ran.stderr;
        let code = ran.code.unwrap_or(-1);
        assert!(matches!(code, 0 | 3 | 4 | 6 | 8), "exit {code} of\n{}", self.log);
        let (after, trash) = (self.in_trees(), self.in_trash());
        for bytes in before.difference(&after) {
            self.judge(bytes, &after, options.contains(&"--do-delete"));
            assert!(trash.contains(bytes), "{bytes} is nowhere:\n{}", self.log);
        }
        code
    }

    /// Fails unless these bytes had to leave the trees.
    fn judge(&self, bytes: &str, after: &BTreeSet<String>, may_remove: bool) {
        let of: Vec<_> = self.things.values().filter(|thing| thing.has(bytes)).collect();
        for thing in &of {
            let stays = thing.is_now(bytes) || thing.is_out_of_reach(bytes, after);
            assert!(!stays, "{bytes} left the trees, of {thing:?}:\n{}", self.log);
        }
        let is_replaced =
            of.iter().any(|it| it.at == At::Here && after.contains(it.bytes.last().unwrap()));
        assert!(is_replaced || may_remove, "{bytes} left the trees unasked:\n{}", self.log);
        assert!(is_replaced || !self.kept.contains(bytes), "{bytes} was put back:\n{}", self.log);
    }

    fn undo(&mut self) {
        self.say("undoes");
        let before = self.in_trees();
        let ran = self.person.run(&["undo", "archive"]);
        self.log += &ran.stderr;
        let after = self.in_trees();
        assert!(before.is_subset(&after), "undo removed something:\n{}", self.log);
        self.kept.extend(after.difference(&before).cloned());
    }

    /// With no lies any more, the archive has just what it should.
    fn end(&mut self) {
        self.say("the end");
        self.person.google().mend();
        let options = ["--shared", "--do-delete", "--max-delete", "100%", "--rescan"];
        self.run_with(&[&options[..], &["--flush-index"]].concat());
        self.run_with(&options);
        let code = self.run_with(&options);
        assert_eq!(code, 0, "{}", self.log);
        let held = self.in_trees();
        for thing in self.things.values().filter(|thing| thing.at == At::Here) {
            let bytes = thing.bytes.last().unwrap();
            assert!(held.contains(bytes), "{bytes} is not saved:\n{}", self.log);
        }
        for bytes in &held {
            let is_due = |thing: &Thing| thing.is_now(bytes) || thing.is_out_of_reach(bytes, &held);
            let is_due = self.kept.contains(bytes) || self.things.values().any(is_due);
            assert!(is_due, "{bytes} is still there:\n{}", self.log);
        }
    }

    fn in_trees(&self) -> BTreeSet<String> {
        if !self.person.path("").exists() {
            return BTreeSet::new();
        }
        self.person.files().into_iter().map(|found| found.1).collect()
    }

    fn in_trash(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        collect(&self.person.path(".gphotos-sync/trash"), &mut found);
        found
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

fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.insert(fs::read_to_string(&path).unwrap());
        }
    }
}
