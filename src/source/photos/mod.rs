//! Google Photos through its Library API, which since March 2025 shows an app only
//! what the app itself has uploaded (<https://developers.google.com/photos/support/updates>).
//!
//! It has no feed of changes. A listing of everything finds all there is; in between,
//! a search by date finds what was taken lately. Neither says that something is gone,
//! and no answer says whether an item is archived, so the index has nothing there.

mod addresses;
mod answer;
mod calls;
mod clip;
#[doc(hidden)]
pub mod fuzzed;
mod pass;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::NaiveDate;
use tokio::sync::Mutex;

use self::addresses::{Address, BATCH_MAX, Book, Soon};
use self::answer::{Answer, answers};
pub use self::clip::clip_of;
pub(super) use self::clip::{is_clip, still_of};
use self::pass::{Part, Pass};
use self::wire::{ALBUM_FIELDS, BATCH_FIELDS, Progress, Search};
use super::one_file::OneFile;
use super::{Error, Origin, Presence, Reading, Source, Want, Withheld};
use crate::google::{self, Body, Call, Client, Clock};
use crate::model::{Album, Change, Cursor, Item, Page, Question, RemoteId, Sheet};

/// The most items that one page has.
const PAGE_SIZE: u32 = 100;

/// The most albums that one page has.
const ALBUMS_PAGE_SIZE: &str = "50";

/// Google Photos, as one account shows it to one app.
pub struct Photos {
    client: Client,
    clock: Arc<dyn Clock>,
    book: std::sync::Mutex<Book>,
    /// Held while addresses are asked for, so that transfers that need some together cause
    /// one request. Whose address is known needs no turn: asking may take minutes.
    turn: Mutex<()>,
    soon: Soon,
}

/// A page of a list that is read from its start each time.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf<T> {
    /// What is on it, in Google's order. Nothing on it does not mean that it is the last.
    pub entries: Vec<T>,
    /// The token of the next one; `None` after the last.
    pub next: Option<String>,
}

