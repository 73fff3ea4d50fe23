//! What a person is told of exports: by a run, by `status`, and by `verify`, which alone says
//! what may be deleted by hand.

use chrono::{DateTime, TimeDelta, Utc};
use gphotos_sync::sandbox::{Export, Flaw, Format, Item, World};
use serde_json::Value;

use super::{library, world};
use crate::support::{Person, Ran};

/// What an export's name tells is held against the machine's own clock.
#[expect(clippy::disallowed_methods, reason = "a test stands where the person does")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// The day so many days ago, as people write it.
fn day(ago: i64) -> String {
    (now() - TimeDelta::days(ago)).format("%Y-%m-%d").to_string()
}

/// An export of that day, of ten pictures or so, in three parts.
fn export(ago: i64) -> Export {
    let at = now() - TimeDelta::days(ago);
    Export::of(&library(12)).parts(3).stamp(&at.format("%Y%m%dT%H%M%SZ").to_string())
}

fn person(ago: i64) -> Person {
    Person::with(world(&export(ago)))
}

fn status(person: &Person) -> String {
    person.run(&["status", "archive"]).succeeds().stdout
}

#[track_caller]
fn holds(told: &str, words: &[&str]) {
    for words in words {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn what_an_export_had_is_backed_up_as_of_its_day_and_its_parts_are_not_missed() {
    let person = person(19);
    let summary = person.backup(&[]).succeeds().stdout;
    let own = person.sql(
        "SELECT count(*) FROM item JOIN holding ON holding.item = item.id
          WHERE source = 'takeout' AND folder <> 0",
    );
    for told in [&summary, &status(&person)] {
        holds(
            told,
            &[
                &format!("  Google Takeout: {} files, ", own[0][0]),
                &format!("Google Takeout:\n  Last export: {} (19 days ago), 3 parts, ", day(19)),
                &format!("  The next: about {}, if they come every two months\n", day(19 - 61)),
                &format!("after the last Takeout export, of {}\n", day(19)),
            ],
        );
        for words in ["WARNING", "parts of Takeout", "not backed up", "not taken in", "missing"] {
            assert!(!told.contains(words), "{words}: {told}");
        }
    }
    // What Takeout has is no source of its own for monitoring.
    person.run(&["status", "archive", "--max-age", "1h"]).succeeds();
}

#[test]
fn when_the_next_export_is_due_and_that_none_came_is_said() {
    let person = person(141);
    person.google().world(|world| world.deliver(&export(80)));
    let summary = person.backup(&[]).succeeds().stdout;
    for told in [&summary, &status(&person)] {
        holds(
            told,
            &[
                &format!("Last export: {} (80 days ago)", day(80)),
                &format!("The next was due about {}\n", day(19)),
                &format!("They end about {}, after a year", day(141 - 365)),
                "WARNING: none came for 80 days",
                "https://takeout.google.com",
            ],
        );
    }
    // Also who wants to be told of nothing else.
    holds(&person.backup(&["-q"]).succeeds().stdout, &["WARNING: none came for 80 days"]);
    person.google().world(|world| world.deliver(&export(1)));
    assert_eq!(person.backup(&["-q"]).succeeds().stdout, "");
}

#[test]
fn what_was_not_taken_in_is_told_as_not_backed_up() {
    let person = person(5);
    let told = person.backup(&["--skip-takeout"]).succeeds().stdout;
    holds(
        &told,
        &[
            "Drive: 3 parts of Takeout exports not taken in (--skip-takeout)\n",
            "no Takeout export was\n    taken in: your photos there are not backed up\n",
        ],
    );
    assert!(!told.contains("Google Takeout:"), "{told}");
    let nothing = Person::signed_in(World::new());
    let told = nothing.backup(&[]).succeeds().stdout;
    holds(
        &told,
        &["this app 0 items; no Takeout export found:\n    your photos are not backed up"],
    );
}

#[test]
fn a_part_that_is_missing_is_named_until_it_is_there() {
    let export = export(5);
    let person = Person::with(world(&export.clone().flaw(Flaw::Missing(2))));
    let summary = person.backup(&[]).ends_with(8).stdout;
    let missing = "  1 part is missing, and what is in there is not backed up:\n    takeout-";
    holds(&summary, &[missing, "-002.zip\n"]);
    holds(&status(&person), &[missing, "1 problem with exports (in v_problems"]);
    let object = json(&person);
    assert_eq!(object["takeout"]["missing"].as_array().unwrap().len(), 1);

    let is_missing = |(name, _): &(String, _)| name.ends_with("-002.zip");
    let (name, content) = export.files().into_iter().find(is_missing).unwrap();
    person.google().world(|world| world.add(Item::file("late", &name, content)));
    person.backup(&[]).succeeds();
    assert!(!status(&person).contains("missing"));
}

#[test]
fn a_part_that_was_read_and_deleted_by_hand_is_not_missing() {
    let person = person(5);
    person.backup(&[]).succeeds();
    person.google().world(|world| world.trash(&part(&person, 1)));
    person.backup(&[]).succeeds();
    let told = status(&person);
    assert!(!told.contains("missing"), "{told}");
    holds(&told, &["(5 days ago), 3 parts, "]);
}

#[test]
fn a_program_reads_the_same_facts() {
    let person = person(141);
    person.google().world(|world| world.deliver(&export(80)));
    let ran = person.run(&["archive", "--progress", "json"]).succeeds();
    let summary: Value = serde_json::from_str(ran.stdout.lines().last().unwrap()).unwrap();
    let status = json(&person);
    assert_eq!(summary["takeout"], status["takeout"]);
    assert_eq!(summary["takeout_parts"], 0);
    let takeout = &status["takeout"];
    assert_eq!((&takeout["exports"], &takeout["late"]), (&2.into(), &true.into()));
    assert_eq!((&takeout["last_parts"], &takeout["last_parts_read"]), (&3.into(), &3.into()));
    assert!(takeout["last_at"].as_str().unwrap().starts_with(&day(80)));
    assert!(takeout["next_at"].as_str().unwrap().starts_with(&day(19)));
    assert!(takeout["ends_at"].as_str().unwrap().starts_with(&day(141 - 365)));
    assert!(status["takeout_saved"].as_u64().unwrap() > 10);
    let phases = ran.stdout.lines().filter(|line| line.contains(r#""phase":"reading_"#));
    let words = ["\"parts\":6,\"phase\":\"reading_exports\"", "\"phase\":\"reading_sidecars\""];
    for (phase, words) in phases.zip(words) {
        assert!(phase.contains(words), "{phase}");
    }
    assert_eq!((&status["picker_saved"], &status["adopted_saved"]), (&0.into(), &0.into()));
}

#[test]
fn that_parts_may_be_deleted_is_said_when_every_file_of_them_was_verified() {
    let person = person(5);
    let told = person.backup(&[]).succeeds().stdout;
    assert!(!told.contains("deleted by hand") && !status(&person).contains("deleted by hand"));

    let told = may_be_deleted(&person.run(&["verify", "archive"]).succeeds()).unwrap();

    let size =
        person.sql("SELECT printf('%.1f', sum(size_bytes) / 1e6) FROM export_part")[0][0].clone();
    let words = "every file of it is in the archive and was verified; its 3 parts in Drive (";
    holds(&told, &[words, &format!("{size} MB) can be deleted by hand.")]);
    assert!(told.starts_with("takeout-20"), "{told}");
    let ran = person.run(&["verify", "archive", "--progress", "json"]).succeeds();
    let object: Value = serde_json::from_str(ran.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&object["event"], &object["removable"][0]["parts"]),
        (&"verified".into(), &3.into())
    );

    // Not by what was verified earlier, nor in part, nor beside anything that is wrong.
    assert_eq!(
        may_be_deleted(&person.run(&["verify", "archive", "--sample", "99%"]).succeeds()),
        None
    );
    person.remove("drive/plain.jpg");
    assert_eq!(may_be_deleted(&person.run(&["verify", "archive"]).ends_with(8)), None);
    person.backup(&[]).succeeds();
    assert!(may_be_deleted(&person.run(&["verify", "archive"]).succeeds()).is_some());

    // Those that are there are counted, and what is deleted is not told of any more.
    person.google().world(|world| world.trash(&part(&person, 2)));
    person.backup(&[]).succeeds();
    let told = may_be_deleted(&person.run(&["verify", "archive"]).succeeds()).unwrap();
    holds(&told, &["its 2 parts in Drive"]);
    for number in [1, 3] {
        person.google().world(|world| world.trash(&part(&person, number)));
    }
    person.backup(&[]).succeeds();
    assert_eq!(may_be_deleted(&person.run(&["verify", "archive"]).succeeds()), None);
}

#[test]
fn that_a_tar_archive_may_be_deleted_is_said_as_well() {
    let person = Person::with(world(&export(5).format(Format::Tgz)));
    person.backup(&[]).succeeds();
    assert!(may_be_deleted(&person.run(&["verify", "archive"]).succeeds()).is_some());
}

#[test]
fn a_second_copy_of_a_part_may_be_deleted_with_it_if_it_has_the_same_bytes() {
    let person = Person::with(world(&export(5).flaw(Flaw::Copied(1))));
    person.backup(&[]).succeeds();
    let told = may_be_deleted(&person.run(&["verify", "archive"]).succeeds()).unwrap();
    holds(&told, &["its 4 parts in Drive"]);

    person.alter(
        "UPDATE item SET md5 = zeroblob(16) WHERE source = 'drive' AND title LIKE '% (1).zip'",
    );
    assert_eq!(may_be_deleted(&person.run(&["verify", "archive"]).succeeds()), None);
}

#[test]
fn parts_are_not_deleted_that_have_what_the_archive_has_not() {
    for (export, options, code) in [
        // What Google exported beside the photos.
        (export(5).with_file("Takeout/Mail/all.mbox", "mail"), &[][..], 0),
        // A picture that is none of Photos'.
        (export(5).with_file("Takeout/Drive/other.jpg", "other"), &[], 0),
        (export(5), &["--skip-video"], 0),
        (export(5).flaw(Flaw::Missing(2)), &[], 8),
        (export(5).flaw(Flaw::Symlink), &[], 8),
    ] {
        let person = Person::with(world(&export));
        person.backup(options).ends_with(code);
        let ran = person.run(&["verify", "archive"]).succeeds();
        assert_eq!(may_be_deleted(&ran), None, "{options:?}");
    }
}

#[test]
fn what_was_only_recognised_is_not_verified() {
    let person = person(5);
    person.backup(&[]).succeeds();
    // By the index's word the file has the bytes that the export states; the disk has others.
    let file = "(SELECT file FROM holding JOIN entry ON entry.item = holding.item LIMIT 1)";
    person.alter(&format!("UPDATE file SET crc32 = 7 WHERE id = {file}"));
    person.alter(&format!(
        "UPDATE entry SET crc32 = 7 WHERE item IN (SELECT item FROM holding WHERE file = {file})"
    ));

    assert_eq!(may_be_deleted(&person.run(&["verify", "archive"]).succeeds()), None);
}

/// The line that says that an export's parts may be deleted.
fn may_be_deleted(ran: &Ran) -> Option<String> {
    let mut lines = ran.stdout.lines().filter(|line| line.contains("deleted by hand"));
    let line = lines.next().map(str::to_owned);
    assert_eq!(lines.next(), None);
    line
}

/// Drive's id of that part.
fn part(person: &Person, number: u32) -> String {
    let rows = person.sql(&format!(
        "SELECT address FROM export_part WHERE place = 'drive' AND number = {number}"
    ));
    rows[0][0].clone()
}

fn json(person: &Person) -> Value {
    let told = person.run(&["status", "archive", "--progress", "json"]).succeeds().stdout;
    serde_json::from_str(&told).unwrap()
}
