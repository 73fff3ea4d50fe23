//! How albums are named, and what stands in them.
//!
//! With `--omit-album-date` and `--use-flat-path` the names are those of the tool that
//! this one follows (gphotos-sync 3, `album_folder_name`):
//!
//! | dated | flat | an album's folder      |
//! |-------|------|------------------------|
//! | yes   | no   | `albums/YYYY/MMDD Title` |
//! | yes   | yes  | `albums/YYYY-MMDD Title` |
//! | no    | -    | `albums/Title`           |
//!
//! Which of two albums of one name gets the number is decided in [`super::names`].

use chrono::{DateTime, Utc};

use super::{NameRules, clean};

/// The folder of all albums.
const ALBUMS: &str = "albums";

/// Where an album goes none of whose items has a time.
const UNDATED: &str = "undated";

/// What an album without a title is called.
const UNTITLED: &str = "Untitled";

/// How many digits a position has at least.
const DIGITS: usize = 4;

/// What stands in an album's folder for each of its items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlbumMode {
    /// A relative symlink.
    #[default]
    Symlink,
    /// Another name of the same file.
    Hardlink,
    /// A copy that shares the disk's blocks until one of the two is changed.
    Reflink,
    /// A copy.
    Copy,
    /// Nothing: there are no folders for albums.
    Nothing,
}

impl AlbumMode {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Symlink, Self::Hardlink, Self::Reflink, Self::Copy, Self::Nothing];

    /// The word for it on the command line and in the index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::Reflink => "reflink",
            Self::Copy => "copy",
            Self::Nothing => "none",
        }
    }
}

/// How albums and what stands in them are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlbumStyle {
    /// No folder for each year.
    pub flat: bool,
    /// Which date an album's name bears.
    pub date: AlbumDate,
    /// Leave out the number before each name.
    pub unnumbered: bool,
}

/// Which date an album's name bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlbumDate {
    /// That of its latest item.
    #[default]
    Last,
    /// That of its earliest item.
    First,
    /// None.
    Omitted,
}

/// The folder that an album wants, before it is known who else wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlbumFolder {
    /// The folder that it is in, from the archive's root, `/` between its parts.
    pub parent: String,
    /// Its name there: one plain part.
    pub name: String,
}

/// Returns the folder that an album of that title wants, whose earliest and latest
/// items are of the times `span`.
///
/// The date is that of UTC. A title of nothing but white space is none.
#[must_use]
pub fn album_folder(
    title: &str,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    style: AlbumStyle,
    rules: NameRules,
) -> AlbumFolder {
    let title = if title.trim().is_empty() { UNTITLED } else { title };
    let date = match style.date {
        AlbumDate::Omitted => return folder(ALBUMS.to_owned(), title, rules),
        AlbumDate::First => span.map(|(first, _)| first),
        AlbumDate::Last => span.map(|(_, last)| last),
    };
    match date {
        Some(date) if style.flat => {
            let name = format!("{} {title}", date.format("%Y-%m%d"));
            folder(ALBUMS.to_owned(), &name, rules)
        }
        Some(date) => {
            let name = format!("{} {title}", date.format("%m%d"));
            folder(format!("{ALBUMS}/{}", date.format("%Y")), &name, rules)
        }
        None if style.flat => folder(ALBUMS.to_owned(), title, rules),
        None => folder(format!("{ALBUMS}/{UNDATED}"), title, rules),
    }
}

fn folder(parent: String, name: &str, rules: NameRules) -> AlbumFolder {
    AlbumFolder { parent, name: clean(name, rules) }
}

