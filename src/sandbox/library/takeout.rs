//! The demo library's export: what Takeout has put into Drive, in three parts.
//!
//! Takeout has the originals, and what no API shows an app: people, places, what another app
//! uploaded, the scan of a picture older than computers.

use crate::sandbox::{Export, LibraryAlbum, LibraryItem, PhotoLibrary, World};

use super::file;

/// Delivers it into `world`.
pub(super) fn added_to(world: World) -> World {
    let library = PhotoLibrary::new()
        .album(LibraryAlbum::new("alps").titled("Summer in the Alps").date("2019-07-14T18:31:05Z"))
        .album(LibraryAlbum::new("nan").titled("Nan's 80th birthday").description("All of us"))
        .album(LibraryAlbum::new("untitled").titled(""));
    let items = elsewhere_too().into_iter().chain(here_only());
    let library = items.fold(library, PhotoLibrary::with);
    world.export(&Export::of(&library).parts(3))
}

/// What Drive or the Library API has as well: byte for byte, or altered there.
fn elsewhere_too() -> Vec<LibraryItem> {
    vec![
        LibraryItem::new("IMG_0412.JPG", file!("alpine_lake.jpg"))
            .taken("2019-07-14T18:31:05Z")
            .place(46.0207, 7.7491)
            .description("From the hut, after the rain")
            .person("Grace")
            .in_album("alps"),
        LibraryItem::new("PXL_20201231_233000.jpg", file!("aurora.jpg"))
            .taken("2020-12-31T23:30:00Z")
            .place(69.6492, 18.9553)
            .edited(file!("aurora_edited.jpg"))
            .favourite()
            .in_album("untitled"),
        // The clip ends in a box that holds nothing: it is no other item's film.
        LibraryItem::new("IMG_2210.HEIC", file!("lavender.heic"))
            .taken("2023-06-30T19:05:41Z")
            .live(".MOV", [file!("meadow_clip.mp4"), b"\0\0\0\x08free".as_slice()].concat())
            .person("Ada")
            .person("Grace")
            .in_album("alps"),
        LibraryItem::new("PXL_20240503_161200.MP.jpg", file!("meadow.mp.jpg"))
            .taken("2024-05-03T16:12:00Z"),
        LibraryItem::new("misty.jpg", file!("misty_firs.jpg"))
            .taken("2020-10-25T07:12:33Z")
            .place(48.5562, 8.2003)
            .archived(),
    ]
}

/// What nothing else has; and two of one name and year, and one that is in the trash.
fn here_only() -> Vec<LibraryItem> {
    vec![
        LibraryItem::new("from another app.jpg", file!("spiral.jpg"))
            .taken("2021-03-04T10:00:00Z")
            .in_album("nan"),
        LibraryItem::new("Scan 1: Nan's first summer", file!("old_scan.jpg"))
            .taken("1958-08-02T12:00:00Z")
            .description("Nan, six weeks old")
            .person("Nan")
            .in_album("nan"),
        LibraryItem::new("canyon.webp", file!("canyon.webp")).taken("2023-05-29T00:40:00Z"),
        LibraryItem::new("IMG_0733.JPG", file!("tide.jpg")).taken("2022-08-19T19:47:12Z"),
        LibraryItem::new("IMG_0733.JPG", file!("waves.jpg")).taken("2022-08-20T06:12:00Z"),
        LibraryItem::new("blurred.jpg", file!("julia.jpg")).taken("2022-08-20T06:12:30Z").trashed(),
    ]
}
