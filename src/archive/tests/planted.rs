//! What somebody planted in the archive leads nowhere.

use super::*;

#[test]
fn a_planted_symlink_leads_nowhere_for_any_operation() {
    let here = Here::new();
    let outside = tempfile::tempdir().unwrap();
    here.write("drive/inside/a", "inside");
    here.write("drive/mine", "mine");
    fs::write(outside.path().join("a"), "outside").unwrap();
    let drive = here.dir.path().join("drive");
    symlink("inside", drive.join("x")).unwrap();
    symlink(outside.path(), drive.join("y")).unwrap();
    symlink("x", drive.join("z")).unwrap();
    symlink("mine", drive.join("w")).unwrap();
    for planted in ["drive/x", "drive/y", "drive/z", "drive/w", "drive/mine"] {
        for (operation, result) in here.every_operation(&path(planted).join("a").unwrap()) {
            let blocked =
                matches!(&result, Err(Error::Blocked { by, .. }) if by.as_str() == planted);
            assert!(blocked, "{operation} below {planted}: {result:?}");
        }
    }
    assert_eq!([here.read("drive/inside/a"), here.read("drive/mine")], ["inside", "mine"]);
    assert_eq!(fs::read_to_string(outside.path().join("a")).unwrap(), "outside");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(here.names("drive/inside"), ["a"]);
}

#[test]
fn a_planted_state_folder_is_not_used() {
    let outside = tempfile::tempdir().unwrap();
    let dir = tempfile::tempdir().unwrap();
    symlink(outside.path(), dir.path().join(".gphotos-sync")).unwrap();
    assert!(matches!(Archive::create(dir.path()), Err(Error::Blocked { .. })));
    let archive = Archive::open(dir.path()).unwrap();
    assert!(matches!(archive.lock("me"), Err(Error::Blocked { .. })));
    assert!(matches!(archive.draft_state("manifest"), Err(Error::Blocked { .. })));
    assert!(matches!(archive.stage(&PartialName::of("a")), Err(Error::Blocked { .. })));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_symlink_in_a_files_place_is_not_read_or_written_through() {
    let here = Here::new();
    here.write("secret", "secret");
    symlink("secret", here.dir.path().join("a")).unwrap();
    assert!(matches!(here.archive.open_file(&path("a")), Err(Error::NotPlain { .. })));
    let name = PartialName::of("x");
    symlink("../../secret", here.dir.path().join(name.path().unwrap().as_str())).unwrap();
    assert!(matches!(here.archive.stage(&name), Err(Error::NotPlain { .. })));
    symlink("../secret", here.dir.path().join(".gphotos-sync/lock")).unwrap();
    assert!(matches!(here.archive.lock("me"), Err(Error::NotPlain { .. })));
    here.archive.set_mtime(&path("a"), DateTime::UNIX_EPOCH).unwrap();
    assert_ne!(here.archive.look(&path("secret")).unwrap().unwrap().mtime_ns, 0);
    assert_eq!(here.read("secret"), "secret");
}

#[test]
fn nothing_is_written_through_a_second_name_that_leads_outside() {
    let here = Here::new();
    let outside = tempfile::tempdir().unwrap();
    let plant = |name: &str| {
        let other = outside.path().join(name);
        fs::write(&other, "mine").unwrap();
        let planted = here.dir.path().join(".gphotos-sync").join(name);
        drop(fs::remove_file(&planted));
        fs::hard_link(&other, &planted).unwrap();
    };
    for name in ["lock", "manifest", "manifest.new", "copy", "manifest.own"] {
        plant(name);
    }
    let partial = PartialName::of("x");
    let partial_path = partial.path().unwrap();
    plant(partial_path.as_str().strip_prefix(".gphotos-sync/partial/").unwrap());
    fs::hard_link(
        outside.path().join(partial_path.name()),
        here.dir.path().join(partial_path.as_str()),
    )
    .unwrap();

    let lock = here.archive.lock("me").unwrap();
    here.archive.append_state("manifest", b" and ours").unwrap();
    assert_eq!(here.read(".gphotos-sync/manifest"), "mine and ours", "what was there is kept");
    let mut draft = here.archive.draft_state("manifest").unwrap();
    std::io::Write::write_all(&mut draft, b"new").unwrap();
    draft.commit().unwrap();
    here.archive.empty_state("copy").unwrap();
    drop(here.archive.stage_bytes(&partial, b"staged", None).unwrap());

    for other in fs::read_dir(outside.path()).unwrap() {
        let other = other.unwrap().path();
        assert_eq!(fs::read_to_string(&other).unwrap(), "mine", "{}", other.display());
    }
    assert_eq!(here.read(".gphotos-sync/manifest"), "new");
    assert_eq!(here.read(".gphotos-sync/copy"), "");
    assert!(here.archive.holder().unwrap().is_some(), "the lock is held by its new file");
    assert!(matches!(here.archive.lock("another"), Err(Error::Locked { .. })));
    drop(lock);
    assert_eq!(here.archive.holder().unwrap(), None);
}

// Other systems make pipes by other calls.
#[cfg(target_os = "linux")]
#[test]
fn a_planted_pipe_holds_nobody_up() {
    let here = Here::new();
    let pipe = rustix::fs::FileType::Fifo;
    let made = rustix::fs::mknodat(here.archive.handle(), "pipe", pipe, Mode::RWXU, 0);
    made.unwrap();
    assert!(matches!(here.archive.open_file(&path("pipe")), Err(Error::NotPlain { .. })));
    assert_eq!(here.archive.look(&path("pipe")).unwrap().unwrap().sort, Sort::Other);
}
