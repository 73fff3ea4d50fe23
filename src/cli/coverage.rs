//! What the archive holds and what it does not, in words: for the closing words of a
//! run and for `status`.
//!
//! Pure functions. What is not backed up is always said, since nobody looks for what
//! they believe to be there.

use super::human::{bytes, some};
use super::settings::Settings;
use crate::engine::{Coverage, SourceCoverage};
use crate::model::printable;
use crate::plan::Why;

/// What a person asked for, as far as it bears on what the archive holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Of Google Drive.
    pub drive: Taken,
    /// Of Google Photos.
    pub photos: Taken,
    /// Of Google Takeout's exports.
    pub takeout: Taken,
    /// Whether files go whose item is gone.
    pub removal: bool,
}

/// Whether a source is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Taken {
    /// It is.
    #[default]
    Read,
    /// It is left alone by wish.
    Skipped,
    /// It cannot be: who signs in is a service account, which Google Photos does not know.
    ServiceAccount,
}

impl Wish {
    /// What `settings` ask for.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            drive: if settings.backup.drive.is_some() { Taken::Read } else { Taken::Skipped },
            photos: match &settings.sign_in.service_account {
                _ if settings.skip_photos => Taken::Skipped,
                Some(_) => Taken::ServiceAccount,
                None => Taken::Read,
            },
            takeout: if settings.backup.takeout.is_some() { Taken::Read } else { Taken::Skipped },
            removal: settings.backup.removal.is_some(),
        }
    }
}

/// Returns lines on what the archive holds.
#[must_use]
pub fn held(coverage: &Coverage, wish: Wish) -> Vec<String> {
    let drive = &coverage.drive.held;
    let mut lines = vec![format!("Drive: {}, {}", some(drive.items, "file"), bytes(drive.bytes))];
    let takeout = &coverage.takeout.items;
    let others = [takeout, &coverage.adopted, &coverage.picker];
    let by_drive = others.iter().all(|source| source.held.items == 0);
    lines.extend(source_held("Google Photos", &coverage.photos, by_drive));
    for (source, of) in
        [("Google Takeout", takeout), ("Picked", &coverage.picker), ("Adopted", &coverage.adopted)]
    {
        lines.extend(source_held(source, of, false));
    }
    if coverage.albums > 0 {
        lines.push(some(coverage.albums, "album"));
    }
    if coverage.gone > 0 {
        lines.extend(gone(coverage.gone, wish));
    }
    let trash = &coverage.trash;
    if trash.files > 0 {
        let files = some(trash.files, "file");
        lines.push(format!("In .gphotos-sync/trash: {files}, {}", bytes(trash.bytes)));
    }
    lines
}

/// What is held of a source; `by_drive`: whose bytes other files have, those are Drive's.
fn source_held(source: &str, of: &SourceCoverage, by_drive: bool) -> Vec<String> {
    let held = &of.held;
    let own = held.items - held.elsewhere.min(held.items);
    let mut lines = Vec::new();
    if own > 0 {
        lines.push(format!("{source}: {}, {}", some(own, "file"), bytes(held.bytes)));
    }
    if held.elsewhere > 0 {
        let have =
            if by_drive { "which Drive has as well" } else { "whose bytes are there already" };
        lines.push(format!("{source}: {} more, {have}", some(held.elsewhere, "file")));
    }
    lines
}

fn gone(files: u64, wish: Wish) -> Vec<String> {
    let are = if files == 1 { "is" } else { "are" };
    let kept = format!("{} that Google no longer has {are} kept", some(files, "file"));
    let why = if wish.removal {
        "  (other people own them, or you put them back, or the guard refused)"
    } else if files == 1 {
        "  (--do-delete moves it to the trash, unless you put it back)"
    } else {
        "  (--do-delete moves them to the trash, less what you put back)"
    };
    vec![kept, why.to_owned()]
}

