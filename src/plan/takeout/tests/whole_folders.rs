//! Several sidecars and media files together: what belongs to which, and what to none.

use super::*;

const LONG: &str = "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_";

/// `matched` are the rows that are expected, one a line.
#[track_caller]
fn check(sidecars: &[&str], media: &[&str], matched: &[&str]) {
    assert_eq!(matches(sidecars, media), matched, "{sidecars:?} with {media:?}");
    let (mut sidecars, mut media) = (sidecars.to_vec(), media.to_vec());
    sidecars.reverse();
    media.reverse();
    let mut backwards = matches(&sidecars, &media);
    backwards.sort_unstable();
    let mut matched = matched.to_vec();
    matched.sort_unstable();
    assert_eq!(backwards, matched, "backwards");
}

#[test]
fn titles_that_differ_and_media_names_that_do_not() {
    let name = |number| format!("abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqrs{number}.jpg");
    let sidecar = |number, n| {
        let title = format!("abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqrst-{n}.jpg");
        format!("abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqr{number}.json = {title}")
    };
    let media = [name(""), name("(1)"), name("(2)")];
    let sidecars = [sidecar("(1)", 2), sidecar("(2)", 3), sidecar("", 1)];
    let found = found(&sidecars.each_ref().map(|it| &**it), &media.each_ref().map(|it| &**it));
    let sidecars: Vec<_> = found.iter().map(|it| it.sidecar).collect();
    assert_eq!(sidecars, [2, 0, 1]);
}

#[test]
fn media_names_that_differ_where_sidecar_names_do_not() {
    let sidecar = |number: &str, end: &str| format!("{LONG}{number}.json = {LONG}{end}.jpg");
    let media = |end: &str| format!("{LONG}{end}.jpg");
    let run = |sidecars: &[String], all: &[String]| {
        let sidecars: Vec<_> = sidecars.iter().map(String::as_str).collect();
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        let found = found(&sidecars, &all);
        found.iter().map(|it| (it.media, it.sidecar)).collect::<Vec<_>>()
    };
    let two = [sidecar("", "A"), sidecar("(1)", "B")];
    // The media files are numbered by their own names, or as the sidecars are.
    assert_eq!(run(&two, &[media("A"), media("B")]), [(0, 0), (1, 1)]);
    assert_eq!(run(&two, &[media("A"), media("B(1)")]), [(0, 0), (1, 1)]);
    let three = [sidecar("", "A"), sidecar("(1)", "B"), sidecar("(2)", "B")];
    let own = [media("A"), media("B"), media("B(1)")];
    assert_eq!(run(&three, &own), [(0, 0), (1, 1), (2, 2)]);
    let same = [media("A"), media("B(1)"), media("B(2)")];
    assert_eq!(run(&three, &same), [(0, 0), (1, 1), (2, 2)]);
    // B(1) is the second's or the third's: that cannot be told.
    assert_eq!(run(&three, &[media("A"), media("B(1)")]), [(0, 0)]);
}

#[test]
fn two_files_that_were_cut_to_one_name_share_the_only_sidecar() {
    let (json, numbered) = (format!("{LONG}.json"), format!("{LONG}(1).json"));
    let (first, second) = (format!("{LONG}P.jpg"), format!("{LONG}P(1).jpg"));
    let rows = [
        format!("{first} < {json} (cut)"),
        format!("{second} < {json} (shared)"),
        format!("{second} < {numbered} (cut)"),
    ];
    check(&[&json], &[&first, &second], &[&rows[0], &rows[1]]);
    check(&[&json, &numbered], &[&first, &second], &[&rows[0], &rows[2]]);
    let titled = format!("{json} = {LONG}PXL_20230101.jpg");
    let titled_row = format!("{first} < {json} (title)");
    check(&[&titled], &[&first, &second], &[&titled_row, &rows[1]]);
    // There is a sidecar of that number, though another file's.
    let (one, two) = (format!("{json} = {LONG}P.jpg"), format!("{numbered} = {LONG}Q.jpg"));
    check(&[&one, &two], &[&first, &second], &[&titled_row]);
    let other = format!("{LONG}Q.jpg");
    check(&[&json], &[&first, &other], &[]);
    check(&["a.jpg.json"], &["a.jpg", "a(1).jpg"], &["a.jpg < a.jpg.json (name)"]);
}

