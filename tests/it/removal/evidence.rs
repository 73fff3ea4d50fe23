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
        // A proxy's, and not Google's word that it knows of none.
        Effect::ErrorPage(404),
        Effect::Html,
    ] {
        person.google().fail(Fault::new(effect.clone()).on(Class::Get).id("p1").always());
        let run = person.hasty(&["--do-delete", "--flush-index"]).ends_with(8);
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

#[test]
fn what_was_moved_to_a_shared_drive_is_there_and_kept() {
    let person = Person::with(four_photos().shared_drive("0D", "Family"));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.move_to_drive("p1", "0D"));

    // Told by the feed, and then left out by every listing.
    for options in [&["--do-delete"][..], &["--do-delete", "--flush-index"], &["--do-delete"]] {
        person.backup(options).succeeds();
        assert_eq!(person.files().len(), 4, "{options:?}");
    }
    person.google().forget_requests();
    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.google().count(Class::List), 0, "no listing is blamed for it");
    assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["saved"]]);
}

#[test]
fn what_was_gone_long_ago_is_asked_for_again_when_a_later_listing_lacks_it() {
    // Two lies at once: the listing that makes good for a refused feed lacks one, too.
    for id in ["p1", "p2"] {
        let person = Person::with(four_photos());
        person.backup(&[]).succeeds();
        person.google().world(|world| {
            world.trash("p1");
            world.delete("p2");
        });
        person.backup(&[]).succeeds();
        person.google().world(|world| {
            world.untrash("p1");
            world.add(Item::file("p2", "b.jpg", "B"));
        });
        let omit = Effect::Omit(id.to_owned());
        let refused = Fault::new(Effect::PageTokenRefused).on(Class::Changes);
        person.google().fail(Fault::new(omit).on(Class::List));
        person.google().fail(refused);

        let run = person.backup(&["--do-delete"]).ends_with(8);

        assert!(run.stderr.contains("left out 1 items that are there"), "{}", run.stderr);
        assert_eq!(person.files().len(), 4);
        person.google().mend();
        person.backup(&["--do-delete"]).succeeds();
        assert_eq!(person.files().len(), 4);
        assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["saved"]]);
    }
}

#[test]
fn what_a_listing_left_out_and_is_truly_gone_goes_however_it_was_told_before() {
    let person = Person::with(four_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.trash("p1"));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete("p1"));

    person.backup(&["--do-delete", "--flush-index"]).succeeds();

    assert_eq!(person.files().len(), 3);
}

#[test]
fn a_photo_that_was_gone_and_came_back_stays_though_no_listing_has_told_of_it() {
    let photo = |id: &str| Photo::image(id, &format!("{id}.jpg"), id.as_bytes());
    let world = World::new().file("f", "f.jpg", "F", "root").photo(photo("p")).photo(photo("q"));
    let person = Person::signed_in(world);
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete_photo("p"));
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'p'"), [["gone"]]);
    person.google().world(|world| world.add_photo(photo("p")));

    // Of Photos this reads what is new at its end: two that it knows, and no more.
    person.google().fail(Fault::new(Effect::Omit("p".to_owned())).on(Class::PhotoList).always());
    let ran = person.backup(&["--do-delete", "--max-delete", "100%"]).ends_with(8);
    assert!(ran.stderr.contains("left out 1 items that are there"), "{}", ran.stderr);
    assert_eq!(person.files().len(), 3);

    person.google().mend();
    person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
    assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["saved"]]);
    person.google().world(|world| world.delete_photo("p"));
    person.backup(&["--rescan"]).succeeds();
    person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
    assert_eq!(person.files().len(), 2, "what is gone still goes");
}

#[test]
fn a_clip_comes_back_with_its_still() {
    let lake = include_bytes!("../../../src/sandbox/library/meadow.mp.jpg");
    let clip = include_bytes!("../../../src/sandbox/library/meadow_clip.mp4");
    let meadow = || Photo::image("m", "meadow.jpg", lake).motion(clip);
    let world = World::new().photo(meadow()).photo(Photo::image("q", "q.jpg", "Q"));
    let person = Person::signed_in(world.photo(Photo::image("r", "r.jpg", "R")));
    person.backup(&[]).succeeds();
    let files = person.sql("SELECT path FROM v_files WHERE remote_id LIKE 'm%'");
    assert_eq!(files.len(), 2, "{files:?}");
    person.google().world(|world| world.delete_photo("m"));
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.sql("SELECT count(*) FROM v_files WHERE state = 'gone'"), [["2"]]);
    person.google().world(|world| world.add_photo(meadow()));

    for options in [&["--do-delete", "--rescan"][..], &["--do-delete"]] {
        person.backup(options).succeeds();
        assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["saved"]]);
        assert_eq!(person.sql("SELECT path FROM v_files WHERE remote_id LIKE 'm%'"), files);
    }
}

#[test]
fn a_sign_in_that_does_not_say_whose_it_is_removes_nothing_from_a_known_account() {
    let person = both_lost_one();
    person.sign_in(&["--skip-drive"]);

    let run = person.backup(&["--do-delete", "--rescan", "--skip-drive"]).succeeds();

    assert_eq!(removed(&person), "");
    let words = "nothing of photos is removed in this run: this sign-in does not say whose";
    assert!(run.stderr.contains(words), "{}", run.stderr);
}

#[test]
fn an_unknown_id_by_itself_is_no_deletion() {
    let photo = |id: &str, width| {
        let name = format!("{id}.jpg");
        Photo::image(id, &name, id).taken("2024-03-05T10:00:00Z").size(width, 480)
    };
    let person = Person::signed_in(World::new().photo(photo("p", 640)).photo(photo("q", 640)));
    person.backup(&[]).succeeds();
    // Other bytes are wanted, and what is asked on the way to them knows of no such item. No
    // listing of everything has been without it.
    person.google().world(|world| {
        world.delete_photo("p");
        world.add_photo(photo("p", 800));
    });
    person.backup(&["--index-only", "--rescan"]).succeeds();
    person.google().world(|world| world.delete_photo("p"));

    person.backup(&["--do-delete"]).ends_with(8);
    assert_eq!(person.files().len(), 2);
    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'p'"), [["saved"]]);

    person.backup(&["--do-delete", "--rescan"]).succeeds();
    assert_eq!(person.files().len(), 1);
}
