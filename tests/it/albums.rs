//! What stands in albums/, and that it follows the source by difference.
//!
//! The albums here are of files in Drive, and are put into the index by the tests, so
//! that every change of an album is one line.

mod google_photos;
mod local_changes;
mod modes;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;

use gphotos_sync::sandbox::{Item, World};
use rusqlite::{Connection, params};

use crate::support::Person;

/// A person whose Drive has the pictures a, b, c and Trip/d, of noon of the first four
/// days of 2024, all of them saved.
fn person() -> Person {
    let picture = |id: &str, bytes: &str, day: u32| {
        let item = Item::file(id, &format!("{id}.jpg"), bytes);
        item.created(&format!("2024-01-0{day}T12:00:00Z"))
    };
    let world = World::new()
        .folder("trip", "Trip", "root")
        .with(picture("a", "A", 1))
        .with(picture("b", "BB", 2))
        .with(picture("c", "CCC", 3))
        .with(picture("d", "DDDD", 4).parent("trip"));
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    person
}

/// Says when an item was taken.
fn take(person: &Person, id: &str, time: &str) {
    let update = "UPDATE item SET taken_at = unixepoch(?2) * 1000 WHERE remote_id = ?1";
    assert_eq!(index(person).execute(update, params![id, time]).unwrap(), 1);
}

/// Makes an album, or gives it another title and other items.
fn album(person: &Person, id: &str, title: &str, items: &[&str]) {
    let db = index(person);
    let put = "INSERT INTO album (source, remote_id, title, seen) VALUES ('photos', ?1, ?2, 1)
               ON CONFLICT (source, remote_id) DO UPDATE SET title = excluded.title
               RETURNING id";
    let album: i64 = db.query_row(put, params![id, title], |row| row.get(0)).unwrap();
    db.execute("DELETE FROM album_item WHERE album = ?1", [album]).unwrap();
    for (position, item) in (1..).zip(items) {
        let add = "INSERT INTO album_item SELECT ?1, ?2, id FROM item WHERE remote_id = ?3";
        assert_eq!(db.execute(add, params![album, position, item]).unwrap(), 1, "{item}");
    }
}

/// The source says that an album is not there any more.
fn lose(person: &Person, id: &str) {
    index(person).execute("UPDATE album SET gone = 1 WHERE remote_id = ?1", [id]).unwrap();
}

fn index(person: &Person) -> Connection {
    Connection::open(person.path("index.db")).unwrap()
}

/// The paths below albums/.
fn entries(person: &Person) -> Vec<String> {
    let both = person.files().into_iter().chain(person.links()).map(|found| found.0);
    let found: BTreeSet<_> =
        both.filter_map(|path| path.strip_prefix("albums/").map(str::to_owned)).collect();
    found.into_iter().collect()
}

/// What cannot stay as it was when an entry is made anew or its time is set: its file's
/// number, and when that was last changed in any way.
fn identity(person: &Person, path: &str) -> (u64, i64, i64) {
    let meta = fs::symlink_metadata(person.path(path)).unwrap();
    (meta.ino(), meta.ctime(), meta.ctime_nsec())
}

