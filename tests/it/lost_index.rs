//! What is left when the index is lost: the manifest, the copy of the index, the
//! checksums that Google states. Nothing is downloaded again.

use std::fs;

use gphotos_sync::sandbox::{Class, Item, Request, World};

use crate::support::{Found, Person};

mod owner;
mod photos;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const INDEX: &[&str] = &["index.db", "index.db-wal", "index.db-shm"];
const COPY: &str = ".gphotos-sync/index.db.copy";
const MANIFEST: &str = ".gphotos-sync/manifest";

/// What "the same index" means.
const FILES: &str = "SELECT * FROM v_files ORDER BY source, remote_id";
const ALBUMS: &str = "SELECT * FROM v_albums ORDER BY path";
const ALBUM_ITEMS: &str = "SELECT * FROM v_album_items ORDER BY album_path, position";

/// The same where it is the bytes alone that tell whose a file is.
const FILES_BUT_RULE: &str = "SELECT source, remote_id, path, name, mime_type, size_bytes, md5,
    sha256, modified_at, taken_at, taken_from, width, height, camera, latitude, longitude,
    description, favourite, archived, trashed, fidelity, state
    FROM v_files ORDER BY source, remote_id";

#[test]
fn an_index_that_is_deleted_comes_back_from_its_copy() {
    let person = Person::with(world());
    let before = lived_with(&person);
    let runs = person.sql("SELECT count(*) FROM v_runs");
    lose(&person, INDEX);

    let run = backup(&person);

    assert_eq!(state(&person, FILES), before);
    assert!(run.contains("made anew from its copy"), "{run}");
    // What happened is known as well: the copy has all but this run.
    let now = person.sql("SELECT count(*) - 1 FROM v_runs");
    assert_eq!(now, runs);
    is_settled(&person, &before);
}

#[test]
fn an_older_copy_of_the_index_is_brought_up_to_date_by_the_manifest_and_the_bytes() {
    let person = Person::with(world());
    person.backup(&["--all-files"]).succeeds();
    let copy = fs::read(person.path(COPY)).unwrap();
    let before = lived_with(&person);
    lose(&person, INDEX);
    person.write(COPY, &copy);

    backup(&person);

    assert_eq!(state(&person, FILES), before);
    assert!(person.sql("SELECT * FROM v_history WHERE what = 'edited'").is_empty());
    is_settled(&person, &before);
}

#[test]
fn a_copy_that_is_damaged_is_passed_over_for_the_manifest() {
    let person = Person::with(world());
    let before = lived_with(&person);
    lose(&person, INDEX);
    let copy = fs::read(person.path(COPY)).unwrap();
    person.write(COPY, &copy[..copy.len() / 2]);

    let run = backup(&person);

    assert_eq!(state(&person, FILES), before);
    assert!(run.contains("looked up by .gphotos-sync/manifest"), "{run}");
    is_settled(&person, &before);
}

#[test]
fn without_the_copy_the_manifest_brings_the_same_index() {
    let person = Person::with(world());
    let before = lived_with(&person);
    lose(&person, INDEX);
    lose(&person, &[COPY]);

    backup(&person);

    assert_eq!(state(&person, FILES), before);
    is_settled(&person, &before);
}

#[test]
fn without_a_manifest_bytes_and_times_tell_whose_each_file_is() {
    let person = Person::with(world());
    let (tree, links, files) = {
        lived_with(&person);
        (person.files(), person.links(), person.sql(FILES_BUT_RULE))
    };
    lose(&person, INDEX);
    lose(&person, &[COPY, MANIFEST]);

    backup(&person);

    assert_eq!((person.files(), person.links()), (tree, links));
    assert_eq!(person.sql(FILES_BUT_RULE), files);
    let rules = person.sql("SELECT DISTINCT match_rule FROM v_files WHERE match_rule <> 'hash'");
    assert_eq!(rules, [["name_time"]]);
    let before = state(&person, FILES);
    is_settled(&person, &before);
}

