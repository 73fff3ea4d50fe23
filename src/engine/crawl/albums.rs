//! Reads the albums of Photos: which there are, and what is in those that changed.
//!
//! The list is short and always read from its start. An album whose items could not be
//! read whole keeps those that it had, and is read at the next run.

use std::collections::BTreeSet;

use super::RESTARTS_MAX;
use super::endless::Progress;
use super::photos::record_album_item;
use crate::engine::run::Run;
use crate::engine::{Error, Event, Phase};
use crate::index::album;
use crate::model::{Album, RemoteId, SourceId, printable};
use crate::source;
use crate::source::photos::Photos;

/// After so many albums in a row that could not be read, the others are not tried.
const FAILED_MAX: u32 = 3;

/// Brings what the index knows of albums up to date. `number` is that of the pass that
/// items are recorded with.
pub(super) async fn all(run: &mut Run, photos: &Photos, number: i64) -> Result<(), Error> {
    list(run, photos).await?;
    let albums = album::count_stale(&run.job.db, SourceId::Photos)?;
    if albums > 0 {
        run.phase(Phase::ReadingAlbums { albums });
    }
    let (mut after, mut failed) = (0, 0);
    while let Some((row, id)) = album::next_stale(&run.job.db, SourceId::Photos, after)? {
        after = row;
        run.note_spent()?;
        match read(run, photos, (row, &id), number).await {
            Ok(()) => failed = 0,
            Err(Error::Source(error)) if failed < FAILED_MAX && concerns_one(&error) => {
                failed += 1;
                leave(run, row, &error)?;
            }
            Err(error) => return Err(error),
        }
        run.tell(Event::AlbumRead);
    }
    Ok(())
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

/// Reads what is in the album `id`, whose row is `row`.
async fn read(
    run: &mut Run,
    photos: &Photos,
    (row, id): (i64, &RemoteId),
    number: i64,
) -> Result<(), Error> {
    let (mut page, mut restarts) = (None::<String>, 0);
    let (mut rows, mut had) = (Vec::new(), BTreeSet::new());
    let mut progress = Progress::default();
    loop {
        match run.unless_stopped(photos.album_items(id, page.as_deref())).await? {
            Ok(part) => {
                let here = run.in_transaction(|db| {
                    let items = part.entries.iter();
                    items
                        .map(|item| record_album_item(db, item, number))
                        .collect::<Result<Vec<_>, _>>()
                })?;
                // Where an item was put in meanwhile, the pages have moved against each other.
                let before = rows.len();
                rows.extend(here.into_iter().filter(|row| had.insert(*row)));
                page = part.next;
                if page.is_some() {
                    progress.page(rows.len() > before, || Ok(0))?;
                }
            }
            // It was deleted after it was listed, unless it answers by itself.
            Err(source::Error::Gone) => {
                if run.unless_stopped(photos.has_album(id)).await?? {
                    return doubt(run, row);
                }
                return Ok(album::mark_gone(&run.job.db, row)?);
            }
            Err(source::Error::CursorRefused) if restarts < RESTARTS_MAX => {
                restarts += 1;
                page = None;
                rows.clear();
                had.clear();
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        if page.is_none() && rows.is_empty() && album::has_lost_all(&run.job.db, row)? {
            return doubt(run, row);
        }
        if page.is_none() {
            return run.in_transaction(|db| Ok(album::fill(db, row, &rows)?));
        }
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
