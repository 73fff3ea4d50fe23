//! Faults that last: what is listed cannot be had, for whatever reason. The run says so, takes
//! nothing for gone, lets the other source finish, and the next one is as if nothing had been.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, Sandbox, World};

use crate::support::asked::tell;
use crate::support::{Found, Person};

fn world() -> World {
    World::new()
        .file("p1", "a.jpg", "A", "root")
        .file("p2", "b.jpg", "B", "root")
        .photo(Photo::image("x", "x.jpg", b"the bytes of x"))
        .photo(Photo::image("y", "y.jpg", b"the bytes of y"))
        .album(Album::new("al", "Summer", &["y", "x"]))
}

/// A person who has a backup, and whose Google has lost something of each source since.
fn person() -> Person {
    let person = Person::signed_in(world());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.delete("p2");
        world.delete_photo("y");
    });
    person
}

fn json(text: &'static str) -> Effect {
    Effect::Json { status: 200, text }
}

/// What may come for ever, with the exit code that it makes.
fn lasting() -> Vec<(Effect, i32)> {
    let pages = [400, 403, 404, 408, 410, 412, 416, 429, 500, 501, 503];
    let mut effects: Vec<_> = pages.map(|status| (Effect::ErrorPage(status), 4)).into();
    effects.extend([
        (Effect::error(401, "authError"), 3),
        (Effect::error(403, "dailyLimitExceeded"), 4),
        (Effect::Busy { status: 429, retry_after: "86400".to_owned() }, 4),
        (Effect::Reset, 4),
        (Effect::Html, 4),
        (Effect::BrokenJson, 4),
        (Effect::Redirect("http://127.0.0.1:1/".to_owned()), 4),
        (json("{\"files\" []}"), 4),
        (json("[7]"), 4),
        (json("{\"nextPageToken\": 7, \"startPageToken\": 7, \"user\": 7, \"id\": 7}"), 4),
    ]);
    effects
}

/// Has all requests of `class` fail, and looks at what is left in `trees`, of which the
/// rest belongs to the other source.
fn fails_for_good(person: &Person, class: Class, effect: &Effect, code: i32) {
    let trees = ["drive/", "photos/"];
    let before: [Vec<Found>; 2] = trees.map(|tree| of(person, tree));
    person.google().fail(Fault::new(effect.clone()).on(class).always());

    let ran = person.hasty(&["--flush-index"]);

    assert_eq!(ran.code, Some(code), "{class:?} {effect:?}: {}", ran.stderr);
    assert!(ran.stderr.contains("gphotos-sync: "), "{class:?} {effect:?}: {}", ran.stderr);
    assert_eq!(trees.map(|tree| of(person, tree)), before, "{class:?} {effect:?}");
    person.google().mend();
}

fn of(person: &Person, tree: &str) -> Vec<Found> {
    person.files().into_iter().filter(|file| file.0.starts_with(tree)).collect()
}

/// Ends a history of failures: what is gone now goes.
#[track_caller]
fn is_well_in_the_end(person: &Person) {
    let struck = person.google().struck();
    assert!(struck > 0, "nothing was struck");
    tell(format_args!("{} sorts of lasting faults struck {struck} requests", lasting().len()));
    person.hasty(&["--flush-index", "--do-delete"]).succeeds();
    assert_eq!((person.files().len(), person.links().len()), (2, 1));
}

#[test]
fn drive_that_cannot_be_read_is_told_and_nothing_is_taken_for_gone() {
    let person = person();
    for class in [Class::About, Class::StartToken, Class::Get, Class::List, Class::Changes] {
        for (effect, code) in lasting() {
            fails_for_good(&person, class, &effect, code);
        }
    }
    is_well_in_the_end(&person);
}

#[test]
fn photos_that_cannot_be_read_are_told_and_nothing_is_taken_for_gone() {
    let person = person();
    for class in [Class::PhotoSearch, Class::PhotoList, Class::Albums] {
        for (effect, code) in lasting() {
            // Photos has no such word for it, and says of a page that it has nothing.
            if effect != Effect::error(403, "dailyLimitExceeded") {
                fails_for_good(&person, class, &effect, code);
            }
        }
    }
    is_well_in_the_end(&person);
}

#[test]
fn nothing_goes_while_the_answers_about_what_is_missing_cannot_be_had() {
    let person = person();
    let before = (person.files(), person.links());
    for (effect, _) in lasting() {
        // The first is for My Drive itself.
        let fault = || Fault::new(effect.clone()).always();
        person.google().fail(fault().on(Class::Get).nth(2));
        person.google().fail(fault().on(Class::PhotoGet));

        let ran = person.hasty(&["--flush-index", "--do-delete", "--skip-albums"]);

        assert!(matches!(ran.code, Some(3 | 4 | 8)), "{effect:?} {:?} {}", ran.code, ran.stderr);
        assert_eq!((&person.files(), &person.links()), (&before.0, &before.1), "{effect:?}");
        person.google().mend();
    }
    is_well_in_the_end(&person);
}

