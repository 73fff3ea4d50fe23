//! A listing of everything is read at several places at once: how many requests that
//! takes, whatever the times of the items, and that nothing is missed by it.
//!
//! The numbers of requests are what continuous integration holds us to, since they do not
//! depend on the machine. Where answers overtake each other they may differ by a few, so
//! the exact ones are in `plan::shards`, and here they are bounds.

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, World};

use crate::support::Person;

/// What one page has.
const PAGE: usize = 1_000;

/// How the times of files lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    /// Evenly over ten years, and in no order.
    Mixed,
    /// In five uploads of an hour each.
    Bursts,
    /// All in one instant.
    Once,
}

/// So many files, which are created at such times.
fn world(files: usize, times: Times) -> World {
    (0..files).fold(World::new(), |world, number| {
        let minute = match times {
            // Any number that shares no factor with the count visits all of them.
            Times::Mixed => number * 7_919 % files * (10 * 525_600 / files),
            Times::Bursts => number % 5 * 600_000 + number / 5 * 60 / files.div_ceil(5),
            Times::Once => 0,
        };
        let id = format!("f{number:05}");
        let second = number % 60;
        let second = if times == Times::Once { 0 } else { second };
        let created = chrono::DateTime::from_timestamp(1_420_070_400, 0).unwrap()
            + chrono::TimeDelta::minutes(i64::try_from(minute).unwrap())
            + chrono::TimeDelta::seconds(i64::try_from(second).unwrap());
        let item = Item::file(&id, &format!("{id}.txt"), "x");
        world.with(item.created(&created.to_rfc3339()))
    })
}

fn items(person: &Person) -> usize {
    person.sql("SELECT count(*) FROM item WHERE source = 'drive'")[0][0].parse().unwrap()
}

fn lists(person: &Person) -> usize {
    person.google().count(Class::List)
}

#[test]
fn a_listing_takes_hardly_more_requests_than_it_has_pages() {
    for (files, times, least, most) in [
        // Who has one page asks for one page, and who has two for two.
        (PAGE, Times::Mixed, 1, 1),
        (PAGE + 500, Times::Mixed, 2, 2),
        (9 * PAGE, Times::Mixed, 9, 16),
        (9 * PAGE, Times::Bursts, 9, 16),
        // No range is of less than an instant: from one end, and one page from the other.
        (4 * PAGE, Times::Once, 5, 5),
    ] {
        let person = Person::with(world(files, times));
        person.backup(&["--index-only"]).succeeds();
        assert_eq!(items(&person), files, "{times:?}");
        let lists = lists(&person);
        assert!((least..=most).contains(&lists), "{times:?}: {lists} requests for {files} files");
    }
}

#[test]
fn a_listing_that_was_stopped_asks_only_for_what_is_missing() {
    let person = Person::with(world(9 * PAGE, Times::Mixed));
    person.google().fail(Fault::new(Effect::error(403, "forbidden")).on(Class::List).nth(4));
    person.backup(&["--index-only"]).ends_with(4);
    let (before, had) = (lists(&person), items(&person));
    assert!(had >= 3 * PAGE, "what was on its way was thrown away: {had} items");
    person.google().forget_requests();

    person.backup(&["--index-only"]).succeeds();

    assert_eq!(items(&person), 9 * PAGE);
    // The one that failed is asked for again.
    assert!(before + lists(&person) <= 9 + 1 + 8, "{before} and {} requests", lists(&person));
    assert!(person.google().count(Class::StartToken) == 0, "it began anew");
}

#[test]
fn a_listing_that_was_killed_is_read_to_its_end() {
    let person = Person::with(world(6 * PAGE, Times::Mixed));
    person.google().fail(Fault::new(Effect::Stall { after: 10 }).on(Class::List).nth(5).always());
    let mut run = person.command(&["--index-only"]).spawn().unwrap();
    assert!(person.google().wait_for(Class::List, 6));
    run.kill().unwrap();
    run.wait().unwrap();
    person.google().mend();
    person.google().forget_requests();

    person.backup(&["--index-only"]).succeeds();

    assert_eq!(items(&person), 6 * PAGE);
    assert!(person.google().count(Class::StartToken) == 0, "it began anew");
}

