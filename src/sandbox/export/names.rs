//! The names that Takeout gives to files: cut, cleaned, numbered.
//!
//! Its rules are nowhere written down by Google. They are those that people have found who
//! compared thousands of exports with the titles in their sidecars; lengths are in UTF-16 units.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::Era;

/// How long the name of a picture may be without its extension.
const STEM_MAX: usize = 47;
/// How long the name of a sidecar may be without its number and `.json`.
const SIDECAR_MAX: usize = 46;
/// What stands between a title and `.json` since the end of 2024.
const SUFFIX: &str = ".supplemental-metadata";
/// What does not stand in names.
const FORBIDDEN: &str = "&?'/\\:*\"<>|%";
/// What counts as an extension of a title; `Mr. Smith` has none.
const EXTENSIONS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp", "dng",
    "cr2", "nef", "arw", "mp4", "m4v", "mov", "avi", "mkv", "webm", "3gp",
];

/// `title` without the signs that do not stand in names.
pub(super) fn clean(title: &str) -> String {
    let fine = |sign: char| if FORBIDDEN.contains(sign) || sign.is_control() { '_' } else { sign };
    title.chars().map(fine).collect()
}

/// `title` as stem and extension, the latter with its dot, or empty.
pub(super) fn split(title: &str) -> (&str, &str) {
    let known = |dot: &usize| {
        let extension = title[dot + 1..].to_ascii_lowercase();
        EXTENSIONS.contains(&extension.as_str())
    };
    title.split_at(title.rfind('.').filter(known).unwrap_or(title.len()))
}

/// The first `units` of `text`, and one more where a surrogate pair would be split.
pub(super) fn cut(text: &str, units: usize) -> &str {
    let mut used = 0;
    for (at, sign) in text.char_indices() {
        if used >= units {
            return &text[..at];
        }
        used += sign.len_utf16();
    }
    text
}

/// `stem`, cut to what a name may have, its number, and `extension`.
pub(super) fn media(stem: &str, number: u64, extension: &str) -> String {
    format!("{}{}{extension}", cut(stem, STEM_MAX), numbered(number))
}

/// The name of the sidecar of what has that title, cleaned.
pub(super) fn sidecar(title: &str, number: u64, era: Era) -> String {
    let whole = match era {
        Era::Supplemental => format!("{title}{SUFFIX}"),
        Era::Plain => title.to_owned(),
    };
    format!("{}{}.json", cut(&whole, SIDECAR_MAX), numbered(number))
}

/// `(1)`, or nothing for the first of a name.
pub(super) fn numbered(number: u64) -> String {
    if number == 0 { String::new() } else { format!("({number})") }
}

/// The order in which names are given: shorter titles first, then as a person would sort them.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    let length = |text: &str| text.encode_utf16().count();
    length(one).cmp(&length(other)).then_with(|| natural(one).cmp(&natural(other)))
}

/// Its numbers as numbers, and its other signs one by one.
fn natural(text: &str) -> Vec<(u128, Option<char>)> {
    let mut key: Vec<(u128, Option<char>)> = Vec::new();
    for sign in text.chars() {
        match (sign.to_digit(10), key.last_mut()) {
            (Some(digit), Some((number, None))) => {
                *number = number.saturating_mul(10).saturating_add(digit.into());
            }
            (Some(digit), _) => key.push((digit.into(), None)),
            (None, _) => key.push((u128::MAX, Some(sign))),
        }
    }
    key
}

/// The names that are given away in one folder.
#[derive(Debug, Default)]
pub(super) struct Taken {
    names: HashSet<String>,
    /// From which number on to look for a name that many have.
    next: HashMap<String, u64>,
}

