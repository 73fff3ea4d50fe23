//! What a person put into the trees: it is told and left alone.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use super::{library, verify};
use crate::support::Person;

#[test]
fn files_that_nobody_recorded_are_counted_named_and_no_fault() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    fs::create_dir_all(person.path("drive/deep/er")).unwrap();
    fs::create_dir_all(person.path("drive/empty")).unwrap();
    fs::create_dir_all(person.path("albums/2024")).unwrap();
    for number in 0..12 {
        person.write(&format!("drive/deep/er/{number}.txt"), "mine");
    }
    person.write("albums/2024/note.txt", "mine");
    person.write("beside.txt", "not in a tree");
    symlink("good.jpg", person.path("drive/link.jpg")).unwrap();
    let name = person.path("drive").join(OsStr::from_bytes(b"no text \xff"));
    drop(fs::File::create(name).unwrap());

    let told = verify(&person, &[]).succeeds().stdout;

    let named = |told: &str| told.lines().filter(|line| line.starts_with("foreign ")).count();
    assert_eq!(named(&told), 10);
    assert!(told.contains("15 files there are not the archive's own, and stay."), "{told}");
    assert_eq!(named(&verify(&person, &["-v"]).succeeds().stdout), 15);
    let json = person.run(&["verify", "archive", "--progress", "json"]).succeeds().stdout;
    let objects: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let foreign: Vec<_> = objects.iter().filter(|it| it["event"] == "foreign").collect();
    assert_eq!((foreign.len(), &objects.last().unwrap()["foreign"]), (15, &15.into()));
    assert!(foreign.iter().any(|it| it["path"] == "drive/link.jpg"));
}

#[test]
fn a_tree_that_is_a_symlink_is_told_and_leads_nowhere() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    person.rename("drive", "elsewhere");
    symlink("elsewhere", person.path("drive")).unwrap();
    let told = verify(&person, &[]).ends_with(8).stdout;
    assert!(told.contains("foreign    drive\n"), "{told}");
    assert!(told.contains("4 files missing"), "{told}");
}
