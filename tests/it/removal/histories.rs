//! Histories at random: what happens at Google, lies of its servers, and runs with leave to
//! remove. Whatever comes, no file leaves the trees whose item is there, and what leaves
//! lies in the trash; and when all lies have ended, what is gone goes.
//!
//! `GPHOTOS_SYNC_HISTORIES=400 GPHOTOS_SYNC_SEED=1000 cargo test --test it histories` tries
//! more of them. A history that fails is told step by step, with its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gphotos_sync::sandbox::World;

use self::google::{At, Dice, Thing};
use crate::support::Person;
use crate::support::asked::{number, tell};

mod google;

/// How many histories are tried unless told otherwise.
const HISTORIES: u64 = 2;
/// How many runs each of them has.
const RUNS: u64 = 7;
/// A drive that is not backed up.
const FAMILY: &str = "0Family";

#[test]
fn no_history_removes_what_is_there_and_in_the_end_what_is_gone_goes() {
    let first = number("GPHOTOS_SYNC_SEED").unwrap_or(1);
    let seeds = first..first + number("GPHOTOS_SYNC_HISTORIES").unwrap_or(HISTORIES);
    let (mut histories, mut told) = (0, [0; 3]);
    for seed in seeds {
        let mut history = History::new(seed);
        for _ in 0..RUNS {
            history.live();
            history.lie();
            history.run();
        }
        history.end();
        let Told { runs, gone, struck } = history.told();
        histories += 1;
        told = [told[0] + runs, told[1] + gone, told[2] + struck];
    }
    let [runs, gone, struck] = told;
    tell(format_args!(
        "{histories} histories of {runs} runs, in which lies struck {struck} requests and {gone} \
         files left the trees"
    ));
}

/// How much happened in a history.
struct Told {
    runs: u64,
    /// How many files left the trees, each time that they did.
    gone: u64,
    /// How many requests were answered with a lie.
    struck: u64,
}

struct History {
    dice: Dice,
    person: Person,
    things: BTreeMap<String, Thing>,
    is_folder_trashed: bool,
    /// Bytes that were put back of what was gone.
    kept: BTreeSet<String>,
    runs: u64,
    gone: u64,
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
            runs: 0,
            gone: 0,
            log: format!("GPHOTOS_SYNC_SEED={seed} GPHOTOS_SYNC_HISTORIES=1\n"),
        };
        // Two of each sort, of which the first ones stay for ever: what is empty is no answer.
        for sort in ["d", "d", "d", "s", "p", "p", "p"] {
            history.add(sort);
        }
        history.run_with(&["--shared"]);
        history
    }

    fn told(&self) -> Told {
        Told { runs: self.runs, gone: self.gone, struck: self.person.google().struck() }
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
        self.runs += 1;
        self.gone += before.difference(&after).count() as u64;
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
