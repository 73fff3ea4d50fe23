//! `--sidecars xmp`: what Google tells of a picture stands beside it, and nothing that a person
//! wrote is ever touched.

mod crash;
mod gone;
mod own;

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use gphotos_sync::sandbox::{Album, Class, Export, Item, LibraryItem, Photo, PhotoLibrary, World};

use crate::support::{Found, Person};

/// A picture of which everything is told, before 1970 at that.
fn told() -> LibraryItem {
    LibraryItem::new("a.jpg", "the lake")
        .taken("1967-08-09T10:11:12Z")
        .description("by the <lake> & the \"river\"\nin August")
        .person("Ann")
        .person("Zoë & Bo")
        .place(48.1, -11.5)
        .favourite()
}

/// One of which only the time is.
fn untold() -> LibraryItem {
    LibraryItem::new("b.jpg", "the hill").taken("2019-01-02T03:04:05Z")
}

/// An export of these, in Drive.
fn world(items: impl IntoIterator<Item = LibraryItem>) -> World {
    World::new().export(&export("20260701T101500Z", items))
}

fn export(stamp: &str, items: impl IntoIterator<Item = LibraryItem>) -> Export {
    Export::of(&items.into_iter().fold(PhotoLibrary::new(), PhotoLibrary::with)).stamp(stamp)
}

const A: &str = "photos/1967/08/a.jpg";
const B: &str = "photos/2019/01/b.jpg";
const WANTED: &[&str] = &["--sidecars", "xmp"];

fn beside(picture: &str) -> String {
    format!("{picture}.xmp")
}

fn read(person: &Person, path: &str) -> String {
    fs::read_to_string(person.path(path)).unwrap()
}

/// The paths of all files in the trees.
fn paths(person: &Person) -> Vec<String> {
    person.files().into_iter().map(|Found(path, _)| path).collect()
}

/// What tells whether a file was written anew.
fn state(person: &Person, path: &str) -> (u64, i64, i64) {
    let meta = fs::metadata(person.path(path)).unwrap();
    (meta.ino(), meta.mtime(), meta.mtime_nsec())
}

