//! Each option of the main job that decides what is taken and what it looks like,
//! shown by whole commands.

mod photos;

use std::process::Stdio;

use gphotos_sync::sandbox::{Class, Content, Item, World};
use serde_json::json;

use crate::support::{Home, Person};

#[test]
fn dates_go_by_when_a_picture_was_taken_and_else_by_when_it_was_modified() {
    let person = Person::with(
        World::new()
            .with(
                Item::file("p1", "taken.jpg", "t")
                    .image(json!({"time": "2019:07:14 23:59:59"}))
                    .modified("2024-01-01T00:00:00.000Z"),
            )
            .with(Item::file("p2", "modified.jpg", "m").modified("2019-07-14T00:00:00.000Z"))
            .with(Item::file("p3", "later.jpg", "l").modified("2019-07-15T00:00:00.000Z"))
            .with(Item::file("p4", "earlier.jpg", "e").modified("2019-07-13T23:59:59.999Z")),
    );

    let run = person.backup(&["--start-date", "2019-07-14", "--end-date", "2019-07-14"]).succeeds();

    assert_eq!(paths(&person), ["drive/modified.jpg", "drive/taken.jpg"]);
    assert!(run.stdout.contains("2 files of other dates (--start-date, --end-date)"));
    // Another filter takes effect at once, and takes nothing away.
    person.backup(&["--end-date", "2018"]).succeeds();
    assert_eq!(paths(&person).len(), 2);
    person.backup(&["--start-date", "2019-07-15"]).succeeds();
    assert_eq!(paths(&person).len(), 3);
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person).len(), 4);
    assert_eq!(person.google().count(Class::Media), 4);
}

#[test]
fn of_a_folder_all_that_is_below_it_is_taken_and_what_moves_in_or_out_follows() {
    let world = World::new()
        .folder("f", "Family", "root")
        .folder("t", "Trips", "f")
        .folder("c", "2019", "t")
        .folder("o", "Other", "root")
        .folder("d", "Deep", "o")
        .file("p1", "in.jpg", "in", "t")
        .file("p2", "below.jpg", "below", "c")
        .file("p3", "beside.jpg", "beside", "f")
        .file("p4", "deep.jpg", "deep", "d");
    let person = Person::with(world);
    let wish = ["--drive-folder", "Family/Trips"];

    let run = person.backup(&wish).succeeds();
    assert_eq!(paths(&person), ["drive/Family/Trips/2019/below.jpg", "drive/Family/Trips/in.jpg"]);
    assert!(run.stdout.contains("2 files in other folders (--drive-folder)"), "{}", run.stdout);

    // A folder moves in with all that is below it, and nothing of that is news itself.
    person.google().world(|world| world.move_to("o", "t"));
    person.backup(&wish).succeeds();
    assert!(paths(&person).contains(&"drive/Family/Trips/Other/Deep/deep.jpg".to_owned()));

    // What moves out stays in the archive, and follows; what is new there is not taken.
    person.google().world(|world| {
        world.move_to("o", "root");
        world.add(Item::file("p5", "new.jpg", "new").parent("d"));
        world.add(Item::file("p6", "new.jpg", "new").parent("c"));
    });
    person.backup(&wish).succeeds();
    let expected = [
        "drive/Family/Trips/2019/below.jpg",
        "drive/Family/Trips/2019/new.jpg",
        "drive/Family/Trips/in.jpg",
        "drive/Other/Deep/deep.jpg",
    ];
    assert_eq!(paths(&person), expected);
    assert_eq!(person.google().count(Class::Media), 4);
}

#[test]
fn a_folder_that_is_not_there_ends_with_2_and_changes_nothing() {
    let person = Person::with(
        World::new().folder("f", "Family", "root").file("p1", "a.jpg", "a", "f").with(
            // Of the same name, and not in My Drive.
            Item::folder("s", "Trips").shared_by("bob@example.com"),
        ),
    );
    person.backup(&[]).succeeds();
    person.google().world(|world| {
        world.rename("p1", "b.jpg");
        world.add(Item::file("p2", "c.jpg", "c"));
    });

    for folder in ["family", "Trips", "Family/Trips", "Family/b.jpg"] {
        let run = person.backup(&["--shared", "--drive-folder", folder]).ends_with(2);
        run.complains(&[&format!("no folder '{folder}'"), "upper and lower case differ"]);
        assert_eq!(paths(&person), ["drive/Family/a.jpg"]);
    }
    person.backup(&["--drive-folder", "/Family/"]).succeeds();
    assert_eq!(paths(&person), ["drive/Family/b.jpg"]);
}

