//! Listings that never end: the same token for ever, ever new tokens with nothing behind
//! them, pages that come again. Each ends with a clear error, removes nothing, and is
//! over when Google is itself again.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Photo, World};

use crate::support::Person;

fn world() -> World {
    World::new()
        .file("p1", "a.jpg", "A", "root")
        .file("p2", "b.jpg", "B", "root")
        .photo(Photo::image("x", "x.jpg", b"the bytes of x"))
        .photo(Photo::image("y", "y.jpg", b"the bytes of y"))
        .album(Album::new("al", "Summer", &["y", "x"]))
}

/// A person who has a backup, and whose Google has lost two things since.
fn person() -> Person {
    let person = Person::signed_in(world());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p2");
        world.delete_photo("y");
    });
    person
}

/// Has each page of `class` go on for ever as `effect` says.
fn goes_on_for_ever(class: Class, effect: &Effect, options: &[&str], words: &str) {
    let person = person();
    let before = (person.files(), person.links());
    person.google().forget_requests();
    person.google().fail(Fault::new(effect.clone()).on(class).always());

    let ran = person.hasty(&[&["--do-delete"], options].concat());

    let said = format!("{class:?} {effect:?}: {}", ran.stderr.replace("\n    ", " "));
    assert!(matches!(ran.code, Some(4 | 8)), "{:?} {said}", ran.code);
    assert!(said.contains(words), "{said}");
    assert!(person.google().count(class) < 2100, "{said}");
    let is_photos = !matches!(class, Class::List | Class::Changes);
    let kept = if is_photos { "photos/" } else { "drive/" };
    let of =
        |files: &[crate::support::Found]| files.iter().filter(|it| it.0.starts_with(kept)).count();
    assert_eq!(of(&person.files()), of(&before.0), "{said}");
    if is_photos && class != Class::PhotoList {
        assert_eq!(person.links(), before.1, "{said}");
    }
    person.google().mend();
    person.hasty(&["--do-delete", "--rescan"]).succeeds();
    assert_eq!((person.files().len(), person.links().len()), (2, 1), "{said}");
}

const FOR_EVER: &str = "does not come to an end";
const REFUSED: &str = "no longer accepts the place";

#[test]
fn a_listing_of_drive_that_goes_on_for_ever_ends_and_removes_nothing() {
    for (effect, words) in
        [(Effect::SameToken, REFUSED), (Effect::Again, FOR_EVER), (Effect::EmptyPage, FOR_EVER)]
    {
        goes_on_for_ever(Class::List, &effect, &["--flush-index"], words);
    }
}

#[test]
fn a_feed_of_changes_that_goes_on_for_ever_ends_and_removes_nothing() {
    for (effect, words) in [(Effect::SameToken, REFUSED), (Effect::Again, FOR_EVER)] {
        goes_on_for_ever(Class::Changes, &effect, &[], words);
    }
}

#[test]
fn a_listing_of_photos_that_goes_on_for_ever_ends_and_removes_nothing() {
    for (effect, words) in
        [(Effect::SameToken, REFUSED), (Effect::Again, FOR_EVER), (Effect::EmptyPage, FOR_EVER)]
    {
        goes_on_for_ever(Class::PhotoList, &effect, &["--flush-index"], words);
    }
}

#[test]
fn a_search_of_photos_that_goes_on_for_ever_ends_and_removes_nothing() {
    for (effect, words) in
        [(Effect::SameToken, REFUSED), (Effect::Again, FOR_EVER), (Effect::EmptyPage, FOR_EVER)]
    {
        goes_on_for_ever(Class::PhotoSearch, &effect, &[], words);
    }
}

#[test]
fn a_list_of_albums_that_goes_on_for_ever_ends_and_leaves_the_albums() {
    for (effect, words) in
        [(Effect::SameToken, REFUSED), (Effect::Again, FOR_EVER), (Effect::EmptyPage, FOR_EVER)]
    {
        goes_on_for_ever(Class::Albums, &effect, &[], words);
    }
}

#[test]
fn one_album_that_goes_on_for_ever_is_left_and_the_others_are_read() {
    let person = Person::signed_in(world().album(Album::new("b", "Winter", &["x"])));
    person.google().fail(Fault::new(Effect::Again).on(Class::PhotoSearch).id("al").always());

    let ran = person.hasty(&[]).ends_with(8);

    assert!(
        ran.stderr.replace("\n    ", " ").contains("album Summer could not be read"),
        "{}",
        ran.stderr
    );
    let links: Vec<_> = person.links().into_iter().map(|link| link.0).collect();
    assert_eq!(links, ["albums/2020/0601 Winter/0001_x.jpg"]);
    person.google().mend();
    person.hasty(&[]).succeeds();
    assert_eq!(person.links().len(), 3);
}

#[test]
fn a_list_of_shared_drives_that_goes_on_for_ever_keeps_nobody_waiting() {
    for effect in [Effect::SameToken, Effect::Again] {
        let person = Person::with(world());
        person.google().fail(Fault::new(effect).on(Class::Drives).always());
        person.hasty(&[]).succeeds();
        assert!(person.google().count(Class::Drives) <= 20);
        assert_eq!(person.files().len(), 2);
    }
}