#[test]
fn a_damaged_index_is_set_aside_and_made_anew_with_flush_index() {
    let person = Person::with(world());
    let before = lived_with(&person);
    lose(&person, &INDEX[1..]);
    person.write(INDEX[0], b"no index any longer".repeat(99));

    person.backup(&["--all-files"]).ends_with(5);
    person.google().forget_requests();
    person.backup(&["--all-files", "--flush-index"]).succeeds();

    assert_eq!(fetched(&person), 0);
    assert_eq!(person.sql(FILES), before.files);
    let names = fs::read_dir(person.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut kept = names.filter(|name| name.to_str().unwrap().starts_with("index.db.damaged-"));
    assert_eq!(fs::read(person.path(kept.next().unwrap().to_str().unwrap())).unwrap().len(), 1881);
}

#[test]
fn flush_index_lists_everything_again_and_fetches_nothing() {
    let person = Person::with(world());
    let before = lived_with(&person);
    person.google().forget_requests();

    person.backup(&["--all-files", "--flush-index"]).succeeds();

    assert!(person.google().count(Class::List) > 0);
    assert_eq!(fetched(&person), 0);
    assert_eq!(state(&person, FILES), before);
}

#[test]
fn an_index_at_another_place_takes_over_what_the_archive_knows() {
    let person = Person::with(world());
    let before = lived_with(&person);
    person.google().forget_requests();

    person.backup(&["--all-files", "--db-path", "elsewhere"]).succeeds();

    assert_eq!(fetched(&person), 0);
    assert_eq!((person.files(), person.links()), (before.tree, before.links));
}

#[test]
fn a_manifest_that_was_cut_short_is_used_as_far_as_it_goes_and_added_to() {
    let person = Person::with(world());
    let before = lived_with(&person);
    lose(&person, INDEX);
    lose(&person, &[COPY]);
    let manifest = fs::read(person.path(MANIFEST)).unwrap();
    person.write(MANIFEST, &manifest[..manifest.len() - 9]);

    backup(&person);
    assert_eq!((person.files(), person.links()), (before.tree, before.links));

    // What this run added is not taken for the end of the torn line.
    person.google().world(|world| world.add(Item::file("late", "late.jpg", "late")));
    person.backup(&["--all-files"]).succeeds();
    let files = person.sql(FILES);
    lose(&person, INDEX);
    lose(&person, &[COPY]);
    backup(&person);
    assert_eq!(person.sql(FILES), files);
}

#[test]
fn a_manifest_that_lies_is_not_believed() {
    let person = Person::with(
        World::new().file("p1", "a.jpg", "A", "root").file("p2", "b.jpg", "B", "root"),
    );
    person.backup(&[]).succeeds();
    lose(&person, INDEX);
    lose(&person, &[COPY]);
    let manifest = fs::read_to_string(person.path(MANIFEST)).unwrap();
    // Someone else's file is where a.jpg was; and the line of b.jpg was made to fit a
    // file outside the trees.
    person.write("drive/a.jpg", b"Z");
    person.write("mine.jpg", b"B");
    let hostile = manifest.replace("drive/b.jpg", "mine.jpg");
    assert_ne!(hostile, manifest);
    person.write(MANIFEST, format!("{hostile}\u{0}[]\n{{\"source\":\"drive\"}}\n").as_bytes());
    person.google().forget_requests();

    let run = person.backup(&[]).succeeds();

    let expected =
        [("drive/a (1).jpg", "A"), ("drive/a.jpg", "Z"), ("drive/b.jpg", "B"), ("mine.jpg", "B")];
    assert_eq!(person.files(), expected);
    assert_eq!(fetched(&person), 1);
    assert!(run.stderr.contains("could not be proved to be theirs"), "{}", run.stderr);
    let rules = person.sql("SELECT path, match_rule FROM v_files ORDER BY path");
    assert_eq!(rules, [["drive/a (1).jpg", "id"], ["drive/b.jpg", "hash"]]);
}

#[test]
fn what_changed_at_google_since_is_moved_and_fetched_as_ever() {
    let person = Person::with(world());
    lived_with(&person);
    lose(&person, INDEX);
    lose(&person, &[COPY]);
    person.google().world(|world| {
        world.edit("one", "one, edited");
        world.rename("t2", "Journey");
        world.rename("real", "really.jpg");
    });
    person.google().forget_requests();

    person.backup(&["--all-files"]).succeeds();

    assert_eq!(fetched(&person), 1);
    let at = |id: &str| person.sql(&format!("SELECT path FROM v_files WHERE remote_id = '{id}'"));
    assert_eq!(at("in-two"), [["drive/Journey/a.jpg"]]);
    assert_eq!(at("real"), [["drive/really.jpg"]]);
    let what = "SELECT DISTINCT what FROM v_history WHERE run = (SELECT max(id) FROM v_runs)";
    let what: Vec<_> = person.sql(what).concat();
    assert!(what.contains(&"moved".to_owned()) && what.contains(&"changed".to_owned()), "{what:?}");
}

#[test]
fn what_is_gone_at_google_is_known_again_where_it_lies() {
    // Enough others that three may go at once.
    let others = (0..9).map(|n| Item::file(&format!("o{n}"), &format!("{n}.jpg"), "others"));
    let world = others
        .fold(World::new(), World::with)
        .folder("f1", "Trip", "root")
        .folder("f2", "Gone too", "f1")
        .file("p1", "a.jpg", "A", "f1")
        .file("p2", "b.jpg", "B", "f2")
        .file("p3", "c.jpg", "C", "root")
        .with(Item::file("p4", "theirs.jpg", "D").shared_by("bob@example.com").orphan());
    let person = Person::with(world);
    person.backup(&["--shared"]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.delete("f2");
        world.unshare("p4");
    });
    person.backup(&["--shared"]).succeeds();
    let gone = "SELECT remote_id, path, name, mime_type, state FROM v_files ORDER BY remote_id";
    assert_eq!(person.sql("SELECT count(*) FROM v_files WHERE state = 'gone'"), [["3"]]);
    let (tree, files) = (person.files(), person.sql(gone));
    lose(&person, INDEX);
    lose(&person, &[COPY]);

    person.backup(&["--shared"]).succeeds();

    assert_eq!(person.files(), tree);
    assert_eq!(person.sql(gone), files);
}

