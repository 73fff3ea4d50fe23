//! Whether an item of Google Photos is the same picture or film as an original that
//! the archive holds already.
//!
//! An uncertain match is no match: two copies cost disk, a wrong match costs a photo.
//! What the Library API serves may lack the place, and films are made anew, so equal
//! bytes are only the first of the rules. Nothing is asked or read here.

use chrono::{DateTime, Utc};

use crate::model::{MatchRule, Media, Sha256, TakenFrom};

/// The widest offset of a time zone from UTC, in seconds, and the step between offsets.
const ZONE_MAX_S: i64 = 14 * 3600;
const ZONE_STEP_S: i64 = 15 * 60;

/// By how much the durations of a film and of what Google made of it may differ.
const DURATION_MS_MAX: u64 = 1000;

/// Formats whose length tells their content apart. An edited picture in one that is not
/// compressed is as long as it was before.
const COMPRESSED: [&str; 7] = [
    "image/jpeg",
    "image/png",
    "image/heif",
    "image/heic",
    "image/webp",
    "image/avif",
    "image/gif",
];

/// An item of Photos, with what is known of the bytes that it serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo<'a> {
    /// Its name.
    pub title: &'a str,
    /// Its MIME type, as Photos states it.
    pub mime_type: &'a str,
    /// Whether it is a picture or a film.
    pub media: Media,
    /// When it was taken: an instant, in whole seconds.
    pub taken: Option<DateTime<Utc>>,
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
    /// What is known of its bytes so far.
    pub served: Served,
    /// Whether another item of Photos has the same name and time: a burst.
    pub has_rival: bool,
}

/// What is known of the bytes that Photos serves of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// How many there are, in bytes: known before they are fetched if it was asked for.
    pub size_bytes: Option<u64>,
    /// Their SHA-256.
    pub sha256: Option<Sha256>,
    /// The SHA-256 of the picture without its metadata segments.
    pub picture: Option<Sha256>,
    /// How long the film is, in milliseconds.
    pub duration_ms: Option<u64>,
}

/// A file of the archive that holds the original of another source's item.
#[derive(Clone, Debug, PartialEq)]
pub struct Original {
    /// The file's row.
    pub file: i64,
    /// The item's name.
    pub title: String,
    /// When it was taken, and how that is known.
    pub taken: Option<(DateTime<Utc>, TakenFrom)>,
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
    /// Its length in bytes.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Sha256,
    /// The SHA-256 of the picture without its metadata segments.
    pub picture: Option<Sha256>,
    /// How long the film is, in milliseconds.
    pub duration_ms: Option<u64>,
}

/// What comes of comparing an item of Photos with the originals there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the picture or film in this file.
    Same {
        /// The file's row.
        file: i64,
        /// How that is known.
        rule: MatchRule,
    },
    /// It is in exactly one file by all but its length, which has to be asked for.
    AskLength,
    /// It is none of them, or that cannot be told.
    Other,
}

/// Compares an item of Photos with the originals that may be it.
#[must_use]
pub fn recognise(photo: &Photo<'_>, originals: &[Original]) -> Verdict {
    let served = &photo.served;
    if let Some(same) = find(originals, |it| served.sha256 == Some(it.sha256)) {
        return Verdict::Same { file: same.file, rule: MatchRule::Hash };
    }
    if let Some(same) = find(originals, |it| it.picture.is_some() && served.picture == it.picture) {
        return Verdict::Same { file: same.file, rule: MatchRule::Picture };
    }
    let mut alike: Vec<_> = originals.iter().filter(|it| looks_like(photo, it)).collect();
    alike.sort_unstable_by_key(|it| (it.sha256, it.file));
    // Copies of one another are one candidate.
    alike.dedup_by_key(|it| it.sha256);
    match (alike.as_slice(), photo.media) {
        ([_], _) if photo.has_rival => Verdict::Other,
        ([only], Media::Picture) => by_length(photo, only),
        ([only], Media::Video) if lasts_as_long(photo, only) => {
            Verdict::Same { file: only.file, rule: MatchRule::NameTime }
        }
        _ => Verdict::Other,
    }
}

fn find(originals: &[Original], is_it: impl Fn(&Original) -> bool) -> Option<&Original> {
    originals.iter().filter(|it| is_it(it)).min_by_key(|it| it.file)
}

