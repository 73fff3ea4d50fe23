//! An index that is damaged, in every way that was thought of: it is told, nothing is lost
//! by it, it is kept, and all is rebuilt without a download.

use std::fs;
use std::path::Path;

use gphotos_sync::sandbox::{Class, Item, World};

use crate::support::asked::tell;
use crate::support::{Found, Person};

mod after_a_crash;
mod flips;
mod older;

const PAGE: usize = 4096;

/// Something that happens to an index, and what a run says then: nothing, if it goes on.
type Damage = (&'static str, fn(&Person), Option<&'static str>);

#[test]
fn each_damage_is_told_and_the_index_is_kept_and_rebuilt_without_a_download() {
    let table: &[Damage] = &[
        ("truncated", |it| write(it, |bytes| bytes[..bytes.len() / 2].to_vec()), Some("damaged")),
        ("cut in a page", |it| write(it, |bytes| bytes[..5000].to_vec()), Some("damaged")),
        ("zeroed", |it| write(it, |bytes| vec![0; bytes.len()]), Some("damaged")),
        ("first page zeroed", |it| zero(it, 0), Some("damaged")),
        ("a table's page zeroed", |it| zero(it, root_page(it, "item")), Some("damaged")),
        ("text", |it| write(it, |_| b"Dear diary, ".repeat(99)), Some("damaged")),
        ("emptied", |it| write(it, |_| Vec::new()), None),
        ("version lost", |it| set_version(it, 0), Some("damaged")),
        ("version too old", |it| set_version(it, 1), Some("damaged")),
    ];
    let person = Person::with(world());
    for (name, damage, told) in table {
        let before = backed_up(&person);
        damage(&person);
        let damaged = fs::read(person.path("index.db")).unwrap();
        let rebuilding = match told {
            None => &[][..],
            Some(words) => {
                let ran = person.backup(&[]).ends_with(5);
                ran.complains(&[words, "--flush-index", "index.db"]);
                // What shows in the middle of a run is found after that was begun.
                let is_as_it_was = fs::read(person.path("index.db")).unwrap() == damaged;
                assert!(is_as_it_was || *name == "a table's page zeroed", "{name}");
                // Nothing was removed, so `undo` needs no item.
                let reading = if *name == "a table's page zeroed" { 2 } else { 3 };
                for command in &["status", "verify", "undo"][..reading] {
                    person.run(&[command, "archive"]).ends_with(5).complains(&["index.db"]);
                }
                &["--flush-index"]
            }
        };
        assert_eq!(person.files(), before, "{name}");
        let damaged = fs::read(person.path("index.db")).unwrap();
        person.google().forget_requests();
        person.backup(rebuilding).succeeds();
        assert_eq!(person.files(), before, "{name}");
        assert_eq!(person.google().count(Class::Media), 0, "{name}");
        if told.is_some() {
            let is_kept = fs::read(set_aside(&person)).unwrap() == damaged;
            assert!(is_kept || *name == "a table's page zeroed", "{name}");
        }
        person.run(&["verify", "archive"]).succeeds();
    }
}

#[test]
fn what_is_no_index_of_ours_is_left_where_it_is_with_any_options() {
    let others: &[Damage] = &[
        (
            "another program's database",
            |it| {
                it.remove("index.db");
                let db = rusqlite::Connection::open(it.path("index.db")).unwrap();
                db.execute_batch("CREATE TABLE item (id); PRAGMA user_version = 3;").unwrap();
            },
            Some("another program's database"),
        ),
        (
            "another program's database without a version",
            |it| {
                it.remove("index.db");
                let db = rusqlite::Connection::open(it.path("index.db")).unwrap();
                db.execute_batch("CREATE TABLE moz_cookies (id)").unwrap();
            },
            Some("another program's database"),
        ),
        ("a newer program's", |it| set_version(it, 99), Some("version 99")),
        (
            "a folder",
            |it| {
                it.remove("index.db");
                fs::create_dir(it.path("index.db")).unwrap();
            },
            Some("is a folder"),
        ),
    ];
    for (name, damage, told) in others {
        let person = Person::with(world());
        let before = backed_up(&person);
        damage(&person);
        let found = fs::read(person.path("index.db")).ok();
        for options in [&[][..], &["--flush-index"], &["--do-delete"], &["--dry-run"]] {
            let ran = person.backup(options).ends_with(5);
            ran.complains(&[told.unwrap(), "try: "]);
        }
        person.run(&["status", "archive"]).ends_with(5).complains(&[told.unwrap()]);
        assert_eq!(fs::read(person.path("index.db")).ok(), found, "{name}");
        assert_eq!(person.files(), before, "{name}");
        // Out of the way, it is rebuilt.
        person.rename("index.db", "mine.db");
        person.google().forget_requests();
        person.backup(&[]).succeeds();
        assert_eq!(person.google().count(Class::Media), 0, "{name}");
        if let Some(found) = found {
            assert_eq!(fs::read(person.path("mine.db")).unwrap(), found, "{name}");
        }
    }
}