/// Returns lines on what the archive does not hold. One that begins with a space goes
/// on with the sentence before it.
#[must_use]
pub fn not_held(coverage: &Coverage, wish: Wish) -> Vec<String> {
    let mut lines = Vec::new();
    if wish.drive == Taken::Skipped {
        lines.push("Drive: what is new there; not looked at in this run (--skip-drive)".to_owned());
    } else if !coverage.drive.listed {
        lines.push("Drive: what was not listed yet; the next run goes on".to_owned());
    }
    lines.extend(left_out("Drive", &coverage.drive));
    lines.extend(unread_parts(coverage, wish));
    if !coverage.shared_drives.is_empty() {
        let names: Vec<_> = coverage.shared_drives.iter().map(|name| printable(name)).collect();
        lines.push(format!("Shared drives: not backed up by this version: {}", names.join(", ")));
    }
    lines.extend(left_out("Google Photos", &coverage.photos));
    lines.extend(left_out("Google Takeout", &coverage.takeout.items));
    if coverage.takeout.items.not_selected.contains_key(&Why::Trashed) {
        lines.push("  (--include-trashed takes what was in the trash as well)".to_owned());
    }
    lines.extend(photos_not_held(coverage, wish));
    lines
}

fn left_out(source: &str, of: &SourceCoverage) -> Vec<String> {
    let reasons = of.not_selected.iter().filter(|(_, number)| **number > 0);
    let reasons = reasons.filter_map(|(why, number)| reason(*why, *number));
    reasons.map(|reason| format!("{source}: {reason}")).collect()
}

/// The parts of exports that lie in Drive are themselves not missed: what is in them is.
fn unread_parts(coverage: &Coverage, wish: Wish) -> Option<String> {
    let parts = Some(coverage.unread_parts()).filter(|parts| *parts > 0)?;
    let why = if wish.takeout == Taken::Skipped { " (--skip-takeout)" } else { " yet" };
    Some(format!("Drive: {} of Takeout exports not taken in{why}", some(parts, "part")))
}

/// What is left out, and how it is had; `None` where it is told elsewhere.
fn reason(why: Why, number: u64) -> Option<String> {
    let of = |one| some(number, one);
    Some(match why {
        Why::Document => format!("{} not selected (--all-files)", of("document")),
        Why::NotMedia => format!("{} not selected (--all-files)", of("other file")),
        Why::Video => format!("{} not selected (--skip-video)", of("video")),
        Why::NotOwned => format!("{} of other people not selected (--shared)", of("file")),
        Why::TakeoutPart => return None,
        Why::Trashed => format!("{} in Google's trash not selected", of("file")),
        Why::OtherFolder => format!("{} in other folders (--drive-folder)", of("file")),
        Why::NotInAlbum => format!("{} in none of the albums (--album)", of("item")),
        Why::Excluded => format!("{} excluded (--exclude)", of("file")),
        Why::OtherDate => format!("{} of other dates (--start-date, --end-date)", of("file")),
        Why::NotFavourite => format!("{} not starred (--favourites-only)", of("file")),
        Why::SharedDrive => {
            format!("{} in shared drives, which are not backed up yet", of("file"))
        }
    })
}

/// Why nobody's Google Photos are whole: since 31 March 2025 the Library API shows an
/// app what that app uploaded, <https://developers.google.com/photos/support/updates>. What
/// a Takeout export had is there, and what came since is not.
fn photos_not_held(coverage: &Coverage, wish: Wish) -> Vec<String> {
    let wanted = wish.photos != Taken::Skipped;
    if let Some(export) = coverage.takeout.newest_held().filter(|_| wanted) {
        if !export.is_dated {
            return vec!["Google Photos: what is not in the Takeout exports that came".to_owned()];
        }
        let day = export.made_at.format("%Y-%m-%d");
        return vec![format!("Google Photos: what came after the last Takeout export, of {day}")];
    }
    let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
    match wish.photos {
        Taken::Skipped => lines(&["Google Photos: left alone (--skip-photos)"]),
        Taken::ServiceAccount => lines(&[
            "Google Photos: a service account cannot read it, and no Takeout export was",
            "  taken in: your photos there are not backed up",
        ]),
        Taken::Read if !coverage.photos.listed => {
            lines(&["Google Photos: what was not listed yet: your photos there are not backed up"])
        }
        Taken::Read => shown_by_api(coverage, wish),
    }
}

