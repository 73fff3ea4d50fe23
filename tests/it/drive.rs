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
        .with(Item::file("p1", "beach.jpg", "sand").parent("f2").modified("2019-07-14T10:00:00.123Z"))
        .with(Item::file("p2", "film.mp4", "waves").parent("f2").modified("1969-07-20T20:17:40.000Z"))
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
    assert_eq!(person.sql("SELECT moved, added FROM v_runs ORDER BY id DESC LIMIT 1"), [["4", "0"]]);
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

    let expected = [
        ("drive/Archive/Year 2019/Corsica/a.jpg", "A"),
        ("drive/Archive/Year 2019/b.jpg", "B"),
    ];
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
    let person = Person::with(World::new().file("p1", "a.jpg", "a", "root"));
    person.backup(&[]).succeeds();
    person.google().forget_requests();
    person.google().world(|world| world.set_modified("p1", "2001-02-03T04:05:06.789Z"));

    person.backup(&[]).succeeds();

    assert_eq!(person.mtime_ms("drive/a.jpg"), ms("2001-02-03T04:05:06.789Z"));
    assert_eq!(person.google().count(Class::Media), 0);
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn items_of_one_name_are_numbered_by_age_and_keep_their_names_for_good() {
    let item = |id: &str, bytes: &'static str, year: u32| {
        Item::file(id, "IMG.jpg", bytes).created(&format!("{year}-01-01T00:00:00.000Z"))
    };
    let world = World::new()
        .with(item("b", "second", 2012))
        .with(item("a", "first", 2011))
        .with(Item::file("c", "IMG (1).jpg", "real"));
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    let named = [("drive/IMG (1).jpg", "real"), ("drive/IMG (2).jpg", "second"), ("drive/IMG.jpg", "first")];
    assert_eq!(person.files(), named);

    // An older one arrives and the first one goes: nobody else's name changes.
    person.google().world(|world| {
        world.add(item("0", "oldest", 2001));
        world.rename("a", "other.jpg");
    });
    person.backup(&[]).succeeds();

    let expected = [
        ("drive/IMG (1).jpg", "real"),
        ("drive/IMG (2).jpg", "second"),
        ("drive/IMG.jpg", "oldest"),
        ("drive/other.jpg", "first"),
    ];
    assert_eq!(person.files(), expected);
}

#[test]
fn folders_of_one_name_are_never_merged() {
    let person = Person::with(
        World::new()
            .folder("t1", "Trip", "root")
            .folder("t2", "Trip", "root")
            .file("p1", "a.jpg", "one", "t1")
            .file("p2", "a.jpg", "two", "t2")
            .file("p3", "Trip", "no extension", "root"),
    );

    person.backup(&["--all-files"]).succeeds();

    let expected =
        [("drive/Trip (1)/a.jpg", "two"), ("drive/Trip (2)", "no extension"), ("drive/Trip/a.jpg", "one")];
    assert_eq!(person.files(), expected);
}

#[test]
fn every_corner_of_drive_has_its_own_top_folder() {
    let world = World::new()
        .with(Item::file("o1", "lost.jpg", "orphan").orphan())
        .with(Item::folder("c1", "My Laptop").computer())
        .file("c2", "desk.jpg", "computer", "c1")
        .with(Item::file("s1", "theirs.jpg", "shared").shared_by("bob@example.com").orphan());
    let person = Person::with(world);

    person.backup(&[]).succeeds();
    let own = [("drive-computers/My Laptop/desk.jpg", "computer"), ("drive-orphans/lost.jpg", "orphan")];
    assert_eq!(person.files(), own);

    person.backup(&["--shared"]).succeeds();
    let mut all = own.to_vec();
    all.push(("drive-shared/theirs.jpg", "shared"));
    assert_eq!(person.files(), all);
}

#[test]
fn shortcuts_to_saved_files_are_links_and_all_others_are_rows() {
    let world = World::new()
        .folder("f1", "Album", "root")
        .file("p1", "a.jpg", "A", "root")
        .file("d1", "tax.pdf", "numbers", "root")
        .with(Item::shortcut("s1", "best.jpg", "p1").parent("f1"))
        .with(Item::shortcut("s2", "papers", "d1").parent("f1"))
        .with(Item::shortcut("s3", "circle", "f1").parent("f1"))
        .with(Item::shortcut("s4", "dangling", "nobody").parent("f1"));
    let person = Person::with(world);

    person.backup(&[]).succeeds();

    assert_eq!(person.links(), [("drive/Album/best.jpg", "../a.jpg")]);
    assert_eq!(fs::read(person.path("drive/Album/best.jpg")).unwrap(), b"A");

    person.google().world(|world| world.rename("p1", "z.jpg"));
    person.backup(&[]).succeeds();
    assert_eq!(person.links(), [("drive/Album/best.jpg", "../z.jpg")]);

    person.google().world(|world| world.delete("s1"));
    person.backup(&[]).succeeds();
    assert!(person.links().is_empty());
    assert!(!person.path("drive/Album").exists());
}

