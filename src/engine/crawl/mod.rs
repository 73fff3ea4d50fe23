//! Asks the sources what they have, page by page, and records it.
//!
//! Pages and the cursor behind them are one transaction, so a crawl that is cut
//! goes on where it was. Nothing is placed, moved or fetched here.

mod albums;
mod asking;
mod drive;
mod endless;
mod photos;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::run::{Job, Run};
use super::{Error, Event, Phase, manifest};
use crate::google::{self, SignInError};
use crate::index::archive;
use crate::index::crawl::Crawl;
use crate::index::item::{self, Known};
use crate::index::place;
use crate::model::{Cursor, Item, ItemKey, Kind, Listing, RemoteId, SourceId};
use crate::plan::{self, Answer, News};
use crate::source;
use crate::source::drive::Account;

/// How often in one run a listing may begin anew because its cursor was refused.
const RESTARTS_MAX: u32 = 2;

/// Brings what the index knows up to date. A source that fails whole is given up, and
/// the others are read nevertheless.
pub(super) async fn all(run: &mut Run) -> Result<(), Error> {
    check_identity(run).await?;
    if let Some(drive) = run.job.drive.clone() {
        let read = drive::all(run, &drive).await;
        run.unless_given_up(SourceId::Drive, read)?;
    }
    if let Some(photos) = run.job.photos.clone() {
        let read = photos::all(run, &photos).await;
        run.unless_given_up(SourceId::Photos, read)?;
    }
    Ok(())
}

/// Asks once more what is new, and says whether anything was.
pub(super) async fn catch_up(run: &mut Run) -> Result<bool, Error> {
    if let Some(photos) = run.job.photos.clone() {
        let asked = photos::forget_vanished(run, &photos).await;
        run.unless_given_up(SourceId::Photos, asked)?;
    }
    let Some(drive) = run.job.drive.clone() else { return Ok(false) };
    let read = drive::catch_up(run, &drive).await;
    Ok(run.unless_given_up(SourceId::Drive, read)?.unwrap_or(false))
}

/// Binds the archive to its account and client at the first run, and refuses others
/// afterwards: another account answers 404 for everything, and another client is shown
/// other items; neither is a deletion.
pub(super) async fn check_identity(run: &mut Run) -> Result<(), Error> {
    let Job { drive, photos, picker, .. } = &run.job;
    // What lies on a disk is nobody's account.
    if drive.is_none() && photos.is_none() && picker.is_none() {
        return Ok(());
    }
    let found = whose(run).await?;
    let client_id = &run.job.client_id;
    let bound = archive::get(&run.job.db)?;
    match (found, &bound.account, &bound.client_id) {
        (Some(found), Some(account), _) if *account != found.permission_id => {
            let archive = bound.account_name.as_ref().unwrap_or(account).clone();
            return Err(Error::OtherAccount { archive, found: found.name });
        }
        (_, _, Some(archive)) if archive != client_id => {
            let (archive, found) = (archive.clone(), client_id.clone());
            return Err(Error::OtherClient { archive, found });
        }
        (Some(found), ..) => {
            archive::bind(&run.job.db, &found.permission_id, &found.name, client_id)?;
        }
        (None, account, _) => {
            run.is_stranger = account.is_some();
            archive::bind_client(&run.job.db, client_id)?;
        }
    }
    manifest::bind(run, &bound)
}

/// Asks whose account it is. Only Drive can say, and says it to whoever may read Drive;
/// `None` where the sign-in is for Photos alone.
async fn whose(run: &mut Run) -> Result<Option<Account>, Error> {
    let Some(identity) = &run.job.identity else { return Ok(None) };
    match run.unless_stopped(identity.account()).await? {
        Ok(account) => Ok(Some(account)),
        Err(error) if concerns_drive(&error) && (run.job.photos.is_some() || run.is_pick) => {
            if run.job.drive.is_some() {
                run.unless_given_up(SourceId::Drive, Err::<(), _>(error.into()))?;
            }
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says whether Drive alone may not be read with this sign-in.
const fn concerns_drive(error: &source::Error) -> bool {
    matches!(
        error,
        source::Error::Google(google::Error::SignIn(
            SignInError::ScopeMissing { .. } | SignInError::ApiDisabled { .. }
        ))
    )
}

/// Records an item that a source described. What is as it was known is only seen.
pub(super) fn record_item(
    db: &Connection,
    item: &Item,
    known: Option<&Known>,
    number: i64,
) -> Result<i64, Error> {
    if let Some(known) = known {
        if known.item == *item && !known.gone {
            item::see(db, known.row, number)?;
            return Ok(known.row);
        }
        place::mark_stale(db, known.folder)?;
    }
    Ok(item::put(db, item, number, known.map(|known| known.row))?)
}

/// Records that Google says of an item that it is not there. What the archive holds of it
/// stays where it is, and so do its folders. Returns whether that is news.
fn record_absence(
    db: &Connection,
    source: SourceId,
    id: &RemoteId,
    answer: Answer,
) -> Result<bool, Error> {
    let key = ItemKey { source, id: id.clone() };
    let Some(known) = item::find(db, &key)? else { return Ok(false) };
    place::mark_stale(db, known.folder)?;
    if known.held.is_none() && known.item.kind != Kind::Folder {
        item::remove(db, known.row)?;
    } else {
        item::set_standing(db, known.row, plan::after(known.standing(), answer))?;
    }
    Ok(!known.gone)
}

/// Draws the conclusions of a listing of everything that has come to its end: what it
/// did not have is forgotten if the archive has nothing of it either, and otherwise
/// marked, to be asked for by its id. None are drawn from a listing that was not complete.
fn conclude(
    db: &Connection,
    source: SourceId,
    next: &mut Crawl,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let empty = is_suspiciously_empty(db, source, next.number)?;
    let told = Listing::GoingOn { doubtful: next.incomplete };
    let ended = plan::listing_after(told, News::Ends { empty });
    next.incomplete = ended.is_doubtful();
    if ended != Listing::Whole {
        return Ok(());
    }
    next.listed_at = Some(now);
    // Before the first there was nothing that it could have left out.
    if next.number > 1 {
        for folder in item::remove_unseen(db, source, next.number)? {
            place::mark_stale(db, folder)?;
        }
        item::mark_missing(db, source, next.number)?;
    }
    Ok(())
}

/// Says whether a listing had nothing although the account had something: that is
/// no answer to conclude anything from.
fn is_suspiciously_empty(db: &Connection, source: SourceId, number: i64) -> Result<bool, Error> {
    // Counting goes over every item: only where the listing had none.
    Ok(!item::any_seen(db, source, number)? && item::count(db, source)? > 0)
}

fn tell_phase(run: &Run, source: SourceId, at: &Crawl) {
    let everything = matches!(at.cursor, Cursor::Listing { .. });
    run.phase(Phase::Listing { source, everything });
}

fn tell_restart(run: &Run) {
    run.tell(Event::Note("Google refused to go on with the listing: it begins anew"));
}

/// Says why the run will not count as complete, if a listing was not.
fn tell_doubt(run: &mut Run, source: SourceId, at: &Crawl, words: &str) {
    if at.incomplete {
        run.doubted.insert(source);
        run.tell(Event::Note(words));
    }
}

/// The first listing, or the next after `earlier`, at `cursor`.
fn next_crawl(cursor: Cursor, earlier: Option<Crawl>) -> Crawl {
    Crawl {
        cursor,
        number: earlier.as_ref().map_or(0, |earlier| earlier.number) + 1,
        incomplete: false,
        listed_at: earlier.and_then(|earlier| earlier.listed_at),
    }
}