#[test]
fn a_listing_whose_page_tokens_were_all_refused_goes_on_from_where_it_was() {
    let person = Person::with(world(9 * PAGE, Times::Mixed));
    person.google().fail(Fault::new(Effect::error(403, "forbidden")).on(Class::List).nth(4));
    person.backup(&["--index-only"]).ends_with(4);
    let before = lists(&person);
    person.google().world(World::expire_page_tokens);
    person.google().forget_requests();

    let ran = person.backup(&["--index-only"]).succeeds();

    assert!(!ran.stderr.contains("begins anew"), "{}", ran.stderr);
    assert_eq!(items(&person), 9 * PAGE);
    let refused = person.google().requests().iter().filter(|it| it.status == Some(400)).count();
    assert!((1..=8).contains(&refused), "{refused} tokens were refused");
    assert!(before + lists(&person) <= 9 + 1 + 8 + refused, "{before} and {}", lists(&person));
}

#[test]
fn a_token_that_is_refused_costs_its_own_range_only() {
    let person = Person::with(world(5 * PAGE, Times::Bursts));
    person.google().fail(Fault::new(Effect::PageTokenRefused).on(Class::List));
    let ran = person.backup(&["--index-only"]).succeeds();
    assert!(!ran.stderr.contains("begins anew"), "{}", ran.stderr);
    assert_eq!(items(&person), 5 * PAGE);
    assert!(lists(&person) <= 5 + 1 + 6, "{} requests", lists(&person));
}

#[test]
fn a_server_that_keeps_to_no_order_is_read_whole_all_the_same() {
    let person = Person::with(world(9 * PAGE, Times::Mixed));
    person.google().fail(Fault::new(Effect::NoOrder).on(Class::List).always());
    person.backup(&["--index-only"]).succeeds();
    assert_eq!(items(&person), 9 * PAGE);
    assert!(lists(&person) <= 9 + 25, "{} requests", lists(&person));
}

#[test]
fn a_server_that_cannot_sort_so_many_is_asked_without_an_order() {
    let person = Person::with(world(2 * PAGE, Times::Mixed));
    let slow = Fault::new(Effect::ErrorPage(500)).on(Class::List).query("orderBy=");
    person.google().fail(slow.always());
    person.hasty(&["--index-only"]).succeeds();
    assert_eq!(items(&person), 2 * PAGE);
}

#[test]
fn what_is_created_and_deleted_while_the_listing_runs_is_noticed() {
    let person = Person::with(world(4 * PAGE, Times::Mixed));
    person.google().fail(Fault::new(Effect::Stall { after: 10 }).on(Class::List).nth(4));
    let mut run = person.command(&["--index-only"]).spawn().unwrap();
    assert!(person.google().wait_for(Class::List, 4));
    person.google().world(|world| {
        for number in 0..10 {
            world.add(Item::file(&format!("new{number}"), "new.txt", "n"));
        }
        // One that lies far back, as programs make it that upload older files.
        world.add(Item::file("old", "old.txt", "o").created("2016-05-04T03:02:01Z"));
        world.delete("f00000");
        world.delete("f03999");
    });
    person.google().release();
    assert!(run.wait().unwrap().success());
    assert_eq!(items(&person), 4 * PAGE + 11 - 2);
}

#[test]
fn what_is_in_a_folder_goes_by_what_the_folder_is_now() {
    let trip = || Item::folder("trip", "Trip").created("2015-01-01T00:00:00Z");
    let person = Person::with(World::new().with(trip().shared_by("bob@example.com")));
    person.backup(&["--shared"]).succeeds();

    // It became the account's own. Of what is new in it one comes before it, one after.
    person.google().world(|world| {
        world.delete("trip");
        world.add(trip());
        for (id, year) in [("a", "2010"), ("b", "2020")] {
            let file = Item::file(id, &format!("{id}.jpg"), id).parent("trip");
            world.add(file.created(&format!("{year}-01-01T00:00:00Z")));
        }
    });
    person.backup(&["--shared", "--flush-index"]).succeeds();

    assert_eq!(person.files(), [("drive/Trip/a.jpg", "a"), ("drive/Trip/b.jpg", "b")]);
}
