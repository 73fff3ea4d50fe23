//! What Google Photos shows, and what the index knows of it after a run and after the next.

use gphotos_sync::sandbox::{Album, Api, Class, Effect, Fault, Photo, Request, Sandbox, World};

use crate::support::Person;

mod bytes;
mod listing;

/// A picture that was taken lately, by the clock that the program goes by.
#[expect(clippy::disallowed_methods, reason = "the program under test reads the real clock")]
fn recent(id: &str) -> Photo {
    let now = chrono::Utc::now() - chrono::TimeDelta::hours(1);
    let time = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Photo::image(id, &format!("{id}.jpg"), id.as_bytes()).taken(&time)
}

fn old(id: &str) -> Photo {
    Photo::image(id, &format!("{id}.jpg"), id.as_bytes()).taken("2019-05-01T10:00:00Z")
}

/// Four pictures and two albums of them.
fn world() -> World {
    World::new()
        .photo(old("a").camera("Fairlens", "F100").description("A hill").favourite())
        .photo(old("b").archived())
        .photo(recent("c"))
        .photo(Photo::video("d", "d.mp4", b"film").taken("2021-02-03T04:05:06Z"))
        .album(Album::new("x", "Trip", &["b", "a", "d"]))
        .album(Album::new("y", "Home", &["c"]))
}

/// A person whose first run is over.
fn backed_up(world: World) -> Person {
    let person = Person::signed_in(world);
    person.backup(&["--index-only"]).succeeds();
    person.google().forget_requests();
    person
}

fn ids(person: &Person) -> String {
    let rows = person.sql("SELECT remote_id FROM item WHERE source = 'photos' ORDER BY remote_id");
    rows.concat().join(" ")
}

/// Each album as `TITLE: ITEMS`, in the order of their ids.
fn albums(person: &Person) -> Vec<String> {
    let rows = person.sql(
        "SELECT album.title, (SELECT group_concat(remote_id, ' ') FROM (SELECT item.remote_id
                  FROM album_item JOIN item ON item.id = album_item.item
                 WHERE album_item.album = album.id ORDER BY position))
           FROM album WHERE gone = 0 AND stale = 0 ORDER BY album.remote_id",
    );
    rows.into_iter().map(|row| row.join(": ")).collect()
}

/// What was asked of Photos, in order.
fn asked(google: &Sandbox) -> Vec<Class> {
    let is_photos = |request: &&Request| request.path.starts_with("/photoslibrary/");
    google.requests().iter().filter(is_photos).map(|request| request.class).collect()
}

#[test]
fn a_first_run_records_all_items_and_albums() {
    use Class::{Albums, PhotoList, PhotoSearch};

    let person = Person::signed_in(world());

    person.backup(&["--index-only"]).succeeds();

    let rows = person.sql(
        "SELECT remote_id, title, mime_type, camera, description, favourite,
                strftime('%Y-%m-%dT%H:%M:%SZ', taken_at / 1000, 'unixepoch'), taken_from,
                modified_at = taken_at, owned, gone, missing
           FROM item WHERE source = 'photos' AND remote_id <> 'c' ORDER BY remote_id",
    );
    let expected = [
        "a|a.jpg|image/jpeg|Fairlens F100|A hill|1|2019-05-01T10:00:00Z|google|1|1|0|0",
        "b|b.jpg|image/jpeg|||0|2019-05-01T10:00:00Z|google|1|1|0|0",
        "d|d.mp4|video/mp4|||0|2021-02-03T04:05:06Z|google|1|1|0|0",
    ];
    let rows: Vec<_> = rows.into_iter().map(|row| row.join("|")).collect();
    assert_eq!(rows, expected);
    assert_eq!(albums(&person), ["Trip: b a d", "Home: c"]);
    let searches = [PhotoSearch; 2];
    let expected = [&[PhotoSearch, PhotoList, Albums][..], &searches].concat();
    assert_eq!(asked(person.google()), expected, "favourites, items, albums, and each of two");
}

