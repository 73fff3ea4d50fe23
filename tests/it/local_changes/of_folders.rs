//! What a person does to folders, to permissions, and to the sort of thing that is there.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use gphotos_sync::sandbox::{Album, Class, Item, Photo, World};

use crate::support::{Person, Ran};

/// A user without any rights, on every Unix.
const NOBODY: u32 = 65_534;

fn trip() -> World {
    World::new()
        .folder("t", "Trip", "root")
        .folder("d", "Day 1", "t")
        .file("a", "a.jpg", "A", "t")
        .file("b", "b.jpg", "B", "d")
        .file("c", "c.jpg", "C", "root")
        .photo(Photo::image("p", "p.jpg", "P").taken("2024-01-05T00:00:00Z"))
        .album(Album::new("x", "Summer", &["p"]))
}

#[test]
fn whole_folders_that_a_person_deleted_come_back() {
    let person = Person::signed_in(trip());
    person.backup(&[]).succeeds();
    let (files, links) = (person.files(), person.links());
    for folder in ["drive/Trip", "drive", "photos", "albums/2024", "albums"] {
        fs::remove_dir_all(person.path(folder)).unwrap();
        person.backup(&["--do-delete"]).succeeds();
        assert_eq!((person.files(), person.links()), (files.clone(), links.clone()), "{folder}");
    }
}

#[test]
fn what_a_person_moved_within_the_archive_comes_back_and_their_own_place_stays() {
    let person = Person::signed_in(trip());
    person.backup(&[]).succeeds();
    let before = person.files();
    person.rename("drive/c.jpg", "drive/Trip/mine.jpg");
    person.rename("drive/Trip/Day 1", "drive/Day one");

    person.backup(&["--do-delete"]).succeeds();

    let mut expected = before;
    for (path, bytes) in [("drive/Day one/b.jpg", "B"), ("drive/Trip/mine.jpg", "C")] {
        expected.push(crate::support::Found(path.to_owned(), bytes.to_owned()));
    }
    expected.sort();
    assert_eq!(person.files(), expected);
}

#[test]
fn a_file_in_a_folders_place_and_a_folder_in_a_files_stay_and_ours_take_other_names() {
    let person = Person::signed_in(trip());
    person.backup(&[]).succeeds();
    fs::remove_dir_all(person.path("drive/Trip")).unwrap();
    person.write("drive/Trip", "a file of mine");
    person.remove("drive/c.jpg");
    fs::create_dir(person.path("drive/c.jpg")).unwrap();
    person.write("drive/c.jpg/notes", "mine, too");

    person.backup(&["--do-delete"]).succeeds();

    let expected = [
        ("drive/Trip", "a file of mine"),
        ("drive/Trip (1)/Day 1/b.jpg", "B"),
        ("drive/Trip (1)/a.jpg", "A"),
        ("drive/c (1).jpg", "C"),
        ("drive/c.jpg/notes", "mine, too"),
        ("photos/2024/01/p.jpg", "P"),
    ];
    assert_eq!(person.files(), expected);
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.files(), expected);
}

#[test]
fn foreign_things_in_every_tree_are_left_as_they_are() {
    // A library that seems to be empty is doubted.
    let other = Photo::image("q", "q.jpg", "Q").taken("2023-01-05T00:00:00Z");
    let other_album = Album::new("y", "Winter", &["q"]);
    let person = Person::signed_in(trip().photo(other).album(other_album));
    person.backup(&[]).succeeds();
    let foreign = [
        "notes.txt",
        "drive/Trip/own.jpg",
        "photos/2024/01/own.jpg",
        "photos/2024/own.txt",
        "photos/own.txt",
        "albums/own.txt",
        "albums/2024/own.txt",
        "albums/2024/0105 Summer/own.txt",
        "albums/2024/My own/picture.jpg",
    ];
    for path in foreign {
        fs::create_dir_all(person.path(path).parent().unwrap()).unwrap();
        person.write(path, "my own");
    }
    symlink("own.jpg", person.path("drive/Trip/link.jpg")).unwrap();
    symlink("/etc", person.path("photos/2024/etc")).unwrap();
    let own = |person: &Person| {
        let mut own = person.files();
        own.retain(|found| found.1 == "my own");
        let mut links = person.links();
        links.retain(|found| !found.0.starts_with("albums/"));
        (own, links)
    };
    let before = own(&person);
    assert_eq!((before.0.len(), before.1.len()), (foreign.len(), 2));
    person.google().world(|world| {
        for id in ["a", "b", "c"] {
            world.trash(id);
        }
        world.delete_photo("p");
        world.delete_album("x");
    });

    person.backup(&["--rescan", "--do-delete", "--max-delete", "100%"]).succeeds();

    assert_eq!(own(&person), before);
    let left = person.files();
    let ours: Vec<_> = left.into_iter().filter(|found| found.1 != "my own").collect();
    assert_eq!(ours, [("photos/2023/01/q.jpg", "Q")]);
    person.run(&["undo", "archive"]).succeeds();
    assert_eq!(own(&person), before);
}

