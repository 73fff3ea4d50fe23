//! The sandbox's exports are as people have found theirs, and others can read them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use gphotos_sync::sandbox::{
    Copies, Era, Export, Flaw, Format, LibraryAlbum, LibraryItem, Locale, PhotoLibrary, World,
};
use serde_json::Value;
use zip::ZipArchive;

/// Files by path.
type Files = BTreeMap<String, Vec<u8>>;

fn library() -> PhotoLibrary {
    PhotoLibrary::new()
        .album(LibraryAlbum::new("gary").titled("Gary's birthday").description("At the lake"))
        .album(LibraryAlbum::new("none").titled(""))
        .with(LibraryItem::new("IMG_1.jpg", "one").taken("2019-03-01T10:00:00Z").in_album("gary"))
        .with(
            LibraryItem::new("IMG_1.jpg", "two")
                .taken("2019-02-01T10:00:00Z")
                .edited("two, edited"),
        )
        .with(
            LibraryItem::new("IMG_2.HEIC", "still")
                .live(".MOV", "film")
                .taken("2019-01-01T10:00:00Z")
                .person("Ann")
                .favourite()
                .place(46.0, 7.0)
                .in_album("gary")
                .in_album("none"),
        )
        .with(LibraryItem::new("old.jpg", "old").taken("1950-01-01T00:00:00Z").description("Nan"))
        .with(LibraryItem::new("bin.jpg", "bin").trashed())
        .with(LibraryItem::new("shelf.jpg", "shelf").archived())
        .with(LibraryItem::new("safe.jpg", "safe").locked())
}

#[test]
fn files_lie_in_the_folder_of_their_year_and_in_those_of_their_albums() {
    let files = unzipped(&Export::of(&library()));
    let expected = [
        "Takeout/Google Photos/Archive/shelf.jpg",
        "Takeout/Google Photos/Archive/shelf.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Gary_s birthday/IMG_1.jpg",
        "Takeout/Google Photos/Gary_s birthday/IMG_1.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Gary_s birthday/IMG_2.HEIC",
        "Takeout/Google Photos/Gary_s birthday/IMG_2.HEIC.supplemental-metadata.json",
        "Takeout/Google Photos/Gary_s birthday/IMG_2.MOV",
        "Takeout/Google Photos/Gary_s birthday/metadata.json",
        "Takeout/Google Photos/Locked Folder/safe.jpg",
        "Takeout/Google Photos/Locked Folder/safe.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Photos from 1950/old.jpg",
        "Takeout/Google Photos/Photos from 1950/old.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Photos from 2019/IMG_1(1).jpg",
        "Takeout/Google Photos/Photos from 2019/IMG_1-edited(1).jpg",
        "Takeout/Google Photos/Photos from 2019/IMG_1.jpg",
        "Takeout/Google Photos/Photos from 2019/IMG_1.jpg.supplemental-metadata(1).json",
        "Takeout/Google Photos/Photos from 2019/IMG_1.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Photos from 2019/IMG_2.HEIC",
        "Takeout/Google Photos/Photos from 2019/IMG_2.HEIC.supplemental-metadata.json",
        "Takeout/Google Photos/Photos from 2019/IMG_2.MOV",
        "Takeout/Google Photos/Trash/bin.jpg",
        "Takeout/Google Photos/Trash/bin.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Untitled/IMG_2.HEIC",
        "Takeout/Google Photos/Untitled/IMG_2.HEIC.supplemental-metadata.json",
        "Takeout/Google Photos/Untitled/IMG_2.MOV",
        "Takeout/Google Photos/Untitled/metadata.json",
        "Takeout/Google Photos/print-subscriptions.json",
        "Takeout/Google Photos/shared_album_comments.json",
        "Takeout/Google Photos/user-generated-memory-titles.json",
        "Takeout/archive_browser.html",
    ];
    let mut paths: Vec<_> = files.keys().map(String::as_str).collect();
    let mut expected = expected.to_vec();
    paths.sort_unstable();
    expected.sort_unstable();
    assert_eq!(paths, expected);
}

