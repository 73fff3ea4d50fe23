//! What happens on a bad day: connections that break, bytes that are wrong, a
//! listing that stops, a run that is killed.

use std::fs;
use std::process::{Child, Stdio};

use gphotos_sync::sandbox::{Class, Content, Effect, Fault, Item, World};

use crate::support::Person;

mod endless;
mod lasting;
mod mixed;
mod passing;
mod quota;
mod reasons;

const MIB: u64 = 1 << 20;

#[test]
fn a_download_that_is_cut_goes_on_where_it_was() {
    let person = Person::with(big_file());
    person.google().fail(Fault::new(Effect::Cut { after: MIB }).on(Class::Media));

    person.backup(&[]).succeeds();

    assert_eq!(fs::read(person.path("drive/film.mp4")).unwrap(), big().to_bytes());
    let media = person.google().requests().into_iter().filter(|it| it.class == Class::Media);
    let ranges: Vec<_> = media.map(|request| request.range).collect();
    assert_eq!(ranges, [None, Some(format!("bytes={MIB}-"))]);
}

#[test]
fn a_killed_run_goes_on_with_its_unfinished_file_at_the_next_one() {
    let person = Person::with(big_file());
    person.google().fail(Fault::new(Effect::Stall { after: MIB }).on(Class::Media));
    let mut command = person.command(&[]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));
    wait_for_partial(&person, MIB);
    run.kill().unwrap();
    run.wait().unwrap();
    person.google().mend();
    // A run that leaves Drive alone leaves its unfinished files alone, too.
    person.backup(&["--skip-drive"]).succeeds();
    person.google().forget_requests();

    person.backup(&[]).succeeds();

    assert_eq!(fs::read(person.path("drive/film.mp4")).unwrap(), big().to_bytes());
    let media = person.google().requests().into_iter().find(|it| it.class == Class::Media);
    assert_eq!(media.unwrap().range, Some(format!("bytes={MIB}-")));
    let outcomes = person.sql("SELECT outcome FROM v_runs ORDER BY id");
    assert_eq!(outcomes, [["interrupted"], ["complete"], ["complete"]]);
}

#[test]
fn bytes_that_are_not_those_google_states_are_never_placed() {
    let person = Person::with(
        World::new()
            .with(Item::file("p1", "wrong.jpg", "right").but_serves("wrong"))
            .with(Item::file("p2", "short.jpg", "whole").but_serves("who"))
            .file("p3", "good.jpg", "good", "root"),
    );

    let run = person.backup(&[]).ends_with(8);

    assert_eq!(person.files(), [("drive/good.jpg", "good")]);
    assert!(run.stdout.contains("drive/wrong.jpg"), "{}", run.stdout);
    let problems = person.sql("SELECT path, attempts FROM v_problems ORDER BY path");
    assert_eq!(problems, [["drive/short.jpg", "1"], ["drive/wrong.jpg", "1"]]);
    let states = person.sql("SELECT name, state FROM v_files ORDER BY name");
    assert_eq!(states[2], ["wrong.jpg", "failed"]);

    // A new run tries again, and a problem that is gone is history.
    person.backup(&[]).ends_with(8);
    assert_eq!(person.sql("SELECT DISTINCT attempts FROM v_problems"), [["2"]]);
    person.google().world(|world| {
        world.edit("p1", "mended");
        world.edit("p2", "mended too");
    });
    person.backup(&[]).succeeds();
    assert!(person.sql("SELECT * FROM v_problems").is_empty());
    let solved = person.sql("SELECT path FROM v_history WHERE what = 'solved' ORDER BY path");
    assert_eq!(solved, [["drive/short.jpg"], ["drive/wrong.jpg"]]);
}

#[test]
fn what_changed_while_the_run_went_on_is_asked_for_anew_in_the_same_run() {
    let person = Person::with(
        World::new()
            .file("p0", "film.mp4", big(), "root")
            .file("p1", "edited.jpg", "before", "root")
            .file("p2", "deleted.jpg", "gone", "root"),
    );
    person.google().fail(Fault::new(Effect::Stall { after: MIB }).on(Class::Media).id("p0"));
    let mut command = person.command(&["--transfers", "1"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));
    wait_for_partial(&person, MIB);
    person.google().world(|world| {
        world.edit("p1", "after");
        world.delete("p2");
    });
    person.google().mend();

    assert!(run.wait().unwrap().success());
    assert_eq!(fs::read(person.path("drive/edited.jpg")).unwrap(), b"after");
    assert_eq!(person.files().len(), 2);
    assert!(person.sql("SELECT * FROM v_problems").is_empty());
    assert_eq!(person.sql("SELECT outcome, failed FROM v_runs"), [["complete", "0"]]);
}