#[test]
fn a_number_in_a_title_is_not_google_s() {
    check(
        &["IMG.jpg.json = IMG.jpg", "IMG.jpg(1).json = IMG.jpg", "IMG (1).jpg.json = IMG (1).jpg"],
        &["IMG.jpg", "IMG(1).jpg", "IMG (1).jpg"],
        &[
            "IMG.jpg < IMG.jpg.json (title)",
            "IMG(1).jpg < IMG.jpg(1).json (title)",
            "IMG (1).jpg < IMG (1).jpg.json (title)",
        ],
    );
    // Both titles make IMG(1).jpg.
    check(&["IMG.jpg(1).json = IMG.jpg", "IMG(1).jpg.json = IMG(1).jpg"], &["IMG(1).jpg"], &[]);
    check(&["IMG.jpg(1).json", "IMG(1).jpg.json"], &["IMG(1).jpg"], &[]);
}

#[test]
fn case_and_extension_tell_apart() {
    check(
        &["a.JPG.json = a.JPG", "a.jpg.json = a.jpg", "a.HEIC.json = a.HEIC"],
        &["a.jpg", "a.JPG", "a.HEIC"],
        &[
            "a.jpg < a.jpg.json (title)",
            "a.JPG < a.JPG.json (title)",
            "a.HEIC < a.HEIC.json (title)",
        ],
    );
    check(&["a.JPG.json = a.JPG"], &["a.jpg", "a.JPG"], &["a.JPG < a.JPG.json (title)"]);
    let json = "IMG_1.HEIC.json = IMG_1.HEIC";
    let heic = "IMG_1.HEIC < IMG_1.HEIC.json (title)";
    check(&[json], &["IMG_1.HEIC", "IMG_1.JPG"], &[heic]);
    check(
        &["IMG_1.JPG.json = IMG_1.JPG", json],
        &["IMG_1.HEIC", "IMG_1.JPG", "IMG_1.MP4"],
        &[heic, "IMG_1.JPG < IMG_1.JPG.json (title)"],
    );
    check(
        &["a.heic.json = a.heic"],
        &["a.jpg", "a.mp4"],
        &["a.jpg < a.heic.json (title_converted)", "a.mp4 < a.heic.json (live)"],
    );
    check(&["a.heic.json = a.heic"], &["a.jpg", "a.jpeg"], &[]);
}

#[test]
fn of_a_title_without_extension_and_one_with_both_may_be_the_file_s() {
    check(&["a.json = a", "a.jpg.json = a.jpg"], &["a.jpg"], &[]);
    check(&["a.json = a", "a.jpg.json = a.jpg"], &["a.jpg", "a(1).jpg"], &[]);
    check(
        &["a.json = a", "a.jpg.json = a.jpg"],
        &["a.jpg", "a.png"],
        &["a.jpg < a.jpg.json (title)", "a.png < a.json (title_bare)"],
    );
    check(&["a.json = a"], &["a.jpg", "a.png"], &[]);
    check(&["a.json", "a.jpg.json"], &["a.jpg"], &["a.jpg < a.jpg.json (name)"]);
}

#[test]
fn a_wrong_title_captures_nothing() {
    check(
        &["b.jpg.json = a.jpg", "a.jpg.json = a.jpg"],
        &["a.jpg", "b.jpg"],
        &["a.jpg < a.jpg.json (title)", "b.jpg < b.jpg.json (name)"],
    );
    let live = ["IMG_1.MP4.json = LIVE.jpeg", "IMG_2.MP4.json = LIVE.jpeg"];
    check(
        &live,
        &["IMG_1.MP4", "IMG_2.MP4", "LIVE.jpeg"],
        &["IMG_1.MP4 < IMG_1.MP4.json (name)", "IMG_2.MP4 < IMG_2.MP4.json (name)"],
    );
}

