//! The paths of entries: read from whatever bytes an archive has for them, and made such that
//! none leads anywhere else.

use super::trouble::TroubleKind;

/// What IBM's first PC showed for the bytes from 0x80 on: the names in a zip that does not say
/// that they are UTF-8 (APPNOTE, appendix D).
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// How the bytes of a name are to be read that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// They were said to be UTF-8, or nothing else is thinkable: they are damaged.
    Damaged,
    /// They are of that code page.
    Cp437,
}

/// The path of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EntryPath {
    /// A path to keep, and whether the name had to be changed for it.
    Inside { path: String, changed: bool },
    /// A folder, of which nothing needs to be known.
    Folder,
    /// None that may be used; so it is to be shown.
    Refused(String),
}

impl EntryPath {
    /// Reads the name of an entry.
    pub(super) fn read(name: &[u8], otherwise: Otherwise) -> Self {
        let (text, damaged) = match (std::str::from_utf8(name), otherwise) {
            (Ok(text), _) => (text.to_owned(), false),
            (Err(_), Otherwise::Damaged) => (String::from_utf8_lossy(name).into_owned(), true),
            (Err(_), Otherwise::Cp437) => (cp437(name), false),
        };
        let shown = text.replace(char::is_control, "_");
        let changed = damaged || shown != text;
        if leads_out(&shown) {
            return Self::Refused(shown);
        }
        let parts: Vec<_> = shown.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        match parts.join("/") {
            path if path.is_empty() && shown.contains(['/', '.']) => Self::Folder,
            path if path.is_empty() => Self::Refused(shown),
            _ if shown.ends_with('/') => Self::Folder,
            path => Self::Inside { path, changed },
        }
    }
}

/// Whether the path could lead out of the folder it is unpacked into, on any system.
fn leads_out(path: &str) -> bool {
    let has_drive = path.as_bytes().get(1) == Some(&b':')
        && path.starts_with(|c: char| c.is_ascii_alphabetic());
    path.starts_with('/')
        || path.contains('\\')
        || has_drive
        || path.split('/').any(|part| part == "..")
}

fn cp437(name: &[u8]) -> String {
    let high: Vec<char> = CP437.chars().collect();
    let read = |byte: &u8| match byte.checked_sub(128) {
        None => char::from(*byte),
        Some(above) => high.get(usize::from(above)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    name.iter().map(read).collect()
}

/// The path to keep, or why there is none; with whether its name is to be told of.
pub(super) fn kept(path: EntryPath) -> Option<Result<(String, bool), (String, TroubleKind)>> {
    match path {
        EntryPath::Inside { path, changed } => Some(Ok((path, changed))),
        EntryPath::Folder => None,
        EntryPath::Refused(shown) => Some(Err((shown, TroubleKind::Outside))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_page_has_as_many_characters_as_there_are_bytes() {
        assert_eq!(CP437.chars().count(), 128);
    }

    #[test]
    fn every_sort_of_name() {
        let inside = |path: &str, changed| EntryPath::Inside { path: path.to_owned(), changed };
        let refused = |shown: &str| EntryPath::Refused(shown.to_owned());
        for (name, expected) in [
            (&b"Takeout/Google Photos/a.jpg"[..], inside("Takeout/Google Photos/a.jpg", false)),
            (
                "Takeout/Google\u{a0}Фото/ä.jpg".as_bytes(),
                inside("Takeout/Google\u{a0}Фото/ä.jpg", false),
            ),
            (b"./a//b/./c", inside("a/b/c", false)),
            (b"a/", EntryPath::Folder),
            (b"./", EntryPath::Folder),
            (b"a..b/..c/d..", inside("a..b/..c/d..", false)),
            (b"a\0b\n.jpg", inside("a_b_.jpg", true)),
            (b"a\xff.jpg", inside("a\u{fffd}.jpg", true)),
            (b"", refused("")),
            (b"/etc/passwd", refused("/etc/passwd")),
            (b"../a", refused("../a")),
            (b"a/../../b", refused("a/../../b")),
            (b"a/..", refused("a/..")),
            (b"..\\a", refused("..\\a")),
            (b"a\\b.jpg", refused("a\\b.jpg")),
            (b"C:/a", refused("C:/a")),
            (b"c:a", refused("c:a")),
            (b"\\\\host\\a", refused("\\\\host\\a")),
        ] {
            let read = EntryPath::read(name, Otherwise::Damaged);
            assert_eq!(read, expected, "{}", name.escape_ascii());
        }
        let read = EntryPath::read(b"Fotos/\x84lter.jpg", Otherwise::Cp437);
        assert_eq!(read, inside("Fotos/älter.jpg", false));
    }

    proptest::proptest! {
        #[test]
        fn no_path_that_is_kept_leads_anywhere_else(name: Vec<u8>, dots in "[./\\\\a:]{0,9}") {
            for name in [name.as_slice(), dots.as_bytes()] {
                if let EntryPath::Inside { path, .. } = EntryPath::read(name, Otherwise::Cp437) {
                    let fine = |part: &str| !matches!(part, "" | "." | "..");
                    proptest::prop_assert!(path.split('/').all(fine), "{}", path);
                    proptest::prop_assert!(!path.contains(|c: char| c.is_control() || c == '\\'));
                }
            }
        }
    }
}
