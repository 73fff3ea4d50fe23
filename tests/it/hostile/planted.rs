//! Links, pipes, folders and second names that somebody put between two runs where the
//! archive has, or will have, something of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use gphotos_sync::sandbox::{Album, Item, Photo, World};

use super::{Canary, says_nothing_raw};
use crate::support::Person;

/// What is planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    LinkToFolder,
    LinkToFile,
    RelativeLinkToFolder,
    LinkToNothing,
    LinkToItself,
    Pipe,
    SecondName,
    Folder,
}

const KINDS: [Kind; 8] = [
    Kind::LinkToFolder,
    Kind::LinkToFile,
    Kind::RelativeLinkToFolder,
    Kind::LinkToNothing,
    Kind::LinkToItself,
    Kind::Pipe,
    Kind::SecondName,
    Kind::Folder,
];

/// Where it is planted in the trees: places where folders and files are, will be and go,
/// in groups that do not hide one another.
const IN_THE_TREES: &[&[&str]] = &[
    &["drive", "photos", "albums"],
    &["drive/Trip", "photos/2024", "albums/2024"],
    &[
        "drive/Trip/edited.jpg",
        "drive/renamed.jpg",
        "drive/new.jpg",
        "photos/2024/01",
        "albums/2024/0105 Summer",
    ],
    &["drive/gone.jpg", "photos/2024/01/p.jpg", "albums/2024/0105 Summer/0001_p.jpg"],
];

/// The same among the program's own files, each by itself, and whether a run can do
/// without.
const OF_OURS: &[(&str, bool)] = &[
    (".gphotos-sync", false),
    (".gphotos-sync/partial", false),
    (".gphotos-sync/trash", false),
    (".gphotos-sync/moving", true),
    (".gphotos-sync/lock", false),
    (".gphotos-sync/log", false),
    (".gphotos-sync/manifest", false),
    (".gphotos-sync/manifest.new", true),
    (".gphotos-sync/index.db.copy", true),
    (".gphotos-sync/index.db.copy.new", false),
    (".gphotos-sync/index.db.copy.new-journal", false),
    ("index.db", false),
    ("index.db-wal", false),
    ("index.db-shm", false),
    ("index.db-journal", false),
];

const BACKUP: &[&str] =
    &["--do-delete", "--max-delete", "100%", "--log-file", "archive/.gphotos-sync/log"];

#[test]
fn what_is_planted_in_the_trees_leads_nowhere_and_nothing_of_the_account_is_lost() {
    let person = lived_in();
    let canary = Canary::beside(&person);
    keep(&person);
    for group in IN_THE_TREES {
        for kind in KINDS {
            restore(&person);
            group.iter().for_each(|place| plant(&person, &canary, place, kind));
            let ran = person.backup(BACKUP);
            let told = format!("{group:?} {kind:?}: {ran:?}");
            assert!(matches!(ran.code, Some(0 | 8)), "{told}");
            says_nothing_raw(&ran);
            canary.is_untouched(&told);
            if kind == Kind::LinkToFolder || kind == Kind::Pipe {
                group.iter().for_each(|place| unplant(&person, place));
                person.backup(BACKUP).succeeds();
                assert_eq!(held(&person), ["E2", "N", "P", "Q", "R"], "{told}");
                canary.is_untouched(&told);
            }
        }
    }
}

#[test]
fn what_is_planted_among_our_own_files_is_neither_used_nor_written_to() {
    let person = lived_in();
    let canary = Canary::beside(&person);
    keep(&person);
    for (place, is_dispensable) in OF_OURS {
        for kind in KINDS {
            restore(&person);
            plant(&person, &canary, place, kind);
            let ran = person.backup(BACKUP);
            let told = format!("{place} {kind:?}: {ran:?}");
            says_nothing_raw(&ran);
            canary.is_untouched(&told);
            match ran.code {
                Some(0) => assert!(
                    *is_dispensable || matches!(kind, Kind::SecondName | Kind::Folder),
                    "{told}"
                ),
                // What is in the way is named.
                Some(5) => assert!(ran.stderr.contains(place), "{told}"),
                _ => panic!("{told}"),
            }
        }
    }
}

#[test]
fn commands_that_only_look_follow_nothing_either() {
    let person = lived_in();
    person.google().world(|world| world.trash("e"));
    person.backup(BACKUP).succeeds();
    let canary = Canary::beside(&person);
    keep(&person);
    let commands: &[&[&str]] = &[
        &["status", "archive"],
        &["verify", "archive"],
        &["doctor", "archive"],
        &["archive", "--dry-run"],
        &["undo", "archive"],
    ];
    let in_the_trees = IN_THE_TREES.iter().copied().flatten().filter(|it| !it.contains('/'));
    let all = in_the_trees.chain(OF_OURS.iter().map(|(place, _)| place));
    for place in all {
        for kind in [Kind::LinkToFile, Kind::Pipe] {
            restore(&person);
            plant(&person, &canary, place, kind);
            for words in commands {
                let ran = person.run(words);
                let told = format!("{words:?} {place} {kind:?}: {ran:?}");
                assert!(matches!(ran.code, Some(0 | 1 | 5 | 8)), "{told}");
                says_nothing_raw(&ran);
                canary.is_untouched(&told);
            }
        }
    }
}

