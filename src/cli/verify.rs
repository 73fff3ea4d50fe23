//! `verify`: reads the saved files, tells what is wrong with them, and how it went.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::args::{NAME, Verify};
use super::human::{bytes, count, some};
use super::job::{
    index_path, lock, on_disk, open_archive, open_sound, own_index, reach, stopped_by,
};
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Stdout};
use super::settings::Display;
use super::summary::say;
use super::{Ended, Session, logging, progress, signals, threads};
use crate::archive::{self, Archive, Lock};
use crate::engine::{self, Job, Options, Reach, Removable, Stop, Verification, Verified, Wrong};
use crate::index;
use crate::model::printable;

/// What a verification works on.
struct Place {
    archive: Archive,
    db: Connection,
    /// Whether the index can be written to.
    records: bool,
    /// Nobody needs one where nobody can write.
    lock: Option<Lock>,
}

/// Verifies.
///
/// # Errors
///
/// How it ended, if something is wrong.
pub fn run(session: &Session, asked: &Verify) -> Result<(), Ended> {
    let unexpected = |error| Failure::new(Stopped::Unexpected, error);
    let runtime = threads::start().map_err(unexpected)?;
    // Signals are listened to on the runtime's threads, files are read on this one.
    let stop =
        runtime.block_on(async { signals::listen(session.screen.clone()) }).map_err(unexpected)?;
    let Place { archive, db, records, lock } = open(session, asked)?;
    let job = job(session, (archive, db), stop);
    let (verified, error) = if asked.repair {
        let reach = async || reach(session).await;
        let (verified, ended) = runtime.block_on(engine::repair(job, asked.sample, reach));
        (verified, ended.error)
    } else {
        let Job { archive, db, monitor, clock, stop, .. } = job;
        let sample = asked.sample;
        let (verified, ended) =
            engine::verify(&Verification { archive, db, records, monitor, clock, stop, sample });
        (verified, ended.err())
    };
    drop(lock);
    let failure = error.map(stopped_by);
    conclude(session, asked, &verified, failure)
}

fn open(session: &Session, asked: &Verify) -> Result<Place, Failure> {
    let target = &asked.place.target_dir;
    let archive = open_archive(target, session)?;
    let path = index_path(&archive, session);
    // Before the lock, whose file is made where there is none.
    drop(index::open_read_only(&path).map_err(|error| no_index(error, target))?);
    let lock = match lock(&archive, session) {
        Ok(lock) => {
            own_index(&archive, session)?;
            Some(lock)
        }
        Err(failure) if !asked.repair && is_unwritable(&failure) => {
            must_be_free(&archive)?;
            None
        }
        Err(failure) => return Err(failure),
    };
    let (db, records) = match open_sound(&path, session) {
        Err(error) if !asked.repair && error.is_unwritable() => {
            session.screen.line(
                "The index can only be read: it cannot be recorded what is found right, and a \
                 --sample begins with the same files each time.",
            );
            (index::open_read_only(&path), false)
        }
        opened => (opened, true),
    };
    let db = db.map_err(|error| no_index(error, target))?;
    Ok(Place { archive, db, records, lock })
}
/// Says whether nothing can be written to the archive's disk by this user.
fn is_unwritable(failure: &Failure) -> bool {
    match failure.error.downcast_ref::<engine::Error>() {
        Some(engine::Error::Archive(error)) => error.is_read_only() || error.is_denied(),
        _ => false,
    }
}

/// Who may only read can take no lock, and sees whether somebody else has it.
fn must_be_free(archive: &Archive) -> Result<(), Failure> {
    match archive.holder().map_err(on_disk)? {
        Some(by) => Err(Failure::new(Stopped::Locked, archive::Error::Locked { by })),
        None => Ok(()),
    }
}

/// A job without sources: how Google is reached is found out when it is needed.
fn job(session: &Session, (archive, db): (Archive, Connection), stop: Stop) -> Job {
    Job {
        archive,
        db,
        drive: None,
        photos: None,
        takeout: None,
        picker: None,
        identity: None,
        given_up: Vec::new(),
        client_id: String::new(),
        // What Google has by now is not asked.
        options: Options { reach: Reach::SkipIndex, ..session.settings.backup.clone() },
        monitor: progress::monitor(&session.settings.output, &session.screen, &session.clock),
        clock: Arc::clone(&session.clock),
        stop,
        requests: Box::new(|| 0),
    }
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
    let wrong = (verified.left() > 0).then_some(Stopped::Incomplete);
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
    let wrong = in_words(verified);
    let came = wrong.as_deref().unwrap_or("all as they were saved");
    let mut text = format!("Looked for {looked}, {read}{until}: {came}.\n");
    if verified.foreign > 0 {
        let (are, stay) = if verified.foreign == 1 { ("is", "stays") } else { ("are", "stay") };
        let foreign = some(verified.foreign, "file");
        say(&mut text, &format!("{foreign} there {are} not the archive's own, and {stay}."));
    }
    if wrong.is_some() {
        for line in next(verified, asked) {
            say(&mut text, &line);
        }
    }
    for export in &verified.removable {
        say(&mut text, &removable(export));
    }
    text
}

/// That an export's parts in Drive are not needed any more.
fn removable(export: &Removable) -> String {
    let (name, size) = (printable(&export.name), bytes(export.bytes));
    let parts = some(export.parts, "part");
    format!(
        "{name}: every file of it is in the archive and was verified; its {parts} in Drive ({size}) \
         can be deleted by hand."
    )
}

/// What was done about it, and what can be.
fn next(verified: &Verified, asked: &Verify) -> Vec<String> {
    let target = asked.place.target_dir.display().to_string();
    let target = printable(&target);
    let mut lines = Vec::new();
    if !asked.repair {
        return vec![format!(
            "`{NAME} verify --repair {target}` fetches again what Google has, and makes the links \
             anew; nothing is deleted."
        )];
    }
    if verified.repaired > 0 {
        let repaired = count(verified.repaired);
        lines.push(format!(
            "Set right: {repaired}. What was there is in .gphotos-sync/trash/edited."
        ));
    }
    if verified.for_next_run > 0 {
        let later = count(verified.for_next_run);
        lines.push(format!("Left to the next run: {later}."));
    }
    let stays = verified.left().saturating_sub(verified.for_next_run);
    if stays > 0 {
        lines.push(format!("Left as it is: {}.", count(stays)));
    }
    lines
}

/// What is wrong, in words; `None` if nothing is.
fn in_words(verified: &Verified) -> Option<String> {
    let of = |(wrong, number): (&Wrong, &u64)| match wrong {
        Wrong::Link => format!("{} missing or leading nowhere", some(*number, "link")),
        Wrong::Astray => format!("{} leading elsewhere", some(*number, "link")),
        Wrong::Orphan => {
            format!("{} of the index without what belongs to it", some(*number, "row"))
        }
        wrong => format!("{} {}", some(*number, "file"), wrong.as_str()),
    };
    let parts: Vec<_> = verified.wrong.iter().map(of).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
