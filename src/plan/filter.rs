//! What a person narrows a backup down to: dates, patterns, favourites, a folder, albums.
//!
//! Each says of one item whether it is meant. What becomes of those that are not is
//! decided in [`super::select`].

use std::fmt;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, NaiveTime, Utc};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexBuilder};

use super::{NameRules, clean};

/// Why what a person typed is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    /// Not a date.
    #[error("'{0}' is no date; write YYYY-MM-DD, YYYY-MM or YYYY")]
    Date(String),
    /// The last day is before the first.
    #[error("nothing lies between: the last day ({last}) is before the first ({first})")]
    Backwards {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// Not a pattern.
    #[error("'{pattern}' is no pattern: {why}")]
    Pattern {
        /// What was typed.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// Not a regular expression.
    #[error("'{pattern}' is no regular expression:\n{why}")]
    Regex {
        /// What was typed.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
}

/// What holds for Drive and Photos alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// From when to when.
    pub dates: Dates,
    /// What is left out by its name.
    pub exclude: Exclude,
    /// Only favourites, and what is starred.
    pub favourites_only: bool,
}

/// The days from which something is wanted, in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The first instant that is wanted.
    from: Option<DateTime<Utc>>,
    /// The first instant that no longer is.
    before: Option<DateTime<Utc>>,
}

impl Dates {
    /// Reads the first and the last day: each a day, or the month or the year whose
    /// first or last day is meant.
    ///
    /// # Errors
    ///
    /// [`BadFilter::Date`], [`BadFilter::Backwards`].
    pub fn parse(first: Option<&str>, last: Option<&str>) -> Result<Self, BadFilter> {
        let first = first.map(period).transpose()?.map(|(first, _)| first);
        let last = last.map(period).transpose()?.map(|(_, last)| last);
        if let (Some(first), Some(last)) = (first, last)
            && last < first
        {
            return Err(BadFilter::Backwards { first, last });
        }
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        Ok(Self { from: first.map(midnight), before: last.map(after).map(midnight) })
    }

    /// Says whether what is of the time `at` is wanted. What is of no known time is, if
    /// no date was given.
    #[must_use]
    pub fn hold(&self, at: Option<DateTime<Utc>>) -> bool {
        match at {
            Some(at) => {
                self.from.is_none_or(|from| at >= from)
                    && self.before.is_none_or(|before| at < before)
            }
            None => self.from.is_none() && self.before.is_none(),
        }
    }
}

/// The first and the last day of `2024-01-31`, `2024-01` or `2024`.
fn period(text: &str) -> Result<(NaiveDate, NaiveDate), BadFilter> {
    let bad = || BadFilter::Date(text.to_owned());
    let (rest, length) = match text.len() {
        10 => ("", None),
        7 => ("-01", Some(Months::new(1))),
        4 => ("-01-01", Some(Months::new(12))),
        _ => return Err(bad()),
    };
    let first = NaiveDate::parse_from_str(&format!("{text}{rest}"), "%Y-%m-%d").ok();
    // Chrono also reads numbers with signs and spaces.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let first =
        first.filter(|first| plain && (0..10_000).contains(&first.year())).ok_or_else(bad)?;
    let next = length.map(|length| first.checked_add_months(length));
    let last = next.map_or(Some(first), |next| next.and_then(|next| next.pred_opt()));
    Ok((first, last.ok_or_else(bad)?))
}

/// Patterns of names and paths that are left out.
#[derive(Clone, Default)]
pub struct Exclude {
    patterns: Vec<String>,
    globs: GlobSet,
}

impl Exclude {
    /// Reads patterns. They mean what they mean in a `.gitignore`: one without `/` is of
    /// a name at any depth, others begin at the top; a `/` at the end is of folders
    /// only; what is in an excluded folder is excluded.
    ///
    /// # Errors
    ///
    /// [`BadFilter::Pattern`], also for one that would take something back (`!`).
    pub fn parse(patterns: Vec<String>) -> Result<Self, BadFilter> {
        let mut globs = GlobSetBuilder::new();
        for pattern in &patterns {
            let bad = |why: String| BadFilter::Pattern { pattern: pattern.clone(), why };
            for glob in globs_of(pattern).map_err(|why| bad(why.to_owned()))? {
                let mut glob = GlobBuilder::new(&glob);
                let glob = glob.literal_separator(true).backslash_escape(true).build();
                globs.add(glob.map_err(|error| bad(error.kind().to_string()))?);
            }
        }
        let globs = globs.build().map_err(|error| BadFilter::Pattern {
            pattern: error.glob().unwrap_or_default().to_owned(),
            why: error.kind().to_string(),
        })?;
        Ok(Self { patterns, globs })
    }

