//! Names in the sandbox's exports that depend on each other: numbers, films, edited pictures.

use gphotos_sync::sandbox::{Era, Export, LibraryItem, Locale, PhotoLibrary};

/// What is in the year's folder of a library of these, without the sidecars' long ending.
fn names(items: Vec<LibraryItem>, with: fn(Export) -> Export) -> Vec<String> {
    let library = items.into_iter().fold(PhotoLibrary::new(), PhotoLibrary::with);
    let files = with(Export::of(&library)).unpacked();
    let names = files.iter().filter_map(|(path, _)| path.split_once("2020/").map(|it| it.1));
    names.map(|name| name.replace(".supplemental-metadata", "+")).collect()
}

#[test]
fn names_that_meet_are_numbered_with_their_sidecars() {
    let item = |title: &str| LibraryItem::new(title, title);
    let plain = |export: Export| export.era(Era::Plain);
    let long = "abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqrst";
    let three = [3, 1, 2].map(|number| item(&format!("{long}-{number}.jpg")));
    let stem = "abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqr";
    let expected = [
        format!("{stem}s.jpg"),
        format!("{stem}.json"),
        format!("{stem}s(1).jpg"),
        format!("{stem}(1).json"),
        format!("{stem}s(2).jpg"),
        format!("{stem}(2).json"),
    ];
    assert_eq!(names(three.to_vec(), plain), expected);

    let original = "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg";
    let one_json = vec![item(original), item(original).without_sidecar()];
    let expected = [
        "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg",
        "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json",
        "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg",
    ];
    assert_eq!(names(one_json, plain), expected);

    // The shorter title has the name; a title that is numbered by itself makes way.
    let numbered = vec![item("a(1).jpg"), item("a.jpg"), item("a.jpg"), item("A.JPG")];
    let expected = [
        "a.jpg",
        "a.jpg+.json",
        "a(1).jpg",
        "a.jpg+(1).json",
        "A.JPG",
        "A.JPG+.json",
        "a(1)(1).jpg",
        "a(1).jpg+(1).json",
    ];
    assert_eq!(sorted(names(numbered, |it| it)), sorted(expected.map(str::to_owned).to_vec()));
}

#[test]
fn films_and_edited_pictures_are_named_after_what_they_belong_to() {
    let item = |title: &str| LibraryItem::new(title, title);
    let films = vec![
        item("IMG_1.HEIC").live(".MOV", "film"),
        item("IMG_1.HEIC").live(".MP4", "film"),
        item("IMG_3.HEIC").live(".MP4", "film").live_titled("LIVE.jpeg"),
        item("PXL_1.MP.jpg").live("", "film"),
        item("MVIMG_1.jpg").live("", "film"),
    ];
    let expected = [
        "IMG_1(1).HEIC",
        "IMG_1(1).MP4",
        "IMG_1.HEIC",
        "IMG_1.HEIC+(1).json",
        "IMG_1.HEIC+.json",
        "IMG_1.MOV",
        "IMG_3.HEIC",
        "IMG_3.HEIC+.json",
        "IMG_3.MP4",
        "IMG_3.MP4+.json",
        "MVIMG_1",
        "MVIMG_1.jpg",
        "MVIMG_1.jpg+.json",
        "PXL_1.MP",
        "PXL_1.MP.jpg",
        "PXL_1.MP.jpg+.json",
    ];
    assert_eq!(sorted(names(films, |it| it)), expected);

    let edited = vec![
        item("Peanut Butter Balls").edited("e"),
        item("IMG-20230325-WA0122~2.jpg").edited("e"),
        item("PXL_20220405_090123740.PORTRAIT.jpg").edited("e"),
        item("Screenshot_2024-08-31-00-53-48-647_com.snap.jpg").edited("e"),
    ];
    let expected = [
        "IMG-20230325-WA0122~2-modifié.jpg",
        "IMG-20230325-WA0122~2.jpg",
        "PXL_20220405_090123740.PORTRAIT-modifié.jpg",
        "PXL_20220405_090123740.PORTRAIT.jpg",
        "Peanut Butter Balls-modifié.jpg",
        "Peanut Butter Balls.jpg",
        "Screenshot_2024-08-31-00-53-48-647_com.snap-mod.jpg",
        "Screenshot_2024-08-31-00-53-48-647_com.snap.jpg",
    ];
    let mut found = sorted(names(edited, |export| export.locale(Locale::French)));
    found.retain(|name| !name.contains("json"));
    assert_eq!(found, expected);
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names
}
