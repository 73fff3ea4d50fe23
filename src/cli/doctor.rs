//! `doctor`: one check after another, each told as soon as it is known. It mends
//! nothing, and waits for nobody.

mod disk;
mod google;

use serde_json::json;
use tokio::runtime::Builder;

use super::args::{Args, Doctor};
use super::auth;
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Stdout, wrapped};
use super::settings::Display;
use super::{Ended, Session};
use crate::model::printable;

/// Where the words of a finding begin.
const HANG: usize = 18;

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// As it should be, in these words.
    Fine(String),
    /// Not so.
    Wrong {
        /// For the exit code.
        stopped: Stopped,
        /// What is wrong.
        words: String,
        /// What to do about it, where the words do not say it themselves.
        next: Option<String>,
    },
}

impl Finding {
    fn fine(words: impl Into<String>) -> Self {
        Self::Fine(words.into())
    }

    fn wrong(stopped: Stopped, words: impl Into<String>) -> Self {
        Self::Wrong { stopped, words: words.into(), next: None }
    }

    fn next(self, step: impl Into<String>) -> Self {
        match self {
            Self::Wrong { stopped, words, .. } => {
                Self::Wrong { stopped, words, next: Some(step.into()) }
            }
            Self::Fine(words) => Self::Fine(words),
        }
    }
}

impl From<Failure> for Finding {
    fn from(failure: Failure) -> Self {
        let mut words = failure.error.to_string();
        if let Some(cause) = failure.error.source() {
            words = format!("{words}: {cause}");
        }
        Self::Wrong { stopped: failure.stopped, words, next: failure.hint }
    }
}

/// Tells findings as they come, and remembers the weightiest.
struct Ward<'a> {
    session: &'a Session,
    wrong: Vec<Stopped>,
}

/// Checks everything.
///
/// # Errors
///
/// The weightiest of what was found.
pub fn run(session: &Session, args: &Args, asked: &Doctor) -> Result<(), Ended> {
    let mut ward = Ward { session, wrong: Vec::new() };
    ward.tell("settings", settings(session, args));
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::from(auth::Error::System(error)))?;
    runtime.block_on(google::examine(&mut ward));
    if let Some(target) = &asked.target_dir {
        disk::examine(&mut ward, target);
    }
    Stopped::weightiest(ward.wrong).map_or(Ok(()), |stopped| Err(Ended::Told(stopped)))
}

/// What is wrong in them has ended the program before.
fn settings(session: &Session, args: &Args) -> Finding {
    let folder = &session.settings.sign_in.config_folder;
    let path = args.common.config.clone().unwrap_or_else(|| folder.join("config.toml"));
    if path.exists() {
        Finding::fine(path.display().to_string())
    } else {
        Finding::fine(format!("there is no {}, which is fine", path.display()))
    }
}

impl Ward<'_> {
    fn tell(&mut self, what: &str, finding: impl Into<Finding>) {
        let finding = finding.into();
        let output = &self.session.settings.output;
        if output.progress == Display::Json {
            Stdout.line(&object(what, &finding));
        } else if !output.quiet || matches!(finding, Finding::Wrong { .. }) {
            Stdout.line(&wrapped(&lines(what, &finding), Stdout::width(), HANG));
        }
        if let Finding::Wrong { stopped, .. } = finding {
            self.wrong.push(stopped);
        }
    }
}

fn lines(what: &str, finding: &Finding) -> String {
    match finding {
        Finding::Fine(words) => format!("ok  {what:<13} {}", printable(words)),
        Finding::Wrong { words, next, .. } => {
            let line = format!("!!  {what:<13} {}", printable(words));
            match next {
                Some(next) => format!("{line}\n    {:<13} try: {}", "", printable(next)),
                None => line,
            }
        }
    }
}

fn object(what: &str, finding: &Finding) -> String {
    match finding {
        Finding::Fine(words) => {
            json!({ "event": "check", "what": what, "ok": true, "text": words }).to_string()
        }
        Finding::Wrong { stopped, words, next } => json!({
            "event": "check",
            "what": what,
            "ok": false,
            "text": words,
            "try": next,
            "exit_code": stopped.code(),
        })
        .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_and_what_is_wrong_has_its_next_step_below() {
        let fine = Finding::fine("a desktop app\u{1b}");
        assert_eq!(lines("client", &fine), "ok  client        a desktop app\\u{1b}");
        let wrong = Finding::wrong(Stopped::Disk, "full").next("make room");
        assert_eq!(
            lines("room", &wrong),
            "!!  room          full\n                  try: make room"
        );
        assert_eq!(
            object("room", &wrong),
            r#"{"event":"check","exit_code":5,"ok":false,"text":"full","try":"make room","what":"room"}"#
        );
    }
}