#[test]
fn two_sidecars_for_one_file_are_none_unless_they_are_of_one_item() {
    let names = ["a.jpg.json", "a.jpg.supplemental-metadata.json"];
    for (urls, expected) in [(["", ""], None), (["u", "u"], Some(1)), (["u", "v"], None)] {
        let beside = |row: usize| Beside {
            row: i64::try_from(row).unwrap(),
            name: names[row],
            title: "a.jpg",
            url: urls[row],
        };
        let media = [MediaFile { row: 7, name: "a.jpg" }];
        for order in [[0, 1], [1, 0]] {
            let found = match_folder(&order.map(beside), &media);
            assert_eq!(found.first().map(|it| it.sidecar), expected, "{urls:?}");
        }
    }
}

#[test]
fn what_lies_in_two_parts_is_one() {
    check(
        &["a.jpg.json = a.jpg", "a.jpg.json = b.jpg"],
        &["a.jpg"],
        &["a.jpg < a.jpg.json (title)"],
    );
    let found = found(
        &["Cafe\u{301}.jpg.json = Café.jpg", "Café.jpg.json = Café.jpg"],
        &["Café.jpg", "Cafe\u{301}.jpg"],
    );
    let rows: Vec<_> = found.iter().map(|it| (it.media, it.sidecar)).collect();
    assert_eq!(rows, [(0, 0), (1, 0)]);
}

#[test]
fn variants_have_their_original_s_sidecar() {
    check(
        &["IMG.HEIC.json = IMG.HEIC", "IMG.HEIC(1).json = IMG.HEIC"],
        &[
            "IMG.HEIC",
            "IMG(1).HEIC",
            "IMG.MOV",
            "IMG(1).MOV",
            "IMG-edited.HEIC",
            "IMG-edited(1).HEIC",
            "IMG-edited.MOV",
            "IMG-EFFECTS.jpg",
            "IMG(2).MOV",
            "IMG-edited(2).HEIC",
        ],
        &[
            "IMG.HEIC < IMG.HEIC.json (title)",
            "IMG(1).HEIC < IMG.HEIC(1).json (title)",
            "IMG.MOV < IMG.HEIC.json (live)",
            "IMG(1).MOV < IMG.HEIC(1).json (live)",
            "IMG-edited.HEIC < IMG.HEIC.json (edited)",
            "IMG-edited(1).HEIC < IMG.HEIC(1).json (edited)",
            "IMG-edited.MOV < IMG.HEIC.json (edited)",
            "IMG-EFFECTS.jpg < IMG.HEIC.json (edited)",
        ],
    );
}

#[test]
fn what_has_a_sidecar_of_its_own_inherits_none() {
    check(
        &["IMG_1.HEIC.json = IMG_1.HEIC", "IMG_1.MP4.json = IMG_1.MP4"],
        &["IMG_1.HEIC", "IMG_1.MP4"],
        &["IMG_1.HEIC < IMG_1.HEIC.json (title)", "IMG_1.MP4 < IMG_1.MP4.json (title)"],
    );
    check(
        &["a.jpg.json = a.jpg", "a-edited.jpg.json = a-edited.jpg"],
        &["a-edited.jpg"],
        &["a-edited.jpg < a-edited.jpg.json (title)"],
    );
    let still = "PXL_1.MP.jpg < PXL_1.MP.jpg.json (title)";
    let sidecars = ["PXL_1.MP.json = PXL_1.MP", "PXL_1.MP.jpg.json = PXL_1.MP.jpg"];
    check(&sidecars, &["PXL_1.MP.jpg", "PXL_1.MP"], &[still, "PXL_1.MP < PXL_1.MP.json (title)"]);
    check(&sidecars, &["PXL_1.MP.jpg"], &[still]);
    check(
        &["MVIMG_1.json = MVIMG_1", "MVIMG_1.jpg.json = MVIMG_1.jpg"],
        &["MVIMG_1", "MVIMG_1.jpg"],
        &["MVIMG_1 < MVIMG_1.json (title)", "MVIMG_1.jpg < MVIMG_1.jpg.json (title)"],
    );
    // Whose the film is cannot be told, so it is not the still's.
    check(
        &[
            "IMG_1.HEIC.json = IMG_1.HEIC",
            "IMG_1.MP4.json = IMG_1.MP4",
            "IMG_1.MP4.supplemental-metadata.json = IMG_1.MP4",
        ],
        &["IMG_1.HEIC", "IMG_1.MP4"],
        &["IMG_1.HEIC < IMG_1.HEIC.json (title)"],
    );
}
