//! Exports with something wrong: each is told in a line of its own, everything else is taken in,
//! nothing is fetched again for it, and what is mended is a problem no more.

use std::collections::BTreeSet;
use std::io::Cursor;

use gphotos_sync::sandbox::{Class, Content, Export, Flaw, Format, Truth};

use super::{differences, library, world};
use crate::support::{Person, Ran};

/// What is told of a flaw: where, and in which words.
struct Line(&'static str, &'static str);

/// What a flaw adds to the library of 24 pictures, or spoils in it, and what is told of that.
fn flaws() -> Vec<(Flaw, Line)> {
    vec![
        (Flaw::Bomb, Line("bomb.jpg", "more than the 1024 bytes")),
        (Flaw::Climbing, Line("climbing.jpg", "leads out")),
        (Flaw::Absolute, Line("/absolute.jpg", "leads out")),
        (Flaw::Backslash, Line("..\\..\\backslash.jpg", "leads out")),
        (Flaw::Symlink, Line("link.jpg", "it is a link")),
        (Flaw::Doubled, Line("doubled.jpg", "has it twice")),
        (Flaw::InvalidUtf8, Line("caf\u{fffd}.jpg", "name is damaged")),
        (Flaw::BareJson, Line("bare.jpg.supplemental-metadata.json", "tells nothing")),
        (Flaw::BrokenJson, Line("broken.jpg.supplemental-metadata.json", "no JSON")),
        (Flaw::WrongCrc("PXL_00000005.jpg".to_owned()), Line("PXL_00000005.jpg", "0badc0de")),
    ]
}

/// The open problems of Takeout: where, why.
fn problems(person: &Person) -> Vec<Vec<String>> {
    person.sql("SELECT path, reason FROM v_problems WHERE source = 'takeout' ORDER BY path, reason")
}

#[track_caller]
fn is_told(person: &Person, ran: &Ran, line: &Line) {
    let rows = problems(person);
    let told = rows.iter().filter(|row| row[0].ends_with(line.0) && row[1].contains(line.1));
    assert_eq!(told.count(), 1, "{} {}: {rows:?}", line.0, line.1);
    let shown = ran.stdout.lines().any(|shown| shown.contains(line.1));
    assert!(shown, "{} is not in: {}", line.1, ran.stdout);
}

/// Fails unless the next run says the same, and fetches nothing for it.
#[track_caller]
fn says_the_same_again(person: &Person) {
    let (before, files) = (problems(person), person.files());
    person.google().forget_requests();
    let again = person.backup(&[]).ends_with(8);
    assert_eq!(problems(person), before);
    assert_eq!(person.files(), files);
    assert_eq!(person.google().count(Class::Media), 0, "{}", again.stdout);
}

/// What of `truths` is none of `name`.
fn without(truths: Vec<Truth>, name: &str) -> Vec<Truth> {
    truths.into_iter().filter(|truth| truth.title != name).collect()
}

#[test]
fn each_flaw_by_itself_is_a_line_and_costs_nothing_else() {
    for (flaw, line) in flaws() {
        let export = Export::of(&library(24)).parts(2).flaw(flaw.clone());
        let person = Person::with(world(&export));
        let ran = person.backup(&[]).ends_with(8);
        is_told(&person, &ran, &line);
        assert_eq!(problems(&person).len(), 1, "{flaw:?}: {:?}", problems(&person));
        let spoilt = if matches!(flaw, Flaw::WrongCrc(_)) { line.0 } else { "" };
        let rest = without(export.truth(), spoilt);
        assert_eq!(differences(&person, &rest), crate::takeout::NOTHING, "{flaw:?}");
        says_the_same_again(&person);
        assert!(!person.home().join("climbing.jpg").exists());
    }
}

#[test]
fn all_flaws_at_once_are_a_line_each() {
    let flawed =
        flaws().into_iter().fold(Export::of(&library(40)).parts(4), |it, (flaw, _)| it.flaw(flaw));
    let export = flawed.flaw(Flaw::Copied(1)).flaw(Flaw::Missing(3));
    let person = Person::with(world(&export));
    let ran = person.backup(&[]).ends_with(8);
    is_told(&person, &ran, &Line("takeout-20260901T101500Z-3-003.zip", "is not there"));
    says_the_same_again(&person);

    // The part that was missing came, and no flaw but that was mended.
    person.google().world(|world| world.complete(&export));
    let ran = person.backup(&[]).ends_with(8);
    for (_, line) in flaws() {
        is_told(&person, &ran, &line);
    }
    let rest = without(export.truth(), "PXL_00000005.jpg");
    assert_eq!(differences(&person, &rest), crate::takeout::NOTHING);
    assert_eq!(problems(&person).len(), flaws().len());
    // What the flaws added is kept where it can be, by the year of its folder.
    for name in ["bare.jpg", "broken.jpg", "doubled.jpg", "caf\u{fffd}.jpg"] {
        let at = person.sql(&format!(
            "SELECT path, taken_from, match_rule FROM v_files WHERE name = '{name}'"
        ));
        assert_eq!(at, [[&format!("photos/2005/01/{name}"), "folder", "takeout_none"]]);
    }
}

/// The files that lie whole in the parts of these numbers.
fn in_parts(export: &Export, numbers: &[usize]) -> BTreeSet<String> {
    let files = export.files();
    let names = numbers.iter().flat_map(|number| {
        let bytes = files[number - 1].1.to_bytes();
        let zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        zip.file_names().map(|name| name.unwrap().into_owned()).collect::<Vec<_>>()
    });
    names.collect()
}

