//! Asks for the pages of a listing at several places at once, as `plan::Shards` says.
//!
//! Each page is asked for and read in a task of its own, so that recording one goes on
//! beside the next ones. Nothing is recorded here.

use std::panic;
use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};

use crate::google;
use crate::model::{Question, Sheet};
use crate::plan::{Grain, Refused, Shards};
use crate::source::{self, Source};

/// So many pages are recorded together at the most.
const TOGETHER: usize = 8;

/// What the task of a page has brought, if it came to its end.
type Joined = Result<(u32, Result<Sheet, source::Error>), JoinError>;

/// A listing that is being read.
pub(super) struct Asking<S> {
    source: Arc<S>,
    shards: Shards,
    /// The pages on their way, with the numbers of their pagers.
    pages: JoinSet<(u32, Result<Sheet, source::Error>)>,
    /// Nothing more is sent, and what is on its way is still taken in.
    failed: Option<source::Error>,
}

impl<S: Source + 'static> Asking<S> {
    /// Begins a listing.
    pub(super) fn new(source: &Arc<S>, grain: Grain) -> Self {
        Self::of(source, Shards::new(grain))
    }

    /// Begins a listing in which one page leads to the next.
    pub(super) fn page_by_page(source: &Arc<S>, grain: Grain) -> Self {
        let mut shards = Shards::new(grain);
        shards.give_up_order();
        Self::of(source, shards)
    }

    /// Goes on with the listing that `text` tells of.
    ///
    /// # Errors
    ///
    /// [`source::Error::CursorRefused`] if an older version wrote that.
    pub(super) fn again(source: &Arc<S>, text: &str) -> Result<Self, source::Error> {
        let shards = Shards::read(text).ok_or(source::Error::CursorRefused)?;
        Ok(Self::of(source, shards))
    }

    fn of(source: &Arc<S>, shards: Shards) -> Self {
        Self { source: Arc::clone(source), shards, pages: JoinSet::new(), failed: None }
    }

    /// Whether everything has been handed out.
    pub(super) const fn is_read(&self) -> bool {
        self.shards.is_read()
    }

    /// Where it stands, to go on from: behind all that was handed out.
    pub(super) fn text(&self) -> String {
        self.shards.text()
    }

    /// Returns what has come, of whichever ranges: one page at the least, and what came
    /// beside it, since to record them together costs less. Others are on their way then.
    ///
    /// # Errors
    ///
    /// What a page failed with, after those that were on their way with it;
    /// [`source::Error::CursorRefused`] if the listing must begin anew. Where to go on after
    /// a page is [`Self::text`], and never the page's own token.
    pub(super) async fn come(&mut self) -> Result<Sheet, source::Error> {
        let mut sheet = loop {
            self.send();
            let Some(joined) = self.pages.join_next().await else {
                return Err(self.failed.take().unwrap_or(source::Error::CursorRefused));
            };
            if let Some(sheet) = self.take_in(joined)? {
                break sheet;
            }
        };
        for _ in 1..TOGETHER {
            let Some(joined) = self.pages.try_join_next() else { break };
            if let Some(other) = self.take_in(joined)? {
                sheet.items.extend(other.items);
                sheet.incomplete |= other.incomplete;
            }
        }
        self.send();
        Ok(sheet)
    }

    /// Takes notice of what a task has brought, and hands out its page.
    fn take_in(&mut self, joined: Joined) -> Result<Option<Sheet>, source::Error> {
        let Some((number, answer)) = unwound(joined) else { return Ok(None) };
        match answer {
            Ok(sheet) => {
                let times: Vec<_> = sheet.items.iter().map(|item| item.created_at).collect();
                self.shards.told(number, &times, sheet.next.clone());
                return Ok(Some(sheet));
            }
            Err(refused @ source::Error::CursorRefused) => match self.shards.refused(number) {
                Refused::GoesOn => {}
                Refused::GivenUp => return Err(refused),
            },
            // The same without an order may be more than nothing.
            Err(error) if self.shards.is_untried() && may_be_for_the_order(&error) => {
                self.shards.give_up_order();
            }
            Err(error) => drop(self.failed.get_or_insert(error)),
        }
        Ok(None)
    }

    /// Sends what may be asked for now.
    fn send(&mut self) {
        if self.failed.is_some() {
            return;
        }
        while let Some((number, question)) = self.shards.ask() {
            self.pages.spawn(ask(Arc::clone(&self.source), number, question));
        }
    }
}

/// What a task has brought. One that panicked goes on doing so here.
pub(super) fn unwound<T>(joined: Result<T, JoinError>) -> Option<T> {
    match joined.map_err(JoinError::try_into_panic) {
        Ok(brought) => Some(brought),
        Err(Ok(payload)) => panic::resume_unwind(payload),
        // Only who drops a set of tasks ends them, and nobody waits for them any more.
        Err(Err(_)) => None,
    }
}

async fn ask<S: Source>(
    source: Arc<S>,
    number: u32,
    question: Question,
) -> (u32, Result<Sheet, source::Error>) {
    (number, source.list(&question).await)
}

/// Whether a source may have failed because of the order that it was asked for: Google
/// warns that sorting large collections by time can end in a timeout.
fn may_be_for_the_order(error: &source::Error) -> bool {
    let source::Error::Google(error) = error else { return false };
    match error {
        google::Error::Cut { .. } => true,
        error => matches!(error.status(), Some(400 | 500..)),
    }
}