impl Photos {
    /// Makes a source of the Photos that `client` is signed in to. Sends nothing.
    #[must_use]
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            clock,
            book: std::sync::Mutex::default(),
            turn: Mutex::default(),
            soon: Soon::default(),
        }
    }

    /// How many requests were sent to the API so far. Those for bytes go elsewhere.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.client.counted()
    }

    /// Has every further request refused with [`google::Error::Spent`] when there were `most`.
    pub fn limit(&self, most: u64) {
        self.client.limit(most);
    }

    /// Whether it is Google itself that is asked, and Google's limits that hold.
    #[must_use]
    pub fn is_googles(&self) -> bool {
        self.client.endpoints().are_googles()
    }

    /// Says whether the page at `cursor` is the first of a pass over what is new.
    #[must_use]
    pub fn is_at_rest(cursor: &Cursor) -> bool {
        pass::is_at_rest(cursor)
    }

    /// Says whether a listing of everything stands at `cursor` that [`Source::list`] reads,
    /// and hands out what is noted there: nothing where it has not begun.
    #[must_use]
    pub fn everything(cursor: &Cursor) -> Option<&str> {
        pass::everything(cursor)
    }

    /// Returns `cursor` with `note` as where [`Source::list`] goes on; `None`: nothing is left.
    #[must_use]
    pub fn with_everything(cursor: &Cursor, note: Option<&str>) -> Cursor {
        pass::with_everything(cursor, note)
    }

    /// Returns where the pass that `cursor` is in the middle of began.
    #[must_use]
    pub fn beginning(cursor: &Cursor) -> Cursor {
        pass::beginning(cursor)
    }

    /// Returns a page of the albums that the app sees.
    ///
    /// # Errors
    ///
    /// [`Error::CursorRefused`] if the list must be read from its start;
    /// [`Error::Google`].
    pub async fn albums(&self, page: Option<&str>) -> Result<Leaf<Album>, Error> {
        let mut call = self.get("/albums").with("pageSize", ALBUMS_PAGE_SIZE);
        call = call.with("fields", ALBUM_FIELDS);
        if let Some(token) = page {
            call = call.with("pageToken", token);
        }
        let list: wire::AlbumList = self.paged(&call, page).await?;
        let next = going_on(list.next_page_token, page)?;
        let albums = list.albums.0.into_iter().map(wire::OneAlbum::into_album);
        Ok(Leaf { entries: albums.collect(), next })
    }

    /// Says whether the app still sees an album.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn has_album(&self, id: &RemoteId) -> Result<bool, Error> {
        let call = self.get(&format!("/albums/{}", in_path(id))).with("fields", "id");
        match self.client.json::<wire::Id>(&call).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns a page of an album's items, in the album's order. Those that other apps
    /// have uploaded are left out without a word.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if the album is no longer there; otherwise as [`Self::albums`].
    pub async fn album_items(
        &self,
        album: &RemoteId,
        page: Option<&str>,
    ) -> Result<Leaf<Item>, Error> {
        let search = Search {
            album_id: Some(album.as_str()),
            page_size: PAGE_SIZE,
            page_token: page,
            ..Search::default()
        };
        let list: wire::ItemList = match self.paged(&self.search(&search), page).await {
            Err(Error::Google(error)) if error.is_not_found() => return Err(Error::Gone),
            answer => answer?,
        };
        let next = going_on(list.next_page_token, page)?;
        let items = list.media_items.0.into_iter().map(|item| item.into_item(false));
        Ok(Leaf { entries: items.collect(), next })
    }

    /// Asks how many bytes would be served of an item, if the server says. They are those
    /// of the original only where Google has left out nothing.
    ///
    /// # Errors
    ///
    /// As [`Origin::open`].
    pub async fn length(&self, item: &Item) -> Result<Option<u64>, Error> {
        let address = self.address(&item.key.id).await?;
        match self.client.length(&media(&item.key.id, &address)).await {
            Err(error) if is_refused_address(&error) => {
                let address = self.another_address(&item.key.id, &address).await?;
                Ok(self.client.length(&media(&item.key.id, &address)).await?)
            }
            answer => Ok(answer?),
        }
    }

    /// Asks for items by their ids, at most [`BATCH_MAX`], none of them twice.
    async fn batch(&self, ids: &[String]) -> Result<Vec<Answer>, Error> {
        let url = format!("{}/mediaItems:batchGet", self.client.endpoints().photos);
        let mut call = Call::get(url.clone()).counted().with("fields", BATCH_FIELDS);
        for id in ids {
            call = call.with("mediaItemIds", id);
        }
        let batch: wire::Batch = self.client.json(&call).await?;
        let results = batch.media_item_results.0;
        answers(&url, ids, results)
    }

    /// Returns where an item's bytes are to be had.
    async fn address(&self, id: &RemoteId) -> Result<Address, Error> {
        let id = still_of(id);
        if let Some(address) = self.book().find(id, self.clock.now()) {
            return Ok(address.clone());
        }
        let _turn = self.turn.lock().await;
        let now = self.clock.now();
        if let Some(address) = self.book().find(id, now) {
            return Ok(address.clone());
        }
        let ids = self.soon.take_with(id, &self.book(), now);
        let mut wanted = Err(Error::Gone);
        for (at, (id, answer)) in ids.iter().zip(self.batch(&ids).await?).enumerate() {
            let address = match answer {
                Answer::Here(item) => Address::of(&item, now).ok_or(Error::Gone),
                Answer::Absent => Err(Error::Gone),
                Answer::Refused(error) => Err(error.into()),
            };
            if let Ok(address) = &address {
                self.book().note(id, address.clone());
            }
            if at == 0 {
                wanted = address;
            }
        }
        wanted
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns where an item's bytes are to be had now that they are not at `refused`.
    async fn another_address(&self, id: &RemoteId, refused: &Address) -> Result<Address, Error> {
        let old = self.book().forget(refused);
        self.soon.put_back(old);
        self.address(id).await
    }

    async fn bytes(&self, want: &Want) -> Result<Body, Error> {
        let id = &want.item.key.id;
        let address = self.address(id).await?;
        processed(&address)?;
        match self.client.bytes(&media(id, &address), want.from_byte).await {
            Err(error) if is_refused_address(&error) => {
                let address = self.another_address(id, &address).await?;
                processed(&address)?;
                Ok(self.client.bytes(&media(id, &address), want.from_byte).await?)
            }
            answer => Ok(answer?),
        }
    }

    fn today(&self) -> NaiveDate {
        self.clock.now().date_naive()
    }
}

#[async_trait]
impl Source for Photos {
    async fn start(&self) -> Result<Cursor, Error> {
        Ok(Cursor::Listing { page: None, changes_from: self.today().to_string() })
    }

