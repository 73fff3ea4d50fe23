//! Keeps the terminal from writing `^C` into the bars, which would then not know where
//! they stand and leave a line behind.
//!
//! It changes nothing else of the terminal, and nothing at all where this program is
//! in the background: there the system would stop it. A terminal is one for the whole
//! process, and so is what is kept here.

use std::io;
use std::sync::OnceLock;

use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

/// The terminal as it was.
static BEFORE: OnceLock<Termios> = OnceLock::new();

/// Has the terminal keep quiet about control characters, if stdin is one.
pub fn begin_quiet() {
    let Ok(mut wanted) = tcgetattr(io::stdin()) else { return };
    BEFORE.get_or_init(|| wanted.clone());
    wanted.local_modes -= LocalModes::ECHOCTL;
    set(&wanted);
}

/// Gives the terminal back as it was. To be called before the process ends.
pub fn end_quiet() {
    if let Some(before) = BEFORE.get() {
        set(before);
    }
}

fn set(wanted: &Termios) {
    if tcgetpgrp(io::stdin()).is_ok_and(|foreground| foreground == getpgrp()) {
        // A terminal that stays as it is spoils a line, no more.
        let _: Result<(), _> = tcsetattr(io::stdin(), OptionalActions::Now, wanted);
    }
}
