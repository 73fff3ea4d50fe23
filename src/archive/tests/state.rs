//! The lock and the program's own files.

use super::*;

#[test]
fn a_second_run_is_told_who_holds_the_archive() {
    let here = Here::new();
    here.write(".gphotos-sync/lock", "a longer text that a dead run left there");
    let other = Archive::open(here.dir.path()).unwrap();
    let lock = here.archive.lock("process 42, since noon").unwrap();
    match other.lock("process 43") {
        Err(Error::Locked { by }) => assert_eq!(by, "process 42, since noon"),
        other => panic!("{other:?}"),
    }
    drop(lock);
    let lock = other.lock("process 43").unwrap();
    let text = here.read(".gphotos-sync/lock");
    assert_eq!(text.lines().next(), Some("process 43"));
    assert_eq!(text.lines().count(), 2, "{text}");
    drop(lock);
    assert_eq!(here.read(".gphotos-sync/lock"), "");
}

#[test]
fn state_files_are_written_whole_or_not_at_all() {
    let here = Here::new();
    assert!(here.archive.open_state("manifest").unwrap().is_none());
    let big = vec![b'7'; 200_000];
    let mut draft = here.archive.draft_state("manifest").unwrap();
    for piece in big.chunks(999) {
        std::io::Write::write_all(&mut draft, piece).unwrap();
    }
    draft.commit().unwrap();
    assert!(here.read(".gphotos-sync/manifest").into_bytes() == big);
    let mut draft = here.archive.draft_state("manifest").unwrap();
    std::io::Write::write_all(&mut draft, b"small").unwrap();
    drop(draft);
    assert!(here.read(".gphotos-sync/manifest").into_bytes() == big);
    here.archive.append_state("journal", b"a\n").unwrap();
    here.archive.append_state("journal", b"b\n").unwrap();
    assert_eq!(here.read(".gphotos-sync/journal"), "a\nb\n");
    let out = here.archive.draft_state("../x");
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
}

#[test]
fn opening_changes_nothing_and_the_state_folder_is_the_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::open(dir.path()).unwrap();
    assert_eq!(archive.look(&path("drive/a")).unwrap(), None);
    assert!(archive.lifted().unwrap().is_empty());
    assert_eq!(archive.forget_partials(|_| false).unwrap(), 0);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(archive.space().unwrap().free > 0);
    let new = dir.path().join("new/archive");
    assert!(Archive::open(&new).unwrap_err().is_missing());
    Archive::create(&new).unwrap();
    let mode = fs::metadata(new.join(".gphotos-sync")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