#[test]
fn an_index_elsewhere_is_no_link_either() {
    let person = lived_in();
    let canary = Canary::beside(&person);
    for place in ["index.db", "index.db-wal", "index.db-shm", "index.db-journal"] {
        for kind in [Kind::LinkToFile, Kind::LinkToNothing, Kind::Pipe] {
            let folder = person.home().join("elsewhere");
            drop(fs::remove_dir_all(&folder));
            fs::create_dir(&folder).unwrap();
            plant_at(&folder.join(place), &canary, kind, 1);
            let ran = person.backup(&["--db-path", "elsewhere"]).ends_with(5);
            assert!(ran.stderr.contains(&format!("elsewhere/{place} is ")), "{ran:?}");
            canary.is_untouched(&format!("{place} {kind:?}"));
        }
    }
    // The folder is the person's to name, by whatever way.
    drop(fs::remove_dir_all(person.home().join("elsewhere")));
    fs::create_dir(person.home().join("disk")).unwrap();
    symlink("disk", person.home().join("elsewhere")).unwrap();
    person.backup(&["--db-path", "elsewhere"]).succeeds();
    assert!(person.home().join("disk/index.db").is_file());
}

/// A person with an archive, and an account in which much has happened since.
fn lived_in() -> Person {
    let world = World::new()
        .folder("t", "Trip", "root")
        .file("e", "edited.jpg", "E", "t")
        .file("r", "was.jpg", "R", "root")
        .file("g", "gone.jpg", "G", "root")
        .photo(Photo::image("p", "p.jpg", "P").taken("2024-01-05T00:00:00Z"))
        .album(Album::new("x", "Summer", &["p"]));
    let person = Person::signed_in(world);
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.edit("e", "E2");
        world.rename("r", "renamed.jpg");
        world.trash("g");
        world.add(Item::file("n", "new.jpg", "N"));
        world.add_photo(Photo::image("q", "q.jpg", "Q").taken("2024-01-02T00:00:00Z"));
        world.set_album_items("x", &["q", "p"]);
    });
    person
}

fn keep(person: &Person) {
    copy(&person.path(""), &person.home().join("kept"));
}

fn restore(person: &Person) {
    copy(&person.home().join("kept"), &person.home().join("archive"));
}

fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

fn plant(person: &Person, canary: &Canary, place: &str, kind: Kind) {
    let path = person.path(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    unplant(person, place);
    plant_at(&path, canary, kind, place.split('/').count());
}

/// Takes away whatever is at `place`.
fn unplant(person: &Person, place: &str) {
    let path = person.path(place);
    match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(&path).unwrap(),
        Ok(_) => person.remove(place),
        Err(_) => {}
    }
}

/// Plants at `path`, which lies so many folders below the person's home.
fn plant_at(path: &Path, canary: &Canary, kind: Kind, depth: usize) {
    match kind {
        Kind::LinkToFolder => symlink(canary.path("folder"), path).unwrap(),
        Kind::LinkToFile => symlink(canary.path("file"), path).unwrap(),
        Kind::RelativeLinkToFolder => {
            symlink(format!("{}outside/folder", "../".repeat(depth)), path).unwrap();
        }
        Kind::LinkToNothing => symlink(canary.path("nothing"), path).unwrap(),
        Kind::LinkToItself => symlink(path.file_name().unwrap(), path).unwrap(),
        Kind::Pipe => {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }
        Kind::SecondName => fs::hard_link(canary.path("file"), path).unwrap(),
        Kind::Folder => fs::create_dir(path).unwrap(),
    }
}

/// The bytes of all files of the account that are in the trees.
fn held(person: &Person) -> Vec<String> {
    let mut held: Vec<_> = person.files().into_iter().map(|found| found.1).collect();
    held.sort();
    held
}

#[test]
fn a_folder_among_the_unfinished_downloads_stays_and_stops_nothing() {
    // Some NAS make such a one in every folder.
    let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
    person.backup(&[]).succeeds();
    let theirs = person.path(".gphotos-sync/partial/@eaDir/thumbnail");
    fs::create_dir_all(&theirs).unwrap();
    person.google().world(|world| world.edit("p1", "newer"));

    person.backup(&[]).succeeds();

    assert!(theirs.exists());
}

#[test]
fn a_folder_in_the_place_of_a_file_of_the_archives_own_is_told_with_what_to_do() {
    for name in ["manifest", "index.db.copy", "index.db.copy.new", "lock"] {
        let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
        fs::create_dir_all(person.path(&format!(".gphotos-sync/{name}/in it"))).unwrap();

        let ran = person.backup(&[]).ends_with(5);

        ran.complains(&[&format!(".gphotos-sync/{name} is not a file"), "try: move away"]);
    }
}
