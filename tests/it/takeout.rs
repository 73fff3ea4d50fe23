//! Google Takeout's exports, taken from Drive by the nightly run or from a disk: what the
//! archive has then is what the person's library has, to the byte, the date and the order.

mod disk;
mod flaws;
mod hostile;
mod incremental;
mod interrupted;
mod kinds;
mod known;
mod later;
mod told;

use std::collections::BTreeMap;

use gphotos_sync::sandbox::{Export, Item, LibraryItem, PhotoLibrary, Truth, World};
use sha2::{Digest as _, Sha256};

use crate::support::Person;

/// No differences.
pub const NOTHING: [String; 0] = [];

/// A world with a document in Drive, and `export` in its folder Takeout.
pub fn world(export: &Export) -> World {
    World::new().with(Item::file("plain", "plain.jpg", "plain").parent("root")).export(export)
}

/// So many pictures of the years from 2005 on, in a few albums, with all that there is to tell
/// of some of them.
pub fn library(items: usize) -> PhotoLibrary {
    (0..items).fold(PhotoLibrary::new(), |library, i| library.with(picture(i)))
}

/// The picture of that number: of about 60 KB, of which no two are alike.
pub fn picture(i: usize) -> LibraryItem {
    let year = 2005 + i % 15;
    let content = format!("picture {i:05} ").repeat(4000 + i % 1000);
    let title = match i % 10 {
        // Cameras begin to count anew.
        0 => format!("IMG_{:04}.JPG", i % 50),
        1 => {
            format!("A title that is far too long for what Google makes of titles, number {i}.jpg")
        }
        2 => format!("What? {i}: \"a & b\".png"),
        _ => format!("PXL_{i:08}.jpg"),
    };
    let item = LibraryItem::new(&title, content.as_str())
        .taken(&format!("{year}-{:02}-{:02}T10:11:{:02}Z", 1 + i % 12, 1 + i % 28, i % 60))
        .uploaded(&format!("2026-{:02}-15T00:00:00Z", 1 + i % 6));
    let item = match i % 7 {
        0 => item.in_album("Summer").person("Ann"),
        1 => item.in_album("Summer").in_album("Best of"),
        2 => item.description("by the lake").favourite().place(48.1, -11.5),
        3 => item.archived(),
        _ => item,
    };
    match i % 11 {
        // What is edited and has a title that is cut cannot be told from another of that title.
        0 if i % 10 != 1 => item.edited(format!("edited {i} ").as_str().repeat(90).as_str()),
        1 => item.live(".MP4", format!("film {i} ").as_str().repeat(100).as_str()),
        _ => item,
    }
}

/// Says in what the archive differs from what the export has.
pub fn differences(person: &Person, truths: &[Truth]) -> Vec<String> {
    let mut wrong = Vec::new();
    let rows = person.sql(
        "SELECT sha256, name, path, substr(taken_at, 1, 19), description, favourite, archived, state
           FROM v_files WHERE source = 'takeout'",
    );
    let mut by_bytes: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for row in rows {
        by_bytes.entry(row[0].clone()).or_default().push(row);
    }
    for truth in truths {
        let found = by_bytes.get(&truth.sha256).map(Vec::as_slice).unwrap_or_default();
        let taken = truth.taken.format("%Y-%m-%dT%H:%M:%S").to_string();
        let is_right = |row: &&Vec<String>| {
            row[1] == truth.title
                && row[3] == taken
                && row[4] == truth.description.clone().unwrap_or_default()
                && row[5] == u8::from(truth.favourite).to_string()
                && row[6] == u8::from(truth.archived).to_string()
                && row[7] == "saved"
        };
        let Some(row) = found.iter().find(is_right) else {
            wrong.push(format!("{} of {taken} ({:?}): {found:?}", truth.title, truth.paths));
            continue;
        };
        let path = &row[2];
        let month = truth.taken.format("photos/%Y/%m/").to_string();
        if !path.starts_with(&month) || person.mtime_ms(path) != truth.taken.timestamp_millis() {
            wrong.push(format!("{path} is not of {taken}"));
        }
        // Not by the index's word, but by the bytes that are there.
        if sha256(&std::fs::read(person.path(path)).unwrap()) != truth.sha256 {
            wrong.push(format!("{path} has other bytes"));
        }
        for (album, position) in &truth.albums {
            let links = person.sql(&format!(
                "SELECT album_path FROM v_album_items
                  WHERE album_title = '{album}' AND position = {position} AND path = '{path}'"
            ));
            if links.len() != 1 {
                wrong.push(format!("{path} is not number {position} of {album}"));
            }
        }
    }
    wrong.truncate(20);
    wrong
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[test]
fn an_export_in_drive_comes_into_photos_and_albums_by_itself_right_to_the_byte_the_date_and_the_order()
 {
    let export = Export::of(&library(60)).parts(3);
    let person = Person::with(world(&export));
    let told = person.backup(&[]).succeeds();
    let truths = export.truth();
    assert!(truths.len() > 60);
    assert_eq!(differences(&person, &truths), NOTHING, "{}", told.stdout);
    // No archive is on the disk, and nothing that the export does not have.
    let hashes =
        truths.iter().map(|truth| &truth.sha256).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(person.files().len(), hashes.len() + 1);
    let people: usize = truths.iter().map(|truth| truth.people.len()).sum();
    assert_eq!(person.sql("SELECT count(*) FROM v_people")[0][0], people.to_string());

    person.google().forget_requests();
    let before = person.files();
    person.backup(&[]).succeeds();
    assert_eq!(person.files(), before);
    assert_eq!(person.google().count(gphotos_sync::sandbox::Class::Media), 0);
    person.run(&["verify", "archive"]).succeeds();
}
