//! Exports of every kind: zips of all sorts and tars, whole and in parts, in Drive and on a disk,
//! unpacked wholly or in part, in several languages, old and new, with other products in them.

use std::path::Path;

use gphotos_sync::sandbox::{
    Class, Content, Copies, Era, Export, Format, Item, LibraryAlbum, LibraryItem, Locale, World,
};

use super::{differences, library, world};
use crate::support::{Person, Ran};

/// Puts `files` below `exports/` of the person's home.
#[expect(clippy::disallowed_methods, reason = "the exports are no part of the archive")]
pub fn put(person: &Person, files: &[(String, Content)]) {
    for (path, content) in files {
        let path = person.home().join("exports").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content.to_bytes()).unwrap();
    }
}

/// Takes in what lies at these paths below `exports/`.
pub fn take(person: &Person, paths: &[&str]) -> Ran {
    let paths: Vec<_> = paths.iter().map(|path| format!("exports/{path}")).collect();
    let words = ["takeout", "archive"].into_iter().chain(paths.iter().map(String::as_str));
    person.run(&words.collect::<Vec<_>>())
}

/// Fails unless an export in Drive is taken in right, and costs nothing at the next run.
#[track_caller]
fn comes_right(export: &Export, told: &str) {
    let person = Person::with(world(export));
    let ran = person.backup(&[]).succeeds();
    assert_eq!(
        differences(&person, &export.truth()),
        crate::takeout::NOTHING,
        "{told}: {}",
        ran.stdout
    );
    person.google().forget_requests();
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::Media), 0, "{told}");
}

#[test]
fn zips_of_all_sorts_are_read() {
    let library = library(33);
    let export = || Export::of(&library);
    comes_right(&export().deflated(), "deflated");
    comes_right(&export().streamed().parts(2), "streamed");
    comes_right(&export().streamed().deflated(), "streamed and deflated");
    comes_right(&export().zip64().parts(2), "zip64");
    comes_right(&export().zip64().streamed().deflated().scattered().parts(5), "all of it");
    comes_right(&export().scattered().parts(7), "scattered");
    comes_right(&export().part_bytes(100_000), "many small parts");
    comes_right(&export().stamp("20250921T1994402Z").parts(2), "a time of seven digits");
    comes_right(&export().group(None).parts(2), "names without a group");
}

#[test]
fn tars_are_read_in_one_part_and_in_several() {
    let library = library(33);
    comes_right(&Export::of(&library).format(Format::Tgz), "one");
    comes_right(&Export::of(&library).format(Format::Tgz).parts(3).scattered(), "three");
}

#[test]
fn exports_of_all_languages_and_times_are_read() {
    for locale in
        [Locale::English, Locale::German, Locale::French, Locale::Spanish, Locale::Chinese]
    {
        for era in [Era::Plain, Era::Supplemental] {
            let export = Export::of(&library(23)).locale(locale).era(era).parts(2);
            comes_right(&export, &format!("{locale:?} {era:?}"));
        }
    }
}

#[test]
fn copies_may_lie_in_the_years_or_the_albums_alone() {
    for copies in [Copies::InBoth, Copies::InYears, Copies::InAlbums] {
        for parts in [1, 4] {
            let export = Export::of(&library(40)).copies(copies).parts(parts).scattered();
            comes_right(&export, &format!("{copies:?} in {parts}"));
        }
    }
}

#[test]
fn exports_on_a_disk_are_taken_in_without_asking_anybody() {
    let library = library(33);
    for export in [
        Export::of(&library).parts(3),
        Export::of(&library).parts(2).format(Format::Tgz),
        Export::of(&library).parts(3).locale(Locale::French).scattered().deflated(),
    ] {
        let person = Person::with(World::new());
        put(&person, &export.files());
        let names: Vec<_> = export.files().into_iter().map(|(name, _)| name).collect();
        let paths: Vec<_> = names.iter().map(String::as_str).collect();
        let ran = take(&person, &paths).succeeds();
        let wrong = differences(&person, &export.truth());
        assert_eq!(wrong, crate::takeout::NOTHING, "{}", ran.stdout);
        assert_eq!(person.google().requests().len(), 0);

        let before = person.files();
        take(&person, &paths).succeeds();
        assert_eq!(person.files(), before);
        // They may go then.
        remove_exports(&person);
        person.backup(&[]).succeeds();
        assert_eq!(person.files(), before);
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    }
}

fn remove_exports(person: &Person) {
    std::fs::remove_dir_all(person.home().join("exports")).unwrap();
}

#[test]
fn a_folder_that_was_unpacked_is_read_whichever_of_its_folders_is_named() {
    let export = Export::of(&library(33));
    for root in [".", "Takeout", "Takeout/Google Photos"] {
        let person = Person::with(World::new());
        put(&person, &export.unpacked());
        let ran = take(&person, &[root]).succeeds();
        let wrong = differences(&person, &export.truth());
        assert_eq!(wrong, crate::takeout::NOTHING, "{root}: {}", ran.stdout);
        assert_eq!(person.google().requests().len(), 0);
        let before = person.files();
        take(&person, &[root]).succeeds();
        assert_eq!(person.files(), before);
    }
}

#[test]
fn one_year_s_folder_is_an_export_as_well() {
    let export = Export::of(&library(33)).copies(Copies::InYears);
    let person = Person::with(World::new());
    put(&person, &export.unpacked());
    take(&person, &["Takeout/Google Photos/Photos from 2007"]).succeeds();
    let of_year: Vec<_> =
        export.truth().into_iter().filter(|it| it.paths[0].contains("from 2007/")).collect();
    assert!(of_year.len() > 1);
    assert_eq!(differences(&person, &of_year), crate::takeout::NOTHING);
    assert_eq!(person.files().len(), of_year.len());
}