/// Each row of `v_album_items` is an entry on the disk that has its file's bytes, and
/// there is no other entry.
#[track_caller]
fn agrees_with_the_disk(person: &Person) {
    let rows = person.sql("SELECT album_path, position, path FROM v_album_items");
    let mut found = entries(person);
    for row in &rows {
        let folder = row[0].strip_prefix("albums/").unwrap();
        let start = format!("{folder}/{:0>4}_", row[1]);
        let i = found.iter().position(|path| path.starts_with(&start)).unwrap();
        let entry = person.path("albums").join(found.remove(i));
        assert_eq!(fs::read(entry).unwrap(), fs::read(person.path(&row[2])).unwrap());
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn an_album_is_a_folder_of_links_in_its_order() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b", "a"]);

    person.backup(&[]).succeeds();

    let expected = [
        ("albums/2024/0104 Summer/0001_d.jpg", "../../../drive/Trip/d.jpg"),
        ("albums/2024/0104 Summer/0002_b.jpg", "../../../drive/b.jpg"),
        ("albums/2024/0104 Summer/0003_a.jpg", "../../../drive/a.jpg"),
    ];
    assert_eq!(person.links(), expected);
    for (link, _) in expected {
        let target = fs::metadata(person.path(link)).unwrap();
        let own = fs::symlink_metadata(person.path(link)).unwrap();
        assert_eq!(own.modified().unwrap(), target.modified().unwrap());
    }
    agrees_with_the_disk(&person);
    assert_eq!(
        person.sql("SELECT title, path, items, first_taken_at, last_taken_at FROM v_albums"),
        [[
            "Summer",
            "albums/2024/0104 Summer",
            "3",
            "2024-01-01T12:00:00.000Z",
            "2024-01-04T12:00:00.000Z"
        ]]
    );
}

#[test]
fn a_run_without_changes_touches_nothing() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b", "a"]);
    for mode in ["symlink", "hardlink", "copy"] {
        person.backup(&["--albums", mode]).succeeds();
        let all = |person: &Person| -> Vec<_> {
            let paths = entries(person).into_iter().map(|path| format!("albums/{path}"));
            paths.chain(["albums/2024/0104 Summer".into()]).map(|p| identity(person, &p)).collect()
        };
        let before = all(&person);

        let run = person.backup(&["--albums", mode]).succeeds();

        assert_eq!(all(&person), before, "{mode}");
        assert!(!run.stderr.contains("not made"), "{}", run.stderr);
    }
}

#[test]
fn a_missing_item_leaves_its_number_free_and_an_album_without_any_has_no_folder() {
    let person = person();
    let insert = "INSERT INTO item (source, remote_id, kind, title, mime_type, owned, trashed,
                                    favourite, withheld, computer, shared_drive, seen, folder)
                  VALUES ('takeout', 'unheld', 'file', 'u.jpg', 'image/jpeg', 1, 0, 0, 0, 0, 0, 1, 0)";
    index(&person).execute(insert, []).unwrap();
    album(&person, "x", "Summer", &["a", "unheld", "b"]);
    album(&person, "y", "Nothing here", &["unheld"]);

    person.backup(&[]).succeeds();

    assert_eq!(entries(&person), ["2024/0102 Summer/0001_a.jpg", "2024/0102 Summer/0003_b.jpg"]);
    agrees_with_the_disk(&person);
}

#[test]
fn two_albums_of_one_title_and_date_keep_their_folders() {
    let person = person();
    album(&person, "y", "Trip", &["a"]);
    person.backup(&[]).succeeds();
    album(&person, "x", "Trip", &["a", "a"]);
    album(&person, "z", "trip", &["a"]);
    person.backup(&[]).succeeds();
    let expected = [
        "2024/0101 Trip (1)/0001_a.jpg",
        "2024/0101 Trip (1)/0002_a.jpg",
        "2024/0101 Trip/0001_a.jpg",
        "2024/0101 trip/0001_a.jpg",
    ];
    assert_eq!(entries(&person), expected);
    agrees_with_the_disk(&person);

    // The first goes; the name of the second stays.
    lose(&person, "y");
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(entries(&person), [expected[0], expected[1], expected[3]]);
    assert_eq!(person.sql("SELECT count(*) FROM v_albums"), [["2"]]);
}

