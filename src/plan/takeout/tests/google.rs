//! Folders as Google would make them of titles, by a second reading of its rules that shares
//! nothing with the first: what is found in them must be right, whatever the titles.

use std::collections::{BTreeMap, BTreeSet};

use icu_normalizer::DecomposingNormalizerBorrowed as DecomposingNormalizer;
use proptest::prelude::*;

use super::*;
use crate::model::{Media, kind_of};

/// A picture or film in the library.
#[derive(Clone, Debug)]
struct Photo {
    title: String,
    /// What the file gets where the title has no extension.
    of_file: &'static str,
    /// Whether the sidecar's name has the suffix.
    is_late: bool,
}

/// How media files get their numbers: by their own names, or with their sidecars.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Numbering {
    Own,
    Common,
}

/// The sidecar's and the media file's name of each photo.
fn export(photos: &[Photo], numbering: Numbering) -> Vec<(String, String)> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for photo in photos {
        let sidecar = |n| format!("{}{}.json", sidecar_base(photo), number(n));
        let media = |n| {
            let (stem, extension) = media_parts(photo);
            format!("{stem}{}{extension}", number(n))
        };
        let is_free = |name: String| !taken.contains(&name);
        let (of_sidecar, of_media) = match numbering {
            Numbering::Own => {
                let free = |name: &dyn Fn(u32) -> String| (0..99).find(|n| is_free(name(*n)));
                (free(&sidecar).unwrap(), free(&media).unwrap())
            }
            Numbering::Common => {
                let n = (0..99).find(|n| is_free(sidecar(*n)) && is_free(media(*n))).unwrap();
                (n, n)
            }
        };
        let pair = (sidecar(of_sidecar), media(of_media));
        taken.extend([pair.0.clone(), pair.1.clone()]);
        names.push(pair);
    }
    names
}

fn number(n: u32) -> String {
    if n == 0 { String::new() } else { format!("({n})") }
}

fn sidecar_base(photo: &Photo) -> String {
    let suffix = if photo.is_late { ".supplemental-metadata" } else { "" };
    first_units(&format!("{}{suffix}", allowed(&photo.title)), 46, false)
}

fn media_parts(photo: &Photo) -> (String, String) {
    let title = allowed(&photo.title);
    let (stem, extension) = match title.rfind('.') {
        Some(dot) if has_extension(&title) => (title[..dot].to_owned(), title[dot..].to_owned()),
        _ => (title, photo.of_file.to_owned()),
    };
    (first_units(&stem, 47, true), extension)
}

fn has_extension(title: &str) -> bool {
    let known = [".jpg", ".png", ".heic", ".mp4", ".mov"];
    known.iter().any(|it| title.to_lowercase().ends_with(it))
}

fn allowed(title: &str) -> String {
    let forbidden = ['&', '?', '\'', '/', '\\', ':', '*', '"', '<', '>', '|', '%'];
    let allowed = |c: char| if c.is_control() || forbidden.contains(&c) { '_' } else { c };
    title.chars().map(allowed).collect()
}

/// The first `most` units, or one more or less where a pair of them lies across the end.
fn first_units(text: &str, most: usize, may_be_more: bool) -> String {
    let all: Vec<u16> = text.encode_utf16().collect();
    let most = most.min(all.len());
    let longer = [most, most + 1, most - usize::from(most > 0)];
    let shorter = [most, most - usize::from(most > 0), most];
    let ends = if may_be_more { longer } else { shorter };
    ends.into_iter().find_map(|end| String::from_utf16(all.get(..end)?).ok()).unwrap()
}

/// Matches photos whose names Google has made; of each that is found, whether it is right.
fn found(photos: &[Photo], names: &[(String, String)]) -> Vec<(Matched, bool)> {
    let sidecars: Vec<_> = (0..)
        .zip(photos.iter().zip(names))
        .map(|(row, (photo, (name, _)))| Beside { row, name, title: &photo.title, url: "" })
        .collect();
    let media: Vec<_> = (0..).zip(names).map(|(row, (_, name))| MediaFile { row, name }).collect();
    let found = match_folder(&sidecars, &media);
    found.into_iter().map(|it| (it.media == it.sidecar, it)).map(|(is, it)| (it, is)).collect()
}

