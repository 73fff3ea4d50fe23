//! Parts that end anywhere, are damaged anywhere, or go while they are read: no file is ever
//! wrong, nothing that can be had is left out, and a whole part puts all right.

use std::collections::BTreeSet;

use gphotos_sync::sandbox::{
    Class, Content, Copies, Effect, Export, Fault, Flaw, Format, PhotoLibrary, World,
};

use super::kinds::put;
use super::{differences, library, world};
use crate::support::{Home, Person};

const ID: &str = "1takeout20260901T101500Zg3p0001c0";

/// A person in whose Drive that export lies, and whose bytes there `change` made others.
fn with_part(export: &Export, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Person {
    let person = Person::with(World::new().export(export));
    let bytes = export.files()[0].1.to_bytes().to_vec();
    person.google().world(|world| world.edit(ID, change(bytes)));
    person
}

/// Fails unless each file of the archive is one of the export's.
#[track_caller]
fn has_nothing_wrong(person: &Person, export: &Export, told: &str) {
    let known: BTreeSet<String> = export.truth().into_iter().map(|truth| truth.sha256).collect();
    let saved = person.sql("SELECT path, sha256 FROM v_files WHERE state = 'saved'");
    for row in saved {
        assert!(known.contains(&row[1]), "{told}: {row:?}");
    }
    person.run(&["verify", "archive"]).succeeds();
}

/// Fails unless all is right when the part is whole.
#[track_caller]
fn comes_right_when_whole(person: &Person, export: &Export, told: &str) {
    person.google().world(|world| world.edit(ID, export.files()[0].1.clone()));
    let ran = person.backup(&[]);
    assert_eq!(ran.code, Some(0), "{told}: {}", ran.stdout);
    assert_eq!(differences(person, &export.truth()), crate::takeout::NOTHING, "{told}");
    assert_eq!(person.sql("SELECT * FROM v_problems"), [[""; 0]; 0], "{told}");
}

#[test]
fn a_part_may_end_anywhere() {
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(9)).format(format);
        for hundredths in [0, 1, 7, 20, 33, 50, 64, 80, 93, 99] {
            let told = format!("{format:?} of which {hundredths}% is there");
            let person =
                with_part(&export, |bytes| bytes[..bytes.len() * hundredths / 100].to_vec());
            let ran = person.backup(&[]);
            assert_eq!(ran.code, Some(8), "{told}: {}", ran.stdout);
            has_nothing_wrong(&person, &export, &told);
            person.google().forget_requests();
            person.backup(&[]).ends_with(8);
            assert_eq!(person.google().count(Class::Media), 0, "{told}");
            comes_right_when_whole(&person, &export, &told);
        }
    }
}

#[test]
fn a_part_may_be_damaged_anywhere_in_what_its_entries_have() {
    for deflated in [false, true] {
        let export = Export::of(&library(9)).copies(Copies::InYears);
        let export = if deflated { export.deflated() } else { export };
        for thousandths in (3..900).step_by(47) {
            let told = format!("damaged at {thousandths} of 1000");
            let person = with_part(&export, |mut bytes| {
                let at = bytes.len() * thousandths / 1000;
                bytes[at..at + 3].iter_mut().for_each(|byte| *byte ^= 0x55);
                bytes
            });
            let ran = person.backup(&[]);
            assert!(matches!(ran.code, Some(0 | 8)), "{told}: {ran:?}");
            if ran.code == Some(8) {
                assert!(!person.sql("SELECT * FROM v_problems").is_empty(), "{told}");
            }
            has_nothing_wrong(&person, &export, &told);
            comes_right_when_whole(&person, &export, &told);
        }
    }
}

#[test]
fn a_damaged_entry_costs_none_of_those_that_are_read_with_it() {
    // The header of one entry among others is no header any more.
    let export = Export::of(&library(9)).copies(Copies::InYears);
    let person = with_part(&export, |mut bytes| {
        let at = headers_of(&bytes)[7];
        bytes[at] = b'X';
        bytes
    });
    person.backup(&["--transfers", "1"]).ends_with(8);
    let problems = person.sql("SELECT * FROM v_problems");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(differences(&person, &export.truth()).len() <= 2);
    comes_right_when_whole(&person, &export, "a header");
}

#[test]
fn a_second_copy_that_is_cut_costs_nothing_but_a_line() {
    let export = Export::of(&library(22)).parts(2).flaw(Flaw::Copied(1));
    let person = Person::with(world(&export));
    let copy = "1takeout20260901T101500Zg3p0001c1";
    let bytes = export.files()[0].1.to_bytes();
    let half = Content::from(&bytes[..bytes.len() / 2]);
    person.google().world(|world| world.edit(copy, half));
    person.backup(&[]).ends_with(8);
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    let problems = person.sql("SELECT DISTINCT path LIKE '%-001 (1).zip%' FROM v_problems");
    assert_eq!(problems, [["1"]]);
    person.google().world(|world| world.delete(copy));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
}

