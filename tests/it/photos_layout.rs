//! Where Photos' items lie: in the months in which they were taken, under their names.

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, Photo, VideoStatus, World};

use crate::support::Person;

#[test]
fn photos_lie_in_the_months_in_which_they_were_taken() {
    let person = Person::signed_in(
        World::new()
            .photo(Photo::image("p1", "a.jpg", "A").taken("2024-02-29T23:59:59Z"))
            .photo(Photo::image("p2", "b.jpg", "B").taken("2024-03-01T00:00:00Z"))
            .photo(Photo::video("p3", "c.mov", "C").taken("1969-12-31T12:00:00Z")),
    );

    person.backup(&[]).succeeds();

    let expected = [
        ("photos/1969/12/c.mov", "C"),
        ("photos/2024/02/a.jpg", "A"),
        ("photos/2024/03/b.jpg", "B"),
    ];
    assert_eq!(person.files(), expected);
    assert_eq!(person.mtime_ms("photos/2024/02/a.jpg"), 1_709_251_199_000);
    let rows = "SELECT path, fidelity, match_rule, state FROM v_files ORDER BY path";
    let expected = [
        ["photos/1969/12/c.mov", "transcoded", "id", "saved"],
        ["photos/2024/02/a.jpg", "stripped", "id", "saved"],
        ["photos/2024/03/b.jpg", "stripped", "id", "saved"],
    ];
    assert_eq!(person.sql(rows), expected);
}

#[test]
fn a_photo_whose_date_is_set_right_moves_to_its_month_and_is_not_fetched_again() {
    let person = Person::signed_in(
        World::new()
            .photo(Photo::image("p1", "a.jpg", "A").taken("2001-01-01T00:00:00Z"))
            .photo(Photo::video("p2", "b.mp4", "B").taken("2001-01-01T00:00:00Z")),
    );
    person.backup(&[]).succeeds();
    person.google().world(|world| world.date_photo("p1", "1987-06-05T04:03:02Z"));
    person.google().world(|world| world.date_photo("p2", "1987-06-05T04:03:02Z"));
    person.google().forget_requests();

    person.backup(&["--rescan"]).succeeds();

    assert_eq!(person.files(), [("photos/1987/06/a.jpg", "A"), ("photos/1987/06/b.mp4", "B")]);
    assert_eq!(person.mtime_ms("photos/1987/06/a.jpg"), 549_864_182_000);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

#[test]
fn two_of_one_name_are_numbered_by_when_they_were_taken() {
    let person = Person::signed_in(
        World::new()
            .photo(Photo::image("p1", "a.jpg", "later").taken("2024-02-02T00:00:00Z"))
            .photo(Photo::image("p2", "a.jpg", "earlier").taken("2024-02-01T00:00:00Z"))
            .photo(Photo::image("p3", "a.jpg", "another month").taken("2024-03-01T00:00:00Z")),
    );

    person.backup(&[]).succeeds();

    let expected = [
        ("photos/2024/02/a (1).jpg", "later"),
        ("photos/2024/02/a.jpg", "earlier"),
        ("photos/2024/03/a.jpg", "another month"),
    ];
    assert_eq!(person.files(), expected);
}

/// Both photos are IMG.JPG in one month, and Drive has the second one's bytes as well.
fn two_of_one_name() -> Person {
    let photo = |id, bytes: &'static str| Photo::image(id, "IMG.JPG", bytes);
    let person = Person::signed_in(
        World::new()
            .with(Item::file("f1", "IMG.JPG", "B"))
            .photo(photo("a", "A"))
            .photo(photo("b", "B")),
    );
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), [("drive/IMG.JPG", "B"), ("photos/2020/06/IMG.JPG", "A")]);
    person.google().forget_requests();
    person
}

#[test]
fn a_photo_that_leaves_its_name_makes_room_for_the_one_that_comes_from_drive() {
    type Change = fn(&mut World);
    let dated: Change = |world| world.date_photo("a", "2021-07-01T00:00:00Z");
    let renamed: Change = |world| world.rename_photo("a", "other.JPG");
    for (leave, at) in [(dated, "photos/2021/07/IMG.JPG"), (renamed, "photos/2020/06/other.JPG")] {
        let person = two_of_one_name();
        person.google().world(|world| {
            world.edit("f1", "newer");
            leave(world);
        });
        person.backup(&["--rescan"]).succeeds();
        let mut expected = [("drive/IMG.JPG", "newer"), ("photos/2020/06/IMG.JPG", "B"), (at, "A")];
        expected.sort_unstable();
        assert_eq!(person.files(), expected);
        assert_eq!(person.google().count(Class::Media), 1);

        let person = two_of_one_name();
        person.google().world(|world| {
            world.delete("f1");
            leave(world);
        });
        person.backup(&["--rescan"]).succeeds();
        assert_eq!(person.files(), &expected[1..]);
        assert_eq!(person.google().count(Class::Media), 0);
        assert_eq!(person.google().count(Class::PhotoMedia), 0);
    }
}

