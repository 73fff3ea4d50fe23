//! `gphotos-sync pick`: shows a person where to choose, and has the engine fetch that.
//!
//! The address is printed and never logged: with the person's account, whoever has it can
//! choose for them.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

use super::args::Pick;
use super::auth::{self, SignedIn};
use super::backup::conclude;
use super::demo::Demo;
use super::human::{count, some};
use super::job::{Came, Way, came, open, way};
use super::report::{Failure, Stopped};
use super::screen::{Screen, Stdout};
use super::settings::Display;
use super::{Ended, Session, progress, qr, signals, threads, typed};
use crate::archive::Lock;
use crate::engine::{self, Guide, Job, Options, Stop};
use crate::google::{self, SignInError};
use crate::model::printable;
use crate::source::drive::Drive;
use crate::source::picker::{self, Picker};

/// Shows the way on the terminal, or on a pipe.
struct Shown {
    screen: Screen,
    /// Whether stdout is for JSON alone.
    json: bool,
    /// Whether somebody sits there.
    person: bool,
}

/// Has a person pick, and fetches that.
///
/// # Errors
///
/// How it ended, if not complete.
pub fn run(session: &Session, asked: &Pick) -> Result<(), Ended> {
    let runtime = threads::start().map_err(|error| Failure::new(Stopped::Unexpected, error))?;
    let began = session.clock.now();
    let came = runtime.block_on(async {
        let stop = signals::listen(session.screen.clone())
            .map_err(|error| Failure::new(Stopped::Unexpected, error))?;
        carry_out(session, asked, stop).await
    })?;
    conclude(session, &came, &asked.place.target_dir, began)
}

async fn carry_out(session: &Session, asked: &Pick, stop: Stop) -> Result<Came, Failure> {
    let demo = asked.demo.then(Demo::start).transpose()?;
    let way = if let Some(demo) = &demo {
        way(Some(demo.root()), demo.signed_in(), session)?
    } else {
        let wish = &session.settings.sign_in;
        way(wish.api_root.as_deref(), signed_in(session).await?, session)?
    };
    let title = asked.album.clone().filter(|title| !title.is_empty());
    let wish = engine::Pick { album: title, guide: Arc::new(Shown::new(session)) };
    let (job, _lock) = job(session, &asked.place.target_dir, way, stop)?;
    Ok(came(engine::pick(job, wish).await))
}

/// Signs in. A service account is nobody who could choose.
async fn signed_in(session: &Session) -> Result<SignedIn, Failure> {
    let wish = &session.settings.sign_in;
    if wish.service_account.is_some() {
        let words = "in Google's Picker a person chooses: a service account cannot, and sees \
                     nobody's photos";
        let hint = "take service-account out of config.toml, or name another with --config, and \
                    run `gphotos-sync auth login --picker`";
        return Err(Failure::new(Stopped::SignIn, words).hint(hint));
    }
    let signed_in = auth::sign_in(wish, &session.screen, &session.clock).await;
    signed_in.map_err(|error| {
        let is_new =
            matches!(&error, auth::Error::Google(google::Error::SignIn(SignInError::NotSignedIn)));
        let failure = Failure::from(error);
        if is_new { failure.hint("gphotos-sync auth login --picker") } else { failure }
    })
}

fn job(
    session: &Session,
    target: &Path,
    way: Way,
    stop: Stop,
) -> Result<(Job, Option<Lock>), Failure> {
    let (archive, db, lock) = open(target, session)?;
    let clock = Arc::clone(&session.clock);
    let client = way.client;
    let job = Job {
        archive,
        db,
        drive: None,
        photos: None,
        takeout: None,
        picker: Some(Arc::new(Picker::new(client.clone(), Arc::clone(&clock)))),
        identity: Some(Drive::new(client.clone())),
        given_up: Vec::new(),
        client_id: way.client_id,
        options: Options { removal: None, ..session.settings.backup.clone() },
        monitor: progress::monitor(&session.settings.output, &session.screen, &clock),
        clock,
        stop,
        requests: Box::new(move || client.requests()),
    };
    Ok((job, lock))
}

impl Shown {
    fn new(session: &Session) -> Self {
        Self {
            screen: session.screen.clone(),
            json: session.settings.output.progress == Display::Json,
            person: session.settings.sign_in.asking.person,
        }
    }

    fn say(&self, text: &str) {
        if self.json { self.screen.line(text) } else { self.screen.result(text) }
    }

    /// The address as a picture, where there is a terminal that has room for it.
    fn picture(&self, address: &str) -> Option<String> {
        qr::picture(address, Stdout::width().filter(|_| self.person && !self.json)?)
    }
}

#[async_trait]
impl Guide for Shown {
    fn show(&self, session: &picker::Session) {
        let address = printable(&session.address);
        self.say("Open this address in any browser, choose what you want to have, and press Done:");
        self.say(&format!("\n{address}\n"));
        if let Some(picture) = self.picture(&session.address) {
            self.say(&format!("{picture}\n"));
        }
        let patience = some(session.patience.as_secs().div_ceil(60), "minute");
        self.say(&format!("Waiting for that, for {patience} at the most; Ctrl-C ends it."));
    }

    async fn is_there_more(&self, most: u64) -> bool {
        let most = count(most);
        if !self.person {
            self.say(&format!(
                "That was {most} items, the most that Google hands out at a time: for others, run \
                 this again."
            ));
            return false;
        }
        self.screen.line(&format!(
            "That was {most} items, the most that Google hands out at a time. Choose others? [y/N]"
        ));
        let answer = typed::arriving().recv().await.unwrap_or_default();
        matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
    }
}
