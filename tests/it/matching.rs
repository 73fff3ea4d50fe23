//! Photos that Drive has as well: one file where that is certain, two where it is not.

use gphotos_sync::sandbox::{Class, Item, Photo, World};
use serde_json::json;

use crate::support::Person;

/// Taken on 2019-07-14 at 18:31:05 UTC, 640 by 480, with its place.
const LAKE: &[u8] = include_bytes!("../../src/sandbox/library/alpine_lake.jpg");
/// Another picture of the same size.
const MOON: &[u8] = include_bytes!("../../src/sandbox/library/winter_moon.jpg");
const FILM: &[u8] = include_bytes!("../../src/sandbox/library/sunrise.mp4");
const FILM_TRANSCODED: &[u8] = include_bytes!("../../src/sandbox/library/sunrise_transcoded.mp4");

const LAKE_TAKEN: &str = "2019-07-14T18:31:05Z";
const FILM_TAKEN: &str = "2024-04-01T04:52:10Z";

#[test]
fn the_same_bytes_in_both_are_one_file_in_drive() {
    let person = Person::signed_in(
        World::new().file("f1", "one.jpg", "the same", "root").photo(Photo::image(
            "p1",
            "other name.jpg",
            "the same",
        )),
    );

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/one.jpg", "the same")]);
    let rows = "SELECT source, path, fidelity, match_rule, state FROM v_files ORDER BY source";
    let expected = [
        ["drive", "drive/one.jpg", "original", "id", "saved"],
        ["photos", "drive/one.jpg", "original", "hash", "saved"],
    ];
    assert_eq!(person.sql(rows), expected);
    assert_costs_nothing_more(&person);
}

