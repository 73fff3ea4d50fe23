//! A run that is killed while it takes in an export, and a Google on a bad day: the next run, or
//! the same, goes on, fetches nothing again that has its place, and all is right in the end.

use std::process::Stdio;

use gphotos_sync::sandbox::{
    Class, Content, Effect, Export, Fault, Format, LibraryItem, PhotoLibrary, Request,
};

use super::{differences, library, world};
use crate::support::Person;

/// Pictures so large that to read over one costs more than a request.
fn large(items: usize) -> PhotoLibrary {
    let item = |i: usize| {
        let content = format!("picture {i:05} ").repeat(22_000 + i);
        let month = 1 + i % 12;
        LibraryItem::new(&format!("PXL_{i:08}.jpg"), content.as_str())
            .taken(&format!("2019-{month:02}-05T10:00:{:02}Z", i % 60))
    };
    (0..items).fold(PhotoLibrary::new(), |library, i| library.with(item(i)))
}

/// Kills a run when the answer to its n-th request for bytes stalls.
fn kill_at(person: &Person, nth: u64, after: u64) {
    person.google().forget_requests();
    person.google().fail(Fault::new(Effect::Stall { after }).on(Class::Media).nth(nth));
    let mut command = person.command(&["--transfers", "1"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let count = usize::try_from(nth).unwrap();
    assert!(person.google().wait_for(Class::Media, count), "only {nth} requests");
    run.kill().unwrap();
    run.wait().unwrap();
    person.google().mend();
    person.google().release();
}

/// The bytes that a request asks for.
fn range(request: &Request) -> Option<(u64, u64)> {
    let range = request.range.as_deref()?.strip_prefix("bytes=")?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().unwrap_or(u64::MAX)))
}

/// Where in its part the bytes lie of what has its place.
fn placed(person: &Person) -> Vec<(String, u64, u64)> {
    let rows = person.sql(
        "SELECT export_part.address, entry.at, entry.at + entry.packed_bytes
           FROM entry
           JOIN export_part ON export_part.id = entry.part
           JOIN holding ON holding.item = entry.item",
    );
    let number = |text: &str| text.parse().unwrap();
    rows.into_iter().map(|row| (row[0].clone(), number(&row[1]), number(&row[2]))).collect()
}

#[test]
fn a_run_that_is_killed_at_any_request_goes_on_and_fetches_nothing_again_that_has_its_place() {
    let export = Export::of(&large(40)).parts(2);
    for nth in 1..=8 {
        let person = Person::with(gphotos_sync::sandbox::World::new().export(&export));
        kill_at(&person, nth, 2000);
        let had = placed(&person);
        person.google().forget_requests();
        let told = person.backup(&[]).succeeds();
        assert_eq!(
            differences(&person, &export.truth()),
            crate::takeout::NOTHING,
            "{nth}: {}",
            told.stdout
        );
        for request in person.google().requests().iter().filter(|it| it.class == Class::Media) {
            let (first, last) = range(request).unwrap();
            let again = had.iter().find(|(part, from, to)| {
                request.path.ends_with(part.as_str()) && first <= *from && *to <= last
            });
            assert_eq!(again, None, "{nth}: {first}-{last}");
        }
        person.google().forget_requests();
        person.backup(&[]).succeeds();
        assert_eq!(person.google().count(Class::Media), 0);
    }
}

#[test]
fn a_run_that_is_killed_while_it_reads_a_tar_goes_on() {
    let export = Export::of(&library(22)).format(Format::Tgz).parts(2);
    for (nth, after) in [(1, 0), (1, 100), (1, 4000), (2, 10), (2, 3000)] {
        let person = Person::with(gphotos_sync::sandbox::World::new().export(&export));
        kill_at(&person, nth, after);
        let told = person.backup(&[]).succeeds();
        let wrong = differences(&person, &export.truth());
        assert_eq!(wrong, crate::takeout::NOTHING, "{nth}, {after}: {}", told.stdout);
        person.google().forget_requests();
        person.backup(&[]).succeeds();
        assert_eq!(person.google().count(Class::Media), 0);
    }
}

#[test]
fn what_google_fails_at_for_a_while_is_right_in_the_end() {
    let effects = || {
        [
            Effect::ErrorPage(503),
            Effect::Reset,
            Effect::Cut { after: 700 },
            Effect::Error { status: 429, reason: "rateLimitExceeded".into(), retry_after_s: None },
            Effect::error(403, "userRateLimitExceeded"),
            Effect::Error { status: 500, reason: "internalError".into(), retry_after_s: Some(2) },
        ]
    };
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(33)).parts(3).scattered().format(format);
        for effect in effects() {
            let person = Person::with(world(&export));
            person.google().fail(Fault::new(effect.clone()).on(Class::Media).every(2).times(6));
            let told = person.hasty(&[]).succeeds();
            let wrong = differences(&person, &export.truth());
            assert_eq!(wrong, crate::takeout::NOTHING, "{effect:?}: {}", told.stdout);
            assert!(person.google().struck() > 1, "{effect:?}");
            assert_eq!(person.sql("SELECT * FROM v_problems"), [[""; 0]; 0]);
        }
    }
}

