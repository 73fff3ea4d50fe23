//! What counts as evidence that an item is gone, and what never does.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, World};

use super::{change, four_photos};
use crate::support::Person;

#[test]
fn what_a_listing_left_out_is_asked_for_and_only_what_is_gone_goes() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    person.google().forget_requests();

    person.backup(&["--do-delete", "--flush-index"]).succeeds();

    assert_eq!(person.files().len(), 3);
    assert_eq!(person.google().count(Class::Get), asked_anyway(&person) + 1);
}

#[test]
fn what_a_listing_left_out_and_is_alive_makes_the_listing_the_doubtful_one() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p2"));
    leave_out(&person, "p1");

    let run = person.backup(&["--do-delete", "--skip-index"]).succeeds();
    assert_eq!(person.files().len(), 4, "{}", run.stderr);

    leave_out(&person, "p1");
    let run = person.backup(&["--do-delete"]).ends_with(8);

    assert!(run.stderr.contains("left out 1 items that are there"), "{}", run.stderr);
    assert_eq!(person.files().len(), 4);
    person.google().forget_requests();
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.google().count(Class::List), 1, "everything is listed again");
    assert_eq!(person.files().len(), 3);
}

#[test]
fn a_listing_that_is_empty_cut_or_incomplete_removes_nothing() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    for (effect, code) in [
        (Effect::IncompleteSearch, 8),
        (Effect::error(403, "dailyLimitExceeded"), 4),
        (Effect::ErrorPage(404), 4),
    ] {
        person.google().fail(Fault::new(effect.clone()).on(Class::List).always());
        person.backup(&["--do-delete", "--flush-index", "--max-delete", "100%"]).ends_with(code);
        assert_eq!(person.files().len(), 4, "{effect:?}");
        person.google().mend();
    }

    person.google().world(|world| *world = World::new());
    person.backup(&["--do-delete", "--flush-index", "--max-delete", "100%"]).ends_with(8);
    assert_eq!(person.files().len(), 4);
}

#[test]
fn an_error_is_no_evidence() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    for effect in [
        Effect::error(403, "insufficientFilePermissions"),
        Effect::error(403, "dailyLimitExceeded"),
        Effect::ErrorPage(400),
        Effect::Html,
    ] {
        person.google().fail(Fault::new(effect.clone()).on(Class::Get).id("p1").always());
        let run = person.backup(&["--do-delete", "--flush-index"]).ends_with(8);
        assert!(run.stderr.contains("could not be asked"), "{effect:?}: {}", run.stderr);
        assert_eq!(person.files().len(), 4, "{effect:?}");
        person.google().mend();
    }

    // What was left open is asked by the next run, without another listing.
    person.google().forget_requests();
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!((person.files().len(), person.google().count(Class::List)), (3, 0));
}

#[test]
fn what_others_no_longer_share_is_lost_access_and_kept() {
    let person =
        Person::with(four_photos().with(Item::file("o1", "bobs.jpg", "O").shared_by("Bob")));
    person.backup(&["--shared"]).succeeds();
    person.google().world(|world| world.unshare("o1"));

    for options in [&["--shared", "--do-delete"][..], &["--shared", "--do-delete", "--flush-index"]]
    {
        person.backup(options).succeeds();
        assert_eq!(person.files()[0], ("drive-shared/bobs.jpg", "O"));
    }

    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'o1'"), [["gone"]]);
}

#[test]
fn a_source_that_is_left_alone_loses_nothing() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));
    person.backup(&[]).succeeds();

    person.backup(&["--skip-drive", "--do-delete"]).succeeds();

    assert_eq!(person.files().len(), 4);
}

/// A person whose first run is over, and whose Drive and Photos have lost an item each.
fn both_lost_one() -> Person {
    let photo = |id: &str| {
        let name = format!("{id}.jpg");
        Photo::image(id, &name, id).taken("2024-03-05T10:00:00Z")
    };
    let world = four_photos().photo(photo("one")).photo(photo("two"));
    let person = Person::signed_in(world.album(Album::new("x", "Trip", &["one", "two"])));
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p1");
        world.delete_photo("one");
    });
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.sql("SELECT count(*) FROM v_files WHERE state = 'gone'"), [["2"]]);
    person
}

fn removed(person: &Person) -> String {
    person.sql("SELECT path FROM v_files WHERE state = 'removed' ORDER BY path").concat().join(" ")
}

#[test]
fn a_source_that_never_answers_keeps_its_own_and_not_what_is_gone_from_another() {
    let person = both_lost_one();
    person.sign_in(&["--skip-photos"]);

    let run = person.backup(&["--do-delete"]).ends_with(3);

    assert_eq!(removed(&person), "drive/a.jpg");
    assert!(run.stderr.contains("nothing of photos is removed in this run"), "{}", run.stderr);
    assert_eq!(person.files().len(), 5);

    let person = both_lost_one();
    let denied = Fault::new(Effect::error(403, "forbidden")).on(Class::Changes).always();
    person.google().fail(denied);
    person.backup(&["--do-delete"]).ends_with(4);
    assert_eq!(removed(&person), "photos/2024/03/one.jpg");
}

#[test]
fn a_doubt_about_one_source_keeps_nothing_of_another() {
    let person = both_lost_one();
    person.google().world(|world| world.delete_photo("two"));

    // A listing without anything is not believed.
    person.backup(&["--do-delete", "--rescan"]).ends_with(8);

    assert_eq!(removed(&person), "drive/a.jpg");
}

/// Makes the index as it is when a complete listing did not have an item.
fn leave_out(person: &Person, id: &str) {
    change(person, &format!("UPDATE item SET missing = 1 WHERE remote_id = '{id}'"));
}

/// How many single items a listing asks for in any case: where My Drive begins.
fn asked_anyway(person: &Person) -> usize {
    let gets = person.google().requests().into_iter().filter(|it| it.class == Class::Get);
    gets.filter(|it| it.path.ends_with("/root")).count()
}
