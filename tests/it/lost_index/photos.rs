//! Photos and albums after the index is lost: Google states no checksum of them.

use gphotos_sync::sandbox::{Class, Effect, Fault, Photo, World, demo};

use super::{COPY, FILES, INDEX, MANIFEST, State, backup, fetched, lose, state};
use crate::support::{Found, Person};

#[test]
fn photos_and_albums_come_back_as_they_were() {
    for lost in [&[][..], &[COPY]] {
        let person = Person::signed_in(demo());
        let before = lived_with_photos(&person);
        lose(&person, INDEX);
        lose(&person, lost);

        backup(&person);

        assert_eq!(state(&person, FILES), before);
        backup(&person);
        assert_eq!(state(&person, FILES), before);
    }
}

#[test]
fn without_a_manifest_photos_are_known_by_name_time_and_length() {
    let taken = |id: &str, name: &str, bytes: &'static str, hour: u32| {
        Photo::image(id, name, bytes).taken(&format!("2024-03-01T{hour:02}:00:00Z"))
    };
    let person = Person::signed_in(
        World::new()
            .photo(taken("p1", "a.jpg", "a later one", 2))
            .photo(taken("p2", "a.jpg", "an earlier one", 1))
            .photo(Photo::video("p3", "b.mp4", "a film").taken("2024-04-01T00:00:00Z"))
            // Nothing tells whose the files of these two are.
            .photo(taken("p4", "burst.jpg", "one", 4))
            .photo(taken("p5", "burst.jpg", "two", 4))
            // It was edited meanwhile.
            .photo(taken("p6", "c.jpg", "before", 5)),
    );
    person.backup(&[]).succeeds();
    let before = person.files();
    lose(&person, INDEX);
    lose(&person, &[COPY, MANIFEST]);
    person.google().world(|world| world.edit_photo("p6", "and after"));
    person.google().forget_requests();

    let run = person.backup(&[]).succeeds();

    assert_eq!(fetched(&person), 3, "the two of the burst, and what was edited");
    let mut expected = before;
    expected.extend([
        Found("photos/2024/03/burst (2).jpg".into(), "one".into()),
        Found("photos/2024/03/burst (3).jpg".into(), "two".into()),
        Found("photos/2024/03/c (1).jpg".into(), "and after".into()),
    ]);
    expected.sort();
    assert_eq!(person.files(), expected);
    assert!(run.stderr.contains("3 items have something at their place"), "{}", run.stderr);
    let rule = "SELECT remote_id, path FROM v_files WHERE match_rule = 'name_size_time' ORDER BY 1";
    let expected = [
        ["p1", "photos/2024/03/a (1).jpg"],
        ["p2", "photos/2024/03/a.jpg"],
        ["p3", "photos/2024/04/b.mp4"],
    ];
    assert_eq!(person.sql(rule), expected);
}

#[test]
fn a_clip_is_there_as_its_still_is() {
    // A still with its film behind it; Drive has the still alone.
    let whole = include_bytes!("../../../src/sandbox/library/meadow.mp.jpg");
    let clip = include_bytes!("../../../src/sandbox/library/meadow_clip.mp4");
    let still = &whole[..whole.len() - clip.len()];
    let motion = |id: &str| {
        let name = format!("{id}.MP.jpg");
        Photo::image(id, &name, still).motion(clip.as_slice()).taken("2024-05-03T16:12:00Z")
    };
    let person = Person::signed_in(
        World::new().file("f1", "p1.MP.jpg", still, "root").photo(motion("p1")).photo(motion("p2")),
    );
    person.backup(&[]).succeeds();
    let before = state(&person, FILES);
    let has = |path: &str| before.tree.iter().any(|file| file.0 == path);
    assert!(has("drive/p1.MP.jpg") && has("photos/2024/05/p1.MP.mp4"));
    lose(&person, INDEX);
    lose(&person, &[COPY]);

    backup(&person);

    assert_eq!(state(&person, FILES), before);
    assert_eq!(person.sql("SELECT outcome FROM v_runs"), [["complete"]]);
}