#[test]
fn bytes_that_come_damaged_once_are_asked_for_once_more() {
    let export = Export::of(&large(6));
    let whole = Person::with(gphotos_sync::sandbox::World::new().export(&export));
    whole.backup(&["--transfers", "1"]).succeeds();
    let requests = whole.google().count(Class::Media);
    for nth in 1..=requests {
        let person = Person::with(gphotos_sync::sandbox::World::new().export(&export));
        let nth = u64::try_from(nth).unwrap();
        person.google().fail(Fault::new(Effect::Corrupt { at: 5000 }).on(Class::Media).nth(nth));
        let first = person.backup(&["--transfers", "1"]);
        let told = person.backup(&[]);
        assert_eq!(
            differences(&person, &export.truth()),
            crate::takeout::NOTHING,
            "{nth}: {}{}",
            first.stdout,
            told.stdout
        );
    }
}

#[test]
fn a_part_that_google_does_not_give_for_a_day_is_told_and_read_the_next() {
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(33)).parts(3).format(format);
        let second = "1takeout20260901T101500Zg3p0002c0";
        let person = Person::with(world(&export));
        person.google().fail(
            Fault::new(Effect::error(500, "internalError")).on(Class::Media).id(second).always(),
        );
        let told = person.hasty(&[]).ends_with(8);
        assert!(told.stdout.contains("-002."), "{}", told.stdout);
        assert!(person.sql("SELECT * FROM v_problems").len() == 1);
        // Without storm: Google is asked as often as the retry rule has it.
        assert!(person.google().struck() < 40, "{}", person.google().struck());
        person.google().mend();
        person.hasty_later(90_000, &[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
        assert_eq!(person.sql("SELECT * FROM v_problems"), [[""; 0]; 0]);
    }
}

#[test]
fn sidecars_that_could_not_be_read_once_are_no_problem_later() {
    let export = Export::of(&large(12));
    let counted = Person::with(gphotos_sync::sandbox::World::new().export(&export));
    counted.backup(&["--index-only"]).succeeds();
    let reading = counted.google().count(Class::Media);
    for nth in 1..=reading {
        let person = Person::with(gphotos_sync::sandbox::World::new().export(&export));
        let fault = Fault::new(Effect::error(500, "internalError")).on(Class::Media);
        person.google().fail(fault.nth(u64::try_from(nth).unwrap()).every(1).always());
        let told = person.hasty(&[]);
        assert!(matches!(told.code, Some(4 | 8)), "{nth}: {told:?}");
        person.google().mend();
        person.hasty_later(90_000, &[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING, "{nth}");
        assert_eq!(person.sql("SELECT * FROM v_problems"), [[""; 0]; 0]);
    }
}

#[test]
fn a_film_that_was_cut_off_goes_on_in_its_middle() {
    let film = LibraryItem::new("film.mp4", Content::Picture { seed: 7, len: 12 << 20 });
    let export = Export::of(&library(9).with(film));
    let person = Person::with(world(&export));
    // The first request for more than the directory, the sidecars and pictures have.
    let counted = Person::with(world(&export));
    counted.backup(&["--transfers", "1"]).succeeds();
    let media = counted.google().requests().into_iter().filter(|it| it.class == Class::Media);
    let is_long = |it: &Request| range(it).is_some_and(|(first, last)| last - first > 10 << 20);
    let nth = media.collect::<Vec<_>>().iter().position(is_long).unwrap() + 1;

    let stall = Effect::Stall { after: 8 << 20 };
    person.google().fail(Fault::new(stall).on(Class::Media).nth(u64::try_from(nth).unwrap()));
    let mut command = person.command(&["--transfers", "1"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, nth));
    wait_for_partial(&person, 4 << 20);
    run.kill().unwrap();
    run.wait().unwrap();
    person.google().mend();
    person.google().release();
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    let asked: u64 = person.google().requests().iter().filter_map(range).map(|(a, b)| b - a).sum();
    assert!(asked < 9 << 20, "{asked} bytes were asked for again");
}

/// Waits until something unfinished is so long.
fn wait_for_partial(person: &Person, length: u64) {
    let folder = person.path(".gphotos-sync/partial");
    for _ in 0..10_000_000 {
        let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut lengths = files.filter_map(|it| Some(it.metadata().ok()?.len()));
        if lengths.any(|it| it >= length) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("nothing comes");
}
