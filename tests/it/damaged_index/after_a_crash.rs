//! Where a run did not come to its end, the next one has SQLite look through the index
//! before it relies on it. After a run that did it does not: that costs seconds.

use std::fs;

use gphotos_sync::sandbox::Class;

use super::{backed_up, root_page, world, zero};
use crate::support::Person;

/// Nobody ever reads it.
const UNUSED: &str = "person";

/// What the program says when it looks.
const LOOKS: &str = "The last run did not come to its end";

#[test]
fn after_a_run_that_was_killed_the_index_is_looked_through_and_else_not() {
    let person = Person::with(world());
    backed_up(&person);
    let page = root_page(&person, UNUSED);
    let quiet = person.backup(&[]).succeeds();
    assert!(!quiet.stderr.contains(LOOKS), "{}", quiet.stderr);
    person.alter("UPDATE run SET finished_at = NULL, outcome = NULL WHERE id = 2");
    let ran = person.backup(&[]).succeeds();
    assert!(ran.stderr.contains(LOOKS), "{}", ran.stderr);
    // That one came to its end.
    assert!(!person.backup(&[]).succeeds().stderr.contains(LOOKS));

    zero(&person, page);
    person.backup(&[]).succeeds();
    person.alter("UPDATE run SET finished_at = NULL WHERE id = (SELECT max(id) FROM run)");
    for command in [&["archive"][..], &["undo", "archive"], &["verify", "archive"]] {
        person.run(command).ends_with(5).complains(&[LOOKS, "damaged", "--flush-index"]);
    }
    person.google().forget_requests();
    person.backup(&["--flush-index"]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn a_damaged_index_takes_no_sound_copys_place_and_removes_nothing() {
    let person = Person::with(world());
    let before = backed_up(&person);
    let copy = fs::read(person.path(".gphotos-sync/index.db.copy")).unwrap();
    zero(&person, root_page(&person, UNUSED));
    person.google().world(|world| world.delete("p3"));

    person.backup(&["--do-delete", "--max-delete", "100%"]).ends_with(5).complains(&["damaged"]);

    assert_eq!(person.files(), before);
    assert_eq!(fs::read(person.path(".gphotos-sync/index.db.copy")).unwrap(), copy);
    person.google().forget_requests();
    person.backup(&["--flush-index", "--do-delete", "--max-delete", "100%"]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
    assert_eq!(person.files().len(), before.len() - 1);
}

#[test]
fn a_write_ahead_log_that_is_another_indexs_is_noticed_or_without_effect() {
    let person = Person::with(world());
    let before = backed_up(&person);
    let other = Person::with(world());
    backed_up(&other);
    // What a killed run leaves: it has the index open, and something is in the log.
    let db = rusqlite::Connection::open(other.path("index.db")).unwrap();
    db.execute("UPDATE item SET title = 'other' || title", []).unwrap();
    for suffix in ["-wal", "-shm"] {
        let name = format!("index.db{suffix}");
        fs::copy(other.path(&name), person.path(&name)).unwrap();
    }

    let ran = person.backup(&["--do-delete"]);

    assert!(ran.stderr.contains(LOOKS), "{}", ran.stderr);
    assert!(matches!(ran.code, Some(0 | 5 | 6 | 8)), "{ran:?}");
    assert!(super::holds_all(&person, &before));
    person.google().forget_requests();
    person.backup(&["--flush-index"]).succeeds();
    assert_eq!(person.files(), before);
    person.run(&["verify", "archive"]).succeeds();
}

#[test]
fn shared_memory_that_is_stale_or_nonsense_does_no_harm() {
    let person = Person::with(world());
    let before = backed_up(&person);
    for bytes in [b"nonsense".to_vec(), vec![0xff; 32768], Vec::new()] {
        person.write("index.db-shm", bytes);
        person.run(&["status", "archive"]).succeeds();
        person.backup(&[]).succeeds();
        assert_eq!(person.files(), before);
    }
}