/// An edit in Photos keeps name, dimensions and time: only the length can tell.
fn by_length(photo: &Photo<'_>, original: &Original) -> Verdict {
    match photo.served.size_bytes {
        _ if !COMPRESSED.contains(&photo.mime_type) => Verdict::Other,
        None => Verdict::AskLength,
        Some(length) if length == original.size_bytes => {
            Verdict::Same { file: original.file, rule: MatchRule::NameSizeTime }
        }
        Some(_) => Verdict::Other,
    }
}

/// Says whether name, dimensions and time are those of `original`.
fn looks_like(photo: &Photo<'_>, original: &Original) -> bool {
    let agrees = photo.title == original.title
        && match photo.media {
            Media::Picture => has_size_of(photo, original) && was_taken_with(photo, original, true),
            Media::Video => was_taken_with(photo, original, false),
            Media::Other => false,
        };
    // Both pictures are known, and they are not the same one.
    let differs = photo.served.picture.is_some() && original.picture.is_some();
    agrees && !differs
}

/// Turned by a quarter they are the same: not all sources state them as shown.
fn has_size_of(photo: &Photo<'_>, original: &Original) -> bool {
    match (photo.pixels, original.pixels) {
        (Some((width, height)), Some(other)) => {
            other == (width, height) || other == (height, width)
        }
        _ => false,
    }
}

/// Says whether both were taken in the same second. A time that was taken as UTC may be
/// off by a zone's offset: good enough only where the length is asked for as well.
fn was_taken_with(photo: &Photo<'_>, original: &Original, by_any_zone: bool) -> bool {
    let (Some(at), Some((other, from))) = (photo.taken, original.taken) else { return false };
    let apart = at.timestamp() - other.timestamp();
    match from {
        TakenFrom::Google | TakenFrom::ExifOffset | TakenFrom::ExifGps => apart == 0,
        TakenFrom::ExifUtc | TakenFrom::DriveUtc => {
            apart == 0 || by_any_zone && apart % ZONE_STEP_S == 0 && apart.abs() <= ZONE_MAX_S
        }
        TakenFrom::Name | TakenFrom::FileTime | TakenFrom::Folder => false,
    }
}

