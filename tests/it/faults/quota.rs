//! A day has so many requests for Photos: what is read of them, what waits for the next,
//! and when that is.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Photo, World};

use crate::support::{Person, Ran};

/// So many pictures, a hundred on a page, all in one album, and a file in Drive.
fn world(photos: usize) -> World {
    let ids: Vec<_> = (0..photos).map(|i| format!("p{i:04}")).collect();
    let world = ids.iter().fold(World::new().file("f", "f.jpg", "bytes", "root"), |world, id| {
        world.photo(Photo::image(id, &format!("{id}.jpg"), id.as_bytes()))
    });
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    world.album(Album::new("al", "All", &ids))
}

/// How many requests the Library API was sent.
fn spent(person: &Person) -> u64 {
    let is_counted = |path: &str| path.starts_with("/photoslibrary/");
    person.google().requests().iter().filter(|it| is_counted(&it.path)).count() as u64
}

fn items(person: &Person) -> String {
    person.sql("SELECT count(*) FROM item WHERE source = 'photos'")[0][0].clone()
}

#[track_caller]
fn stops_for_today(ran: Ran) {
    let words = ["Google Photos", "spent", "08:00 UTC", "07:00 UTC", "California", "run again in "];
    let ran = ran.ends_with(4);
    let said = |word: &str| ran.stderr.replace("\n    ", " ").contains(word);
    assert!(said(words[2]) || said(words[3]), "{}", ran.stderr);
    for word in [words[0], words[1], words[4], words[5]] {
        assert!(said(word), "{word}: {}", ran.stderr);
    }
}

/// So many seconds are more than any day has in California.
const A_DAY: u64 = 25 * 60 * 60;

#[test]
fn a_library_that_takes_more_than_a_day_is_read_on_from_where_it_stopped() {
    let person = Person::signed_in(world(450));
    let budget = ["--daily-requests", "4"];

    // One for the favourites, and three of five pages.
    stops_for_today(person.hasty(&budget));
    assert_eq!((spent(&person), items(&person).as_str()), (4, "300"));
    assert_eq!(person.files(), [("drive/f.jpg", "bytes")], "Drive goes on");
    assert_eq!(person.sql("SELECT outcome FROM v_runs"), [["incomplete"]]);
    assert_eq!(person.sql("SELECT requests FROM spent"), [["4"]]);
    assert!(person.sql("SELECT * FROM v_problems").is_empty());

    // The same day has no more, whatever else is asked.
    for options in [&[][..], &["--do-delete"], &["--skip-drive"]] {
        stops_for_today(person.hasty(&[&budget[..], options].concat()));
        assert_eq!((spent(&person), items(&person).as_str()), (4, "300"), "{options:?}");
    }

    // The rest of the pages, and what is new since.
    person.google().forget_requests();
    stops_for_today(person.hasty_later(A_DAY, &budget));
    assert_eq!((spent(&person), items(&person).as_str()), (4, "450"));
    assert_eq!(person.sql("SELECT count(*) FROM spent"), [["1"]], "older days are forgotten");

    let ended = (2..12)
        .find(|day| person.hasty_later(day * A_DAY, &["--daily-requests", "12"]).code == Some(0));
    assert!(ended.is_some(), "{:?}", person.sql("SELECT * FROM v_runs"));
    assert_eq!((person.files().len(), person.links().len()), (451, 450));
}

#[test]
fn nothing_is_removed_and_no_item_is_to_blame_when_a_day_is_spent() {
    let person = Person::signed_in(world(250));
    person.backup(&[]).succeeds();
    let before = person.files();
    person.google().world(|world| {
        world.delete_photo("p0001");
        world.add_photo(Photo::image("new", "new.jpg", b"new"));
    });
    for budget in 1..9 {
        person.alter("UPDATE spent SET requests = 0");
        let ran = person.hasty(&[
            "--flush-index",
            "--do-delete",
            "--daily-requests",
            &budget.to_string(),
        ]);
        assert!(matches!(ran.code, Some(0 | 4)), "{}", ran.stderr);
        if ran.code == Some(4) {
            assert!(before.iter().all(|file| person.files().contains(file)), "{budget}");
            assert!(person.links().len() >= 249, "{budget}");
            assert!(person.sql("SELECT * FROM v_problems").is_empty(), "{budget}");
        }
    }
    person.alter("UPDATE spent SET requests = 0");
    person.hasty(&["--flush-index", "--do-delete"]).succeeds();
    assert_eq!(person.files().len(), 251);
    assert_eq!(person.sql("SELECT state FROM v_files WHERE remote_id = 'p0001'"), [["removed"]]);
}

#[test]
fn a_limit_that_google_tells_of_waits_for_the_next_day_as_well() {
    for class in [Class::PhotoList, Class::Albums, Class::PhotoGet] {
        let person = Person::signed_in(world(120));
        let text = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded",
                "details":[{"reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"ApiCallsPerDayPerProject"}}]}}"#;
        let limit = Effect::Json { status: 429, text };
        person.google().fail(Fault::new(limit).on(class).always());

        let ran = person.hasty(&[]).ends_with(4);

        let said = ran.stderr.replace("\n    ", " ");
        assert!(said.contains("Google's limit for a day is reached"), "{class:?}: {said}");
        // Transfers that are on their way ask as well, each once.
        let most = if class == Class::PhotoGet { 8 } else { 1 };
        assert!(person.google().count(class) <= most, "{class:?}");
        assert_eq!(person.files()[0], ("drive/f.jpg", "bytes"));
        person.google().mend();
        person.backup(&[]).succeeds();
        assert_eq!(person.files().len(), 121);
    }
}

#[test]
fn the_budget_can_be_set_for_good() {
    let person = Person::signed_in(world(250));
    person.write_config("config.toml", "token-store = 'file'\ndaily-requests = 2\n");
    stops_for_today(person.hasty(&[]));
    assert_eq!(spent(&person), 2);
    person.hasty(&["--daily-requests", "100"]).succeeds();

    person.write_config("config.toml", "token-store = 'file'\ndaily-requests = 0\n");
    person.backup(&[]).ends_with(2).complains(&["daily-requests = 0"]);
    person.write_config("config.toml", "token-store = 'file'\n");
    person.backup(&["--daily-requests", "0"]).ends_with(2).complains(&["--daily-requests"]);
}