/// Any title at all.
fn any_title() -> impl Strategy<Value = String> {
    let extension = prop::sample::select(vec!["", ".jpg", ".JPG", ".heic", ".mp4", ".jpg.jpg"]);
    let stem = prop_oneof![
        any::<String>(),
        "\\PC{0,60}",
        "[a-z]{40,55}",
        "[a😀é]{20,50}",
        "[a-z ._()&0-9]{1,12}",
        "(IMG|a)( )?\\([0-9]{1,2}\\)",
    ];
    let title = (stem, extension).prop_map(|(stem, extension)| format!("{stem}{extension}"));
    // Here Google knows fewer formats.
    title.prop_filter("of another format", |title| {
        kind_of("", title) == Media::Other || has_extension(title)
    })
}

/// Titles that get in each other's way.
fn like_titles(extensions: &'static [&'static str]) -> impl Strategy<Value = String> {
    let stem = prop_oneof![
        prop::sample::select(vec![
            "IMG",
            "IMG(1)",
            "IMG(1)(1)",
            "IMG(2)",
            "IMG (1)",
            "a",
            "a.jpg",
            "What?",
            "What*",
            "What_"
        ])
        .prop_map(str::to_owned),
        (42..52usize, "[xy]{0,2}").prop_map(|(n, end)| format!("{}{end}", "l".repeat(n))),
        (20..26usize, "[xy]{0,1}").prop_map(|(n, end)| format!("{}{end}", "😀".repeat(n))),
    ];
    let extension = prop::sample::select(extensions);
    (stem, extension).prop_map(|(stem, extension)| format!("{stem}{extension}"))
}