#[test]
fn an_album_follows_its_items() {
    let person = person();
    let expect = |items: &[&str], expected: &[&str]| {
        album(&person, "x", "Summer", items);
        person.backup(&[]).succeeds();
        assert_eq!(entries(&person), expected);
        agrees_with_the_disk(&person);
    };
    expect(&["d", "a"], &["2024/0104 Summer/0001_d.jpg", "2024/0104 Summer/0002_a.jpg"]);
    expect(&["a", "d"], &["2024/0104 Summer/0001_a.jpg", "2024/0104 Summer/0002_d.jpg"]);
    expect(
        &["a", "b", "d"],
        &[
            "2024/0104 Summer/0001_a.jpg",
            "2024/0104 Summer/0002_b.jpg",
            "2024/0104 Summer/0003_d.jpg",
        ],
    );
    // Its latest item goes, and with it its date.
    expect(&["b"], &["2024/0102 Summer/0001_b.jpg"]);
    expect(&[], &[]);
    assert!(!person.path("albums/2024").exists());
}

#[test]
fn an_album_follows_its_title_and_date() {
    let person = person();
    album(&person, "x", "Summer", &["b"]);
    person.backup(&[]).succeeds();

    album(&person, "x", "A/B \u{1b}", &["b"]);
    person.backup(&[]).succeeds();
    assert_eq!(entries(&person), ["2024/0102 A_B _/0001_b.jpg"]);

    take(&person, "b", "2025-12-31T23:59:59Z");
    album(&person, "x", "", &["b"]);
    person.backup(&[]).succeeds();
    assert_eq!(entries(&person), ["2025/1231 Untitled/0001_b.jpg"]);
    assert!(!person.path("albums/2024").exists());
    agrees_with_the_disk(&person);
}

#[test]
fn albums_may_exchange_their_titles() {
    let person = person();
    for mode in ["symlink", "copy"] {
        album(&person, "x", "One", &["a", "c"]);
        album(&person, "y", "Two", &["a", "b", "c"]);
        album(&person, "z", "Three", &["c"]);
        person.backup(&["--albums", mode]).succeeds();
        album(&person, "x", "Two", &["a", "c"]);
        album(&person, "y", "Three", &["a", "b", "c"]);
        album(&person, "z", "One", &["c"]);

        person.backup(&["--albums", mode]).succeeds();

        let expected = [
            "2024/0103 One/0001_c.jpg",
            "2024/0103 Three/0001_a.jpg",
            "2024/0103 Three/0002_b.jpg",
            "2024/0103 Three/0003_c.jpg",
            "2024/0103 Two/0001_a.jpg",
            "2024/0103 Two/0002_c.jpg",
        ];
        assert_eq!(entries(&person), expected, "{mode}");
        agrees_with_the_disk(&person);
        assert!(person.sql("SELECT * FROM v_history WHERE what = 'edited'").is_empty());
    }
}

#[test]
fn a_gone_album_keeps_its_folder_until_files_may_go() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b"]);
    person.backup(&[]).succeeds();
    lose(&person, "x");
    // Its links still follow their files.
    person.google().world(|world| world.rename("trip", "Journey"));

    person.backup(&[]).succeeds();
    let links = person.links();
    assert_eq!(links[0], ("albums/2024/0104 Summer/0001_d.jpg", "../../../drive/Journey/d.jpg"));
    assert_eq!(links.len(), 2);

    person.backup(&["--do-delete"]).succeeds();
    assert!(person.links().is_empty());
    assert!(!person.path("albums/2024").exists());
    assert!(person.sql("SELECT * FROM v_albums").is_empty());
}

#[test]
fn links_follow_their_files() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b"]);
    person.backup(&[]).succeeds();
    let untouched = identity(&person, "albums/2024/0104 Summer/0002_b.jpg");
    person.google().world(|world| {
        world.rename("trip", "Journey");
        world.rename("d", "e.jpg");
    });

    person.backup(&[]).succeeds();

    let links = person.links();
    assert_eq!(links[0], ("albums/2024/0104 Summer/0001_e.jpg", "../../../drive/Journey/e.jpg"));
    assert_eq!(links.len(), 2);
    assert_eq!(identity(&person, "albums/2024/0104 Summer/0002_b.jpg"), untouched);
    agrees_with_the_disk(&person);
}