#[test]
fn of_several_old_parents_the_first_has_the_file_and_the_others_a_link() {
    let world = World::new()
        .folder("f1", "One", "root")
        .folder("f2", "Two", "root")
        .with(Item::file("p1", "a.jpg", "A").parent("f1").also_in("f2"));
    let person = Person::with(world);

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/One/a.jpg", "A")]);
    assert_eq!(person.links(), [("drive/Two/a.jpg", "../One/a.jpg")]);
}

#[test]
fn documents_are_exported_and_what_cannot_be_becomes_a_pointer() {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let big = vec![b'x'; 11 << 20];
    let world = World::new()
        .with(Item::native("n1", "Letter", "document").export(DOCX, "a letter"))
        .with(Item::native("n2", "Thesis", "document").export(DOCX, big.clone()))
        .with(Item::native("n3", "Survey", "form"));
    let person = Person::with(world);

    person.backup(&["--all-files"]).succeeds();

    assert_eq!(fs::read(person.path("drive/Letter.docx")).unwrap(), b"a letter");
    assert_eq!(fs::read(person.path("drive/Thesis.docx")).unwrap(), big);
    let pointer = fs::read_to_string(person.path("drive/Survey.url")).unwrap();
    assert_eq!(pointer, "[InternetShortcut]\r\nURL=https://drive.google.com/open?id=n3\r\n");

    person.google().forget_requests();
    person.google().world(|world| {
        world.touch("n1");
        world.rename("n2", "Dissertation");
    });
    person.backup(&["--all-files"]).succeeds();
    assert_eq!(person.google().count(Class::Export), 0);
    assert_eq!(fs::read(person.path("drive/Dissertation.docx")).unwrap(), big);

    person.google().world(|world| world.edit_native("n1", DOCX, "another letter"));
    person.backup(&["--all-files"]).succeeds();
    assert_eq!(person.google().count(Class::Export), 1);
    assert_eq!(fs::read(person.path("drive/Letter.docx")).unwrap(), b"another letter");
}

#[test]
fn nothing_leaves_the_archive_because_it_left_google() {
    let world = World::new()
        .folder("f1", "Trip", "root")
        .file("p1", "trashed.jpg", "1", "f1")
        .file("p2", "deleted.jpg", "2", "f1")
        .file("p3", "with its folder.jpg", "3", "f1")
        .with(Item::file("p4", "unshared.jpg", "4").shared_by("bob@example.com").orphan());
    let person = Person::with(world);
    person.backup(&["--shared"]).succeeds();
    let before = person.files();

    person.google().world(|world| {
        world.trash("p1");
        world.delete("p2");
        world.trash("f1");
        world.unshare("p4");
    });
    person.backup(&["--shared"]).succeeds();

    assert_eq!(person.files(), before);
    assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["gone"]]);

    person.google().world(|world| world.untrash("f1"));
    person.google().world(|world| world.untrash("p1"));
    person.google().forget_requests();
    person.backup(&["--shared"]).succeeds();
    assert_eq!(person.files(), before);
    let saved = person.sql("SELECT name FROM v_files WHERE state = 'saved' ORDER BY name");
    assert_eq!(saved, [["trashed.jpg"], ["with its folder.jpg"]]);
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn names_that_would_lead_astray_are_made_harmless() {
    let long = format!("{}.jpg", "é".repeat(150));
    let world = World::new()
        .file("h1", "../../up.jpg", "1", "root")
        .file("h2", "a/b\u{0}\u{1b}[2J.jpg", "2", "root")
        .with(Item::file("h3", "..", "3").mime("image/jpeg"))
        .file("h4", &long, "4", "root")
        .folder("h5", ".", "root")
        .file("h6", "in dot.jpg", "5", "h5");
    let person = Person::with(world);

    let run = person.backup(&["-v"]).succeeds();

    let short = format!("drive/{}.jpg", "é".repeat(125));
    let expected = [
        ("drive/.._.._up.jpg", "1"),
        ("drive/_", "3"),
        ("drive/_ (1)/in dot.jpg", "5"),
        ("drive/a_b__[2J.jpg", "2"),
        (short.as_str(), "4"),
    ];
    let mut found = person.files();
    found.sort();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (path, bytes) in expected {
        assert!(found.iter().any(|file| file.0 == path && file.1 == bytes), "{path}: {found:?}");
    }
    assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{}", run.stderr);
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
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
