//! The part of `doctor` that looks at an archive: its folder, its file system, its index.

use std::path::Path;

use rusqlite::Connection;

use super::{Finding, Ward};
use crate::archive::{Abilities, Archive};
use crate::cli::Session;
use crate::cli::human::bytes;
use crate::cli::job::{index_path, on_disk, stopped_by};
use crate::cli::report::Stopped;
use crate::cli::status::{how, when};
use crate::index::{self, health, run};
use crate::plan::NameRules;

/// With less room than this, in bytes, a run will hardly come to its end.
const ROOM_MIN: u64 = 1_000_000_000;

/// Network file systems, on which SQLite's locks may not work.
const REMOTE: [&str; 4] = ["nfs", "smb", "fuse", "9p"];

/// Looks at the archive at `target`.
pub fn examine(ward: &mut Ward<'_>, target: &Path) {
    let shown = target.display();
    if !target.exists() {
        ward.tell("folder", Finding::fine(format!("{shown} is not there yet: a run makes it")));
        return;
    }
    let archive = match Archive::open(target) {
        Ok(archive) => archive,
        Err(error) => return ward.tell("folder", on_disk(error)),
    };
    ward.tell("folder", Finding::fine(shown.to_string()));
    ward.tell("free room", room(&archive));
    ward.tell("file system", file_system(ward.session, &archive));
    match archive.abilities() {
        Ok(abilities) => file_names(ward, &abilities),
        Err(error) => ward.tell("writing", on_disk(error)),
    }
    ward.tell("lock", lock(&archive));
    look_at_index(ward, &archive);
}

fn room(archive: &Archive) -> Finding {
    match archive.space() {
        Ok(space) if space.free < ROOM_MIN => {
            Finding::wrong(Stopped::Disk, format!("only {} left", bytes(space.free)))
                .next("make room on the disk")
        }
        Ok(space) => Finding::fine(bytes(space.free)),
        Err(error) => on_disk(error).into(),
    }
}

fn file_system(session: &Session, archive: &Archive) -> Finding {
    let Some(name) = archive.file_system() else { return Finding::fine("not one that is known") };
    let is_elsewhere = session.settings.db_path.is_some();
    if REMOTE.contains(&name) && !is_elsewhere {
        return Finding::fine(format!(
            "{name}: if the index is told to be locked or damaged, keep it on a local disk with \
             --db-path"
        ));
    }
    Finding::fine(name)
}

fn file_names(ward: &mut Ward<'_>, can: &Abilities) {
    ward.tell("writing", Finding::fine("works"));
    ward.tell("symlinks", symlinks(ward.session, can));
    ward.tell("names", names(ward.session, can));
    ward.tell("locks", locks(ward.session, can));
    let others = [
        (can.hard_links, "hard links"),
        (can.reflinks, "reflinks"),
        (can.milliseconds, "times to the millisecond"),
    ];
    let has = others.map(|(can, name)| format!("{}{name}", if can { "" } else { "no " }));
    ward.tell("it also has", Finding::fine(has.join(", ")));
}

fn symlinks(session: &Session, can: &Abilities) -> Finding {
    let albums = session.settings.backup.albums.map(|albums| albums.mode);
    match can.symlinks {
        true => Finding::fine("work"),
        false if albums == Some(crate::plan::AlbumMode::Symlink) => {
            Finding::wrong(Stopped::Disk, "this file system has none, and albums are made of them")
                .next("--albums copy, or --albums none")
        }
        false => Finding::fine("this file system has none: shortcuts of Drive are left out"),
    }
}

/// What cannot be had is made up for by the run itself.
fn names(session: &Session, can: &Abilities) -> Finding {
    let mut told = Vec::new();
    if session.settings.backup.names == NameRules::Portable {
        told.push("portable ones (--names portable)");
    } else if !can.any_characters {
        told.push("some characters cannot be used here, and become _");
    } else if !can.case_sensitive {
        told.push("upper and lower case are one here: the second of two such names gets a number");
    }
    if !can.long_names {
        told.push("names of 255 bytes cannot be made here, and are cut");
    }
    if told.is_empty() {
        told.push("any length, any character, upper and lower case");
    }
    Finding::fine(told.join("; "))
}

