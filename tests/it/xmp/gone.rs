//! It goes when its picture goes, and not when a person changed it.

use gphotos_sync::sandbox::{Photo, World};

use super::{WANTED, paths, read};
use crate::support::Person;

/// Two photos, each of a year of its own.
fn person() -> Person {
    let photo = |id: &str, year: &str| {
        Photo::image(id, &format!("{id}.jpg"), id).taken(&format!("{year}-02-03T04:05:06Z"))
    };
    let world = ["2018", "2019", "2020"]
        .iter()
        .fold(World::new(), |world, year| world.photo(photo(&format!("of-{year}"), year)));
    let person = Person::signed_in(world);
    person.backup(WANTED).succeeds();
    assert_eq!(paths(&person).len(), 6);
    person
}

const DELETE: &[&str] = &["--sidecars", "xmp", "--do-delete", "--rescan"];

#[test]
fn it_goes_with_its_picture_and_comes_back_with_it() {
    let person = person();
    person.google().world(|world| world.delete_photo("of-2018"));
    person.backup(DELETE).succeeds();
    assert_eq!(paths(&person).len(), 4);
    assert!(!person.path("photos/2018").exists());

    person.run(&["undo", "archive"]).succeeds();
    person.backup(WANTED).succeeds();
    assert!(read(&person, "photos/2018/02/of-2018.jpg.xmp").contains("2018-02-03"));
}

#[test]
fn one_that_a_person_changed_stays_where_its_picture_was() {
    let person = person();
    let path = "photos/2018/02/of-2018.jpg.xmp";
    person.write(path, "my own work");
    person.google().world(|world| world.delete_photo("of-2018"));

    person.backup(DELETE).succeeds().complains(&[path]);

    assert_eq!(read(&person, path), "my own work");
    assert_eq!(paths(&person).len(), 5);
    let run = person.backup(DELETE).succeeds();
    assert!(!run.stderr.contains("xmp"), "{}", run.stderr);
}