impl Taken {
    /// The first number from `from` on with which all of the names that `with` makes are free,
    /// which they are no longer afterwards.
    pub fn take(&mut self, from: u64, with: impl Fn(u64) -> Vec<String>) -> (u64, Vec<String>) {
        let key = with(from).concat();
        let start = self.next.get(&key).copied().unwrap_or(from);
        let mut number = start;
        loop {
            let names = with(number);
            if names.iter().all(|name| !self.names.contains(name)) {
                self.names.extend(names.iter().cloned());
                self.next.insert(key, number + 1);
                return (number, names);
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Title, number, era, and the names of sidecar and picture, as people found them.
    const FOUND: &str = "\
PXL_20211013_220651983.jpg | 0 | plain | PXL_20211013_220651983.jpg.json | PXL_20211013_220651983.jpg
DSC_0101.JPG | 1 | plain | DSC_0101.JPG(1).json | DSC_0101(1).JPG
PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINAL.jpg | 0 | plain | PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN.json | PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg
05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg | 0 | plain | 05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json | 05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg
😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛😝.jpg | 0 | plain | 😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋.json | 😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg
Backyard_ceremony_wedding_photography_xxxxxxx_many-1.jpg | 494 | plain | Backyard_ceremony_wedding_photography_xxxxxxx_(494).json | Backyard_ceremony_wedding_photography_xxxxxxx_m(494).jpg
13039_327707840323_537645323_9470255_27214_n.jpg | 1 | plain | 13039_327707840323_537645323_9470255_27214_n.j(1).json | 13039_327707840323_537645323_9470255_27214_n(1).jpg
original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg | 0 | plain | original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json | original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg
15250796_10158125619575157_1421325151866375198_o.jpg | 0 | plain | 15250796_10158125619575157_1421325151866375198.json | 15250796_10158125619575157_1421325151866375198_.jpg
20161105_170829.jpg | 0 | supplemental | 20161105_170829.jpg.supplemental-metadata.json | 20161105_170829.jpg
Screenshot_20231027_123303_Facebook.jpg | 1 | supplemental | Screenshot_20231027_123303_Facebook.jpg.supple(1).json | Screenshot_20231027_123303_Facebook(1).jpg
MVIMG_20191230_232926.jpg | 0 | supplemental | MVIMG_20191230_232926.jpg.supplemental-metadat.json | MVIMG_20191230_232926.jpg
Screenshot_20200301-161151.png | 0 | supplemental | Screenshot_20200301-161151.png.supplemental-me.json | Screenshot_20200301-161151.png
MVIMG_20200207_134534~2.jpg | 0 | supplemental | MVIMG_20200207_134534~2.jpg.supplemental-metad.json | MVIMG_20200207_134534~2.jpg
IMG_20160819_201122-01.jpeg | 0 | supplemental | IMG_20160819_201122-01.jpeg.supplemental-metad.json | IMG_20160819_201122-01.jpeg
CLIP0001.AVI | 10 | supplemental | CLIP0001.AVI.supplemental-metadata(10).json | CLIP0001(10).AVI
Screenshot_2024-08-31-00-53-48-647_com.snapchat.jpg | 0 | supplemental | Screenshot_2024-08-31-00-53-48-647_com.snapcha.json | Screenshot_2024-08-31-00-53-48-647_com.snapchat.jpg
skytree (2).jpg | 0 | supplemental | skytree (2).jpg.supplemental-metadata.json | skytree (2).jpg
Peanut Butter Balls | 0 | supplemental | Peanut Butter Balls.supplemental-metadata.json | Peanut Butter Balls
Who's this? 50% <new>.png | 0 | plain | Who_s this_ 50_ _new_.png.json | Who_s this_ 50_ _new_.png
abcdefghijabcdefghijabcdefghijabcdefghijX.jpg | 0 | supplemental | abcdefghijabcdefghijabcdefghijabcdefghijX.jpg..json | abcdefghijabcdefghijabcdefghijabcdefghijX.jpg";

    #[test]
    fn names_are_those_that_people_found_in_their_exports() {
        for row in FOUND.lines() {
            let cells: Vec<_> = row.split(" | ").collect();
            let [title, number, era, told, found] = cells[..] else { panic!("{row}") };
            let era = if era == "plain" { Era::Plain } else { Era::Supplemental };
            let (title, number) = (clean(title), number.parse().unwrap());
            let (stem, extension) = split(&title);
            assert_eq!(sidecar(&title, number, era), told);
            assert_eq!(media(stem, number, extension), found);
        }
    }

    #[test]
    fn shorter_names_come_first_then_smaller_numbers() {
        let mut titles = ["IMG_10.jpg", "b.jpg", "IMG_2.jpg", "IMG_09.jpg", "a.jpg"];
        titles.sort_by(|one, other| order(one, other));
        assert_eq!(titles, ["a.jpg", "b.jpg", "IMG_2.jpg", "IMG_09.jpg", "IMG_10.jpg"]);
    }

    #[test]
    fn a_name_that_is_taken_gets_the_next_number() {
        let mut taken = Taken::default();
        let mut take = || taken.take(0, |number| vec![media("a", number, ".jpg")]).1.concat();
        assert_eq!([take(), take(), take()], ["a.jpg", "a(1).jpg", "a(2).jpg"]);
    }
}
