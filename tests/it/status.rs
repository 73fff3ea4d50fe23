//! `status`: how the archive stands, by its index alone.

use std::fs;

use gphotos_sync::sandbox::{Item, World};

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
    let lock = fs::File::open(person.path(".gphotos-sync/lock")).unwrap();
    lock.lock().unwrap();
    let db = rusqlite::Connection::open(person.path("index.db")).unwrap();
    db.execute("BEGIN IMMEDIATE", []).unwrap();

    let told = person.run(&["status", "archive"]).succeeds().stdout;

    assert!(told.contains("A run is going on: process "), "{told}");
    assert!(told.contains("To be fetched by the next run:\n  Drive: 1 file\n"), "{told}");
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
