//! A file that Drive and Photos share, of which one of them or both let go, and what
//! `undo` makes of that.
//!
//! What holds throughout: bytes that either still has stay in the trees, under the place
//! of the one that has them; `v_files` has a row for whom they are held, and one for what
//! went to the trash with them; and `undo` brings back just what went there.

use gphotos_sync::sandbox::{Class, Photo, World};

use crate::support::Person;

const STATES: &str = "SELECT remote_id, state, path FROM v_files
    WHERE remote_id IN ('f', 'p') ORDER BY remote_id";
const IN_DRIVE: &str = "drive/a.jpg";
const IN_PHOTOS: &str = "photos/2020/06/a.jpg";

#[test]
fn drive_first_the_bytes_move_to_photos_and_go_from_there() {
    let person = shared();
    person.google().world(|world| world.delete("f"));
    remove(&person);
    // Nothing went to the trash: the photo has the bytes, and Drive has the item no more.
    assert_eq!(person.sql(STATES), [["p", "saved", IN_PHOTOS]]);
    let told = person.sql("SELECT what, detail FROM v_history WHERE what = 'moved'");
    assert_eq!(told, [["moved", IN_DRIVE]]);
    let undone = person.run(&["undo", "archive"]).succeeds();
    assert!(undone.stdout.contains("Nothing to undo"), "{}", undone.stdout);
    assert_eq!(person.files().len(), 3);

    person.google().world(|world| world.delete_photo("p"));
    remove(&person);
    assert_eq!(person.sql(STATES), [["p", "removed", IN_PHOTOS]]);

    undo(&person);
    assert_eq!(person.sql(STATES), [["p", "gone", IN_PHOTOS]]);
    assert_stays(&person);
}

#[test]
fn photos_first_the_bytes_stay_in_drive_and_go_from_there() {
    let person = shared();
    person.google().world(|world| world.delete_photo("p"));
    // Without --do-delete the photo is held as well, and that is said.
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.sql(STATES), [["f", "saved", IN_DRIVE], ["p", "gone", IN_DRIVE]]);
    remove(&person);
    assert_eq!(person.sql(STATES), [["f", "saved", IN_DRIVE]]);

    person.google().world(|world| world.delete("f"));
    remove(&person);
    assert_eq!(person.sql(STATES), [["f", "removed", IN_DRIVE]]);

    undo(&person);
    assert_eq!(person.sql(STATES), [["f", "gone", IN_DRIVE]]);
    assert_stays(&person);
}

#[test]
fn both_at_once_go_as_one_file_and_come_back_as_one() {
    let person = shared();
    person.google().world(|world| {
        world.delete("f");
        world.delete_photo("p");
    });
    remove(&person);
    let removed = [["f", "removed", IN_DRIVE], ["p", "removed", IN_DRIVE]];
    assert_eq!(person.sql(STATES), removed);
    assert_eq!(person.sql("SELECT count(*) FROM trash"), [["1"]]);

    undo(&person);
    let gone = [["f", "gone", IN_DRIVE], ["p", "gone", IN_DRIVE]];
    assert_eq!(person.sql(STATES), gone);
    assert_stays(&person);
}

#[test]
fn the_guard_counts_a_file_that_both_let_go_once() {
    let person = shared();
    person.google().world(|world| {
        world.delete("f");
        world.delete_photo("p");
    });

    person.backup(&["--rescan", "--do-delete", "--max-delete", "1"]).succeeds();

    assert_eq!(person.files().len(), 2);
}

#[test]
fn without_do_delete_nothing_leaves_the_trees_in_whatever_order() {
    for drive_first in [true, false] {
        let person = shared();
        for goes_from_drive in [drive_first, !drive_first] {
            let_go(&person, goes_from_drive);
            person.backup(&["--rescan"]).succeeds();
            assert_eq!(person.files().len(), 3);
            assert!(person.sql("SELECT * FROM trash").is_empty());
        }
        // Both are gone now: whoever holds the file says so, and it can be removed.
        assert!(!person.sql("SELECT * FROM v_files WHERE state = 'gone'").is_empty());
        remove(&person);
        assert_eq!(person.files().len(), 2);
        undo(&person);
        assert_eq!(person.files().len(), 3);
        assert_stays(&person);
    }
}

#[test]
fn what_was_put_back_is_kept_also_after_the_index_was_lost() {
    let person = shared();
    person.google().world(|world| {
        world.delete("f");
        world.delete_photo("p");
    });
    remove(&person);
    undo(&person);
    let states = person.sql(STATES);
    lose_index(&person);

    remove(&person);

    assert_eq!(person.sql(STATES), states);
    assert_stays(&person);
}

#[test]
fn the_manifest_tells_that_nothing_is_held_of_an_item_that_was_forgotten() {
    let person = shared();
    person.google().world(|world| world.delete("f"));
    person.backup(&[]).succeeds();

    let manifest = std::fs::read_to_string(person.path(".gphotos-sync/manifest")).unwrap();
    let last = manifest.lines().rfind(|line| line.contains("\"id\":\"f\"")).unwrap();
    assert_eq!(last, "{\"source\":\"drive\",\"id\":\"f\"}");
}

fn shared() -> Person {
    let world = World::new()
        .file("f", "a.jpg", "A", "root")
        .file("other", "other.jpg", "other", "root")
        .photo(Photo::image("p", "a.jpg", "A"))
        // An empty listing would be no evidence.
        .photo(Photo::image("q", "q.jpg", "Q"));
    let person = Person::signed_in(world);
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 3);
    person
}

fn let_go(person: &Person, from_drive: bool) {
    let delete = if from_drive {
        |world: &mut World| world.delete("f")
    } else {
        |world: &mut World| world.delete_photo("p")
    };
    person.google().world(delete);
}

fn remove(person: &Person) {
    person.backup(&["--rescan", "--do-delete", "--max-delete", "100%"]).succeeds();
}

fn undo(person: &Person) {
    person.google().forget_requests();
    person.run(&["undo", "archive"]).succeeds();
    assert!(person.google().requests().is_empty());
}

/// What was put back is neither removed again nor fetched.
#[track_caller]
fn assert_stays(person: &Person) {
    let (files, states) = (person.files(), person.sql(STATES));
    person.google().forget_requests();
    remove(person);
    assert_eq!((person.files(), person.sql(STATES)), (files, states));
    assert_eq!(person.google().count(Class::Media) + person.google().count(Class::PhotoMedia), 0);
}

#[expect(clippy::disallowed_methods, reason = "the test does what a person does")]
fn lose_index(person: &Person) {
    for name in ["index.db", ".gphotos-sync/index.db.copy"] {
        std::fs::remove_file(person.path(name)).unwrap();
    }
}
