//! What the index says of pictures and films, broken ones among them.

use gphotos_sync::sandbox::World;

use crate::support::Person;

/// The files of `tests/fixtures/media`, and what a careful reader sees in each:
/// its name, when it was taken, how that is known, and its size.
const SEEN: &[[&str; 4]] = &[
    ["broken_exif_link.jpg", "2018-11-02T16:20:44.000Z", "exif_utc", "16x12"],
    ["broken_exif_offset.jpg", "", "", "16x12"],
    ["date_of_spaces.jpg", "", "", "16x12"],
    ["date_of_zeros.jpg", "", "", "16x12"],
    ["dated.heic", "2019-07-14T18:31:05.000Z", "exif_offset", ""],
    ["dated.mov", "2023-06-30T19:05:41.000Z", "exif_offset", "64x48"],
    ["dated.mp4", "2024-04-01T04:52:10.000Z", "exif_offset", "64x48"],
    ["dated.png", "2019-07-14T18:31:05.000Z", "exif_offset", "16x12"],
    ["dated.webp", "2019-07-14T18:31:05.000Z", "exif_offset", "16x12"],
    ["empty.jpg", "", "", ""],
    ["gps_time_and_no_offset.jpg", "2020-10-25T07:12:33.000Z", "exif_gps", "16x12"],
    ["gps_time_only.jpg", "2020-10-25T07:12:33.000Z", "exif_gps", "16x12"],
    ["impossible_date.jpg", "", "", "16x12"],
    ["no_exif.jpg", "", "", "16x12"],
    ["no_offset.jpg", "2018-11-02T16:20:44.000Z", "exif_utc", "16x12"],
    ["offset.jpg", "2019-07-14T18:31:05.000Z", "exif_offset", "16x12"],
    ["text.jpg", "", "", ""],
    ["truncated.mp4", "", "", ""],
    ["truncated_in_exif.jpg", "", "", ""],
    ["truncated_in_picture.jpg", "2018-11-02T16:20:44.000Z", "exif_utc", "16x12"],
    ["turned.jpg", "2022-08-19T19:47:12.000Z", "exif_utc", "16x12"],
    ["undated.mp4", "", "", "64x48"],
];

#[test]
fn what_pictures_and_films_say_is_in_the_index_and_broken_ones_say_less() {
    let mut world = World::new();
    for [name, ..] in SEEN {
        world = world.file(name, name, read(name), "root");
    }
    let person = Person::with(world);

    person.backup(&[]).succeeds();

    let query = "SELECT name, taken_at, taken_from, coalesce(width || 'x' || height, '')
                   FROM v_files ORDER BY name";
    assert_eq!(person.sql(query), SEEN);
    let place = "SELECT round(latitude, 4), round(longitude, 4), camera FROM v_files WHERE name = ";
    let offset = person.sql(&format!("{place} 'offset.jpg'"));
    assert_eq!(offset, [["46.0207", "7.7491", "Fairlens F100"]]);
    let south = person.sql(&format!("{place} 'gps_time_only.jpg'"));
    assert_eq!(south[0][..2], ["-33.8568", "151.2153"]);
    let film = person.sql(&format!("{place} 'dated.mov'"));
    assert_eq!(film, [["43.8345", "5.7869", "Pocketwise P8"]]);
}

fn read(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/media");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}
