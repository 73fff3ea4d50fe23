//! What a person does in albums/, and what is found there after the index was lost.

use std::fs;
use std::os::unix::fs::symlink;

use super::{album, entries, identity, index, lose, person, take};

#[test]
fn what_a_person_put_there_is_never_touched() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b", "c"]);
    let folder = "albums/2024/0103 Summer";
    let at = |name: &str| person.path(&format!("{folder}/{name}"));
    fs::create_dir_all(at("")).unwrap();
    person.write(&format!("{folder}/0001_a.jpg"), "my own");
    symlink("/etc/hosts", at("0002_b.jpg")).unwrap();
    person.write(&format!("{folder}/notes.txt"), "notes");

    person.backup(&[]).succeeds();

    let own =
        ["0001_a.jpg", "0002_b.jpg", "notes.txt"].map(|name| format!("2024/0103 Summer/{name}"));
    let ours = ["0001_a (1).jpg", "0002_b (1).jpg", "0003_c.jpg"];
    let mut all =
        [own.to_vec(), ours.map(|name| format!("2024/0103 Summer/{name}")).to_vec()].concat();
    all.sort();
    assert_eq!(entries(&person), all);
    assert_eq!(fs::read_link(at("0001_a (1).jpg")).unwrap().to_str(), Some("../../../drive/a.jpg"));

    // They put something in the place of a link, and the album goes.
    person.remove(&format!("{folder}/0003_c.jpg"));
    fs::create_dir(at("0003_c.jpg")).unwrap();
    lose(&person, "x");
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(entries(&person), own);
    assert!(at("0003_c.jpg").is_dir());
    assert_eq!(fs::read_to_string(at("0001_a.jpg")).unwrap(), "my own");
}

#[test]
fn a_link_that_a_person_took_away_comes_back() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b"]);
    person.backup(&[]).succeeds();
    let before = person.links();
    person.remove("albums/2024/0102 Summer/0001_a.jpg");
    person.backup(&[]).succeeds();
    assert_eq!(person.links(), before);
    fs::remove_dir_all(person.path("albums")).unwrap();
    person.backup(&[]).succeeds();
    assert_eq!(person.links(), before);
}

#[test]
fn a_planted_symlink_or_a_file_in_a_folders_place_leads_nowhere() {
    let person = person();
    album(&person, "x", "Summer", &["a"]);
    album(&person, "y", "Winter", &["b"]);
    take(&person, "b", "2023-01-01T00:00:00Z");
    let outside = person.path("../outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(person.path("albums/2023")).unwrap();
    symlink(&outside, person.path("albums/2024")).unwrap();
    person.write("albums/2023/0101 Winter", "a file");

    let run = person.backup(&[]).succeeds();

    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    run.complains(&["albums/2024/0101 Summer was not made", "albums/2024 is not a folder"]);
    assert!(person.path("albums/2023/0101 Winter (1)/0001_b.jpg").exists());
}

#[test]
fn what_a_killed_run_left_or_one_whose_index_was_lost_is_taken_up() {
    let person = person();
    album(&person, "x", "Summer", &["a", "b", "d"]);
    for mode in ["symlink", "hardlink", "copy"] {
        person.backup(&["--albums", mode]).succeeds();
        let before = entries(&person);
        let first = format!("albums/{}", before[0]);
        let untouched = identity(&person, &first);
        let db = index(&person);
        db.execute("DELETE FROM album_link", []).unwrap();
        db.execute("UPDATE album SET path = NULL, wanted = NULL", []).unwrap();

        person.backup(&["--albums", mode]).succeeds();

        assert_eq!(entries(&person), before, "{mode}");
        assert_eq!(identity(&person, &first), untouched, "{mode}");
        assert_eq!(person.sql("SELECT count(*) FROM album_link"), [["3"]]);
    }
}