#[test]
fn a_part_that_is_cut_and_then_deleted_is_missing() {
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(33)).parts(3).format(format).flaw(Flaw::Cut(2, 60));
        let person = Person::with(world(&export));
        person.backup(&[]).ends_with(8);
        person.google().world(|world| world.delete("1takeout20260901T101500Zg3p0002c0"));
        for _ in 0..2 {
            let ran = person.backup(&[]).ends_with(8);
            let is_problem = |line: &&str| line.contains("-002.") && line.contains(": ");
            let lines: Vec<_> = ran.stdout.lines().filter(is_problem).collect();
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].contains("is not there"), "{lines:?}");
        }
        for part in [1, 3] {
            let id = format!("1takeout20260901T101500Zg3p{part:04}c0");
            person.google().world(|world| world.delete(&id));
        }
        person.backup(&[]).succeeds();
    }
}

#[test]
fn a_part_that_goes_while_it_is_read_is_told_and_the_others_come() {
    for nth in 1..=4 {
        let export = Export::of(&library(33)).parts(3);
        let second = "1takeout20260901T101500Zg3p0002c0";
        let person = Person::with(world(&export));
        let gone = Fault::new(Effect::error(404, "notFound")).on(Class::Media).id(second);
        person.google().fail(gone.nth(nth).always());
        let first = person.hasty(&[]);
        assert!(matches!(first.code, Some(0 | 8)), "{nth}: {first:?}");
        assert!(person.google().struck() < 40);
        person.google().mend();
        person.google().world(|world| world.delete(second));
        let ran = person.backup(&[]);
        // Unless all of it had come before: what was known of it and not fetched is told; or,
        // where its directory was never read, the part itself.
        assert_eq!(ran.code, first.code, "{nth}: {}", ran.stdout);
        person
            .google()
            .world(|world| world.deliver(&Export::of(&library(33)).stamp("20261001T101500Z")));
        drop(person.backup(&[]));
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING, "{nth}");
    }
}

#[test]
fn parts_that_are_wanted_in_drive_as_well_are_there_and_taken_in() {
    let export = Export::of(&library(22)).parts(2);
    let person = Person::with(world(&export));
    person.backup(&["--takeout-archives", "--all-files"]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    for (name, content) in export.files() {
        let bytes = std::fs::read(person.path(&format!("drive/Takeout/{name}"))).unwrap();
        assert!(bytes == content.to_bytes(), "{name}");
    }
    person.google().forget_requests();
    person.backup(&["--takeout-archives", "--all-files"]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn the_command_without_a_path_takes_in_what_lies_in_drive_and_nothing_else() {
    let export = Export::of(&library(22)).parts(2);
    let person = Person::with(world(&export));
    person.run(&["takeout", "archive"]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    assert!(!person.path("drive/plain.jpg").exists());
    person.backup(&[]).succeeds();
    assert!(person.path("drive/plain.jpg").exists());
    let before = person.files();
    person.run(&["takeout", "archive"]).succeeds();
    assert_eq!(person.files(), before);
}

#[test]
fn nobody_has_to_sign_in_for_an_export_on_a_disk() {
    let export = Export::of(&library(9));
    let home = Home::new();
    let (name, content) = export.files().remove(0);
    home.write_config(&name, "");
    let path = home.path().join(".config/gphotos-sync").join(&name);
    rewrite(&path, &content.to_bytes());
    let path = path.to_str().unwrap();
    home.run(["takeout", "archive", path]).succeeds();
    let db = rusqlite::Connection::open(home.path().join("archive/index.db")).unwrap();
    let count = "SELECT count(*) FROM v_files WHERE source = 'takeout' AND state = 'saved'";
    let saved: usize = db.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(saved, export.truth().len());
}

#[expect(clippy::disallowed_methods, reason = "the exports are no part of the archive")]
fn rewrite(path: &std::path::Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn what_was_named_from_one_folder_is_found_from_another() {
    let person = Person::with(World::new());
    let export = Export::of(&PhotoLibrary::new().with(super::picture(3)));
    put(&person, &export.files());
    super::kinds::take(&person, &[&export.files()[0].0]).succeeds();
    let places = person.sql("SELECT address LIKE '/%' FROM export_part");
    assert_eq!(places, [["1"]]);
    person.remove(&person.files()[0].0);
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
}

/// Where the entries of a zip begin.
fn headers_of(zip: &[u8]) -> Vec<usize> {
    let starts = zip.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"PK\x03\x04");
    starts.map(|(at, _)| at).collect()
}