/// Same-named files and folders, documents, links, and things that will go.
fn world() -> World {
    let dated = |id: &str, bytes: &'static str, year: u32| {
        Item::file(id, "IMG.jpg", bytes).created(&format!("{year}-01-01T00:00:00.000Z"))
    };
    World::new()
        .with(dated("two", "two", 2012))
        .with(dated("one", "one", 2011))
        .with(Item::file("real", "IMG (1).jpg", "real"))
        .folder("t1", "Trip", "root")
        .folder("t2", "Trip", "root")
        .folder("t3", "Inner", "t2")
        .file("in-one", "a.jpg", "in one", "t1")
        .file("in-two", "a.jpg", "in two", "t2")
        .file("deep", "deep.jpg", "deep", "t3")
        .file("gone", "gone.jpg", "gone", "t2")
        .with(Item::native("letter", "Letter", "document").export(DOCX, "a letter"))
        .with(Item::native("survey", "Survey", "form"))
        .with(Item::shortcut("best", "best.jpg", "deep").parent("t1"))
        .with(Item::file("twice", "twice.jpg", "twice").parent("t1").also_in("t3"))
        .with(Item::file("starred", "starred.jpg", "starred").starred().description("Fine"))
}

/// All that must be as it was.
#[derive(Debug, PartialEq)]
struct State {
    tree: Vec<Found>,
    links: Vec<Found>,
    times: Vec<i64>,
    files: Vec<Vec<String>>,
    albums: Vec<Vec<String>>,
    album_items: Vec<Vec<String>>,
}

