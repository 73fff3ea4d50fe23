//! What a person chooses in Google's Picker, from the printed address to the album.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Photo, Picks, Sandbox, World};

use crate::support::{Found, Person, Ran};

mod sessions;
mod two_sessions;
mod unfinished;

/// What one pick needs, beside what the main job does.
const PICKER: &[&str] = &["--picker"];

/// Pictures and a film of different days, which no app of ours has uploaded.
fn world() -> World {
    let of = |id: &str, taken: &str| {
        Photo::image(id, &format!("{id}.jpg"), format!("{id} bytes").as_bytes())
            .taken(taken)
            .of_another_app()
    };
    let film = Photo::video("film", "film.mp4", b"film bytes").taken("2021-02-03T04:05:06Z");
    World::new()
        .photo(of("a", "2019-05-01T10:00:00Z").camera("Fairlens", "F100"))
        .photo(of("b", "2018-12-31T23:59:59Z"))
        .photo(of("c", "2023-05-04T10:00:00Z"))
        .photo(film.of_another_app())
}

/// A person who will choose these.
fn person(items: &[&str]) -> Person {
    Person::signed_in_with(world().picks(Picks::new(items)), PICKER)
}

/// Picks with `options`, by a clock that waits for nothing.
fn pick(person: &Person, options: &[&str]) -> Ran {
    let mut command = person.any_command(&["pick", "archive"]);
    Ran::of(command.args(options).env("GPHOTOS_SYNC_CLOCK", "hasty"))
}

fn choose(person: &Person, items: &[&str]) {
    person.google().world(|world| world.set_picks(Picks::new(items)));
}

fn paths(person: &Person) -> Vec<String> {
    person.files().into_iter().map(|Found(path, _)| path).collect()
}

fn no_session_is_left(google: &Sandbox) {
    assert_eq!(google.world(|world| world.open_sessions()), 0);
}

#[test]
fn what_is_chosen_is_saved_to_the_byte_by_its_date() {
    let person = person(&["a", "b", "film"]);

    let told = pick(&person, &[]).succeeds().stdout;

    let root = person.google().root();
    assert!(told.contains(&format!("\n{root}/picker/session-0001/autoclose\n")), "{told}");
    assert!(told.contains("30 minutes at the most") && told.contains("3 files saved"), "{told}");
    assert_eq!(
        person.files(),
        [
            ("photos/2018/12/b.jpg", "b bytes"),
            ("photos/2019/05/a.jpg", "a bytes"),
            ("photos/2021/02/film.mp4", "film bytes"),
        ]
    );
    assert_eq!(person.mtime_ms("photos/2018/12/b.jpg"), 1_546_300_799_000);
    let rows = person.sql(
        "SELECT remote_id, taken_at, taken_from, camera, fidelity, state FROM v_files
          WHERE source = 'picker' ORDER BY remote_id",
    );
    let rows: Vec<_> = rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(
        rows,
        [
            "a|2019-05-01T10:00:00.000Z|google|Fairlens F100|stripped|saved",
            "b|2018-12-31T23:59:59.000Z|google||stripped|saved",
            "film|2021-02-03T04:05:06.000Z|google||transcoded|saved",
        ]
    );
    no_session_is_left(person.google());
}

#[test]
fn what_was_picked_before_is_not_fetched_again() {
    let person = person(&["a", "b"]);
    pick(&person, &[]).succeeds();
    let google = person.google();
    google.forget_requests();
    choose(&person, &["b", "c", "a"]);

    pick(&person, &[]).succeeds();

    assert_eq!(google.count(Class::PickerMedia), 1, "c alone");
    assert_eq!(person.files().len(), 3);
    google.forget_requests();
    let told = pick(&person, &[]).succeeds().stdout;
    assert_eq!(google.count(Class::PickerMedia), 0);
    assert!(told.contains("Nothing had to be fetched"), "{told}");
}

