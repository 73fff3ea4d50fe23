//! One item's name on the disk: what a title becomes, and how a number is put in.
//!
//! Which of several items of one name gets the number is decided in [`super::names`].

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed as ComposingNormalizer;

use super::NameRules;

/// The longest name that Linux' file systems hold, in bytes.
const NAME_BYTES_MAX: usize = 255;

/// The longest last part that is still taken for an extension, in bytes
/// without its dot.
const EXTENSION_BYTES_MAX: usize = 32;

/// Returns the name of an item with `title`, as `rules` let the disk have it.
///
/// It is never empty, `.` or `..`, holds no `/` and no control character, and
/// has at most 255 bytes (and so at most 255 units of UTF-16, which Windows counts), or
/// as many fewer as `rules` ask for.
/// Cleaning a clean name changes nothing.
#[must_use]
pub fn clean(title: &str, rules: NameRules) -> String {
    let most = rules.bytes_max();
    match title {
        _ if rules.is_portable() => portable(title, most),
        "" | "." | ".." => "_".to_owned(),
        title => within(&title.replace(is_impossible, "_"), "", Shape::File, most),
    }
}

/// Windows drops dots and blanks at the end of a name, and takes the names of its
/// devices for these whatever comes after the first dot.
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>
fn portable(title: &str, most: usize) -> String {
    let name = title.replace(|c| is_impossible(c) || r#"<>:"\|?*"#.contains(c), "_");
    let name = name.trim_end_matches(['.', ' ']);
    let name = if is_device(name) { format!("_{name}") } else { name.to_owned() };
    // What is cut may end in a dot or a blank again.
    let name = within(&name, "", Shape::File, most);
    match name.trim_end_matches(['.', ' ']) {
        "" => "_".to_owned(),
        name => name.to_owned(),
    }
}

/// Whether Windows takes `name` for that of a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ');
    let stem = stem.to_ascii_uppercase();
    let is_numbered = |kind| {
        let number = stem.strip_prefix(kind).unwrap_or_default();
        // The superscripts count as digits.
        number.chars().count() == 1 && number.contains(|c| "0123456789¹²³".contains(c))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || is_numbered("COM")
        || is_numbered("LPT")
}

/// Returns what is equal for two names that the disk cannot tell apart under `rules`.
///
/// Where they do not tell case: neither the case of letters counts (by Unicode's full mappings, upper and
/// then lower, since disks differ in which of them they compare) nor whether an accent
/// is a character of its own (NFC).
pub(super) fn folded(name: &str, rules: NameRules) -> Cow<'_, str> {
    if rules.tells_case() {
        return Cow::Borrowed(name);
    }
    if name.is_ascii() {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    let nfc = ComposingNormalizer::new_nfc();
    let lower = nfc.normalize(name).to_uppercase().to_lowercase();
    Cow::Owned(nfc.normalize(&lower).into_owned())
}

/// Returns `name` with ` (n)` before its last extension; folders have no extension.
///
/// `name` is cut where it would become longer than 255 bytes.
#[must_use]
pub fn numbered(name: &str, n: u64, is_folder: bool) -> String {
    let shape = if is_folder { Shape::Folder } else { Shape::File };
    within(name, &format!(" ({n})"), shape, NAME_BYTES_MAX)
}

/// Returns the same as [`numbered`] for a file, with so much room left that nothing is cut
/// where the name gets `extension` instead of its own: a number that was cut off then would
/// tell nobody apart.
#[must_use]
pub(super) fn numbered_beside(name: &str, n: u64, extension: &str, rules: NameRules) -> String {
    let room = extension.len().saturating_sub(split_extension(name).1.len());
    within(name, &format!(" ({n})"), Shape::File, rules.disk_bytes_max() - room)
}

/// Says whether `name` is `wanted`, or that with a number put in.
#[must_use]
pub fn is_dealt_for(name: &str, wanted: &str, is_folder: bool) -> bool {
    let shape = if is_folder { Shape::Folder } else { Shape::File };
    let put_in = |n, room| within(wanted, &format!(" ({n})"), shape, NAME_BYTES_MAX - room);
    // There may have been room left for a longer extension.
    let dealt = |n| (0..=EXTENSION_BYTES_MAX).any(|room| put_in(n, room) == name);
    name == wanted || parts(name, is_folder).is_some_and(|(_, number, _)| dealt(number))
}

/// Returns `name` without the number that [`numbered`] may have put into it; `None` if it
/// has none. What was cut for the number is not to be had again.
#[must_use]
pub fn unnumbered(name: &str, is_folder: bool) -> Option<String> {
    parts(name, is_folder).map(|(stem, _, extension)| format!("{stem}{extension}"))
}

/// What a name has before its number, the number, and its extension.
fn parts(name: &str, is_folder: bool) -> Option<(&str, u64, &str)> {
    let (stem, extension) = if is_folder { (name, "") } else { split_extension(name) };
    let (stem, number) = stem.strip_suffix(')')?.rsplit_once(" (")?;
    Some((stem, number.parse().ok()?, extension))
}

/// Returns `title` with `.extension` at its end, unless it is there in any case.
///
/// For what is saved under another form than it has at Google: exports and pointers.
#[must_use]
pub fn with_extension(title: &str, extension: &str) -> String {
    match title.rsplit_once('.') {
        Some((_, last)) if last.eq_ignore_ascii_case(extension) => title.to_owned(),
        _ => format!("{title}.{extension}"),
    }
}

/// Returns the name that has the stem of `name` and `extension`, which begins with its dot.
///
/// The stem is cut where the name would become longer than the disk of `rules` can hold.
#[must_use]
pub fn with_other_extension(name: &str, extension: &str, rules: NameRules) -> String {
    let name = format!("{}{extension}", split_extension(name).0);
    within(&name, "", Shape::File, rules.disk_bytes_max())
}

/// The extension of a file's name, with its dot; empty if it has none.
pub(super) fn extension(name: &str) -> &str {
    split_extension(name).1
}

/// What a name is the name of.
#[derive(Clone, Copy)]
enum Shape {
    File,
    Folder,
}

/// Puts `suffix` before the extension and cuts the part before it, so that all has at most
/// so many bytes, which are more than an extension and a number have.
fn within(name: &str, suffix: &str, shape: Shape, most: usize) -> String {
    let (stem, extension) = match shape {
        Shape::File => split_extension(name),
        Shape::Folder => (name, ""),
    };
    let room = most.saturating_sub(suffix.len() + extension.len());
    let stem = &stem[..stem.floor_char_boundary(room)];
    format!("{stem}{suffix}{extension}")
}

/// Splits `name` before the dot of its extension, if it has one.
///
/// The rest of a sentence (`Mr. Smith at home`), a dot at the end and the name
/// of a hidden file (`.profile`) are no extensions.
fn split_extension(name: &str) -> (&str, &str) {
    let Some((stem, extension)) = name.rsplit_once('.') else { return (name, "") };
    let is_extension = !extension.is_empty()
        && extension.len() <= EXTENSION_BYTES_MAX
        && !extension.contains(char::is_whitespace)
        && !stem.trim_start_matches('.').is_empty();
    if is_extension { name.split_at(stem.len()) } else { (name, "") }
}

/// What no name on a Linux disk may hold, and control characters, which it may
/// but which nobody can type.
fn is_impossible(c: char) -> bool {
    c == '/' || c.is_control()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::NameLimits;

    #[test]
    fn on_a_disk_of_short_names_there_is_room_for_a_number() {
        let limits = NameLimits { bytes_max: 143, ..NameLimits::LINUX };
        for rules in [NameRules::Posix.on(limits), NameRules::Portable.on(limits)] {
            let name = clean(&format!("{}.jpg", "ü".repeat(148)), rules);
            assert_eq!(name, format!("{}.jpg", "ü".repeat(63)));
            assert_eq!(clean(&name, rules), name);
            assert!(numbered(&name, 999_999, false).len() <= 143);
            for extension in [".mp4", &format!(".{}", "x".repeat(32))] {
                let clip = with_other_extension(&name, extension, rules);
                assert!(clip.len() <= 143 && clip.ends_with(extension), "{clip}");
            }
            assert_eq!(clean("short.jpg", rules), "short.jpg");
        }
    }

    #[test]
    fn a_disk_that_tells_no_case_keeps_the_characters_and_not_two_cases_of_a_name() {
        let rules = NameRules::Posix.on(NameLimits { case_sensitive: false, ..NameLimits::LINUX });
        assert_eq!(clean("Who?. ", rules), "Who?. ");
        assert_eq!(folded("Who?", rules), folded("wHO?", rules));
    }

    #[test]
    fn a_name_is_known_by_what_it_was_dealt_for() {
        for (name, wanted, is_folder, expected) in [
            ("a.jpg", "a.jpg", false, true),
            ("a (1).jpg", "a.jpg", false, true),
            ("a (12) (3).jpg", "a (12).jpg", false, true),
            ("v1.5 (2)", "v1.5", true, true),
            ("v1 (2).5", "v1.5", false, true),
            ("a (1).jpg", "a (1).jpg", false, true),
            ("a (01).jpg", "a.jpg", false, false),
            ("a (1).jpg", "b.jpg", false, false),
            ("a (x).jpg", "a.jpg", false, false),
            ("v1.5 (2)", "v1.5", false, false),
            (" (1)", "", true, true),
        ] {
            assert_eq!(is_dealt_for(name, wanted, is_folder), expected, "{name} for {wanted}");
        }
        assert_eq!(unnumbered("a (12) (3).jpg", false).as_deref(), Some("a (12).jpg"));
        assert_eq!(unnumbered("v1.5 (2)", true).as_deref(), Some("v1.5"));
        assert_eq!(unnumbered("a.jpg", false), None);
    }

    #[test]
    fn titles_are_kept_byte_for_byte_where_linux_can_hold_them() {
        for title in [
            "IMG_0001.JPG",
            " leading and trailing ",
            "Été à Zürich 🏖.jpg",
            "e\u{301}",
            "what? *:<>|\"\\.txt",
            "CON",
            "dot.",
            ".hidden",
            "...",
            "\u{202e}gpj.exe",
            "\u{200b}",
        ] {
            assert_eq!(clean(title, NameRules::Posix), title);
        }
    }

    #[test]
    fn what_linux_cannot_hold_becomes_an_underscore() {
        for (title, name) in [
            ("", "_"),
            (".", "_"),
            ("..", "_"),
            ("/", "_"),
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("a\0b", "a_b"),
            ("a\r\nb\tc", "a__b_c"),
            ("\u{1b}[2J\u{7f}\u{9b}", "_[2J__"),
        ] {
            assert_eq!(clean(title, NameRules::Posix), name, "{title:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_before_its_extension() {
        for (title, stem, extension) in [
            ("x".repeat(300) + ".jpeg", "x".repeat(250), ".jpeg"),
            // 300 bytes of two each: an odd room leaves one byte unused.
            ("é".repeat(150) + ".jpg", "é".repeat(125), ".jpg"),
            ("🏖".repeat(70) + ".tar.gz", "🏖".repeat(63), ".gz"),
            ("x".repeat(300), "x".repeat(255), ""),
            // Too long for an extension, so it is cut like the rest.
            (format!("a.{}", "x".repeat(300)), format!("a.{}", "x".repeat(253)), ""),
            (format!("{}. And so on", "x".repeat(250)), format!("{}. And", "x".repeat(250)), ""),
        ] {
            assert_eq!(clean(&title, NameRules::Posix), format!("{stem}{extension}"));
        }
    }

    #[test]
    fn the_number_goes_before_the_last_extension_and_folders_have_none() {
        for (name, file, folder) in [
            ("a.jpg", "a (1).jpg", "a.jpg (1)"),
            ("a.tar.gz", "a.tar (1).gz", "a.tar.gz (1)"),
            ("v1.5", "v1 (1).5", "v1.5 (1)"),
            ("Trip", "Trip (1)", "Trip (1)"),
            (".hidden", ".hidden (1)", ".hidden (1)"),
            ("...jpg", "...jpg (1)", "...jpg (1)"),
            ("dot.", "dot. (1)", "dot. (1)"),
            ("Mr. Smith at home", "Mr. Smith at home (1)", "Mr. Smith at home (1)"),
            ("a (1).jpg", "a (1) (1).jpg", "a (1).jpg (1)"),
        ] {
            assert_eq!(numbered(name, 1, false), file);
            assert_eq!(numbered(name, 1, true), folder);
        }
        let long = "x".repeat(251) + ".jpg";
        assert_eq!(numbered(&long, 12, false), "x".repeat(246) + " (12).jpg");
    }

    #[test]
    fn an_extension_is_added_once() {
        for (title, extension, name) in [
            ("Report", "docx", "Report.docx"),
            ("Report.docx", "docx", "Report.docx"),
            ("Report.DOCX", "docx", "Report.DOCX"),
            ("Report.doc", "docx", "Report.doc.docx"),
            ("docx", "docx", "docx.docx"),
            ("", "url", ".url"),
        ] {
            assert_eq!(with_extension(title, extension), name);
        }
    }

    #[test]
    fn what_windows_cannot_hold_becomes_what_it_can() {
        for (title, name) in [
            ("IMG_0001.JPG", "IMG_0001.JPG"),
            (" Été à Zürich 🏖.jpg", " Été à Zürich 🏖.jpg"),
            ("a<b>c:d\"e/f\\g|h?i*j", "a_b_c_d_e_f_g_h_i_j"),
            ("a\u{1b}b\u{7f}", "a_b_"),
            ("Trip...", "Trip"),
            ("Trip. . ", "Trip"),
            ("...", "_"),
            ("", "_"),
            (".hidden", ".hidden"),
            ("con", "_con"),
            ("NUL.tar.gz", "_NUL.tar.gz"),
            ("Aux .txt", "_Aux .txt"),
            ("com1", "_com1"),
            ("LPT³.x", "_LPT³.x"),
            ("COM", "COM"),
            ("COM10", "COM10"),
            ("console", "console"),
            ("a.con", "a.con"),
            ("con.", "_con"),
        ] {
            assert_eq!(clean(title, NameRules::Portable), name, "{title:?}");
        }
        let cut = format!("{}. {}", "x".repeat(254), "y".repeat(60));
        assert_eq!(clean(&cut, NameRules::Portable), "x".repeat(254));
    }

    #[test]
    fn names_that_a_disk_cannot_tell_apart_fold_to_one() {
        for (one, other) in [
            ("A.JPG", "a.jpg"),
            ("ÉTÉ", "été"),
            ("\u{e9}", "e\u{301}"),
            ("\u{c9}", "e\u{301}"),
            ("ΟΔΟΣ", "οδος"),
            ("οδοσ", "οδος"),
            ("ſ", "S"),
            ("Straße", "STRASSE"),
        ] {
            let fold = |name| folded(name, NameRules::Portable).into_owned();
            assert_eq!(fold(one), fold(other), "{one} and {other}");
            assert_ne!(folded(one, NameRules::Posix), folded(other, NameRules::Posix));
        }
        assert_ne!(folded("a", NameRules::Portable), folded("b", NameRules::Portable));
        assert_ne!(folded("é", NameRules::Portable), folded("e", NameRules::Portable));
    }

    proptest! {
        #[test]
        fn any_title_gives_a_name_that_windows_can_hold(title in "(?s).{0,300}|(?i)(con|lpt[1-3])[. ]{0,3}[a. ]{0,3}", n in 0..u64::MAX) {
            let name = clean(&title, NameRules::Portable);
            for name in [numbered(&name, n, false), numbered(&name, n, true), name.clone()] {
                prop_assert!((1..=255).contains(&name.len()) && name.encode_utf16().count() <= 255);
                prop_assert!(!name.contains(|c: char| c.is_control() || "<>:\"/\\|?*".contains(c)));
                prop_assert!(!name.ends_with(['.', ' ']) && !is_device(&name));
                prop_assert_eq!(&clean(&name, NameRules::Portable), &name);
                prop_assert_eq!(&clean(&name, NameRules::Posix), &name);
            }
        }

        #[test]
        fn any_title_gives_a_name_that_a_disk_can_hold(title in "(?s).{0,300}", n in 0..u64::MAX) {
            let name = clean(&title, NameRules::Posix);
            for name in [numbered(&name, n, false), numbered(&name, n, true), name.clone()] {
                prop_assert!((1..=255).contains(&name.len()));
                prop_assert!(!matches!(name.as_str(), "." | ".."));
                prop_assert!(!name.contains(|c: char| c == '/' || c.is_control()));
                prop_assert_eq!(&clean(&name, NameRules::Posix), &name);
            }
        }
    }
}
