//! Ctrl-C and a polite kill: the first asks the run to stop, the second ends it.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::echo;
use super::report::Stopped;
use super::screen::Screen;
use crate::engine::Stop;

/// Listens for SIGINT and SIGTERM from now on. Not for SIGHUP: `nohup` has it
/// ignored, and listening would undo that.
///
/// The first makes the returned value true: the run finishes what it is
/// writing, records where it is, and ends. The second ends the process at
/// once; that is safe as well (the next run finds whole files or partial ones),
/// and the summary is missed.
///
/// # Errors
///
/// What the system says if it lets nobody listen.
pub fn listen(screen: Screen) -> io::Result<Stop> {
    let signals = Signals::new()?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        let mut signals = signals;
        signals.next().await;
        screen.line("Stopping; a second Ctrl-C ends at once.");
        // Nobody listens any more only when the run has ended by itself.
        let _: Result<(), _> = stop.send(true);
        signals.next().await;
        end_at_once();
    });
    Ok(stopped)
}

#[expect(clippy::exit, reason = "asked for twice, by a person who is not to wait")]
fn end_at_once() {
    echo::end_quiet();
    std::process::exit(i32::from(Stopped::Interrupted.code()));
}

/// What a person can send to end the program politely.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    ///
    /// What the system says if it lets nobody listen.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Returns when one comes.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
