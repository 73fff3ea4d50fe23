//! Exports that come after others: what they tell replaces what older ones told, and none of
//! them ever takes anything away.

use gphotos_sync::sandbox::{Class, Export, Flaw, LibraryAlbum, LibraryItem, PhotoLibrary};

use super::{differences, picture, world};
use crate::support::Person;

const WITH_REMOVAL: [&str; 3] = ["--do-delete", "--max-delete", "100%"];

/// As [`super::library`]; its albums are of the same day in each export.
fn library(items: usize) -> PhotoLibrary {
    let album = |title| LibraryAlbum::new(title).date("2005-01-01T00:00:00Z");
    super::library(items).album(album("Summer")).album(album("Best of"))
}

#[test]
fn an_export_of_what_is_new_takes_nothing_away() {
    let first = Export::of(&library(40)).parts(2).stamp("20260701T101500Z");
    let person = Person::with(world(&first));
    person.backup(&[]).succeeds();
    let before = person.files();

    // Of what was there the later one tells nothing.
    let new = |i: usize| picture(i).uploaded("2026-08-15T00:00:00Z");
    let both = (40..50).fold(library(40), |library, i| library.with(new(i)));
    let second = Export::of(&both).since("2026-07-01T10:15:00Z").parts(2);
    assert!(second.truth().len() < 20);
    person.google().world(|world| world.deliver(&second));
    let told = person.backup(&WITH_REMOVAL).succeeds();
    let whole = Export::of(&both).truth();
    assert_eq!(differences(&person, &whole), crate::takeout::NOTHING, "{}", told.stdout);
    let after = person.files();
    assert!(before.iter().all(|file| after.contains(file)));
    assert_eq!(person.sql("SELECT sum(removed) FROM v_runs"), [["0"]]);
}

#[test]
fn what_a_later_full_export_lacks_stays() {
    let first = Export::of(&library(30)).stamp("20260701T101500Z");
    let person = Person::with(world(&first));
    person.backup(&[]).succeeds();
    let (before, links) = (person.files(), person.links());

    person.google().world(|world| world.deliver(&Export::of(&library(12))));
    person.backup(&WITH_REMOVAL).succeeds();
    person.run(&["undo", "archive"]).succeeds();
    assert_eq!(person.files(), before);
    assert_eq!(person.links(), links);
    assert_eq!(differences(&person, &first.truth()), crate::takeout::NOTHING);
}

/// A picture of which one day this is told.
fn told(description: &str, person: &str, taken: &str) -> LibraryItem {
    let item = LibraryItem::new("lake.jpg", "the lake").taken(taken).url("https://x/AF1QipLake");
    let item = if person.is_empty() { item } else { item.person(person).favourite() };
    if description.is_empty() { item } else { item.description(description) }
}

fn facts(person: &Person) -> Vec<Vec<String>> {
    person.sql(
        "SELECT v_files.path, description, favourite, substr(taken_at, 1, 10),
                (SELECT group_concat(person) FROM v_people WHERE v_people.path = v_files.path)
           FROM v_files WHERE source = 'takeout'",
    )
}

#[test]
fn what_the_newest_export_tells_counts_whenever_it_comes() {
    let with = |item| PhotoLibrary::new().with(item);
    let at = |item, stamp| Export::of(&with(item)).stamp(stamp);
    let july = at(told("old", "Ann", "2020-06-01T12:00:00Z"), "20260701T101500Z");
    let september = at(told("new", "Bob", "2020-07-02T12:00:00Z"), "20260901T101500Z");
    let may = at(told("oldest", "Cid", "2019-05-03T12:00:00Z"), "20260501T101500Z");
    let november = at(told("", "", "2020-07-02T12:00:00Z"), "20261101T101500Z");

    let person = Person::with(world(&july));
    person.backup(&[]).succeeds();
    let was = ["photos/2020/06/lake.jpg", "old", "1", "2020-06-01", "Ann"];
    assert_eq!(facts(&person), [was]);

    // The picture moves to its new month, and is not fetched again.
    person.google().forget_requests();
    person.google().world(|world| world.deliver(&september));
    person.backup(&[]).succeeds();
    let is = ["photos/2020/07/lake.jpg", "new", "1", "2020-07-02", "Bob"];
    assert_eq!(facts(&person), [is]);
    assert_eq!(differences(&person, &september.truth()), crate::takeout::NOTHING);
    assert_eq!(person.sql("SELECT added FROM v_runs ORDER BY id DESC LIMIT 1"), [["0"]]);

    person.google().world(|world| world.deliver(&may));
    person.backup(&[]).succeeds();
    assert_eq!(facts(&person), [is]);

    person.google().world(|world| world.deliver(&november));
    person.backup(&[]).succeeds();
    assert_eq!(facts(&person), [["photos/2020/07/lake.jpg", "", "0", "2020-07-02", ""]]);
    // Only the first of them has bytes that had to be had.
    assert_eq!(person.sql("SELECT sum(added) FROM v_runs"), [["2"]]);
}

#[test]
fn an_older_export_that_comes_later_brings_what_only_it_has() {
    let newer = Export::of(&library(12)).stamp("20260901T101500Z");
    let older = Export::of(&library(24)).stamp("20260701T101500Z");
    let person = Person::with(world(&newer));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.deliver(&older));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &older.truth()), crate::takeout::NOTHING);
}

