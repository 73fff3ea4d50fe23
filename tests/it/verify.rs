//! `verify`: it finds what is wrong, and with `--repair` sets it right.

use std::fs;

use filetime::FileTime;
use gphotos_sync::sandbox::{Item, World};

use crate::dry_run::trace;
use crate::support::{Home, Person, Ran};

mod foreign;
mod repair;
mod sample;

#[test]
fn an_archive_that_is_as_it_was_saved_is_told_so_and_left_alone() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    person.write("drive/foreign.txt", "somebody's own");
    let before = trace(&person.path("drive"));

    let ran = verify(&person, &[]).succeeds();

    let expected = "foreign    drive/foreign.txt\n\
        Looked for 4 files, 4 files read (4 bytes): all as they were saved.\n\
        1 file there is not the archive's own, and stays.\n";
    assert_eq!(ran.stdout, expected);
    assert_eq!(trace(&person.path("drive")), before);
    assert!(ran.stderr.contains("Verifying 4 files, reading 4 bytes"), "{}", ran.stderr);
}

#[test]
fn what_is_wrong_is_told_file_by_file_and_ends_with_8() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    spoil(&person);

    let ran = verify(&person, &[]).ends_with(8);

    assert_eq!(found(&ran), FOUND);
    for words in ["1 file missing, 1 file damaged, 1 file changed", "verify --repair archive"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    // It only looked.
    assert_eq!(found(&verify(&person, &[]).ends_with(8)), FOUND);
    assert_eq!(fs::read_to_string(person.path("drive/rot.jpg")).unwrap(), "X");
}

#[test]
fn what_google_no_longer_has_is_left_as_it_is() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("rot"));
    person.backup(&[]).succeeds();
    rot(&person, "drive/rot.jpg");

    let ran = verify(&person, &["--repair"]).ends_with(8);

    assert_eq!(found(&ran), ["damaged    drive/rot.jpg"]);
    assert!(ran.stderr.contains("Google no longer has it"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(person.path("drive/rot.jpg")).unwrap(), "X");
}

#[test]
fn a_sample_reads_a_part_and_still_misses_nothing_that_is_gone() {
    let world = World::new();
    let world = (0..40).fold(world, |world, number| {
        world.with(Item::file(
            &number.to_string(),
            &format!("{number}.jpg"),
            format!("{number}").as_str(),
        ))
    });
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    person.remove("drive/7.jpg");

    let ran = verify(&person, &["--sample", "20%"]).ends_with(8);

    assert_eq!(found(&ran), ["missing    drive/7.jpg"]);
    let read: u32 =
        ran.stdout.split(", ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(read < 30, "{}", ran.stdout);
    verify(&person, &["--sample", "0"]).ends_with(2).complains(&["no share", "5%"]);
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let person = Person::with(library().with(Item::shortcut("s", "short.jpg", "good")));
    person.backup(&[]).succeeds();
    verify(&person, &[]).succeeds();
    person.remove("drive/short.jpg");

    let ran = verify(&person, &[]).ends_with(8);

    assert_eq!(found(&ran), ["link       drive/short.jpg"]);
    assert!(ran.stdout.contains("--repair archive"), "{}", ran.stdout);
}

#[test]
fn a_program_reads_what_is_found_as_objects() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    spoil(&person);
    let ran = person.run(&["verify", "archive", "--progress", "json"]).ends_with(8);
    let objects: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wrong: Vec<_> = objects.iter().filter(|object| object["event"] == "wrong").collect();
    assert_eq!(wrong.len(), 3);
    let closing = objects.last().unwrap();
    assert_eq!((&closing["event"], &closing["exit_code"]), (&"verified".into(), &8.into()));
    assert_eq!(closing["wrong"]["damaged"], 1);
}

#[test]
fn a_folder_without_an_index_is_told_with_the_next_step_and_left_alone() {
    let home = Home::new();
    fs::create_dir(home.path().join("photos")).unwrap();
    home.run(["verify", "photos"])
        .ends_with(5)
        .complains(&["there is no index at photos/index.db", "--db-path"]);
    assert_eq!(fs::read_dir(home.path().join("photos")).unwrap().count(), 0);
    home.run(["verify", "nowhere"]).ends_with(5).complains(&["nowhere"]);
    assert!(!home.path().join("nowhere").exists());
    home.run(["verify"]).ends_with(2).complains(&["TARGET_DIR"]);
}

#[test]
fn while_a_run_holds_the_archive_nothing_is_verified() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    let lock = fs::File::open(person.path(".gphotos-sync/lock")).unwrap();
    lock.lock().unwrap();
    verify(&person, &[]).ends_with(7).complains(&["another run holds the archive"]);
}

pub const FOUND: [&str; 3] =
    ["changed    drive/edited.jpg", "damaged    drive/rot.jpg", "missing    drive/lost.jpg"];

/// One file of each sort is no longer as it was saved.
pub fn spoil(person: &Person) {
    person.remove("drive/lost.jpg");
    person.write("drive/edited.jpg", "mine");
    rot(person, "drive/rot.jpg");
}

/// A disk that loses bytes tells nobody: length and time stay.
pub fn rot(person: &Person, path: &str) {
    let time = FileTime::from_last_modification_time(&fs::metadata(person.path(path)).unwrap());
    person.write(path, "X");
    filetime::set_file_mtime(person.path(path), time).unwrap();
}

pub fn verify(person: &Person, options: &[&str]) -> Ran {
    person.run(&[&["verify", "archive", "--progress", "plain"], options].concat())
}

/// The lines that name a file, sorted.
pub fn found(ran: &Ran) -> Vec<&str> {
    let mut lines: Vec<_> = ran.stdout.lines().filter(|line| line.contains(" drive/")).collect();
    lines.sort_unstable();
    lines
}

pub fn library() -> World {
    World::new()
        .with(Item::file("good", "good.jpg", "G"))
        .with(Item::file("lost", "lost.jpg", "L"))
        .with(Item::file("edited", "edited.jpg", "E"))
        .with(Item::file("rot", "rot.jpg", "R"))
}