#[test]
fn what_is_as_long_and_named_dated_and_sized_as_the_original_is_not_even_fetched() {
    let person = Person::signed_in(
        World::new()
            .file("f1", "lake.jpg", LAKE, "root")
            .photo(Photo::image("p1", "lake.jpg", LAKE).without_place().taken(LAKE_TAKEN)),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/lake.jpg"]);
    assert_eq!(rule(&person, "p1"), "drive/lake.jpg original name_size_time");
    assert_eq!(media_methods(&person), ["HEAD"]);
    assert_costs_nothing_more(&person);
}

#[test]
fn a_copy_without_its_metadata_is_the_original() {
    let person = Person::signed_in(
        World::new()
            .file("f1", "lake.jpg", LAKE, "root")
            .photo(Photo::image("p1", "lake.jpg", stripped(LAKE)).taken(LAKE_TAKEN))
            // Under another name it is the same picture still.
            .photo(Photo::image("p2", "renamed.jpg", stripped(LAKE)).taken(LAKE_TAKEN)),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/lake.jpg"]);
    assert_eq!(rule(&person, "p1"), "drive/lake.jpg original picture");
    assert_eq!(rule(&person, "p2"), "drive/lake.jpg original picture");
    assert_costs_nothing_more(&person);
}

#[test]
fn an_edited_copy_is_another_picture() {
    // An edit keeps name, time and dimensions.
    let person = Person::signed_in(
        World::new()
            .file("f1", "lake.jpg", LAKE, "root")
            .photo(Photo::image("p1", "lake.jpg", MOON).taken(LAKE_TAKEN)),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/lake.jpg", "photos/2019/07/lake.jpg"]);
    assert_eq!(rule(&person, "p1"), "photos/2019/07/lake.jpg stripped id");
    assert_costs_nothing_more(&person);
}

#[test]
fn an_original_that_comes_later_takes_the_place_of_the_altered_copy() {
    let person = Person::signed_in(
        World::new()
            .photo(Photo::image("p1", "lake.jpg", stripped(LAKE)).taken(LAKE_TAKEN))
            .photo(Photo::video("p2", "film.mp4", FILM_TRANSCODED).taken(FILM_TAKEN))
            .photo(Photo::image("p3", "same.jpg", "the same")),
    );
    person.backup(&["--skip-drive"]).succeeds();
    assert_eq!(paths(&person).len(), 3);
    person.google().world(|world| {
        world.add(Item::file("f1", "lake.jpg", LAKE));
        world.add(Item::file("f2", "film.mp4", FILM));
        world.add(Item::file("f3", "equal.jpg", "the same"));
    });
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/equal.jpg", "drive/film.mp4", "drive/lake.jpg"]);
    assert_eq!(rule(&person, "p1"), "drive/lake.jpg original picture");
    assert_eq!(rule(&person, "p2"), "drive/film.mp4 original name_time");
    assert_eq!(rule(&person, "p3"), "drive/equal.jpg original hash");
    assert_eq!(rule(&person, "f3"), "drive/equal.jpg original hash");
    // The bytes that photos/ had were moved.
    assert_eq!(person.google().count(Class::Media), 2);
    let trash = person.sql("SELECT why, path, trash_path FROM trash ORDER BY path");
    assert_eq!(trash.len(), 2, "{trash:?}");
    assert_eq!(trash[0][..2], ["altered", "photos/2019/07/lake.jpg"]);
    assert_eq!(std::fs::read(person.path(&trash[0][2])).unwrap(), stripped(LAKE));
    assert_eq!(trash[1][..2], ["altered", "photos/2024/04/film.mp4"]);
    assert_costs_nothing_more(&person);
}

#[test]
fn films_are_one_by_name_second_and_duration() {
    let film = |id, name| Photo::video(id, name, FILM_TRANSCODED).taken(FILM_TAKEN);
    let person = Person::signed_in(
        World::new()
            .file("f1", "film.mp4", FILM, "root")
            .photo(film("p1", "film.mp4"))
            .photo(film("p2", "other.mp4")),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/film.mp4", "photos/2024/04/other.mp4"]);
    assert_eq!(rule(&person, "p1"), "drive/film.mp4 original name_time");
    assert_eq!(rule(&person, "p2"), "photos/2024/04/other.mp4 transcoded id");
    assert_costs_nothing_more(&person);
}

#[test]
fn of_a_burst_with_one_name_each_is_told_by_its_picture() {
    let taken = |id, bytes: Vec<u8>| Photo::image(id, "lake.jpg", bytes).taken(LAKE_TAKEN);
    let person = Person::signed_in(
        World::new()
            .file("f1", "lake.jpg", LAKE, "root")
            .photo(taken("p1", MOON.to_vec()))
            .photo(taken("p2", stripped(LAKE)))
            .photo(taken("p3", stripped(MOON))),
    );

    person.backup(&[]).succeeds();

    assert_eq!(rule(&person, "p2"), "drive/lake.jpg original picture");
    let mut in_photos = paths(&person);
    in_photos.retain(|path| path.starts_with("photos/"));
    assert_eq!(in_photos.len(), 2, "{in_photos:?}");
    assert_costs_nothing_more(&person);
}

#[test]
fn a_time_without_a_zone_is_in_doubt_and_the_length_decides() {
    let shot = json!({"width": 640, "height": 480, "time": "2021:05:05 14:00:00"});
    let person = Person::signed_in(
        World::new()
            .with(Item::file("f1", "a.jpg", "no picture at all").image(shot))
            .photo(Photo::image("p1", "a.jpg", "no picture at all").taken("2021-05-05T12:00:00Z"))
            .photo(Photo::image("p2", "b.jpg", "no picture at all!")),
    );

    person.backup(&[]).succeeds();

    assert_eq!(rule(&person, "p1"), "drive/a.jpg original name_size_time");
    assert_eq!(paths(&person), ["drive/a.jpg", "photos/2020/06/b.jpg"]);
}

#[test]
fn bytes_that_photos_names_stay_when_drive_lets_them_go() {
    let person = Person::signed_in(shared_world());
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person), ["drive/a.jpg", "drive/b.jpg", "drive/c.jpg"]);
    person.google().world(|world| {
        world.trash("f1");
        world.edit("f2", "newer");
        world.delete("f3");
    });
    person.google().forget_requests();

    person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();

    let expected = [
        ("drive/b.jpg", "newer"),
        ("photos/2020/06/a.jpg", "A"),
        ("photos/2020/06/b.jpg", "B"),
        ("photos/2020/06/c.jpg", "C"),
    ];
    assert_eq!(person.files(), expected);
    assert_eq!(person.google().count(Class::Media), 1);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
    assert!(person.sql("SELECT * FROM trash").is_empty());

    // They go back when it wants them again.
    person.google().world(|world| world.untrash("f1"));
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person)[0], "drive/a.jpg");
    assert_eq!(person.google().count(Class::Media), 1);
    assert_eq!(rule(&person, "p1"), "drive/a.jpg original hash");
    assert_costs_nothing_more(&person);
}