#[test]
fn a_picture_that_was_edited_since_is_there_as_it_was_and_as_it_is() {
    let old = LibraryItem::new("lake.jpg", "as it was");
    let new = LibraryItem::new("lake.jpg", "as it was").edited("as it is");
    let first = Export::of(&PhotoLibrary::new().with(old)).stamp("20260701T101500Z");
    let second = Export::of(&PhotoLibrary::new().with(new));
    let person = Person::with(world(&first));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.deliver(&second));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &second.truth()), crate::takeout::NOTHING);
    assert_eq!(person.files().len(), 3);
}

#[test]
fn parts_that_are_deleted_when_they_were_read_are_missed_by_nobody() {
    let export = Export::of(&library(40)).parts(4);
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    let before = person.files();
    for part in 1..=4 {
        let id = format!("1takeout20260901T101500Zg3p{part:04}c0");
        person
            .google()
            .world(|world| if part % 2 == 0 { world.trash(&id) } else { world.delete(&id) });
        let told = person.backup(&WITH_REMOVAL).succeeds();
        assert_eq!(person.files(), before, "{}", told.stdout);
        assert_eq!(person.sql("SELECT * FROM v_problems"), [[""; 0]; 0]);
    }
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    person.run(&["verify", "archive"]).succeeds();
    // Nobody has to read them again where the person takes one back.
    person.google().forget_requests();
    person.google().world(|world| world.untrash("1takeout20260901T101500Zg3p0002c0"));
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn parts_that_are_deleted_before_all_of_them_came_are_told() {
    let export = Export::of(&library(40)).parts(3);
    let person = Person::with(world(&export));
    // What is in them is known, and none of it was fetched.
    person.backup(&["--index-only"]).succeeds();
    person.google().world(|world| world.delete("1takeout20260901T101500Zg3p0002c0"));
    let told = person.backup(&[]).ends_with(8);
    assert!(told.stdout.contains("no part of an export that is there has it"), "{}", told.stdout);
    let problems = "SELECT count(*) FROM v_problems";
    let failed = "SELECT count(*) FROM v_files WHERE source = 'takeout' AND state = 'failed'";
    assert_eq!(person.sql(problems), person.sql(failed));
    let attempts = person.sql("SELECT DISTINCT attempts FROM v_problems");
    assert_eq!(attempts, [["1"]]);

    // The next export has all of it.
    person
        .google()
        .world(|world| world.deliver(&Export::of(&library(40)).stamp("20261101T101500Z")));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    assert_eq!(person.sql(problems), [["0"]]);
}

#[test]
fn a_missing_part_of_an_older_export_is_told_until_the_export_goes() {
    let first = Export::of(&library(30)).parts(3).stamp("20260701T101500Z").flaw(Flaw::Missing(2));
    let person = Person::with(world(&first));
    person.backup(&[]).ends_with(8);
    person.google().world(|world| world.deliver(&Export::of(&library(30)).parts(2)));
    let told = person.backup(&[]).ends_with(8);
    assert!(told.stdout.contains("takeout-20260701T101500Z-3-002.zip"), "{}", told.stdout);
    assert_eq!(differences(&person, &Export::of(&library(30)).truth()), crate::takeout::NOTHING);
    for part in [1, 3] {
        let id = format!("1takeout20260701T101500Zg3p{part:04}c0");
        person.google().world(|world| world.delete(&id));
    }
    person.backup(&[]).succeeds();
}

#[test]
fn the_sidecars_that_the_index_keeps_are_read_again_without_asking_google() {
    let export = Export::of(&library(30));
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    let people = person.sql("SELECT path, person FROM v_people ORDER BY 1, 2");
    // As an older reader might have left it.
    person.alter("UPDATE item SET description = 'misread' WHERE source = 'takeout'");
    person.alter("DELETE FROM person");
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_ne!(differences(&person, &export.truth()), crate::takeout::NOTHING);

    person.backup(&["--reindex-takeout"]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    assert_eq!(person.sql("SELECT path, person FROM v_people ORDER BY 1, 2"), people);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn an_album_keeps_a_picture_whose_sidecar_comes_with_another_export() {
    let picture = || LibraryItem::new("a.jpg", "a picture").taken("2020-06-01T10:00:00Z");
    let told = PhotoLibrary::new().with(picture());
    let untold = PhotoLibrary::new()
        .album(LibraryAlbum::new("Sea").date("2020-06-01T10:00:00Z"))
        .with(picture().without_sidecar().in_album("Sea"))
        .with(LibraryItem::new("b.jpg", "another").in_album("Sea"));
    let person = Person::with(world(&Export::of(&told).stamp("20260701T101500Z")));
    person.backup(&[]).succeeds();
    let in_album = || person.sql("SELECT path FROM v_album_items ORDER BY path");
    for (library, stamp) in [(&untold, "20260801T101500Z"), (&told, "20260901T101500Z")] {
        person.google().world(|world| world.deliver(&Export::of(library).stamp(stamp)));
        person.backup(&[]).succeeds();
        assert_eq!(in_album(), [["photos/2020/06/a.jpg"], ["photos/2020/06/b.jpg"]], "{stamp}");
    }
}
