//! A run that takes over a folder may be stopped at each of its steps, by a kill or a power
//! cut: no bytes are lost, and the next run finishes it. And it does without what a disk lacks.

use std::collections::BTreeSet;
use std::fs;

use super::{DATED, Old};
use crate::support::Ran;
use crate::support::asked::every_step;

fn filled(path: &str) -> Old {
    let old = Old::at(path);
    old.write("a/camera.jpg", DATED).write("b/the same.jpg", DATED);
    old.write("b/IMG_20200203_112233.jpg", "named").write("c/IMG_20200203_112233.jpg", "another");
    old.write("photos/2020/02/IMG_20200203_112233 (1).jpg", "in its place, perhaps");
    old
}

/// All bytes that there are, in the trees of the archive and in the folder.
fn contents(old: &Old) -> BTreeSet<Vec<u8>> {
    let archived = if old.person.path("").exists() { old.paths() } else { Vec::new() };
    let archived = archived.into_iter().map(|path| old.person.path(&path));
    let left = old.left().into_iter().map(|path| old.from.join(path));
    let files = archived.chain(left).filter(|path| path.extension().is_some_and(|it| it == "jpg"));
    files.map(|path| fs::read(path).unwrap()).collect()
}

fn on_disk(old: &Old, orders: &str, options: &[&str]) -> Ran {
    let from = old.from.to_str().unwrap();
    let mut command = old.person.any_command(&[&["adopt", "archive", from][..], options].concat());
    Ran::of(command.env("GPHOTOS_SYNC_DISK", orders))
}

fn try_each_step(path: &str, options: &[&str], orders: &str) {
    let whole = contents(&filled(path));
    let mut tried = 0;
    for step in (1..).step_by(if every_step() { 1 } else { 5 }) {
        let old = filled(path);
        let told = format!("stop={step}{orders}");
        if on_disk(&old, &told, options).code.is_some() {
            break;
        }
        assert_eq!(contents(&old), whole, "{told} {options:?}: something is lost");
        old.adopt(options).succeeds();
        let held = old.person.sql("SELECT count(*) FROM v_files WHERE state = 'saved'");
        assert_eq!(held, [["4"]], "{told} {options:?}");
        assert_eq!(old.paths().len(), 4 + usize::from(path != "old"), "{told}: {:?}", old.paths());
        if options.contains(&"--move") {
            assert!(old.left().is_empty(), "{told}: {:?}", old.left());
        }
        old.person.run(&["verify", "archive"]).succeeds();
        tried += 1;
    }
    assert!(tried > 0, "nothing was stopped");
}

#[test]
fn linking_may_be_stopped_at_each_step() {
    try_each_step("old", &[], "");
}

#[test]
fn moving_may_be_stopped_at_each_step_by_a_power_cut() {
    try_each_step("old", &["--move"], ",lose");
}

#[test]
fn copying_may_be_stopped_at_each_step() {
    try_each_step("old", &["--copy"], ",lose");
}

#[test]
fn moving_within_the_archive_may_be_stopped_at_each_step() {
    try_each_step("archive/phone", &[], ",lose");
}

#[test]
fn where_no_file_has_two_names_linking_is_refused_and_moving_copies() {
    let old = filled("old");
    on_disk(&old, "without=links", &[]).ends_with(2).complains(&[
        "cannot be linked into the archive",
        "second name",
        "--copy",
        "--move",
    ]);
    on_disk(&old, "without=links", &["--move"]).succeeds();
    assert!(old.left().is_empty());
    assert_eq!(old.paths().len(), 4);
}

#[test]
fn on_a_disk_that_fills_up_nothing_is_lost() {
    let whole = contents(&filled("old"));
    for first in (6..60).step_by(3) {
        let old = filled("old");
        let told = format!("without=links,fail={first}+:ENOSPC");
        let ran = on_disk(&old, &told, &["--move"]);
        assert!(ran.code.is_some_and(|code| matches!(code, 0 | 5)), "{told}: {ran:?}");
        assert_eq!(contents(&old), whole, "{told}: something is lost");
        old.adopt(&["--move"]).succeeds();
        assert!(old.left().is_empty(), "{told}");
    }
}

#[test]
fn from_another_disk_nothing_is_linked_and_the_next_step_is_told() {
    use std::os::unix::fs::MetadataExt as _;
    let mut old = filled("old");
    let elsewhere = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let device = |path: &std::path::Path| fs::metadata(path).unwrap().dev();
    if device(elsewhere.path()) == device(&old.from) {
        // This machine has one disk only.
        return;
    }
    old.from = elsewhere.path().to_owned();
    old.write("one.jpg", DATED).write("two.jpg", "two");
    let words = ["lies on another file system", "--copy", "--move"];
    old.adopt(&[]).ends_with(2).complains(&words);
    assert_eq!(old.paths(), [""; 0].map(str::to_owned));
    old.adopt(&["--copy"]).succeeds();
    assert_eq!(old.left(), ["one.jpg", "two.jpg"]);
    old.adopt(&["--move"]).succeeds();
    assert!(old.left().is_empty());
    assert_eq!(old.paths(), ["photos/2019/07/one.jpg", "photos/undated/two.jpg"]);
}
