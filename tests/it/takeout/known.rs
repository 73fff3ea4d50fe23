//! What an export has and others have as well, what it marks, what it does not date, and what a
//! person does not want of it.

use gphotos_sync::sandbox::{Class, Copies, Export, LibraryItem, Photo, PhotoLibrary, World};

use super::{differences, library, world};
use crate::support::Person;

/// Taken on 2019-07-14 at 18:31:05 UTC, by its own EXIF.
const LAKE: &[u8] = include_bytes!("../../../src/sandbox/library/alpine_lake.jpg");

/// A JPEG without the segments before its first table: all its metadata.
fn stripped(picture: &[u8]) -> Vec<u8> {
    let tables = picture.windows(2).position(|marker| marker == [0xff, 0xdb]).unwrap();
    [&[0xff, 0xd8], &picture[tables..]].concat()
}

fn of(items: impl IntoIterator<Item = LibraryItem>) -> PhotoLibrary {
    items.into_iter().fold(PhotoLibrary::new(), PhotoLibrary::with)
}

fn paths(person: &Person) -> Vec<String> {
    person.files().into_iter().map(|file| file.0).collect()
}

#[test]
fn what_lies_in_drive_too_lies_there_alone_and_is_not_fetched_from_the_export() {
    let big = |word: &str| word.repeat(50_000);
    let export = Export::of(&of([
        LibraryItem::new("same.jpg", big("same").as_str()).in_album("Summer"),
        LibraryItem::new("otherwise.jpg", big("named").as_str()),
        LibraryItem::new("own.jpg", big("own").as_str()),
    ]));
    let in_drive = World::new().file("s", "same.jpg", big("same").as_str(), "root").file(
        "n",
        "named.jpg",
        big("named").as_str(),
        "root",
    );
    let person = Person::with(in_drive.export(&export));
    person.backup(&[]).succeeds();
    let expected = ["drive/named.jpg", "drive/same.jpg", "photos/2020/06/own.jpg"];
    assert_eq!(paths(&person), expected);
    let rows = person
        .sql("SELECT name, path, match_rule FROM v_files WHERE source = 'takeout' ORDER BY name");
    assert_eq!(rows[0][1], "drive/named.jpg", "{rows:?}");
    assert_eq!(rows[2][1], "drive/same.jpg", "{rows:?}");
    let link = person.sql("SELECT path FROM v_album_items");
    assert_eq!(link, [["drive/same.jpg"]]);

    // When Drive has it no more, the export still says that it is there.
    person.google().world(|world| world.delete("s"));
    person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
    let expected = ["drive/named.jpg", "photos/2020/06/own.jpg", "photos/2020/06/same.jpg"];
    assert_eq!(paths(&person), expected);
    assert_eq!(person.sql("SELECT path FROM v_album_items"), [["photos/2020/06/same.jpg"]]);
}

#[test]
fn equal_bytes_under_two_titles_and_addresses_are_one_file() {
    let export = Export::of(&of([
        LibraryItem::new("one.jpg", "the same").taken("2020-06-01T12:00:00Z").in_album("A"),
        LibraryItem::new("two.jpg", "the same").taken("2021-07-01T12:00:00Z").in_album("B"),
        LibraryItem::new("three.jpg", "the same").taken("2019-08-01T12:00:00Z"),
        LibraryItem::new("four.jpg", "the same").taken("2018-09-01T12:00:00Z"),
    ]));
    for parts in [1, 3] {
        let person = Person::with(World::new().export(&export.clone().parts(parts)));
        person.backup(&[]).succeeds();
        assert_eq!(paths(&person), ["photos/2020/06/one.jpg"]);
        let links = person.sql("SELECT DISTINCT path FROM v_album_items");
        assert_eq!(links, [["photos/2020/06/one.jpg"]]);
        assert_eq!(person.links().len(), 2);
        person.backup(&[]).succeeds();
        person.run(&["verify", "archive"]).succeeds();
    }
}