#[test]
fn a_token_server_that_is_not_itself_is_told_apart_from_a_sign_in_that_has_ended() {
    let person = Person::signed_in(world());
    for (effect, code) in [
        (Effect::error(400, "invalid_grant"), 3),
        (Effect::error(401, "invalid_client"), 3),
        (Effect::error(403, "org_internal"), 3),
        (Effect::error(429, "rate_limit_exceeded"), 4),
        (Effect::error(500, "internal_failure"), 4),
        (Effect::error(503, "temporarily_unavailable"), 4),
        (Effect::ErrorPage(500), 4),
        (Effect::ErrorPage(502), 4),
        (Effect::Busy { status: 503, retry_after: "86400".to_owned() }, 4),
        (Effect::Reset, 4),
        (Effect::Html, 4),
        (Effect::Redirect("http://127.0.0.1:1/".to_owned()), 4),
        (json("{}"), 4),
        (json("[]"), 4),
        (json("{\"access_token\": 7}"), 4),
    ] {
        person.google().fail(Fault::new(effect.clone()).on(Class::Token).always());
        let ran = person.hasty(&[]);
        assert_eq!(ran.code, Some(code), "{effect:?}: {}", ran.stderr);
        person.google().mend();
    }
    person.hasty(&[]).succeeds();
}

#[test]
fn nobody_but_google_is_shown_a_token_or_believed() {
    let other = Sandbox::start(World::new());
    let elsewhere = |path: &str| Effect::Redirect(format!("{}{path}", other.root()));
    for (class, path) in [
        (Class::Token, "/token"),
        (Class::About, "/drive/v3/about?fields=user"),
        (Class::List, "/drive/v3/files"),
        (Class::Changes, "/drive/v3/changes?pageToken=1"),
        (Class::Get, "/drive/v3/files/root"),
        (Class::Media, "/drive/v3/files/p1?alt=media"),
        (Class::PhotoList, "/photoslibrary/v1/mediaItems"),
        (Class::PhotoSearch, "/photoslibrary/v1/mediaItems:search"),
        (Class::PhotoGet, "/photoslibrary/v1/mediaItems:batchGet"),
        (Class::Albums, "/photoslibrary/v1/albums"),
        (Class::PhotoMedia, "/media/lr/x=d"),
    ] {
        let person = Person::signed_in(world());
        person.google().fail(Fault::new(elsewhere(path)).on(class).always());
        let ran = person.hasty(&[]);
        assert!(matches!(ran.code, Some(4 | 8)), "{class:?} {:?} {}", ran.code, ran.stderr);
        assert!(other.requests().is_empty(), "{class:?}: {:?}", other.requests());
    }
}

#[test]
fn an_answer_in_words_is_not_saved_as_a_picture() {
    // Nothing else would tell: Photos states neither length nor checksum.
    let person = Person::signed_in(world());
    let words = json(r#"{"error": "come back later"}"#);
    person.google().fail(Fault::new(words).on(Class::PhotoMedia).always());

    let ran = person.hasty(&[]).ends_with(8);

    ran.complains(&["photos/2020/06/x.jpg", "no picture or film"]);
    assert_eq!(person.files(), [("drive/a.jpg", "A"), ("drive/b.jpg", "B")]);
    person.google().mend();
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 4);
}

#[test]
fn a_picture_without_a_byte_is_not_saved() {
    let world =
        World::new().photo(Photo::image("x", "x.jpg", b"")).photo(Photo::image("y", "y.jpg", b"Y"));
    let person = Person::signed_in(world.file("p1", "none.jpg", b"", "root"));

    person.backup(&[]).ends_with(8).complains(&["x.jpg", "0 bytes"]);

    let names: Vec<_> = person.files().into_iter().map(|file| file.0).collect();
    assert_eq!(names, ["drive/none.jpg", "photos/2020/06/y.jpg"], "Drive states its length");
}

#[test]
fn a_server_that_begins_anew_each_time_and_never_comes_to_the_end_is_given_up() {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let letter = Item::native("n1", "Letter", "document").export(DOCX, "a long letter");
    let person = Person::with(World::new().with(letter));
    for number in 0..100 {
        // Now it comes further than the last time, and now it does not.
        let after = 3 + 2 * (number % 2);
        person.google().fail(Fault::new(Effect::Cut { after }).on(Class::Export));
    }

    person.hasty(&["--all-files"]).ends_with(8).complains(&["Letter.docx", "cut off"]);

    assert!(person.google().count(Class::Export) < 20);
    person.google().mend();
    person.backup(&["--all-files"]).succeeds();
    assert_eq!(person.files(), [("drive/Letter.docx", "a long letter")]);
}

#[test]
fn lengths_that_no_disk_has_cost_only_the_files_that_have_them() {
    const LONGEST: &str = r#"{"incompleteSearch": false, "files": [
        {"id": "l1", "name": "l1.jpg", "mimeType": "image/jpeg", "size": "9223372036854775807"},
        {"id": "l2", "name": "l2.jpg", "mimeType": "image/jpeg", "size": "9223372036854775807"},
        {"id": "p1", "name": "a.jpg", "mimeType": "image/jpeg", "size": "1", "ownedByMe": true}]}"#;
    let person = Person::with(world());
    person.google().fail(Fault::new(json(LONGEST)).on(Class::List));

    person.backup(&["--shared"]).ends_with(5).complains(&["no room for 2 of the files"]);

    assert_eq!(person.files()[0].1, "A");
}
