//! What a person does while a run is fetching: after it has looked, and before it gives
//! files their places.

use std::fs;
use std::process::Stdio;

use gphotos_sync::sandbox::{Class, Effect, Fault, Item};

use super::two_photos;
use crate::support::{Person, Ran};

/// Runs the main job, and lets a person do something when it has looked at all files and
/// fetches: the bytes of `id` do not come before.
fn meanwhile(person: &Person, id: &str, options: &[&str], act: impl FnOnce()) -> Ran {
    person.google().fail(Fault::new(Effect::Stall { after: 0 }).on(Class::Media).id(id));
    person.google().forget_requests();
    let mut command = person.command(options);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = command.spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));
    act();
    person.google().release();
    let output = run.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_file_that_was_edited_while_its_next_revision_was_fetched_is_kept_for_ever() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.edit("p1", "A2"));

    let run = meanwhile(&person, "p1", &[], || person.write("drive/a.jpg", "my own work"));

    run.succeeds().complains(&["drive/a.jpg was changed on this disk while it was fetched"]);
    assert_eq!(person.files(), [("drive/a.jpg", "A2"), ("drive/b.jpg", "B")]);
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    assert!(kept[0][0].starts_with(".gphotos-sync/trash/edited/"), "{kept:?}");
    assert_eq!(fs::read_to_string(person.path(&kept[0][0])).unwrap(), "my own work");
    // It is nobody's older revision, which is purged one day.
    assert_eq!(person.sql("SELECT count(*) FROM trash"), [["0"]]);
}

#[test]
fn a_file_that_was_replaced_by_an_editor_meanwhile_is_kept_as_well() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.edit("p1", "A2"));

    // Editors write another file and rename it.
    let run = meanwhile(&person, "p1", &[], || {
        person.write("drive/a.jpg.tmp", "my own work");
        person.rename("drive/a.jpg.tmp", "drive/a.jpg");
    });

    run.succeeds();
    let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
    assert_eq!(fs::read_to_string(person.path(&kept[0][0])).unwrap(), "my own work");
    assert_eq!(person.files(), [("drive/a.jpg", "A2"), ("drive/b.jpg", "B")]);
}

#[test]
fn a_foreign_file_that_appears_where_one_is_to_be_placed_stays() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| world.add(Item::file("p3", "c.jpg", "C")));

    let run = meanwhile(&person, "p3", &[], || person.write("drive/c.jpg", "somebody's own"));

    run.ends_with(8).complains(&["drive/c.jpg is already there, and nothing is overwritten"]);
    assert_eq!(fs::read_to_string(person.path("drive/c.jpg")).unwrap(), "somebody's own");
    person.backup(&[]).succeeds();
    let c = |path: &str| fs::read_to_string(person.path(path)).unwrap();
    assert_eq!((c("drive/c.jpg"), c("drive/c (1).jpg")), ("somebody's own".into(), "C".into()));
}

#[test]
fn a_folder_or_a_symlink_that_appears_there_stays_as_well() {
    for is_folder in [true, false] {
        let person = Person::with(two_photos());
        person.backup(&[]).succeeds();
        person.google().world(|world| world.edit("p1", "A2"));

        let run = meanwhile(&person, "p1", &[], || {
            person.remove("drive/a.jpg");
            if is_folder {
                fs::create_dir(person.path("drive/a.jpg")).unwrap();
                person.write("drive/a.jpg/mine", "mine");
            } else {
                std::os::unix::fs::symlink("b.jpg", person.path("drive/a.jpg")).unwrap();
            }
        });

        if is_folder {
            run.ends_with(8);
            assert_eq!(fs::read_to_string(person.path("drive/a.jpg/mine")).unwrap(), "mine");
        } else {
            run.succeeds();
            let kept = person.sql("SELECT detail FROM v_history WHERE what = 'edited'");
            let text = fs::read_link(person.path(&kept[0][0])).unwrap();
            assert_eq!(text.to_str(), Some("b.jpg"));
            assert_eq!(fs::read_to_string(person.path("drive/a.jpg")).unwrap(), "A2");
        }
        assert_eq!(fs::read_to_string(person.path("drive/b.jpg")).unwrap(), "B");
    }
}

#[test]
fn files_that_vanish_or_change_before_they_are_removed_are_left_to_the_person() {
    let person = Person::with(two_photos());
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.trash("p1");
        world.trash("p2");
        world.add(Item::file("p3", "c.jpg", "C"));
    });

    let all_may_go = ["--do-delete", "--max-delete", "100%"];
    let run = meanwhile(&person, "p3", &all_may_go, || {
        person.write("drive/a.jpg", "my own work");
        person.remove("drive/b.jpg");
    });

    run.succeeds();
    assert_eq!(person.files(), [("drive/a.jpg", "my own work"), ("drive/c.jpg", "C")]);
}

#[test]
fn a_folder_that_is_put_away_before_a_newer_revision_is_placed_costs_that_file_alone() {
    let trip = two_photos().folder("d", "Trip", "root").file("p3", "c.jpg", "C", "d");
    let person = Person::with(trip);
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.edit("p3", "C2");
        world.edit("p1", "A2");
    });

    let run = meanwhile(&person, "p3", &["--transfers", "1"], || {
        person.rename("drive/Trip", "../elsewhere");
        std::os::unix::fs::symlink("../../elsewhere", person.path("drive/Trip")).unwrap();
    });

    run.ends_with(8).complains(&["drive/Trip/c.jpg", "symlinks are not followed"]);
    let elsewhere = person.path("../elsewhere");
    let there: Vec<_> = fs::read_dir(&elsewhere).unwrap().map(|it| it.unwrap().path()).collect();
    assert_eq!(there, [elsewhere.join("c.jpg")]);
    assert_eq!(fs::read_to_string(elsewhere.join("c.jpg")).unwrap(), "C");
    assert_eq!(person.files(), [("drive/a.jpg", "A2"), ("drive/b.jpg", "B")]);
    person.remove("drive/Trip");
    person.rename("../elsewhere", "drive/Trip");
    person.backup(&[]).succeeds();
    assert_eq!(fs::read_to_string(person.path("drive/Trip/c.jpg")).unwrap(), "C2");
}
