//! Moves, the trash, links, folders.

use super::*;

#[test]
fn a_move_cut_between_link_and_unlink_is_finished() {
    let here = Here::new();
    here.write("drive/a", "bytes");
    fs::hard_link(here.dir.path().join("drive/a"), here.dir.path().join("drive/b")).unwrap();
    here.archive.rename(&path("drive/a"), &path("drive/b")).unwrap();
    assert_eq!(here.names("drive"), ["b"]);
    here.archive.rename(&path("drive/b"), &path("drive/b")).unwrap();
    assert_eq!(here.read("drive/b"), "bytes");
}

#[test]
fn a_file_that_takes_its_own_folders_name_is_made_durable() {
    let here = Here::new();
    here.write("drive/trip/a", "A");
    let [from, aside, to] = ["drive/trip/a", "drive/b", "drive/trip"].map(path);
    here.archive.rename(&from, &aside).unwrap();
    here.archive.prune_folder(&from.parent().unwrap()).unwrap();
    here.archive.rename(&aside, &to).unwrap();
    here.archive.make_durable(&[from, to]).unwrap();
    assert_eq!(here.read("drive/trip"), "A");
}

#[test]
fn three_files_change_names_in_a_circle() {
    let here = Here::new();
    for (name, bytes) in [("a", "A"), ("b", "B"), ("c", "C")] {
        here.write(&format!("drive/{name}"), bytes);
    }
    here.archive.lift(&path("drive/a"), "17").unwrap();
    here.archive.rename(&path("drive/c"), &path("drive/a")).unwrap();
    here.archive.rename(&path("drive/b"), &path("drive/c")).unwrap();
    assert_eq!(here.archive.lifted().unwrap(), ["17"]);
    here.archive.settle("17", &path("drive/b")).unwrap();
    let moved = [path("drive/a"), path("drive/b"), here.archive.lifted_path("17").unwrap()];
    here.archive.make_durable(&moved).unwrap();
    assert_eq!(["a", "b", "c"].map(|name| here.read(&format!("drive/{name}"))), ["C", "A", "B"]);
    assert!(here.archive.lifted().unwrap().is_empty());
    let out = here.archive.lift(&path("drive/a"), "../../x");
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
}

#[test]
fn the_trash_keeps_everything_that_comes() {
    let here = Here::new();
    let kept: Vec<_> = [("drive/x", "file"), ("drive/x", "again"), ("drive/x/y.jpg", "below")]
        .into_iter()
        .map(|(name, bytes)| {
            here.write(name, bytes);
            let trashed = here.archive.trash(&path(name), DAY).unwrap();
            assert_eq!(here.read(trashed.as_str()), bytes);
            trashed.as_str().rsplit_once(DAY).unwrap().1.to_owned()
        })
        .collect();
    assert_eq!(kept, ["/drive/x", "/drive/x (1)", "/drive/x (2)/y.jpg"]);
    let out = here.archive.trash(&path("drive/x"), "../../..");
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
}

#[test]
fn hostile_names_are_names_like_any_other() {
    let here = Here::new();
    let long = format!("{}a", "é".repeat(127));
    for name in ["a\nb", "\u{1b}[2J", "..a", " ", "-rf", "日本 🏖", "*?\"<>|\\", &long] {
        let at = path("drive").join(name).unwrap();
        here.write("old", "bytes");
        here.archive.rename(&path("old"), &at).unwrap();
        let trashed = here.archive.trash(&at, DAY).unwrap();
        here.archive.rename(&trashed, &at).unwrap();
        here.archive
            .symlink(&path("albums").join(name).unwrap(), &format!("../{at}"), None)
            .unwrap();
        assert_eq!(fs::read_to_string(here.dir.path().join("albums").join(name)).unwrap(), "bytes");
        here.write("old", "second");
        here.archive.rename(&path("old"), &path("drive").join("next").unwrap()).unwrap();
        here.archive.trash(&path("drive/next"), DAY).unwrap();
    }
    let error = here.archive.open_file(&path("drive/\u{1b}[2J\n")).unwrap_err();
    assert!(error.is_missing());
    assert_eq!(error.to_string(), "could not open drive/\\u{1b}[2J\\n");
    let too_long = here.archive.rename(&path("drive/..a"), &path(&"x".repeat(256)));
    assert!(too_long.unwrap_err().is_name_too_long());
}

#[test]
fn links_are_made_replaced_and_removed_and_have_their_own_time() {
    let here = Here::new();
    here.write("drive/a", "A");
    here.write("drive/b", "B");
    let link = path("albums/2024/0102 Trip/0001_a");
    let time = Utc.timestamp_opt(-1, 5).unwrap();
    for (text, bytes) in [("../../../drive/a", "A"), ("../../../drive/b", "B")] {
        here.archive.symlink(&link, text, Some(time)).unwrap();
        assert_eq!(here.archive.read_link(&link).unwrap().unwrap(), text);
        assert_eq!(here.read(link.as_str()), bytes);
        let seen = here.archive.look(&link).unwrap().unwrap();
        assert_eq!((seen.sort, seen.mtime_ns), (Sort::Symlink, -999_999_995));
    }
    assert!(here.archive.look(&path("drive/a")).unwrap().unwrap().mtime_ns > 0);
    here.archive.unlink_symlink(&link).unwrap();
    here.archive.unlink_symlink(&link).unwrap();
    assert_eq!(here.archive.read_link(&link).unwrap(), None);
    assert_eq!(here.read("drive/b"), "B");
    assert!(here.names(".gphotos-sync/partial").is_empty());
}

#[test]
fn a_link_takes_no_files_place_and_a_file_is_not_removed_as_a_link() {
    let here = Here::new();
    here.write("drive/a", "A");
    let at = path("drive/a");
    assert!(matches!(here.archive.symlink(&at, "b", None), Err(Error::Occupied(_))));
    assert!(matches!(here.archive.unlink_symlink(&at), Err(Error::NotPlain { .. })));
    assert!(matches!(here.archive.read_link(&at), Err(Error::NotPlain { .. })));
    let out = here.archive.symlink(&path("drive/b"), "/etc/passwd", None);
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
    assert_eq!(here.read("drive/a"), "A");
}

#[test]
fn a_link_draft_that_a_crash_left_does_no_harm() {
    let here = Here::new();
    let link = path("albums/a");
    here.archive.draft_link(&link, "stale", None).unwrap();
    here.archive.symlink(&link, "b", None).unwrap();
    assert_eq!(here.archive.read_link(&link).unwrap().unwrap(), "b");
}

#[test]
fn emptied_folders_go_up_to_the_top_one_and_no_further() {
    let here = Here::new();
    fs::create_dir_all(here.dir.path().join("drive/a/b/c")).unwrap();
    here.write("drive/a/keep", "x");
    here.archive.prune_folder(&path("drive/a/b/c")).unwrap();
    assert_eq!(here.names("drive/a"), ["keep"]);
    here.archive.trash(&path("drive/a/keep"), DAY).unwrap();
    here.archive.prune_folder(&path("drive/a/gone")).unwrap();
    assert!(here.names("drive").is_empty());
}