/// How much the API shows, where no export was taken in.
fn shown_by_api(coverage: &Coverage, wish: Wish) -> Vec<String> {
    let shown = coverage.photos.shown;
    let yours = if shown == 0 { "your photos" } else { "your other photos" };
    let api = format!("Google Photos: the API shows this app {}", some(shown, "item"));
    let not_backed_up = format!("  {yours} are not backed up");
    let mut told = match coverage.unread_parts() {
        0 if !coverage.drive.listed => vec![format!("{api}:"), not_backed_up],
        0 => vec![format!("{api}; no Takeout export found:"), not_backed_up],
        _ if wish.takeout == Taken::Skipped => {
            vec![
                format!("{api}; Takeout exports are"),
                format!("  left alone: {yours} are not backed up"),
            ]
        }
        _ => vec![
            format!("{api}; no Takeout export was"),
            format!("  taken in: {yours} are not backed up"),
        ],
    };
    if shown == 0 && coverage.unread_parts() == 0 {
        told.extend([
            "  (since March 2025 Google shows an app only what that app uploaded itself;"
                .to_owned(),
            "  https://takeout.google.com gives you everything)".to_owned(),
        ]);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Held, SeenExport, TakeoutCoverage, Trash};

    #[test]
    fn photos_that_google_does_not_show_are_said_not_to_be_backed_up() {
        let mut coverage = listed();
        let told = |coverage: &Coverage| not_held(coverage, Wish::default()).join("\n");
        assert_eq!(
            told(&coverage),
            "\
Google Photos: the API shows this app 0 items; no Takeout export found:
  your photos are not backed up
  (since March 2025 Google shows an app only what that app uploaded itself;
  https://takeout.google.com gives you everything)"
        );
        coverage.photos.shown = 20_000;
        assert_eq!(
            told(&coverage),
            "\
Google Photos: the API shows this app 20,000 items; no Takeout export found:
  your other photos are not backed up"
        );
        coverage.drive.not_selected = [(Why::TakeoutPart, 12)].into();
        assert_eq!(
            told(&coverage),
            "\
Drive: 12 parts of Takeout exports not taken in yet
Google Photos: the API shows this app 20,000 items; no Takeout export was
  taken in: your other photos are not backed up"
        );
        let skipped = Wish { takeout: Taken::Skipped, ..Wish::default() };
        assert_eq!(
            not_held(&coverage, skipped).join("\n"),
            "\
Drive: 12 parts of Takeout exports not taken in (--skip-takeout)
Google Photos: the API shows this app 20,000 items; Takeout exports are
  left alone: your other photos are not backed up"
        );
    }

    #[test]
    fn what_a_takeout_export_had_is_backed_up_and_its_parts_are_not_missed() {
        let mut coverage = listed();
        coverage.drive.not_selected = [(Why::TakeoutPart, 12)].into();
        coverage.takeout.parts_read = 12;
        coverage.takeout.exports = vec![export("2026-11-01", 0), export("2026-09-01", 12)];
        let told = |coverage: &Coverage, photos| {
            not_held(coverage, Wish { photos, ..Wish::default() }).join("\n")
        };
        // Nothing of it is held.
        let words = "no Takeout export found:\n  your photos are not backed up";
        assert!(told(&coverage, Taken::Read).contains(words), "{}", told(&coverage, Taken::Read));

        coverage.takeout.items.held = Held { items: 60, elsewhere: 0, bytes: 1 };
        for photos in [Taken::Read, Taken::ServiceAccount] {
            // Nothing was read of the newer one.
            let words = "Google Photos: what came after the last Takeout export, of 2026-09-01";
            assert_eq!(told(&coverage, photos), words);
        }
        coverage.takeout.exports[1].is_dated = false;
        assert!(told(&coverage, Taken::Read).ends_with("not in the Takeout exports that came"));
        // Who leaves Photos alone is not reminded of it.
        assert!(told(&coverage, Taken::Skipped).contains("left alone (--skip-photos)"));
        coverage.takeout.items.not_selected = [(Why::Trashed, 1)].into();
        let words = "Google Takeout: 1 file in Google's trash not selected\n  (--include-trashed";
        assert!(told(&coverage, Taken::Read).starts_with(words));
    }

    #[test]
    fn why_photos_were_not_read_is_said() {
        let coverage = listed();
        for (photos, words) in [
            (Taken::Skipped, "Google Photos: left alone (--skip-photos)"),
            (Taken::ServiceAccount, "a service account cannot read it, and no Takeout"),
        ] {
            let told = not_held(&coverage, Wish { photos, ..Wish::default() }).join("\n");
            assert!(told.contains(words), "{told}");
        }
        let unlisted = not_held(&Coverage::default(), Wish::default());
        assert_eq!(
            unlisted,
            [
                "Drive: what was not listed yet; the next run goes on",
                "Google Photos: what was not listed yet: your photos there are not backed up",
            ]
        );
    }

    #[test]
    fn where_drive_was_not_listed_nothing_is_said_of_takeout() {
        let mut coverage = listed();
        coverage.drive.listed = false;
        let skipped = Wish { drive: Taken::Skipped, ..Wish::default() };
        let told = not_held(&coverage, skipped).join("\n");
        assert!(told.contains("shows this app 0 items:\n  your photos"), "{told}");
    }

    #[test]
    fn what_is_held_names_files_albums_and_trash() {
        let mut coverage = listed();
        coverage.drive.held = Held { items: 1204, elsewhere: 0, bytes: 3_400_000_000 };
        coverage.photos.held = Held { items: 20_000, elsewhere: 2000, bytes: 1_200_000_000 };
        coverage.picker.held = Held { items: 31, elsewhere: 1, bytes: 90_000_000 };
        (coverage.albums, coverage.gone) = (200, 12);
        coverage.trash = Trash { files: 3, bytes: 4000 };
        assert_eq!(
            held(&coverage, Wish::default()),
            [
                "Drive: 1,204 files, 3.4 GB",
                "Google Photos: 18,000 files, 1.2 GB",
                "Google Photos: 2,000 files more, whose bytes are there already",
                "Picked: 30 files, 90.0 MB",
                "Picked: 1 file more, whose bytes are there already",
                "200 albums",
                "12 files that Google no longer has are kept",
                "  (--do-delete moves them to the trash, less what you put back)",
                "In .gphotos-sync/trash: 3 files, 4.0 kB",
            ]
        );
        let takeout = &mut coverage.takeout.items;
        takeout.held = Held { items: 30_001, elsewhere: 1, bytes: 9_000_000_000 };
        coverage.picker.held = Held { items: 2, elsewhere: 0, bytes: 1000 };
        coverage.adopted.held = Held { items: 1, elsewhere: 0, bytes: 1 };
        assert_eq!(
            held(&coverage, Wish::default())[2..7],
            [
                "Google Photos: 2,000 files more, whose bytes are there already",
                "Google Takeout: 30,000 files, 9.0 GB",
                "Google Takeout: 1 file more, whose bytes are there already",
                "Picked: 2 files, 1.0 kB",
                "Adopted: 1 file, 1 byte",
            ]
        );
        coverage.takeout = TakeoutCoverage::default();
        coverage.picker.held = Held::default();
        coverage.adopted.held = Held::default();
        coverage.gone = 1;
        let removal = Wish { removal: true, ..Wish::default() };
        let told = held(&coverage, removal);
        assert!(told.iter().any(|line| line.contains("other people own")), "{told:?}");
    }

    #[test]
    fn what_is_said_of_every_archive_fits_on_80_columns() {
        let source = SourceCoverage {
            listed: true,
            shown: 123_456,
            held: Held { items: 234_567, elsewhere: 111_111, bytes: 999_900_000_000 },
            not_selected: Why::ALL.map(|why| (why, 123_456)).into(),
        };
        let shown = Coverage {
            drive: source.clone(),
            photos: SourceCoverage { not_selected: [(Why::Video, 123_456)].into(), ..source },
            takeout: TakeoutCoverage { items: source.clone(), ..TakeoutCoverage::default() },
            picker: source.clone(),
            adopted: source.clone(),
            gone: 123_456,
            trash: Trash { files: 123_456, bytes: 999_900_000_000 },
            ..listed()
        };
        let taken = [Taken::Read, Taken::Skipped, Taken::ServiceAccount];
        let mut imported = shown.clone();
        imported.takeout.exports = vec![export("2026-09-01", 12)];
        let archives = [listed(), Coverage::default(), shown, imported];
        for (coverage, photos) in archives.iter().flat_map(|it| taken.map(|how| (it, how))) {
            let told = |drive, removal| {
                let wish = Wish { drive, photos, takeout: drive, removal };
                [held(coverage, wish), not_held(coverage, wish)].concat()
            };
            for line in [told(Taken::Read, true), told(Taken::Skipped, false)].concat() {
                // Below a heading, two columns in.
                assert!(line.chars().count() <= 78, "{line}");
            }
        }
    }

    fn export(day: &str, read: u64) -> SeenExport {
        SeenExport {
            name: format!("takeout-{day}"),
            made_at: format!("{day}T10:15:00Z").parse().unwrap(),
            is_dated: true,
            parts: 12,
            read,
            bytes: 1,
            missing: Vec::new(),
        }
    }

    fn listed() -> Coverage {
        let mut coverage = Coverage::default();
        (coverage.drive.listed, coverage.photos.listed) = (true, true);
        coverage
    }
}
