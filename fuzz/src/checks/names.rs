//! What becomes of titles, and how what a person types is read.

use std::collections::{BTreeMap, BTreeSet};

use gphotos_sync::model::{ArchivePath, printable};
use gphotos_sync::plan::{
    AlbumPick, Child, Dates, DriveFolder, Exclude, ExportFormat, Given, MaxDelete, NameRules,
    Sample, Still, clean, deal, is_dealt_for, numbered, unnumbered, with_extension,
    with_other_extension,
};

/// Names longer than this do not fit on a Linux disk.
const NAME_BYTES_MAX: usize = 255;

/// Takes each line of `bytes` for a title, and for what a person may type.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let titles: Vec<&str> = text.split('\n').collect();
    for title in &titles {
        is_shown_safely(title);
        for rules in [NameRules::Posix, NameRules::Portable] {
            has_a_name(title, rules);
        }
    }
    for rules in [NameRules::Posix, NameRules::Portable] {
        all_have_names(&titles, rules);
    }
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
        assert_eq!(clean(&with_number, rules), with_number);
        assert!(is_dealt_for(&with_number, &name, is_folder), "{with_number} for {name}");
        assert!(unnumbered(&with_number, is_folder).is_some(), "{with_number}");
    }
    is_one_part(&clean(&with_extension(&name, "docx"), rules), rules);
    is_one_part(&with_other_extension(&name, ".mp4"), rules);
}

fn is_one_part(name: &str, rules: NameRules) {
    assert!((1..=NAME_BYTES_MAX).contains(&name.len()), "{name:?}");
    assert!(!name.contains(|c: char| c == '/' || c.is_control()), "{name:?}");
    let folder = ArchivePath::parse("photos").unwrap();
    assert_eq!(folder.join(name).unwrap().name(), name);
    if rules == NameRules::Portable {
        assert!(!name.contains(|c| r#"<>:"\|?*"#.contains(c)), "{name:?}");
        assert!(!name.ends_with(['.', ' ']), "{name:?}");
    }
}

/// Has all titles deal for their names in one folder. A title's first character says what
/// else is known: `/` a folder, `<` named in an earlier run, `+` a clip of the title before,
/// `!` a foreign file.
fn all_have_names(titles: &[&str], rules: NameRules) {
    let (mut children, mut taken) = (Vec::new(), BTreeSet::new());
    for (row, title) in titles.iter().enumerate().take(40) {
        let row = i64::try_from(row).unwrap();
        let (mark, rest) = title.split_at_checked(1).unwrap_or(("", title));
        let wanted = clean(if "/<+!".contains(mark) { rest } else { title }, rules);
        if mark == "!" {
            taken.insert(wanted);
            continue;
        }
        let still = children.last().filter(|_| mark == "+");
        children.push(Child {
            id: row,
            remote_id: rest.to_owned(),
            created_at_ms: i64::try_from(title.len() % 3).unwrap(),
            folder: mark == "/",
            given: (mark == "<")
                .then(|| Given { wanted: wanted.clone(), name: numbered(&wanted, 1, false) }),
            still: still.map(|still: &Child| Still { id: still.id, wanted: still.wanted.clone() }),
            wanted,
        });
    }
    let names = deal(&children, &taken, rules);
    assert_eq!(names.len(), children.len());
    let key = |name: &str| match rules {
        NameRules::Posix => name.to_owned(),
        NameRules::Portable => name.to_ascii_lowercase(),
    };
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

fn typed(lines: &[&str]) {
    let path = lines.last().copied().unwrap_or_default();
    for line in lines.iter().take(8) {
        if let Ok(exclude) = Exclude::parse(vec![(*line).to_owned()]) {
            let _ = exclude.holds(path);
        }
        if let Ok(pick) = AlbumPick::matching(line) {
            let _ = pick.holds(path);
        }
        let _ = (Dates::parse(Some(line), Some(path)), ExportFormat::parse(line));
        let _ = (line.parse::<Sample>(), line.parse::<MaxDelete>());
        if let Some(folder) = DriveFolder::parse(line) {
            for part in folder.parts() {
                is_one_part(part, NameRules::Posix);
            }
        }
        let again = ArchivePath::parse(line).map(|path| ArchivePath::parse(path.as_str()));
        assert!(again.is_err() || again.is_ok_and(|again| again.is_ok()));
    }
}
