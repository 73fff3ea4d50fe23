//! Drive to disk: what a person finds after a first run, and after the next ones.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use chrono::DateTime;
use gphotos_sync::sandbox::{Class, Item, Sandbox, World};

use crate::support::Person;

#[test]
fn a_first_run_saves_every_photo_and_video_at_its_path_with_its_bytes_and_time() {
    let world = World::new()
        .folder("f1", "Holidays", "root")
        .folder("f2", "2019 Corsica", "f1")
        .with(
            Item::file("p1", "beach.jpg", "sand").parent("f2").modified("2019-07-14T10:00:00.123Z"),
        )
        .with(
            Item::file("p2", "film.mp4", "waves").parent("f2").modified("1969-07-20T20:17:40.000Z"),
        )
        .file("d1", "tax.pdf", "numbers", "f1")
        .folder("f3", "Papers", "root")
        .file("d2", "letter.txt", "words", "f3");
    let person = Person::with(world);

    person.backup(&[]).succeeds();

    let expected = [
        ("drive/Holidays/2019 Corsica/beach.jpg", "sand"),
        ("drive/Holidays/2019 Corsica/film.mp4", "waves"),
    ];
    assert_eq!(person.files(), expected);
    assert_eq!(person.mtime_ms(expected[0].0), ms("2019-07-14T10:00:00.123Z"));
    assert_eq!(person.mtime_ms(expected[1].0), ms("1969-07-20T20:17:40.000Z"));
    assert!(!person.path("drive/Papers").exists(), "a folder with nothing selected was made");
}

#[test]
fn the_index_agrees_with_the_disk_and_knows_what_was_not_selected() {
    let world = World::new()
        .file("p1", "beach.jpg", "sand", "root")
        .file("d1", "tax.pdf", "numbers", "root");
    let person = Person::with(world);

    person.backup(&[]).succeeds();

    let rows = person.sql("SELECT path, name, size_bytes, md5, state FROM v_files ORDER BY name");
    assert_eq!(rows[0][..3], ["drive/beach.jpg", "beach.jpg", "4"]);
    assert_eq!((rows[0][3].len(), rows[0][4].as_str()), (32, "saved"));
    assert_eq!(rows[1], ["", "tax.pdf", "7", "", "not_selected"]);
    for row in person.sql("SELECT path, sha256, size_bytes FROM v_files WHERE state = 'saved'") {
        let bytes = fs::read(person.path(&row[0])).unwrap();
        assert_eq!((row[1].clone(), row[2].clone()), (sha256(&bytes), bytes.len().to_string()));
    }
}

#[test]
fn pointers_of_any_number_are_saved_among_the_photos() {
    let forms = |world: World, i: i32| {
        world.with(Item::native(&format!("n{i:03}"), &format!("Survey {i:03}"), "form"))
    };
    let world = (0..100).fold(World::new(), forms).file("p1", "beach.jpg", "sand", "root");
    let person = Person::with((100..200).fold(world, forms));

    person.backup(&["--all-files", "--transfers", "1"]).succeeds();

    let files = person.files();
    let pointers = files.iter().filter(|found| found.0.contains(".url")).count();
    assert_eq!((files.len(), pointers), (201, 200));
}

#[test]
fn a_second_run_asks_for_news_only_and_touches_nothing() {
    let person = Person::with(
        World::new()
            .folder("f1", "Holidays", "root")
            .file("p1", "a.jpg", "a", "f1")
            .file("p2", "b.jpg", "b", "root"),
    );
    person.backup(&[]).succeeds();
    let before = identity(&person, &["drive/Holidays/a.jpg", "drive/b.jpg"]);
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(identity(&person, &["drive/Holidays/a.jpg", "drive/b.jpg"]), before);
    assert_eq!(drive_requests(person.google()), [Class::About, Class::Changes]);
}

#[test]
fn items_that_were_renamed_or_moved_are_moved_and_not_fetched_again() {
    let person = Person::with(
        World::new()
            .folder("f1", "Old", "root")
            .folder("f2", "Other", "root")
            .file("p1", "a.jpg", "A", "f1")
            .file("p2", "b.jpg", "B", "f1")
            .file("p3", "swap1.jpg", "one", "root")
            .file("p4", "swap2.jpg", "two", "root")
            .file("p5", "stays.jpg", "S", "f2"),
    );
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    person.google().world(|world| {
        world.rename("f1", "New");
        world.rename("p1", "renamed.jpg");
        world.move_to("p2", "f2");
        world.swap_names("p3", "p4");
    });

    let run = person.backup(&[]).succeeds();

    let expected = [
        ("drive/New/renamed.jpg", "A"),
        ("drive/Other/b.jpg", "B"),
        ("drive/Other/stays.jpg", "S"),
        ("drive/swap1.jpg", "two"),
        ("drive/swap2.jpg", "one"),
    ];
    assert_eq!(person.files(), expected, "{}", run.stderr);
    assert_eq!(person.google().count(Class::Media), 0);
    assert!(!person.path("drive/Old").exists(), "an emptied folder was left");
    assert_eq!(
        person.sql("SELECT moved, added FROM v_runs ORDER BY id DESC LIMIT 1"),
        [["4", "0"]]
    );
}