#[test]
fn a_folder_is_meant_by_the_name_it_has_on_the_disk_and_all_of_one_name_are() {
    let person = Person::with(
        World::new()
            .folder("t1", "a/b", "root")
            .folder("t2", "a/b", "root")
            .folder("t3", "a", "root")
            .folder("t4", "b", "t3")
            .file("p1", "one.jpg", "1", "t1")
            .file("p2", "two.jpg", "2", "t2")
            .file("p3", "three.jpg", "3", "t4"),
    );
    person.backup(&["--drive-folder", "a_b"]).succeeds();
    assert_eq!(paths(&person), ["drive/a_b (1)/two.jpg", "drive/a_b/one.jpg"]);
    person.backup(&["--drive-folder", "a/b"]).succeeds();
    assert_eq!(paths(&person).len(), 3);
}

#[test]
fn patterns_leave_out_files_and_folders_and_follow_what_is_renamed() {
    let world = World::new()
        .folder("f", "Family", "root")
        .folder("o", "Old", "f")
        .file("p1", "a.jpg", "1", "f")
        .file("p2", "a.gif", "2", "f")
        .file("p3", "b.jpg", "3", "o")
        .file("p4", "Old", "4", "root")
        .file("p5", "draft-1.png", "5", "root");
    let person = Person::with(world);
    let file = person.write_config("patterns", "# No drafts.\n\ndraft-?.png  \r\n*.bmp\n");
    let wish = ["--all-files", "--exclude", "*.gif", "--exclude", "Old/", "--exclude-from", &file];

    let run = person.backup(&wish).succeeds();
    assert_eq!(paths(&person), ["drive/Family/a.jpg", "drive/Old"]);
    assert!(run.stdout.contains("3 files excluded (--exclude)"), "{}", run.stdout);

    // A folder that is renamed brings in what is in it, or leaves it out.
    person.google().world(|world| world.rename("o", "New"));
    person.backup(&wish).succeeds();
    assert_eq!(paths(&person), ["drive/Family/New/b.jpg", "drive/Family/a.jpg", "drive/Old"]);
    person.google().world(|world| {
        world.rename("f", "Old");
        world.add(Item::file("p6", "c.jpg", "6").parent("o"));
    });
    person.backup(&wish).succeeds();
    assert_eq!(paths(&person), ["drive/Old", "drive/Old (1)/New/b.jpg", "drive/Old (1)/a.jpg"]);
    assert_eq!(person.google().count(Class::Media), 3);

    // Other patterns take effect at once.
    person.backup(&["--all-files", "--exclude", "/Old/*.gif"]).succeeds();
    assert_eq!(paths(&person).len(), 5);
}

#[test]
fn only_what_is_starred_is_taken_of_drive_as_it_is_starred() {
    let person = Person::with(
        World::new().with(Item::file("p1", "starred.jpg", "1").starred()).with(Item::file(
            "p2",
            "plain.jpg",
            "2",
        )),
    );
    person.backup(&["--favourites-only"]).succeeds();
    assert_eq!(paths(&person), ["drive/starred.jpg"]);
    person.google().world(|world| {
        world.star("p1", false);
        world.star("p2", true);
    });

    let run = person.backup(&["--favourites-only"]).succeeds();

    assert_eq!(paths(&person), ["drive/plain.jpg", "drive/starred.jpg"]);
    assert!(!run.stdout.contains("not starred"), "what is held is not left out: {}", run.stdout);
}

#[test]
fn names_become_portable_and_back_without_fetching() {
    let world = World::new()
        .folder("f", "What?", "root")
        .folder("g", "Trip...", "root")
        .file("p1", "a:b.jpg", "1", "f")
        .file("p2", "IMG.jpg", "2", "g")
        .file("p3", "img.JPG", "3", "g")
        .file("p4", "aux.jpg", "4", "root");
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    let posix =
        ["drive/Trip.../IMG.jpg", "drive/Trip.../img.JPG", "drive/What?/a:b.jpg", "drive/aux.jpg"];
    assert_eq!(paths(&person), posix);

    person.backup(&["--names", "portable"]).succeeds();
    let portable =
        ["drive/Trip/IMG.jpg", "drive/Trip/img (1).JPG", "drive/What_/a_b.jpg", "drive/_aux.jpg"];
    assert_eq!(paths(&person), portable);
    let moved = person.sql("SELECT moved, added FROM v_runs ORDER BY id DESC LIMIT 1");
    assert_eq!(moved, [["4", "0"]]);

    person.backup(&["--names", "posix"]).succeeds();
    assert_eq!(paths(&person)[2..], posix[2..]);
    assert_eq!(person.google().count(Class::Media), 4);
}