fn state(person: &Person, files: &str) -> State {
    let tree = person.files();
    State {
        times: tree.iter().map(|file| person.mtime_ms(&file.0)).collect(),
        tree,
        links: person.links(),
        files: person.sql(files),
        albums: person.sql(ALBUMS),
        album_items: person.sql(ALBUM_ITEMS),
    }
}

/// Two runs with changes between them, so that names are as they were given once and not
/// as they would be dealt now.
fn lived_with(person: &Person) -> State {
    person.backup(&["--all-files"]).succeeds();
    person.google().world(|world| {
        // The oldest comes last, the first one leaves its name to it.
        world.add(Item::file("oldest", "IMG.jpg", "oldest").created("2001-01-01T00:00:00.000Z"));
        world.rename("in-two", "b.jpg");
        world.rename("in-two", "a.jpg");
        world.rename("letter", "Epistle");
        world.edit("deep", "deeper");
        world.add(
            Item::file("in-one-older", "a.jpg", "older")
                .parent("t1")
                .created("2001-01-01T00:00:00.000Z"),
        );
        world.add(Item::folder("t0", "Trip").created("2001-01-01T00:00:00.000Z"));
        world.add(Item::file("in-zero", "a.jpg", "in zero").parent("t0"));
    });
    person.backup(&["--all-files"]).succeeds();
    state(person, FILES)
}

/// Runs a backup that must fetch nothing, and returns what it said on the way.
#[track_caller]
fn backup(person: &Person) -> String {
    person.google().forget_requests();
    let run = person.backup(&["--all-files"]).succeeds();
    let fetched: Vec<_> = person.google().requests().into_iter().filter(is_fetch).collect();
    assert!(fetched.is_empty(), "{fetched:?}: {}{}", run.stdout, run.stderr);
    assert_eq!(person.sql("SELECT bytes FROM v_runs ORDER BY id DESC LIMIT 1"), [["0"]]);
    run.stderr
}

fn fetched(person: &Person) -> usize {
    person.google().requests().iter().filter(|request| is_fetch(request)).count()
}

fn is_fetch(request: &Request) -> bool {
    let is_media = matches!(request.class, Class::Media | Class::Export | Class::PhotoMedia);
    // What lies in an export has to be learnt again: its directories, and its sidecars.
    let is_of_export = request.path.starts_with("/drive/v3/files/1takeout");
    is_media && request.method == "GET" && !is_of_export
}

/// The run after finds nothing to do.
#[track_caller]
fn is_settled(person: &Person, before: &State) {
    person.google().forget_requests();
    let run = person.backup(&["--all-files"]).succeeds();
    assert_eq!(&state(person, FILES), before);
    assert_eq!((fetched(person), person.google().count(Class::List)), (0, 0));
    assert!(!run.stderr.contains("anew") && !run.stderr.contains("manifest"), "{}", run.stderr);
}

#[expect(clippy::disallowed_methods, reason = "the test does what happens to disks")]
fn lose(person: &Person, paths: &[&str]) {
    for path in paths {
        if person.path(path).exists() {
            fs::remove_file(person.path(path)).unwrap();
        }
    }
}

#[test]
fn an_index_among_the_files_that_are_kept_is_refused() {
    // Beside it would land what Drive has of its name.
    let person = Person::with(World::new().file("p1", "index.db-journal", "A", "root"));
    for folder in ["archive/drive", "archive/drive/own", "archive/.gphotos-sync/partial"] {
        let ran = person.backup(&["--all-files", "--db-path", folder]).ends_with(2);
        ran.complains(&[folder, "name a folder outside the archive"]);
    }
    assert!(person.files().is_empty());
    person.backup(&["--all-files", "--db-path", "archive/index"]).succeeds();
}