#[test]
fn one_corrupted_byte_is_fetched_again_in_the_same_run() {
    let person = Person::with(World::new().file("p1", "a.jpg", "some bytes", "root"));
    person.google().fail(Fault::new(Effect::Corrupt { at: 3 }).on(Class::Media));

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/a.jpg", "some bytes")]);
}

#[test]
fn what_google_holds_back_is_told_and_the_rest_is_saved() {
    let person = Person::with(
        World::new()
            .with(Item::file("p1", "locked.jpg", "1").no_download())
            .with(Item::file("p2", "virus.jpg", "2").abusive())
            .file("p3", "good.jpg", "3", "root"),
    );
    person
        .google()
        .fail(Fault::new(Effect::error(403, "downloadQuotaExceeded")).on(Class::Media).id("p3"));

    let run = person.backup(&[]).ends_with(8);

    let reasons = person.sql("SELECT path, reason FROM v_problems ORDER BY path");
    let told = |path: &str, reason: &str| vec![format!("drive/{path}"), reason.to_owned()];
    assert_eq!(
        reasons,
        [
            told("good.jpg", "Google's daily download limit for this file is reached"),
            told("locked.jpg", "its owner does not allow downloading it"),
            told("virus.jpg", "Google holds it back as malware or spam"),
        ],
        "{}",
        run.stdout
    );
}

#[test]
fn a_cut_listing_goes_on_and_a_refused_token_begins_it_anew() {
    let mut world = World::new();
    for n in 0..1500 {
        world = world.file(&format!("p{n}"), &format!("{n:04}.txt"), "x", "root");
    }
    let person = Person::with(world.file("photo", "a.jpg", "A", "root"));
    let second_page =
        || Fault::new(Effect::error(403, "dailyLimitExceeded")).on(Class::List).nth(2);
    person.google().fail(second_page().always());
    person.backup(&[]).ends_with(4);
    assert_eq!(person.sql("SELECT count(*) FROM item"), [["1000"]]);
    person.google().mend();
    person.google().forget_requests();

    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::List), 1, "the first page was asked for again");
    assert_eq!(person.files(), [("drive/a.jpg", "A")]);

    // A listing whose token was refused is begun anew, and nothing is doubled.
    person.google().fail(Fault::new(Effect::PageTokenRefused).on(Class::List));
    person.backup(&["--flush-index"]).succeeds();
    assert_eq!(person.sql("SELECT count(*) FROM v_files"), [["1501"]]);
    assert_eq!(person.google().count(Class::Media), 1);
}

#[test]
fn a_listing_that_does_not_tell_everything_takes_nothing_away() {
    let person = Person::with(
        World::new().file("p1", "a.jpg", "A", "root").file("d1", "b.txt", "B", "root"),
    );
    person.backup(&[]).succeeds();
    for (effect, code) in [(Effect::EmptyPage, 0), (Effect::IncompleteSearch, 8)] {
        person.google().fail(Fault::new(effect).on(Class::List));
        person.backup(&["--flush-index"]).ends_with(code);
        assert_eq!(person.files(), [("drive/a.jpg", "A")]);
        assert_eq!(person.sql("SELECT count(*) FROM v_files"), [["2"]]);
    }

    // `incompleteSearch` is told, and the next run lists anew.
    person.google().fail(Fault::new(Effect::IncompleteSearch).on(Class::List));
    let run = person.backup(&["--flush-index"]).ends_with(8);
    assert!(run.stderr.contains("was not complete"), "{}", run.stderr);
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::List), 1);
}

#[test]
fn a_listing_of_nothing_at_all_is_no_news_of_an_account_that_had_something() {
    let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
    person.backup(&[]).succeeds();
    person.google().world(|world| *world = World::new());

    person.backup(&["--flush-index"]).ends_with(8);

    assert_eq!(person.files(), [("drive/a.jpg", "A")]);
    assert_eq!(person.sql("SELECT path, state FROM v_files"), [["drive/a.jpg", "saved"]]);
}

#[test]
fn what_a_killed_run_had_placed_and_not_recorded_is_adopted() {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let person = Person::with(
        World::new()
            .file("p1", "a.jpg", "A", "root")
            .with(Item::native("n1", "Letter", "document").export(DOCX, "a letter")),
    );
    person.backup(&["--all-files"]).succeeds();
    forget_files(&person);
    person.google().forget_requests();

    person.backup(&["--all-files"]).succeeds();

    assert_eq!(person.google().count(Class::Media) + person.google().count(Class::Export), 0);
    assert_eq!(person.files(), [("drive/Letter.docx", "a letter"), ("drive/a.jpg", "A")]);
    assert_eq!(person.sql("SELECT DISTINCT state FROM v_files"), [["saved"]]);
}

