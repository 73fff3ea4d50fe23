//! How long the trash keeps what, and what comes back out of it by itself.

use std::fs;

use gphotos_sync::sandbox::{Class, Item};

use super::{change, four_photos};
use crate::support::Person;

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
    person.write(&in_trash(&person, "drive/a.jpg"), "Z");
    person.google().world(|world| world.untrash("p1"));

    person.backup(&[]).succeeds();

    assert_eq!(person.files()[0], ("drive/a.jpg", "A"));
}

#[test]
fn the_trash_is_purged_after_its_days_and_never_of_what_a_person_edited() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.write("drive/d.jpg", "my own work");
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
fn a_purge_that_was_cut_short_is_gone_on_with_and_nobody_is_offered_what_it_deleted() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.delete("p2");
    });
    person.backup(&["--do-delete"]).succeeds();
    backdate(&person, 31);
    // As it is when a run is killed after the first of two files.
    let (first, second) = (in_trash(&person, "drive/a.jpg"), in_trash(&person, "drive/b.jpg"));
    change(&person, "UPDATE trash SET purged_at = at");
    let day = fs::read_dir(person.path(".gphotos-sync/trash")).unwrap().next().unwrap().unwrap();
    let day = format!(".gphotos-sync/trash/{}", day.file_name().to_str().unwrap());
    person.remove(&format!("{day}/drive/a.jpg"));
    assert!(!find(&person, &first) && find(&person, &second));
    let undone = person.run(&["undo", "archive"]).ends_with(8);
    assert!(undone.stderr.contains("it was deleted for good"), "{}", undone.stderr);

    person.backup(&["--do-delete"]).succeeds();

    assert!(!find(&person, &second) && !person.path(&day).exists());
    assert_eq!(person.sql("SELECT detail FROM v_history WHERE what = 'purged'"), [["1"]]);
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
