//! `doctor`: each fault is found, told with the next step, and decides the exit code.

use std::fs;

use gphotos_sync::sandbox::{Api, Item, World};

use crate::dry_run::trace;
use crate::support::{Home, Person};

#[test]
fn where_all_is_well_every_line_says_ok_and_nothing_is_left_behind() {
    let person = Person::signed_in(World::new().with(Item::file("a", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    let names = || -> Vec<_> { trace(&person.path("")).into_iter().map(|found| found.0).collect() };
    let before = names();

    let told = person.run(&["doctor", "archive"]).succeeds().stdout;

    for what in [
        "settings",
        "client",
        "sign-in",
        "permissions",
        "token",
        "Drive API",
        "Photos API",
        "clock",
        "folder",
        "free room",
        "file system",
        "writing",
        "symlinks",
        "names",
        "lock",
        "index",
        "last run",
    ] {
        let line = told.lines().find(|line| line[4..].starts_with(what));
        assert!(line.is_some_and(|line| line.starts_with("ok  ")), "{what}: {told}");
    }
    for words in [
        "a desktop app",
        "drive.readonly",
        "archive/index.db, sound, version ",
        "complete, just now",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(names(), before);
    assert_eq!(person.run(&["doctor", "archive", "-q"]).succeeds().stdout, "");
}

#[test]
fn a_sign_in_that_is_missing_is_3_and_the_rest_is_looked_at_all_the_same() {
    let home = Home::new();
    let told = home
        .command(["doctor", "."])
        .env("GPHOTOS_SYNC_API_ROOT", "http://127.0.0.1:9")
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(3));
    let told = String::from_utf8(told.stdout).unwrap();
    for words in
        ["!!  client        there is no OAuth client at ", "!!  Google        ", "ok  writing"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn an_api_that_is_not_enabled_is_3_with_the_page_to_enable_it() {
    let person = Person::signed_in(World::new().with(Item::file("a", "a.jpg", "A")));
    person.google().world(|world| world.disable_api(Api::Photos));
    let told = person.run(&["doctor"]).ends_with(3).stdout;
    assert!(told.contains("ok  Drive API"), "{told}");
    assert!(
        told.contains("!!  Photos API    the Google Photos Library API is not enabled"),
        "{told}"
    );
    assert!(!told.contains("folder"), "{told}");
}

#[test]
fn an_index_that_is_damaged_is_5_with_the_way_to_rebuild_it() {
    let person = Person::with(World::new().with(Item::file("a", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    person.write("index.db", "this is a diary and no database ".repeat(100));
    let told = person.run(&["doctor", "archive"]).ends_with(5).stdout;
    assert!(told.contains("!!  index         archive/index.db is damaged"), "{told}");
    assert!(told.contains("try: run with --flush-index"), "{told}");
}

#[test]
fn a_folder_before_its_first_run_is_tried_out_and_left_as_it_was() {
    let person = Person::with(World::new());
    fs::create_dir(person.path("")).unwrap();
    let told = person.run(&["doctor", "archive"]).succeeds().stdout;
    assert!(told.contains("ok  index         there is none at archive/index.db yet"), "{told}");
    assert_eq!(fs::read_dir(person.path("")).unwrap().count(), 0);
    let told = person.run(&["doctor", "nowhere"]).succeeds().stdout;
    assert!(told.contains("ok  folder        nowhere is not there yet"), "{told}");
}

#[test]
fn a_program_reads_the_checks_as_objects() {
    let person = Person::with(World::new());
    let told = person.run(&["doctor", "--progress", "json"]).succeeds().stdout;
    for line in told.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((&object["event"], &object["ok"]), (&"check".into(), &true.into()), "{line}");
    }
}