#[test]
fn the_original_takes_the_place_of_what_the_library_api_altered() {
    let copy = Photo::image("p1", "lake.jpg", stripped(LAKE)).taken("2019-07-14T18:31:05Z");
    let person = Person::signed_in(World::new().photo(copy));
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person), ["photos/2019/07/lake.jpg"]);
    assert_eq!(std::fs::read(person.path("photos/2019/07/lake.jpg")).unwrap(), stripped(LAKE));

    let item = LibraryItem::new("lake.jpg", LAKE).taken("2019-07-14T18:31:05Z");
    let export = Export::of(&of([item]));
    person.google().world(|world| world.deliver(&export));
    person.backup(&[]).succeeds();
    person.backup(&[]).succeeds();
    let rows =
        person.sql("SELECT DISTINCT path FROM v_files WHERE source IN ('photos', 'takeout')");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(std::fs::read(person.path(&rows[0][0])).unwrap(), LAKE);
    let fidelities = person.sql("SELECT DISTINCT fidelity FROM v_files WHERE source <> 'drive'");
    assert_eq!(fidelities, [["original"]]);
    assert_eq!(person.files().len(), 1);
}

#[test]
fn what_is_archived_locked_failed_or_a_partner_s_is_kept_and_marked() {
    let export = Export::of(&of([
        LibraryItem::new("usual.jpg", "usual"),
        LibraryItem::new("archived.jpg", "archived").archived(),
        LibraryItem::new("locked.jpg", "locked").locked(),
        LibraryItem::new("failed.mp4", "failed").failed(),
        LibraryItem::new("partner.jpg", "partner").of_partner(),
        LibraryItem::new("old.jpg", "old").taken("1955-07-04T10:00:00Z"),
        LibraryItem::new("oldest.jpg", "oldest").taken("1901-01-01T00:00:00Z"),
    ]));
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
    let rows = person.sql(
        "SELECT v_files.name, v_files.archived, provenance.locked, v_files.origin
           FROM v_files
           JOIN item ON item.source = v_files.source AND item.remote_id = v_files.remote_id
           JOIN provenance ON provenance.item = item.id",
    );
    let find = |name: &str| rows.iter().find(|row| row[0] == name).unwrap();
    assert_eq!(find("archived.jpg")[1], "1");
    assert_eq!(find("usual.jpg")[1], "0");
    assert_eq!(find("locked.jpg")[2], "1");
    assert_eq!(find("partner.jpg")[3], "fromPartnerSharing");
}

#[test]
fn what_is_in_the_trash_is_taken_in_where_a_person_wants_that() {
    let export = Export::of(&of([
        LibraryItem::new("kept.jpg", "kept"),
        LibraryItem::new("thrown.jpg", "thrown away").trashed(),
    ]));
    let person = Person::with(World::new().export(&export));
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person), ["photos/2020/06/kept.jpg"]);
    let of_it = "SELECT trashed, state FROM v_files WHERE name = 'thrown.jpg'";
    assert_eq!(person.sql(of_it), [["1", "not_selected"]]);

    person.backup(&["--include-trashed"]).succeeds();
    assert_eq!(paths(&person), ["photos/2020/06/kept.jpg", "photos/2020/06/thrown.jpg"]);
    // Google has it for a while only, and the archive has it.
    assert_eq!(person.sql(of_it), [["1", "saved"]]);
    for options in [&["--include-trashed", "--do-delete"][..], &["--do-delete"][..]] {
        person.backup(options).succeeds();
        assert_eq!(paths(&person).len(), 2, "{options:?}");
    }
}

#[test]
fn what_no_sidecar_dates_is_dated_by_its_bytes_its_name_its_folder_or_not_at_all() {
    let lone =
        |title: &str, taken: &str| LibraryItem::new(title, title).taken(taken).without_sidecar();
    let lake = LibraryItem::new("lake.jpg", LAKE).taken("2005-01-01T00:00:00Z").without_sidecar();
    let export = Export::of(&of([
        LibraryItem::new("known.jpg", "known"),
        lake,
        lone("IMG_20110305_120000.jpg", "2011-03-05T12:00:00Z"),
        lone("scan.jpg", "2005-06-06T00:00:00Z"),
        lone("of the album.jpg", "2006-06-06T00:00:00Z").in_album("Trip"),
    ]))
    .copies(Copies::InAlbums);
    let person = Person::with(World::new().export(&export));
    person.backup(&[]).succeeds();
    let rows = person.sql(
        "SELECT path, taken_from FROM v_files WHERE match_rule = 'takeout_none' ORDER BY path",
    );
    let expected = [
        ["photos/2005/01/scan.jpg", "folder"],
        ["photos/2011/03/IMG_20110305_120000.jpg", "name"],
        ["photos/2019/07/lake.jpg", "exif_offset"],
        ["photos/undated/of the album.jpg", ""],
    ];
    assert_eq!(rows, expected);
    let before = person.files();
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), before);
    // A later export has the sidecars.
    let told = LibraryItem::new("scan.jpg", "scan.jpg").taken("2005-06-06T00:00:00Z");
    let later = Export::of(&of([told])).stamp("20261101T101500Z");
    person.google().world(|world| world.deliver(&later));
    person.backup(&[]).succeeds();
    assert_eq!(differences(&person, &later.truth()), crate::takeout::NOTHING);
    assert!(!person.path("photos/2005/01/scan.jpg").exists());
}

