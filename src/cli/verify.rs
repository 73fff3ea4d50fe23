//! `verify`: reads the saved files, tells what is wrong with them, and how it went.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::runtime::Runtime;

use super::args::{NAME, Verify};
use super::human::{bytes, some};
use super::job::{index_path, lock, open_archive, own_index, stopped_by};
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Stdout};
use super::settings::Display;
use super::summary::say;
use super::{Ended, Session, logging, progress, signals};
use crate::archive::Lock;
use crate::engine::{self, Stop, Verification, Verified, Wrong};
use crate::index;
use crate::model::printable;

/// Verifies.
///
/// # Errors
///
/// How it ended, if something is wrong.
pub fn run(session: &Session, asked: &Verify) -> Result<(), Ended> {
    let unexpected = |error| Failure::new(Stopped::Unexpected, error);
    let runtime = Runtime::new().map_err(unexpected)?;
    // Signals are listened to on the runtime's threads, files are read on this one.
    let stop =
        runtime.block_on(async { signals::listen(session.screen.clone()) }).map_err(unexpected)?;
    let (verification, _lock) = open(session, asked, stop)?;
    let (verified, ended) = engine::verify(verification);
    let failure = ended.err().map(stopped_by);
    conclude(session, asked, &verified, failure)
}

fn open(session: &Session, asked: &Verify, stop: Stop) -> Result<(Verification, Lock), Failure> {
    let target = &asked.place.target_dir;
    let archive = open_archive(target, session)?;
    let path = index_path(&archive, session);
    // Before the lock, whose file is made where there is none.
    drop(index::open_read_only(&path).map_err(|error| no_index(error, target))?);
    let lock = lock(&archive, session)?;
    own_index(&archive, session)?;
    let db = open_index(&path, asked.repair, session).map_err(|error| no_index(error, target))?;
    let monitor = progress::monitor(&session.settings.output, &session.screen, &session.clock);
    let clock = Arc::clone(&session.clock);
    let (sample, repair) = (asked.sample, asked.repair);
    Ok((Verification { archive, db, monitor, clock, stop, sample, repair }, lock))
}

fn open_index(path: &Path, repair: bool, session: &Session) -> Result<Connection, index::Error> {
    if repair { session.open_index(path) } else { index::open_read_only(path) }
}

/// The failure of a command that needs an archive with an index.
pub fn no_index(error: index::Error, target: &Path) -> Failure {
    let missing = matches!(error, index::Error::Missing { .. });
    let failure = stopped_by(error.into());
    if missing {
        let target = target.display();
        return failure.hint(format!(
            "name the folder of a backup; if its index is elsewhere, with --db-path. \
             `{NAME} {target}` makes a backup there"
        ));
    }
    failure
}

fn conclude(
    session: &Session,
    asked: &Verify,
    verified: &Verified,
    failure: Option<Failure>,
) -> Result<(), Ended> {
    let wrong = (!verified.wrong.is_empty()).then_some(Stopped::Incomplete);
    let stopped =
        Stopped::weightiest(wrong.into_iter().chain(failure.as_ref().map(|it| it.stopped)));
    let words = words(verified, asked, failure.is_none());
    logging::record(&words);
    if session.settings.output.progress == Display::Json {
        let code = stopped.map_or(0, Stopped::code);
        Stdout.line(&progress::verified_as_json(verified, code, session.clock.now()));
        session.screen.line(words.trim_end());
    } else if !session.settings.output.quiet {
        Stdout.line(words.trim_end());
    }
    if let Some(failure) = failure {
        failure.tell(&session.screen);
    }
    stopped.map_or(Ok(()), |stopped| Err(Ended::Told(stopped)))
}

/// The closing words.
fn words(verified: &Verified, asked: &Verify, to_the_end: bool) -> String {
    let looked = some(verified.files, "file");
    let read = format!("{} read ({})", some(verified.read, "file"), bytes(verified.bytes));
    let until = if to_the_end { "" } else { " before it was stopped" };
    let Some(wrong) = in_words(verified) else {
        return format!("Looked for {looked}, {read}{until}: all as they were saved.\n");
    };
    let mut text = format!("Looked for {looked}, {read}{until}: {wrong}.\n");
    if asked.repair && verified.repaired > 0 {
        let repaired = some(verified.repaired, "file");
        say(
            &mut text,
            &format!(
                "The next run fetches {repaired} again. What was there is in \
                 .gphotos-sync/trash/edited."
            ),
        );
    } else if !asked.repair && verified.wrong.keys().any(|wrong| *wrong != Wrong::Link) {
        let target = asked.place.target_dir.display().to_string();
        let target = printable(&target);
        say(
            &mut text,
            &format!(
                "`{NAME} verify --repair {target}` has the next run fetch them again; nothing is \
                 deleted."
            ),
        );
    }
    if verified.wrong.contains_key(&Wrong::Link) {
        say(&mut text, "The next run makes the links anew.");
    }
    text
}

/// What is wrong, in words; `None` if nothing is.
fn in_words(verified: &Verified) -> Option<String> {
    let of = |(wrong, number): (&Wrong, &u64)| match wrong {
        Wrong::Link => format!("{} missing or leading nowhere", some(*number, "link")),
        wrong => format!("{} {}", some(*number, "file"), wrong.as_str()),
    };
    let parts: Vec<_> = verified.wrong.iter().map(of).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
