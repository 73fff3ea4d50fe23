//! What a person chooses in Google's Picker: the one way in which Google shows a program
//! photos at once that it did not upload itself.
//!
//! There is nothing to list without a person: a session is opened, they choose in a
//! browser, and as long as the session is there its items can be listed and fetched. So
//! this is an [`Origin`] and no `Source`. The sessions are this program's own and the only
//! thing that it ever deletes at Google.
//! <https://developers.google.com/photos/picker/guides/get-started-picker>

mod book;
mod wire;

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde::de::IgnoredAny;
use tokio::sync::Mutex;

use self::book::{Address, Book};
use self::wire::{ITEM_FIELDS, Progress, SESSION_FIELDS, Wish};
use super::one_file::OneFile;
use super::photos::{Leaf, is_clip, is_refused_address, still_of};
use super::{Error, Origin, Reading, Want, Withheld};
use crate::google::{Body, Call, Client, Clock};
use crate::model::{Item, RemoteId};

/// The most items that one session takes; Google brings more down to it.
pub const ITEMS_MAX: u64 = 2000;

/// The most items that one page has.
const PAGE_SIZE: &str = "100";

/// No session has more pages: those of the most items, and as many without any.
const PAGES_MAX: u64 = 1000;

/// How often it is asked whether a person has chosen, if Google does not say.
const INTERVAL: Duration = Duration::from_secs(5);

/// How long a person may take, if Google does not say.
const PATIENCE: Duration = Duration::from_mins(30);

/// Google's Picker, for one person.
pub struct Picker {
    client: Client,
    clock: Arc<dyn Clock>,
    book: std::sync::Mutex<Book>,
    /// Held while a page is listed again, so that transfers that need it together cause one
    /// request.
    turn: Mutex<()>,
}

/// A session, as Google told of it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: RemoteId,
    /// Where the person chooses. Whoever has this address and the person's account can.
    pub address: String,
    /// Whether they are done.
    pub chosen: bool,
    /// How often to ask whether they are.
    pub interval: Duration,
    /// How much longer to ask.
    pub patience: Duration,
    /// The most items that can be chosen in it.
    pub items_max: u64,
}

impl Session {
    fn read(told: wire::Session) -> Self {
        let polling = &told.polling_config;
        let interval = polling.interval().unwrap_or(INTERVAL);
        Self {
            id: RemoteId(told.id),
            // The page closes itself when the person is done:
            // https://developers.google.com/photos/picker/guides/sessions
            address: format!("{}/autoclose", told.picker_uri.trim_end_matches('/')),
            chosen: told.media_items_set,
            interval: interval.clamp(Duration::from_secs(1), Duration::from_mins(1)),
            patience: polling.ends_in().unwrap_or(PATIENCE),
            items_max: told.picking_config.max_item_count.0.unwrap_or(ITEMS_MAX).min(ITEMS_MAX),
        }
    }
}

/// Goes through the pages of what was chosen in a session.
pub struct Pages {
    session: RemoteId,
    next: Option<String>,
    asked: BTreeSet<String>,
    count: u64,
    ended: bool,
}

impl Pages {
    /// Those of `session`, from the first.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self::of_id(session.id.clone())
    }

    fn of_id(session: RemoteId) -> Self {
        Self { session, next: None, asked: BTreeSet::new(), count: 0, ended: false }
    }

    /// Goes on to the page that `token` leads to. One that came before would go round for
    /// ever: with more than a hundred items the last page has been seen to lead to itself.
    fn go_on(&mut self, token: Option<String>) -> Result<(), Error> {
        self.count += 1;
        if self.count >= PAGES_MAX {
            return Err(Error::Endless { pages: self.count });
        }
        self.ended = match &token {
            Some(token) => !self.asked.insert(token.clone()),
            None => true,
        };
        self.next = token;
        Ok(())
    }
}

