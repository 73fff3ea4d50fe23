//! An archive that is only looked at.

use super::*;

#[test]
fn an_archive_that_is_only_looked_at_is_never_changed() {
    let mut here = Here::new();
    here.write("drive/mine", "mine");
    here.write("drive/a", "a");
    here.archive = Archive::read_only(here.dir.path()).unwrap();
    assert_eq!(here.archive.look(&path("drive/a")).unwrap().unwrap().size_bytes, 1);
    let archive = &here.archive;
    let a = path("drive/a");
    for (name, result) in [
        ("rename", archive.rename(&a, &path("drive/free"))),
        ("lift", archive.lift(&a, "1")),
        ("trash", archive.trash(&a, DAY).map(drop)),
        ("set_mtime", archive.set_mtime(&a, DateTime::UNIX_EPOCH)),
        ("symlink", archive.symlink(&path("drive/new"), "b", None)),
        ("stage", archive.stage(&PartialName::of("x")).map(drop)),
        ("lock", archive.lock("me").map(drop)),
        ("draft_state", archive.draft_state("manifest").map(drop)),
        ("append_state", archive.append_state("manifest", b"x")),
    ] {
        let error = result.unwrap_err();
        assert!(error.is_read_only(), "{name}: {error}");
    }
    assert_eq!(here.names("drive").len(), 2);
    assert_eq!(fs::read_dir(here.at(".gphotos-sync")).unwrap().count(), 2);
}

#[test]
fn where_there_is_no_folder_a_look_finds_nothing_and_makes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("not/there");
    let archive = Archive::read_only(&root).unwrap();
    assert_eq!(archive.root(), root);
    assert_eq!(archive.look(&path("drive/a")).unwrap(), None);
    assert_eq!(archive.read_link(&path("drive/a")).unwrap(), None);
    assert!(archive.open_file(&path("index.db")).unwrap_err().is_missing());
    assert_eq!(archive.holder().unwrap(), None);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(Archive::read_only(Path::new("/dev/null")).is_err());
}

#[test]
fn the_holder_of_the_lock_is_told_without_taking_it() {
    let here = Here::new();
    let other = Archive::read_only(here.dir.path()).unwrap();
    assert_eq!(other.holder().unwrap(), None);
    let lock = here.archive.lock("process 42, since noon").unwrap();
    assert_eq!(other.holder().unwrap().as_deref(), Some("process 42, since noon"));
    drop(lock);
    assert_eq!(other.holder().unwrap(), None);
    drop(here.archive.lock("process 43").unwrap());
}
