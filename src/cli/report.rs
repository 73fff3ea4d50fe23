//! What stops a command, as a person reads it and as a script does.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;

use super::args::NAME;
use super::logging;
use super::screen::{Screen, wrapped};
use crate::model::printable;

/// How a command ended, if not well. The numbers are a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stopped {
    /// Something this program has no rule for.
    Unexpected = 1,
    /// What was typed, or `config.toml`.
    Usage = 2,
    /// Only a person can mend it at Google: sign-in, scope, API not enabled.
    SignIn = 3,
    /// Google could not be reached, or refused.
    Google = 4,
    /// The index or the disk.
    Disk = 5,
    /// The deletion guard refused.
    Guard = 6,
    /// Another run holds the archive.
    Locked = 7,
    /// The run went to its end, and some items could not be saved.
    Incomplete = 8,
    /// A person stopped it.
    Interrupted = 130,
}

impl Stopped {
    /// The order in which one of several is told to the shell.
    const WEIGHTIEST_FIRST: [Self; 9] = [
        Self::Interrupted,
        Self::Locked,
        Self::Usage,
        Self::Disk,
        Self::SignIn,
        Self::Google,
        Self::Guard,
        Self::Unexpected,
        Self::Incomplete,
    ];

    /// The one of several that the exit code tells of.
    pub fn weightiest(several: impl IntoIterator<Item = Self>) -> Option<Self> {
        let weight = |stopped: &Self| Self::WEIGHTIEST_FIRST.iter().position(|one| one == stopped);
        several.into_iter().min_by_key(weight)
    }

    /// The number for the shell.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Stopped> for ExitCode {
    fn from(stopped: Stopped) -> Self {
        Self::from(stopped.code())
    }
}

/// What stopped a command: the kind, the error with its causes, and the next step.
#[derive(Debug)]
pub struct Failure {
    /// For the exit code.
    pub stopped: Stopped,
    /// What happened, with its causes.
    pub error: Box<dyn Error + Send + Sync>,
    /// What to do next, if anything is known to help.
    pub hint: Option<String>,
}

impl Failure {
    /// Something that stopped a command.
    pub fn new(stopped: Stopped, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { stopped, error: error.into(), hint: None }
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Tells the person, on `screen`, and the log.
    pub fn tell(&self, screen: &Screen) {
        let text = self.text();
        logging::record_error(&text);
        screen.line(&wrapped(text.trim_end(), Screen::width(), 4));
    }

    /// The whole of it in words: what happened, each cause on a line of its
    /// own, then what to do.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{NAME}: {}\n", lines(&self.error.to_string()));
        let mut told = self.error.to_string();
        let mut cause = self.error.source();
        while let Some(error) = cause {
            let words = error.to_string();
            // Some libraries repeat their cause in their own words.
            if !told.contains(words.trim_end()) {
                // Writing to a String cannot fail.
                let _: std::fmt::Result = writeln!(text, "  because: {}", lines(&words));
            }
            told = words;
            cause = error.source();
        }
        if let Some(hint) = &self.hint {
            let _: std::fmt::Result = writeln!(text, "  try: {}", lines(hint));
        }
        text
    }
}

/// `text` made safe to show, its line breaks kept.
fn lines(text: &str) -> String {
    text.trim_end().split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the index could not be opened")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn an_error_is_told_with_its_cause_and_the_next_step() {
        let cause = std::io::Error::other("no \u{1b}[2Jspace");
        let failure = Failure::new(Stopped::Disk, Outer(cause)).hint("free some space");
        assert_eq!(
            failure.text(),
            "gphotos-sync: the index could not be opened\n  \
             because: no \\u{1b}[2Jspace\n  \
             try: free some space\n"
        );
    }

    #[test]
    fn of_several_causes_the_contracts_order_decides() {
        use Stopped::{Disk, Google, Guard, Incomplete, Interrupted, SignIn};
        let order = [Interrupted, Disk, SignIn, Google, Guard, Incomplete];
        for (at, first) in order.iter().enumerate() {
            let weightiest = Stopped::weightiest(order[at..].iter().rev().copied());
            assert_eq!(weightiest, Some(*first));
        }
        assert_eq!(Stopped::weightiest([]), None);
    }

    #[test]
    fn exit_codes_are_those_of_the_manual() {
        use Stopped::*;
        let codes =
            [Unexpected, Usage, SignIn, Google, Disk, Guard, Locked, Incomplete, Interrupted];
        assert_eq!(codes.map(Stopped::code), [1, 2, 3, 4, 5, 6, 7, 8, 130]);
    }
}
