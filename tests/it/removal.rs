//! What becomes of files whose items are gone: nothing, unless a person asks for it and
//! the source has said of each of them that it is gone.

use std::fs;

use gphotos_sync::sandbox::{Class, Item, Photo, World};

use crate::support::Person;

mod evidence;
mod histories;
mod trash;

#[test]
fn nothing_is_removed_unless_a_person_asks_for_it() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.trash("p2");
    });

    for options in [&[][..], &["--flush-index"], &["--keep-deleted", "0"]] {
        person.backup(options).succeeds();
        assert_eq!(person.files().len(), 4, "{options:?}");
    }

    let gone = person.sql("SELECT path FROM v_files WHERE state = 'gone' ORDER BY path");
    assert_eq!(gone, [["drive/a.jpg"], ["drive/b.jpg"]]);
}

#[test]
fn what_is_gone_goes_to_the_trash_and_all_views_say_so() {
    let person =
        Person::with(four_photos().folder("f", "Trip", "root").file("p5", "e.jpg", "E", "f"));
    person.backup(&[]).succeeds();
    let sums = person.sql("SELECT sha256 FROM v_files WHERE name = 'a.jpg'");
    person.google().world(|world| {
        world.delete("p1");
        world.trash("f");
    });

    let run = person.backup(&["--do-delete", "-v"]).succeeds();

    assert_eq!(person.files(), [("drive/b.jpg", "B"), ("drive/c.jpg", "C"), ("drive/d.jpg", "D")]);
    assert!(!person.path("drive/Trip").exists());
    let removed =
        "SELECT path, sha256, size_bytes, state FROM v_files WHERE state = 'removed' ORDER BY path";
    let removed = person.sql(removed);
    let row = |path: &str, sum: &str| [path, sum, "1", "removed"].map(str::to_owned).to_vec();
    assert_eq!(removed[1], row("drive/a.jpg", &sums[0][0]));
    assert_eq!(removed[0][0], "drive/Trip/e.jpg");
    let history =
        person.sql("SELECT path, detail FROM v_history WHERE what = 'removed' ORDER BY path");
    assert_eq!(history.len(), 2);
    assert_eq!(fs::read_to_string(person.path(&history[1][1])).unwrap(), "A");
    assert_eq!(person.sql("SELECT removed FROM v_runs ORDER BY id DESC LIMIT 1"), [["2"]]);
    assert!(run.stdout.contains("2 files removed to .gphotos-sync/trash"), "{}", run.stdout);
    assert!(run.stderr.contains("- drive/Trip/e.jpg"), "{}", run.stderr);

    // What was removed stays known, however often everything is listed again.
    person.backup(&["--do-delete", "--flush-index"]).succeeds();
    assert_eq!(person.sql("SELECT count(*) FROM v_files WHERE state = 'removed'"), [["2"]]);
    assert_eq!(person.sql("SELECT removed FROM v_runs ORDER BY id DESC LIMIT 1"), [["0"]]);
}

#[test]
fn the_name_of_what_was_removed_is_free_again_and_links_to_it_go() {
    let person = Person::with(four_photos().with(Item::shortcut("s", "short.jpg", "p1")));
    person.backup(&[]).succeeds();
    assert_eq!(person.links().len(), 1);
    person.google().world(|world| world.delete("p1"));
    person.backup(&["--do-delete"]).succeeds();
    assert!(person.links().is_empty());

    person.google().world(|world| world.add(Item::file("p9", "a.jpg", "new")));
    person.backup(&["--do-delete"]).succeeds();

    assert_eq!(person.files()[0], ("drive/a.jpg", "new"));
    let of_name = "SELECT path, state FROM v_files WHERE name = 'a.jpg' ORDER BY state";
    assert_eq!(person.sql(of_name), [["drive/a.jpg", "removed"], ["drive/a.jpg", "saved"]]);
}

#[test]
fn when_most_of_the_account_is_gone_the_run_refuses_and_removes_nothing() {
    for flush in [&["--do-delete", "--flush-index"][..], &["--do-delete"]] {
        let person = Person::with(four_photos());
        person.backup(&[]).succeeds();
        person.google().world(|world| {
            for id in ["p1", "p2", "p3"] {
                world.delete(id);
            }
            world.add(Item::file("p9", "new.jpg", "N"));
            world.rename("p4", "moved.jpg");
        });

        let run = person.backup(flush).ends_with(6);

        let run = run.complains(&["3 of the archive's 5 files", "2 at the most", "--max-delete"]);
        assert!(run.stdout.contains("removed nothing"), "{}", run.stdout);
        let files = person.files();
        assert_eq!(files.len(), 5);
        assert_eq!(files[3..], [("drive/moved.jpg", "D"), ("drive/new.jpg", "N")]);
        assert_eq!(person.sql("SELECT outcome FROM v_runs WHERE id = 2"), [["refused"]]);
        assert_eq!(fs::read_dir(person.path(".gphotos-sync/trash")).unwrap().count(), 0);

        person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
        assert_eq!(person.files(), [("drive/moved.jpg", "D"), ("drive/new.jpg", "N")]);
    }
}

