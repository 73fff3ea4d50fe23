//! The main job, from its words to its closing ones.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::args::{Args, Command};
use super::coverage::Wish;
use super::job::{self, Ask, Came};
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Screen, Stdout, wrapped};
use super::settings::Display;
use super::signals;
use super::summary::{self, Closing};
use super::{Ended, Session, dry_run, logging, progress, threads};
use crate::engine::{Effect, Outcome};

/// How far the rest of a closing line is set in that is too long for the terminal.
const HANG: usize = 4;

/// Backs up.
///
/// # Errors
///
/// How it ended, if not complete.
pub fn run(args: &Args, session: &Session) -> Result<(), Ended> {
    let target = args.target_dir();
    if let Some(Command::Adopt(wish)) = &args.command {
        // Before an archive is made for it.
        must_be_folder(&wish.from)?;
    }
    let runtime = threads::start().map_err(|error| Failure::new(Stopped::Unexpected, error))?;
    let began = session.clock.now();
    let came = runtime.block_on(async {
        let stop = signals::listen(session.screen.clone())
            .map_err(|error| Failure::new(Stopped::Unexpected, error))?;
        let monitor = progress::monitor(&session.settings.output, &session.screen, &session.clock);
        let ask = Ask { target: &target, demo: args.is_demo(), monitor, stop };
        job::carry_out(ask, session).await
    })?;
    conclude(session, &came, &target, began)
}

fn must_be_folder(from: &Path) -> Result<(), Failure> {
    if from.is_dir() {
        return Ok(());
    }
    let words = format!("there is no such folder as {}", from.display());
    Err(Failure::new(Stopped::Usage, words).hint("name the folder whose pictures are taken over"))
}

/// Tells how it ended, and returns that.
///
/// # Errors
///
/// How it ended, if not complete.
pub fn conclude(
    session: &Session,
    came: &Came,
    target: &Path,
    began: DateTime<Utc>,
) -> Result<(), Ended> {
    let stopped = ended(came);
    let now = session.clock.now();
    let took = (now - began).to_std().unwrap_or(Duration::ZERO);
    let words = |quiet| words(session, came, (target, took, now), quiet);
    logging::record(&words(false));
    let words = words(session.settings.output.quiet);
    let words = words.trim_end();
    let dry = session.settings.backup.effect == Effect::Told;
    if session.settings.output.progress == Display::Json {
        let code = stopped.map_or(0, Stopped::code);
        Stdout.line(&progress::summary_as_json(&came.summary, code, took, now));
        session.screen.line(words);
    } else if dry && !words.is_empty() {
        // The plan alone is for stdout.
        session.screen.line(&wrapped(words, Screen::width(), HANG));
    } else if !words.is_empty() {
        Stdout.line(&wrapped(words, Stdout::width(), HANG));
    }
    // The headline tells of an interruption already.
    let told = stopped == Some(Stopped::Interrupted) && !session.settings.output.quiet;
    if let Some(failure) = came.failure.as_ref().filter(|_| !told) {
        failure.tell(&session.screen);
    }
    stopped.map_or(Ok(()), |stopped| Err(Ended::Told(stopped)))
}

fn words(
    session: &Session,
    came: &Came,
    (target, took, now): (&Path, Duration, DateTime<Utc>),
    quiet: bool,
) -> String {
    let settings = &session.settings;
    if settings.backup.effect == Effect::Told {
        return if quiet { String::new() } else { dry_run::words(&came.summary) };
    }
    summary::text(&Closing {
        summary: &came.summary,
        archive: &target.display().to_string(),
        took,
        now,
        reach: settings.backup.reach,
        wish: Wish::of(settings),
        quiet,
    })
}

/// What the exit code tells of: what stopped the run, and what it left open.
fn ended(came: &Came) -> Option<Stopped> {
    let outcome = match came.summary.outcome {
        Outcome::Interrupted => Some(Stopped::Interrupted),
        Outcome::Refused => Some(Stopped::Guard),
        Outcome::Incomplete => Some(Stopped::Incomplete),
        Outcome::Failed if came.failure.is_none() => Some(Stopped::Unexpected),
        Outcome::Complete | Outcome::Failed => None,
    };
    let failure = came.failure.as_ref().map(|failure| failure.stopped);
    Stopped::weightiest(outcome.into_iter().chain(failure))
}