/// The run makes do without them, and SQLite does not.
fn locks(session: &Session, can: &Abilities) -> Finding {
    match can.locks {
        true => Finding::fine("work"),
        false if session.settings.db_path.is_some() => {
            Finding::fine("this file system has none; the index is elsewhere")
        }
        false => Finding::wrong(
            Stopped::Disk,
            "this file system has none, and the index cannot be without",
        )
        .next("keep the index on a local disk with --db-path"),
    }
}

fn lock(archive: &Archive) -> Finding {
    match archive.holder() {
        Ok(Some(holder)) => Finding::fine(format!("a run is going on: {holder}")),
        Ok(None) => Finding::fine("free"),
        Err(error) => on_disk(error).into(),
    }
}

fn look_at_index(ward: &mut Ward<'_>, archive: &Archive) {
    let path = index_path(archive, ward.session);
    let db = match index::open_read_only(&path) {
        Ok(db) => db,
        Err(index::Error::Missing { .. }) => {
            let words = format!("there is none at {} yet: a run makes it", path.display());
            return ward.tell("index", Finding::fine(words));
        }
        Err(error) => return ward.tell("index", stopped_by(error.into())),
    };
    ward.tell("index", sound(&path, &db));
    ward.tell("last run", last_run(ward.session, &db));
}

fn sound(path: &Path, db: &Connection) -> Finding {
    match health::faults(db) {
        Ok(faults) if faults.is_empty() => {
            Finding::fine(format!("{}, sound, version {}", path.display(), health::version()))
        }
        Ok(faults) => {
            let cause = faults.join("; ");
            stopped_by(index::Error::Damaged { path: path.to_owned(), cause }.into()).into()
        }
        Err(error) => stopped_by(error.into()).into(),
    }
}

fn last_run(session: &Session, db: &Connection) -> Finding {
    match run::last(db) {
        Ok(None) => Finding::fine("none so far"),
        Ok(Some(last)) => Finding::fine(format!(
            "{}, {}",
            how(last.outcome.as_deref()),
            when(&last, session.clock.now())
        )),
        Err(error) => stopped_by(error.into()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::environment::Environment;
    use crate::cli::{clock::SystemClock, mistakes, screen::Screen, settings::Settings};

    #[test]
    fn what_a_file_system_lacks_is_wrong_only_where_it_is_wanted() {
        let all = Abilities {
            symlinks: true,
            hard_links: true,
            reflinks: true,
            milliseconds: true,
            case_sensitive: true,
            long_names: true,
            any_characters: true,
            locks: true,
        };
        let fat = Abilities {
            symlinks: false,
            case_sensitive: false,
            any_characters: false,
            ..all.clone()
        };
        for (options, can, is_fine) in [
            ("", &all, true),
            ("", &fat, false),
            ("--names portable --albums copy", &fat, true),
            ("", &Abilities { long_names: false, ..all.clone() }, true),
            ("--albums none", &fat, true),
        ] {
            let session = session(options);
            let findings = [symlinks(&session, can), names(&session, can)];
            let fine = findings.iter().all(|finding| matches!(finding, Finding::Fine(_)));
            assert_eq!(fine, is_fine, "{options}: {findings:?}");
        }
    }

    fn session(options: &str) -> Session {
        let words = format!("gphotos-sync /tmp {options}");
        let args = mistakes::read(words.split_whitespace().map(Into::into)).unwrap();
        Session {
            settings: Settings::new(&args, &Environment::default()).unwrap(),
            screen: Screen::plain(),
            clock: std::sync::Arc::new(SystemClock),
            #[cfg(debug_assertions)]
            faults: None,
        }
    }
}
