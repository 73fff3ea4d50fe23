//! `--dry-run`: it tells the plan and leaves no trace.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use gphotos_sync::sandbox::{Album, Class, Item, Photo, World};

use crate::support::{Person, Ran};

#[test]
fn a_first_dry_run_tells_all_that_would_come_and_makes_no_folder() {
    let person = Person::with(library());

    let ran = person.backup(&["--dry-run"]).succeeds();

    assert_eq!(plan(&ran), ["+ drive/Trip/a.jpg", "+ drive/Trip/b.jpg", "+ drive/c.jpg"]);
    assert!(ran.stderr.contains("nothing was changed: 3 files new; 3 bytes to fetch"), "{ran:?}");
    assert!(!person.path("").exists());
    assert_eq!(person.google().count(Class::Media), 0);
    person.backup(&[]).succeeds();
    assert!(plan(&person.backup(&["--dry-run"]).succeeds()).is_empty());
}

#[test]
fn a_dry_run_tells_what_the_next_run_does_and_leaves_no_trace() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.rename("trip", "Journey");
        world.edit("c", "newer");
        world.add(Item::file("d", "d.jpg", "D").parent("trip"));
    });
    person.write("drive/Trip/b.jpg", "my own work");
    let before = trace(&person.path(""));

    let ran = person.backup(&["--dry-run"]).succeeds();

    assert_eq!(trace(&person.path("")), before);
    let expected = [
        "+ drive/Journey/d.jpg",
        "> drive/Trip -> drive/Journey",
        "~ drive/Journey/b.jpg",
        "~ drive/c.jpg",
    ];
    assert_eq!(plan(&ran), expected);
    assert!(ran.stderr.contains("b.jpg was changed on this disk"), "{}", ran.stderr);
    // The files that it moved are those that it told of.
    person.backup(&[]).succeeds();
    let paths: Vec<_> = person.files().into_iter().map(|found| found.0).collect();
    let expected =
        ["drive/Journey/a.jpg", "drive/Journey/b.jpg", "drive/Journey/d.jpg", "drive/c.jpg"];
    assert_eq!(paths, expected);
    assert!(plan(&person.backup(&["--dry-run"]).succeeds()).is_empty());
}

#[test]
fn a_folder_is_told_in_one_line_only_if_all_of_it_moves() {
    let person = Person::with(
        World::new()
            .with(Item::folder("f", "F"))
            .with(Item::folder("g", "G"))
            .with(Item::folder("sub", "Sub").parent("f"))
            .with(Item::file("1", "1.jpg", "1").parent("sub"))
            .with(Item::file("2", "2.jpg", "2").parent("sub"))
            .with(Item::file("3", "3.jpg", "3").parent("f"))
            .with(Item::file("4", "4.jpg", "4").parent("f"))
            .with(Item::file("5", "5.jpg", "5").parent("g")),
    );
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.move_to("sub", "g");
        world.move_to("3", "g");
        world.rename("4", "5.jpg");
    });

    let ran = person.backup(&["--dry-run"]).succeeds();

    let expected = [
        "> drive/F/3.jpg -> drive/G/3.jpg",
        "> drive/F/4.jpg -> drive/F/5.jpg",
        "> drive/F/Sub -> drive/G/Sub",
    ];
    assert_eq!(plan(&ran), expected);
    assert!(ran.stderr.contains("4 files moved"), "{}", ran.stderr);
}

#[test]
fn files_that_are_there_already_are_not_told_as_new() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    for name in ["index.db", ".gphotos-sync/index.db.copy", ".gphotos-sync/manifest"] {
        person.remove(name);
    }
    person.remove("drive/c.jpg");
    let before = trace(&person.path(""));

    let ran = person.backup(&["--dry-run"]).succeeds();

    assert_eq!(plan(&ran), ["+ drive/c.jpg"]);
    assert_eq!(trace(&person.path("")), before);
}