#[test]
fn every_option_that_names_albums_is_followed_on_the_next_run() {
    let person = person();
    person.google().world(|world| world.add(Item::file("a2", "a.jpg", "other A").parent("trip")));
    person.backup(&[]).succeeds();
    take(&person, "a2", "2023-06-01T00:00:00Z");
    album(&person, "x", "Summer", &["a", "d", "a2"]);
    for (options, folder, names) in [
        (&[][..], "2024/0104 Summer", ["0001_a.jpg", "0002_d.jpg", "0003_a.jpg"]),
        (
            &["--album-date-by-first-photo"],
            "2023/0601 Summer",
            ["0001_a.jpg", "0002_d.jpg", "0003_a.jpg"],
        ),
        (&["--omit-album-date"], "Summer", ["0001_a.jpg", "0002_d.jpg", "0003_a.jpg"]),
        (&["--use-flat-path"], "2024-0104 Summer", ["0001_a.jpg", "0002_d.jpg", "0003_a.jpg"]),
        (&["--no-album-sorting"], "2024/0104 Summer", ["a (1).jpg", "a.jpg", "d.jpg"]),
        (
            &["--use-flat-path", "--omit-album-date"],
            "Summer",
            ["0001_a.jpg", "0002_d.jpg", "0003_a.jpg"],
        ),
    ] {
        person.backup(options).succeeds();
        let expected = names.map(|name| format!("{folder}/{name}"));
        assert_eq!(entries(&person), expected, "{options:?}");
        let path = person.sql("SELECT path FROM v_albums");
        assert_eq!(path, [[format!("albums/{folder}")]]);
    }
    person.backup(&["--albums", "none"]).succeeds();
    assert_eq!(entries(&person), [""; 0]);
    // What is in it by Google's word can be asked for all the same.
    let rows = person.sql("SELECT * FROM v_album_items ORDER BY position");
    let expected = [
        ["", "1", "drive/a.jpg", "Summer"],
        ["", "2", "drive/Trip/d.jpg", "Summer"],
        ["", "3", "drive/Trip/a.jpg", "Summer"],
    ];
    assert_eq!(rows, expected);
}

#[test]
fn albums_are_left_alone_where_that_is_wanted() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b"]);
    person.backup(&[]).succeeds();
    let before = person.links();
    album(&person, "x", "Winter", &["b"]);

    person.backup(&["--skip-albums"]).succeeds();

    assert_eq!(person.links(), before);
    // What stands there is told, not what will once the albums are built.
    agrees_with_the_disk(&person);
}

#[test]
fn a_copy_that_went_to_the_trash_is_purged_with_its_day_and_no_matter_to_undo() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b"]);
    person.backup(&["--albums", "copy"]).succeeds();
    person.google().world(|world| world.delete("a"));

    person.backup(&["--albums", "copy", "--do-delete"]).succeeds();

    let state = person.path(".gphotos-sync/trash");
    let day = || fs::read_dir(&state).unwrap().next().map(|day| day.unwrap().path());
    let today = day().unwrap();
    let copy = today.join("albums/2024/0102 Summer/0001_a.jpg");
    assert!(copy.exists());
    let undone = person.run(&["undo", "archive"]).succeeds();
    assert!(undone.stdout.contains("1 file"), "{}", undone.stdout);
    person.backup(&["--albums", "copy", "--do-delete"]).succeeds();
    agrees_with_the_disk(&person);
    assert_eq!(entries(&person).len(), 2);
    assert!(copy.exists());

    age(&today, &state.join("2020-01-01"));
    person.backup(&["--albums", "copy", "--do-delete"]).succeeds();
    assert!(day().is_none(), "{:?}", day());
}

#[expect(clippy::disallowed_methods, reason = "the test turns back the calendar")]
fn age(day: &std::path::Path, to: &std::path::Path) {
    fs::rename(day, to).unwrap();
}