#[test]
fn sidecars_tell_what_was_told_of_the_item() {
    let files = unzipped(&Export::of(&library()));
    let json = |path: &str| -> Value {
        serde_json::from_slice(&files[&format!("Takeout/Google Photos/{path}")]).unwrap()
    };
    let old = json("Photos from 1950/old.jpg.supplemental-metadata.json");
    assert_eq!(old["photoTakenTime"]["timestamp"], "-631152000");
    assert_eq!((&old["title"], &old["description"]), (&"old.jpg".into(), &"Nan".into()));
    assert_eq!((old.get("favorited"), old.get("people")), (None, None));
    let live = json("Untitled/IMG_2.HEIC.supplemental-metadata.json");
    assert_eq!((&live["favorited"], &live["people"][0]["name"]), (&true.into(), &"Ann".into()));
    assert_eq!(
        (&live["geoData"]["latitude"], &live["geoDataExif"]["longitude"]),
        (&46.0.into(), &7.0.into())
    );
    assert!(live["url"].as_str().unwrap().starts_with("https://photos.google.com/photo/AF1Qip"));
    let album = json("Gary_s birthday/metadata.json");
    assert_eq!(
        (&album["title"], &album["description"]),
        (&"Gary's birthday".into(), &"At the lake".into())
    );
    assert_eq!(album["date"]["timestamp"], "1546336800");
    assert_eq!(json("Trash/bin.jpg.supplemental-metadata.json")["trashed"], true);
}

#[test]
fn a_zip_in_every_form_has_what_the_truth_says() {
    let plain = || Export::of(&library()).parts(3);
    for export in [
        plain(),
        plain().deflated(),
        plain().streamed(),
        plain().zip64(),
        plain().zip64().streamed().scattered(),
        plain().format(Format::Tgz),
        Export::of(&library()).part_bytes(2000).locale(Locale::French).era(Era::Plain),
    ] {
        let files = unpacked(&export);
        let truth = export.truth();
        assert_eq!(truth.len(), 9);
        for item in truth {
            for path in &item.paths {
                assert_eq!(files[path], item.content.to_bytes(), "{path}");
            }
        }
        let laid_out: Files = export
            .unpacked()
            .into_iter()
            .map(|(path, it)| (path, it.to_bytes().to_vec()))
            .collect();
        assert_eq!(files, laid_out);
    }
}

#[test]
fn a_library_of_many_has_all_that_makes_names_hard_and_no_path_twice() {
    let library = PhotoLibrary::many(500, 1000);
    let export = Export::of(&library).parts(3);
    let files = unzipped(&export);
    for item in export.truth() {
        for path in &item.paths {
            assert_eq!(files[path], item.content.to_bytes(), "{path}");
        }
    }
    let has = |part: &str| files.keys().filter(|path| path.contains(part)).count();
    for part in [
        "scan(3).jpg",
        "-edited.",
        ".MOV",
        " (2).jpg",
        "_ 50_ _",
        "😀",
        "Untitled",
        "day_night...",
        "Trash/",
    ] {
        assert!(has(part) > 0, "{part}");
    }
    let more = Export::of(&library.and_many(25, 1000, "2026-08-01T00:00:00Z"));
    assert_eq!(more.truth().iter().filter(|item| !item.is_variant).count(), 525);
}

#[test]
fn the_truth_knows_titles_and_the_order_of_albums() {
    let truth = Export::of(&library()).truth();
    let told: Vec<_> =
        truth.iter().map(|item| (item.title.as_str(), item.albums.as_slice())).collect();
    let gary = |at| ("Gary's birthday".to_owned(), at);
    let none = |at| (String::new(), at);
    assert_eq!(told[0], ("IMG_1.jpg", [gary(3)].as_slice()));
    assert_eq!(told[2], ("IMG_1-edited.jpg", [].as_slice()));
    assert_eq!(told[3], ("IMG_2.HEIC", [gary(1), none(1)].as_slice()));
    assert_eq!(told[4], ("IMG_2.MOV", [gary(2), none(2)].as_slice()));
    let without = Export::of(&library()).copies(Copies::InYears).truth();
    assert!(without.iter().all(|item| item.albums.is_empty() && item.paths.len() == 1));
}

#[test]
fn an_incremental_export_has_what_came_or_changed_since() {
    let library = PhotoLibrary::new()
        .with(LibraryItem::new("old.jpg", "old").uploaded("2025-01-01T00:00:00Z").in_album("A"))
        .with(
            LibraryItem::new("edited.jpg", "edited")
                .uploaded("2025-01-01T00:00:00Z")
                .changed("2026-08-01T00:00:00Z"),
        )
        .with(LibraryItem::new("new.jpg", "new").uploaded("2026-08-01T00:00:00Z").in_album("A"));
    let titles =
        |export: Export| export.truth().into_iter().map(|item| item.title).collect::<Vec<_>>();
    assert_eq!(titles(Export::of(&library)), ["old.jpg", "edited.jpg", "new.jpg"]);
    let since = Export::of(&library).since("2026-07-01T00:00:00Z");
    assert_eq!(titles(since), ["edited.jpg", "new.jpg"]);
}