#[test]
fn of_a_part_that_is_cut_all_is_read_that_is_there_and_the_rest_when_it_is_whole() {
    let whole = Export::of(&library(60)).parts(3);
    let export = whole.clone().flaw(Flaw::Cut(2, 60));
    let person = Person::with(world(&export));
    let ran = person.backup(&[]).ends_with(8);
    is_told(&person, &ran, &Line("-002.zip", "cut off here"));
    let elsewhere = in_parts(&whole, &[1, 3]);
    let in_second = in_parts(&whole, &[2]);
    let held: BTreeSet<String> = person
        .sql("SELECT sha256 FROM v_files WHERE source = 'takeout' AND state = 'saved'")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let there = |truth: &&Truth| truth.paths.iter().any(|path| elsewhere.contains(path));
    for truth in whole.truth().iter().filter(there) {
        assert!(held.contains(&truth.sha256), "{}", truth.title);
    }
    let of_second = whole.truth().into_iter().filter(|it| in_second.contains(&it.paths[0]));
    let saved = of_second.filter(|truth| held.contains(&truth.sha256)).count();
    assert!(saved > 3, "{saved} of what lies before the cut");
    says_the_same_again(&person);

    // Google brings it again, whole.
    let mended = whole.files()[1].1.clone();
    person.google().world(|world| world.edit("1takeout20260901T101500Zg3p0002c0", mended));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &whole.truth()), crate::takeout::NOTHING);
    assert_eq!(problems(&person), [[""; 0]; 0]);
    let solved = person.sql("SELECT count(*) > 0 FROM v_history WHERE what = 'solved'");
    assert_eq!(solved, [["1"]]);
}

#[test]
fn a_part_that_still_arrives_is_told_and_read_when_it_has_come() {
    for format in [Format::Zip, Format::Tgz] {
        let export = Export::of(&library(30)).parts(3).format(format).flaw(Flaw::Arriving(2));
        let person = Person::with(world(&export));
        person.backup(&[]).ends_with(8);
        assert!(!problems(&person).is_empty());
        says_the_same_again(&person);

        person.google().world(|world| world.complete(&export));
        person.backup(&[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
        assert_eq!(problems(&person), [[""; 0]; 0]);
        person.google().forget_requests();
        person.backup(&[]).succeeds();
        assert_eq!(person.google().count(Class::Media), 0);
    }
}

#[test]
fn a_part_that_is_missing_is_named_and_is_no_problem_when_it_came() {
    let export = Export::of(&library(30)).parts(4).flaw(Flaw::Missing(1)).flaw(Flaw::Missing(3));
    let person = Person::with(world(&export));
    let ran = person.backup(&[]).ends_with(8);
    is_told(&person, &ran, &Line("takeout-20260901T101500Z-3-001.zip", "is not there"));
    is_told(&person, &ran, &Line("takeout-20260901T101500Z-3-003.zip", "is not there"));
    says_the_same_again(&person);

    person.google().world(|world| world.complete(&export));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    let solved = person.sql("SELECT path FROM v_history WHERE what = 'solved' ORDER BY path");
    let name = |number| [format!("takeout-20260901T101500Z-3-00{number}.zip")];
    assert_eq!(solved, [name(1), name(3)]);
}

#[test]
fn a_part_that_is_there_twice_is_read_once() {
    let export = Export::of(&library(30)).parts(2).flaw(Flaw::Copied(1)).flaw(Flaw::Copied(2));
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    let asked = person.google().requests();
    let second = |request: &&gphotos_sync::sandbox::Request| {
        request.class == Class::Media && request.path.ends_with("c1")
    };
    assert_eq!(asked.iter().filter(second).count(), 0);
}

#[test]
fn what_was_wrong_with_an_export_that_is_gone_is_no_problem_any_more() {
    let flawed = Export::of(&library(24)).parts(3).flaw(Flaw::Climbing).flaw(Flaw::BrokenJson);
    let export = flawed.flaw(Flaw::Missing(2)).flaw(Flaw::Doubled);
    let person = Person::with(world(&export));
    person.backup(&[]).ends_with(8);
    assert_eq!(problems(&person).len(), 4);
    let files = person.files();
    for part in ["p0001", "p0003"] {
        person.google().world(|world| world.trash(&format!("1takeout20260901T101500Zg3{part}c0")));
    }
    person.backup(&[]).succeeds();
    assert_eq!(problems(&person), [[""; 0]; 0]);
    assert_eq!(person.files(), files);
}

#[test]
fn flaws_of_a_tgz_are_told_as_well() {
    for (flaw, line) in flaws() {
        // A tar has no checksums of its files, states no other lengths, and may have two of a name.
        if matches!(flaw, Flaw::Bomb | Flaw::WrongCrc(_)) {
            continue;
        }
        let export = Export::of(&library(12)).format(Format::Tgz).flaw(flaw.clone());
        let person = Person::with(world(&export));
        let ran = person.backup(&[]).ends_with(8);
        is_told(&person, &ran, &line);
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING, "{flaw:?}");
        says_the_same_again(&person);
    }
}

#[test]
fn what_is_no_archive_though_it_is_called_as_one_is_told() {
    let export = Export::of(&library(12)).parts(2);
    let person = Person::with(world(&export));
    let junk = Content::from("this is no archive at all ".repeat(100).as_str());
    person.google().world(|world| world.edit("1takeout20260901T101500Zg3p0002c0", junk));
    person.backup(&[]).ends_with(8);
    let rows = problems(&person);
    assert!(rows.iter().all(|row| row[0].contains("-002.zip")), "{rows:?}");
    says_the_same_again(&person);
}
