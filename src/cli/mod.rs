//! The command line: the only module that reads the environment or prints.

mod args;
mod auth;
mod backup;
mod client;
mod clock;
mod config;
mod coverage;
mod demo;
mod disk;
mod doctor;
mod dry_run;
mod echo;
mod environment;
mod exports;
#[doc(hidden)]
pub mod fuzzed;
mod human;
mod job;
mod logging;
mod manual;
mod mistakes;
mod pick;
mod progress;
mod qr;
mod report;
mod sandbox;
mod screen;
mod settings;
mod signals;
mod status;
mod summary;
mod threads;
mod typed;
mod undo;
mod verify;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use args::{Args, Command};
use clap::error::ErrorKind;
use environment::Environment;
use report::{Failure, Stopped};
use screen::Screen;
use settings::{Display, Settings};

use crate::google::Clock;

/// What every command works with.
struct Session {
    settings: Settings,
    screen: Screen,
    clock: Arc<dyn Clock>,
    /// What the disk is to do wrong, for tests.
    #[cfg(debug_assertions)]
    faults: Option<crate::archive::Faults>,
}

/// Does what the words of the command line ask for, and tells how it went.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ended = match mistakes::read(words) {
        Ok(args) => dispatch(&args),
        Err(error) => return tell(&error),
    };
    echo::end_quiet();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ended::Told(stopped)) => stopped.into(),
        Err(Ended::Untold(failure)) => {
            failure.tell(&Screen::plain());
            failure.stopped.into()
        }
    }
}

/// How a command ended that did not end well.
enum Ended {
    /// The person has been told, by the summary.
    Told(Stopped),
    /// The person has not been told yet.
    Untold(Failure),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Untold(failure)
    }
}

/// Writes clap's words: help on stdout, mistakes on stderr.
fn tell(error: &clap::Error) -> ExitCode {
    // A reader who closed the pipe wants no more.
    drop(error.print());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => Stopped::Usage.into(),
    }
}

fn dispatch(args: &Args) -> Result<(), Ended> {
    match &args.command {
        Some(Command::Completions { shell }) => Ok(print(&manual::completions(*shell))?),
        Some(Command::Man) => {
            let page = manual::page().map_err(|error| Failure::new(Stopped::Unexpected, error))?;
            Ok(print(&page)?)
        }
        Some(Command::Auth(command)) => Ok(auth::run(&session(args)?, command)?),
        Some(Command::Status(asked)) => status::run(&session(args)?, asked),
        Some(Command::Doctor(asked)) => doctor::run(&session(args)?, args, asked),
        Some(Command::Pick(asked)) => pick::run(&session(args)?, asked),
        Some(Command::Undo(wish)) => undo::run(&session(args)?, wish),
        Some(Command::Verify(asked)) => verify::run(&session(args)?, asked),
        Some(Command::Sandbox { world }) => Ok(sandbox::serve(*world)?),
        Some(Command::Takeout(_) | Command::Adopt(_)) | None => backup::run(args, &session(args)?),
    }
}

fn session(args: &Args) -> Result<Session, Failure> {
    let environment = Environment::read();
    let settings = Settings::new(args, &environment).map_err(|error| {
        Failure::new(Stopped::Usage, error).hint(format!("{} --help", args::NAME))
    })?;
    let screen = match settings.output.progress {
        Display::Bars => {
            echo::begin_quiet();
            Screen::with_bars()
        }
        Display::Plain | Display::Json | Display::Nothing => Screen::plain(),
    };
    let clock = clock::of(&environment);
    logging::begin(&settings.output, &screen, &clock)
        .map_err(|error| Failure::new(Stopped::Disk, error).hint("another --log-file"))?;
    Ok(Session {
        settings,
        screen,
        clock,
        #[cfg(debug_assertions)]
        faults: faults(&environment)?,
    })
}

#[cfg(debug_assertions)]
fn faults(environment: &Environment) -> Result<Option<crate::archive::Faults>, Failure> {
    let faults = environment.disk.as_deref().map(crate::archive::Faults::parse).transpose();
    faults.map_err(|error| Failure::new(Stopped::Usage, error))
}

fn print(text: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        // A reader who closed the pipe wants no more: `gphotos-sync man | head`.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Stopped::Disk, error).hint("another place to write to"))
        }
        _ => Ok(()),
    }
}
