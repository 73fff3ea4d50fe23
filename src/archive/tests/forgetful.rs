//! The disk that forgets: what is durable stays, and what is not is lost.

use std::io::Write as _;

use super::super::faulty::{Forgetful, Loss};
use super::*;

/// Does `work` on a disk that forgets, then has it forget.
fn after_a_power_cut(work: impl FnOnce(&Here)) -> Here {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    Archive::create(&root).unwrap();
    let mut file = fs::File::create(root.join("old")).unwrap();
    file.write_all(b"old").unwrap();
    let disk = Arc::new(Forgetful::beside(&root).unwrap());
    let archive = Archive::open_with(&root, disk.clone()).unwrap();
    let here = Here { dir, archive };
    work(&here);
    disk.lose(Loss::All).unwrap();
    here
}

fn text(here: &Here, name: &str) -> Option<String> {
    fs::read_to_string(here.archive.root().join(name)).ok()
}

#[test]
fn a_state_file_that_was_committed_stays_and_one_that_was_not_is_as_it_was() {
    let here = after_a_power_cut(|here| {
        let mut draft = here.archive.draft_state("kept").unwrap();
        draft.write_all(b"kept").unwrap();
        draft.commit().unwrap();
        let mut draft = here.archive.draft_state("kept").unwrap();
        draft.write_all(b"never").unwrap();
        draft.flush().unwrap();
    });
    assert_eq!(text(&here, ".gphotos-sync/kept").as_deref(), Some("kept"));
    assert_eq!(text(&here, ".gphotos-sync/kept.new"), None);
}

#[test]
fn a_rename_is_undone_with_the_folders_that_were_made_for_it() {
    let here = after_a_power_cut(|here| {
        here.archive.rename(&path("old"), &path("drive/a/b")).unwrap();
    });
    assert_eq!(text(&here, "old").as_deref(), Some("old"));
    assert!(!here.archive.root().join("drive").exists());

    let here = after_a_power_cut(|here| {
        here.archive.rename(&path("old"), &path("drive/a/b")).unwrap();
        here.archive.make_durable(&[path("old"), path("drive/a/b")]).unwrap();
    });
    assert_eq!(text(&here, "old"), None);
    assert_eq!(text(&here, "drive/a/b").as_deref(), Some("old"));
}

#[test]
fn what_was_removed_comes_back_and_so_do_folders() {
    let here = after_a_power_cut(|here| {
        here.archive.rename(&path("old"), &path("drive/a/b")).unwrap();
        here.archive.make_durable(&[path("old"), path("drive/a/b")]).unwrap();
        here.archive.remove_file(&path("drive/a/b")).unwrap();
        here.archive.prune_folder(&path("drive/a")).unwrap();
    });
    assert_eq!(text(&here, "drive/a/b").as_deref(), Some("old"));
}

#[test]
fn what_was_placed_stays_and_has_one_name() {
    let here = after_a_power_cut(|here| {
        let ready = here.archive.stage_bytes(&PartialName::of("x"), b"new", None).unwrap();
        one(here.archive.place(&[placing(ready, &path("drive/x"))])).unwrap();
    });
    assert_eq!(text(&here, "drive/x").as_deref(), Some("new"));
    let staged = here.archive.names_in(&path(".gphotos-sync/partial")).unwrap();
    assert!(staged.is_empty(), "{staged:?}");
}
