//! Reads the albums of Photos: which there are, and what is in those that changed.
//!
//! The list is short and always read from its start. An album whose items could not be
//! read whole keeps those that it had, and is read at the next run.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::RESTARTS_MAX;
use super::asking::unwound;
use super::endless::Progress;
use super::photos::record_album_item;
use crate::engine::run::Run;
use crate::engine::{Error, Event, Phase};
use crate::index::album;
use crate::model::{Album, Item, RemoteId, SourceId, printable};
use crate::source;
use crate::source::photos::{Leaf, Photos};

/// So many pages of albums are asked for at once.
const AT_ONCE: usize = 16;

/// After so many albums in a row that could not be read, the others are not tried.
const FAILED_MAX: u32 = 3;

/// An album that is being read.
struct Reading {
    row: i64,
    id: RemoteId,
    /// The page that is asked for next.
    page: Option<String>,
    restarts: u32,
    /// The rows of its items so far, in its order.
    rows: Vec<i64>,
    had: BTreeSet<i64>,
    progress: Progress,
}

/// A page of an album, or why there is none.
type Answer = Result<Leaf<Item>, source::Error>;

/// Brings what the index knows of albums up to date, several of them at once: no album
/// waits for another. `number` is that of the pass that items are recorded with.
pub(super) async fn all(run: &mut Run, photos: &Arc<Photos>, number: i64) -> Result<(), Error> {
    list(run, photos).await?;
    let albums = album::count_stale(&run.job.db, SourceId::Photos)?;
    if albums > 0 {
        run.phase(Phase::ReadingAlbums { albums });
    }
    let (mut after, mut failed, mut fatal) = (0, 0, None);
    let mut pages = JoinSet::new();
    loop {
        while pages.len() < AT_ONCE && fatal.is_none() {
            let next = album::next_stale(&run.job.db, SourceId::Photos, after)?;
            let Some((row, id)) = next else { break };
            after = row;
            pages.spawn(ask(Arc::clone(photos), Reading::new(row, id)));
        }
        let Some(joined) = run.unless_stopped(pages.join_next()).await? else { break };
        let Some((reading, answer)) = unwound(joined) else { continue };
        run.note_spent()?;
        let row = reading.row;
        match take_in(run, photos, (reading, answer), number).await {
            Ok(None) => {
                failed = 0;
                run.tell(Event::AlbumRead);
            }
            // What is on its way is still taken in, and nothing more is asked for.
            Ok(Some(_)) | Err(Error::Source(_)) if fatal.is_some() => {}
            Ok(Some(reading)) => drop(pages.spawn(ask(Arc::clone(photos), reading))),
            Err(Error::Source(error)) if failed < FAILED_MAX && concerns_one(&error) => {
                failed += 1;
                leave(run, row, &error)?;
                run.tell(Event::AlbumRead);
            }
            Err(error @ Error::Source(_)) => fatal = Some(error),
            Err(error) => return Err(error),
        }
    }
    fatal.map_or(Ok(()), Err)
}

async fn ask(photos: Arc<Photos>, reading: Reading) -> (Reading, Answer) {
    let answer = photos.album_items(&reading.id, reading.page.as_deref()).await;
    (reading, answer)
}

/// Says whether an album can fail by itself.
fn concerns_one(error: &source::Error) -> bool {
    match error {
        source::Error::Google(error) => !error.is_sign_in() && !error.is_daily_limit(),
        _ => true,
    }
}

/// Leaves an album as it was that could not be read: the others can be. The next run reads
/// it.
fn leave(run: &mut Run, row: i64, error: &source::Error) -> Result<(), Error> {
    let title = album::title(&run.job.db, row)?;
    run.doubted.insert(SourceId::Photos);
    run.tell(Event::Note(&format!(
        "the album {} could not be read, is left as it was, and is read at the next run: {error}",
        printable(&title)
    )));
    Ok(())
}

