//! Folders with things in them that no camera makes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{DATED, Old};

#[test]
#[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
fn what_is_no_plain_file_is_told_and_the_rest_comes() {
    let old = Old::new();
    old.write("fine.jpg", DATED).write("._fine.jpg", "a shadow").write(".hidden/x.jpg", "hidden");
    old.write("@eaDir/fine.jpg", "a preview");
    mknodat(CWD, old.from.join("pipe.jpg"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    old.link("around.jpg", "again.jpg").link("again.jpg", "around.jpg");
    old.link("out.jpg", "/etc/passwd").link("up.jpg", "../../etc/passwd");
    old.link("nowhere.jpg", "nothing.jpg").link("loop", ".").link("to a folder.jpg", "sub");
    old.write("sub/other.jpg", "other");
    fs::write(old.from.join(OsStr::from_bytes(b"bad\xff.jpg")), "bad").unwrap();
    let before = old.left();
    let told = old.adopt(&[]).ends_with(8).complains(&[
        "pipe.jpg: it is no file but a pipe",
        "around.jpg: it is a link that leads in a circle",
        "out.jpg: it is a link that leads out",
        "up.jpg: it is a link that leads out",
        "nowhere.jpg: it is a link that leads nowhere",
        "no text (UTF-8)",
    ]);
    assert!(!told.stderr.contains("to a folder"), "{}", told.stderr);
    assert_eq!(old.paths(), ["photos/2019/07/fine.jpg", "photos/undated/other.jpg"]);
    assert_eq!(old.left(), before);
    // It is told of once: it is nothing that the nightly run could mend.
    assert_eq!(old.person.sql("SELECT count(*) FROM v_problems WHERE source = 'adopted'"), [["7"]]);
    old.person.backup(&[]).succeeds();
}

#[test]
fn a_link_that_a_person_planted_in_the_archive_leads_nothing_out() {
    let old = Old::new();
    old.write("fine.jpg", DATED);
    let elsewhere = old.person.home().join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(old.person.path("photos")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, old.person.path("photos/2019")).unwrap();
    old.adopt(&["--move"]).ends_with(8);
    assert_eq!(old.left(), ["fine.jpg"], "what has no place in the archive stays");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_read_is_told() {
    let old = Old::new();
    old.write("fine.jpg", DATED).write("secret.jpg", "secret").write("folder/x.jpg", "x");
    let forbid = |path: &str| {
        fs::set_permissions(old.from.join(path), fs::Permissions::from_mode(0o000)).unwrap();
    };
    forbid("secret.jpg");
    forbid("folder");
    let ran = old.adopt(&["--move"]);
    let may_all = fs::read_dir(old.from.join("folder")).is_ok();
    fs::set_permissions(old.from.join("folder"), fs::Permissions::from_mode(0o700)).unwrap();
    if may_all {
        // Who may read everything is told of nothing.
        ran.succeeds();
        return;
    }
    ran.ends_with(8).complains(&["secret.jpg", "folder"]);
    assert_eq!(old.paths(), ["photos/2019/07/fine.jpg"]);
    assert_eq!(old.left(), ["folder/x.jpg", "secret.jpg"]);
}

#[test]
fn the_archive_may_lie_in_the_folder() {
    let old = Old::at("");
    old.write("Pictures/fine.jpg", DATED);
    old.adopt(&[]).succeeds();
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/fine.jpg"]);
    assert_eq!(old.person.sql("SELECT added FROM v_runs"), [["1"], ["0"]]);
}

#[test]
fn folders_that_are_no_person_s_are_refused() {
    let old = Old::at("archive/drive");
    old.write("fine.jpg", DATED);
    old.adopt(&["--move"]).ends_with(2).complains(&["Drive's"]);
    assert_eq!(old.left(), ["fine.jpg"]);
    let old = Old::new();
    let run = |from: &str| old.person.run(&["adopt", "archive", from]);
    run("missing").ends_with(2).complains(&["missing", "no such folder"]);
    assert!(!old.person.path("").exists(), "nothing was made");
    old.person.backup(&[]).succeeds();
    run("archive/.gphotos-sync").ends_with(2).complains(&["archive's own"]);
    run("archive/albums").ends_with(2);
}
