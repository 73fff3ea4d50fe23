//! Reads Photos: everything from time to time, and in between what was taken lately.
//!
//! A search by date finds no back-dated upload and no deletion, so nothing is concluded
//! from what it leaves out; the next listing of everything sees to both.

use std::sync::Arc;

use chrono::TimeDelta;
use rusqlite::Connection;

use super::asking::Asking;
use super::endless::Progress;
use super::{
    RESTARTS_MAX, albums, conclude, next_crawl, record_absence, tell_doubt, tell_phase,
    tell_restart,
};
use crate::engine::run::Run;
use crate::engine::{Error, Event, motion};
use crate::index::crawl::{self, Crawl};
use crate::index::item::{self, Known};
use crate::index::{album, problem, remembered};
use crate::model::{Change, Cursor, Item, Page, SourceId};
use crate::plan::{self, Answer, Grain, News};
use crate::source::photos::Photos;
use crate::source::{self, Presence, Source as _};

/// How long after a listing of everything the next one is due.
const LISTED_FOR: TimeDelta = TimeDelta::days(7);

const DAY_MS: i64 = 86_400_000;

/// What is told of a listing that was not complete.
const DOUBT: &str = "Google's listing of Photos was empty, although there were items before: \
                     nothing is taken for gone, and the next run lists everything again";

/// Brings what the index knows of Photos up to date, albums too.
pub(super) async fn all(run: &mut Run, photos: &Arc<Photos>) -> Result<(), Error> {
    let at = follow(run, photos).await?;
    tell_doubt(run, SourceId::Photos, &at, DOUBT);
    if at.incomplete || run.job.options.albums.is_none() {
        return Ok(());
    }
    // Without its albums Photos is still worth having.
    let read = albums::all(run, photos, at.number).await;
    run.unless_failed(SourceId::Photos, read)?;
    Ok(())
}

