//! The demo library's Google Photos.

use crate::sandbox::{Album, Photo, Picks, World};

use super::file;

/// Adds all of it to `world`.
pub(super) fn added_to(world: World) -> World {
    let items = in_drive_too().into_iter().chain(in_photos_only());
    let world = items.fold(world, World::photo);
    let world = albums().into_iter().fold(world, World::album);
    world.picks(Picks::new(&["p-lavender", "p-meadow", "p-other"]).after_polls(1))
}

/// What Drive has as well: some byte for byte, some without their place, one transcoded.
fn in_drive_too() -> Vec<Photo> {
    vec![
        Photo::image("p-lake", "IMG_0412.JPG", file!("alpine_lake.jpg"))
            .without_place()
            .taken("2019-07-14T18:31:05Z")
            .camera("Fairlens", "F100")
            .category("LANDSCAPES")
            .description("From the hut, after the rain"),
        Photo::image("p-dunes", "IMG_0001.JPG", file!("dunes.jpg"))
            .taken("2018-11-02T16:20:44Z")
            .camera("Fairlens", "F100")
            .category("LANDSCAPES"),
        Photo::image("p-moon", "IMG_0001.JPG", file!("winter_moon.jpg"))
            .taken("2022-12-24T17:05:09Z")
            .camera("Fairlens", "F100")
            .category("NIGHT"),
        Photo::image("p-city", "Skyline (edited).png", file!("city_night.png"))
            .taken("2023-11-18T20:14:00Z")
            .category("CITYSCAPES"),
        Photo::video("p-sunrise", "VID_20240401_045210.mp4", file!("sunrise_transcoded.mp4"))
            .taken("2024-04-01T04:52:10Z")
            .size(320, 240),
        Photo::image("p-firs", "misty.jpg", file!("misty_firs.jpg"))
            .without_place()
            .taken("2020-10-25T07:12:33Z")
            .archived(),
        // The name and the second of another one, and other bytes: a burst.
        Photo::image("p-burst-1", "PXL_20220819_194712.jpg", file!("sea_sunset.jpg"))
            .without_place()
            .taken("2022-08-19T19:47:12Z")
            .camera("Pocketwise", "P8"),
        Photo::image("p-burst-2", "PXL_20220819_194712.jpg", file!("julia.jpg"))
            .taken("2022-08-19T19:47:12Z")
            .camera("Pocketwise", "P8"),
    ]
}

/// What Drive has not. `p-other` was put into Photos by another app: only the Picker shows it.
fn in_photos_only() -> Vec<Photo> {
    let motion = file!("meadow.mp.jpg");
    let clip = file!("meadow_clip.mp4");
    vec![
        Photo::image("p-aurora", "PXL_20201231_233000.jpg", file!("aurora.jpg"))
            .without_place()
            .taken("2020-12-31T23:30:00Z")
            .camera("Pocketwise", "P8")
            .category("NIGHT")
            .favourite(),
        Photo::image("p-lavender", "IMG_2210.HEIC", file!("lavender.heic"))
            .without_place()
            .taken("2023-06-30T19:05:41Z")
            .camera("Pocketwise", "P8")
            .category("FLOWERS"),
        Photo::image("p-canyon", "canyon.webp", file!("canyon.webp"))
            .without_place()
            .taken("2023-05-29T00:40:00Z")
            .camera("Fairlens", "F100"),
        // `=d` is the still alone: the film behind it is what `=dv` serves.
        Photo::image(
            "p-meadow",
            "PXL_20240503_161200.MP.jpg",
            &motion[..motion.len() - clip.len()],
        )
        .without_place()
        .motion(clip)
        .taken("2024-05-03T16:12:00Z")
        .camera("Pocketwise", "P8"),
        Photo::image("p-other", "from another app.jpg", file!("spiral.jpg"))
            .taken("2021-03-04T10:00:00Z")
            .of_another_app(),
    ]
}

/// The last item of both weekends is the same, and so is their date.
fn albums() -> Vec<Album> {
    vec![
        Album::new(
            "a-alps",
            "Summer in the Alps",
            &["p-lake", "p-lavender", "p-meadow", "p-sunrise"],
        ),
        Album::new("a-weekend-1", "Weekend", &["p-dunes", "p-canyon", "p-city"]),
        Album::new("a-weekend-2", "Weekend", &["p-aurora", "p-moon", "p-other", "p-city"]),
    ]
}
