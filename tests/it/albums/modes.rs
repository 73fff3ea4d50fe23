//! Albums of hard links and of copies: nothing is lost with them.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use gphotos_sync::sandbox::Item;

use super::{agrees_with_the_disk, album, entries, identity, index, lose, person};
use crate::support::Person;

const HARDLINK: &[&str] = &["--albums", "hardlink"];
const COPY: &[&str] = &["--albums", "copy"];

#[test]
fn each_mode_makes_what_it_says_and_one_follows_another() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b"]);
    let names = ["2024/0104 Summer/0001_d.jpg", "2024/0104 Summer/0002_b.jpg"];
    let pair = ["albums/2024/0104 Summer/0001_d.jpg", "drive/Trip/d.jpg"];
    for mode in ["symlink", "hardlink", "copy", "symlink", "copy", "hardlink", "symlink"] {
        person.backup(&["--albums", mode]).succeeds();

        assert_eq!(entries(&person), names, "{mode}");
        agrees_with_the_disk(&person);
        let [entry, target] = pair.map(|path| fs::symlink_metadata(person.path(path)).unwrap());
        assert_eq!(entry.is_symlink(), mode == "symlink");
        assert_eq!(entry.ino() == target.ino(), mode == "hardlink");
        assert_eq!(entry.modified().unwrap(), target.modified().unwrap());
    }
    assert!(!person.path(".gphotos-sync/trash/edited").exists());
}

#[test]
fn copies_follow_their_items_by_being_renamed() {
    let person = person();
    album(&person, "x", "Summer", &["d", "b"]);
    person.backup(COPY).succeeds();
    let ino = |path: &str| fs::metadata(person.path(path)).unwrap().ino();
    let copy = ino("albums/2024/0104 Summer/0001_d.jpg");

    // The file, its folder, the album's title and the order change at once.
    person.google().world(|world| {
        world.rename("trip", "Journey");
        world.rename("d", "e.jpg");
    });
    album(&person, "x", "Winter", &["b", "a", "d"]);
    person.backup(COPY).succeeds();

    let expected = [
        "2024/0104 Winter/0001_b.jpg",
        "2024/0104 Winter/0002_a.jpg",
        "2024/0104 Winter/0003_e.jpg",
    ];
    assert_eq!(entries(&person), expected);
    assert_eq!(ino("albums/2024/0104 Winter/0003_e.jpg"), copy);
    agrees_with_the_disk(&person);
}

#[test]
fn copies_of_one_name_may_exchange_their_places() {
    let person = person();
    person.google().world(|world| world.rename("d", "b.jpg"));
    album(&person, "x", "Summer", &["d", "b"]);
    let options = ["--albums", "copy", "--no-album-sorting"];
    for (order, bytes) in [(["d", "b"], ["BB", "DDDD"]), (["b", "d"], ["DDDD", "BB"])] {
        album(&person, "x", "Summer", &order);
        person.backup(&options).succeeds();
        let names = ["b (1).jpg", "b.jpg"].map(|name| format!("2024/0104 Summer/{name}"));
        assert_eq!(entries(&person), names);
        let found = names.map(|name| read(&person, &format!("albums/{name}")));
        assert_eq!(found, bytes);
    }
}

#[test]
fn albums_may_exchange_titles_over_copies_of_one_name() {
    let person = person();
    person.google().world(|world| {
        let other = Item::file("a2", "a.jpg", "another").parent("trip");
        world.add(other.created("2024-01-01T18:00:00Z"));
    });
    person.backup(COPY).succeeds();
    let path = |title: &str| format!("albums/2024/0101 {title}/0001_a.jpg");
    for (one, two) in [("One", "Two"), ("Two", "One")] {
        album(&person, "x", one, &["a"]);
        album(&person, "y", two, &["a2"]);

        person.backup(COPY).succeeds();

        assert_eq!([read(&person, &path(one)), read(&person, &path(two))], ["A", "another"]);
        assert_eq!(entries(&person).len(), 2);
        assert!(!person.path(".gphotos-sync/trash/edited").exists());
        agrees_with_the_disk(&person);
    }
}

#[test]
fn a_copy_that_a_person_edited_is_set_aside_and_made_anew() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b"]);
    person.backup(COPY).succeeds();
    let path = "albums/2024/0102 Summer/0002_b.jpg";
    // The second is as long as the original: only its bytes tell.
    for (round, work) in ["my own work", "ZZ"].into_iter().enumerate() {
        person.write(path, work);

        let run = person.backup(COPY).succeeds();

        assert_eq!(read(&person, path), "BB");
        let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited' ORDER BY at");
        assert!(kept[round][0].starts_with(".gphotos-sync/trash/edited/"), "{kept:?}");
        assert_eq!(read(&person, &kept[round][0]), work);
        run.complains(&[&format!("{path} was changed on this disk")]);
    }
    // It goes with its album no more than it stays in it.
    person.write(path, "once more");
    lose(&person, "x");
    person.backup(&["--albums", "copy", "--do-delete"]).succeeds();
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited' ORDER BY at");
    assert_eq!(read(&person, &kept[2][0]), "once more");
    assert_eq!(entries(&person), [""; 0]);
}

