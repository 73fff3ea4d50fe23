//! What may be wrong with an export: with its parts, or with what lies in them.

use chrono::Datelike as _;

use super::{Entry, Export, names};
use crate::sandbox::content::Content;

/// How much the bomb states to hold, and how much it does.
const BOMB_STATED: u64 = 1024;
const BOMB: usize = 16 << 20;

/// Something that is wrong with an export. What it adds is not in [`Export::truth`], and what
/// it spoils still is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// This part is not there.
    Missing(u32),
    /// This part is there twice, the second time as a browser names it: ` (1)`.
    Copied(u32),
    /// Of this part only the first half is there yet; [`World::complete`] brings the rest.
    ///
    /// [`World::complete`]: crate::sandbox::World::complete
    Arriving(u32),
    /// Of this part only so many hundredths are there, and never will be more.
    Cut(u32, u64),
    /// The zips state another CRC-32 of every file of this name.
    WrongCrc(String),
    /// `bomb.jpg` states a KiB and inflates to 16 MiB. Only a zip can lie so.
    Bomb,
    /// `climbing.jpg` would lie above the folder that the export is unpacked in.
    Climbing,
    /// `/absolute.jpg`
    Absolute,
    /// `backslash.jpg` would lie above that folder where `\` parts folders.
    Backslash,
    /// `link.jpg` is a symbolic link to `/etc/passwd`.
    Symlink,
    /// `doubled.jpg` is there twice in one folder of one part, with different bytes.
    Doubled,
    /// The name of a file is no UTF-8, though the zip says so: `caf\xe9.jpg`.
    InvalidUtf8,
    /// `bare.jpg` has a sidecar without a single field.
    BareJson,
    /// The sidecar of `broken.jpg` ends in its middle.
    BrokenJson,
}

/// Adds to `entries`, and spoils in them, what the flaws of `export` say.
pub(super) fn apply(export: &Export, entries: &mut Vec<Entry>) {
    let year = export.library.items.first().map_or(2020, |item| item.taken.year());
    let folder = format!("Takeout/{}/{}", export.locale.product(), export.locale.year(year));
    for flaw in &export.flaws {
        if let Flaw::WrongCrc(title) = flaw {
            spoil(entries, title);
        }
        entries.extend(added(export, flaw, &folder));
    }
}

/// What a flaw adds.
fn added(export: &Export, flaw: &Flaw, folder: &str) -> Vec<Entry> {
    let file = |name: &str| Entry::file(&format!("{folder}/{name}"), picture(name));
    let with_json = |name: &str, json: &str| {
        let told = names::sidecar(name, 0, export.era);
        vec![file(name), Entry::json(&format!("{folder}/{told}"), json.into())]
    };
    match flaw {
        Flaw::Bomb => vec![Entry {
            stated_bytes: Some(BOMB_STATED),
            is_deflated: true,
            ..Entry::file(&format!("{folder}/bomb.jpg"), vec![0; BOMB])
        }],
        Flaw::Climbing => vec![file("../../../../climbing.jpg")],
        Flaw::Absolute => vec![Entry::file("/absolute.jpg", picture("absolute"))],
        Flaw::Backslash => vec![Entry::file("..\\..\\backslash.jpg", picture("backslash"))],
        Flaw::Symlink => {
            let link = Entry::file(&format!("{folder}/link.jpg"), "/etc/passwd");
            vec![Entry { is_link: true, ..link }]
        }
        Flaw::Doubled => {
            let again = Entry::file(&format!("{folder}/doubled.jpg"), picture("again"));
            vec![file("doubled.jpg"), again]
        }
        Flaw::InvalidUtf8 => {
            let path = [folder.as_bytes(), b"/caf\xe9.jpg"].concat();
            vec![Entry { path, ..file("caf.jpg") }]
        }
        Flaw::BareJson => with_json("bare.jpg", "{}"),
        Flaw::BrokenJson => with_json("broken.jpg", "{\"title\": \"broken.jpg\", \"photoTak"),
        _ => Vec::new(),
    }
}

/// Bytes that no other file has.
fn picture(name: &str) -> Content {
    Content::Picture { seed: crc32fast::hash(name.as_bytes()).into(), len: 1200 }
}

fn spoil(entries: &mut [Entry], name: &str) {
    let has_it =
        |entry: &&mut Entry| entry.path.rsplit(|b| *b == b'/').next() == Some(name.as_bytes());
    for entry in entries.iter_mut().filter(has_it) {
        entry.stated_crc32 = Some(0x0bad_c0de);
    }
}