#[test]
fn a_page_that_is_lost_stops_a_run_at_the_most_and_loses_nothing() {
    let person = Person::with(world());
    let before = backed_up(&person);
    let index = fs::read(person.path("index.db")).unwrap();
    let kept = tempfile::tempdir().unwrap();
    copy(&person.path(""), kept.path());
    let (mut stopped, mut unnoticed) = (0, 0);
    // The first page is tried above.
    for page in 1..index.len() / PAGE {
        zero(&person, page);
        let ran = person.backup(&["--do-delete"]);
        match ran.code {
            Some(5) => {
                stopped += 1;
                let ran = ran.complains(&["damaged", "--flush-index"]);
                assert!(!ran.stderr.contains("panicked"), "page {page}: {}", ran.stderr);
            }
            code => {
                unnoticed += 1;
                assert_eq!(code, Some(0), "page {page}: {}", ran.stderr);
            }
        }
        assert!(holds_all(&person, &before), "page {page}");
        restore(&person, kept.path());
    }
    tell(format_args!("{stopped} pages lost and told, {unnoticed} not needed by that run"));
    assert!(stopped > 10);
}

/// Files, folders, a link, and something that is gone.
fn world() -> World {
    (0..12)
        .fold(World::new().folder("f", "Trip", "root"), |world, number| {
            let parent = if number % 2 == 0 { "f" } else { "root" };
            let (id, name) = (format!("p{number}"), format!("{number}.jpg"));
            world.file(&id, &name, format!("bytes of {number}").as_str(), parent)
        })
        .with(Item::shortcut("s", "short.jpg", "p1"))
}

/// Runs a backup and returns the tree.
fn backed_up(person: &Person) -> Vec<Found> {
    person.backup(&[]).succeeds();
    for suffix in ["-wal", "-shm"] {
        assert!(!person.path(&format!("index.db{suffix}")).exists());
    }
    person.files()
}

fn write(person: &Person, change: impl FnOnce(&[u8]) -> Vec<u8>) {
    let bytes = fs::read(person.path("index.db")).unwrap();
    person.write("index.db", change(&bytes));
}

fn zero(person: &Person, page: usize) {
    write(person, |bytes| {
        let mut bytes = bytes.to_vec();
        bytes[page * PAGE..][..PAGE].fill(0);
        bytes
    });
}

/// The first page of a table, counted from 0.
fn root_page(person: &Person, table: &str) -> usize {
    let query = format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'");
    person.sql(&query)[0][0].parse::<usize>().unwrap() - 1
}

fn set_version(person: &Person, version: u32) {
    let db = rusqlite::Connection::open(person.path("index.db")).unwrap();
    db.pragma_update(None, "user_version", version).unwrap();
    db.pragma_update(None, "journal_mode", "delete").unwrap();
}

/// Where the last damaged index was set aside.
fn set_aside(person: &Person) -> std::path::PathBuf {
    let names = fs::read_dir(person.path("")).unwrap().map(|entry| entry.unwrap().path());
    let damaged = |path: &std::path::PathBuf| path.to_str().unwrap().contains("index.db.damaged-");
    let found: Vec<_> = names.filter(damaged).collect();
    let [last] = &found[..] else { panic!("{found:?}") };
    let there = person.path("drive").parent().unwrap().parent().unwrap().join("last-damaged");
    fs::copy(last, &there).unwrap();
    person.remove(last.file_name().unwrap().to_str().unwrap());
    there
}

/// Says whether everything of `before` is in the trees or in the trash still.
fn holds_all(person: &Person, before: &[Found]) -> bool {
    let mut bytes = Vec::new();
    gather(&person.path(""), &mut bytes);
    before.iter().all(|file| bytes.iter().any(|found| found == file.1.as_bytes()))
}

fn gather(folder: &Path, bytes: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        match meta.is_dir() {
            true if name != "partial" => gather(&path, bytes),
            false if meta.is_file() && !name.starts_with("index.db") && name != "manifest" => {
                bytes.push(fs::read(path).unwrap());
            }
            _ => {}
        }
    }
}

/// Copies a folder with its times.
fn copy(from: &Path, to: &Path) {
    let mut from = from.to_path_buf();
    from.push(".");
    let ran = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(ran.success());
}

/// Makes the archive again what it was when it was copied to `from`.
fn restore(person: &Person, from: &Path) {
    fs::remove_dir_all(person.path("")).unwrap();
    fs::create_dir(person.path("")).unwrap();
    copy(from, &person.path(""));
}