#[test]
fn a_file_whose_bytes_changed_and_its_time_did_not_is_found_by_its_length() {
    let person = Person::signed_in(trip());
    person.backup(&[]).succeeds();
    let edit = |path: &str, bytes: &str| {
        let time = fs::metadata(person.path(path)).unwrap().modified().unwrap();
        person.write(path, bytes);
        let file = fs::File::options().write(true).open(person.path(path)).unwrap();
        file.set_modified(time).unwrap();
    };
    edit("drive/c.jpg", "longer");
    edit("drive/Trip/a.jpg", "Z");

    let run = person.backup(&[]).succeeds();
    run.complains(&["drive/c.jpg was changed on this disk"]);
    assert_eq!(fs::read_to_string(person.path("drive/c.jpg")).unwrap(), "C");
    // Of the other only its bytes tell, and only who reads them knows.
    assert_eq!(fs::read_to_string(person.path("drive/Trip/a.jpg")).unwrap(), "Z");
    let verified = person.run(&["verify", "archive"]).ends_with(8);
    assert!(verified.stdout.contains("drive/Trip/a.jpg"), "{}", verified.stdout);
}

#[test]
fn a_second_name_that_a_person_gave_a_file_keeps_its_bytes_and_its_time() {
    let person = Person::signed_in(trip());
    person.backup(&[]).succeeds();
    // As `cp -al` does for a snapshot, and as somebody does who plants one.
    let snapshot = person.home().join("snapshot");
    let copied =
        std::process::Command::new("cp").arg("-al").arg(person.path("")).arg(&snapshot).status();
    assert!(copied.unwrap().success());
    let before = states(&snapshot);
    person.google().world(|world| {
        world.edit("a", "A2");
        world.set_modified("b", "2025-05-05T00:00:00Z");
        world.rename("c", "d.jpg");
        world.add(Item::file("e", "e.jpg", "E"));
    });

    person.backup(&[]).succeeds();
    person.backup(&[]).succeeds();
    person.run(&["verify", "archive"]).succeeds();

    assert_eq!(states(&snapshot), before);
    assert_eq!(fs::read_to_string(person.path("drive/Trip/a.jpg")).unwrap(), "A2");
}

fn states(folder: &Path) -> Vec<(String, Vec<u8>, std::time::SystemTime)> {
    let mut states = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            states.extend(self::states(&path));
        } else if meta.is_file() {
            let bytes = fs::read(&path).unwrap();
            states.push((path.display().to_string(), bytes, meta.modified().unwrap()));
        }
    }
    states.sort();
    states
}

#[test]
fn what_nobody_may_read_any_more_is_told_and_the_rest_goes_on() {
    let world = trip().folder("s", "Shut", "root").file("z", "z.jpg", "Z", "s");
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    let as_user = |options: &[&str]| {
        let mut command = person.command(options);
        // Who may do everything is kept out of nothing: then another user runs it.
        if rustix::process::geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        Ran::of(&mut command)
    };
    if rustix::process::geteuid().is_root() {
        give_away(person.home());
    }
    as_user(&["--do-delete"]).succeeds();
    let shut = |path: &str, mode: u32| {
        fs::set_permissions(person.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    shut("drive/Shut", 0o000);
    shut("drive/Trip", 0o555);
    person.write("drive/c.jpg", "X");
    shut("drive/c.jpg", 0o000);
    person.google().world(|world| {
        world.add(Item::file("n", "n.jpg", "N"));
        world.add(Item::file("m", "m.jpg", "M").parent("t"));
        world.add(Item::file("y", "y.jpg", "Y").parent("s"));
        world.rename("a", "a2.jpg");
        world.trash("z");
    });

    let run = as_user(&["--do-delete"]).ends_with(8);

    run.complains(&[
        "drive/Shut/z.jpg is left as it is: could not open drive/Shut: Permission",
        "drive/c.jpg is left as it is: could not open drive/c.jpg: Permission",
        "drive/Trip/a.jpg was not moved: could not move something to drive/Trip/a2.jpg: Permission",
        "not saved: drive/Trip/m.jpg",
        "not saved: drive/Shut/y.jpg",
    ]);
    assert_eq!(fs::read_to_string(person.path("drive/n.jpg")).unwrap(), "N");
    shut("drive/Shut", 0o755);
    shut("drive/Trip", 0o755);
    shut("drive/c.jpg", 0o644);
    as_user(&["--do-delete"]).succeeds();
    let expected = [
        ("drive/Shut/y.jpg", "Y"),
        ("drive/Trip/Day 1/b.jpg", "B"),
        ("drive/Trip/a2.jpg", "A"),
        ("drive/Trip/m.jpg", "M"),
        ("drive/c.jpg", "C"),
        ("drive/n.jpg", "N"),
    ];
    assert_eq!(person.files(), expected);
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    assert_eq!(fs::read_to_string(person.path(&kept[0][0])).unwrap(), "X");
    assert_eq!(person.google().count(Class::Consent), 0);
}

fn give_away(folder: &Path) {
    std::os::unix::fs::chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.symlink_metadata().unwrap().is_dir() {
            give_away(&path);
        } else {
            std::os::unix::fs::lchown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
}