#[test]
fn a_picked_file_that_was_deleted_here_comes_back_when_it_is_picked_again() {
    let person = person(&["a", "b"]);
    pick(&person, &[]).succeeds();
    person.remove("photos/2019/05/a.jpg");

    pick(&person, &[]).succeeds();

    assert_eq!(paths(&person), ["photos/2018/12/b.jpg", "photos/2019/05/a.jpg"]);
}

#[test]
fn an_album_has_what_was_picked_for_it_in_the_order_of_time() {
    let person = person(&["c", "b"]);
    pick(&person, &["--album", "Best of"]).succeeds();
    assert_eq!(
        person.links(),
        [
            ("albums/2023/0504 Best of/0001_b.jpg", "../../../photos/2018/12/b.jpg"),
            ("albums/2023/0504 Best of/0002_c.jpg", "../../../photos/2023/05/c.jpg"),
        ]
    );
    choose(&person, &["a"]);

    pick(&person, &["--album", "Best of"]).succeeds();

    let links: Vec<_> = person.links().into_iter().map(|Found(path, _)| path).collect();
    assert_eq!(
        links,
        [
            "albums/2023/0504 Best of/0001_b.jpg",
            "albums/2023/0504 Best of/0002_a.jpg",
            "albums/2023/0504 Best of/0003_c.jpg",
        ]
    );
    let albums = person.sql("SELECT source, title, items FROM v_albums");
    assert_eq!(albums, [["picker", "Best of", "3"]]);
    choose(&person, &["film"]);
    pick(&person, &[]).succeeds();
    assert_eq!(person.links().len(), 3, "who names no album leaves it as it is");
}

#[test]
fn a_motion_photo_comes_with_its_clip() {
    let world = World::new().photo(crate::motion::meadow("m").of_another_app());
    let person = Person::signed_in_with(world.picks(Picks::new(&["m"])), PICKER);

    pick(&person, &[]).succeeds();

    assert_eq!(paths(&person), ["photos/2024/05/meadow.MP.jpg", "photos/2024/05/meadow.MP.mp4"]);
}

#[test]
fn a_clip_that_did_not_come_comes_when_its_still_is_picked_again() {
    let world = World::new().photo(crate::motion::meadow("m").of_another_app());
    let person = Person::signed_in_with(world.picks(Picks::new(&["m"])), PICKER);
    let failing = Fault::new(Effect::ErrorPage(404)).on(Class::PickerMedia).nth(2).always();
    person.google().fail(failing);
    pick(&person, &[]).ends_with(8);
    assert_eq!(paths(&person), ["photos/2024/05/meadow.MP.jpg"]);
    person.google().mend();

    pick(&person, &[]).succeeds();

    assert_eq!(paths(&person), ["photos/2024/05/meadow.MP.jpg", "photos/2024/05/meadow.MP.mp4"]);
    assert_eq!(person.google().count(Class::PickerMedia), 4, "the still came once");
}

#[test]
fn the_main_job_and_a_pick_leave_each_others_files_alone() {
    let shown = Photo::image("own", "own.jpg", b"own").taken("2019-05-02T10:00:00Z");
    let world = world().photo(shown).album(Album::new("x", "Trip", &["own"]));
    let world = world.file("f", "f.jpg", "from Drive", "root");
    let person = Person::signed_in_with(world.picks(Picks::new(&["a", "b"])), PICKER);
    person.backup(&[]).succeeds();
    pick(&person, &["--album", "Best of"]).succeeds();
    let before = (person.files(), person.links());
    assert_eq!((before.0.len(), before.1.len()), (4, 3));

    person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
    person.backup(&["--do-delete", "--max-delete", "100%", "--rescan"]).succeeds();
    pick(&person, &[]).succeeds();

    assert_eq!((person.files(), person.links()), before);
    let runs = person.sql("SELECT outcome, added, removed FROM v_runs ORDER BY id");
    let expected = [["complete", "2", "0"], ["complete", "2", "0"]];
    assert_eq!(runs[..2], expected);
    assert!(runs[2..].iter().all(|run| *run == ["complete", "0", "0"]), "{runs:?}");
}