#[test]
fn a_shared_file_bears_the_time_of_the_item_in_whose_place_it_lies() {
    let drive = |id, bytes: &'static str| {
        Item::file(id, &format!("{bytes}.jpg"), bytes).modified("2011-01-01T00:00:00.000Z")
    };
    let photo = |id, bytes: &'static str| {
        Photo::image(id, &format!("{bytes}.jpg"), bytes).taken("2020-06-05T04:03:02Z")
    };
    let person = Person::signed_in(
        World::new()
            .with(drive("f1", "A"))
            .with(drive("f2", "B"))
            .photo(photo("p1", "A"))
            .photo(photo("p2", "B")),
    );
    person.backup(&[]).succeeds();
    let (drives, photos) = (1_293_840_000_000, 1_591_329_782_000);
    assert_eq!(person.mtime_ms("drive/A.jpg"), drives);
    person.google().world(|world| {
        world.trash("f1");
        world.edit("f2", "newer");
    });

    person.backup(&[]).succeeds();

    assert_eq!(person.mtime_ms("photos/2020/06/A.jpg"), photos);
    assert_eq!(person.mtime_ms("photos/2020/06/B.jpg"), photos);
    assert_costs_nothing_more(&person);

    person.google().world(|world| world.untrash("f1"));
    person.backup(&[]).succeeds();
    assert_eq!(person.mtime_ms("drive/A.jpg"), drives);
    // What both say of it is what it bears, whichever is asked.
    let borne = "SELECT DISTINCT holding.modified_at * 1000000 - mtime_ns FROM holding
                   JOIN file ON file.id = holding.file";
    assert_eq!(person.sql(borne), [["0"]]);
    assert_costs_nothing_more(&person);
    assert_eq!(person.mtime_ms("drive/A.jpg"), drives);
    assert_eq!(person.mtime_ms("photos/2020/06/B.jpg"), photos);
}

#[test]
fn bytes_that_drive_names_stay_when_photos_lets_them_go() {
    let person = Person::signed_in(shared_world());
    person.backup(&[]).succeeds();
    let before = person.files();
    person.google().world(|world| world.delete_photo("p1"));

    person.backup(&["--rescan", "--do-delete", "--max-delete", "100%"]).succeeds();

    assert_eq!(person.files(), before);
    assert!(person.sql("SELECT * FROM trash").is_empty());
}

#[test]
fn a_shared_file_that_a_person_deleted_comes_back_from_drive() {
    let person = Person::signed_in(shared_world());
    person.backup(&[]).succeeds();
    let before = person.files();
    person.remove("drive/a.jpg");
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), before);
    assert_eq!(person.google().count(Class::Media), 1);
    assert_eq!(rule(&person, "p1"), "drive/a.jpg original hash");
    assert_costs_nothing_more(&person);
}

#[test]
fn a_file_that_moves_in_drive_moves_for_photos_too() {
    let person = Person::signed_in(shared_world());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.rename("f1", "z.jpg"));

    person.backup(&[]).succeeds();

    assert_eq!(rule(&person, "p1"), "drive/z.jpg original hash");
    assert_costs_nothing_more(&person);
}

#[test]
fn two_copies_in_drive_are_two_files_and_the_photo_is_in_one_of_them() {
    let person = Person::signed_in(
        World::new()
            .file("f1", "a.jpg", "A", "root")
            .file("f2", "copy of a.jpg", "A", "root")
            .photo(Photo::image("p1", "a.jpg", "A")),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/a.jpg", "drive/copy of a.jpg"]);
    assert_costs_nothing_more(&person);
}

fn shared_world() -> World {
    ["a", "b", "c"].into_iter().zip(1..).fold(World::new(), |world, (name, i)| {
        let (title, bytes) = (format!("{name}.jpg"), name.to_uppercase());
        world.file(&format!("f{i}"), &title, bytes.as_str(), "root").photo(Photo::image(
            &format!("p{i}"),
            &title,
            bytes.as_str(),
        ))
    })
}

/// A further run changes nothing and asks for no bytes, nor for how many they are.
#[track_caller]
fn assert_costs_nothing_more(person: &Person) {
    let before = person.files();
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(person.files(), before);
    assert_eq!(person.google().count(Class::PhotoMedia) + person.google().count(Class::Media), 0);
    assert_eq!(person.google().count(Class::PhotoGet), 0);
}

fn paths(person: &Person) -> Vec<String> {
    person.files().into_iter().map(|found| found.0).collect()
}

/// Where an item is, how true that is to it, and how that is known.
fn rule(person: &Person, id: &str) -> String {
    let rows = format!(
        "SELECT path || ' ' || fidelity || ' ' || match_rule FROM v_files WHERE remote_id = '{id}'"
    );
    person.sql(&rows).concat().concat()
}

fn media_methods(person: &Person) -> Vec<String> {
    let requests = person.google().requests().into_iter();
    requests.filter(|it| it.class == Class::PhotoMedia).map(|it| it.method).collect()
}

/// A JPEG without the segments before its first table: all its metadata.
fn stripped(picture: &[u8]) -> Vec<u8> {
    let tables = picture.windows(2).position(|marker| marker == [0xff, 0xdb]).unwrap();
    [&[0xff, 0xd8], &picture[tables..]].concat()
}