#[test]
fn bytes_that_drive_lets_go_move_even_where_their_photo_is_renamed_at_once() {
    let person = two_of_one_name();
    person.google().world(|world| {
        world.edit("f1", "newer");
        world.rename_photo("b", "other.JPG");
    });

    person.backup(&["--rescan"]).succeeds();

    let expected = [
        ("drive/IMG.JPG", "newer"),
        ("photos/2020/06/IMG.JPG", "A"),
        ("photos/2020/06/other.JPG", "B"),
    ];
    assert_eq!(person.files(), expected);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
}

#[test]
fn a_second_run_fetches_nothing_and_asks_for_no_length() {
    let person = Person::signed_in(
        World::new()
            .file("f1", "d.jpg", "D", "root")
            .photo(Photo::image("p1", "a.jpg", "A"))
            .photo(Photo::video("p2", "b.mp4", "B")),
    );
    person.backup(&[]).succeeds();
    let before = person.files();
    person.google().forget_requests();

    person.backup(&[]).succeeds();
    // Also where everything is listed again.
    person.backup(&["--rescan"]).succeeds();

    assert_eq!(person.google().count(Class::PhotoMedia), 0);
    assert_eq!(person.google().count(Class::PhotoGet), 0);
    assert_eq!(person.files(), before);
}

#[test]
fn a_photo_that_a_person_deleted_comes_back_and_what_they_put_in_its_place_stays() {
    let person = Person::signed_in(World::new().photo(Photo::image("p1", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    person.remove("photos/2020/06/a.jpg");
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), [("photos/2020/06/a.jpg", "A")]);

    person.google().world(|world| world.add_photo(Photo::image("p2", "b.jpg", "B")));
    person.write("photos/2020/06/b.jpg", "somebody's own");
    person.backup(&["--rescan"]).succeeds();

    let expected = [
        ("photos/2020/06/a.jpg", "A"),
        ("photos/2020/06/b (1).jpg", "B"),
        ("photos/2020/06/b.jpg", "somebody's own"),
    ];
    assert_eq!(person.files(), expected);
}

#[test]
fn photos_that_are_left_out_stay_where_they_are() {
    let person = Person::signed_in(
        World::new().file("f1", "d.jpg", "D", "root").photo(Photo::image("p1", "a.jpg", "A")),
    );
    person.backup(&[]).succeeds();
    let before = person.files();
    person.google().forget_requests();

    person.backup(&["--skip-photos"]).succeeds();
    person.backup(&["--skip-drive"]).succeeds();

    assert_eq!(person.files(), before);
    assert_eq!(person.google().count(Class::PhotoMedia) + person.google().count(Class::Media), 0);
}

#[test]
fn a_connection_that_is_cut_leaves_no_half_photo() {
    let bytes = "0123456789".repeat(20_000);
    let person = Person::signed_in(World::new().photo(Photo::image("p1", "a.jpg", &*bytes)));
    person.google().fail(Fault::new(Effect::Cut { after: 70_000 }).on(Class::PhotoMedia));

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("photos/2020/06/a.jpg", bytes.as_str())]);
}

#[test]
fn a_photo_that_a_killed_run_had_placed_is_known_by_its_bytes() {
    let person = Person::signed_in(World::new().photo(Photo::image("p1", "a.jpg", "A")));
    person.backup(&[]).succeeds();
    // As the index was before the run recorded what it had placed.
    let sha256 = "(SELECT sha256 FROM file)";
    let path = "(SELECT path FROM file)";
    person.alter(&format!("INSERT INTO landing SELECT id, {path}, {sha256}, NULL FROM item"));
    for statement in ["DELETE FROM holding", "DELETE FROM file", "UPDATE item SET due = 1"] {
        person.alter(statement);
    }
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("photos/2020/06/a.jpg", "A")]);
    assert_eq!(person.google().count(Class::PhotoMedia), 0);
    assert!(person.sql("SELECT * FROM landing").is_empty());
}

#[test]
fn a_film_that_google_is_not_done_with_is_a_problem_until_it_is() {
    let film = Photo::video("p1", "a.mp4", "A").status(VideoStatus::Processing);
    let person = Person::signed_in(World::new().photo(film));
    person.backup(&[]).ends_with(8);
    assert_eq!(person.sql("SELECT path FROM v_problems"), [["photos/2020/06/a.mp4"]]);
    person.google().world(|world| world.set_video_status("p1", VideoStatus::Ready));

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("photos/2020/06/a.mp4", "A")]);
    assert!(person.sql("SELECT * FROM v_problems").is_empty());
}

#[test]
fn a_film_is_left_out_where_films_are_not_wanted() {
    let person = Person::signed_in(
        World::new()
            .file("f1", "d.mp4", "D", "root")
            .photo(Photo::image("p1", "a.jpg", "A"))
            .photo(Photo::video("p2", "b.mp4", "B")),
    );

    person.backup(&["--skip-video"]).succeeds();

    assert_eq!(person.files(), [("photos/2020/06/a.jpg", "A")]);
}