#[test]
fn a_photo_that_is_gone_stays_in_its_month() {
    let photo = |id: &str| {
        Photo::image(id, &format!("{id}.jpg"), id)
            .taken("2024-05-31T10:00:00Z")
            .size(40, 30)
            .camera("Maker", "Model")
            .description("Fine")
            .favourite()
    };
    let world = || (0..12).fold(World::new(), |world, n| world.photo(photo(&format!("p{n}"))));
    let delete = |person: &Person| person.google().world(|world| world.delete_photo("p1"));
    let mut states = Vec::new();
    for known_before in [true, false] {
        let person = Person::signed_in(world());
        person.backup(&[]).succeeds();
        person.google().world(|world| world.describe_photo("p1", "Finer"));
        person.backup(&["--rescan"]).succeeds();
        if known_before {
            delete(&person);
            person.backup(&["--rescan"]).succeeds();
            states.push(state(&person, FILES));
        }
        lose(&person, INDEX);
        lose(&person, &[COPY]);
        if !known_before {
            delete(&person);
        }

        backup(&person);

        states.push(state(&person, FILES));
    }
    let gone = "photos/2024/05/p1.jpg";
    assert!(states[0].files.iter().any(|row| row[2] == gone && row.ends_with(&["gone".into()])));
    assert_eq!(states[1], states[0]);
    // What was written about it since it was saved is not known.
    assert_eq!((&states[2].tree, &states[2].times), (&states[0].tree, &states[0].times));
    let but_description = |state: &State| {
        let rows = state.files.iter().map(|row| [&row[..16], &row[17..]].concat());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(but_description(&states[2]), but_description(&states[0]));
}

#[test]
fn photos_are_known_again_by_the_run_that_reads_them_first() {
    let fault = || Fault::new(Effect::error(403, "forbidden")).on(Class::PhotoList).always();
    for (words, code) in [(&["--skip-photos"][..], 0), (&[], 4)] {
        let person = Person::signed_in(
            World::new()
                .file("f1", "f.jpg", "F", "root")
                .photo(Photo::image("p1", "a.jpg", "A").taken("2024-03-01T00:00:00Z"))
                .photo(Photo::video("p2", "b.mp4", "B").taken("2024-04-01T00:00:00Z")),
        );
        person.backup(&[]).succeeds();
        let before = person.files();
        lose(&person, INDEX);
        lose(&person, &[COPY, MANIFEST]);

        person.google().fail(fault());
        person.backup(words).ends_with(code);
        person.backup(words).ends_with(code);
        person.google().mend();
        backup(&person);

        assert_eq!(person.files(), before);
        let settled = state(&person, FILES);
        person.google().forget_requests();
        person.backup(&["--all-files", "--rescan"]).succeeds();
        assert_eq!(state(&person, FILES), settled);
        assert_eq!(person.google().count(Class::PhotoMedia), 0);
    }
}

#[test]
fn what_the_manifest_tells_of_photos_waits_for_them() {
    let person = Person::signed_in(demo());
    let before = lived_with_photos(&person);
    let mut manifest = std::fs::read(person.path(MANIFEST)).unwrap();
    // Enough for it to be written anew.
    manifest.extend("{\"source\":\"drive\",\"id\":\"x\"}\n".repeat(2000).into_bytes());
    person.write(MANIFEST, &manifest);
    lose(&person, INDEX);
    lose(&person, &[COPY]);

    for _ in 0..2 {
        person.backup(&["--all-files", "--skip-photos"]).succeeds();
    }
    backup(&person);

    assert_eq!(state(&person, FILES), before);
    assert!(std::fs::read(person.path(MANIFEST)).unwrap().len() < manifest.len());
}

/// Two runs with changes in Photos and in Drive between them.
fn lived_with_photos(person: &Person) -> State {
    person.backup(&["--all-files"]).succeeds();
    person.google().world(|world| {
        let earlier =
            |id: &str| Photo::image(id, "canyon.webp", "earlier").taken("2023-05-01T00:00:00Z");
        world.add_photo(earlier("p-earlier"));
        world.rename_album("a-alps", "The Alps");
        world.set_album_items("a-weekend-1", &["p-city", "p-earlier", "p-dunes"]);
        // Its bytes are a photo's, too.
        world.delete("f-moon");
        world.rename("f-lake", "lake.jpg");
    });
    person.backup(&["--all-files", "--rescan"]).succeeds();
    state(person, FILES)
}
