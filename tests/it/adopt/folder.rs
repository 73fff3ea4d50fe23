//! Any folder of pictures.

use std::fs::{self, File};

use super::{DATED, Old};

#[test]
fn pictures_are_linked_into_their_months_and_stay_where_they_are() {
    let old = Old::new();
    old.write("a/camera.jpg", DATED).write("b/IMG_20200203_112233.jpg", "named");
    old.write("2018/07/scan.png", "by its folder").write("notes.txt", "no picture");
    old.write("c/nothing known.gif", "undated");
    old.touch("b/IMG_20200203_112233.jpg", 1_500_000_000);
    let before = old.left();
    old.adopt(&[]).succeeds();
    assert_eq!(
        old.paths(),
        [
            "photos/2018/07/scan.png",
            "photos/2019/07/camera.jpg",
            "photos/2020/02/IMG_20200203_112233.jpg",
            "photos/undated/nothing known.gif",
        ]
    );
    assert_eq!(old.left(), before);
    assert!(old.is_one_file("photos/2019/07/camera.jpg", "a/camera.jpg"));
    // The time of a file is one by all its names: it was not touched.
    assert_eq!(old.person.mtime_ms("photos/2020/02/IMG_20200203_112233.jpg"), 1_500_000_000_000);
    let rows = old.person.sql("SELECT name, taken_from, state, source FROM v_files ORDER BY path");
    assert_eq!(
        rows,
        [
            ["scan.png", "folder", "saved", "adopted"],
            ["camera.jpg", "exif_offset", "saved", "adopted"],
            ["IMG_20200203_112233.jpg", "name", "saved", "adopted"],
            ["nothing known.gif", "", "saved", "adopted"],
        ]
    );
    old.person.run(&["verify", "archive"]).succeeds();
}

#[test]
fn taking_it_over_again_does_nothing() {
    let old = Old::new();
    old.write("camera.jpg", DATED).write("other.jpg", "other");
    old.adopt(&[]).succeeds();
    let before = old.person.files();
    old.adopt(&[]).succeeds();
    assert_eq!(old.person.files(), before);
    assert_eq!(old.person.sql("SELECT added FROM v_runs"), [["2"], ["0"]]);
    // Nor does the nightly run do anything with it.
    old.person.backup(&[]).succeeds();
    assert_eq!(old.person.files(), before);
}

#[test]
fn equal_bytes_are_one_file() {
    let old = Old::new();
    old.write("a/one.jpg", DATED).write("b/the same.jpg", DATED);
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/one.jpg"]);
    assert_eq!(old.left(), ["a/one.jpg", "b/the same.jpg"]);
}

#[test]
fn moved_files_go_from_where_they_were_and_nothing_else_does() {
    let old = Old::new();
    old.write("a/one.jpg", DATED).write("b/the same.jpg", DATED).write("b/notes.txt", "no picture");
    old.adopt(&["--move"]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/one.jpg"]);
    assert_eq!(old.left(), ["b/notes.txt"]);
    // It is the archive's own now, and bears its own time.
    let taken = old.person.sql("SELECT unixepoch(taken_at) * 1000 FROM v_files");
    assert_eq!(old.person.mtime_ms("photos/2019/07/one.jpg").to_string(), taken[0][0]);
    old.person.run(&["verify", "archive"]).succeeds();
}

#[test]
fn copied_files_are_files_of_their_own() {
    let old = Old::new();
    old.write("one.jpg", DATED);
    old.adopt(&["--copy"]).succeeds();
    assert_eq!(old.left(), ["one.jpg"]);
    assert!(!old.is_one_file("photos/2019/07/one.jpg", "one.jpg"));
}

#[test]
fn what_lies_in_the_archive_is_moved_within_it() {
    let old = Old::at("archive/phone");
    old.write("DCIM/one.jpg", DATED).write("DCIM/IMG_20200203_112233.jpg", "named");
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/one.jpg", "photos/2020/02/IMG_20200203_112233.jpg"]);
    assert_eq!(old.person.sql("SELECT added, moved FROM v_runs"), [["0", "2"]]);
}

#[test]
fn a_dry_run_tells_the_plan_and_writes_nothing() {
    let old = Old::new();
    old.write("one.jpg", DATED);
    let told = old.adopt(&["--dry-run"]).succeeds();
    assert!(told.stdout.contains("+ photos/2019/07/one.jpg"), "{}", told.stdout);
    assert!(!old.person.path("").exists());
}

#[test]
fn what_a_person_deleted_from_the_archive_comes_again_from_where_it_lay() {
    let old = Old::new();
    old.write("one.jpg", DATED);
    old.adopt(&[]).succeeds();
    old.person.remove("photos/2019/07/one.jpg");
    old.person.backup(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/one.jpg"]);
    assert!(old.is_one_file("photos/2019/07/one.jpg", "one.jpg"));
}

#[test]
fn what_is_nowhere_any_more_is_told_once_and_what_may_come_back_until_it_does() {
    let old = Old::new();
    old.write("one.jpg", DATED).write("two.jpg", "two");
    old.adopt(&["--move"]).succeeds();
    old.person.remove("photos/2019/07/one.jpg");
    let told = old.person.backup(&[]).ends_with(8);
    assert!(told.stdout.contains("in the archive no more"), "{}", told.stdout);
    old.person.backup(&[]).succeeds();
    assert_eq!(old.person.sql("SELECT name, state FROM v_files"), [["two.jpg", "saved"]]);
    // It turns up elsewhere.
    old.write("found.jpg", DATED);
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/found.jpg", "photos/undated/two.jpg"]);

    old.person.remove("photos/2019/07/found.jpg");
    let away = old.from.with_extension("away");
    let rename = |from, to| rustix::fs::rename(from, to).unwrap();
    rename(&old.from, &away);
    old.person.backup(&[]).ends_with(8);
    old.person.backup(&[]).ends_with(8);
    rename(&away, &old.from);
    old.person.backup(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/found.jpg", "photos/undated/two.jpg"]);
}

#[test]
fn what_is_changed_by_its_other_name_is_kept_and_told() {
    let old = Old::new();
    old.write("one.jpg", DATED);
    old.adopt(&[]).succeeds();
    old.write("one.jpg", "edited in its place, by a program that keeps the file");
    old.person.backup(&[]).ends_with(8);
    old.person.backup(&[]).succeeds();
    // It may be taken over as what it is now.
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/undated/one.jpg"]);
    assert_eq!(old.left(), ["one.jpg"]);
}

#[test]
fn nothing_is_taken_away_for_a_file_that_is_damaged_in_the_archive() {
    let old = Old::new();
    old.write("one.jpg", "the only good copy");
    old.adopt(&["--copy"]).succeeds();
    let path = "photos/undated/one.jpg";
    let time = fs::metadata(old.person.path(path)).unwrap().modified().unwrap();
    old.person.write(path, "rotten bits on it!");
    let file = File::options().write(true).open(old.person.path(path)).unwrap();
    file.set_modified(time).unwrap();
    old.adopt(&["--move"]).ends_with(8).complains(&["one.jpg: it stays here", "verify"]);
    assert_eq!(old.left(), ["one.jpg"]);
    // `verify` finds it, and from then on it can be had again.
    old.person.run(&["verify", "archive"]).ends_with(8);
}
