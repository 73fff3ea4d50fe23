//! The first listing of Photos, which is read at several places at once: how many requests
//! that takes, and how it goes on where it was cut.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, World};

use super::{albums, asked, ids, old};
use crate::support::Person;

/// So many pictures, one a day, and as many albums as there are hundreds of them.
fn years(photos: usize) -> World {
    let id = |number| format!("p{number:05}");
    let world = (0..photos).fold(World::new(), |world, number| {
        let day = i64::try_from(number * 7_919 % photos).unwrap();
        let taken = chrono::DateTime::from_timestamp(1_300_000_000 + day * 86_400, 0).unwrap();
        world.photo(old(&id(number)).taken(&taken.to_rfc3339()))
    });
    (0..photos / 100).fold(world, |world, album| {
        let ids: Vec<_> = (album * 100..album * 100 + 100).map(id).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        world.album(Album::new(&format!("a{album:03}"), &format!("Album {album}"), &ids))
    })
}

#[test]
fn a_library_takes_hardly_more_requests_than_it_has_pages() {
    // Who has one page asks for one page, and nothing else.
    for (photos, least, most) in [(99, 1, 1), (150, 2, 2), (2_000, 20, 28)] {
        let person = Person::signed_in(years(photos));
        person.backup(&["--index-only"]).succeeds();
        assert_eq!(ids(&person).split(' ').count(), photos);
        let asked = asked(person.google());
        let of = |class| asked.iter().filter(|it| **it == class).count();
        // One search is for the favourites, and one for each album.
        let pages = of(Class::PhotoList) + of(Class::PhotoSearch) - 1 - photos / 100;
        assert!((least..=most).contains(&pages), "{pages} requests for {photos} photos");
        assert_eq!(albums(&person).len(), photos / 100);
    }
}

#[test]
fn a_listing_that_is_cut_goes_on_where_it_was() {
    let person = Person::signed_in(years(250));
    // The favourites, the oldest page, and the page between that and the newest.
    let denied = Fault::new(Effect::error(403, "forbidden")).on(Class::PhotoSearch).nth(3);
    person.google().fail(denied);
    person.backup(&["--index-only"]).ends_with(4);
    assert_eq!(person.sql("SELECT count(*) FROM item WHERE source = 'photos'"), [["200"]]);
    person.google().forget_requests();

    person.backup(&["--index-only"]).succeeds();

    assert_eq!(person.sql("SELECT count(*) FROM item WHERE source = 'photos'"), [["250"]]);
    let google = person.google();
    assert_eq!(google.count(Class::PhotoList), 0, "the newest page is there");
    assert_eq!(google.count(Class::PhotoSearch), 1 + 2 + 2, "new since it began, and two albums");
}

#[test]
fn every_later_listing_is_read_page_by_page_since_removals_rest_on_it() {
    let person = Person::signed_in(years(450));
    person.backup(&["--index-only", "--skip-albums"]).succeeds();
    person.google().forget_requests();

    person.backup(&["--index-only", "--skip-albums", "--rescan"]).succeeds();

    let [favourites, pages @ ..] = &asked(person.google())[..] else { panic!("nothing was asked") };
    assert_eq!(*favourites, Class::PhotoSearch);
    assert_eq!(pages, [Class::PhotoList; 5]);
}
