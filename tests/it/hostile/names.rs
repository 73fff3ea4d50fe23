//! Names that are made to lead out of the archive, to hide, or to act on a terminal, at
//! every place where Google lets somebody else choose one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, World};

use super::{Canary, holds_nothing_raw, says_nothing_raw};
use crate::support::{Person, Ran};

/// Names that somebody else may give, of an ordinary length.
const NAMES: &[&str] = &[
    "/",
    "..",
    ".",
    "",
    " ",
    "../../etc/passwd",
    "/etc/passwd",
    "../outside/file",
    "..\\..\\x",
    "C:\\x",
    "a\0b.jpg",
    "new\nline.jpg",
    "cr\r.jpg",
    "tab\tbed.jpg",
    "\u{1b}[2J\u{1b}]0;owned\u{7}.jpg",
    "\u{9b}31m.jpg",
    "\u{85}next.jpg",
    "\u{7f}del.jpg",
    "\u{202e}gpj.exe",
    "iso\u{2066}late\u{2069}.jpg",
    "mark\u{200f}\u{61c}.jpg",
    "zero\u{200b}width.jpg",
    "\u{feff}bom.jpg",
    "line\u{2028}paragraph\u{2029}.jpg",
    "\u{ffff}\u{10ffff}.jpg",
    "CON",
    "con.jpg",
    "NUL.txt",
    "COM1.jpg",
    "trailing.",
    "trailing ",
    "trailing",
    "trailing . .",
    "e\u{301}.jpg",
    "\u{e9}.jpg",
    "index.db",
    "index.db-wal",
    ".gphotos-sync",
    "drive",
    "lock",
    "a",
    "a",
    "a (1)",
    "a (2)",
    "-rf",
    "--help",
    "~",
    "~root",
    "$(touch owned)",
    "`touch owned`",
    "a;touch owned|b&c",
    "%s%n{}",
    "{\"event\":\"saved\"}",
];

/// All of them, with those that are too long.
fn names() -> Vec<String> {
    let mut names: Vec<_> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    names.extend([
        format!("{}.jpg", "é".repeat(148)),
        format!("{}.jpg", "x".repeat(251)),
        format!("{}.jpg", "x".repeat(252)),
        "y".repeat(300),
        format!("z.{}", "x".repeat(300)),
        format!("{}.jpg", "🏖\u{202e}".repeat(60)),
    ]);
    names
}