#[test]
fn a_move_that_was_planned_to_a_name_which_the_disk_cannot_hold_is_planned_anew() {
    let person = Person::with(World::new().file("p1", "a.jpg", "A", "root"));
    person.backup(&[]).succeeds();
    let name = "n".repeat(300);
    person.alter(&format!(
        "INSERT INTO step (kind, item, from_path, to_path)
         SELECT 'move', id, 'drive/a.jpg', 'drive/{name}' FROM item WHERE remote_id = 'p1'"
    ));

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/a.jpg", "A")]);
}

#[test]
fn an_outage_of_all_downloads_stops_the_run_and_not_each_file_for_itself() {
    let mut world = World::new();
    for n in 0..40 {
        world = world.file(&format!("p{n}"), &format!("{n}.jpg"), "x", "root");
    }
    let person = Person::with(world);
    let wait_too_long = Effect::Error {
        status: 503,
        reason: "backendError".to_owned(),
        retry_after_s: Some(86_400),
    };
    person.google().fail(Fault::new(wait_too_long).on(Class::Media).always());

    person.backup(&["--transfers", "4"]).ends_with(4);

    assert!(person.google().count(Class::Media) < 25);
    person.google().mend();
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 40);
}

#[test]
fn a_folder_that_comes_back_from_googles_trash_is_listed_with_all_that_is_in_it() {
    let person =
        Person::with(World::new().folder("f", "Trip", "root").file("p1", "a.jpg", "A", "f"));
    person.google().world(|world| world.trash("f"));
    person.backup(&[]).succeeds();
    assert!(person.files().is_empty());
    person.google().forget_requests();
    person.google().world(|world| world.untrash("f"));

    person.backup(&[]).succeeds();

    assert_eq!(person.files(), [("drive/Trip/a.jpg", "A")]);
    assert_eq!(person.google().count(Class::List), 1);
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::List), 0);
}

#[test]
fn a_second_run_on_the_same_archive_is_refused() {
    let person = Person::with(big_file());
    person.google().fail(Fault::new(Effect::Stall { after: MIB }).on(Class::Media));
    let mut command = person.command(&[]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));

    let second = person.backup(&[]);

    let process = format!("process {}", run.id());
    second.ends_with(7).complains(&["another run holds the archive", &process]);
    person.google().mend();
    assert!(run.wait().unwrap().success());
}

#[test]
fn a_run_that_waits_for_google_can_be_interrupted() {
    let person = Person::with(World::new());
    let busy = Effect::Error {
        status: 429,
        reason: "rateLimitExceeded".to_owned(),
        retry_after_s: Some(500),
    };
    person.google().fail(Fault::new(busy).on(Class::Changes));
    let mut command = person.command(&[]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Changes, 1));

    interrupt(&run);

    assert_eq!(run.wait().unwrap().code(), Some(130));
}

#[test]
fn an_interrupted_run_ends_with_130_and_loses_nothing() {
    let person = Person::with(big_file().file("p2", "a.jpg", "A", "root"));
    person.google().fail(Fault::new(Effect::Stall { after: MIB }).on(Class::Media).id("p1"));
    let mut command = person.command(&["--transfers", "1"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));
    wait_for_partial(&person, MIB);
    interrupt(&run);

    let ended = run.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    let told = [ended.stdout, ended.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert_eq!(told.matches("next run goes on from here").count(), 1, "{told}");
    assert_eq!(person.sql("SELECT outcome FROM v_runs"), [["interrupted"]]);
    person.google().mend();
    person.backup(&[]).succeeds();
    assert_eq!(person.files().len(), 2);
}

/// Presses Ctrl-C.
fn interrupt(run: &Child) {
    let pid = rustix::process::Pid::from_child(run);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

fn big() -> Content {
    Content::Pattern { seed: 7, len: 3 * MIB + 17 }
}

fn big_file() -> World {
    World::new().file("p1", "film.mp4", big(), "root")
}

/// Waits until `len` bytes of the one unfinished download are on the disk.
fn wait_for_partial(person: &Person, len: u64) {
    let folder = person.path(".gphotos-sync/partial");
    for _ in 0..10_000_000 {
        let mut entries = fs::read_dir(&folder).unwrap();
        let size = entries.next().and_then(|entry| entry.unwrap().metadata().ok());
        if size.is_some_and(|meta| meta.len() >= len) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("the download does not begin");
}

/// Makes the index as it is when a run is killed after placing files and before
/// recording them.
fn forget_files(person: &Person) {
    let db = rusqlite::Connection::open(person.path("index.db")).unwrap();
    let forget = "DELETE FROM holding; DELETE FROM file;
                  UPDATE item SET due = 1 WHERE form IN ('bytes', 'export')";
    db.execute_batch(forget).unwrap();
}
