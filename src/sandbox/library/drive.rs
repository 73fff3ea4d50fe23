//! The demo library's Drive.

use serde_json::{Value, json};

use crate::sandbox::{Item, World};

use super::file;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 20 12 4l9 10 6-7 13 13z" fill="#4d648f"/></svg>"##;

/// Adds all of it to `world`.
pub(super) fn added_to(world: World) -> World {
    let parts = [folders(), pictures(), camera(), trips(), documents(), oddities()];
    parts.into_iter().flatten().fold(world, World::with)
}

fn folders() -> Vec<Item> {
    vec![
        Item::folder("d-pictures", "Pictures"),
        Item::folder("d-2019", "2019").parent("d-pictures"),
        Item::folder("d-alps", "Summer in the Alps").parent("d-2019"),
        Item::folder("d-camera", "Camera"),
        Item::folder("d-trip-coast", "Trip").created("2022-08-01T09:00:00Z"),
        Item::folder("d-trip-canyon", "Trip").created("2023-05-20T09:00:00Z"),
        Item::folder("d-documents", "Documents"),
        Item::folder("d-laptop", "Ada's Laptop").computer(),
        Item::folder("d-desktop", "Desktop").parent("d-laptop"),
    ]
}

fn pictures() -> Vec<Item> {
    vec![
        Item::file("f-lake", "IMG_0412.JPG", file!("alpine_lake.jpg"))
            .parent("d-alps")
            .modified("2019-07-14T18:31:05.000Z")
            .image(shot("2019:07:14 20:31:05", "Fairlens F100", [46.0207, 7.7491, 2570.0])),
        Item::file("f-city", "Skyline (edited).png", file!("city_night.png"))
            .parent("d-pictures")
            .modified("2023-11-18T20:14:00.000Z")
            .image(json!({"width": 640, "height": 480, "rotation": 0})),
        Item::file("f-spiral", "wallpaper.jpg", file!("spiral.jpg"))
            .parent("d-desktop")
            .modified("2021-03-04T10:00:00.000Z")
            .image(json!({"width": 640, "height": 480, "rotation": 0})),
    ]
}

/// Three pictures of one name in one folder, and a film.
fn camera() -> Vec<Item> {
    let film = Item::file("f-sunrise", "VID_20240401_045210.mp4", file!("sunrise.mp4"));
    vec![
        Item::file("f-dunes", "IMG_0001.JPG", file!("dunes.jpg"))
            .parent("d-camera")
            .created("2018-11-03T08:00:00Z")
            .modified("2018-11-02T16:20:44.000Z")
            .image(camera_only("2018:11:02 16:20:44", "Fairlens F100")),
        Item::file("f-firs", "IMG_0001.JPG", file!("misty_firs.jpg"))
            .parent("d-camera")
            .created("2020-10-26T08:00:00Z")
            .modified("2020-10-25T07:12:33.000Z")
            .image(json!({"width": 640, "height": 480, "rotation": 0,
                "location": {"latitude": 48.5562, "longitude": 8.2003, "altitude": 930.0}})),
        Item::file("f-moon", "IMG_0001.JPG", file!("winter_moon.jpg"))
            .parent("d-camera")
            .created("2022-12-25T08:00:00Z")
            .modified("2022-12-24T17:05:09.000Z")
            .image(camera_only("2022:12:24 18:05:09", "Fairlens F100")),
        film.parent("d-camera").modified("2024-04-01T04:52:10.000Z").video(320, 240, 2000),
    ]
}