/// An account in which every name that there can be is one of [`names`], and all the
/// bytes in it.
fn account() -> (World, BTreeSet<String>) {
    let mut bytes = BTreeSet::new();
    let mut of = |place: &str, i: usize| {
        let text = format!("{place} {i}");
        bytes.insert(text.clone());
        text.into_bytes()
    };
    let shouting = "\u{1b}[31mAda\u{202e}\n\u{9b}2J";
    let mut world = World::new().account(shouting, &format!("{shouting}@example.com"));
    for (i, name) in names().iter().enumerate() {
        let id = |place: &str| format!("{place}{i}");
        world = world
            .folder(&id("folder"), name, "root")
            .file(&id("file"), name, of("in the root", i), "root")
            .file(&id("in"), name, of("in a folder", i), &id("folder"))
            .with(Item::shortcut(&id("short"), name, &id("in")))
            .with(Item::native(&id("doc"), name, "document").export(DOCX, of("exported", i)))
            .with(Item::native(&id("form"), name, "form"))
            .with(Item::file(&id("orphan"), name, of("orphaned", i)).orphan())
            .with(Item::file(&id("shared"), name, of("shared", i)).shared_by(name))
            .with(Item::folder(&id("nas"), name).computer())
            .file(&id("backup"), name, of("on a computer", i), &id("nas"))
            .photo(
                Photo::image(&id("photo"), name, of("in Photos", i))
                    .taken("2024-01-05T00:00:00Z")
                    .description(name),
            )
            .album(Album::new(&id("album"), name, &[&id("photo")]))
            .shared_drive(&id("drive"), name);
    }
    (world, bytes)
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const ALL: &[&str] = &["--all-files", "--shared"];

#[test]
fn whatever_things_are_called_all_is_saved_and_nothing_acts_on_a_terminal() {
    for rules in ["posix", "portable"] {
        let (world, bytes) = account();
        let person = Person::signed_in(world);
        let canary = Canary::beside(&person);
        let backup = |options: &[&str]| {
            let loud = ["-vvv", "--log-file", "log", "--names", rules];
            listen(&person, &[&["archive"], ALL, &loud, options].concat())
        };
        let dry = [&["archive"], ALL, &["--names", rules, "--dry-run"]].concat();
        listen(&person, &dry).succeeds();
        assert!(!person.path("").exists(), "a dry run makes nothing");

        backup(&["--progress", "plain"]).succeeds();
        assert_eq!(held(&person), bytes, "{rules}");
        look_around(&person);
        backup(&["--progress", "json"]).succeeds();
        person.google().world(change_all);
        listen(&person, &dry).succeeds();
        let all_may_go = ["--do-delete", "--max-delete", "100%"];
        backup(&[&["--progress", "json"], &all_may_go[..]].concat()).succeeds();
        listen(&person, &["undo", "archive", "-vv"]).succeeds();
        assert_eq!(held(&person), bytes, "{rules}");
        look_around(&person);

        assert_names_are_clean(&person.path(""));
        holds_nothing_raw(&fs::read_to_string(person.home().join("log")).unwrap());
        canary.is_untouched(rules);
        let mut around: Vec<_> =
            person.home().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        around.sort();
        assert_eq!(around, [".config", "archive", "log", "outside", "sign-in.stderr"]);
    }
}

#[test]
fn what_google_says_of_an_error_does_not_act_on_a_terminal_either() {
    let (world, _) = account();
    let person = Person::signed_in(world);
    let reason = "evil\u{1b}[2J\u{9b}31m\u{202e}\nnot saved: drive/forged\u{2028}\r";
    person.google().fail(Fault::new(Effect::error(403, reason)).on(Class::Media).always());
    for progress in ["plain", "json", "none"] {
        let options = ["archive", "-vv", "--log-file", "log", "--progress", progress];
        let ran = listen(&person, &options).ends_with(8);
        assert!(!ran.stderr.contains("\nnot saved: drive/forged"), "{}", ran.stderr);
    }
    listen(&person, &["status", "archive"]).ends_with(0);
    holds_nothing_raw(&fs::read_to_string(person.home().join("log")).unwrap());
    person.google().mend();
    person.google().fail(Fault::new(Effect::error(403, reason)).always());
    assert_ne!(listen(&person, &["archive", "-vv"]).code, Some(0));
    assert_ne!(listen(&person, &["doctor", "archive", "-vv"]).code, Some(0));
    listen(&person, &["auth", "status", "-vv"]);
}

/// Gives each file and folder the name of the next, and takes every third file away.
fn change_all(world: &mut World) {
    for i in 1..names().len() {
        world.swap_names(&format!("file{i}"), &format!("file{}", i - 1));
        world.swap_names(&format!("folder{i}"), &format!("folder{}", i - 1));
        world.rename_photo(&format!("photo{i}"), &names()[i - 1]);
        world.rename_album(&format!("album{i}"), &names()[i - 1]);
        if i % 3 == 0 {
            world.trash(&format!("in{i}"));
        }
    }
}

/// Runs a command and listens to what it says.
#[track_caller]
fn listen(person: &Person, words: &[&str]) -> Ran {
    let ran = person.run(words);
    says_nothing_raw(&ran);
    if words.contains(&"json") {
        for line in ran.stdout.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
    ran
}

#[track_caller]
fn look_around(person: &Person) {
    for words in [
        &["status", "archive"][..],
        &["verify", "archive", "-vv"],
        &["verify", "archive", "--progress", "json"],
        &["doctor", "archive"],
        &["auth", "status"],
    ] {
        listen(person, words).succeeds();
    }
}

/// The bytes of all files in the trees that are not pointers.
fn held(person: &Person) -> BTreeSet<String> {
    let files = person.files().into_iter();
    files.map(|found| found.1).filter(|text| !text.contains("[InternetShortcut]")).collect()
}

fn assert_names_are_clean(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!name.contains(char::is_control), "{name:?}");
        if path.symlink_metadata().unwrap().is_dir() {
            assert_names_are_clean(&path);
        }
    }
}
