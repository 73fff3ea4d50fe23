//! The albums of Google Photos, from the account to the disk.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Photo, World};

use super::{agrees_with_the_disk, entries};
use crate::support::Person;

/// A person with two photos that lie in photos/, one that Drive has as well, and an
/// album of all three.
fn person() -> Person {
    let world = World::new()
        .file("f", "mine.jpg", "the same bytes", "root")
        .photo(Photo::image("p1", "one.jpg", "1").taken("2024-05-01T10:00:00Z"))
        .photo(Photo::image("p2", "two.jpg", "22").taken("2024-06-30T23:59:59Z"))
        .photo(Photo::image("p3", "three.jpg", "the same bytes").taken("2024-04-01T10:00:00Z"))
        .album(Album::new("x", "Summer", &["p2", "p3", "p1"]));
    let person = Person::signed_in(world);
    person.backup(&[]).succeeds();
    person
}

#[test]
fn an_album_leads_into_photos_and_into_drive() {
    let person = person();

    let expected = [
        ("albums/2024/0630 Summer/0001_two.jpg", "../../../photos/2024/06/two.jpg"),
        ("albums/2024/0630 Summer/0002_mine.jpg", "../../../drive/mine.jpg"),
        ("albums/2024/0630 Summer/0003_one.jpg", "../../../photos/2024/05/one.jpg"),
    ];
    assert_eq!(person.links(), expected);
    agrees_with_the_disk(&person);
    let row = "SELECT title, path, items, first_taken_at, last_taken_at FROM v_albums";
    let expected = [
        "Summer",
        "albums/2024/0630 Summer",
        "3",
        "2024-04-01T10:00:00.000Z",
        "2024-06-30T23:59:59.000Z",
    ];
    assert_eq!(person.sql(row), [expected]);
}

#[test]
fn an_album_follows_google_without_a_media_request() {
    let person = person();
    person.google().world(|world| {
        world.rename_album("x", "Autumn");
        world.set_album_items("x", &["p1", "p3"]);
        world.add_album(Album::new("y", "Autumn", &["p3"]));
    });
    person.google().forget_requests();

    person.backup(&["--rescan"]).succeeds();

    let expected = [
        "2024/0401 Autumn/0001_mine.jpg",
        "2024/0501 Autumn/0001_one.jpg",
        "2024/0501 Autumn/0002_mine.jpg",
    ];
    assert_eq!(entries(&person), expected);
    agrees_with_the_disk(&person);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

#[test]
fn links_follow_bytes_that_leave_drive_for_photos() {
    let person = person();
    person.google().world(|world| world.delete("f"));

    person.backup(&["--do-delete"]).succeeds();

    let links = person.links();
    let expected = ("albums/2024/0630 Summer/0002_three.jpg", "../../../photos/2024/04/three.jpg");
    assert_eq!(links[1], expected);
    assert_eq!(links.len(), 3);
    agrees_with_the_disk(&person);
}

#[test]
fn an_album_that_is_said_to_be_full_and_shows_nothing_keeps_its_links() {
    let person = person();
    for effect in [Effect::EmptyAnswer, Effect::error(404, "notFound")] {
        // The favourites come first; the next is for what is in the album.
        let fault = Fault::new(effect.clone()).on(Class::PhotoSearch).nth(2);
        person.google().fail(fault);

        let run = person.backup(&["--flush-index", "--do-delete"]).ends_with(8);

        assert!(run.stderr.contains("shows nothing in the album Summer"), "{}", run.stderr);
        assert_eq!(entries(&person).len(), 3, "{effect:?}");
        person.google().mend();
    }
    person.google().world(|world| world.set_album_items("x", &["p1"]));
    person.backup(&[]).succeeds();
    assert_eq!(entries(&person).len(), 1);
}

#[test]
fn an_album_that_google_no_longer_has_goes_with_do_delete() {
    let person = person();
    person.google().world(|world| {
        world.delete_album("x");
        world.add_album(Album::new("y", "Other", &["p1"]));
    });

    person.backup(&["--rescan"]).succeeds();
    assert_eq!(entries(&person).len(), 4);

    person.backup(&["--rescan", "--do-delete"]).succeeds();
    assert_eq!(entries(&person), ["2024/0501 Other/0001_one.jpg"]);
    agrees_with_the_disk(&person);
}

#[test]
fn flat_paths_are_for_months_and_albums_and_move_what_is_there() {
    let person = person();
    let nested: Vec<_> = person.files();
    person.google().forget_requests();

    person.backup(&["--use-flat-path"]).succeeds();

    let files: Vec<_> = person.files().into_iter().map(|found| found.0).collect();
    assert_eq!(files, ["drive/mine.jpg", "photos/2024-05/one.jpg", "photos/2024-06/two.jpg"]);
    let links = person.links();
    assert_eq!(links[0], ("albums/2024-0630 Summer/0001_two.jpg", "../../photos/2024-06/two.jpg"));
    agrees_with_the_disk(&person);
    assert!(!person.path("photos/2024").exists());
    assert_eq!(person.google().count(Class::PhotoMedia), 0);

    person.backup(&[]).succeeds();
    assert_eq!(person.files(), nested);
    assert!(!person.path("photos/2024-05").exists());
}

#[test]
fn albums_follow_their_files_where_photos_is_left_alone() {
    let person = person();
    let links = person.links();
    person.google().world(|world| {
        world.rename("f", "ours.jpg");
        world.delete_album("x");
    });
    person.google().forget_requests();

    person.backup(&["--skip-photos", "--skip-albums"]).succeeds();
    assert_eq!(person.links(), links);
    person.backup(&["--skip-photos", "--do-delete"]).succeeds();

    assert_eq!(
        person.links()[1],
        ("albums/2024/0630 Summer/0002_ours.jpg", "../../../drive/ours.jpg")
    );
    assert_eq!(person.links().len(), 3);
    agrees_with_the_disk(&person);
    assert_eq!(person.google().count(Class::Albums), 0);
}

#[test]
fn what_is_gone_by_an_earlier_run_stays_where_photos_is_left_alone() {
    let person = person();
    person.google().world(|world| world.delete_album("x"));
    person.backup(&[]).succeeds();

    person.backup(&["--skip-photos", "--do-delete"]).succeeds();
    assert_eq!(person.links().len(), 3);

    person.backup(&["--do-delete"]).succeeds();
    assert_eq!(person.links().len(), 0);
}

#[test]
fn no_album_is_built_without_photos_that_was_not_picked() {
    let person = person();
    person.google().world(|world| world.add_album(Album::new("y", "Other", &["p1"])));
    person.backup(&["--album", "Summer"]).succeeds();
    assert_eq!(entries(&person).len(), 3);

    let config = person.write_config("picking.toml", "token-store = 'file'\nalbum = 'Summer'\n");
    person.backup(&["--skip-photos", "--config", &config]).succeeds();

    assert_eq!(entries(&person).len(), 3);
}