    /// Says whether the file of this path, folders and name with `/` between them, is
    /// left out.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        self.globs.is_match(path)
    }

    /// Says whether there is nothing to leave out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

/// What is compared with a file's whole path for a pattern: the file, and all that is
/// below a folder.
fn globs_of(pattern: &str) -> Result<Vec<String>, &'static str> {
    if pattern.starts_with('!') {
        return Err("nothing can be taken back in; write \\! for a name that begins with !");
    }
    let folders_only = pattern.ends_with('/');
    let bare = pattern.strip_suffix('/').unwrap_or(pattern);
    let top = if bare.contains('/') { "" } else { "**/" };
    let bare = bare.strip_prefix('/').unwrap_or(bare);
    if bare.is_empty() {
        return Err("it is empty");
    }
    let mut globs = vec![format!("{top}{bare}/**")];
    if !folders_only {
        globs.push(format!("{top}{bare}"));
    }
    Ok(globs)
}

impl fmt::Debug for Exclude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.patterns.fmt(f)
    }
}

impl PartialEq for Exclude {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for Exclude {}

/// A folder of My Drive, by the names of the folders that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriveFolder(Vec<String>);

impl DriveFolder {
    /// Reads a path such as `Family/Trips`; `None` if it names no folder.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let parts: Vec<_> = parts.map(|part| clean(part, NameRules::Posix)).collect();
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// The names from the top down, each as `drive/` has it, but without a number.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// Says whether what hangs at the end of `trail` is in the folder or below it.
    #[must_use]
    pub fn holds(&self, trail: &Trail) -> bool {
        trail.in_my_drive && trail.folders.starts_with(&self.0)
    }
}

impl fmt::Display for DriveFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

/// Where an item is at its source: the folders that lead to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// It begins at the root of My Drive.
    pub in_my_drive: bool,
    /// The names of the folders from the top down, made [`clean`], without numbers.
    pub folders: Vec<String>,
}

impl Trail {
    /// The path of an item with `title` at the end of the trail.
    #[must_use]
    pub fn path(&self, title: &str) -> String {
        let mut path = String::new();
        for folder in &self.folders {
            path.push_str(folder);
            path.push('/');
        }
        path + &clean(title, NameRules::Posix)
    }
}

/// Which albums are meant.
#[derive(Clone, Debug)]
pub enum AlbumPick {
    /// Those of this title.
    Title(String),
    /// Those whose title the expression matches somewhere.
    Matching(Regex),
}

impl AlbumPick {
    /// Reads a regular expression, for which the case of letters does not count.
    ///
    /// # Errors
    ///
    /// [`BadFilter::Regex`].
    pub fn matching(pattern: &str) -> Result<Self, BadFilter> {
        let regex = RegexBuilder::new(pattern).case_insensitive(true).build();
        let bad = |error: regex::Error| BadFilter::Regex {
            pattern: pattern.to_owned(),
            why: error.to_string(),
        };
        Ok(Self::Matching(regex.map_err(bad)?))
    }

    /// Says whether the album of this title is meant.
    #[must_use]
    pub fn holds(&self, title: &str) -> bool {
        match self {
            Self::Title(wanted) => title == wanted,
            Self::Matching(regex) => regex.is_match(title),
        }
    }
}

impl PartialEq for AlbumPick {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Title(one), Self::Title(other)) => one == other,
            (Self::Matching(one), Self::Matching(other)) => one.as_str() == other.as_str(),
            _ => false,
        }
    }
}