fn photos(
    title: impl Strategy<Value = String>,
    n: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Photo>> {
    let of_file = prop::sample::select(vec![".jpg", ".png", ".mp4"]);
    let photo = (title, of_file, any::<bool>());
    let photo = photo.prop_map(|(title, of_file, is_late)| Photo { title, of_file, is_late });
    prop::collection::vec(photo, n)
}

const ALL: &[&str] = &["", ".jpg", ".JPG", ".heic", ".mp4"];
const WHOLE: &[&str] = &[".jpg", ".JPG", ".heic", ".mp4"];

proptest! {
    #[test]
    fn the_file_of_any_title_is_found(photos in photos(any_title(), 1..2)) {
        let names = export(&photos, Numbering::Own);
        prop_assume!(!photos[0].title.is_empty() && names[0].0 != ".json");
        let found = found(&photos, &names);
        prop_assert_eq!(found.len(), 1, "{:?}", names);
        prop_assert!(matches!(
            found[0].0.rule,
            MatchRule::TakeoutTitle | MatchRule::TakeoutTitleBare
        ));
    }

    #[test]
    fn it_does_not_matter_how_a_zip_writes_accents(photos in photos(any_title(), 1..2)) {
        let decomposed = DecomposingNormalizer::new_nfd();
        let mut names = export(&photos, Numbering::Own);
        let as_they_are = found(&photos, &names);
        names[0].1 = decomposed.normalize(&names[0].1).into_owned();
        prop_assert_eq!(found(&photos, &names).len(), as_they_are.len());
        names[0].0 = decomposed.normalize(&names[0].0).into_owned();
        prop_assert_eq!(found(&photos, &names).len(), as_they_are.len());
    }

    #[test]
    fn nothing_is_matched_wrongly_however_google_numbers(
        photos in photos(like_titles(ALL), 1..12), is_late in any::<bool>(),
    ) {
        let photos: Vec<_> = photos.into_iter().map(|it| Photo { is_late, ..it }).collect();
        for numbering in [Numbering::Own, Numbering::Common] {
            let names = export(&photos, numbering);
            for (it, is_right) in found(&photos, &names) {
                prop_assert!(is_right || it.is_variant, "{:?}: {:?} of {:?}", numbering, it, names);
            }
        }
    }

    #[test]
    fn with_common_numbers_all_are_found(photos in photos(like_titles(WHOLE), 1..12)) {
        let names = export(&photos, Numbering::Common);
        let found = found(&photos, &names);
        prop_assert!(found.iter().all(|(_, is_right)| *is_right), "{:?} in {:?}", found, names);
        prop_assert_eq!(found.len(), photos.len(), "{:?} in {:?}", found, names);
    }

    #[test]
    fn what_lies_in_parts_that_are_missing_misleads_nobody(
        photos in photos(like_titles(WHOLE), 1..12),
        missing in prop::collection::vec((any::<bool>(), any::<bool>()), 12),
    ) {
        let names = export(&photos, Numbering::Common);
        let rows = || (0..).zip(photos.iter().zip(&names).zip(&missing));
        let sidecars: Vec<_> = rows()
            .filter(|(_, (_, missing))| !missing.0)
            .map(|(row, ((photo, names), _))| {
                Beside { row, name: &names.0, title: &photo.title, url: "" }
            })
            .collect();
        let media: Vec<_> = rows()
            .filter(|(_, (_, missing))| !missing.1)
            .map(|(row, ((_, names), _))| MediaFile { row, name: &names.1 })
            .collect();
        for it in match_folder(&sidecars, &media) {
            let is_exact = it.rule == MatchRule::TakeoutTitle;
            prop_assert!(!is_exact || it.media == it.sidecar, "{:?} of {:?}", it, names);
        }
    }

    #[test]
    fn the_order_does_not_matter_and_no_file_is_matched_twice(
        photos in photos(prop_oneof![any_title(), like_titles(ALL)], 1..12),
        numbering in prop::sample::select(vec![Numbering::Own, Numbering::Common]),
        (seed, blank) in (any::<u64>(), prop::collection::vec(any::<bool>(), 12)),
    ) {
        let names = export(&photos, numbering);
        let rows = 0..i64::try_from(photos.len()).unwrap();
        let mut sidecars: Vec<_> = rows
            .clone()
            .zip(photos.iter().zip(&names).zip(&blank))
            .map(|(row, ((photo, names), blank))| {
                let title = if *blank { "" } else { photo.title.as_str() };
                Beside { row, name: &names.0, title, url: "" }
            })
            .collect();
        let mut media: Vec<_> =
            rows.zip(&names).map(|(row, names)| MediaFile { row, name: &names.1 }).collect();
        let found = match_folder(&sidecars, &media);
        let by_row: BTreeMap<_, _> = found.iter().map(|it| (it.media, it)).collect();
        prop_assert_eq!(by_row.len(), found.len());
        let own = found.iter().filter(|it| !it.is_variant).map(|it| it.sidecar);
        let own: Vec<_> = own.collect();
        prop_assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len());
        let middle = usize::try_from(seed % photos.len() as u64).unwrap();
        sidecars.rotate_left(middle);
        media.rotate_right(middle);
        media.reverse();
        prop_assert_eq!(match_folder(&sidecars, &media), found);
    }
}

#[test]
fn a_folder_of_fifty_thousand_like_names_is_matched() {
    let photo = |i: usize| Photo {
        title: format!("{}-{i}.jpg", "same beginning of all names, which is cut ".repeat(2)),
        of_file: ".jpg",
        is_late: true,
    };
    let photos: Vec<_> = (0..50_000).map(photo).collect();
    let base = sidecar_base(&photos[0]);
    let (stem, extension) = media_parts(&photos[0]);
    let names = (0..50_000)
        .map(|n| (format!("{base}{}.json", number(n)), format!("{stem}{}{extension}", number(n))));
    let names: Vec<_> = names.collect();
    let found = found(&photos, &names);
    assert_eq!(found.len(), 50_000);
    assert!(found.iter().all(|(_, is_right)| *is_right));
}