#[test]
fn a_dry_run_reads_what_a_killed_run_left_in_the_write_ahead_log() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    // A connection that stays open is to the file what a killed run is.
    let db = rusqlite::Connection::open(person.path("index.db")).unwrap();
    db.execute("UPDATE holding SET revision = 'older'", []).unwrap();
    db.execute("UPDATE item SET due = 1", []).unwrap();
    db.execute("INSERT INTO stale (folder) VALUES (-1)", []).unwrap();
    // Of root SQLite asks nothing, and gives what it opens to the index's owner: to whom
    // it belongs already, but the time of that change is a new one.
    let trace = |person: &Person| {
        let mut trace = trace(&person.path(""));
        for (name, .., changed) in &mut trace {
            *changed = if name.starts_with("index.db-") { (0, 0) } else { *changed };
        }
        trace
    };
    let before = trace(&person);
    assert!(before.iter().any(|(name, ..)| name == "index.db-wal"));

    let ran = person.backup(&["--dry-run"]).succeeds();

    assert_eq!(plan(&ran).len(), 3, "{ran:?}");
    assert_eq!(trace(&person), before);
}

#[test]
fn with_do_delete_what_would_go_to_the_trash_is_told_and_stays() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("c"));
    let before = trace(&person.path(""));

    assert!(plan(&person.backup(&["--dry-run"]).succeeds()).is_empty());
    let ran = person.backup(&["--dry-run", "--do-delete", "--max-delete", "1"]).succeeds();

    assert_eq!(plan(&ran), ["- drive/c.jpg"]);
    assert!(ran.stderr.contains("1 file to the trash"), "{}", ran.stderr);
    assert_eq!(trace(&person.path("")), before);
}

#[test]
fn that_the_guard_would_refuse_is_told_and_ends_with_6() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("a");
        world.delete("c");
    });
    let before = trace(&person.path(""));

    let ran = person.backup(&["--dry-run", "--do-delete"]).ends_with(6);

    assert!(plan(&ran).is_empty(), "{}", ran.stdout);
    ran.complains(&["the deletion guard would refuse", "--max-delete"]);
    assert_eq!(trace(&person.path("")), before);
}

#[test]
fn an_altered_copy_that_its_original_replaces_is_told() {
    const ORIGINAL: &[u8] = include_bytes!("../../src/sandbox/library/sunrise.mp4");
    const COPY: &[u8] = include_bytes!("../../src/sandbox/library/sunrise_transcoded.mp4");
    let film = Photo::video("p", "film.mp4", COPY).taken("2024-04-01T04:52:10Z");
    let person = Person::signed_in(World::new().photo(film));
    person.backup(&["--skip-drive"]).succeeds();
    person.google().world(|world| world.add(Item::file("f", "film.mp4", ORIGINAL)));
    person.backup(&["--skip-photos"]).succeeds();
    let before = trace(&person.path(""));

    let ran = person.backup(&["--dry-run"]).succeeds();

    assert_eq!(plan(&ran), ["- photos/2024/04/film.mp4"]);
    assert!(ran.stderr.contains("1 file to the trash"), "{}", ran.stderr);
    assert_eq!(trace(&person.path("")), before);
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 1);
}

#[test]
fn of_albums_only_those_are_told_that_would_be_built() {
    let photo = Photo::image("p", "a.jpg", "A").taken("2024-04-01T00:00:00Z");
    let albums = ["Trip", "Home"].map(|title| Album::new(title, title, &["p"]));
    let [trip, home] = albums;
    let person = Person::signed_in(World::new().photo(photo).album(trip).album(home));

    let told = |options: &[&str]| {
        let ran = person.backup(&[&["--dry-run"], options].concat()).succeeds();
        ran.stderr.lines().find(|line| line.contains("albums: ")).map(str::to_owned)
    };

    for (options, new) in [(&[][..], "albums: 2 new"), (&["--album", "Trip"], "albums: 1 new")] {
        let told = told(options).unwrap_or_default();
        assert!(told.contains(new), "{options:?}: {told}");
    }
    assert_eq!(told(&["--albums", "none"]), None);
}

