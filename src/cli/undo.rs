//! `gphotos-sync undo`: puts back what a run moved to the trash, and tells which files
//! these are. It needs no account and no network.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::args::Undo;
use super::human::some;
use super::job::{index_path, lock, open_archive, open_sound, own_index, stopped_by};
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Screen, Stdout};
use super::settings::Display;
use super::verify::no_index;
use super::{Ended, Session, progress};
use crate::archive::{Archive, Lock};
use crate::engine::{self, Event, Job, Monitor, Undone};
use crate::index;
use crate::model::printable;

/// Tells of each file that is back, on stdout, and of the others on stderr.
struct Told {
    screen: Screen,
    quiet: bool,
}

impl Monitor for Told {
    fn on(&self, event: Event<'_>) {
        match event {
            Event::Restored { path, .. } if !self.quiet => {
                Stdout.line(&format!("+ {}", printable(path.as_str())));
            }
            Event::Note(text) => self.screen.line(&printable(text)),
            _ => {}
        }
    }
}

/// Puts back what was asked for.
///
/// # Errors
///
/// How it ended, if not well.
pub fn run(session: &Session, wish: &Undo) -> Result<(), Ended> {
    let (archive, db, _lock) = open(session, &wish.place.target_dir)?;
    let (_running, stop) = tokio::sync::watch::channel(false);
    let job = Job {
        archive,
        db,
        drive: None,
        photos: None,
        takeout: None,
        picker: None,
        identity: None,
        given_up: Vec::new(),
        client_id: String::new(),
        options: session.settings.backup.clone(),
        monitor: monitor(session),
        clock: Arc::clone(&session.clock),
        stop,
        requests: Box::new(|| 0),
    };
    conclude(session, engine::undo(job, engine::Undo { run: wish.run, replaced: wish.replaced }))
}

fn open(session: &Session, target: &Path) -> Result<(Archive, Connection, Lock), Failure> {
    let archive = open_archive(target, session)?;
    let path = index_path(&archive, session);
    // Before the lock, whose file is made where there is none.
    drop(index::open_read_only(&path).map_err(|error| no_index(error, target))?);
    let lock = lock(&archive, session)?;
    own_index(&archive, session)?;
    let db = open_sound(&path, session).map_err(|error| no_index(error, target))?;
    Ok((archive, db, lock))
}

fn monitor(session: &Session) -> Arc<dyn Monitor> {
    let output = &session.settings.output;
    match output.progress {
        Display::Json => progress::monitor(output, &session.screen, &session.clock),
        _ => Arc::new(Told { screen: session.screen.clone(), quiet: output.quiet }),
    }
}

fn conclude(session: &Session, undone: Undone) -> Result<(), Ended> {
    let words = words(&undone);
    if let Some(error) = undone.ended.error {
        return Err(stopped_by(error).into());
    }
    if session.settings.output.progress == Display::Json {
        session.screen.line(&words);
    } else if !session.settings.output.quiet {
        Stdout.line(&words);
    }
    if undone.lost > 0 { Err(Ended::Told(Stopped::Incomplete)) } else { Ok(()) }
}

fn words(undone: &Undone) -> String {
    let Some(run) = undone.run else {
        return "Nothing to undo: no run has removed anything.".to_owned();
    };
    let mut words = match (undone.restored, undone.already, undone.lost) {
        (0, 0, 0) => format!("Nothing to undo: run {run} removed nothing."),
        (0, 1.., 0) => format!("Nothing to undo: all that run {run} removed is back already."),
        (restored, ..) => format!("{} of run {run} put back.", some(restored, "file")),
    };
    if undone.lost > 0 {
        words = format!("{words} {} could not be.", some(undone.lost, "file"));
    }
    if undone.restored > 0 {
        let stay = if undone.restored == 1 { "it stays" } else { "they stay" };
        words = format!("{words} With --do-delete, too, {stay} there.");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Summary;

    #[test]
    fn what_came_of_it_is_said_in_words() {
        for (run, counts, told) in [
            (None, (0, 0, 0), "Nothing to undo: no run has removed anything."),
            (Some(4), (0, 0, 0), "Nothing to undo: run 4 removed nothing."),
            (Some(4), (0, 2, 0), "Nothing to undo: all that run 4 removed is back already."),
            (Some(4), (0, 0, 2), "0 files of run 4 put back. 2 files could not be."),
            (
                Some(4),
                (1, 0, 0),
                "1 file of run 4 put back. With --do-delete, too, it stays there.",
            ),
        ] {
            let (restored, already, lost) = counts;
            let ended = engine::Ended { summary: Summary::default(), error: None };
            assert_eq!(words(&Undone { ended, run, restored, already, lost }), told);
        }
    }
}