#[test]
fn what_a_person_changed_is_set_aside_and_not_removed_with_its_item() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    person.write("drive/a.jpg", "my own work");

    person.backup(&["--do-delete", "--keep-deleted", "0"]).succeeds();

    assert_eq!(person.files().len(), 3);
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    assert_eq!(fs::read_to_string(person.path(&kept[0][0])).unwrap(), "my own work");
}

#[test]
fn a_run_that_was_killed_between_the_trash_and_the_record_is_set_right() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.delete("p2");
    });
    person.backup(&[]).succeeds();
    // As it is after the first of two renames.
    let kept = ".gphotos-sync/trash/2026-01-02/drive";
    fs::create_dir_all(person.path(kept)).unwrap();
    person.rename("drive/a.jpg", &format!("{kept}/a.jpg"));
    intend(&person, "p1", "drive/a.jpg", &format!("{kept}/a.jpg"));
    intend(&person, "p2", "drive/b.jpg", &format!("{kept}/b.jpg"));

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/b.jpg", "B"), ("drive/c.jpg", "C"), ("drive/d.jpg", "D")]);
    let states = "SELECT name, state FROM v_files WHERE state <> 'saved' ORDER BY name";
    assert_eq!(person.sql(states), [["a.jpg", "removed"], ["b.jpg", "gone"]]);
    assert!(person.sql("SELECT * FROM v_history WHERE what = 'missing'").is_empty());
    person.run(&["undo", "archive"]).succeeds();
    assert_eq!(person.files()[0], ("drive/a.jpg", "A"));
}

#[test]
fn a_dry_run_tells_what_would_be_removed_and_removes_nothing() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));

    let run = person.backup(&["--do-delete", "--dry-run"]).succeeds();

    assert!(run.stdout.contains("- drive/a.jpg"), "{}", run.stdout);
    assert_eq!(person.files().len(), 4);
}

#[test]
fn what_is_gone_from_photos_goes_and_comes_back_like_all_else() {
    let photo = |id: &str| {
        let name = format!("{id}.jpg");
        Photo::image(id, &name, id).taken("2024-03-05T10:00:00Z")
    };
    let world = World::new().photo(photo("one")).photo(photo("two")).photo(photo("three"));
    let person = Person::signed_in(world);
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 3);
    person.google().world(|world| world.delete_photo("one"));
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'one'"), [["gone"]]);

    person.backup(&["--rescan", "--do-delete"]).succeeds();

    assert_eq!(person.files().len(), 2);
    let removed = "SELECT path FROM v_files WHERE state = 'removed'";
    assert_eq!(person.sql(removed), [["photos/2024/03/one.jpg"]]);
    person.run(&["undo", "archive"]).succeeds();
    let files = person.files();
    assert_eq!(files[0], ("photos/2024/03/one.jpg", "one"));
    person.backup(&["--rescan", "--do-delete"]).succeeds();
    assert_eq!(person.files(), files);

    // What comes back at Google comes from the trash.
    person.google().world(|world| world.delete_photo("two"));
    person.backup(&["--rescan", "--do-delete"]).succeeds();
    assert_eq!(person.files().len(), 2);
    person.google().forget_requests();
    person.google().world(|world| world.add_photo(photo("two")));
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.files(), files);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

fn four_photos() -> World {
    let world = World::new().file("p1", "a.jpg", "A", "root").file("p2", "b.jpg", "B", "root");
    world.file("p3", "c.jpg", "C", "root").file("p4", "d.jpg", "D", "root")
}

/// Makes the index as it is when a removal is about to be done.
fn intend(person: &Person, id: &str, from: &str, to: &str) {
    change(
        person,
        &format!(
            "INSERT INTO step (kind, item, from_path, to_path)
             SELECT 'remove', id, '{from}', '{to}' FROM item WHERE remote_id = '{id}'"
        ),
    );
}

fn change(person: &Person, sql: &str) {
    rusqlite::Connection::open(person.path("index.db")).unwrap().execute_batch(sql).unwrap();
}