/// Reads to the end of what there is.
async fn follow(run: &mut Run, photos: &Arc<Photos>) -> Result<Crawl, Error> {
    let earlier = crawl::get(&run.job.db, SourceId::Photos)?;
    let goes_on = earlier.as_ref().is_some_and(|at| !has_to_be_listed(run, at));
    let mut at = match earlier {
        Some(at) if goes_on => in_a_pass(at),
        earlier => next_crawl(photos.start().await?, earlier),
    };
    tell_phase(run, SourceId::Photos, &at);
    let (mut restarts, mut progress) = (0, Progress::default());
    loop {
        let read = if Photos::everything(&at.cursor).is_some() {
            list(run, photos, at.clone()).await.map(|at| (at, false))
        } else {
            read_pass(run, photos, &at, &mut progress).await
        };
        match read {
            Ok((next, last)) => {
                at = next;
                // A listing that an earlier run began is older than what is new since.
                if last || Photos::is_at_rest(&at.cursor) && !goes_on {
                    return Ok(at);
                }
                at = in_a_pass(at);
            }
            Err(Error::Source(source::Error::CursorRefused)) if restarts < RESTARTS_MAX => {
                restarts += 1;
                tell_restart(run);
                at = begin_again(photos, at).await?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Reads the second part of a listing to its end.
async fn list(run: &mut Run, photos: &Arc<Photos>, mut at: Crawl) -> Result<Crawl, Error> {
    let mut asking = match Photos::everything(&at.cursor).unwrap_or_default() {
        "" if is_first(run, &at)? => Asking::new(photos, grain(run)),
        "" => Asking::page_by_page(photos, grain(run)),
        text => Asking::again(photos, text)?,
    };
    let mut progress = Progress::default();
    loop {
        let sheet = run.unless_stopped(asking.come()).await??;
        let note = (!asking.is_read()).then(|| asking.text());
        let next = Photos::with_everything(&at.cursor, note.as_deref());
        let changes = sheet.items.into_iter().map(|item| Change::Present(Box::new(item)));
        let page =
            Page { changes: changes.collect(), next, last: false, incomplete: sheet.incomplete };
        let (next, brought_news) = record(run, &at, page)?;
        run.note_spent()?;
        at = next;
        if asking.is_read() {
            return Ok(at);
        }
        let borne = progress.page(brought_news, || count(run));
        bear(run, photos, &at, borne).await?;
    }
}

/// Whether nothing of Photos was ever listed whole, nor known before an index was lost.
///
/// Several ranges are read at once then, and only then: Google says that a search may not
/// have yet what was uploaded a moment ago, so nothing may be concluded from it, and it
/// finds no more than is found between two listings of everything.
/// <https://developers.google.com/photos/library/guides/apply-filters>
fn is_first(run: &Run, at: &Crawl) -> Result<bool, Error> {
    Ok(at.listed_at.is_none() && !remembered::any(&run.job.db, SourceId::Photos)?)
}

/// Whole days, which is all that a search knows, and maybe those of another zone. No
/// search has what is dated in the future.
fn grain(run: &Run) -> Grain {
    let horizon_ms = Some(run.now().timestamp_millis() - DAY_MS);
    Grain { unit_ms: DAY_MS, slack_ms: DAY_MS, newest_first: true, horizon_ms }
}

/// Reads a page of a pass. Returns where to go on, and whether that was all.
async fn read_pass(
    run: &mut Run,
    photos: &Photos,
    at: &Crawl,
    progress: &mut Progress,
) -> Result<(Crawl, bool), Error> {
    let page = run.unless_stopped(photos.page(&at.cursor)).await??;
    let last = page.last;
    let (next, brought_news) = record(run, at, page)?;
    run.note_spent()?;
    if !last && !Photos::is_at_rest(&next.cursor) {
        let borne = progress.page(brought_news, || count(run));
        bear(run, photos, &next, borne).await?;
    }
    Ok((next, last))
}

/// Has the next run begin the pass anew where this one has no end.
async fn bear(
    run: &Run,
    photos: &Photos,
    at: &Crawl,
    borne: Result<(), Error>,
) -> Result<(), Error> {
    if borne.is_err() {
        let again = begin_again(photos, at.clone()).await?;
        crawl::put(&run.job.db, SourceId::Photos, &again)?;
    }
    borne
}

/// Asks once more for what could not be fetched in this run. No search by date says that
/// an item is gone, and one that was deleted after it was listed would stay a problem
/// until the next listing of everything. Of what the archive holds that alone is no
/// evidence: only that listing is.
pub(super) async fn forget_vanished(run: &mut Run, photos: &Photos) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let most = photos.asks_at_once();
        let failed = problem::of_run(&run.job.db, SourceId::Photos, run.id, (after, most))?;
        let Some((last, _)) = failed.last() else { return Ok(()) };
        after = *last;
        let ids: Vec<_> = failed.into_iter().map(|(_, id)| id).collect();
        let answers = run.unless_stopped(photos.ask(&ids)).await??;
        run.in_transaction(|db| {
            let mut absent = ids.iter().zip(&answers).filter(|(_, it)| **it == Presence::Absent);
            absent.try_for_each(|(id, _)| {
                record_absence(db, SourceId::Photos, id, Answer::Absent).map(drop)
            })
        })?;
    }
}

fn count(run: &Run) -> Result<u64, Error> {
    Ok(item::count(&run.job.db, SourceId::Photos)?)
}

/// Says whether everything has to be listed, rather than what is new, or than going on
/// with the listing that was interrupted.
fn has_to_be_listed(run: &Run, at: &Crawl) -> bool {
    let options = &run.job.options;
    if matches!(at.cursor, Cursor::Listing { .. }) {
        return options.flush;
    }
    // A clock that was set back tells nothing either.
    let old = at.listed_at.is_none_or(|listed_at| (run.now() - listed_at).abs() > LISTED_FOR);
    old || at.incomplete || options.flush || options.rescan
}

/// Each pass has a number of its own: an item that bears it came in this pass before.
fn in_a_pass(at: Crawl) -> Crawl {
    let number = at.number + i64::from(Photos::is_at_rest(&at.cursor));
    Crawl { number, ..at }
}

/// Begins the pass again that was going on.
async fn begin_again(photos: &Photos, at: Crawl) -> Result<Crawl, Error> {
    let cursor = Photos::beginning(&at.cursor);
    let is_known = matches!(cursor, Cursor::Listing { .. }) || Photos::is_at_rest(&cursor);
    let cursor = if is_known { cursor } else { photos.start().await? };
    Ok(next_crawl(cursor, Some(at)))
}

/// Records a page and where to go on, in one transaction. Returns that, and whether there
/// was anything new on the page.
fn record(run: &mut Run, at: &Crawl, page: Page) -> Result<(Crawl, bool), Error> {
    let now = run.now();
    let listing_ends =
        matches!(at.cursor, Cursor::Listing { .. }) && matches!(page.next, Cursor::Changes { .. });
    let told = plan::listing_after(at.listing(), News::Page { incomplete: page.incomplete });
    let mut next = Crawl { cursor: page.next, incomplete: told.is_doubtful(), ..*at };
    let (next, items) = run.in_transaction(|db| {
        let mut items = 0;
        for change in &page.changes {
            let Change::Present(item) = change else { continue };
            // Favourites come twice, and so may what lies between two ranges.
            items += u64::from(record_item(db, item, next.number)?);
        }
        if listing_ends {
            end_listing(db, &mut next, now)?;
        }
        crawl::put(db, SourceId::Photos, &next)?;
        Ok((next, items))
    })?;
    run.tell(Event::Listed { source: SourceId::Photos, items });
    Ok((next, items > 0))
}

fn end_listing(
    db: &Connection,
    next: &mut Crawl,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    // No listing has the clips of motion photos: they are there as their stills are.
    item::see_derived(db, SourceId::Photos, next.number)?;
    conclude(db, SourceId::Photos, next, now)?;
    if !next.incomplete {
        album::mark_all_stale(db, SourceId::Photos)?;
    }
    Ok(())
}

/// Records an item of pass `number`, and says whether the pass has it for the first time.
/// A favourite is one that the pass has had before.
fn record_item(db: &Connection, item: &Item, number: i64) -> Result<bool, Error> {
    let known = item::find(db, &item.key)?;
    let is_favourite = item.marks.favourite
        || known.as_ref().is_some_and(|it| it.seen == number && it.item.marks.favourite);
    record_favoured(db, &favoured(item, is_favourite), known.as_ref(), number)?;
    Ok(known.is_none_or(|known| known.seen != number))
}

/// Records an item of an album, of which that page does not say whether it is a
/// favourite; returns its row.
pub(super) fn record_album_item(db: &Connection, item: &Item, number: i64) -> Result<i64, Error> {
    let known = item::find(db, &item.key)?;
    let is_favourite = known.as_ref().is_some_and(|known| known.item.marks.favourite);
    record_favoured(db, &favoured(item, is_favourite), known.as_ref(), number)
}

fn record_favoured(
    db: &Connection,
    item: &Item,
    known: Option<&Known>,
    number: i64,
) -> Result<i64, Error> {
    let row = super::record_item(db, item, known, number)?;
    if known.is_some_and(|known| known.item != *item || known.gone) {
        motion::follow(db, &item::get(db, row)?)?;
    }
    Ok(row)
}

fn favoured(item: &Item, favourite: bool) -> Item {
    let mut item = item.clone();
    item.marks.favourite = favourite;
    item
}