#[test]
fn parts_lie_in_drive_under_the_names_that_takeout_gives() {
    let export = Export::of(&library()).parts(3).flaw(Flaw::Missing(2)).flaw(Flaw::Copied(3));
    let names = |export: &Export| export.files().into_iter().map(|it| it.0).collect::<Vec<_>>();
    let expected = [
        "takeout-20260901T101500Z-3-001.zip",
        "takeout-20260901T101500Z-3-003.zip",
        "takeout-20260901T101500Z-3-003 (1).zip",
    ];
    assert_eq!(names(&export), expected);
    let old = Export::of(&library()).group(None).stamp("20230102T030405Z").format(Format::Tgz);
    assert_eq!(names(&old), ["takeout-20230102T030405Z-001.tgz"]);
    let mut world = World::new();
    assert_eq!((world.deliver(&export).len(), world.complete(&export).len()), (3, 1));
}

#[test]
fn a_part_that_arrives_is_short_and_then_whole() {
    let arriving = Export::of(&library()).flaw(Flaw::Arriving(1));
    let whole = Export::of(&library()).files()[0].1.len();
    assert_eq!(arriving.files()[0].1.len(), whole / 2);
    let mut world = World::new();
    assert_eq!(world.deliver(&arriving), world.complete(&arriving));
}

#[test]
fn flaws_are_in_the_zip_for_any_reader_to_see() {
    let flaws = [
        Flaw::Bomb,
        Flaw::Climbing,
        Flaw::Absolute,
        Flaw::Backslash,
        Flaw::Symlink,
        Flaw::Doubled,
        Flaw::InvalidUtf8,
        Flaw::BareJson,
        Flaw::BrokenJson,
        Flaw::WrongCrc("old.jpg".to_owned()),
    ];
    let export = flaws.into_iter().fold(Export::of(&library()), Export::flaw);
    let tar = export.clone().format(Format::Tgz).files()[0].1.to_bytes();
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(Cursor::new(tar)));
    let hostile = |entry: tar::Entry<'_, _>| {
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let is_link = entry.header().entry_type().is_symlink();
        is_link || path.starts_with(['/', '.']) || path.contains("/..") || path.contains('\u{fffd}')
    };
    assert_eq!(
        tar.entries().unwrap().map(|entry| hostile(entry.unwrap())).filter(|it| *it).count(),
        5
    );
    let bytes = export.files()[0].1.to_bytes();
    let sought: [&[u8]; 6] = [
        b"/../../../../climbing.jpg",
        b"/absolute.jpg",
        b"..\\..\\",
        b"caf\xe9.jpg",
        b"bare.jpg.supp",
        b"broken.jpg.supp",
    ];
    for name in sought {
        let count = bytes.windows(name.len()).filter(|window| *window == name).count();
        assert!(count >= 2, "{:?}", String::from_utf8_lossy(name));
    }
    let doubled = b"doubled.jpg";
    assert_eq!(bytes.windows(doubled.len()).filter(|window| window == doubled).count(), 4);
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let of_year = |name: &str| format!("Takeout/Google Photos/Photos from 2019/{name}");
    assert_eq!(zip.by_name(&of_year("bomb.jpg")).unwrap().size(), 1024);
    assert!(zip.by_name(&of_year("link.jpg")).unwrap().is_symlink());
    let mut wrong = zip.by_name("Takeout/Google Photos/Photos from 1950/old.jpg").unwrap();
    assert!(wrong.read_to_end(&mut Vec::new()).is_err());
}

fn unpacked(export: &Export) -> Files {
    let parts = export.files();
    if parts[0].1.slice(0..2) == "PK" {
        return unzipped(export);
    }
    let mut files = Files::new();
    for (_, content) in parts {
        let plain = flate2::read::GzDecoder::new(Cursor::new(content.to_bytes()));
        for entry in tar::Archive::new(plain).entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            assert_eq!(files.insert(path, bytes), None);
        }
    }
    files
}

fn unzipped(export: &Export) -> Files {
    let mut files = Files::new();
    for (_, content) in export.files() {
        let mut zip = ZipArchive::new(Cursor::new(content.to_bytes())).unwrap();
        for number in 0..zip.len() {
            let mut entry = zip.by_index(number).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            assert_eq!(files.insert(entry.name().unwrap().into_owned(), bytes), None);
        }
    }
    files
}