impl Picker {
    /// Makes a source of what is chosen by whom `client` is signed in as. Sends nothing.
    #[must_use]
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self { client, clock, book: std::sync::Mutex::default(), turn: Mutex::default() }
    }

    /// Opens a session for as many items as one can take. What an earlier one had is
    /// forgotten here.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn open_session(&self) -> Result<Session, Error> {
        *self.book() = Book::default();
        let url = format!("{}/sessions", self.client.endpoints().picker);
        // By this number a repeated request is known to be the same one.
        let call = Call::post(url, &Wish::of(ITEMS_MAX)).with("requestId", request_id());
        let told: wire::Session =
            self.client.json(&call.costing(0).with("fields", SESSION_FIELDS)).await?;
        Ok(Session::read(told))
    }

    /// Asks how a session stands.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn session(&self, id: &RemoteId) -> Result<Session, Error> {
        let call = Call::get(self.url_of(id)).costing(0).with("fields", SESSION_FIELDS);
        Ok(Session::read(self.client.json(&call).await?))
    }

    /// Gives a session back: Google allows only so many at a time. What was chosen in it can
    /// no longer be fetched.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn close_session(&self, id: &RemoteId) -> Result<(), Error> {
        let call = Call::delete(self.url_of(id)).costing(0);
        match self.client.json::<Option<IgnoredAny>>(&call).await {
            Err(error) if !error.is_not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Returns the next page of what was chosen; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Error::Endless`]; [`Error::CursorRefused`] if the pages must be read from the first
    /// again; [`Error::Google`].
    pub async fn page(&self, pages: &mut Pages) -> Result<Option<Vec<Item>>, Error> {
        if pages.ended {
            return Ok(None);
        }
        let leaf = self.list(&pages.session, pages.next.as_deref()).await?;
        pages.go_on(leaf.next)?;
        Ok(Some(leaf.entries))
    }

    async fn list(&self, session: &RemoteId, page: Option<&str>) -> Result<Leaf<Item>, Error> {
        let url = format!("{}/mediaItems", self.client.endpoints().picker);
        let mut call = Call::get(url).costing(0).with("sessionId", session.as_str());
        call = call.with("pageSize", PAGE_SIZE).with("fields", ITEM_FIELDS);
        if let Some(token) = page {
            call = call.with("pageToken", token);
        }
        let asked_at = self.clock.now();
        let list: wire::ItemList = match self.client.json(&call).await {
            Err(error) if page.is_some() && matches!(error.status(), Some(400 | 410)) => {
                return Err(Error::CursorRefused);
            }
            answer => answer?,
        };
        let items = list.media_items.0;
        self.book().note((session, page), &items, asked_at);
        let next = list.next_page_token.filter(|token| !token.is_empty());
        Ok(Leaf { entries: items.into_iter().map(wire::MediaItem::into_item).collect(), next })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns where an item's bytes are to be had, and not at `refused`.
    async fn address(&self, id: &str, refused: Option<&Address>) -> Result<Address, Error> {
        let known = |book: &Book| book.find(id, refused, self.clock.now()).cloned();
        if let Some(address) = known(&self.book()) {
            return Ok(address);
        }
        let _turn = self.turn.lock().await;
        if let Some(address) = known(&self.book()) {
            return Ok(address);
        }
        // Of another session, or of another run.
        let (session, page) = self.book().page_of(id).ok_or(Error::Gone)?;
        match self.list(&session, page.as_deref()).await {
            Err(Error::CursorRefused) => self.list_all(session).await?,
            listed => drop(listed?),
        }
        let found = known(&self.book());
        found.ok_or(Error::Gone)
    }

    /// Lists everything of a session again: tokens of pages do not last for ever.
    async fn list_all(&self, session: RemoteId) -> Result<(), Error> {
        let mut pages = Pages::of_id(session);
        while self.page(&mut pages).await?.is_some() {}
        Ok(())
    }

    async fn bytes(&self, want: &Want) -> Result<Body, Error> {
        let id = &want.item.key.id;
        let address = self.address(still_of(id), None).await?;
        processed(&address)?;
        match self.client.bytes(&media(id, &address), want.from_byte).await {
            Err(error) if is_refused_address(&error) => {
                let address = self.address(still_of(id), Some(&address)).await?;
                processed(&address)?;
                Ok(self.client.bytes(&media(id, &address), want.from_byte).await?)
            }
            answer => Ok(answer?),
        }
    }

    fn url_of(&self, session: &RemoteId) -> String {
        let id: String =
            url::form_urlencoded::byte_serialize(session.as_str().as_bytes()).collect();
        format!("{}/sessions/{id}", self.client.endpoints().picker)
    }
}

#[async_trait]
impl Origin for Picker {
    async fn open(&self, wants: &[Want]) -> Result<Box<dyn Reading>, Error> {
        let body = match wants.first() {
            Some(want) => Some(self.bytes(want).await?),
            None => None,
        };
        Ok(Box::new(OneFile::new(body)))
    }
}

/// The call for an item's bytes. Unlike the Library API's, the address alone is no
/// permission: the token goes along, and so goes to Google's media servers only.
/// Without a suffix Google makes a smaller picture, and `=d` of a film is a picture of it.
fn media(id: &RemoteId, address: &Address) -> Call {
    let film = address.film || is_clip(id);
    let suffix = if film { "=dv" } else { "=d" };
    Call::get(format!("{}{suffix}", address.base_url)).costing(0).of_media().expecting_picture()
}

fn processed(address: &Address) -> Result<(), Error> {
    match address.processing {
        Progress::Ready => Ok(()),
        Progress::Processing => Err(Error::Withheld(Withheld::NotReady)),
        Progress::Failed => Err(Error::Withheld(Withheld::NotProcessed)),
    }
}

/// A new UUID of version 4, <https://www.rfc-editor.org/rfc/rfc9562#section-5.4>.
fn request_id() -> String {
    uuid(rand::random())
}

fn uuid(random: u128) -> String {
    const VERSION: u128 = 0x4 << 76;
    const VARIANT: u128 = 0b10 << 62;
    let bits = random & !(0xf << 76) & !(0b11 << 62) | VERSION | VARIANT;
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_number_of_version_4() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_ne!(request_id(), request_id());
    }

    #[test]
    fn a_token_that_comes_again_ends_the_listing() {
        let mut pages = Pages::of_id(RemoteId("s".to_owned()));
        for (token, ended) in [("a", false), ("b", false), ("b", true), ("a", true)] {
            pages.go_on(Some(token.to_owned())).unwrap();
            assert_eq!(pages.ended, ended, "{token}");
        }
    }

    #[test]
    fn pages_without_an_end_are_given_up() {
        let mut pages = Pages::of_id(RemoteId("s".to_owned()));
        let gone_on = (1..=2 * PAGES_MAX).find(|n| pages.go_on(Some(n.to_string())).is_err());
        assert_eq!(gone_on, Some(PAGES_MAX));
    }

    #[test]
    fn what_google_does_not_say_of_a_session_is_assumed() {
        let read = |json: &str| Session::read(serde_json::from_str(json).unwrap());
        let bare = read(r#"{"id":"s","pickerUri":"https://photos.google.com/picker/s"}"#);
        assert_eq!(bare.address, "https://photos.google.com/picker/s/autoclose");
        assert_eq!((bare.interval, bare.patience), (INTERVAL, PATIENCE));
        assert_eq!((bare.items_max, bare.chosen), (ITEMS_MAX, false));
        let hurried = read(
            r#"{"id":"s","pollingConfig":{"pollInterval":"0s","timeoutIn":"9s"},
                "pickingConfig":{"maxItemCount":"5"}}"#,
        );
        assert_eq!(hurried.interval, Duration::from_secs(1), "Google is not to be stormed");
        assert_eq!((hurried.patience, hurried.items_max), (Duration::from_secs(9), 5));
    }
}
