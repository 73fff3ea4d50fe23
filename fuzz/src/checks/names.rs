//! What becomes of titles, and how what a person types is read.

use std::collections::{BTreeMap, BTreeSet};

use gphotos_sync::model::{ArchivePath, NameLimits, printable};
use gphotos_sync::plan::{
    AlbumPick, Child, Dates, DriveFolder, Exclude, ExportFormat, Given, MaxDelete, NameRules,
    Sample, Still, clean, deal, is_dealt_for, numbered, unnumbered, with_extension,
    with_other_extension,
};

/// A disk that encrypts names has room for shorter ones.
const SHORT: NameLimits = NameLimits { bytes_max: 143, ..NameLimits::LINUX };

/// A disk of a folder that does not tell upper from lower case.
const CASELESS: NameLimits = NameLimits { case_sensitive: false, ..NameLimits::LINUX };

/// Takes each line of `bytes` for a title, and for what a person may type.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let titles: Vec<&str> = text.split('\n').collect();
    for title in &titles {
        is_shown_safely(title);
    }
    let all = [
        NameRules::Posix,
        NameRules::Portable,
        NameRules::Posix.on(SHORT),
        NameRules::Portable.on(SHORT),
        NameRules::Posix.on(CASELESS),
    ];
    // Under one set of rules five times as many inputs are tried as under all.
    let rules = all[bytes.len() % all.len()];
    for title in &titles {
        has_a_name(title, rules);
    }
    all_have_names(&titles, rules);
    typed(&titles);
}

fn is_shown_safely(title: &str) {
    let shown = printable(title);
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(!shown.contains(['\u{61c}', '\u{200e}', '\u{200f}']), "{shown:?}");
    assert!(!shown.contains(|c| ('\u{202a}'..='\u{202e}').contains(&c)), "{shown:?}");
    assert!(!shown.contains(|c| ('\u{2066}'..='\u{2069}').contains(&c)), "{shown:?}");
    assert_eq!(printable(&shown), shown);
}

fn has_a_name(title: &str, rules: NameRules) {
    let name = clean(title, rules);
    is_one_part(&name, rules);
    assert_eq!(clean(&name, rules), name);
    let n = title.len() as u64;
    for is_folder in [false, true] {
        let with_number = numbered(&name, n, is_folder);
        is_one_part(&with_number, rules);
        // A shorter name is cut further than the disk asks, so that a number fits in.
        if bytes_max(rules) == NameLimits::LINUX.bytes_max {
            assert_eq!(clean(&with_number, rules), with_number);
        }
        assert!(is_dealt_for(&with_number, &name, is_folder), "{with_number} for {name}");
        assert!(unnumbered(&with_number, is_folder).is_some(), "{with_number}");
    }
    is_one_part(&clean(&with_extension(&name, "docx"), rules), rules);
    for extension in [".mp4", ".extension-of-32-bytes-which-is-"] {
        is_one_part(&with_other_extension(&name, extension, rules), rules);
    }
}

fn is_one_part(name: &str, rules: NameRules) {
    assert!((1..=bytes_max(rules)).contains(&name.len()), "{name:?}");
    assert!(!name.contains(|c: char| c == '/' || c.is_control()), "{name:?}");
    let folder = ArchivePath::parse("photos").unwrap();
    assert_eq!(folder.join(name).unwrap().name(), name);
    if is_portable(rules) {
        assert!(!name.contains(|c| r#"<>:"\|?*"#.contains(c)), "{name:?}");
        assert!(!name.ends_with(['.', ' ']), "{name:?}");
    }
}

fn bytes_max(rules: NameRules) -> usize {
    match rules {
        NameRules::Disk(limits) => limits.bytes_max,
        NameRules::Posix | NameRules::Portable => NameLimits::LINUX.bytes_max,
    }
}

fn is_portable(rules: NameRules) -> bool {
    match rules {
        NameRules::Posix => false,
        NameRules::Portable => true,
        NameRules::Disk(limits) => !limits.any_characters,
    }
}

/// Has all titles deal for their names in one folder. A title's first character says what
/// else is known: `/` a folder, `<` named in an earlier run, `!` a foreign file, `+` the clip
/// of the title before, `-` the clip of a still in another folder.
fn all_have_names(titles: &[&str], rules: NameRules) {
    let (mut children, mut taken) = (Vec::new(), BTreeSet::new());
    for (row, title) in titles.iter().enumerate().take(40) {
        let (mark, rest) = title.split_at_checked(1).unwrap_or(("", title));
        let mark = mark.chars().next().filter(|c| "/<!+-".contains(*c));
        let title = if mark.is_some() { rest } else { title };
        if mark == Some('!') {
            taken.insert(clean(title, rules));
        } else {
            children.push(child(row, (mark, title), &children, rules));
        }
    }
    let names = deal(&children, &taken, rules);
    assert_eq!(names.len(), children.len());
    let tells_case = !is_portable(rules) && !matches!(rules, NameRules::Disk(CASELESS));
    let key = |name: &str| if tells_case { name.to_owned() } else { name.to_ascii_lowercase() };
    let mut holders: BTreeMap<String, &str> = taken.iter().map(|it| (key(it), "")).collect();
    for name in &names {
        is_one_part(name, rules);
        assert_eq!(holders.insert(key(name), name), None, "{name} twice in {names:?}");
    }
    for (child, name) in children.iter_mut().zip(&names) {
        child.given = Some(Given { wanted: child.wanted.clone(), name: name.clone() });
    }
    assert_eq!(deal(&children, &taken, rules), names, "named again: {children:?}");
}

fn child(
    row: usize,
    (mark, title): (Option<char>, &str),
    others: &[Child],
    rules: NameRules,
) -> Child {
    let row = i64::try_from(row).unwrap();
    let still = match mark {
        Some('+') => others.last().map(|still| (still.id, still.remote_id.as_str())),
        Some('-') => Some((row + 1000, title)),
        _ => None,
    };
    // As the engine has it: a clip wants its still's title.
    let clip = still.map(|(_, title)| with_other_extension(title, ".mp4", NameRules::Posix));
    let wanted = clean(clip.as_deref().unwrap_or(title), rules);
    Child {
        id: row,
        remote_id: title.to_owned(),
        created_at_ms: i64::try_from(title.len() % 3).unwrap(),
        folder: mark == Some('/'),
        given: (mark == Some('<'))
            .then(|| Given { wanted: wanted.clone(), name: numbered(&wanted, 1, false) }),
        still: still.map(|(id, title)| Still { id, wanted: clean(title, rules) }),
        wanted,
    }
}

fn typed(lines: &[&str]) {
    let path = lines.last().copied().unwrap_or_default();
    // To read a pattern takes as long as all else together: it is done of some inputs only.
    if let Some(pattern) = lines.first().filter(|_| lines.len() % 4 == 1) {
        if let Ok(exclude) = Exclude::parse(vec![(*pattern).to_owned()]) {
            let _ = exclude.holds(path);
        }
        if let Ok(pick) = AlbumPick::matching(pattern) {
            let _ = pick.holds(path);
        }
    }
    for line in lines.iter().take(8) {
        drop((Dates::parse(Some(line), Some(path)), ExportFormat::parse(line)));
        drop((line.parse::<Sample>(), line.parse::<MaxDelete>()));
        if let Some(folder) = DriveFolder::parse(line) {
            for part in folder.parts() {
                is_one_part(part, NameRules::Posix);
            }
        }
        let again = ArchivePath::parse(line).map(|path| ArchivePath::parse(path.as_str()));
        assert!(again.is_err() || again.is_ok_and(|again| again.is_ok()));
    }
}