fn lasts_as_long(photo: &Photo<'_>, original: &Original) -> bool {
    match (photo.served.duration_ms, original.duration_ms) {
        (Some(one), Some(other)) => one.abs_diff(other) <= DURATION_MS_MAX,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const NOON: &str = "2024-06-01T12:00:00Z";

    #[test]
    fn what_is_known_of_the_bytes_decides_before_anything_else() {
        //     Photos                           originals                verdict
        check("x.jpg bytes=1", &["a.jpg bytes=1"], "1 hash");
        check("x.jpg bytes=1", &["a.jpg bytes=2", "b.jpg bytes=1"], "2 hash");
        check("x.jpg bytes=1", &["a.jpg bytes=1", "b.jpg bytes=1"], "1 hash");
        check("x.jpg bytes=1 picture=7", &["a.jpg bytes=2 picture=7"], "1 picture");
        // The same bytes are more than the same picture.
        check(
            "a.jpg bytes=1 picture=7",
            &["a.jpg bytes=2 picture=7", "b.jpg bytes=1 picture=7"],
            "2 hash",
        );
        // A burst is one file each, whatever the names.
        check("a.jpg rival bytes=1 picture=7", &["a.jpg bytes=2 picture=7"], "1 picture");
    }

    #[test]
    fn name_dimensions_and_time_agree_and_then_the_length_is_asked_for() {
        check("a.jpg", &["a.jpg"], "ask");
        check("a.jpg size=100", &["a.jpg size=100"], "1 name_size_time");
        // An edit keeps the name, the dimensions and the time.
        check("a.jpg size=99", &["a.jpg size=100"], "other");
        check("a.jpg", &["b.jpg"], "other");
        check("a.jpg", &["A.JPG"], "other");
        check("a.jpg 640x480", &["a.jpg 641x480"], "other");
        check("a.jpg 640x480", &["a.jpg 480x640"], "ask");
        check("a.jpg 0x0", &["a.jpg"], "other");
        check("a.jpg", &["a.jpg 0x0"], "other");
        // An edited picture of a sort that is not compressed has the length it had.
        check("a.bmp", &["a.bmp"], "other");
        check("a.bmp size=100", &["a.bmp size=100"], "other");
    }

    #[test]
    fn an_edited_copy_is_no_match_once_it_is_known() {
        check("a.jpg size=100 picture=8", &["a.jpg size=100 picture=7"], "other");
        check("a.jpg size=90 bytes=1 picture=8", &["a.jpg size=100 picture=7"], "other");
        // What cannot be taken apart is told by its length.
        check("a.heic size=100", &["a.heic size=100"], "1 name_size_time");
        check("a.heic size=90", &["a.heic size=100"], "other");
    }

    #[test]
    fn times_without_a_zone_may_be_off_by_one() {
        for (apart, from, verdict) in [
            (0, "exif_offset", "ask"),
            (1, "exif_offset", "other"),
            (3600, "exif_offset", "other"),
            (0, "exif_gps", "ask"),
            (0, "google", "ask"),
            (0, "exif_utc", "ask"),
            (0, "drive_utc", "ask"),
            (3600, "exif_utc", "ask"),
            (-3600, "drive_utc", "ask"),
            (5 * 3600 + 45 * 60, "exif_utc", "ask"),
            (14 * 3600, "exif_utc", "ask"),
            (14 * 3600 + 900, "exif_utc", "other"),
            (3601, "exif_utc", "other"),
            (600, "exif_utc", "other"),
            // A date from a name or a folder is not when it was taken.
            (0, "name", "other"),
            (0, "folder", "other"),
        ] {
            check("a.jpg", &[&format!("a.jpg {from} later={apart}")], verdict);
        }
        check("a.jpg undated", &["a.jpg"], "other");
        check("a.jpg", &["a.jpg undated"], "other");
    }

    #[test]
    fn where_several_may_be_it_none_is() {
        check("a.jpg", &["a.jpg bytes=1", "a.jpg bytes=2"], "other");
        check("a.jpg size=100", &["a.jpg size=100 bytes=1", "a.jpg size=90 bytes=2"], "other");
        // Two copies of one file are one candidate.
        check("a.jpg", &["a.jpg bytes=1", "a.jpg bytes=1"], "ask");
        check("a.jpg size=100", &["a.jpg bytes=1", "a.jpg bytes=1"], "1 name_size_time");
        check("a.jpg", &["a.jpg", "b.jpg"], "ask");
        // One original of a burst, and several in Photos.
        check("a.jpg rival", &["a.jpg"], "other");
        check("a.jpg rival size=100", &["a.jpg"], "other");
    }

    #[test]
    fn films_are_told_by_name_second_and_duration() {
        check("a.mp4 lasts=5000", &["a.mp4 lasts=5000"], "1 name_time");
        check("a.mp4 lasts=5000", &["a.mp4 lasts=5999"], "1 name_time");
        check("a.mp4 lasts=5000", &["a.mp4 lasts=6001"], "other");
        check("a.mp4 lasts=5000", &["a.mp4 lasts=4000"], "1 name_time");
        check("a.mp4 lasts=5000", &["b.mp4 lasts=5000"], "other");
        check("a.mp4 lasts=5000", &["a.mp4 lasts=5000 later=1"], "other");
        // No length is asked for that could tell a zone's offset from another film.
        check("a.mp4 lasts=5000", &["a.mp4 lasts=5000 exif_utc later=3600"], "other");
        // Before it is fetched nothing is known of a film.
        check("a.mp4", &["a.mp4 lasts=5000"], "other");
        check("a.mp4 lasts=5000", &["a.mp4"], "other");
        check("a.mp4 lasts=5000 rival", &["a.mp4 lasts=5000"], "other");
        check("a.mp4 lasts=5", &["a.mp4 lasts=5 bytes=1", "a.mp4 lasts=5 bytes=2"], "other");
        check("a.mp4 bytes=1", &["b.mp4 bytes=1"], "1 hash");
    }

    proptest! {
        #[test]
        fn a_file_is_never_named_that_was_not_given(
            photo in described(), originals in prop::collection::vec(held(), 0..5),
        ) {
            let verdict = shown(&photo, &originals);
            if let Some((file, _)) = verdict.split_once(' ') {
                prop_assert!((1..=originals.len()).contains(&file.parse().unwrap()));
            }
            // The order in which they are found does not matter for whether there is one.
            let mut reversed = originals.clone();
            reversed.reverse();
            let rule = |verdict: String| verdict.split(' ').next_back().map(str::to_owned);
            prop_assert_eq!(rule(shown(&photo, &reversed)), rule(verdict));
        }
    }

    /// An original. The same bytes are the same picture, as long and of the same time.
    fn held() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "a.jpg bytes=1 picture=1",
            "b.jpg bytes=1 picture=1",
            "a.jpg bytes=2 picture=2 size=90",
            "a.jpg bytes=3 exif_utc later=3600",
            "a.mp4 bytes=4 lasts=5",
            "a.mp4 bytes=5 lasts=900",
        ])
    }

    fn described() -> impl Strategy<Value = String> {
        (
            prop::sample::select(vec!["a.jpg", "b.jpg", "a.mp4"]),
            prop::sample::select(vec!["", " bytes=1", " bytes=2"]),
            prop::sample::select(vec!["", " picture=1", " picture=2"]),
            prop::sample::select(vec!["", " size=90", " lasts=5", " exif_utc later=3600"]),
        )
            .prop_map(|(title, bytes, picture, more)| format!("{title}{bytes}{picture}{more}"))
    }

    #[track_caller]
    fn check(photo: &str, originals: &[&str], expected: &str) {
        assert_eq!(shown(photo, originals), expected, "{photo} among {originals:?}");
    }

    fn shown(photo: &str, originals: &[&str]) -> String {
        let words = Words(photo);
        let title = words.title();
        let extension = title.rsplit_once('.').unwrap().1;
        let photo = Photo {
            title,
            mime_type: match extension {
                "jpg" => "image/jpeg",
                "heic" => "image/heif",
                "mp4" => "video/mp4",
                _ => "image/bmp",
            },
            media: if extension == "mp4" { Media::Video } else { Media::Picture },
            taken: (!words.has("undated")).then(|| NOON.parse().unwrap()),
            pixels: words.pixels(),
            served: Served {
                size_bytes: words.number("size"),
                sha256: words.digest("bytes"),
                picture: words.digest("picture"),
                duration_ms: words.number("lasts"),
            },
            has_rival: words.has("rival"),
        };
        let originals: Vec<_> = (1..).zip(originals).map(|(row, it)| original(row, it)).collect();
        match recognise(&photo, &originals) {
            Verdict::Same { file, rule } => format!("{file} {}", rule.as_str()),
            Verdict::AskLength => "ask".to_owned(),
            Verdict::Other => "other".to_owned(),
        }
    }

    fn original(row: i64, text: &str) -> Original {
        let words = Words(text);
        let from = TakenFrom::ALL.into_iter().find(|from| words.has(from.as_str()));
        let later = TimeDelta::seconds(words.number("later").unwrap_or(0));
        let taken = NOON.parse::<DateTime<Utc>>().unwrap() + later;
        Original {
            file: row,
            title: words.title().to_owned(),
            taken: (!words.has("undated")).then_some((taken, from.unwrap_or(TakenFrom::Google))),
            pixels: words.pixels(),
            size_bytes: words.number("size").unwrap_or(100),
            sha256: words.digest("bytes").unwrap_or(Sha256([255; 32])),
            picture: words.digest("picture"),
            duration_ms: words.number("lasts"),
        }
    }

    /// A title, then words and `name=number`.
    struct Words<'a>(&'a str);

    impl<'a> Words<'a> {
        fn title(&self) -> &'a str {
            self.0.split(' ').next().unwrap()
        }

        fn has(&self, word: &str) -> bool {
            self.0.split(' ').any(|part| part == word)
        }

        fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
            let pairs = self.0.split(' ').filter_map(|part| part.split_once('='));
            let (_, number) = pairs.into_iter().find(|(key, _)| *key == name)?;
            number.parse().ok()
        }

        fn digest(&self, name: &str) -> Option<Sha256> {
            self.number(name).map(|byte| Sha256([byte; 32]))
        }

        /// 640x480 unless said otherwise; 0x0 stands for not known.
        fn pixels(&self) -> Option<(u32, u32)> {
            let number = |text: &str| text.parse().ok();
            let said = self.0.split(' ').find_map(|part| {
                let (width, height) = part.split_once('x')?;
                number(width).zip(number(height))
            });
            Some(said.unwrap_or((640, 480))).filter(|pixels| *pixels != (0, 0))
        }
    }
}
