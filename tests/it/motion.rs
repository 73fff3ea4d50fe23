//! Motion photos: a still and its clip under one stem.

use gphotos_sync::sandbox::{Class, Item, Photo, World};

use crate::support::Person;

/// A still with its film behind it, as the camera made it.
const WHOLE: &[u8] = include_bytes!("../../src/sandbox/library/meadow.mp.jpg");
const CLIP: &[u8] = include_bytes!("../../src/sandbox/library/meadow_clip.mp4");

#[test]
fn a_motion_photo_is_a_still_and_a_clip_under_one_stem() {
    let person = Person::signed_in(World::new().photo(meadow("p1")));

    person.backup(&[]).succeeds();

    let expected = ["photos/2024/05/meadow.MP.jpg", "photos/2024/05/meadow.MP.mp4"];
    assert_eq!(paths(&person), expected);
    assert_eq!(std::fs::read(person.path(expected[1])).unwrap(), CLIP);
    assert_eq!(person.mtime_ms(expected[0]), person.mtime_ms(expected[1]));
    let rows = "SELECT remote_id, mime_type, fidelity, state FROM v_files ORDER BY remote_id";
    let expected =
        [["p1", "image/jpeg", "stripped", "saved"], ["p1=dv", "video/mp4", "transcoded", "saved"]];
    assert_eq!(person.sql(rows), expected);
    assert_costs_nothing_more(&person);
}

#[test]
fn clips_are_numbered_as_their_stills_are() {
    let person = Person::signed_in(
        World::new().photo(meadow("p1")).photo(meadow("p2").taken("2024-05-30T00:00:00Z")).photo(
            Photo::video("p3", "meadow.MP (1).mp4", "its own").taken("2024-05-01T00:00:00Z"),
        ),
    );

    person.backup(&[]).succeeds();

    let expected = [
        "photos/2024/05/meadow.MP (1).mp4",
        "photos/2024/05/meadow.MP (2).jpg",
        "photos/2024/05/meadow.MP (2).mp4",
        "photos/2024/05/meadow.MP.jpg",
        "photos/2024/05/meadow.MP.mp4",
    ];
    assert_eq!(paths(&person), expected);
    assert_costs_nothing_more(&person);
}

#[test]
fn no_clip_shares_a_stem_with_another_still() {
    let still = &WHOLE[..WHOLE.len() - CLIP.len()];
    let mut other = still.to_vec();
    let last = other.len() - 10;
    other[last] ^= 1;
    let clip = [CLIP, b"another"].concat();
    let person = Person::signed_in(
        World::new().file("f1", "meadow.MP.jpg", still, "root").photo(meadow("p1")).photo(
            Photo::image("p2", "meadow.MP.jpg", other.clone())
                .motion(clip.clone())
                .taken("2024-05-04T00:00:00Z"),
        ),
    );

    person.backup(&[]).succeeds();

    let bytes = |path: &str| std::fs::read(person.path(path)).unwrap();
    let path = |id: &str| {
        person.sql(&format!("SELECT path FROM v_files WHERE remote_id = '{id}'")).concat().concat()
    };
    assert_eq!(path("p1"), "drive/meadow.MP.jpg");
    assert_eq!(path("p2").replace(".jpg", ".mp4"), path("p2=dv"));
    assert_ne!(path("p1=dv"), path("p2=dv"));
    assert_eq!(bytes(&path("p1=dv")), CLIP);
    assert_eq!(bytes(&path("p2=dv")), clip);
    assert_eq!(bytes(&path("p2")), other);
    assert_costs_nothing_more(&person);
}