#[test]
fn a_folder_moves_with_all_that_is_below_it() {
    let person = Person::with(
        World::new()
            .folder("f1", "Trips", "root")
            .folder("f2", "2019", "f1")
            .folder("f3", "Corsica", "f2")
            .folder("f4", "Archive", "root")
            .file("p1", "a.jpg", "A", "f3")
            .file("p2", "b.jpg", "B", "f2"),
    );
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    person.google().world(|world| {
        world.move_to("f2", "f4");
        world.rename("f2", "Year 2019");
    });

    person.backup(&[]).succeeds();

    let expected =
        [("drive/Archive/Year 2019/Corsica/a.jpg", "A"), ("drive/Archive/Year 2019/b.jpg", "B")];
    assert_eq!(person.files(), expected);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn a_folder_and_its_own_parent_can_change_places() {
    let person = Person::with(
        World::new()
            .folder("outer", "A", "root")
            .folder("inner", "B", "outer")
            .file("p1", "o.jpg", "outer", "outer")
            .file("p2", "i.jpg", "inner", "inner"),
    );
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.move_to("inner", "root");
        world.move_to("outer", "inner");
    });

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/B/A/o.jpg", "outer"), ("drive/B/i.jpg", "inner")]);
}

#[test]
fn a_file_can_take_the_name_of_a_folder_that_went_and_the_reverse() {
    let person = Person::with(
        World::new()
            .folder("f", "trip", "root")
            .file("p1", "a.jpg", "A", "f")
            .file("p2", "c.jpg", "C", "root"),
    );
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    person.google().world(|world| {
        world.rename("f", "Y");
        world.rename("p2", "trip");
    });
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), [("drive/Y/a.jpg", "A"), ("drive/trip", "C")]);

    person.google().world(|world| {
        world.rename("p2", "c.jpg");
        world.rename("f", "trip");
    });
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), [("drive/c.jpg", "C"), ("drive/trip/a.jpg", "A")]);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn only_new_and_edited_items_are_fetched_and_older_bytes_go_to_the_trash() {
    let person = Person::with(
        World::new()
            .file("p1", "edited.jpg", "before", "root")
            .file("p2", "same.jpg", "same", "root"),
    );
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    person.google().world(|world| {
        world.edit("p1", "after");
        world.touch("p2");
        world.add(Item::file("p3", "new.jpg", "new"));
    });

    person.backup(&[]).succeeds();

    let expected =
        [("drive/edited.jpg", "after"), ("drive/new.jpg", "new"), ("drive/same.jpg", "same")];
    assert_eq!(person.files(), expected);
    assert_eq!(person.google().count(Class::Media), 2);
    let trashed = person.sql("SELECT detail FROM v_history WHERE what = 'changed'");
    assert_eq!(fs::read(person.path(&trashed[0][0])).unwrap(), b"before");
}

#[test]
fn a_new_time_alone_is_set_without_fetching() {
    let world = World::new().file("p1", "a.jpg", "a", "root");
    let person = Person::with(world.with(Item::shortcut("s1", "best.jpg", "p1")));
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    person.google().world(|world| world.set_modified("p1", "2001-02-03T04:05:06.789Z"));

    person.backup(&[]).succeeds();

    for path in ["drive/a.jpg", "drive/best.jpg"] {
        assert_eq!(person.mtime_ms(path), ms("2001-02-03T04:05:06.789Z"), "{path}");
    }
    assert_eq!(person.google().count(Class::Media), 0);
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
}

fn identity(person: &Person, paths: &[&str]) -> Vec<(u64, i64, i64)> {
    let meta = |path: &&str| fs::metadata(person.path(path)).unwrap();
    paths.iter().map(meta).map(|meta| (meta.ino(), meta.mtime(), meta.ctime_nsec())).collect()
}

fn drive_requests(google: &Sandbox) -> Vec<Class> {
    let requests = google.requests().into_iter().map(|request| request.class);
    requests.filter(|class| !matches!(class, Class::Token)).collect()
}

fn ms(time: &str) -> i64 {
    DateTime::parse_from_rfc3339(time).unwrap().timestamp_millis()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    gphotos_sync::model::Sha256(Sha256::digest(bytes).into()).to_string()
}