    /// Of an item that comes in a pass for the first time, `marks.favourite` is right. One
    /// that was told as a favourite comes again without it, later in the same pass.
    async fn page(&self, cursor: &Cursor) -> Result<Page, Error> {
        let pass = Pass::read(cursor, self.today())?;
        if pass.is_of_everything() {
            return Err(Error::CursorRefused);
        }
        let list = self.found(&pass).await?;
        let token = going_on(list.next_page_token, pass.place.page.as_deref())?;
        let favourite = pass.place.part == Part::Favourites;
        let items = list.media_items.0.into_iter().map(|item| item.into_item(favourite));
        let next = pass.next(token);
        Ok(Page {
            changes: items.map(|item| Change::Present(Box::new(item))).collect(),
            last: pass.since.is_some() && pass::is_at_rest(&next),
            next,
            incomplete: false,
        })
    }

    /// Of the items, `marks.favourite` says nothing. A span is read in whole days, of
    /// whichever zone Google counts an item's days in.
    async fn list(&self, question: &Question) -> Result<Sheet, Error> {
        let page = question.page.as_deref();
        let list: wire::ItemList = self.paged(&self.listing(question), page).await?;
        let next = going_on(list.next_page_token, page)?;
        let items = list.media_items.0.into_iter().map(|item| item.into_item(false)).collect();
        Ok(Sheet { items, next, incomplete: false })
    }

    fn asks_at_once(&self) -> usize {
        BATCH_MAX
    }

    /// Of the items, `marks.favourite` says nothing. A clip is there where its still is.
    async fn ask(&self, ids: &[RemoteId]) -> Result<Vec<Presence>, Error> {
        let mut stills: Vec<_> = ids.iter().map(|id| still_of(id).to_owned()).collect();
        stills.sort_unstable();
        stills.dedup();
        let mut found = BTreeMap::new();
        for batch in stills.chunks(BATCH_MAX) {
            for (id, answer) in batch.iter().zip(self.batch(batch).await?) {
                match answer {
                    Answer::Here(item) => drop(found.insert(id.clone(), item.into_item(false))),
                    Answer::Absent => {}
                    Answer::Refused(error) => return Err(error.into()),
                }
            }
        }
        let presence = |id: &RemoteId| match found.get(still_of(id)) {
            Some(still) if still.key.id == *id => Presence::Present(Box::new(still.clone())),
            Some(still) => Presence::Present(Box::new(clip_of(still))),
            None => Presence::Absent,
        };
        Ok(ids.iter().map(presence).collect())
    }
}

#[async_trait]
impl Origin for Photos {
    fn look_ahead(&self, ids: &[RemoteId]) {
        self.soon.add(ids.iter());
    }

    async fn open(&self, wants: &[Want]) -> Result<Box<dyn Reading>, Error> {
        let body = match wants.first() {
            Some(want) => Some(self.bytes(want).await?),
            None => None,
        };
        Ok(Box::new(OneFile::new(body)))
    }
}

/// The call for an item's bytes. The address alone is the permission, so no token is
/// sent along. `=d` of a film is a picture of it.
fn media(id: &RemoteId, address: &Address) -> Call {
    let film = address.film || is_clip(id);
    let suffix = if film { "=dv" } else { "=d" };
    Call::get(format!("{}{suffix}", address.base_url)).costing(0).anonymous().expecting_picture()
}

/// Media servers say no in one of these ways to an address that has expired, or whose
/// item has gone.
pub(super) fn is_refused_address(error: &google::Error) -> bool {
    matches!(error.status(), Some(403 | 404 | 410))
}

fn processed(address: &Address) -> Result<(), Error> {
    match address.processing {
        Progress::Ready => Ok(()),
        Progress::Processing => Err(Error::Withheld(Withheld::StillProcessing)),
        Progress::Failed => Err(Error::Withheld(Withheld::NotProcessed)),
    }
}

/// The token to go on with. One that comes again would go round for ever.
fn going_on(next: Option<String>, asked: Option<&str>) -> Result<Option<String>, Error> {
    let next = next.filter(|token| !token.is_empty());
    if next.is_some() && next.as_deref() == asked { Err(Error::CursorRefused) } else { Ok(next) }
}

/// An id as one part of an address; one that would need escaping is not Google's.
fn in_path(id: &RemoteId) -> String {
    url::form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect()
}