#[test]
fn what_google_tells_stands_beside_each_picture_and_is_not_written_twice() {
    let person = Person::with(world([told(), untold()]));
    person.backup(&[]).succeeds();
    assert_eq!(paths(&person), [A, B]);
    person.google().forget_requests();

    person.backup(WANTED).succeeds();

    assert_eq!(paths(&person), [A, &beside(A), B, &beside(B)]);
    assert_eq!([read(&person, A), read(&person, B)], ["the lake", "the hill"]);
    assert_eq!(person.google().count(Class::Media), 0);
    let text = read(&person, &beside(A));
    for said in [
        "<rdf:li xml:lang=\"x-default\">by the &lt;lake&gt; &amp; the \"river\"\nin August</rdf:li>",
        "<exif:GPSLatitude>48,6.000000N</exif:GPSLatitude>",
        "<exif:GPSLongitude>11,30.000000W</exif:GPSLongitude>",
        "<rdf:li>Ann</rdf:li>\n     <rdf:li>Zoë &amp; Bo</rdf:li>",
        "<xmp:Rating>5</xmp:Rating>",
        "<photoshop:DateCreated>1967-08-09T10:11:12Z</photoshop:DateCreated>",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let other = read(&person, &beside(B));
    assert!(other.contains("2019-01-02T03:04:05Z") && !other.contains("Rating"), "{other}");

    let before = [A, B].map(|path| state(&person, &beside(path)));
    let quiet = person.backup(WANTED).succeeds();
    assert!(!quiet.stderr.contains("xmp"), "{}", quiet.stderr);
    assert_eq!([A, B].map(|path| state(&person, &beside(path))), before);
    let told = person.run(&["verify", "archive"]).succeeds().stdout;
    assert!(!told.contains("foreign"), "{told}");
}

#[test]
fn the_option_may_stand_in_the_settings_and_be_taken_back() {
    let person = Person::with(world([told()]));
    person.configure("sidecars = 'xmp'\n");
    person.backup(&["--sidecars", "none"]).succeeds();
    assert_eq!(paths(&person), [A]);
    person.run(&["takeout", "archive", "--sidecars", "none"]).succeeds();
    assert_eq!(paths(&person), [A]);
    person.run(&["takeout", "archive"]).succeeds();
    assert_eq!(paths(&person), [A, &beside(A)]);
}

#[test]
fn a_dry_run_writes_none() {
    let person = Person::with(world([told()]));
    person.backup(&[]).succeeds();
    person.backup(&["--sidecars", "xmp", "--dry-run"]).succeeds();
    assert_eq!(paths(&person), [A]);
}

#[test]
fn what_a_newer_export_tells_is_written_anew_and_the_rest_is_left() {
    let person = Person::with(world([told(), untold()]));
    person.backup(WANTED).succeeds();
    let before = state(&person, &beside(B));
    let newer = export("20260901T101500Z", [told().description("by the sea"), untold()]);
    person.google().world(|world| world.deliver(&newer));

    person.backup(WANTED).succeeds();

    assert!(read(&person, &beside(A)).contains("by the sea"));
    assert_eq!(state(&person, &beside(B)), before);
    assert_eq!(paths(&person), [A, &beside(A), B, &beside(B)]);
}

#[test]
fn what_photos_tells_is_written_too_and_follows_it() {
    let photo = Photo::image("p1", "a.jpg", "the lake")
        .taken("2020-02-03T04:05:06Z")
        .description("by the lake");
    let person = Person::signed_in(World::new().photo(photo).album(Album::new("x", "X", &["p1"])));
    person.backup(WANTED).succeeds();
    let text = read(&person, "photos/2020/02/a.jpg.xmp");
    assert!(text.contains(">by the lake<") && text.contains("2020-02-03T04:05:06Z"), "{text}");
    // Albums are of pictures alone.
    assert_eq!(person.links().len(), 1);

    person.google().world(|world| world.date_photo("p1", "2021-03-04T05:06:07Z"));
    person.backup(&["--sidecars", "xmp", "--rescan"]).succeeds();
    assert_eq!(paths(&person), ["photos/2021/03/a.jpg", "photos/2021/03/a.jpg.xmp"]);
    assert!(read(&person, "photos/2021/03/a.jpg.xmp").contains("2021-03-04T05:06:07Z"));
    assert!(!person.path("photos/2020").exists());
}

#[test]
fn of_a_file_in_drive_that_is_in_photos_too_it_stands_in_drive_and_follows_it() {
    let drive = World::new()
        .folder("trip", "Trip", "root")
        .file("f", "from the phone.jpg", "the lake", "trip")
        .with(Item::file("starred", "other.jpg", "the sea").parent("trip").starred());
    let person = Person::with(drive.export(&export("20260701T101500Z", [told()])));
    person.backup(WANTED).succeeds();
    let [one, other] = ["drive/Trip/from the phone.jpg", "drive/Trip/other.jpg"];
    // Of what only Drive knows nothing is told.
    assert_eq!(paths(&person), [one, &beside(one), other]);

    person.google().world(|world| {
        world.rename("trip", "Journey");
        world.rename("f", "lake.jpg");
    });
    person.backup(WANTED).succeeds();
    let [one, other] = ["drive/Journey/lake.jpg", "drive/Journey/other.jpg"];
    assert_eq!(paths(&person), [one, &beside(one), other]);
    assert!(!person.path("drive/Trip").exists());

    // It takes the name of the folder that was there.
    person.google().world(|world| {
        world.move_to("f", "root");
        world.rename("f", "Journey");
        world.move_to("starred", "root");
    });
    person.backup(WANTED).succeeds();
    assert_eq!(paths(&person), ["drive/Journey", "drive/Journey.xmp", "drive/other.jpg"]);
}

#[test]
fn an_index_that_is_lost_knows_them_again_by_their_bytes() {
    let drive = World::new().file("f", "a.jpg", "the lake", "root");
    let person = Person::with(drive.export(&export("20260701T101500Z", [told()])));
    person.backup(WANTED).succeeds();
    let before = state(&person, "drive/a.jpg.xmp");
    for path in ["index.db", ".gphotos-sync/index.db.copy", ".gphotos-sync/manifest"] {
        person.remove(path);
    }

    person.backup(WANTED).succeeds();

    assert_eq!(state(&person, "drive/a.jpg.xmp"), before);
    let verified = person.run(&["verify", "archive"]).succeeds().stdout;
    assert!(!verified.contains("foreign"), "{verified}");
    let newer = export("20260901T101500Z", [told().description("by the sea")]);
    person.google().world(|world| world.deliver(&newer));
    person.backup(WANTED).succeeds();
    assert!(read(&person, "drive/a.jpg.xmp").contains("by the sea"));
}

/// A run says that it is about to write one before it does.
#[test]
fn a_run_that_was_killed_before_or_after_it_gave_one_its_name_is_gone_on_with() {
    let person = Person::with(world([told(), untold()]));
    person.backup(WANTED).succeeds();
    person.alter("UPDATE xmp SET mtime_ns = -9223372036854775808");
    person.remove(&beside(B));
    let before = state(&person, &beside(A));
    let newer = export("20260901T101500Z", [told().description("by the sea"), untold()]);
    person.google().world(|world| world.deliver(&newer));

    let run = person.backup(WANTED).succeeds();

    assert!(!run.stderr.contains("over what is there already"), "{}", run.stderr);
    assert!(read(&person, &beside(A)).contains("by the sea"));
    assert_ne!(state(&person, &beside(A)), before);
    assert_eq!(paths(&person), [A, &beside(A), B, &beside(B)]);
    let least = "SELECT count(*) FROM xmp WHERE mtime_ns < -9000000000000000000";
    assert_eq!(person.sql(least), [["0"]]);
}
