//! What a person does in the archive, and whose archive it is.

use std::fs;

use gphotos_sync::sandbox::{Class, Item, World};

use crate::support::Person;

mod during_a_run;
mod of_folders;

#[test]
fn a_file_that_a_person_deleted_comes_back() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.remove("drive/a.jpg");

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/a.jpg", "A"), ("drive/b.jpg", "B")]);
    assert_eq!(person.google().count(Class::Media), 3);
    assert_eq!(person.sql("SELECT path FROM v_history WHERE what = 'missing'"), [["drive/a.jpg"]]);
}

#[test]
fn a_file_that_a_person_edited_is_set_aside_and_told() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    // The second is as long as the original: only its bytes tell.
    for (round, work) in ["my own work", "Z"].into_iter().enumerate() {
        person.write("drive/a.jpg", work);

        let run = person.backup(&[]).succeeds();

        assert_eq!(person.files(), [("drive/a.jpg", "A"), ("drive/b.jpg", "B")]);
        let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited' ORDER BY at");
        assert!(kept[round][0].starts_with(".gphotos-sync/trash/edited/"), "{kept:?}");
        assert_eq!(fs::read_to_string(person.path(&kept[round][0])).unwrap(), work);
        assert!(run.stderr.contains("drive/a.jpg was changed on this disk"), "{}", run.stderr);
    }
}

#[test]
fn a_quick_run_looks_at_no_file_that_it_does_nothing_with() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.remove("drive/a.jpg");
    person.write("drive/b.jpg", "my own work");

    person.backup(&["--quick"]).succeeds();
    assert_eq!(person.files(), [("drive/b.jpg", "my own work")]);

    // What it replaces it does look at.
    person.google().world(|world| world.edit("p2", "B2"));
    person.backup(&["--quick"]).succeeds();
    assert_eq!(person.files(), [("drive/b.jpg", "B2")]);
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    assert_eq!(fs::read_to_string(person.path(&kept[0][0])).unwrap(), "my own work");

    person.backup(&[]).succeeds();
    assert_eq!(person.files(), [("drive/a.jpg", "A"), ("drive/b.jpg", "B2")]);
}

#[test]
fn a_file_that_was_only_copied_or_touched_gets_its_time_and_is_not_fetched_again() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    let time = || fs::metadata(person.path("drive/a.jpg")).unwrap().modified().unwrap();
    let before = time();
    person.write("drive/a.jpg", "A");
    assert_ne!(time(), before);
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(person.google().count(Class::Media), 0);
    assert_eq!(time(), before);
    assert!(person.sql("SELECT * FROM v_history WHERE what = 'edited'").is_empty());
}

#[test]
fn a_foreign_file_is_never_touched_and_what_would_land_on_it_takes_the_next_name() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.write("drive/c.jpg", "somebody's own");
    person.write("drive/d.jpg", "somebody's own, too");
    person.google().world(|world| {
        world.add(Item::file("p3", "c.jpg", "C"));
        world.rename("p2", "d.jpg");
    });

    person.backup(&[]).succeeds();

    let expected = [
        ("drive/a.jpg", "A"),
        ("drive/c (1).jpg", "C"),
        ("drive/c.jpg", "somebody's own"),
        ("drive/d (1).jpg", "B"),
        ("drive/d.jpg", "somebody's own, too"),
    ];
    assert_eq!(person.files(), expected);
    let before = person.files();
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), before);
}

#[test]
fn a_planted_symlink_leads_nowhere() {
    let person =
        Person::with(World::new().folder("f", "Trip", "root").file("p1", "a.jpg", "A", "f"));
    let outside = person.path("../outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(person.path("drive")).unwrap();
    std::os::unix::fs::symlink(&outside, person.path("drive/Trip")).unwrap();

    person.backup(&[]).succeeds();

    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(person.files(), [("drive/Trip (1)/a.jpg", "A")]);
}

#[test]
fn another_account_is_refused_and_nothing_is_touched() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    let before = person.files();
    person.google().world(|world| {
        *world = World::new().account("Bob", "bob@example.com").file("x", "x.jpg", "X", "root");
    });

    let run = person.backup(&[]).ends_with(2);

    assert!(run.stderr.contains("ada@example.com") && run.stderr.contains("bob@example.com"));
    assert_eq!(person.files(), before);
}

#[test]
fn the_manifest_and_the_copy_of_the_index_say_what_is_held() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.rename("p1", "z.jpg"));
    person.backup(&[]).succeeds();

    let manifest = fs::read_to_string(person.path(".gphotos-sync/manifest")).unwrap();
    let last = manifest.lines().last().unwrap();
    let last: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!((&last["id"], &last["path"]), (&"p1".into(), &"drive/z.jpg".into()));
    assert_eq!(last["size"], 1);

    let copy = rusqlite::Connection::open(person.path(".gphotos-sync/index.db.copy")).unwrap();
    let paths = "SELECT group_concat(path) FROM (SELECT path FROM v_files ORDER BY path)";
    let paths: String = copy.query_row(paths, [], |row| row.get(0)).unwrap();
    assert_eq!(paths, "drive/b.jpg,drive/z.jpg");
}

#[test]
fn index_only_lists_and_skip_index_fetches_what_was_listed() {
    let person = Person::with(two_photos());

    person.backup(&["--index-only"]).succeeds();
    assert!(person.files().is_empty());
    let states = person.sql("SELECT DISTINCT state FROM v_files");
    assert_eq!(states, [["pending"]]);

    person.google().world(|world| world.add(Item::file("p3", "later.jpg", "L")));
    person.google().forget_requests();
    person.backup(&["--skip-index"]).succeeds();
    assert_eq!(person.files(), [("drive/a.jpg", "A"), ("drive/b.jpg", "B")]);
    assert_eq!(person.google().count(Class::Changes) + person.google().count(Class::List), 0);
}

fn two_photos() -> World {
    World::new().file("p1", "a.jpg", "A", "root").file("p2", "b.jpg", "B", "root")
}