#[test]
fn photos_and_albums_are_planned_too() {
    let photo = |id: &str, bytes: &str| {
        Photo::image(id, &format!("{id}.jpg"), bytes).taken("2024-02-03T04:05:06Z")
    };
    let person = Person::signed_in(
        library().photo(photo("p", "P")).photo(photo("q", "Q")).album(Album::new(
            "al",
            "Summer",
            &["p", "q"],
        )),
    );

    let ran = person.backup(&["--dry-run"]).succeeds();

    let expected = [
        "+ drive/Trip/a.jpg",
        "+ drive/Trip/b.jpg",
        "+ drive/c.jpg",
        "+ photos/2024/02/p.jpg",
        "+ photos/2024/02/q.jpg",
    ];
    assert_eq!(plan(&ran), expected);
    assert!(ran.stderr.contains("albums: 1 new"), "{}", ran.stderr);
    assert!(!person.path("").exists());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.rename_album("al", "Winter"));
    let before = trace(&person.path(""));
    let ran = person.backup(&["--dry-run"]).succeeds();
    assert!(plan(&ran).is_empty(), "{}", ran.stdout);
    assert!(ran.stderr.contains("albums: 0 new, 1 renamed"), "{}", ran.stderr);
    assert_eq!(trace(&person.path("")), before);
}

#[test]
fn a_program_reads_the_plan_as_objects() {
    let person = Person::with(library());
    let ran = person.run(&["archive", "--dry-run", "--progress", "json"]).succeeds();
    let objects: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let planned: Vec<_> = objects.iter().filter(|object| object["event"] == "planned").collect();
    assert_eq!(planned.len(), 3);
    assert!(planned.iter().all(|object| object["step"] == "add"));
    let summary = objects.last().unwrap();
    assert_eq!((&summary["dry_run"], &summary["added"]), (&true.into(), &3.into()));
}

#[test]
fn hostile_names_are_escaped_and_the_plan_is_told_even_if_quiet() {
    let person = Person::with(World::new().with(Item::file("1", "\u{202e}gpj.jpg", "1")));
    let ran = person.backup(&["--dry-run", "-q"]).succeeds();
    assert_eq!(ran.stdout, "+ drive/\\u{202e}gpj.jpg\n");
    assert_eq!(ran.stderr, "");
}

#[test]
fn an_option_that_would_write_or_plans_nothing_does_not_go_with_it() {
    let person = Person::with(library());
    for other in [&["--log-file", "log"][..], &["--index-only"]] {
        let words = [&["--dry-run"], other].concat();
        person.backup(&words).ends_with(2).complains(&["--dry-run"]);
    }
}

fn library() -> World {
    World::new()
        .with(Item::folder("trip", "Trip"))
        .with(Item::file("a", "a.jpg", "A").parent("trip"))
        .with(Item::file("b", "b.jpg", "B").parent("trip"))
        .with(Item::file("c", "c.jpg", "C"))
}

/// The lines of the plan, sorted.
fn plan(ran: &Ran) -> Vec<&str> {
    let mut lines: Vec<_> = ran.stdout.lines().collect();
    lines.sort_unstable();
    lines
}

/// What the system tells of a file: name, inode, length, when it was modified and changed.
type Trace = (String, u64, u64, (i64, i64), (i64, i64));

/// All there is at `root`, as closely as the system tells.
pub fn trace(root: &Path) -> Vec<Trace> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(path) = waiting.pop() {
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let (modified, changed) =
            ((meta.mtime(), meta.mtime_nsec()), (meta.ctime(), meta.ctime_nsec()));
        found.push((name, meta.ino(), meta.len(), modified, changed));
    }
    found.sort();
    found
}
