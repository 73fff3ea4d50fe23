//! Later exports: what is known is not fetched again, and nothing goes.

use gphotos_sync::sandbox::{Class, Export, Request};

use super::{differences, library, picture, world};
use crate::support::Person;

/// How many bytes were served of files in Drive.
fn served(person: &Person) -> u64 {
    let requests = person.google().requests();
    let bytes = |request: &Request| {
        let range = request.range.as_deref().expect("a part is asked for by its range");
        let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        last.parse::<u64>().unwrap() - first.parse::<u64>().unwrap() + 1
    };
    requests.iter().filter(|request| request.class == Class::Media).map(bytes).sum()
}

#[test]
fn a_second_full_export_costs_its_directories_and_what_is_new() {
    let library = library(500);
    let first = Export::of(&library).parts(3).stamp("20260701T101500Z");
    let person = Person::with(world(&first));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &first.truth()), crate::takeout::NOTHING);

    let library = (500..525).fold(library, |library, i| library.with(picture(i)));
    let second = Export::of(&library).parts(3).stamp("20260901T101500Z");
    person.google().world(|world| world.deliver(&second));
    person.google().forget_requests();
    person.backup(&[]).succeeds();

    assert_eq!(differences(&person, &second.truth()), crate::takeout::NOTHING);
    let all: u64 = second.files().iter().map(|(_, content)| content.len()).sum();
    let share = served(&person) * 1000 / all;
    assert!(share < 60, "{} of {all} bytes: {share} in a thousand", served(&person));
}
