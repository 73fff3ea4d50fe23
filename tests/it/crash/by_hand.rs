//! What a run leaves that is killed between the disk and the index: the next run ends as
//! if nothing had been. The disk is the one that a whole run left, the index is the one
//! from before it, with what was announced there.

use std::fs;

use gphotos_sync::sandbox::{Class, Item, Photo, World};

use crate::support::Person;

const LAKE: &[u8] = include_bytes!("../../../src/sandbox/library/alpine_lake.jpg");

#[test]
fn newer_bytes_that_were_placed_are_not_taken_for_a_persons_own() {
    let (person, before) = replaced();
    let files = person.sql("SELECT * FROM v_files");
    let trash_path = trashed(&person);
    rewind(&person, &before, &landing(&person, "'drive/a.jpg'", &format!("'{trash_path}'")));

    person.backup(&[]).succeeds();

    assert_is_replaced(&person, &trash_path);
    assert_eq!(person.sql("SELECT * FROM v_files"), files);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn older_bytes_that_have_their_second_name_in_the_trash_are_replaced_as_ever() {
    let (person, before) = replaced();
    let trash_path = trashed(&person);
    let announced = landing(&person, "'drive/a.jpg'", &format!("'{trash_path}'"));
    // The newer ones are not there yet; on another day the older ones went to another place.
    for is_moved in [false, true] {
        let other_day = ".gphotos-sync/trash/2026-01-02/drive/a.jpg";
        fs::create_dir_all(person.path(other_day).parent().unwrap()).unwrap();
        rename(&person, &trashed(&person), "drive/a.jpg");
        if is_moved {
            rename(&person, "drive/a.jpg", other_day);
        } else {
            fs::hard_link(person.path("drive/a.jpg"), person.path(other_day)).unwrap();
        }
        rewind(&person, &before, &announced.replace(&trash_path, other_day));

        person.backup(&[]).succeeds();

        assert_is_replaced(&person, &trash_path);
        assert!(!person.path(other_day).exists());
    }
}

#[test]
fn a_new_file_that_was_placed_is_known_as_the_one_that_was_fetched() {
    let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
    person.backup(&["--index-only"]).succeeds();
    let before = index(&person);
    person.backup(&[]).succeeds();
    let files = person.sql("SELECT * FROM v_files");
    rewind(&person, &before, &landing(&person, "'drive/a.jpg'", "NULL"));
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(person.sql("SELECT * FROM v_files"), files);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn an_altered_copy_that_went_to_the_trash_for_its_original_is_told_as_that() {
    let copy = Photo::image("p1", "lake.jpg", stripped(LAKE)).taken("2019-07-14T18:31:05Z");
    let person = Person::signed_in(World::new().photo(copy));
    person.backup(&["--skip-drive"]).succeeds();
    person.google().world(|world| world.add(Item::file("f1", "lake.jpg", LAKE)));
    person.google().forget_requests();
    let (own, trash_path) =
        ("photos/2019/07/lake.jpg", ".gphotos-sync/trash/2026-01-02/photos/2019/07/lake.jpg");
    fs::create_dir_all(person.path(trash_path).parent().unwrap()).unwrap();
    rename(&person, own, trash_path);
    person.alter(&format!(
        "INSERT INTO step (kind, item, from_path, to_path)
         SELECT 'retire', id, '{own}', '{trash_path}' FROM item"
    ));

    person.backup(&[]).succeeds();

    let why = person.sql("SELECT why, path FROM trash");
    assert_eq!(why, [["altered", own]]);
    assert_eq!(person.files().len(), 1);
    assert!(!person.path(trash_path).exists() && !person.path("photos/2019").exists());
    assert_eq!(fs::read(person.path(&trashed(&person))).unwrap(), stripped(LAKE));
    assert!(person.sql("SELECT * FROM v_history WHERE what = 'missing'").is_empty());
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

#[test]
fn a_file_of_several_items_that_was_removed_is_recorded_once() {
    let person = Person::signed_in(
        World::new()
            .file("f1", "a.jpg", "A", "root")
            .file("f2", "b.jpg", "B", "root")
            .photo(Photo::image("p1", "a.jpg", "A"))
            // An empty listing would be no evidence.
            .photo(Photo::image("p2", "q.jpg", "Q")),
    );
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("f1");
        world.delete_photo("p1");
    });
    person.backup(&["--rescan"]).succeeds();
    let trash_path = ".gphotos-sync/trash/2026-01-02/drive/a.jpg";
    fs::create_dir_all(person.path(trash_path).parent().unwrap()).unwrap();
    rename(&person, "drive/a.jpg", trash_path);
    person.alter(&format!(
        "INSERT INTO step (kind, item, from_path, to_path)
         SELECT 'remove', id, 'drive/a.jpg', '{trash_path}' FROM item WHERE gone = 1"
    ));

    person.backup(&["--do-delete"]).succeeds();

    let states = person.sql("SELECT remote_id, state FROM v_files ORDER BY remote_id");
    assert_eq!(states, [["f1", "removed"], ["f2", "saved"], ["p1", "removed"], ["p2", "saved"]]);
    assert_eq!(person.sql("SELECT count(*) FROM trash"), [["1"]]);
}

#[test]
fn a_folder_that_a_move_left_empty_is_not_left() {
    let world = World::new().folder("d1", "Trip", "root").file("p1", "a.jpg", "A", "d1");
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    person.google().world(|world| world.rename("d1", "Journey"));
    person.backup(&["--index-only"]).succeeds();
    fs::create_dir(person.path("drive/Journey")).unwrap();
    rename(&person, "drive/Trip/a.jpg", "drive/Journey/a.jpg");
    person.alter(
        "INSERT INTO step (kind, item, from_path, to_path)
         SELECT 'move', id, 'drive/Trip/a.jpg', 'drive/Journey/a.jpg' FROM item WHERE kind = 'file'",
    );

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/Journey/a.jpg", "A")]);
    assert!(!person.path("drive/Trip").exists());
}

#[test]
fn bytes_on_their_way_back_from_the_trash_are_put_back_there() {
    // The item may be another by the time of the next run, or be gone again.
    let changes: [fn(&mut World); 3] =
        [|world| world.edit("p1", "newer"), |world| world.delete("p1"), |world| world.touch("p1")];
    for (number, change) in changes.into_iter().enumerate() {
        let (person, trash_path) = returning();
        let before = person.sql("SELECT put_back, restored_at FROM trash");
        let left_at = person.mtime_ms(&trash_path);
        let staged = ".gphotos-sync/partial/0123";
        rename(&person, &trash_path, staged);
        filetime::set_file_mtime(person.path(staged), filetime::FileTime::now()).unwrap();
        person.alter(&format!("UPDATE trash SET put_back = '{staged}'"));
        person.google().world(change);

        person.backup(&["--do-delete"]).succeeds();

        assert!(!person.path(staged).exists());
        let is_back = number == 2;
        assert_eq!(person.path("drive/a.jpg").exists(), number != 1);
        assert_eq!(person.path(&trash_path).exists(), !is_back, "{number}");
        if !is_back {
            assert_eq!(person.sql("SELECT put_back, restored_at FROM trash"), before);
            assert_eq!(fs::read_to_string(person.path(&trash_path)).unwrap(), "A");
            assert_eq!(person.mtime_ms(&trash_path), left_at);
        }
    }
}

#[test]
fn bytes_from_the_trash_that_came_to_their_place_are_no_longer_recorded_there() {
    let (person, trash_path) = returning();
    person.backup(&["--index-only"]).succeeds();
    rename(&person, &trash_path, "drive/a.jpg");
    person.alter("UPDATE trash SET put_back = '.gphotos-sync/partial/0123'");
    person.alter(
        "INSERT INTO landing SELECT item, 'drive/a.jpg', sha256, NULL
         FROM trash JOIN trash_holding ON trash = trash.id",
    );
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(person.google().count(Class::Media), 0);
    assert_eq!(person.sql("SELECT count(*) FROM trash WHERE restored_at IS NULL"), [["0"]]);
    assert_eq!(person.sql("SELECT state FROM v_files WHERE path = 'drive/a.jpg'"), [["saved"]]);
}

#[test]
fn what_a_killed_run_recorded_is_told_by_the_manifest_and_the_copy_after_the_next() {
    let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
    person.backup(&[]).succeeds();
    let (manifest, copy) = (".gphotos-sync/manifest", ".gphotos-sync/index.db.copy");
    let told = fs::read_to_string(person.path(manifest)).unwrap();
    assert!(told.contains("drive/a.jpg"));
    person.alter("UPDATE run SET finished_at = NULL, outcome = NULL");
    person.write(manifest, told.lines().next().unwrap());
    person.write(copy, "of an earlier run");

    person.backup(&[]).succeeds();

    assert!(fs::read_to_string(person.path(manifest)).unwrap().contains("drive/a.jpg"));
    assert!(fs::read(person.path(copy)).unwrap().starts_with(b"SQLite format 3"));
}

/// A person one of whose files was removed, and whose item has come back; and where in the
/// trash its bytes are.
fn returning() -> (Person, String) {
    let world = World::new().file("p1", "a.jpg", "A", "root").file("p2", "b.jpg", "B", "root");
    let person = Person::with(world.file("p3", "c.jpg", "C", "root"));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.trash("p1"));
    person.backup(&["--do-delete"]).succeeds();
    person.google().world(|world| world.untrash("p1"));
    let trash_path = trashed(&person);
    (person, trash_path)
}

