//! What `undo` puts back, and what it leaves.

use std::fs;

use gphotos_sync::sandbox::{Class, Item, World};

use crate::support::Person;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

#[test]
fn undo_brings_bytes_names_and_times_back_and_the_next_run_keeps_them() {
    let person = Person::with(account());
    person.backup(&["--all-files"]).succeeds();
    let (before, time) = (person.files(), person.mtime_ms("drive/Trip/a.jpg"));
    person.google().world(|world| {
        world.delete("f");
        world.trash("n1");
        world.trash("p2");
    });
    person.backup(&["--all-files", "--do-delete", "--max-delete", "3"]).succeeds();
    assert_eq!(person.files().len(), 2);
    person.google().forget_requests();

    let run = person.run(&["undo", "archive"]).succeeds();

    for line in ["+ drive/Trip/a.jpg", "+ drive/Letter.docx", "+ drive/b.jpg", "3 files of run 2"] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    assert!(person.google().requests().is_empty(), "undo needs no network");
    assert_eq!(person.files(), before);
    assert_eq!(person.mtime_ms("drive/Trip/a.jpg"), time);
    let states = "SELECT path, state FROM v_files WHERE state <> 'saved' ORDER BY path";
    let gone = ["drive/Letter.docx", "drive/Trip/a.jpg", "drive/b.jpg"].map(|path| [path, "gone"]);
    assert_eq!(person.sql(states), gone);
    let runs = "SELECT outcome, added, removed FROM v_runs ORDER BY id DESC LIMIT 1";
    assert_eq!(person.sql(runs), [["complete", "3", "0"]]);
    assert_eq!(person.sql("SELECT count(*) FROM v_history WHERE what = 'restored'"), [["3"]]);
    assert!(fs::read_dir(person.path(".gphotos-sync/trash")).unwrap().next().is_none());

    for options in [&["--do-delete"][..], &["--do-delete", "--flush-index"]] {
        let options = [&["--all-files", "--max-delete", "100%"], options].concat();
        person.backup(&options).succeeds();
        assert_eq!(person.files(), before, "{options:?}");
    }
    assert_eq!(person.google().count(Class::Media) + person.google().count(Class::Export), 0);
    let again = person.run(&["undo", "archive"]).succeeds();
    assert!(again.stdout.contains("is back already"), "{}", again.stdout);
}

#[test]
fn what_has_its_name_meanwhile_keeps_it() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p2");
        world.delete("p3");
    });
    person.backup(&["--do-delete", "--max-delete", "2"]).succeeds();
    person.google().world(|world| world.add(Item::file("p9", "b.jpg", "new")));
    person.backup(&[]).succeeds();
    person.write("drive/c.jpg", "somebody's own");

    person.run(&["undo", "archive"]).succeeds();

    let expected = [
        ("drive/Trip/a.jpg", "A"),
        ("drive/b (1).jpg", "B"),
        ("drive/b.jpg", "new"),
        ("drive/c (1).jpg", "C"),
        ("drive/c.jpg", "somebody's own"),
        ("drive/d.jpg", "D"),
    ];
    assert_eq!(person.files(), expected);
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.files(), expected);
}

#[test]
fn an_earlier_run_is_undone_by_its_number() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    for id in ["p2", "p3"] {
        person.google().world(|world| world.delete(id));
        person.backup(&["--do-delete"]).succeeds();
    }
    person.backup(&["--do-delete"]).succeeds();

    person.run(&["undo", "archive", "2"]).succeeds();
    assert_eq!(person.files()[1], ("drive/b.jpg", "B"));
    assert_eq!(person.files().len(), 3);
    person.run(&["undo", "archive"]).succeeds();
    assert_eq!(person.files().len(), 4);
}

#[test]
fn replaced_bytes_come_back_beside_the_newer_ones_as_a_persons_own() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.edit("p2", "newer"));
    person.backup(&[]).succeeds();

    let nothing = person.run(&["undo", "archive"]).succeeds();
    assert!(nothing.stdout.contains("Nothing to undo"), "{}", nothing.stdout);
    person.run(&["undo", "archive", "--replaced"]).succeeds();

    let files = person.files();
    assert_eq!(files[1..3], [("drive/b (1).jpg", "B"), ("drive/b.jpg", "newer")]);
    person.backup(&["--do-delete", "--flush-index"]).succeeds();
    assert_eq!(person.files(), files);
    assert_eq!(person.google().count(Class::Media), 5);
}