#[test]
fn who_has_not_given_leave_to_pick_is_told_how_to() {
    let person = Person::signed_in(world().picks(Picks::new(&["a"])));

    pick(&person, &[])
        .ends_with(3)
        .complains(&["photospicker", "`gphotos-sync auth login --picker`"]);

    assert!(!person.path("").exists(), "nothing was begun");
    person.sign_in(PICKER);
    pick(&person, &[]).succeeds();
    person.backup(&[]).succeeds();
}

#[test]
fn leave_to_read_drive_is_not_needed() {
    let world = world().picks(Picks::new(&["a"]));
    let person = Person::signed_in_with(world, &["--picker", "--skip-drive"]);
    pick(&person, &[]).succeeds();
    assert_eq!(paths(&person), ["photos/2019/05/a.jpg"]);
}

#[test]
fn a_program_reads_json_alone_and_who_wants_quiet_still_sees_the_address() {
    let person = person(&["a"]);
    let ran = pick(&person, &["--progress", "json"]).succeeds();
    let lines: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap()["event"], "summary");
    assert!(ran.stderr.contains("/autoclose"), "{}", ran.stderr);

    let ran = pick(&person, &["-q"]).succeeds();
    assert!(
        ran.stdout.contains("/autoclose") && !ran.stdout.contains("Complete"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_service_account_cannot_pick() {
    let person = Person::with(world().picks(Picks::new(&["a"])));
    pick(&person, &[]).ends_with(3).complains(&["a service account cannot", "auth login --picker"]);
    assert_eq!(person.google().count(Class::PickerCreate), 0);
}

#[test]
fn the_address_to_choose_at_is_in_no_log() {
    let person = person(&["a"]);
    let log = person.home().join("log");

    let ran = pick(&person, &["-vvv", "--log-file", log.to_str().unwrap()]).succeeds();

    let logged = std::fs::read_to_string(log).unwrap();
    assert!(ran.stdout.contains("/picker/session-0001/autoclose"));
    for text in [logged, ran.stderr] {
        assert!(!text.contains("/autoclose") && !text.contains("/ppa/"), "{text}");
    }
}

#[test]
fn the_demo_can_be_picked_from_without_an_account() {
    let person = Person::with(World::new());
    let mut command = person.any_command(&["pick", "archive", "--demo", "--album", "Chosen"]);
    Ran::of(command.env("GPHOTOS_SYNC_CLOCK", "hasty").env_remove("GPHOTOS_SYNC_API_ROOT"))
        .succeeds();
    assert!(person.files().len() > 2 && person.links().len() > 2);
}

#[test]
fn the_token_goes_to_no_other_server() {
    let other = Sandbox::start(World::new());
    let address = format!("{}/media/ppa/a/x", other.root());
    let page = format!(
        r#"{{"mediaItems":[{{"id":"a","createTime":"2019-05-01T10:00:00Z","type":"PHOTO","mediaFile":
           {{"baseUrl":"{address}","mimeType":"image/jpeg","filename":"a.jpg"}}}}]}}"#
    );
    let text: &'static str = Box::leak(page.into_boxed_str());
    let person = person(&["a"]);
    let google = person.google();
    google.fail(Fault::new(Effect::Json { status: 200, text }).on(Class::PickerList).always());
    pick(&person, &[]).ends_with(8);
    let reason = &person.sql("SELECT reason FROM v_problems")[0][0];
    assert!(reason.contains("no token is sent there"), "{reason}");

    google.mend();
    google.fail(Fault::new(Effect::Redirect(address)).on(Class::PickerMedia).always());
    pick(&person, &[]).ends_with(8);

    assert_eq!((other.requests().len(), person.files().len()), (0, 0));
    no_session_is_left(google);
}