/// Reads which albums there are.
async fn list(run: &mut Run, photos: &Photos) -> Result<(), Error> {
    let number = album::last_number(&run.job.db, SourceId::Photos)? + 1;
    let (mut page, mut restarts) = (None::<String>, 0);
    let (mut had, mut progress) = (BTreeSet::new(), Progress::default());
    loop {
        match run.unless_stopped(photos.albums(page.as_deref())).await? {
            Ok(list) => {
                let before = had.len();
                had.extend(list.entries.iter().map(|album| album.id.clone()));
                record(run, &list.entries, number)?;
                page = list.next;
                if page.is_some() {
                    progress.page(had.len() > before, || Ok(0))?;
                }
            }
            Err(source::Error::CursorRefused) if restarts < RESTARTS_MAX => {
                restarts += 1;
                page = None;
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        if page.is_none() {
            break;
        }
    }
    if had.is_empty() && is_wrong(run, photos).await? {
        run.doubted.insert(SourceId::Photos);
        run.tell(Event::Note(
            "Google's list of albums was empty, although there are albums: they are left as \
             they were",
        ));
        return Ok(());
    }
    Ok(album::mark_unseen_gone(&run.job.db, SourceId::Photos, number)?)
}

/// Says whether a list without albums left out one that is there.
async fn is_wrong(run: &Run, photos: &Photos) -> Result<bool, Error> {
    match album::any_of(&run.job.db, SourceId::Photos)? {
        Some(id) => Ok(run.unless_stopped(photos.has_album(&id)).await??),
        None => Ok(false),
    }
}

fn record(run: &mut Run, albums: &[Album], number: i64) -> Result<(), Error> {
    run.in_transaction(|db| {
        for album in albums {
            match album::find(db, SourceId::Photos, &album.id)? {
                Some(known) if known.album == *album && !known.gone => {
                    album::see(db, known.row, number)?;
                }
                _ => album::put(db, SourceId::Photos, album, number)?,
            }
        }
        Ok(())
    })
}

impl Reading {
    fn new(row: i64, id: RemoteId) -> Self {
        let (rows, had, progress) = (Vec::new(), BTreeSet::new(), Progress::default());
        Self { row, id, page: None, restarts: 0, rows, had, progress }
    }
}

/// Takes in a page of an album. Returns the album if there is more of it to ask for; what
/// is in it is recorded with its last page.
async fn take_in(
    run: &mut Run,
    photos: &Photos,
    (mut reading, answer): (Reading, Answer),
    number: i64,
) -> Result<Option<Reading>, Error> {
    let row = reading.row;
    match answer {
        Ok(part) => {
            let here = run.in_transaction(|db| {
                let items = part.entries.iter();
                items.map(|item| record_album_item(db, item, number)).collect::<Result<Vec<_>, _>>()
            })?;
            // Where an item was put in meanwhile, the pages have moved against each other.
            let before = reading.rows.len();
            reading.rows.extend(here.into_iter().filter(|row| reading.had.insert(*row)));
            reading.page = part.next;
            if reading.page.is_some() {
                reading.progress.page(reading.rows.len() > before, || Ok(0))?;
                return Ok(Some(reading));
            }
            if reading.rows.is_empty() && album::has_lost_all(&run.job.db, row)? {
                doubt(run, row)?;
                return Ok(None);
            }
            run.in_transaction(|db| Ok(album::fill(db, row, &reading.rows)?))?;
            Ok(None)
        }
        // It was deleted after it was listed, unless it answers by itself.
        Err(source::Error::Gone) => {
            if run.unless_stopped(photos.has_album(&reading.id)).await?? {
                doubt(run, row)?;
            } else {
                album::mark_gone(&run.job.db, row)?;
            }
            Ok(None)
        }
        Err(source::Error::CursorRefused) if reading.restarts < RESTARTS_MAX => {
            let restarts = reading.restarts + 1;
            Ok(Some(Reading { restarts, ..Reading::new(row, reading.id) }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Leaves an album as it was of which Google shows nothing, although it counts items in
/// it: a search that ends too soon is a known fault of this API. The next run reads it.
fn doubt(run: &mut Run, row: i64) -> Result<(), Error> {
    let title = album::title(&run.job.db, row)?;
    run.doubted.insert(SourceId::Photos);
    run.tell(Event::Note(&format!(
        "Google shows nothing in the album {}, and says that something is in it: it is left as \
         it was, and the next run reads it again",
        printable(&title)
    )));
    Ok(())
}