#[test]
fn a_film_of_the_name_of_a_clip_has_a_stem_of_its_own() {
    let film = Photo::video("p0", "meadow.MP.mp4", "its own").taken("2024-05-01T00:00:00Z");
    let person = Person::signed_in(World::new().photo(meadow("p1")).photo(film));

    person.backup(&[]).succeeds();

    let expected = [
        "photos/2024/05/meadow.MP (1).jpg",
        "photos/2024/05/meadow.MP (1).mp4",
        "photos/2024/05/meadow.MP.mp4",
    ];
    assert_eq!(paths(&person), expected);
    assert_eq!(person.files()[2], ("photos/2024/05/meadow.MP.mp4", "its own"));
    assert_costs_nothing_more(&person);
}

#[test]
fn a_clip_follows_its_still_in_the_same_run() {
    let person = Person::signed_in(World::new().photo(meadow("p1")));
    person.backup(&[]).succeeds();
    person.google().forget_requests();

    person.google().world(|world| world.rename_photo("p1", "hill.jpg"));
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(paths(&person), ["photos/2024/05/hill.jpg", "photos/2024/05/hill.mp4"]);

    person.google().world(|world| world.date_photo("p1", "2023-01-02T00:00:00Z"));
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(paths(&person), ["photos/2023/01/hill.jpg", "photos/2023/01/hill.mp4"]);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

#[test]
fn an_original_that_has_its_film_needs_no_clip() {
    let person = Person::signed_in(
        World::new().file("f1", "meadow.MP.jpg", WHOLE, "root").photo(meadow("p1")),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/meadow.MP.jpg"]);
    let rule = person.sql("SELECT match_rule FROM v_files WHERE remote_id = 'p1'");
    assert_eq!(rule, [["picture"]]);
    assert_costs_nothing_more(&person);
}

#[test]
fn a_still_in_drive_that_lost_its_film_does_not_hide_the_clip() {
    let still = &WHOLE[..WHOLE.len() - CLIP.len()];
    let person = Person::signed_in(
        World::new().file("f1", "meadow.MP.jpg", still, "root").photo(meadow("p1")),
    );

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/meadow.MP.jpg", "photos/2024/05/meadow.MP.mp4"]);
    assert_costs_nothing_more(&person);
}

#[test]
fn the_clip_stays_when_the_original_of_its_still_comes() {
    let person = Person::signed_in(World::new().photo(meadow("p1")));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.add(Item::file("f1", "whole.jpg", WHOLE)));

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), ["drive/whole.jpg", "photos/2024/05/meadow.MP.mp4"]);
    assert_costs_nothing_more(&person);
}

#[test]
fn a_clip_that_a_person_deleted_comes_back() {
    let person = Person::signed_in(World::new().photo(meadow("p1")));
    person.backup(&[]).succeeds();
    let before = paths(&person);
    person.remove("photos/2024/05/meadow.MP.mp4");

    person.backup(&[]).succeeds();

    assert_eq!(paths(&person), before);
}

#[test]
fn a_clip_goes_with_its_still() {
    let person =
        Person::signed_in(World::new().photo(meadow("p1")).photo(Photo::image("p2", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    person.google().world(|world| world.delete_photo("p1"));

    person.backup(&["--rescan", "--do-delete", "--max-delete", "100%"]).succeeds();

    assert_eq!(paths(&person), ["photos/2020/06/a.jpg"]);
    let trash = person.sql("SELECT path FROM trash ORDER BY path");
    assert_eq!(trash, [["photos/2024/05/meadow.MP.jpg"], ["photos/2024/05/meadow.MP.mp4"]]);
}

pub fn meadow(id: &str) -> Photo {
    let still = &WHOLE[..WHOLE.len() - CLIP.len()];
    Photo::image(id, "meadow.MP.jpg", still).motion(CLIP).taken("2024-05-03T16:12:00Z")
}

#[track_caller]
fn assert_costs_nothing_more(person: &Person) {
    let before = paths(person);
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    person.backup(&["--rescan"]).succeeds();
    assert_eq!(paths(person), before);
    assert_eq!(person.google().count(Class::PhotoMedia) + person.google().count(Class::Media), 0);
}

fn paths(person: &Person) -> Vec<String> {
    person.files().into_iter().map(|found| found.0).collect()
}
