//! What a person wrote or changed under such a name is theirs, and so is what Drive has there.

use gphotos_sync::sandbox::{Item, World};

use super::{A, B, WANTED, beside, export, paths, read, state, told, untold, world};
use crate::support::Person;

#[test]
fn what_was_there_before_is_left_and_told_once() {
    let person = Person::with(world([told(), untold()]));
    person.backup(&[]).succeeds();
    person.write(&beside(A), "of darktable");

    person
        .backup(WANTED)
        .succeeds()
        .complains(&["over what is there already", "photos/1967/08/a.jpg.xmp"]);

    assert_eq!(read(&person, &beside(A)), "of darktable");
    assert!(read(&person, &beside(B)).contains("DateCreated"));
    let run = person.backup(WANTED).succeeds();
    assert!(!run.stderr.contains("xmp"), "{}", run.stderr);
    let told = person.run(&["verify", "archive"]).succeeds().stdout;
    assert!(told.contains("foreign    photos/1967/08/a.jpg.xmp"), "{told}");

    // Once it is gone, the name is free.
    person.remove(&beside(A));
    person.backup(WANTED).succeeds();
    assert!(read(&person, &beside(A)).contains("1967"));
}

#[test]
fn one_that_a_person_changed_is_theirs_from_then_on() {
    let person = Person::with(world([told(), untold()]));
    person.backup(WANTED).succeeds();
    let mine = read(&person, &beside(A)).replace("lake", "LAKE");
    person.write(&beside(A), &mine);
    let newer = export("20260901T101500Z", [told().description("by the sea"), untold()]);
    person.google().world(|world| world.deliver(&newer));

    person.backup(WANTED).succeeds().complains(&["a.jpg.xmp"]);
    assert_eq!(read(&person, &beside(A)), mine);
    let run = person.backup(WANTED).succeeds();
    assert!(!run.stderr.contains("xmp"), "{}", run.stderr);
    assert_eq!(read(&person, &beside(A)), mine);
}

#[test]
fn one_that_was_only_touched_is_still_the_archives_own() {
    let person = Person::with(world([told()]));
    person.backup(WANTED).succeeds();
    let text = read(&person, &beside(A));
    person.remove(&beside(A));
    person.write(&beside(A), &text);
    let run = person.backup(WANTED).succeeds();
    assert!(!run.stderr.contains("xmp"), "{}", run.stderr);
    let newer = export("20260901T101500Z", [told().description("by the sea")]);
    person.google().world(|world| world.deliver(&newer));
    person.backup(WANTED).succeeds();
    assert!(read(&person, &beside(A)).contains("by the sea"));
}

#[test]
fn one_that_a_person_deleted_is_written_again_but_by_a_quick_run() {
    let person = Person::with(world([told(), untold()]));
    person.backup(WANTED).succeeds();
    person.remove(&beside(A));
    person.backup(&["--sidecars", "xmp", "--quick"]).succeeds();
    assert_eq!(paths(&person), [A, B, &beside(B)]);
    person.backup(WANTED).succeeds();
    assert_eq!(paths(&person), [A, &beside(A), B, &beside(B)]);
}

/// Drive's own file is called as the XMP file would be: before it, and after it.
#[test]
fn a_file_of_drive_has_its_name_whether_it_comes_first_or_last() {
    let drive = World::new().file("f", "a.jpg", "the lake", "root");
    let export = export("20260701T101500Z", [told()]);
    let person = Person::with(drive.export(&export));
    let all = &["--sidecars", "xmp", "--all-files"];
    person.backup(all).succeeds();
    assert_eq!(paths(&person), ["drive/a.jpg", "drive/a.jpg.xmp"]);
    assert!(read(&person, "drive/a.jpg.xmp").contains("1967"));

    person.google().world(|world| world.add(Item::file("x", "a.jpg.xmp", "mine").parent("root")));
    person.backup(all).succeeds().complains(&["drive/a.jpg.xmp"]);
    assert_eq!(paths(&person), ["drive/a.jpg", "drive/a.jpg.xmp"]);
    assert_eq!(read(&person, "drive/a.jpg.xmp"), "mine");
    let run = person.backup(all).succeeds();
    assert!(!run.stderr.contains("a.jpg.xmp"), "{}", run.stderr);
    person.run(&["verify", "archive"]).succeeds();

    // Its edits are followed, and it leaves the name to ours when it is renamed.
    person.google().world(|world| world.edit("x", "mine, newer"));
    person.backup(all).succeeds();
    assert_eq!(read(&person, "drive/a.jpg.xmp"), "mine, newer");
    person.google().world(|world| world.rename("x", "notes.xmp"));
    person.backup(all).succeeds();
    assert_eq!(paths(&person), ["drive/a.jpg", "drive/a.jpg.xmp", "drive/notes.xmp"]);
    assert_eq!(read(&person, "drive/notes.xmp"), "mine, newer");
    assert!(read(&person, "drive/a.jpg.xmp").contains("1967"));
}

#[test]
fn what_was_written_stays_untouched_where_none_are_wanted_any_more() {
    let drive = World::new().file("f", "a.jpg", "the lake", "root");
    let person = Person::with(drive.export(&export("20260701T101500Z", [told(), untold()])));
    person.backup(WANTED).succeeds();
    let before = state(&person, "drive/a.jpg.xmp");
    person.google().world(|world| world.rename("f", "lake.jpg"));

    person.backup(&[]).succeeds();

    let found = ["drive/a.jpg.xmp", "drive/lake.jpg", B, &beside(B)];
    assert_eq!(paths(&person), found);
    assert_eq!(state(&person, "drive/a.jpg.xmp"), before);
    let told = person.run(&["verify", "archive"]).succeeds().stdout;
    assert!(!told.contains("foreign"), "{told}");
    // And are brought up to date where they are wanted again.
    person.backup(WANTED).succeeds();
    assert_eq!(paths(&person), ["drive/lake.jpg", "drive/lake.jpg.xmp", B, &beside(B)]);
}