#[test]
fn a_second_run_asks_for_what_is_new_and_reads_no_album_again() {
    let person = backed_up(world());

    person.backup(&["--index-only"]).succeeds();

    let expected = [Class::PhotoSearch, Class::PhotoSearch, Class::Albums];
    assert_eq!(asked(person.google()), expected, "new favourites, new items, albums");
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

#[test]
fn what_is_taken_later_is_found_by_its_date() {
    let person = backed_up(world());
    person.google().world(|world| {
        world.add_photo(recent("e").favourite());
        world.favour_photo("c", true);
        world.describe_photo("c", "Rain");
    });

    person.backup(&["--index-only"]).succeeds();

    assert_eq!((ids(&person).as_str(), person.google().count(Class::PhotoList)), ("a b c d e", 0));
    let rows = person.sql(
        "SELECT remote_id, description FROM item
          WHERE source = 'photos' AND favourite = 1 ORDER BY remote_id",
    );
    assert_eq!(rows, [["a", "A hill"], ["c", "Rain"], ["e", ""]]);
    person.google().world(|world| world.favour_photo("c", false));
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(person.sql("SELECT favourite FROM item WHERE remote_id = 'c'"), [["0"]]);
}

#[test]
fn what_is_uploaded_with_an_old_date_is_found_a_week_later_or_by_rescan() {
    for (later, options) in [(true, &["--index-only"][..]), (false, &["--index-only", "--rescan"])]
    {
        let person = backed_up(world());
        person.google().world(|world| world.add_photo(old("e")));
        person.backup(&["--index-only"]).succeeds();
        assert_eq!(ids(&person), "a b c d", "a search by date does not find it");
        if later {
            let week =
                "UPDATE crawl SET listed_at = listed_at - 8 * 86400000 WHERE source = 'photos'";
            person.alter(week);
        }
        person.google().forget_requests();

        person.backup(options).succeeds();

        assert_eq!(ids(&person), "a b c d e", "{options:?}");
        let searches = person.google().count(Class::PhotoSearch);
        assert_eq!(searches, 1 + 2, "both albums are read again along with all items");
    }
}

#[test]
fn a_deleted_item_is_forgotten_by_the_next_whole_listing_and_not_before() {
    let person = backed_up(world());
    person.google().world(|world| world.delete_photo("b"));

    person.backup(&["--index-only"]).succeeds();
    assert_eq!(ids(&person), "a b c d", "a search by date says nothing of it");
    person.backup(&["--index-only", "--rescan"]).succeeds();

    assert_eq!((ids(&person).as_str(), albums(&person)[0].as_str()), ("a c d", "Trip: a d"));
}

#[test]
fn only_albums_whose_title_count_or_cover_changed_are_read_again() {
    type Change = fn(&mut World);
    let changes: [(&str, Change, &str); 4] = [
        ("title", |world| world.rename_album("x", "Journey"), "Journey: b a d"),
        ("count", |world| world.set_album_items("x", &["b", "a"]), "Trip: b a"),
        ("cover", |world| world.set_album_items("x", &["d", "a", "b"]), "Trip: d a b"),
        (
            "count of new ones",
            |world| world.set_album_items("x", &["b", "a", "d", "c"]),
            "Trip: b a d c",
        ),
    ];
    for (what, change, expected) in changes {
        let person = backed_up(world());
        person.google().world(change);

        person.backup(&["--index-only"]).succeeds();

        assert_eq!(albums(&person), [expected, "Home: c"], "{what}");
        assert_eq!(person.google().count(Class::PhotoSearch), 2 + 1, "{what}");
    }
}

#[test]
fn albums_are_left_alone_where_nobody_wants_them() {
    let person = Person::signed_in(world());
    person.backup(&["--index-only", "--skip-albums"]).succeeds();
    assert_eq!(person.google().count(Class::Albums), 0);
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(albums(&person), ["Trip: b a d", "Home: c"]);
}

#[test]
fn an_album_brings_items_that_no_search_by_date_found() {
    let person = backed_up(world());
    person.google().world(|world| {
        world.add_photo(old("e"));
        world.set_album_items("y", &["c", "e"]);
    });

    person.backup(&["--index-only"]).succeeds();

    assert_eq!((ids(&person).as_str(), albums(&person)[1].as_str()), ("a b c d e", "Home: c e"));
}

#[test]
fn an_album_that_is_deleted_is_gone_and_one_that_returns_is_there() {
    let person = backed_up(world());
    person.google().world(|world| world.delete_album("x"));
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(albums(&person), ["Home: c"]);

    person.google().world(|world| world.delete_album("y"));
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(albums(&person), Vec::<String>::new(), "asked for by its id, it is not there");

    person.google().world(|world| world.add_album(Album::new("x", "Trip", &["a"])));
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(albums(&person), ["Trip: a"]);
}

#[test]
fn an_album_that_vanishes_after_it_was_listed_is_an_ordinary_event() {
    let person = Person::signed_in(world());
    let gone = Fault::new(Effect::error(404, "notFound"));
    person.google().fail(gone.clone().on(Class::PhotoSearch).id("x"));
    // Nor does it answer when it is asked for by itself.
    person.google().fail(gone.on(Class::Albums).nth(2));

    person.backup(&["--index-only"]).succeeds();

    assert_eq!(albums(&person), ["Home: c"]);
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(albums(&person), ["Trip: b a d", "Home: c"], "it was listed again");
}

#[test]
fn albums_without_title_or_items_and_with_those_of_other_apps_are_ordinary() {
    let world = world()
        .photo(old("z").of_another_app())
        .album(Album::new("u", "", &["z", "a"]).untitled())
        .album(Album::new("v", "Empty", &[]));
    let person = Person::signed_in(world);

    person.backup(&["--index-only"]).succeeds();

    assert_eq!(albums(&person), [": a", "Empty: ", "Trip: b a d", "Home: c"]);
}

#[test]
fn an_empty_page_that_goes_on_is_ordinary() {
    let many = (0..250).fold(World::new(), |world, i| world.photo(old(&format!("p{i:03}"))));
    let names: Vec<_> = (0..250).map(|i| format!("p{i:03}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let person = Person::signed_in(many.album(Album::new("x", "All", &names)));
    for class in [Class::PhotoList, Class::PhotoSearch, Class::Albums] {
        person.google().fail(Fault::new(Effect::EmptyPage).on(class).nth(2));
        person.google().fail(Fault::new(Effect::EmptyPage).on(class));
    }

    person.backup(&["--index-only"]).succeeds();

    let counts = "SELECT (SELECT count(*) FROM item WHERE source = 'photos'),
                         (SELECT count(*) FROM album_item), (SELECT max(position) FROM album_item)";
    assert_eq!(person.sql(counts), [["250", "250", "250"]]);
}

#[test]
fn a_page_token_that_is_refused_begins_the_pass_again() {
    let many = (0..250).fold(World::new(), |world, i| world.photo(recent(&format!("p{i:03}"))));
    let person = Person::signed_in(many);
    person.google().fail(Fault::new(Effect::PageTokenRefused).on(Class::PhotoList));
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(person.sql("SELECT count(*) FROM item WHERE source = 'photos'"), [["250"]]);

    let denied = Fault::new(Effect::error(403, "forbidden")).on(Class::PhotoSearch).nth(3);
    person.google().fail(denied);
    person.backup(&["--index-only"]).ends_with(4);
    person.google().world(World::expire_page_tokens);
    person.google().forget_requests();
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(person.google().count(Class::PhotoList), 0, "the search by date begins again");
    assert_eq!(person.google().count(Class::PhotoSearch), 1 + 1 + 3);
}

#[test]
fn an_empty_listing_is_not_believed() {
    let person = backed_up(world());
    person.google().world(|world| {
        for id in ["a", "b", "c", "d"] {
            world.delete_photo(id);
        }
    });

    person.backup(&["--index-only", "--flush-index"]).ends_with(8);

    assert_eq!(ids(&person), "a b c d");
    assert_eq!(person.sql("SELECT count(*) FROM item WHERE missing = 1"), [["0"]]);
    person.google().forget_requests();
    person.backup(&["--index-only"]).ends_with(8);
    assert_eq!(person.google().count(Class::PhotoList), 1, "everything is listed again");
}

#[test]
fn one_source_that_fails_whole_lets_the_other_finish() {
    let world = || world().file("f", "f.jpg", "bytes", "root");
    let denied = |class| Fault::new(Effect::error(403, "forbidden")).on(class).always();

    let person = Person::signed_in(world());
    person.google().fail(denied(Class::PhotoList));
    let ran = person.backup(&[]).ends_with(4);
    assert!(person.path("drive/f.jpg").exists());
    assert!(ran.stderr.contains("photoslibrary/v1/mediaItems"), "{}", ran.stderr);

    let person = Person::signed_in(world());
    person.google().fail(denied(Class::List));
    person.backup(&[]).ends_with(4);
    assert_eq!((ids(&person).as_str(), person.files().len()), ("a b c d", 4));
    assert_eq!(person.sql("SELECT outcome FROM run"), [["incomplete"]]);

    person.google().mend();
    person.google().world(|world| world.disable_api(Api::Photos));
    person.backup(&[]).ends_with(3).complains(&["Google Photos Library API is not enabled"]);
    assert_eq!(person.files().len(), 1 + 4);
}

#[test]
fn albums_that_cannot_be_read_leave_their_items_to_be_saved() {
    let person = Person::signed_in(world());
    person.google().fail(Fault::new(Effect::error(403, "forbidden")).on(Class::Albums).always());

    person.backup(&["--index-only"]).ends_with(4);

    assert_eq!((ids(&person).as_str(), albums(&person).len()), ("a b c d", 0));
}

#[test]
fn a_sign_in_that_lacks_photos_backs_up_drive_and_says_what_to_do() {
    let world = world().file("f", "f.jpg", "bytes", "root");
    let person = Person::signed_in_with(world, &["--skip-photos"]);

    let words = ["permission to read Google Photos is missing", "`gphotos-sync auth login`"];
    person.backup(&[]).ends_with(3).complains(&words);

    assert_eq!(person.files(), [("drive/f.jpg", "bytes")]);
    assert_eq!(asked(person.google()), []);
    person.backup(&["--skip-photos"]).succeeds();
}

#[test]
fn a_sign_in_for_photos_alone_needs_nothing_of_drive() {
    let person = Person::signed_in_with(world(), &["--skip-drive"]);

    person.backup(&["--skip-drive", "--index-only"]).succeeds();

    assert_eq!(ids(&person), "a b c d");
    let bound = "SELECT account IS NULL, client_id IS NULL FROM archive";
    assert_eq!(person.sql(bound), [["1", "0"]]);
}

#[test]
fn a_service_account_never_asks_for_photos() {
    let person = Person::with(world().file("f", "f.jpg", "bytes", "root"));
    person.backup(&[]).succeeds();
    assert_eq!(asked(person.google()), []);
}

#[test]
fn another_account_or_client_is_refused_before_photos_is_asked() {
    for (column, words) in [("account", "backup of"), ("client_id", "OAuth client")] {
        let person = backed_up(world());
        person.alter(&format!("UPDATE archive SET {column} = 'another'"));
        let before = person.sql("SELECT * FROM item ORDER BY id");

        person.backup(&["--skip-drive", "--index-only"]).ends_with(2).complains(&[words]);

        assert_eq!(asked(person.google()), []);
        assert_eq!(person.sql("SELECT * FROM item ORDER BY id"), before);
    }
}