#[test]
fn what_a_person_does_not_want_is_not_fetched() {
    let export = Export::of(&of([
        LibraryItem::new("early.jpg", "early").taken("2010-06-01T12:00:00Z").in_album("Summer"),
        LibraryItem::new("late.jpg", "late").taken("2022-06-01T12:00:00Z").favourite(),
        LibraryItem::new("film.mp4", "film").taken("2022-06-02T12:00:00Z"),
        LibraryItem::new("scan.png", "scan").taken("2022-06-03T12:00:00Z"),
    ]));
    let early = "photos/2010/06/early.jpg";
    let [late, film, scan] =
        ["late.jpg", "film.mp4", "scan.png"].map(|name| format!("photos/2022/06/{name}"));
    for (options, expected) in [
        (&["--start-date", "2020-01-01"][..], vec![&*film, &*late, &*scan]),
        (&["--end-date", "2020-01-01"][..], vec![early]),
        (&["--skip-video"][..], vec![early, &*late, &*scan]),
        (&["--exclude", "*.png"][..], vec![early, &*film, &*late]),
        (&["--favourites-only"][..], vec![&*late]),
        (&["--album", "Summer"][..], vec![early]),
    ] {
        let person = Person::with(World::new().export(&export));
        person.backup(options).succeeds();
        assert_eq!(paths(&person), expected, "{options:?}");
        // All of it comes when all of it is wanted.
        person.backup(&[]).succeeds();
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING, "{options:?}");
    }
}

#[test]
fn exports_are_left_alone_where_a_person_says_so() {
    let export = Export::of(&library(22)).parts(2);
    let person = Person::with(world(&export));
    person.backup(&["--skip-takeout"]).succeeds();
    assert_eq!(paths(&person), ["drive/plain.jpg"]);
    assert_eq!(person.google().count(Class::Media), 1);
    person.backup(&[]).succeeds();
    let before = person.files();
    person.backup(&["--skip-takeout", "--do-delete"]).succeeds();
    assert_eq!(person.files(), before);
    assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
}

#[test]
fn a_dry_run_tells_what_would_come_and_writes_nothing() {
    let export = Export::of(&library(22)).parts(2);
    let person = Person::with(world(&export));
    let told = person.backup(&["--dry-run"]).succeeds();
    assert!(!person.path("").exists());
    let hashes: std::collections::BTreeSet<_> =
        export.truth().into_iter().map(|truth| truth.sha256).collect();
    let lines = told.stdout.lines().filter(|line| line.starts_with("+ photos/")).count();
    assert_eq!(lines, hashes.len(), "{}", told.stdout);

    person.backup(&["--index-only"]).succeeds();
    assert!(!person.path("photos").exists());
    person.backup(&[]).succeeds();
    let planned: std::collections::BTreeSet<_> =
        told.stdout.lines().filter_map(|line| line.strip_prefix("+ ")).collect();
    let files = paths(&person);
    assert_eq!(
        files.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        planned
    );
}

#[test]
fn an_index_that_is_forgotten_or_lost_is_made_anew_without_fetching() {
    let export = Export::of(&library(33)).parts(3);
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    let before = (person.files(), person.links());
    for lost in [false, true] {
        if lost {
            person.remove("index.db");
            person.remove(".gphotos-sync/index.db.copy");
        }
        person.google().forget_requests();
        let told = person.backup(if lost { &[] } else { &["--flush-index"] }).succeeds();
        assert_eq!((person.files(), person.links()), before, "{}", told.stdout);
        assert_eq!(differences(&person, &export.truth()), crate::takeout::NOTHING);
        assert_eq!(person.sql("SELECT added FROM v_runs ORDER BY id DESC LIMIT 1"), [["0"]]);
        person.run(&["verify", "archive"]).succeeds();
    }
    person.run(&["status", "archive"]).succeeds();
}

#[test]
fn what_a_person_deletes_of_the_archive_is_fetched_again_from_the_export() {
    let export = Export::of(&library(22)).parts(2);
    let person = Person::with(world(&export));
    person.backup(&[]).succeeds();
    let before = person.files();
    person.remove(&before[4].0);
    person.remove(&before[9].0);
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), before);
}
