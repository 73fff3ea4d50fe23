//! Where things go: names, areas, links, documents, and what stays.

use std::fs;

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, World};

use crate::support::Person;

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
    let named = [
        ("drive/IMG (1).jpg", "real"),
        ("drive/IMG (2).jpg", "second"),
        ("drive/IMG.jpg", "first"),
    ];
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

    let expected = [
        ("drive/Trip (1)/a.jpg", "two"),
        ("drive/Trip (2)", "no extension"),
        ("drive/Trip/a.jpg", "one"),
    ];
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
    let own =
        [("drive-computers/My Laptop/desk.jpg", "computer"), ("drive-orphans/lost.jpg", "orphan")];
    assert_eq!(person.files(), own);

    person.backup(&["--shared"]).succeeds();
    let mut all = own.to_vec();
    all.push(("drive-shared/theirs.jpg", "shared"));
    assert_eq!(person.files(), all);
}

#[test]
fn a_file_can_take_the_name_of_a_folder_that_held_only_links() {
    let person = Person::with(
        World::new()
            .folder("f1", "trip", "root")
            .file("p1", "a.jpg", "A", "root")
            .file("p2", "z.jpg", "Z", "root")
            .with(Item::shortcut("s1", "best.jpg", "p1").parent("f1")),
    );
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.rename("f1", "gone");
        world.rename("p2", "trip");
    });

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/a.jpg", "A"), ("drive/trip", "Z")]);
    let link = fs::read_link(person.path("drive/gone/best.jpg")).unwrap();
    assert_eq!(link.to_str(), Some("../a.jpg"));
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
fn another_export_format_takes_the_older_files_place_when_it_is_there() {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const PDF: &str = "application/pdf";
    let letter = Item::native("n1", "Letter", "document").export(DOCX, "docx").export(PDF, "pdf");
    let person = Person::with(World::new().with(letter));
    person.backup(&["--all-files"]).succeeds();
    let refused = Effect::error(403, "insufficientFilePermissions");
    person.google().fail(Fault::new(refused).on(Class::Export));

    person.backup(&["--all-files", "--export", "pdf"]).ends_with(8);
    assert_eq!(person.files(), [("drive/Letter.docx", "docx")]);

    person.backup(&["--all-files", "--export", "pdf"]).succeeds();
    assert_eq!(person.files(), [("drive/Letter.pdf", "pdf")]);
    let older = person.sql("SELECT detail FROM v_history WHERE what = 'changed'");
    assert!(older[0][0].ends_with("/drive/Letter.docx"), "{older:?}");
    assert_eq!(fs::read(person.path(&older[0][0])).unwrap(), b"docx");
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
fn a_path_longer_than_the_system_takes_at_once_is_reached_folder_by_folder() {
    let mut world = World::new();
    let mut parent = "root".to_owned();
    for depth in 0..20 {
        let id = format!("f{depth}");
        world = world.folder(&id, &"d".repeat(250), &parent);
        parent = id;
    }
    let person = Person::with(world.file("far", "far.jpg", "far", &parent));
    person.backup(&[]).succeeds();
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    let held = person.sql("SELECT length(path) > 5000, state FROM v_files");
    assert_eq!(
        (held, person.google().count(Class::Media)),
        (vec![vec!["1".to_owned(), "saved".to_owned()]], 0)
    );
    person.google().world(|world| world.move_to("far", "root"));
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), [("drive/far.jpg", "far")]);
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
