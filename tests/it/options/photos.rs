//! The same of Photos and its albums.

use gphotos_sync::sandbox::{Album, Class, Photo, World};

use super::paths;
use crate::support::Person;

#[test]
fn photos_are_filtered_by_when_they_were_taken_by_name_and_as_favourites() {
    let person = Person::signed_in(
        World::new()
            .photo(Photo::image("p1", "a.jpg", "1").taken("2019-12-31T23:59:59Z").favourite())
            .photo(Photo::image("p2", "b.jpg", "2").taken("2020-01-01T00:00:00Z").favourite())
            .photo(Photo::image("p3", "c.jpg", "3").taken("2020-01-02T00:00:00Z"))
            .photo(Photo::image("p4", "d.gif", "4").taken("2020-01-03T00:00:00Z").favourite()),
    );
    let wish = ["--start-date", "2020", "--exclude", "*.gif", "--favourites-only"];

    person.backup(&wish).succeeds();
    assert_eq!(paths(&person), ["photos/2020/01/b.jpg"]);
    let why =
        person.sql("SELECT remote_id, why_not FROM item WHERE why_not IS NOT NULL ORDER BY 1");
    assert_eq!(why, [["p1", "other_date"], ["p3", "not_favourite"], ["p4", "excluded"]]);

    person.backup(&["--end-date", "2019"]).succeeds();
    assert_eq!(paths(&person), ["photos/2019/12/a.jpg", "photos/2020/01/b.jpg"]);
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person).len(), 4);
    assert_eq!(person.google().count(Class::PhotoMedia), 4);
}

#[test]
fn of_picked_albums_alone_photos_are_taken_as_they_come_in_and_drive_is_not_touched() {
    let person = Person::signed_in(
        trips().file("f1", "drive.jpg", "drive", "root").photo(image("p4", "d.jpg", "4")),
    );

    person.backup(&["--album", "Trip"]).succeeds();
    let first = ["drive/drive.jpg", "photos/2020/06/a.jpg", "photos/2020/06/b.jpg"];
    assert_eq!(paths(&person), first);
    assert_eq!(albums(&person), ["Trip"]);

    // One comes in, one leaves: what is held stays.
    person.google().forget_requests();
    person.google().world(|world| world.set_album_items("t", &["p2", "p4", "p2"]));
    person.backup(&["--album", "Trip"]).succeeds();
    let second = [&first[..], &["photos/2020/06/d.jpg"]].concat();
    assert_eq!(paths(&person), second);
    assert_eq!(person.google().count(Class::PhotoMedia), 1);

    // Nothing changed: nothing is decided anew, nothing asked for.
    person.google().forget_requests();
    let run = person.backup(&["--album", "Trip"]).succeeds();
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
    assert_eq!(paths(&person), second, "{}", run.stdout);

    // What one album brought stays when another is picked.
    person.backup(&["--album-regex", "^our.*2021$"]).succeeds();
    assert_eq!(paths(&person), [&second[..], &["photos/2021/06/c.jpg"]].concat());
    assert_eq!(albums(&person), ["Our trips 2021", "Trip"]);
}

#[test]
fn flat_paths_have_no_folder_for_each_year_and_nothing_is_fetched_for_that() {
    let person = Person::signed_in(trips());
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person)[0], "photos/2020/06/a.jpg");
    person.google().forget_requests();

    person.backup(&["--use-flat-path"]).succeeds();

    let flat = ["photos/2020-06/a.jpg", "photos/2020-06/b.jpg", "photos/2021-06/c.jpg"];
    assert_eq!(paths(&person), flat);
    let links: Vec<_> = person.links().into_iter().map(|found| (found.0, found.1)).collect();
    let link = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    assert_eq!(
        links[2],
        link("albums/2021-0601 Our trips 2021/0001_c.jpg", "../../photos/2021-06/c.jpg")
    );
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person)[2], "photos/2021/06/c.jpg");
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
    assert!(!person.path("photos/2021-06").exists(), "an emptied folder was left");
}

#[test]
fn portable_names_are_those_of_photos_and_albums_too() {
    let world = World::new()
        .photo(image("p1", "IMG:1.jpg", "1"))
        .photo(image("p2", "img_1.JPG", "2"))
        .album(Album::new("t", "What?", &["p1", "p2"]));
    let person = Person::signed_in(world);
    person.backup(&["--names", "portable"]).succeeds();
    let first = paths(&person);
    assert_eq!(first, ["photos/2020/06/IMG_1.jpg", "photos/2020/06/img_1 (1).JPG"]);
    let links: Vec<_> = person.links().into_iter().map(|found| found.0).collect();
    let expected =
        ["albums/2020/0601 What_/0001_IMG_1.jpg", "albums/2020/0601 What_/0002_img_1 (1).JPG"];
    assert_eq!(links, expected);
}

#[test]
fn what_was_added_with_an_old_date_is_found_by_a_rescan() {
    let person = Person::signed_in(World::new().photo(image("p1", "a.jpg", "1")));
    person.backup(&[]).succeeds();
    let old = Photo::image("p2", "old.jpg", "2").taken("1999-01-01T00:00:00Z");
    person.google().world(|world| world.add_photo(old));
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person), ["photos/2020/06/a.jpg"]);

    person.backup(&["--rescan"]).succeeds();

    assert_eq!(paths(&person), ["photos/1999/01/old.jpg", "photos/2020/06/a.jpg"]);
}

/// Two albums: one of June 2020, and one of June 2021.
fn trips() -> World {
    World::new()
        .photo(image("p1", "a.jpg", "1"))
        .photo(image("p2", "b.jpg", "2"))
        .photo(Photo::image("p3", "c.jpg", "3").taken("2021-06-01T00:00:00Z"))
        .album(Album::new("t", "Trip", &["p1", "p2"]))
        .album(Album::new("o", "Our trips 2021", &["p3"]))
}

fn image(id: &str, name: &str, bytes: &'static str) -> Photo {
    Photo::image(id, name, bytes).taken("2020-06-01T00:00:00Z")
}

/// The titles of the albums that have a folder.
fn albums(person: &Person) -> Vec<String> {
    let titles = "SELECT title FROM v_albums WHERE path IS NOT NULL ORDER BY title";
    person.sql(titles).into_iter().map(|row| row[0].clone()).collect()
}