/// Returns the name that the item at `position` wants in its album, whose last
/// position is `last`, from the name of the file that it stands for.
///
/// The position comes first, unless the style leaves it out, so that names sort as
/// the album does: four digits, more where `last` has more.
#[must_use]
pub fn entry_name(
    position: u64,
    last: u64,
    file_name: &str,
    style: AlbumStyle,
    rules: NameRules,
) -> String {
    if style.unnumbered {
        return clean(file_name, rules);
    }
    let digits = last.max(position).to_string().len().max(DIGITS);
    clean(&format!("{position:0digits$}_{file_name}"), rules)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FLAT: AlbumStyle = AlbumStyle { flat: true, date: AlbumDate::Last, unnumbered: false };

    #[test]
    fn every_way_to_name_an_albums_folder() {
        let style = |flat, date| AlbumStyle { flat, date, unnumbered: false };
        let span = Some((time("2023-12-31T23:59:59Z"), time("2024-01-02T00:00:00Z")));
        for (title, span, style, path) in [
            ("Trip", span, AlbumStyle::default(), "albums/2024/0102 Trip"),
            ("Trip", span, style(false, AlbumDate::First), "albums/2023/1231 Trip"),
            ("Trip", span, style(false, AlbumDate::Omitted), "albums/Trip"),
            ("Trip", span, FLAT, "albums/2024-0102 Trip"),
            ("Trip", span, style(true, AlbumDate::First), "albums/2023-1231 Trip"),
            ("Trip", span, style(true, AlbumDate::Omitted), "albums/Trip"),
            ("Trip", None, AlbumStyle::default(), "albums/undated/Trip"),
            ("Trip", None, FLAT, "albums/Trip"),
            ("", span, AlbumStyle::default(), "albums/2024/0102 Untitled"),
            (" \t", span, style(false, AlbumDate::Omitted), "albums/Untitled"),
            ("a/b\n", span, AlbumStyle::default(), "albums/2024/0102 a_b_"),
            ("..", span, AlbumStyle::default(), "albums/2024/0102 .."),
            ("..", span, style(false, AlbumDate::Omitted), "albums/_"),
            (" Été 🏖 ", span, AlbumStyle::default(), "albums/2024/0102  Été 🏖 "),
        ] {
            let folder = album_folder(title, span, style, NameRules::Posix);
            assert_eq!(format!("{}/{}", folder.parent, folder.name), path, "{title:?} {style:?}");
        }
    }

    #[test]
    fn every_way_to_name_what_stands_in_an_album() {
        let unnumbered = AlbumStyle { unnumbered: true, ..AlbumStyle::default() };
        for (position, last, style, name) in [
            (1, 1, AlbumStyle::default(), "0001_a.jpg"),
            (9999, 9999, AlbumStyle::default(), "9999_a.jpg"),
            (7, 12_345, AlbumStyle::default(), "00007_a.jpg"),
            (10_000, 10_000, AlbumStyle::default(), "10000_a.jpg"),
            (7, 12_345, unnumbered, "a.jpg"),
        ] {
            assert_eq!(entry_name(position, last, "a.jpg", style, NameRules::Posix), name);
        }
        let long = "x".repeat(251) + ".jpg";
        let name = entry_name(1, 1, &long, AlbumStyle::default(), NameRules::Posix);
        assert_eq!(name, format!("0001_{}.jpg", "x".repeat(246)));
    }

    proptest! {
        #[test]
        fn names_are_for_any_disk_and_sort_as_the_album_does(
            title in "(?s).{0,300}",
            one in 1..100_000_u64,
            other in 1..100_000_u64,
            flat in any::<bool>(),
        ) {
            let style = AlbumStyle { flat, ..AlbumStyle::default() };
            let span = Some((DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH));
            let folder = album_folder(&title, span, style, NameRules::Posix);
            let last = one.max(other);
            let [first, second] = [one, other]
                .map(|position| entry_name(position, last, &folder.name, style, NameRules::Posix));
            for name in [&folder.name, &first, &second] {
                prop_assert!((1..=255).contains(&name.len()));
                prop_assert!(!name.contains('/'));
            }
            prop_assert_eq!(first.cmp(&second), one.cmp(&other));
        }
    }

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }
}
