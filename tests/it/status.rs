//! `status`: how the archive stands, by its index alone.

use std::fs;
use std::process::Stdio;

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, Photo, World};

use crate::dry_run::trace;
use crate::support::{Home, Person};

#[test]
fn it_says_what_is_held_and_lacking_without_asking_or_writing_anything() {
    let person = Person::with(
        World::new()
            .with(Item::file("a", "a.jpg", "A"))
            .with(Item::file("b", "b.jpg", "BB").no_download())
            .with(Item::file("c", "c.txt", "C")),
    );
    person.backup(&[]).ends_with(8);
    person.google().forget_requests();
    let before = trace(&person.path(""));

    let told = person.run(&["status", "archive"]).succeeds().stdout;

    for words in [
        "archive: a backup of ",
        "Last complete run: none so far",
        "Last run: finished, not everything could be saved, just now (20",
        "1 item not saved; the next run tries again:\n  drive/b.jpg: its owner does not allow",
        "In the archive:\n  Drive: 1 file, 1 byte\n",
        "Drive: 1 other file not selected (--all-files)",
        "Google Photos: ",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(person.google().requests().len(), 0);
    assert_eq!(trace(&person.path("")), before);
}

#[test]
fn it_works_beside_a_run_and_says_what_is_to_come() {
    let person = Person::with(World::new().with(Item::file("a", "a.jpg", "A")));
    person.backup(&["--index-only"]).succeeds();
    person.google().fail(Fault::new(Effect::Stall { after: 0 }).on(Class::Media));
    let mut command = person.command(&[]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));
    let db = rusqlite::Connection::open(person.path("index.db")).unwrap();
    db.execute("BEGIN IMMEDIATE", []).unwrap();

    let told = person.run(&["status", "archive"]).succeeds().stdout;

    assert!(told.contains(&format!("A run is going on: process {}", run.id())), "{told}");
    assert!(told.contains("To be fetched by the next run:\n  Drive: 1 file\n"), "{told}");
    drop(db);
    person.google().mend();
    assert!(run.wait().unwrap().success());
}

#[test]
fn a_program_reads_it_as_an_object() {
    let person = Person::with(World::new().with(Item::file("a", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    let told = person.run(&["status", "archive", "--progress", "json"]).succeeds().stdout;
    let object: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(object["event"], "status");
    assert_eq!((&object["drive_saved"], &object["pending"]), (&1.into(), &0.into()));
    assert_eq!(object["last_complete_run"], object["last_run"]);
}

#[test]
fn what_is_no_archive_is_told_with_the_next_step() {
    let home = Home::new();
    fs::create_dir(home.path().join("photos")).unwrap();
    home.run(["status", "photos"])
        .ends_with(5)
        .complains(&["no index at photos/index.db", "try: "]);
    home.run(["status", "nowhere"]).ends_with(5).complains(&["nowhere"]);
    assert_eq!(fs::read_dir(home.path().join("photos")).unwrap().count(), 0);
    assert!(!home.path().join("nowhere").exists());
}

#[test]
fn the_last_complete_run_is_the_last_after_which_everything_was_there() {
    let person = Person::signed_in(
        World::new()
            .folder("trip", "Trip", "root")
            .file("a", "a.jpg", "A", "trip")
            .photo(Photo::image("p", "p.jpg", "P")),
    );
    let is_fresh = |person: &Person| {
        let ran = person.run(&["status", "archive", "--max-age", "1h"]);
        assert!(matches!(ran.code, Some(0 | 8)), "{ran:?}");
        ran.code == Some(0)
    };
    person.backup(&["--index-only"]).succeeds();
    assert!(!is_fresh(&person), "nothing was fetched");
    person.backup(&[]).succeeds();
    assert!(is_fresh(&person));
    for (options, counts) in [
        (&["--index-only"][..], false),
        (&["--skip-index"], false),
        (&["--dry-run"], false),
        (&["--skip-photos"], false),
        (&["--skip-drive"], false),
        (&["--skip-albums"], true),
        (&["--all-files"], true),
        (&["--exclude", "*.gif"], false),
        (&["--drive-folder", "Trip"], false),
        (&["--favourites-only"], false),
        (&["--skip-video"], false),
        (&[], true),
    ] {
        age(&person);
        assert!(!is_fresh(&person));
        person.backup(options).succeeds();
        assert_eq!(is_fresh(&person), counts, "{options:?}");
    }
    // Each source by itself will do, and so will what config.toml leaves out.
    age(&person);
    person.backup(&["--skip-photos"]).succeeds();
    person.backup(&["--skip-drive"]).succeeds();
    assert!(is_fresh(&person));
    age(&person);
    for command in [&["undo", "archive"][..], &["verify", "archive", "--repair"]] {
        person.run(command).succeeds();
        assert!(!is_fresh(&person), "{command:?}");
    }
}

#[test]
fn a_backup_that_was_never_more_than_a_part_counts_as_that() {
    let person = Person::with(World::new().file("a", "a.jpg", "A", "root"));
    person.backup(&["--exclude", "*.gif"]).succeeds();
    person.run(&["status", "archive", "--max-age", "1h"]).succeeds();
    age(&person);
    person.configure("exclude = ['*.gif']\n");
    person.backup(&["--exclude", "*.gif"]).succeeds();
    person.run(&["status", "archive", "--max-age", "1h"]).succeeds();
}

#[test]
fn monitoring_reads_that_the_last_complete_run_is_too_long_ago() {
    let person = Person::with(World::new().file("a", "a.jpg", "A", "root"));
    person.backup(&[]).succeeds();
    person.alter("UPDATE run SET finished_at = finished_at - 30 * 3600 * 1000");
    let status = |age: &str| person.run(&["status", "archive", "--max-age", age]);

    let told = status("26h").ends_with(8).stdout;
    assert!(told.contains("That is longer ago than it may be: 1 day 2 h"), "{told}");
    assert!(!status("2d").succeeds().stdout.contains("longer ago"));
    let json = ["status", "archive", "--max-age", "26h", "--progress", "json"];
    let told = person.run(&json).ends_with(8).stdout;
    let object: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&object["max_age_seconds"], &object["too_old"]), (&93_600.into(), &true.into()));
    let told = person.run(&["status", "archive", "--progress", "json"]).succeeds().stdout;
    let object: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(object["too_old"].is_null());
    // A clock that was wrong once must not keep it quiet for years.
    person.alter("UPDATE run SET finished_at = finished_at + 90 * 3600 * 1000");
    status("26h").ends_with(8);
    for bad in ["26", "0h", "soon"] {
        status(bad).ends_with(2).complains(&["26h"]);
    }
}

/// Two hours pass.
fn age(person: &Person) {
    person.alter("UPDATE run SET finished_at = finished_at - 2 * 3600 * 1000");
}
