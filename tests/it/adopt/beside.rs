//! What is taken over and what Google has are one where their bytes are.

use gphotos_sync::sandbox::{Class, Export, Item, LibraryItem, PhotoLibrary};

use super::{DATED, Old};

#[test]
fn what_drive_has_as_well_is_not_fetched_and_goes_to_its_place_there() {
    let old = Old::new();
    old.write("camera.jpg", DATED).write("other.jpg", "other");
    old.adopt(&[]).succeeds();
    old.person
        .google()
        .world(|world| world.add(Item::file("c", "in Drive.jpg", DATED).parent("root")));
    old.person.backup(&[]).succeeds();
    assert_eq!(old.paths(), ["drive/in Drive.jpg", "photos/undated/other.jpg"]);
    assert!(old.is_one_file("drive/in Drive.jpg", "camera.jpg"));
    assert_eq!(old.person.google().count(Class::Media), 0);
    // Without Drive's it has its own place again.
    old.person.google().world(|world| world.delete("c"));
    old.person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
    assert_eq!(old.paths(), ["photos/2019/07/camera.jpg", "photos/undated/other.jpg"]);
    old.person.run(&["verify", "archive"]).succeeds();
}

#[test]
fn what_drive_has_already_is_only_held() {
    let old = Old::new();
    old.person
        .google()
        .world(|world| world.add(Item::file("c", "in Drive.jpg", DATED).parent("root")));
    old.person.backup(&[]).succeeds();
    old.write("camera.jpg", DATED);
    old.adopt(&["--move"]).succeeds();
    assert_eq!(old.paths(), ["drive/in Drive.jpg"]);
    assert!(old.left().is_empty());
    assert_eq!(old.person.sql("SELECT count(*) FROM v_files WHERE state = 'saved'"), [["2"]]);
}

#[test]
fn takeout_fetches_nothing_of_it_and_tells_when_it_was_taken() {
    let bytes = "a scan of an old print ".repeat(4000);
    let old = Old::new();
    old.write("scan.jpg", &bytes);
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["photos/undated/scan.jpg"]);
    let item = LibraryItem::new("scan.jpg", bytes.as_str()).taken("1968-05-12T10:11:12Z");
    let export = Export::of(&PhotoLibrary::new().with(item.in_album("Old prints")));
    old.person.google().world(|world| world.deliver(&export));
    let before = old.person.sql("SELECT sum(bytes) FROM v_runs");
    old.person.backup(&[]).succeeds();
    assert_eq!(old.person.sql("SELECT sum(bytes) FROM v_runs"), before);
    assert_eq!(old.paths(), ["photos/1968/05/scan.jpg"]);
    assert!(old.is_one_file("photos/1968/05/scan.jpg", "scan.jpg"));
    let albums = old.person.sql("SELECT album_title, path FROM v_album_items");
    assert_eq!(albums, [["Old prints", "photos/1968/05/scan.jpg"]]);
}
