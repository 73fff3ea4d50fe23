//! What becomes of files whose items are gone: nothing, unless a person asks for it and
//! the source has said of each of them that it is gone.

use std::fs;

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, World};

use crate::support::Person;

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
fn what_comes_back_at_google_comes_back_from_the_trash() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    let time = person.mtime_ms("drive/a.jpg");
    person.google().world(|world| world.trash("p1"));
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.files().len(), 3);
    person.google().world(|world| {
        world.untrash("p1");
        world.rename("p1", "z.jpg");
    });
    person.google().forget_requests();

    person.backup(&["--do-delete"]).succeeds();

    assert_eq!(person.google().count(Class::Media), 0);
    assert_eq!(person.files()[3], ("drive/z.jpg", "A"));
    assert_eq!(person.mtime_ms("drive/z.jpg"), time);
    assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["saved"]]);
    assert_eq!(person.sql("SELECT path FROM v_history WHERE what = 'restored'"), [["drive/z.jpg"]]);

    // And once more, on the same day.
    person.google().world(|world| world.trash("p1"));
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.files().len(), 3);
}

#[test]
fn bytes_in_the_trash_that_are_not_what_they_were_are_fetched_instead() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.trash("p1"));
    person.backup(&["--do-delete"]).succeeds();
    write(&person, &in_trash(&person, "drive/a.jpg"), "Z");
    person.google().world(|world| world.untrash("p1"));

    person.backup(&[]).succeeds();

    assert_eq!(person.files()[0], ("drive/a.jpg", "A"));
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
fn what_a_listing_left_out_is_asked_for_and_only_what_is_gone_goes() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    person.google().forget_requests();

    person.backup(&["--do-delete", "--flush-index"]).succeeds();

    assert_eq!(person.files().len(), 3);
    assert_eq!(person.google().count(Class::Get), asked_anyway(&person) + 1);
}

#[test]
fn what_a_listing_left_out_and_is_alive_makes_the_listing_the_doubtful_one() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p2"));
    leave_out(&person, "p1");

    let run = person.backup(&["--do-delete", "--skip-index"]).succeeds();
    assert_eq!(person.files().len(), 4, "{}", run.stderr);

    leave_out(&person, "p1");
    let run = person.backup(&["--do-delete"]).ends_with(8);

    assert!(run.stderr.contains("left out 1 items that are there"), "{}", run.stderr);
    assert_eq!(person.files().len(), 4);
    person.google().forget_requests();
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.google().count(Class::List), 1, "everything is listed again");
    assert_eq!(person.files().len(), 3);
}

#[test]
fn a_listing_that_is_empty_cut_or_incomplete_removes_nothing() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    for (effect, code) in [
        (Effect::IncompleteSearch, 8),
        (Effect::error(403, "dailyLimitExceeded"), 4),
        (Effect::ErrorPage(404), 4),
    ] {
        person.google().fail(Fault::new(effect.clone()).on(Class::List).always());
        person.backup(&["--do-delete", "--flush-index", "--max-delete", "100%"]).ends_with(code);
        assert_eq!(person.files().len(), 4, "{effect:?}");
        person.google().mend();
    }

    person.google().world(|world| *world = World::new());
    person.backup(&["--do-delete", "--flush-index", "--max-delete", "100%"]).ends_with(8);
    assert_eq!(person.files().len(), 4);
}

#[test]
fn an_error_is_no_evidence() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    for effect in [
        Effect::error(403, "insufficientFilePermissions"),
        Effect::error(403, "dailyLimitExceeded"),
        Effect::ErrorPage(400),
        Effect::Html,
    ] {
        person.google().fail(Fault::new(effect.clone()).on(Class::Get).id("p1").always());
        let run = person.backup(&["--do-delete", "--flush-index"]).ends_with(8);
        assert!(run.stderr.contains("could not be asked"), "{effect:?}: {}", run.stderr);
        assert_eq!(person.files().len(), 4, "{effect:?}");
        person.google().mend();
    }

    // What was left open is asked by the next run, without another listing.
    person.google().forget_requests();
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!((person.files().len(), person.google().count(Class::List)), (3, 0));
}

#[test]
fn what_others_no_longer_share_is_lost_access_and_kept() {
    let person =
        Person::with(four_photos().with(Item::file("o1", "bobs.jpg", "O").shared_by("Bob")));
    person.backup(&["--shared"]).succeeds();
    person.google().world(|world| world.unshare("o1"));

    for options in [&["--shared", "--do-delete"][..], &["--shared", "--do-delete", "--flush-index"]]
    {
        person.backup(options).succeeds();
        assert_eq!(person.files()[0], ("drive-shared/bobs.jpg", "O"));
    }

    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'o1'"), [["gone"]]);
}

#[test]
fn a_source_that_is_left_alone_loses_nothing() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    person.backup(&[]).succeeds();

    person.backup(&["--skip-drive", "--do-delete"]).succeeds();

    assert_eq!(person.files().len(), 4);
}

/// A person whose first run is over, and whose Drive and Photos have lost an item each.
fn both_lost_one() -> Person {
    let photo = |id: &str| {
        let name = format!("{id}.jpg");
        Photo::image(id, &name, id).taken("2024-03-05T10:00:00Z")
    };
    let world = four_photos().photo(photo("one")).photo(photo("two"));
    let person = Person::signed_in(world.album(Album::new("x", "Trip", &["one", "two"])));
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.delete_photo("one");
    });
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.sql("SELECT count(*) FROM v_files WHERE state = 'gone'"), [["2"]]);
    person
}

fn removed(person: &Person) -> String {
    person.sql("SELECT path FROM v_files WHERE state = 'removed' ORDER BY path").concat().join(" ")
}