impl Eq for AlbumPick {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years_are_meant_from_their_first_to_their_last_instant() {
        for (first, last, at, expected) in [
            ("2024-02-29", "", "2024-02-29T00:00:00.000Z", true),
            ("2024-02-29", "", "2024-02-28T23:59:59.999Z", false),
            ("", "2024-02-29", "2024-02-29T23:59:59.999Z", true),
            ("", "2024-02-29", "2024-03-01T00:00:00.000Z", false),
            ("2024", "2024", "2024-12-31T23:59:59.999Z", true),
            ("2024", "2024", "2025-01-01T00:00:00.000Z", false),
            ("2024-02", "2024-02", "2024-02-29T12:00:00.000Z", true),
            ("2024-02", "2024-02", "2024-01-31T23:59:59.999Z", false),
            ("1969-07-20", "1969-07-20", "1969-07-20T20:17:40.000Z", true),
            ("", "", "", true),
            ("2024", "", "", false),
            ("", "2024", "", false),
        ] {
            let text = |text: &'static str| Some(text).filter(|text| !text.is_empty());
            let dates = Dates::parse(text(first), text(last)).unwrap();
            let at = text(at).map(|at| DateTime::parse_from_rfc3339(at).unwrap().to_utc());
            assert_eq!(dates.hold(at), expected, "{at:?} in {first:?} to {last:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_named() {
        for text in [
            "24-01-31",
            "2024-13",
            "2024-02-30",
            "2024-1-31",
            "yesterday",
            "20240131",
            "+2024-1-1",
            "",
        ] {
            assert_eq!(Dates::parse(Some(text), None), Err(BadFilter::Date(text.to_owned())));
        }
        assert!(Dates::parse(Some("2024-02"), Some("2024-01")).is_err());
        assert!(Dates::parse(Some("2024-02-10"), Some("2024-02")).is_ok());
    }

    #[test]
    fn patterns_mean_what_they_mean_in_a_gitignore() {
        for (pattern, left_out, kept) in [
            ("*.gif", "a.gif Trips/a.gif Trips/x.gif/b.jpg", "a.GIF a.gif.jpg"),
            ("Old", "Old Old/a Trips/Old Trips/Old/x/a", "Older old Old2/a"),
            ("Old/", "Old/a Trips/Old/x/a", "Old Trips/Old"),
            ("/Old", "Old Old/a", "Trips/Old Trips/Old/a"),
            ("Trips/Old", "Trips/Old Trips/Old/a", "x/Trips/Old"),
            ("Trips/*.jpg", "Trips/a.jpg Trips/d.jpg/x", "Trips/2019/a.jpg"),
            ("Trips/**/*.jpg", "Trips/a.jpg Trips/2019/x/a.jpg", "a.jpg"),
            ("**/Old", "Old x/y/Old/a", "Older"),
            ("Trips/**", "Trips/a Trips/b/c", "Trips"),
            ("IMG_????.jpg", "IMG_0001.jpg x/IMG_0002.jpg", "IMG_1.jpg IMG_00/1.jpg"),
            ("*.{mov,mp4}", "a.mov b/c.mp4", "a.mp3"),
            ("[0-9]*", "1 2x/a", "a1"),
            ("\\!a", "!a", "a"),
            ("\\#1", "#1", "1"),
        ] {
            let exclude = Exclude::parse(vec![pattern.to_owned()]).unwrap();
            for path in left_out.split(' ') {
                assert!(exclude.holds(path), "{pattern} and {path}");
            }
            for path in kept.split(' ') {
                assert!(!exclude.holds(path), "{pattern} and {path}");
            }
        }
    }

    #[test]
    fn what_is_no_pattern_is_named() {
        for text in ["[a", "{a", "/", "", "!a", "a\\"] {
            let error = Exclude::parse(vec!["fine".to_owned(), text.to_owned()]).unwrap_err();
            assert!(matches!(error, BadFilter::Pattern { pattern, .. } if pattern == text));
        }
    }

    #[test]
    fn a_folder_holds_what_is_in_it_and_below() {
        for (folder, trail, expected) in [
            ("Trips", "Trips", true),
            ("Trips", "Trips 2019 x", true),
            ("/Trips/2019/", "Trips 2019", true),
            ("Trips/2019", "Trips", false),
            ("Trips", "Trip", false),
            ("Trips", "x Trips", false),
            ("Trips", "", false),
        ] {
            let folder = DriveFolder::parse(folder).unwrap();
            let mut trail = Trail {
                in_my_drive: true,
                folders: trail.split_whitespace().map(str::to_owned).collect(),
            };
            assert_eq!(folder.holds(&trail), expected, "{folder} and {trail:?}");
            trail.in_my_drive = false;
            assert!(!folder.holds(&trail), "a folder that others share has the same name");
        }
        assert_eq!(DriveFolder::parse("//"), None);
    }

    #[test]
    fn paths_are_those_that_the_archive_would_have_without_numbers() {
        let trail = Trail { in_my_drive: true, folders: vec!["A".into(), "b_c".into()] };
        assert_eq!(trail.path("d/e.jpg"), "A/b_c/d_e.jpg");
        assert_eq!(Trail::default().path(".."), "_");
    }

    #[test]
    fn albums_are_picked_by_their_whole_title_or_by_any_part_of_it() {
        let title = AlbumPick::Title("Trip".to_owned());
        assert!(title.holds("Trip") && !title.holds("trip") && !title.holds("Trip 2"));
        for (pattern, titles, others) in [
            ("trip", "Trip,Our TRIP 2", "Tri"),
            ("^trip$", "Trip", "Trip 2"),
            ("été|20\\d\\d", "ÉTÉ,x 2019", "199"),
        ] {
            let pick = AlbumPick::matching(pattern).unwrap();
            assert!(titles.split(',').all(|title| pick.holds(title)), "{pattern}");
            assert!(!pick.holds(others), "{pattern}");
        }
        assert!(matches!(AlbumPick::matching("("), Err(BadFilter::Regex { .. })));
    }
}
