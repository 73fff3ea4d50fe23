//! `verify --repair`: what is wrong is right again when it ends, as far as Google has it,
//! and what was there is kept.

use std::fs;

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, World};

use super::{FOUND, found, library, rot, spoil, verify};
use crate::support::Person;

#[test]
fn what_was_wrong_is_fetched_again_at_once_and_what_was_there_is_kept() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    let (whole, files) = (person.files(), person.sql("SELECT * FROM v_files"));
    spoil(&person);
    person.google().forget_requests();

    let ran = verify(&person, &["--repair"]).succeeds();

    assert_eq!(found(&ran), FOUND);
    assert!(ran.stdout.contains("Set right: 3."), "{}", ran.stdout);
    assert_eq!((person.files(), person.sql("SELECT * FROM v_files")), (whole, files));
    assert_eq!((person.google().count(Class::Media), person.google().count(Class::List)), (3, 0));
    assert_eq!(kept(&person), ["mine", "X"]);
    verify(&person, &[]).succeeds();
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0);
}

#[test]
fn where_google_cannot_be_reached_the_next_run_does_it_and_that_is_said() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    let whole = person.files();
    spoil(&person);
    let long = Effect::Error {
        status: 503,
        reason: "backendError".to_owned(),
        retry_after_s: Some(86_400),
    };
    person.google().fail(Fault::new(long).on(Class::About).always());

    let ran = verify(&person, &["--repair"]).ends_with(8);

    assert_eq!(found(&ran), FOUND);
    assert!(ran.stdout.contains("Left to the next run: 3."), "{}", ran.stdout);
    ran.complains(&["nothing could be fetched again", "what was drive/rot.jpg is now "]);
    assert_eq!(kept(&person), ["mine", "X"]);
    person.google().mend();
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), whole);
    verify(&person, &[]).succeeds();
}

#[test]
fn without_a_sign_in_the_next_run_does_it() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    let whole = person.files();
    spoil(&person);
    let settings = person.write_config("none.toml", "secret = 'nowhere.json'\n");

    let ran = verify(&person, &["--repair", "--config", &settings]).ends_with(8);

    assert!(ran.stdout.contains("Left to the next run: 3."), "{}", ran.stdout);
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), whole);
}

#[test]
fn what_google_deleted_meanwhile_is_left_where_it_is() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    rot(&person, "drive/rot.jpg");
    person.google().world(|world| world.delete("rot"));

    let ran = verify(&person, &["--repair"]).ends_with(8);

    ran.complains(&["drive/rot.jpg is left as it is", "gone"]);
    assert_eq!(fs::read_to_string(person.path("drive/rot.jpg")).unwrap(), "X");
    assert!(kept(&person).is_empty());
}

#[test]
fn what_was_edited_at_google_meanwhile_is_left_to_the_next_run() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    rot(&person, "drive/rot.jpg");
    person.google().world(|world| world.edit("rot", "newer"));

    verify(&person, &["--repair"]).ends_with(8);
    person.backup(&[]).succeeds();

    assert_eq!(fs::read_to_string(person.path("drive/rot.jpg")).unwrap(), "newer");
    let all = person.sql("SELECT path FROM v_files WHERE state <> 'saved'");
    assert!(all.is_empty(), "{all:?}");
}

#[test]
fn a_file_that_holds_a_photo_as_well_is_one_file_still() {
    let person = Person::signed_in(
        World::new().file("f", "a.jpg", "A", "root").photo(Photo::image("p", "a.jpg", "A")),
    );
    person.backup(&[]).succeeds();
    let files = person.sql("SELECT * FROM v_files ORDER BY remote_id");
    assert_eq!(person.files().len(), 1);
    rot(&person, "drive/a.jpg");

    verify(&person, &["--repair"]).succeeds();

    assert_eq!(person.files(), [("drive/a.jpg", "A")]);
    assert_eq!(person.sql("SELECT * FROM v_files ORDER BY remote_id"), files);
}