#[test]
fn nothing_to_undo_is_said_and_a_wrong_run_or_folder_is_refused() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    let run = person.run(&["undo", "archive"]).succeeds();
    assert!(run.stdout.contains("no run has removed anything"), "{}", run.stdout);
    let run = person.run(&["undo", "archive", "1"]).succeeds();
    assert!(run.stdout.contains("run 1 removed nothing"), "{}", run.stdout);
    person.run(&["undo", "archive", "77"]).ends_with(2).complains(&["no run 77", "v_runs"]);
    person.run(&["undo", "elsewhere"]).ends_with(5).complains(&["elsewhere"]);
    assert!(!person.path("../elsewhere").exists());
    fs::create_dir(person.path("../empty")).unwrap();
    person.run(&["undo", "empty"]).ends_with(5).complains(&["no index", "--db-path"]);
    assert_eq!(fs::read_dir(person.path("../empty")).unwrap().count(), 0);
}

#[test]
fn an_item_that_came_back_by_itself_is_not_put_back_twice() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.trash("p2"));
    person.backup(&["--do-delete"]).succeeds();
    person.google().world(|world| world.untrash("p2"));
    person.backup(&[]).succeeds();
    let before = person.files();

    let run = person.run(&["undo", "archive", "2"]).succeeds();

    assert!(run.stdout.contains("is back already"), "{}", run.stdout);
    assert_eq!(person.files(), before);
}

#[test]
fn bytes_that_changed_in_the_trash_are_not_put_back_as_the_items_own() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p2"));
    person.backup(&["--do-delete"]).succeeds();
    let trashed = person.sql("SELECT trash_path FROM trash").concat().concat();
    let time = fs::metadata(person.path(&trashed)).unwrap().modified().unwrap();
    person.write(&trashed, "Z");
    fs::File::options()
        .write(true)
        .open(person.path(&trashed))
        .unwrap()
        .set_modified(time)
        .unwrap();

    let run = person.run(&["undo", "archive"]).ends_with(8);

    assert!(run.stderr.contains("no longer in the trash as it was left"), "{}", run.stderr);
    assert!(!person.path("drive/b.jpg").exists());
}

#[test]
fn an_undo_that_was_killed_between_the_move_and_the_record_is_set_right() {
    let person = Person::with(account());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p2");
        world.delete("p3");
    });
    person.backup(&["--do-delete", "--max-delete", "2"]).succeeds();
    // As it is after the first of two renames.
    let intended = "UPDATE trash SET put_back = path";
    rusqlite::Connection::open(person.path("index.db")).unwrap().execute_batch(intended).unwrap();
    let trashed = person.sql("SELECT detail FROM v_history WHERE what = 'removed' ORDER BY path");
    person.rename(&trashed[0][0], "drive/b.jpg");

    person.backup(&["--do-delete"]).succeeds();

    let names: Vec<_> = person.files().into_iter().map(|found| found.0).collect();
    assert_eq!(names, ["drive/Trip/a.jpg", "drive/b.jpg", "drive/d.jpg"]);
    let states = "SELECT name, state FROM v_files WHERE state IN ('gone', 'removed') ORDER BY name";
    assert_eq!(person.sql(states), [["b.jpg", "gone"], ["c.jpg", "removed"]]);
    person.run(&["undo", "archive"]).succeeds();
    assert_eq!(person.files().len(), 4);
}

fn account() -> World {
    let world = World::new().folder("f", "Trip", "root").file("p1", "a.jpg", "A", "f");
    let world = world.file("p2", "b.jpg", "B", "root").file("p3", "c.jpg", "C", "root");
    let world = world.file("p4", "d.jpg", "D", "root");
    world.with(Item::native("n1", "Letter", "document").export(DOCX, "a letter"))
}
