//! How the bytes of Google Photos are fetched: by addresses that expire, and of films that
//! may not be ready.

use gphotos_sync::sandbox::{Class, Effect, Fault, Photo, VideoStatus, World};

use super::{backed_up, ids, old, world};
use crate::support::Person;

#[test]
fn fifty_pictures_cost_one_request_for_their_addresses() {
    let many = (0..120).fold(World::new(), |world, i| world.photo(old(&format!("p{i:03}"))));
    let person = Person::signed_in(many);

    person.backup(&[]).succeeds();

    let google = person.google();
    assert_eq!((google.count(Class::PhotoMedia), google.count(Class::PhotoGet)), (120, 3));
    assert_eq!(person.files().len(), 120);
    google.forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!((google.count(Class::PhotoMedia), google.count(Class::PhotoGet)), (0, 0));
}

#[test]
fn a_film_that_google_still_works_on_is_a_problem_until_it_is_ready() {
    let film = Photo::video("d", "d.mp4", b"film").taken("2021-02-03T04:05:06Z");
    let person = Person::signed_in(World::new().photo(film).photo(old("a")));
    person.google().world(|world| world.set_video_status("d", VideoStatus::Processing));

    person.backup(&[]).ends_with(8);

    let reason = "SELECT reason FROM v_problems";
    assert!(person.sql(reason)[0][0].contains("still processing"), "{:?}", person.sql(reason));
    assert_eq!(person.files().len(), 1, "the other is saved");
    person.backup(&[]).ends_with(8);
    person.google().world(|world| world.set_video_status("d", VideoStatus::Failed));
    person.backup(&[]).ends_with(8);
    assert!(person.sql(reason)[0][0].contains("could not process"), "{:?}", person.sql(reason));
    person.google().world(|world| world.set_video_status("d", VideoStatus::Ready));
    person.backup(&[]).succeeds();
    assert!(person.sql(reason).is_empty());
    assert!(person.path("photos/2021/02/d.mp4").exists());
}

#[test]
fn an_address_that_has_expired_is_renewed() {
    let person = Person::signed_in(World::new().photo(old("a")).photo(old("b")));
    person.google().fail(Fault::new(Effect::ErrorPage(403)).on(Class::PhotoMedia));

    person.backup(&[]).succeeds();

    assert_eq!(person.files().len(), 2);
    assert!(person.google().count(Class::PhotoGet) >= 2, "they were asked for once more");
}

#[test]
fn what_was_deleted_after_it_was_listed_is_asked_for_again_and_forgotten() {
    let person = backed_up(world());
    person.google().world(|world| world.delete_photo("b"));

    person.backup(&["--skip-index"]).succeeds();

    assert_eq!(ids(&person), "a c d");
    let problems = person.sql("SELECT count(*) FROM v_problems");
    assert_eq!((problems, person.files().len()), (vec![vec!["0".to_owned()]], 3));
}

#[test]
fn a_source_whose_bytes_are_refused_for_today_lets_the_other_finish() {
    let world = (0..20).fold(world(), |world, i| {
        world.file(&format!("f{i}"), &format!("f{i}.jpg"), format!("bytes {i}").as_bytes(), "root")
    });
    let person = Person::signed_in(world);
    let limit = Effect::error(403, "dailyLimitExceeded");
    person.google().fail(Fault::new(limit).on(Class::Media).always());

    person.backup(&["--transfers", "1"]).ends_with(4);

    assert_eq!(person.google().count(Class::Media), 1, "once is enough");
    assert_eq!(person.files().len(), 4, "all of Photos");
    person.google().mend();
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 24);
}