#[test]
fn a_source_that_never_answers_keeps_its_own_and_not_what_is_gone_from_another() {
    let person = both_lost_one();
    person.sign_in(&["--skip-photos"]);

    let run = person.backup(&["--do-delete"]).ends_with(3);

    assert_eq!(removed(&person), "drive/a.jpg");
    assert!(run.stderr.contains("nothing of photos is removed in this run"), "{}", run.stderr);
    assert_eq!(person.files().len(), 5);

    let person = both_lost_one();
    let denied = Fault::new(Effect::error(403, "forbidden")).on(Class::Changes).always();
    person.google().fail(denied);
    person.backup(&["--do-delete"]).ends_with(4);
    assert_eq!(removed(&person), "photos/2024/03/one.jpg");
}

#[test]
fn a_doubt_about_one_source_keeps_nothing_of_another() {
    let person = both_lost_one();
    person.google().world(|world| world.delete_photo("two"));

    // A listing without anything is not believed.
    person.backup(&["--do-delete", "--rescan"]).ends_with(8);

    assert_eq!(removed(&person), "drive/a.jpg");
}

#[test]
fn what_a_person_changed_is_set_aside_and_not_removed_with_its_item() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    write(&person, "drive/a.jpg", "my own work");

    person.backup(&["--do-delete", "--keep-deleted", "0"]).succeeds();

    assert_eq!(person.files().len(), 3);
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    assert_eq!(fs::read_to_string(person.path(&kept[0][0])).unwrap(), "my own work");
}

#[test]
fn the_trash_is_purged_after_its_days_and_never_of_what_a_person_edited() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    write(&person, "drive/d.jpg", "my own work");
    person.google().world(|world| {
        world.delete("p1");
        world.edit("p2", "newer");
    });
    person.backup(&["--do-delete"]).succeeds();
    let edited = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    let trashed = in_trash(&person, "drive/a.jpg");
    let age = |days| backdate(&person, days);

    age(30);
    person.backup(&["--do-delete"]).succeeds();
    assert!(find(&person, &trashed), "30 days are not over before the 31st begins");
    age(1);
    person.backup(&[]).succeeds();
    assert!(find(&person, &trashed), "without --do-delete nothing is purged");
    person.backup(&["--do-delete", "--keep-deleted", "90"]).succeeds();
    assert!(find(&person, &trashed));

    person.backup(&["--do-delete"]).succeeds();

    assert!(!find(&person, &trashed) && !find(&person, "b.jpg"));
    assert_eq!(fs::read_to_string(person.path(&edited[0][0])).unwrap(), "my own work");
    let purged = person.sql("SELECT detail FROM v_history WHERE what = 'purged'");
    assert_eq!(purged, [["2"]]);
    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'p1'"), [["removed"]]);
    let undone = person.run(&["undo", "archive"]).ends_with(8);
    assert!(undone.stderr.contains("drive/a.jpg was not put back: it was deleted for good"));

    // What comes back at Google after that is fetched.
    person.google().world(|world| world.add(Item::file("p1", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    assert_eq!(person.files()[0], ("drive/a.jpg", "A"));
}

#[test]
fn with_no_days_what_is_gone_is_deleted_at_once_and_what_was_replaced_is_kept() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.edit("p2", "newer");
    });

    person.backup(&["--do-delete", "--keep-deleted", "0"]).succeeds();

    assert_eq!(person.files().len(), 3);
    assert!(!find(&person, "a.jpg"));
    assert!(find(&person, "b.jpg"));
    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'p1'"), [["removed"]]);
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
    rename(&person, "drive/a.jpg", &format!("{kept}/a.jpg"));
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

/// Makes the index as it is when a complete listing did not have an item.
fn leave_out(person: &Person, id: &str) {
    change(person, &format!("UPDATE item SET missing = 1 WHERE remote_id = '{id}'"));
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

/// How many single items a listing asks for in any case: where My Drive begins.
fn asked_anyway(person: &Person) -> usize {
    let gets = person.google().requests().into_iter().filter(|it| it.class == Class::Get);
    gets.filter(|it| it.path.ends_with("/root")).count()
}

/// Where in the trash the file is now that was at `path`.
fn in_trash(person: &Person, path: &str) -> String {
    let sql = format!("SELECT detail FROM v_history WHERE what = 'removed' AND path = '{path}'");
    person.sql(&sql)[0][0].clone()
}

/// Whether a file whose path ends so is in the trash, but for what a person edited.
fn find(person: &Person, end: &str) -> bool {
    let name = end.rsplit('/').next().unwrap();
    let days = fs::read_dir(person.path(".gphotos-sync/trash")).unwrap();
    let days = days.map(|day| day.unwrap().path()).filter(|day| !day.ends_with("edited"));
    days.into_iter().any(|day| day.join("drive").join(name).exists())
}

/// Makes all that is in the trash so many days older.
#[expect(clippy::disallowed_methods, reason = "the test turns back the calendar")]
fn backdate(person: &Person, days: i64) {
    let trash = person.path(".gphotos-sync/trash");
    for entry in fs::read_dir(&trash).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Ok(day) = name.parse::<chrono::NaiveDate>() else { continue };
        let older = (day - chrono::TimeDelta::days(days)).to_string();
        fs::rename(trash.join(&name), trash.join(&older)).unwrap();
        change(
            person,
            &format!(
                "UPDATE trash SET at = at - {days} * 86400000, trash_path = replace(trash_path, '{name}', '{older}')"
            ),
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "the test does what a killed run had done")]
fn rename(person: &Person, from: &str, to: &str) {
    fs::rename(person.path(from), person.path(to)).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the test does what a person does")]
fn write(person: &Person, path: &str, text: &str) {
    fs::write(person.path(path), text).unwrap();
}