#[test]
fn of_several_folders_all_of_which_some_have_no_sidecar_nothing_is_left_out() {
    let lone = LibraryItem::new("PXL_20110305_120000.jpg", "lone")
        .taken("2011-03-05T12:00:00Z")
        .without_sidecar();
    let export = Export::of(&library(12).with(lone));
    for root in [".", "Takeout", "Takeout/Google Photos"] {
        let person = Person::with(World::new());
        put(&person, &export.unpacked());
        take(&person, &[root]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING, "{root}");
    }
}

#[test]
fn what_is_of_other_products_is_not_taken_for_photos() {
    let others = |export: Export| {
        let film = "Takeout/YouTube and YouTube Music/videos/film.mp4";
        let history = "Takeout/YouTube and YouTube Music/history/watch-history.json";
        export
            .with_file("Takeout/Mail/All mail.mbox", "From: nobody")
            .with_file("Takeout/Mail/picture.jpg", "of a mail")
            .with_file("Takeout/Drive/scan.jpg", "of Drive")
            .with_file("Takeout/Drive/2019/holiday.jpg", "of Drive, of 2019")
            .with_file(film, "of YouTube")
            .with_file(history, r#"[{"title": "Watched something", "time": "2020"}]"#)
            .with_file("Takeout/Keep/note.json", r#"{"title": "note", "color": "DEFAULT"}"#)
            .with_file("Takeout/Keep/note.jpg", "of a note")
    };
    for parts in [1, 3] {
        let export = others(Export::of(&library(22)).parts(parts));
        comes_right(&export, "mixed");
        let person = Person::with(world(&export));
        person.backup(&[]).succeeds();
        let found = person.files();
        assert!(found.iter().all(|file| !file.1.starts_with("of ")), "{found:?}");
    }
}

#[test]
fn an_export_without_any_sidecar_is_dated_by_its_folders() {
    let bare = |i: usize| {
        LibraryItem::new(&format!("scan{i}.jpg"), format!("scan {i}").as_str())
            .taken(&format!("{}-01-01T00:00:00Z", 2001 + i))
            .without_sidecar()
    };
    let library = (0..5).fold(gphotos_sync::sandbox::PhotoLibrary::new(), |it, i| it.with(bare(i)));
    for locale in [Locale::English, Locale::Chinese] {
        let export = Export::of(&library)
            .locale(locale)
            .with_file("Takeout/Drive/scan.jpg", "of Drive")
            .parts(2);
        let person = Person::with(world(&export));
        person.backup(&[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
        let found = person.files();
        assert_eq!(found.len(), 6, "{found:?}");
        let rules = person.sql("SELECT DISTINCT match_rule FROM v_files WHERE source = 'takeout'");
        assert_eq!(rules, [["takeout_none"]]);
    }
}

#[test]
fn with_an_export_on_a_disk_nothing_is_asked_of_one_that_waits_in_drive() {
    let library = library(22);
    let export = Export::of(&library).parts(2);
    let person = Person::with(world(&export));
    // The exports in Drive are known, and nothing of them is fetched.
    person.backup(&["--index-only"]).succeeds();
    put(&person, &export.files());
    person.google().forget_requests();
    let (one, other) = ("takeout-20260901T101500Z-3-001.zip", "takeout-20260901T101500Z-3-002.zip");
    take(&person, &[one, other]).succeeds();
    assert_eq!(person.google().requests().len(), 0);
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    // Of Drive the picture that lies there is left.
    person.backup(&[]).succeeds();
    assert_eq!(person.google().count(Class::Media), 1);
}

#[test]
fn albums_keep_titles_that_no_folder_can_have() {
    let library = library(8)
        .album(LibraryAlbum::new("x").titled("Gary's: \"birthday\" / 40...").description("cake"))
        .album(LibraryAlbum::new("y").titled(""))
        .album(LibraryAlbum::new("z").titled("Summer").date("2001-01-01T00:00:00Z"))
        .with(LibraryItem::new("cake.jpg", "cake").taken("2020-05-05T05:05:05Z").in_album("x"))
        .with(LibraryItem::new("none.jpg", "none").taken("2020-05-06T05:05:05Z").in_album("y"))
        .with(LibraryItem::new("sun.jpg", "sun").taken("2020-05-07T05:05:05Z").in_album("z"));
    let export = Export::of(&library).parts(3).scattered();
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    let albums = person.sql("SELECT title, path, items FROM v_albums ORDER BY path");
    let has = |title: &str, items: &str| {
        albums.iter().filter(|it| it[0] == title && it[2] == items).count()
    };
    assert_eq!(has("Gary's: \"birthday\" / 40...", "1"), 1, "{albums:?}");
    assert_eq!(has("Untitled", "1") + has("", "1"), 1, "{albums:?}");
    assert_eq!(has("Summer", "1"), 1, "{albums:?}");
}

#[test]
fn a_person_who_names_what_is_no_export_is_told_so() {
    let person = Person::with(World::new().with(Item::file("a", "a.jpg", "a")));
    put(&person, &[("notes.txt".to_owned(), Content::from("no archive"))]);
    for path in ["notes.txt", "nowhere.zip"] {
        let ran = take(&person, &[path]);
        assert!(ran.code != Some(0), "{path}: {}", ran.stdout);
        assert!(ran.stderr.contains(path) || ran.stdout.contains(path), "{}", ran.stderr);
        assert!(!Path::new(path).exists());
    }
}
