//! What is in the trash comes back or is deleted, and nothing else is.

use super::*;

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn only_folders_of_days_are_purged_and_no_symlink_in_them_is_followed() {
    for here in Here::each() {
        let trash = ".gphotos-sync/trash";
        here.write(&format!("{trash}/2026-01-02/drive/a/b.jpg"), "b");
        here.write(&format!("{trash}/2026-01-02/drive/c.jpg"), "c");
        here.write(&format!("{trash}/2026-01-03/drive/d.jpg"), "d");
        here.write(&format!("{trash}/edited/2026-01-02/drive/e.jpg"), "e");
        here.write(&format!("{trash}/2026-1-2/mine"), "mine");
        here.write("outside/precious.jpg", "precious");
        symlink(here.at("outside"), here.at(&format!("{trash}/2026-01-02/drive/a/out"))).unwrap();

        let days = here.archive.trash_days().unwrap();
        assert_eq!(days, [day("2026-01-02"), day("2026-01-03")]);
        assert_eq!(here.archive.purge_day(day("2026-01-02")).unwrap(), 3);

        assert_eq!(here.archive.trash_days().unwrap(), [day("2026-01-03")]);
        assert_eq!(here.read("outside/precious.jpg"), "precious");
        assert_eq!(here.read(&format!("{trash}/edited/2026-01-02/drive/e.jpg")), "e");
        assert_eq!(here.read(&format!("{trash}/2026-1-2/mine")), "mine");
    }
}

#[test]
fn a_day_that_is_a_symlink_is_not_purged() {
    let here = Here::new();
    here.write("outside/precious.jpg", "precious");
    symlink(here.at("outside"), here.at(".gphotos-sync/trash/2026-01-02")).unwrap();
    assert!(here.archive.purge_day(day("2026-01-02")).is_err());
    assert_eq!(here.read("outside/precious.jpg"), "precious");
}

#[test]
fn single_files_are_purged_from_days_only() {
    let here = Here::new();
    let file = ".gphotos-sync/trash/2026-01-02/drive/a/b.jpg";
    here.write(file, "b");
    here.archive.purge_file(&path(file)).unwrap();
    here.archive.purge_file(&path(file)).unwrap();
    assert!(here.names(".gphotos-sync/trash").is_empty());
    for kept in ["drive/a.jpg", ".gphotos-sync/trash/edited/2026-01-02/a", ".gphotos-sync/lock"] {
        here.write(kept, "kept");
        assert!(here.archive.purge_file(&path(kept)).is_err(), "{kept}");
        assert_eq!(here.read(kept), "kept");
    }
}

#[test]
fn a_place_in_the_trash_is_free_on_the_disk_and_among_those_given() {
    let here = Here::new();
    let date = day("2026-01-02");
    let file = path("drive/a.jpg");
    here.write(".gphotos-sync/trash/2026-01-02/drive/a.jpg", "older");
    let mut taken = HashSet::new();
    for expected in ["a (1).jpg", "a (2).jpg"] {
        let free = here.archive.place_in_trash(&file, date, &taken).unwrap();
        assert_eq!(free.name(), expected);
        taken.insert(free);
    }
}

#[test]
fn what_is_taken_out_of_the_trash_is_placed_like_a_download() {
    for here in Here::each() {
        let kept = path(".gphotos-sync/trash/2026-01-02/drive/a.jpg");
        here.write(kept.as_str(), "bytes");
        let name = PartialName::of("p1");
        here.archive.stage_bytes(&name, b"cut", None).unwrap();
        let time = DateTime::from_timestamp(1_000_000_000, 0).unwrap();
        let ready = here.archive.stage_again(&kept, name, Some(time)).unwrap();
        assert_eq!(ready.size_bytes(), 5);
        let placed = here.archive.place(&[placing(ready, &path("drive/a.jpg"))]);
        assert_eq!(one(placed).unwrap().mtime_ns, 1_000_000_000_000_000_000);
        assert_eq!(here.read("drive/a.jpg"), "bytes");
        assert!(!here.at(kept.as_str()).exists());
        let name = PartialName::of("p2");
        assert!(here.archive.stage_again(&path("drive/a.jpg"), name, None).is_err());
    }
}