#[test]
fn a_copy_that_was_only_touched_gets_its_time_again() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b"]);
    person.backup(COPY).succeeds();
    let path = "albums/2024/0102 Summer/0002_b.jpg";
    let before = (person.mtime_ms(path), identity(&person, path).0);
    person.write(path, "BB");

    person.backup(COPY).succeeds();

    assert_eq!((person.mtime_ms(path), identity(&person, path).0), before);
    assert!(person.sql("SELECT * FROM v_history WHERE what = 'edited'").is_empty());
}

#[test]
fn a_newer_time_in_drive_is_followed_by_copies_and_second_names() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b"]);
    let path = "albums/2024/0102 Summer/0002_b.jpg";
    for (options, time) in [(COPY, "2025-01-01T00:00:00Z"), (HARDLINK, "2025-02-01T00:00:00Z")] {
        person.backup(options).succeeds();
        let before = identity(&person, path).0;
        person.google().world(|world| world.set_modified("b", time));

        person.backup(options).succeeds();

        assert_eq!(person.mtime_ms(path), person.mtime_ms("drive/b.jpg"));
        assert_eq!(identity(&person, path).0, before);
        assert!(!person.path(".gphotos-sync/trash/edited").exists());
    }
}

#[test]
fn newer_bytes_in_drive_come_to_the_album_and_the_older_are_not_lost() {
    for options in [COPY, HARDLINK] {
        let person = person();
        album(&person, "x", "Summer", &["a", "b"]);
        person.backup(options).succeeds();
        person.google().world(|world| world.edit("b", "newer"));

        person.backup(options).succeeds();

        assert_eq!(read(&person, "albums/2024/0102 Summer/0002_b.jpg"), "newer");
        agrees_with_the_disk(&person);
        let trash = trash(&person);
        assert!(
            trash.iter().any(|(path, text)| path.contains("/albums/") && text == "BB"),
            "{trash:?}"
        );
        assert!(!person.path(".gphotos-sync/trash/edited").exists());
    }
}

#[test]
fn a_copy_whose_bytes_are_nowhere_else_goes_to_the_trash() {
    for options in [COPY, HARDLINK] {
        let person = person();
        album(&person, "x", "Summer", &["a", "b"]);
        person.backup(options).succeeds();
        // The file is lost to the archive, and cannot be had again.
        index(&person)
            .execute_batch(
                "DELETE FROM holding WHERE item = (SELECT id FROM item WHERE remote_id = 'b');
                 DELETE FROM file WHERE path = 'drive/b.jpg';
                 UPDATE item SET due = 0 WHERE remote_id = 'b';",
            )
            .unwrap();

        person.backup(&[options, &["--skip-index"]].concat()).succeeds();

        assert_eq!(entries(&person), ["2024/0102 Summer/0001_a.jpg"]);
        let trash = trash(&person);
        assert_eq!(trash.len(), 1, "{trash:?}");
        assert!(trash[0].0.ends_with("/albums/2024/0102 Summer/0002_b.jpg"), "{trash:?}");
        assert_eq!(trash[0].1, "BB");
    }
}

#[test]
fn a_disk_without_reflinks_says_which_mode_works_there() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b"]);
    person.backup(&[]).succeeds();
    let before = entries(&person);

    let run = person.backup(&["--albums", "reflink"]).succeeds();

    // Where the tests run on a disk that can, copies stand there instead.
    assert_eq!(entries(&person), before);
    agrees_with_the_disk(&person);
    if person.links().is_empty() {
        assert!(!run.stderr.contains("reflink"), "{}", run.stderr);
    } else {
        run.complains(&["cannot share blocks between files (reflinks)", "--albums copy"]);
    }
    assert!(fs::read_dir(person.path(".gphotos-sync/partial")).unwrap().next().is_none());
}

fn read(person: &Person, path: &str) -> String {
    fs::read_to_string(person.path(path)).unwrap()
}

/// Every file in the trash, with its text.
fn trash(person: &Person) -> Vec<(String, String)> {
    let mut folders = vec![person.path(".gphotos-sync/trash")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.to_str().unwrap().to_owned(), text));
            }
        }
    }
    found
}