/// What lies in the two folders named Trip.
fn trips() -> Vec<Item> {
    let orientation = json!({"width": 480, "height": 640, "rotation": 1,
        "time": "2022:08:19 19:47:12", "cameraMake": "Pocketwise", "cameraModel": "P8",
        "location": {"latitude": 37.7412, "longitude": -25.6756, "altitude": 3.0}});
    vec![
        Item::file("f-sunset", "Last evening.jpg", file!("sea_sunset.jpg"))
            .parent("d-trip-coast")
            .modified("2022-08-19T19:47:12.000Z")
            .image(orientation)
            .starred()
            .description("The last evening on São Miguel"),
        Item::file("f-tide", "IMG_0733.JPG", file!("tide.jpg"))
            .parent("d-trip-coast")
            .modified("2022-08-19T19:47:12.000Z")
            .image(camera_only("2022:08:19 19:47:12", "Pocketwise P8")),
        Item::file("f-far-dunes", "IMG_0734.JPG", file!("far_dunes.jpg"))
            .parent("d-trip-canyon")
            .modified("2018-11-02T16:20:44.000Z")
            .image(camera_only("2018:11:02 16:20:44", "Fairlens F100")),
        // The same bytes again, under another name.
        Item::file("f-dunes-copy", "Copy of dunes.jpg", file!("dunes.jpg"))
            .parent("d-trip-canyon")
            .modified("2023-05-21T10:00:00.000Z")
            .image(camera_only("2018:11:02 16:20:44", "Fairlens F100")),
    ]
}

fn documents() -> Vec<Item> {
    let within = |item: Item| item.parent("d-documents");
    vec![
        within(Item::native("n-list", "Packing list", "document"))
            .export(DOCX, file!("packing_list.docx"))
            .export("text/plain", "Tent, stove, two lenses, dry socks.\n"),
        within(Item::native("n-budget", "Trip budget", "spreadsheet"))
            .export(XLSX, file!("budget.xlsx"))
            .export("text/csv", "Train,128\n"),
        within(Item::native("n-slides", "Slide show", "presentation"))
            .export(PPTX, file!("slide_show.pptx")),
        within(Item::native("n-map", "Ridge line", "drawing")).export("image/svg+xml", DRAWING),
        within(Item::native("n-form", "Who comes along?", "form")),
        within(Item::file("f-ticket", "ticket.pdf", file!("ticket.pdf"))),
        within(Item::file("f-notes", "notes.txt", "Ask about the key to the hut.\n")),
    ]
}

/// What makes backups of Drive hard.
fn oddities() -> Vec<Item> {
    let long = format!("{}.jpg", "ü".repeat(148));
    vec![
        Item::shortcut("s-lake", "The lake", "f-lake"),
        Item::shortcut("s-circle", "All pictures", "d-pictures").parent("d-alps"),
        Item::shortcut("s-nowhere", "Lost", "f-deleted-long-ago"),
        Item::file("f-orphan", "found again.jpg", file!("julia.jpg")).orphan(),
        Item::file("f-shared", "From Grace.jpg", file!("waves.jpg")).shared_by("grace@example.org"),
        Item::file("f-blurred", "blurred.jpg", file!("misty_firs.jpg")).trashed(),
        Item::file("f-slash", "a/b.jpg", file!("waves.jpg")).parent("d-pictures"),
        Item::file("f-escape", "\u{1b}[31mred\u{1b}[0m.jpg", file!("tide.jpg"))
            .parent("d-pictures"),
        Item::file("f-emoji", "🌅 first light 🌅.jpg", file!("sea_sunset.jpg"))
            .parent("d-pictures"),
        Item::file("f-long", &long, file!("julia.jpg")).parent("d-pictures"),
    ]
}

/// What Drive tells of a picture of 640x480 with a place: latitude, longitude, metres.
fn shot(time: &str, camera: &str, [latitude, longitude, altitude]: [f64; 3]) -> Value {
    let mut shot = camera_only(time, camera);
    shot["location"] = json!({"latitude": latitude, "longitude": longitude, "altitude": altitude});
    shot
}

fn camera_only(time: &str, camera: &str) -> Value {
    let (make, model) = camera.split_once(' ').unwrap_or((camera, ""));
    json!({"width": 640, "height": 480, "rotation": 0, "time": time,
        "cameraMake": make, "cameraModel": model})
}
