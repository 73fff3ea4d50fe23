//! `verify --sample`: a share each time, those first whose turn is longest ago.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use gphotos_sync::sandbox::{Item, World};

use super::{found, rot, verify};
use crate::support::Person;

#[test]
fn twenty_nights_of_five_percent_have_read_every_file() {
    let person = many(50);
    person.backup(&[]).succeeds();
    let mut unread = 50;
    for night in 1..=20 {
        let told = verify(&person, &["--sample", "5%"]).succeeds().stdout;
        assert!(told.starts_with("Looked for 50 files, "), "{told}");
        let never = never(&person);
        assert!(night > 17 || unread - never <= 4, "{unread} to {never}");
        unread = never;
    }
    assert_eq!(unread, 0);
    // From then on the oldest come first.
    let times = || person.sql("SELECT path, verified_at FROM file ORDER BY verified_at, id");
    let before = times();
    verify(&person, &["--sample", "5%"]).succeeds();
    let after = times();
    let oldest: BTreeSet<_> = before[..2].iter().map(|row| row[0].clone()).collect();
    assert!(after[47..].iter().filter(|row| oldest.contains(&row[0])).count() == 2, "{after:?}");
}

#[test]
fn what_is_wrong_does_not_keep_the_others_from_their_turn() {
    let person = many(20);
    person.backup(&[]).succeeds();
    for number in 0..5 {
        rot(&person, &format!("drive/{number:02}.jpg"));
    }
    for _ in 0..20 {
        verify(&person, &["--sample", "5%"]).ends_with(8);
    }
    assert_eq!(never(&person), 5);
}

#[test]
fn a_file_that_was_touched_is_read_whatever_its_turn() {
    let person = many(40);
    person.backup(&[]).succeeds();
    person.write("drive/39.jpg", "XX");
    person.write("drive/38.jpg", "longer");
    let ran = verify(&person, &["--sample", "1%"]).ends_with(8);
    assert_eq!(found(&ran), ["changed    drive/38.jpg", "changed    drive/39.jpg"]);
}

#[test]
fn an_archive_that_can_only_be_read_is_verified_and_nothing_is_recorded() {
    let person = many(3);
    person.backup(&[]).succeeds();
    if rustix::process::geteuid().is_root() {
        // Rights do not bind root: the disk's own refusal is tried by script.
        return;
    }
    let files = [person.path("index.db"), person.path(".gphotos-sync/lock")];
    let folders = [person.path(""), person.path(".gphotos-sync")];
    let set = |paths: &[std::path::PathBuf], mode| {
        for path in paths {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(&files, 0o444);
    set(&folders, 0o555);
    let ran = verify(&person, &[]).succeeds();
    set(&folders, 0o755);
    set(&files, 0o644);
    ran.complains(&["can only be read"]);
    assert_eq!(never(&person), 3);
}

fn never(person: &Person) -> u32 {
    let never = person.sql("SELECT count(*) FROM file WHERE verified_at IS NULL");
    never[0][0].parse().unwrap()
}

fn many(number: u32) -> Person {
    let world = (0..number).fold(World::new(), |world, number| {
        let (id, name) = (number.to_string(), format!("{number:02}.jpg"));
        world.with(Item::file(&id, &name, format!("{number:02}").as_str()))
    });
    Person::with(world)
}