#[test]
fn a_run_with_little_bandwidth_waits_and_can_be_interrupted() {
    let content = Content::Pattern { seed: 7, len: 1_000_000 };
    let person = Person::with(World::new().file("p1", "a.jpg", content, "root"));
    // Eleven days for what is here in an instant otherwise.
    let mut command = person.command(&["--bwlimit", "1"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(person.google().wait_for(Class::Media, 1));

    let pid = rustix::process::Pid::from_child(&run);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();

    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(paths(&person), [""; 0]);
    person.backup(&["--bwlimit", "1G"]).succeeds();
    assert_eq!(paths(&person), ["drive/a.jpg"]);
}

#[test]
fn what_is_typed_against_the_settings_wins_and_nothing_undoes_them() {
    let world = World::new()
        .folder("f", "Family", "root")
        .with(Item::file("p1", "a.jpg", "1").parent("f").starred())
        .with(Item::file("p2", "b.jpg", "2"))
        .with(Item::file("p3", "c.gif", "3"));
    let person = Person::with(world);
    let settings = "favourites-only = true\ndrive-folder = 'Family'\nexclude = ['*.gif']\n\
                    bwlimit = '1K'\nstart-date = 2000-01-01\nend-date = 2100\n\
                    names = 'portable'\nalbums = 'none'\nskip-albums = true\nrescan = true\n\
                    use-flat-path = true\nomit-album-date = true\nno-album-sorting = true\n\
                    album-date-by-first-photo = true\nexclude-from = '/dev/null'\n";
    person.configure(settings);
    person.backup(&["--bwlimit", ""]).succeeds();
    assert_eq!(paths(&person), ["drive/Family/a.jpg"]);

    let nothing = ["--drive-folder", "", "--bwlimit", "0", "--start-date", ""];
    person.backup(&[&nothing[..], &["--no-favourites-only"]].concat()).succeeds();
    assert_eq!(paths(&person), ["drive/Family/a.jpg", "drive/b.jpg"]);

    let other = ["--exclude", "*.bmp", "--no-favourites-only"];
    person.backup(&[&nothing[..], &other].concat()).succeeds();
    assert_eq!(paths(&person).len(), 3);
}

#[test]
fn a_mistake_in_an_option_is_told_and_ends_with_2() {
    let home = Home::new();
    for (words, told) in [
        ("--start-date 2024-13", "--start-date: '2024-13' is no date"),
        ("--end-date yesterday", "--end-date: 'yesterday' is no date"),
        ("--start-date 2024 --end-date 2023", "the last day (2023-12-31) is before the first"),
        ("--exclude [a", "--exclude: '[a' is no pattern"),
        ("--exclude a --exclude !b", "--exclude: '!b' is no pattern: nothing can be taken back"),
        ("--exclude-from nowhere", "--exclude-from: nowhere cannot be read"),
        ("--drive-folder /", "--drive-folder: '/' names no folder"),
        ("--album-regex (", "--album-regex: '(' is no regular expression"),
        ("--album a --album-regex b", "'--album <TITLE>' cannot be used with '--album-regex <RE>'"),
        ("--album a --skip-albums", "'--album <TITLE>' cannot be used with '--skip-albums'"),
        ("--album a --skip-photos", "'--album <TITLE>' cannot be used with '--skip-photos'"),
        ("--bwlimit fast", "--bwlimit: 'fast' is no rate"),
        ("--albums links", "hardlink"),
        ("--names dos", "portable"),
        ("--rescan --skip-index", "'--rescan' cannot be used with '--skip-index'"),
    ] {
        let words = ["archive"].into_iter().chain(words.split(' '));
        home.run(words).ends_with(2).complains(&[told]);
    }
    for (settings, told) in [
        ("album = 'a'\nalbum-regex = 'b'", "give only one"),
        ("album = 'a'\nskip-albums = true", "--skip-albums"),
        ("start-date = '2024-13'", "--start-date: '2024-13'"),
        ("exclude = ['[a']", "'[a'"),
        ("exclude-from = 'nowhere'", "nowhere cannot be read"),
    ] {
        home.write_config("config.toml", settings);
        home.run(["archive"]).ends_with(2).complains(&[told]);
    }
    assert!(!home.path().join("archive").exists());
}

fn paths(person: &Person) -> Vec<String> {
    person.files().into_iter().map(|found| found.0).collect()
}