/// A person one of whose files was replaced by a run, and the index from before that.
fn replaced() -> (Person, Vec<u8>) {
    let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.edit("p1", "newer"));
    person.backup(&["--index-only"]).succeeds();
    let before = index(&person);
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    (person, before)
}

#[track_caller]
fn assert_is_replaced(person: &Person, trash_path: &str) {
    assert_eq!(person.files(), [("drive/a.jpg", "newer")]);
    assert_eq!(person.sql("SELECT why, trash_path FROM trash"), [["replaced", trash_path]]);
    assert_eq!(fs::read_to_string(person.path(trash_path)).unwrap(), "A");
    let told = "SELECT * FROM v_history WHERE what IN ('edited', 'missing')";
    assert!(person.sql(told).is_empty());
    assert!(person.sql("SELECT * FROM landing").is_empty());
}

/// What announces that the bytes of the only file get their place.
fn landing(person: &Person, path: &str, trash_path: &str) -> String {
    let sha256 = &person.sql("SELECT hex(sha256) FROM file")[0][0];
    format!("INSERT INTO landing SELECT id, {path}, x'{sha256}', {trash_path} FROM item")
}

fn trashed(person: &Person) -> String {
    person.sql("SELECT trash_path FROM trash").concat().concat()
}

fn index(person: &Person) -> Vec<u8> {
    fs::read(person.path("index.db")).unwrap()
}

/// Has the index be what it was, with an announcement.
#[expect(clippy::disallowed_methods, reason = "the test does what a killed run had done")]
fn rewind(person: &Person, index: &[u8], announcement: &str) {
    for suffix in ["-wal", "-shm"] {
        assert!(!person.path(&format!("index.db{suffix}")).exists());
    }
    fs::write(person.path("index.db"), index).unwrap();
    person.alter(announcement);
}

#[expect(clippy::disallowed_methods, reason = "the test does what a killed run had done")]
fn rename(person: &Person, from: &str, to: &str) {
    fs::rename(person.path(from), person.path(to)).unwrap();
}

/// A JPEG without the segments before its first table: all its metadata.
fn stripped(picture: &[u8]) -> Vec<u8> {
    let tables = picture.windows(2).position(|marker| marker == [0xff, 0xdb]).unwrap();
    [&[0xff, 0xd8], &picture[tables..]].concat()
}
