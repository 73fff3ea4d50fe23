//! What media files shall be called.

use super::*;

#[test]
fn a_media_file_is_called_as_its_sidecar_says() {
    for (sidecar, media, expected) in [
        ("a_b.jpg.json = a?b.jpg", "a_b.jpg", "a?b.jpg"),
        ("IMG.jpg.supplemental-metadata(1).json = IMG.jpg", "IMG(1).jpg", "IMG.jpg"),
        ("IMG (1).jpg.json = IMG (1).jpg", "IMG (1).jpg", "IMG (1).jpg"),
        ("Peanut.json = Peanut", "Peanut.jpg", "Peanut.jpg"),
        ("Mr. Smith.json = Mr. Smith", "Mr. Smith.jpg", "Mr. Smith.jpg"),
        ("IMG.HEIC.json = IMG.HEIC", "IMG.jpg", "IMG.jpg"),
        ("IMG.JPG.json = IMG.JPG", "IMG.JPG", "IMG.JPG"),
        ("IMG.jpg.json", "IMG.jpg", "IMG.jpg"),
        ("IMG.jpg(1).json", "IMG(1).jpg", "IMG.jpg"),
        ("skytree (2).jpg.json", "skytree (2).jpg", "skytree (2).jpg"),
        // The title is of another sort than the file.
        ("IMG_1.MP4.json = LIVE.jpeg", "IMG_1.MP4", "IMG_1.MP4"),
        ("x.jpg.json = Our house.jpg", "x.jpg", "Our house.jpg"),
        ("x.jpg.json = Our house", "x.jpg", "Our house.jpg"),
        // Variants are called after their originals.
        ("a_b.JPG.json = a?b.JPG", "a_b-edited.JPG", "a?b-edited.JPG"),
        ("a.HEIC(1).json = a.HEIC", "a-bearbeitet(1).jpg", "a-bearbeitet.jpg"),
        ("a_b.HEIC.json = a?b.HEIC", "a_b.MOV", "a?b.MOV"),
        ("a.HEIC.json", "a.MOV", "a.MOV"),
        ("PXL_1.MP.jpg.json = PXL_1.MP.jpg", "PXL_1.MP", "PXL_1.MP"),
        ("MVIMG_1.jpg.json = MVIMG_1.jpg", "MVIMG_1", "MVIMG_1"),
        ("Cafe\u{301}.jpg.json", "Cafe\u{301}.jpg", "Cafe\u{301}.jpg"),
    ] {
        let found = found(&[sidecar], &[media]);
        let titles: Vec<_> = found.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, [expected], "{sidecar} with {media}");
    }
}

#[test]
fn a_variant_is_told_from_what_has_a_sidecar_of_its_own() {
    let media = ["IMG_1.HEIC", "IMG_1.MOV", "IMG_1-edited.HEIC"];
    let found = found(&["IMG_1.HEIC.json = IMG_1.HEIC"], &media);
    let variants: Vec<_> = found.iter().map(|it| it.is_variant).collect();
    assert_eq!(variants, [false, true, true]);
}