#[test]
fn links_that_are_missing_or_lead_elsewhere_are_made_anew() {
    let world = library()
        .with(Item::shortcut("s", "short.jpg", "good"))
        .with(Item::shortcut("t", "turned.jpg", "good"))
        .with(Item::shortcut("u", "mine.jpg", "good"));
    let person = Person::with(world);
    person.backup(&[]).succeeds();
    let links = person.links();
    person.remove("drive/short.jpg");
    person.remove("drive/turned.jpg");
    std::os::unix::fs::symlink("lost.jpg", person.path("drive/turned.jpg")).unwrap();
    let expected = ["astray     drive/turned.jpg", "link       drive/short.jpg"];
    assert_eq!(found(&verify(&person, &[]).ends_with(8)), expected);

    assert_eq!(found(&verify(&person, &["--repair"]).succeeds()), expected);

    assert_eq!(person.links(), links);
    // What a person put there stays theirs.
    person.remove("drive/mine.jpg");
    person.write("drive/mine.jpg", "my own");
    verify(&person, &["--repair"]).ends_with(8).complains(&["drive/mine.jpg was not made again"]);
    assert_eq!(fs::read_to_string(person.path("drive/mine.jpg")).unwrap(), "my own");
}

#[test]
fn copies_in_albums_are_compared_and_made_anew() {
    for mode in ["copy", "hardlink"] {
        let world = World::new()
            .photo(Photo::image("p1", "one.jpg", "1"))
            .photo(Photo::image("p2", "two.jpg", "2"))
            .photo(Photo::image("p3", "three.jpg", "3"))
            .album(Album::new("a", "Trip", &["p1", "p2", "p3"]));
        let person = Person::signed_in(world);
        person.backup(&["--albums", mode]).succeeds();
        let whole = person.files();
        let mut copies = whole.iter().filter(|file| file.0.starts_with("albums/"));
        let (rotten, lost) = (&copies.next().unwrap().0, &copies.next().unwrap().0);
        let time = fs::metadata(person.path(rotten)).unwrap();
        person.remove(rotten);
        person.write(rotten, "X");
        let time = filetime::FileTime::from_last_modification_time(&time);
        filetime::set_file_mtime(person.path(rotten), time).unwrap();
        person.remove(lost);

        let told = verify(&person, &[]).ends_with(8).stdout;
        assert!(told.contains(&format!("damaged    {rotten}")), "{told}");
        assert!(told.contains(&format!("missing    {lost}")), "{told}");

        verify(&person, &["--repair"]).succeeds();
        assert_eq!(person.files(), whole, "{mode}");
        assert_eq!(kept(&person), ["X"]);
        verify(&person, &[]).succeeds();
        person.backup(&["--albums", mode]).succeeds();
        assert_eq!(person.files(), whole, "{mode}");
    }
}

#[test]
fn rows_that_nothing_belongs_to_are_told_and_the_next_run_sets_them_right() {
    let person = Person::with(library());
    person.backup(&[]).succeeds();
    let whole = person.files();
    person.alter("DELETE FROM holding WHERE item = (SELECT id FROM item WHERE remote_id = 'good')");

    let ran = verify(&person, &[]).ends_with(8);
    let told: Vec<_> = ran.stdout.lines().filter(|line| line.starts_with("orphan")).collect();
    assert_eq!(told, ["orphan     drive/good.jpg", "orphan     good.jpg"]);
    person.google().forget_requests();

    verify(&person, &["--repair"]).ends_with(8);
    person.backup(&[]).succeeds();

    assert_eq!(person.files(), whole);
    assert_eq!(person.google().count(Class::Media), 0);
    verify(&person, &[]).succeeds();
}

/// What is in the folder of the trash that is never purged, by the paths it had.
fn kept(person: &Person) -> Vec<String> {
    let aside = person.sql("SELECT detail FROM v_history WHERE what = 'edited' ORDER BY path");
    let aside: Vec<_> = aside.concat();
    assert!(aside.iter().all(|path| path.starts_with(".gphotos-sync/trash/edited/")), "{aside:?}");
    aside.iter().map(|path| fs::read_to_string(person.path(path)).unwrap()).collect()
}
