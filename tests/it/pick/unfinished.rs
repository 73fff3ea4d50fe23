//! What was picked and did not come: it is told, picked again, and of no other run.

use std::process::Stdio;

use gphotos_sync::sandbox::{Class, Effect, Fault, VideoStatus};

use super::{choose, no_session_is_left, paths, person, pick};
use crate::support::Person;

fn reasons(person: &Person) -> Vec<Vec<String>> {
    person.sql("SELECT remote_id, reason FROM v_problems ORDER BY remote_id")
}

#[test]
fn a_film_that_is_not_ready_is_a_problem_until_it_is_picked_again() {
    let person = person(&["a", "film"]);
    person.google().world(|world| world.set_video_status("film", VideoStatus::Processing));

    let told = pick(&person, &[]).ends_with(8).stdout;

    assert!(told.contains("still processing this video; pick it again"), "{told}");
    assert_eq!(paths(&person), ["photos/2019/05/a.jpg"]);
    let told = person.backup(&[]).succeeds().stdout;
    assert!(!told.contains("not saved"), "{told}");
    assert_eq!(reasons(&person)[0][0], "film", "it is still known");
    choose(&person, &["b"]);
    pick(&person, &[]).succeeds();
    assert_eq!(reasons(&person).len(), 1, "nor does a pick of others tell of it");
    choose(&person, &["a", "film"]);
    person.google().world(|world| world.set_video_status("film", VideoStatus::Ready));
    pick(&person, &[]).succeeds();
    assert_eq!((reasons(&person).len(), person.files().len()), (0, 3));
}

#[test]
fn what_a_killed_pick_did_not_fetch_waits_for_the_next_pick() {
    let person = person(&["a", "b"]);
    let google = person.google();
    google.fail(Fault::new(Effect::Stall { after: 2 }).on(Class::PickerMedia).always());
    let mut command = person.any_command(&["pick", "archive", "--album", "Best of"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = command.spawn().unwrap();
    assert!(google.wait_for(Class::PickerMedia, 2));
    running.kill().unwrap();
    running.wait().unwrap();
    google.mend();
    google.release();

    let told = person.backup(&[]).succeeds().stderr;

    assert!(told.contains("2 items that were picked are not in the archive"), "{told}");
    assert_eq!((reasons(&person).len(), person.files().len()), (2, 0));
    assert!(reasons(&person)[0][1].contains("pick it again"), "{:?}", reasons(&person));
    let told = person.backup(&[]).succeeds().stderr;
    assert!(!told.contains("pick"), "it is told once: {told}");

    pick(&person, &["--album", "Best of"]).succeeds();
    assert_eq!(paths(&person), ["photos/2018/12/b.jpg", "photos/2019/05/a.jpg"]);
    assert_eq!((reasons(&person).len(), person.links().len()), (0, 2));
    assert_eq!(google.world(|world| world.open_sessions()), 1, "that of the killed one");
}

#[test]
fn what_failed_for_one_does_not_keep_the_others_back() {
    let person = person(&["a", "b", "c"]);
    let gone = Fault::new(Effect::ErrorPage(404)).on(Class::PickerMedia).id("b").always();
    person.google().fail(gone);

    pick(&person, &[]).ends_with(8);

    assert_eq!(paths(&person), ["photos/2019/05/a.jpg", "photos/2023/05/c.jpg"]);
    assert_eq!(reasons(&person).len(), 1);
    no_session_is_left(person.google());
    let states = person.sql("SELECT state FROM v_files WHERE remote_id = 'b'");
    assert_eq!(states, [["failed"]]);
}

#[test]
fn bytes_that_break_off_are_gone_on_with() {
    let person = person(&["a"]);
    person.google().fail(Fault::new(Effect::Cut { after: 3 }).on(Class::PickerMedia));

    pick(&person, &[]).succeeds();

    assert_eq!(person.files(), [("photos/2019/05/a.jpg", "a bytes")]);
    assert_eq!(person.google().count(Class::PickerMedia), 2);
}

#[test]
fn a_picked_file_that_was_deleted_here_is_told_by_the_main_job_which_cannot_fetch_it() {
    let person = person(&["a", "b"]);
    pick(&person, &[]).succeeds();
    person.remove("photos/2019/05/a.jpg");

    let told = person.backup(&[]).succeeds().stderr;

    assert!(told.contains("1 item that was picked is not in the archive"), "{told}");
    assert_eq!(reasons(&person)[0][0], "a");
    pick(&person, &[]).succeeds();
    assert_eq!((reasons(&person).len(), person.files().len()), (0, 2));
}

#[test]
fn after_the_index_is_lost_what_was_picked_is_known_again() {
    let person = person(&["a", "b", "film"]);
    pick(&person, &[]).succeeds();
    person.backup(&[]).succeeds();
    let state = "SELECT source, remote_id, path, sha256, taken_at, fidelity, state FROM v_files";
    let before = (person.sql(state), person.files());
    for lost_by_pick in [false, true] {
        for lost in ["index.db", ".gphotos-sync/index.db.copy"] {
            person.remove(lost);
        }
        let google = person.google();
        google.forget_requests();

        if !lost_by_pick {
            person.backup(&[]).succeeds();
        }
        pick(&person, &[]).succeeds();

        assert_eq!(google.count(Class::PickerMedia), 0);
        assert_eq!((person.sql(state), person.files()), before);
    }
}
