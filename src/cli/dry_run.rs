//! `--dry-run`: the archive and the index as they are, and no way to change them; and
//! the closing words, which say what the run would have done.

use std::path::Path;

use rusqlite::Connection;

use super::human::{bytes, some};
use super::job::{index_path, on_disk, restored, stopped_by};
use super::report::Failure;
use super::{Session, screen::Screen};
use crate::archive::{self, Archive};
use crate::engine::{self, Outcome, Summary};
use crate::index;
use crate::model::printable;

/// Opens what there is at `target` for looking, and a copy of its index, or an empty
/// one where there is none.
///
/// # Errors
///
/// The disk, or an index that cannot be read.
pub fn open(target: &Path, session: &Session) -> Result<(Archive, Connection), Failure> {
    let archive = Archive::read_only(target).map_err(on_disk)?;
    tell_holder(&archive, &session.screen)?;
    let path = index_path(&archive, session);
    let db = match index::open_copy(&path) {
        Err(index::Error::Missing { .. }) => restored(index::open_temporary(), &archive, session),
        Err(index::Error::Damaged { .. }) if session.settings.backup.flush => {
            restored(index::open_temporary(), &archive, session)
        }
        copy => copy.map_err(engine::Error::from),
    };
    Ok((archive, db.map_err(stopped_by)?))
}

/// A run that goes on is not disturbed, but what it does is not known here.
fn tell_holder(archive: &Archive, screen: &Screen) -> Result<(), Failure> {
    let holder = match archive.holder() {
        Err(archive::Error::Blocked { .. } | archive::Error::NotPlain { .. }) => None,
        holder => holder.map_err(on_disk)?,
    };
    if let Some(holder) = holder {
        let holder = printable(&holder);
        screen.line(&format!(
            "Another run is working on the archive ({holder}): this is told of the state it began with."
        ));
    }
    Ok(())
}

/// The closing words.
#[must_use]
pub fn words(summary: &Summary) -> String {
    let tally = &summary.tally;
    let mut would = Vec::new();
    let mut say = |number: u64, what: &str| {
        if number > 0 {
            would.push(format!("{} {what}", some(number, "file")));
        }
    };
    say(tally.added, "new");
    say(tally.changed, "with new bytes");
    say(tally.moved, "moved");
    say(tally.removed, "to the trash");
    if would.is_empty() {
        would.push("nothing to do".to_owned());
    }
    let fetched = match tally.bytes {
        0 => String::new(),
        number => format!("; {} to fetch", bytes(number)),
    };
    let how = match summary.outcome {
        Outcome::Complete => "Dry run, nothing was changed",
        Outcome::Incomplete => "Dry run, nothing was changed, and Google did not tell everything",
        Outcome::Refused => "Dry run, nothing was changed, and the deletion guard would refuse",
        Outcome::Interrupted => "Dry run, interrupted, nothing was changed; so far",
        Outcome::Failed => "Dry run, stopped by an error, nothing was changed; so far",
    };
    format!("{how}: {}{fetched}.", would.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Tally;

    #[test]
    fn the_closing_words_say_what_would_be_done() {
        let tally = Tally { added: 1200, moved: 1, bytes: 2_000_000, ..Tally::default() };
        for (outcome, tally, expected) in [
            (
                Outcome::Complete,
                tally,
                "Dry run, nothing was changed: 1,200 files new, 1 file moved; 2.0 MB to fetch.",
            ),
            (Outcome::Complete, Tally::default(), "Dry run, nothing was changed: nothing to do."),
            (
                Outcome::Refused,
                Tally { removed: 7, ..Tally::default() },
                "Dry run, nothing was changed, and the deletion guard would refuse: \
                 7 files to the trash.",
            ),
        ] {
            assert_eq!(words(&Summary { outcome, tally, ..Summary::default() }), expected);
        }
    }
}
