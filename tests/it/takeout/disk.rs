//! Exports on a person's disk, over time: read again, changed, damaged, moved away, there in
//! Drive as well.

use gphotos_sync::sandbox::{Class, Export, Flaw, Format, LibraryItem, World};

use super::kinds::{put, take};
use super::{differences, library, picture, world};
use crate::support::Person;

/// Puts an export below `exports/`, and returns the names of its parts.
fn put_parts(person: &Person, export: &Export) -> Vec<String> {
    put(person, &export.files());
    export.files().into_iter().map(|(name, _)| name).collect()
}

fn take_parts(person: &Person, export: &Export, code: i32) {
    let names = put_parts(person, export);
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    drop(take(person, &names).ends_with(code));
}

fn remove_exports(person: &Person) {
    std::fs::remove_dir_all(person.home().join("exports")).unwrap();
}

#[test]
fn what_is_in_drive_and_on_a_disk_is_there_once() {
    let export = Export::of(&library(33)).parts(2);
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    let before = (person.files(), person.links());
    put(&person, &export.unpacked());
    person.google().forget_requests();
    take(&person, &["."]).succeeds();
    take_parts(&person, &export, 0);
    assert_eq!((person.files(), person.links()), before);
    assert_eq!(person.google().requests().len(), 0);
    remove_exports(&person);
    person.backup(&[]).succeeds();
    assert_eq!((person.files(), person.links()), before);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn a_folder_that_has_more_than_before_gives_what_is_new() {
    let first = Export::of(&library(12));
    let person = Person::with(World::new());
    put(&person, &first.unpacked());
    take(&person, &["Takeout"]).succeeds();
    let second = Export::of(&library(12).with(picture(12)).with(picture(13)));
    put(&person, &second.unpacked());
    take(&person, &["Takeout"]).succeeds();
    assert_eq!(differences(&person, &second.truth()), crate::takeout::NOTHING);
    // What goes from there stays in the archive.
    let before = person.files();
    remove_exports(&person);
    put(&person, &Export::of(&library(3)).unpacked());
    take(&person, &["Takeout"]).succeeds();
    assert_eq!(person.files(), before);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the exports are no part of the archive")]
fn links_in_a_folder_are_told_and_not_followed() {
    let export = Export::of(&library(12));
    let person = Person::with(World::new());
    put(&person, &export.unpacked());
    let year = person.home().join("exports/Takeout/Google Photos/Photos from 2005");
    std::os::unix::fs::symlink("/etc/passwd", year.join("link.jpg")).unwrap();
    std::os::unix::fs::symlink(person.home(), year.join("home")).unwrap();
    let told = take(&person, &["."]).ends_with(8);
    assert!(told.stdout.contains("link.jpg: it is a link"), "{}", told.stdout);
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    assert!(person.files().iter().all(|file| !file.1.contains("root:")));
    std::fs::remove_file(year.join("link.jpg")).unwrap();
    std::fs::remove_file(year.join("home")).unwrap();
    take(&person, &["."]).succeeds();
}

#[test]
fn what_is_wrong_with_a_part_on_a_disk_is_told_while_it_is_there() {
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(22)).format(format).flaw(Flaw::Climbing);
        let person = Person::with(World::new());
        take_parts(&person, &export, 8);
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
        person.backup(&[]).ends_with(8);
        take_parts(&person, &export, 8);
        remove_exports(&person);
        person.backup(&[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    }
}

#[test]
fn a_part_on_a_disk_that_was_cut_is_read_again_when_it_is_whole() {
    for format in [Format::Zip, Format::Tgz] {
        let whole = Export::of(&library(33)).parts(3).format(format);
        let person = Person::with(World::new());
        take_parts(&person, &whole.clone().flaw(Flaw::Cut(2, 55)), 8);
        take_parts(&person, &whole, 0);
        assert_eq!(differences(&person, &whole.truth()), crate::takeout::NOTHING);
        assert_eq!(person.sql("SELECT * FROM v_problems"), [[""; 0]; 0]);
    }
}

#[test]
fn a_part_of_an_export_that_was_not_named_is_missing_until_it_is() {
    let export = Export::of(&library(33)).parts(3);
    let person = Person::with(World::new());
    let names = put_parts(&person, &export);
    let told = take(&person, &[&names[0], &names[2]]).ends_with(8);
    assert!(told.stdout.contains("-3-002.zip: this part"), "{}", told.stdout);
    take(&person, &[&names[1]]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
}

#[test]
fn a_dry_run_of_an_export_on_a_disk_writes_nothing() {
    let export = Export::of(&library(22)).parts(2);
    let person = Person::with(World::new());
    let names = put_parts(&person, &export);
    let paths: Vec<_> = names.iter().map(|name| format!("exports/{name}")).collect();
    let told = person.run(&["takeout", "archive", &paths[0], &paths[1], "--dry-run"]).succeeds();
    assert!(!person.path("").exists());
    let lines = told.stdout.lines().filter(|line| line.starts_with("+ photos/")).count();
    assert_eq!(lines, export.truth().len(), "{}", told.stdout);
}

#[test]
fn what_was_left_out_or_deleted_comes_from_a_tar_as_well() {
    let film = LibraryItem::new("film.mp4", "a film").taken("2022-06-02T12:00:00Z");
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(12).with(film.clone())).format(format).parts(2);
        let person = Person::with(world(&export));
        person.backup(&["--skip-video", "--start-date", "2008-01-01"]).succeeds();
        assert!(!person.path("photos/2022/06/film.mp4").exists());
        person.backup(&[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
        let before = person.files();
        person.remove(&before[3].0);
        person.remove("photos/2022/06/film.mp4");
        person.backup(&[]).succeeds();
        assert_eq!(person.files(), before);
    }
}
