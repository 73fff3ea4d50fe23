//! The Picker's sessions: how they are waited for, listed, renewed and given back.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use gphotos_sync::sandbox::{Api, Class, Effect, Fault, Photo, Picks, World};

use super::{PICKER, no_session_is_left, person, pick, world};
use crate::support::Person;

/// A person who will choose all of so many pictures.
fn with_many(count: usize, picks: impl Fn(Picks) -> Picks) -> Person {
    let ids: Vec<_> = (0..count).map(|n| format!("p{n:04}")).collect();
    let world = ids.iter().fold(World::new(), |world, id| {
        let photo = Photo::image(id, &format!("{id}.jpg"), id.as_bytes());
        world.photo(photo.taken("2019-05-01T10:00:00Z").of_another_app())
    });
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    Person::signed_in_with(world.picks(picks(Picks::new(&ids))), PICKER)
}

#[test]
fn the_person_is_waited_for_as_google_says() {
    let person = Person::signed_in_with(world().picks(Picks::new(&["a"]).after_polls(7)), PICKER);
    pick(&person, &[]).succeeds();
    assert_eq!(person.google().count(Class::PickerPoll), 8);
    assert_eq!(person.files().len(), 1);
}

#[test]
fn who_chooses_nothing_in_time_is_told() {
    let world = world().picks(Picks::new(&["a"]).after_polls(u32::MAX));
    let person = Person::signed_in_with(world, PICKER);

    pick(&person, &[]).ends_with(3).complains(&["nothing was chosen", "run it again"]);

    // Half an hour, every five seconds.
    let polls = person.google().count(Class::PickerPoll);
    assert!((355..=360).contains(&polls), "{polls}");
    no_session_is_left(person.google());
    assert_eq!(person.sql("SELECT outcome FROM v_runs"), [["failed"]]);
}

#[test]
fn more_than_one_session_takes_is_told() {
    let person = with_many(2_050, |picks| picks);

    let told = pick(&person, &[]).succeeds().stdout;

    assert!(told.contains("That was 2,000 items, the most"), "{told}");
    assert!(told.contains("2,000 files saved"), "{told}");
    assert_eq!(person.files().len(), 2_000);
    no_session_is_left(person.google());
}

#[test]
fn a_listing_whose_last_page_leads_to_itself_ends() {
    let person = with_many(150, Picks::with_endless_token);

    pick(&person, &[]).succeeds();

    assert_eq!((person.files().len(), person.google().count(Class::PickerList)), (150, 2));
}

#[test]
fn an_address_that_has_expired_is_renewed_by_listing_its_page_again() {
    let person = with_many(150, |picks| picks);
    let google = person.google();
    google.fail(Fault::new(Effect::ErrorPage(403)).on(Class::PickerMedia).id("p0120"));

    pick(&person, &[]).succeeds();

    assert_eq!((person.files().len(), google.count(Class::PickerList)), (150, 3));
    let listed: Vec<_> = google.requests();
    let listed = listed.iter().filter(|request| request.class == Class::PickerList);
    let queries: Vec<_> = listed.map(|request| request.query.clone()).collect();
    assert_eq!(queries[1], queries[2], "the second page alone");
}

#[test]
fn a_page_whose_token_is_refused_is_found_from_the_first() {
    let person = with_many(150, |picks| picks);
    let google = person.google();
    google.fail(Fault::new(Effect::ErrorPage(403)).on(Class::PickerMedia).id("p0120"));
    google.fail(Fault::new(Effect::PageTokenRefused).on(Class::PickerList).nth(2));

    pick(&person, &[]).succeeds();

    assert_eq!((person.files().len(), google.count(Class::PickerList)), (150, 5));
}

#[test]
fn a_listing_that_is_refused_in_the_middle_begins_again() {
    let person = with_many(150, |picks| picks);
    person.google().fail(Fault::new(Effect::PageTokenRefused).on(Class::PickerList));
    pick(&person, &[]).succeeds();
    assert_eq!(person.files().len(), 150);
}

#[test]
fn a_session_is_given_back_where_google_fails() {
    for class in [Class::PickerPoll, Class::PickerList, Class::PickerMedia] {
        let person = person(&["a"]);
        person.google().fail(Fault::new(Effect::ErrorPage(500)).on(class).always());
        let code = pick(&person, &[]).code.unwrap();
        assert!(matches!(code, 4 | 8), "{class:?}: {code}");
        no_session_is_left(person.google());
    }
}

#[test]
fn a_session_is_given_back_where_the_person_stops() {
    let world = world().picks(Picks::new(&["a"]).after_polls(u32::MAX));
    let person = Person::signed_in_with(world, PICKER);
    let mut command = person.any_command(&["pick", "archive", "--progress", "plain"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = command.spawn().unwrap();
    let lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let shown = lines.map(Result::unwrap).find(|line| line.contains("autoclose"));
    assert!(shown.is_some());

    let process = rustix::process::Pid::from_child(&running);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();

    assert_eq!(running.wait().unwrap().code(), Some(130));
    no_session_is_left(person.google());
    assert_eq!(person.sql("SELECT outcome FROM v_runs"), [["interrupted"]]);
}

#[test]
fn an_api_that_is_off_is_told_with_the_page_that_turns_it_on() {
    let person = person(&["a"]);
    person.google().world(|world| world.disable_api(Api::Picker));
    pick(&person, &[]).ends_with(3).complains(&["the Google Photos Picker API is not enabled"]);
}

#[test]
fn an_account_without_google_photos_is_told() {
    let person = Person::signed_in_with(world().without_photos(), PICKER);
    pick(&person, &[]).ends_with(4).complains(&["FAILED_PRECONDITION"]);
}
