//! Reads Drive: a listing of everything once, then the feed of changes.

use std::sync::Arc;

use rusqlite::Connection;

use super::asking::Asking;
use super::endless::Progress;
use super::{
    RESTARTS_MAX, conclude, next_crawl, record_absence, tell_doubt, tell_phase, tell_restart,
};
use crate::engine::run::Run;
use crate::engine::seating::Arrivals;
use crate::engine::{Error, Event};
use crate::index::archive;
use crate::index::crawl::{self, Crawl};
use crate::index::item::{self, Known};
use crate::model::{Change, Cursor, Item, Kind, Page, SourceId};
use crate::plan::{self, Answer, Grain, News};
use crate::source::drive::Drive;
use crate::source::{self, Source as _};

/// Whole seconds: nothing says that a search goes by less.
const GRAIN: Grain = Grain { unit_ms: 1_000, slack_ms: 0, newest_first: false, horizon_ms: None };

/// What is told of a listing that was not complete.
const DOUBT: &str = "Google's listing of Drive was not complete: nothing is taken for gone, and \
                     the next run lists everything again";

/// Brings what the index knows of Drive up to date.
pub(super) async fn all(run: &mut Run, drive: &Arc<Drive>) -> Result<(), Error> {
    let flush = run.job.options.flush;
    let at = match crawl::get(&run.job.db, SourceId::Drive)? {
        Some(at) if !flush && !has_to_be_listed_again(&at) => at,
        earlier => begin(run, drive, earlier).await?,
    };
    follow(run, drive, at).await
}

/// Asks once more what is new, and says whether anything was.
pub(super) async fn catch_up(run: &mut Run, drive: &Arc<Drive>) -> Result<bool, Error> {
    let Some(at) = crawl::get(&run.job.db, SourceId::Drive)? else { return Ok(false) };
    let before = at.cursor.clone();
    follow(run, drive, at).await?;
    let after = crawl::get(&run.job.db, SourceId::Drive)?;
    Ok(after.is_some_and(|after| after.cursor != before))
}

/// Reads on from `at` to the end of what there is.
async fn follow(run: &mut Run, drive: &Arc<Drive>, mut at: Crawl) -> Result<(), Error> {
    tell_phase(run, SourceId::Drive, &at);
    let (mut restarts, mut list_again) = (0, false);
    let mut progress = Progress::default();
    loop {
        let is_listing = matches!(at.cursor, Cursor::Listing { .. });
        let read = if is_listing {
            list(run, drive, at.clone()).await.map(|at| (at, false))
        } else {
            read_news(run, drive, &at, &mut progress).await
        };
        match read {
            Ok((next, last)) => {
                // The feed is found wanting only by a folder that came back.
                list_again |= next.incomplete && !at.incomplete && !is_listing;
                at = next;
                if last && list_again {
                    list_again = false;
                    at = begin(run, drive, Some(at)).await?;
                    tell_phase(run, SourceId::Drive, &at);
                } else if last {
                    tell_doubt(run, SourceId::Drive, &at, DOUBT);
                    return Ok(());
                }
            }
            Err(Error::Source(source::Error::CursorRefused)) if restarts < RESTARTS_MAX => {
                restarts += 1;
                tell_restart(run);
                at = begin(run, drive, Some(at)).await?;
                tell_phase(run, SourceId::Drive, &at);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Reads a listing of everything to its end, from `at` on.
async fn list(run: &mut Run, drive: &Arc<Drive>, at: Crawl) -> Result<Crawl, Error> {
    let read = list_ranges(run, drive, at).await;
    // A first listing does without.
    item::make_indices(&run.job.db)?;
    read
}

/// Reads several ranges of a listing at once.
async fn list_ranges(run: &mut Run, drive: &Arc<Drive>, mut at: Crawl) -> Result<Crawl, Error> {
    let Cursor::Listing { page, changes_from } = at.cursor.clone() else { return Ok(at) };
    let mut asking = match page {
        Some(text) => Asking::again(drive, &text)?,
        None => Asking::new(drive, GRAIN),
    };
    let mut progress = Progress::default();
    let mut arrivals = Arrivals::expect(run)?;
    loop {
        let sheet = run.unless_stopped(asking.come()).await??;
        let next = if asking.is_read() {
            Cursor::Changes { token: changes_from.clone() }
        } else {
            Cursor::Listing { page: Some(asking.text()), changes_from: changes_from.clone() }
        };
        let changes = sheet.items.into_iter().map(|item| Change::Present(Box::new(item)));
        let page =
            Page { changes: changes.collect(), next, last: false, incomplete: sheet.incomplete };
        let (next, brought_news) = record(run, &at, page, arrivals.as_mut())?;
        at = next;
        if asking.is_read() {
            return Ok(at);
        }
        bear(run, &at, progress.page(brought_news, || count(run)))?;
    }
}

/// Reads a page of the feed. Returns where to go on, and whether that was all.
async fn read_news(
    run: &mut Run,
    drive: &Drive,
    at: &Crawl,
    progress: &mut Progress,
) -> Result<(Crawl, bool), Error> {
    let page = run.unless_stopped(drive.page(&at.cursor)).await??;
    let last = page.last;
    let (next, brought_news) = record(run, at, page, None)?;
    if !last {
        bear(run, &next, progress.page(brought_news, || count(run)))?;
    }
    Ok((next, last))
}

/// Has the next run list everything anew where this listing, or feed, has no end.
fn bear(run: &Run, at: &Crawl, borne: Result<(), Error>) -> Result<(), Error> {
    if borne.is_err() {
        crawl::put(&run.job.db, SourceId::Drive, &anew(at.clone()))?;
    }
    borne
}

fn count(run: &Run) -> Result<u64, Error> {
    Ok(item::count(&run.job.db, SourceId::Drive)?)
}

/// Where the next run begins after a listing that had no end: with another one.
fn anew(at: Crawl) -> Crawl {
    match at.cursor {
        Cursor::Listing { changes_from, .. } => {
            let number = at.number + 1;
            Crawl { cursor: Cursor::Listing { page: None, changes_from }, number, ..at }
        }
        Cursor::Changes { .. } => Crawl { incomplete: true, ..at },
    }
}

/// Says whether the last listing ended without having told everything.
fn has_to_be_listed_again(at: &Crawl) -> bool {
    at.incomplete && matches!(at.cursor, Cursor::Changes { .. })
}

/// Begins a listing of everything.
async fn begin(run: &mut Run, drive: &Drive, earlier: Option<Crawl>) -> Result<Crawl, Error> {
    // Their names are for the summary only: not knowing them must not stop a backup.
    let shared_drives = async { Ok(drive.shared_drives().await.unwrap_or_default()) };
    let answers = async { tokio::try_join!(drive.start(), drive.my_drive(), shared_drives) };
    let (cursor, root, shared_drives) = run.unless_stopped(answers).await??;
    let crawl = next_crawl(cursor, earlier);
    run.in_transaction(|db| {
        archive::set_drive(db, root.as_str(), &shared_drives)?;
        crawl::put(db, SourceId::Drive, &crawl)?;
        Ok(())
    })?;
    Ok(crawl)
}

/// Records a page and where to go on, in one transaction. Returns that, and whether there
/// was anything new on the page.
fn record(
    run: &mut Run,
    at: &Crawl,
    page: Page,
    mut arrivals: Option<&mut Arrivals>,
) -> Result<(Crawl, bool), Error> {
    let now = run.now();
    let was_listing = matches!(at.cursor, Cursor::Listing { .. });
    let listing_ends = was_listing && matches!(page.next, Cursor::Changes { .. });
    let is_feed = !was_listing;
    let mut told = plan::listing_after(at.listing(), News::Page { incomplete: page.incomplete });
    let mut next = Crawl { cursor: page.next, ..*at };
    let (next, news) = run.in_transaction(|db| {
        let mut news = 0;
        for change in &page.changes {
            if is_feed && brings_back_a_folder(db, change)? {
                told = plan::listing_after(told, News::Contradicted);
            }
            news += u64::from(match (change, &mut arrivals) {
                (Change::Present(item), Some(arrivals)) => {
                    record_listed(db, item, next.number, arrivals)?
                }
                _ => record_change(db, change, next.number, is_feed)?,
            });
        }
        if let Some(arrivals) = &mut arrivals {
            arrivals.mark_stale(db)?;
        }
        next.incomplete = told.is_doubtful();
        if listing_ends {
            conclude(db, SourceId::Drive, &mut next, now)?;
        }
        crawl::put(db, SourceId::Drive, &next)?;
        Ok((next, news))
    })?;
    run.learnt |= was_listing && news > 0;
    // What lies between two ranges may come twice.
    let items = if is_feed { page.changes.len() as u64 } else { news };
    run.tell(Event::Listed { source: SourceId::Drive, items });
    Ok((next, news > 0))
}

/// Says whether a folder came out of Google's trash. Whether the feed then names what is
/// in it is written nowhere, so only a listing tells what came back with it.
fn brings_back_a_folder(db: &Connection, change: &Change) -> Result<bool, Error> {
    let Change::Present(item) = change else { return Ok(false) };
    if item.kind != Kind::Folder || item.marks.trashed {
        return Ok(false);
    }
    let known = item::find(db, &item.key)?;
    Ok(known.is_some_and(|known| known.gone || known.item.marks.trashed))
}

/// Records an item of a listing, and says whether the listing has it for the first time.
fn record_listed(
    db: &Connection,
    item: &Item,
    number: i64,
    arrivals: &mut Arrivals,
) -> Result<bool, Error> {
    if arrivals.is_first() && arrives(db, item, number, arrivals)? {
        return Ok(true);
    }
    let Some(known) = item::find(db, &item.key)? else {
        return arrives(db, item, number, arrivals);
    };
    record_item(db, item, Some(&known), number)?;
    // What was remembered of it may be so no longer.
    arrivals.came(&item.key.id);
    Ok(known.seen != number)
}

/// Records an item that is new, with its seat if that can be said by now. Says whether it is.
/// In a first listing nothing was seated without its folders.
fn arrives(
    db: &Connection,
    item: &Item,
    number: i64,
    arrivals: &mut Arrivals,
) -> Result<bool, Error> {
    let seated = arrivals.seat(db, item)?;
    if item::add(db, item, number, seated.as_ref())?.is_none() {
        return Ok(false);
    }
    if item.kind == Kind::Folder {
        arrivals.came(&item.key.id);
        if !arrivals.is_first() {
            item::unseat_children(db, &item.key)?;
        }
    }
    Ok(true)
}

/// Records one entry of a listing or of the feed, and says whether it is news.
fn record_change(
    db: &Connection,
    change: &Change,
    number: i64,
    is_feed: bool,
) -> Result<bool, Error> {
    match change {
        Change::Present(item) => {
            let known = item::find(db, &item.key)?;
            record_item(db, item, known.as_ref(), number)?;
            // In a listing it is news that something is there, in the feed only a change is.
            Ok(known.is_none_or(|known| {
                if is_feed { known.gone || known.item != **item } else { known.seen != number }
            }))
        }
        Change::Removed(id) => record_absence(db, SourceId::Drive, id, Answer::Removed),
    }
}

fn record_item(
    db: &Connection,
    item: &Item,
    known: Option<&Known>,
    number: i64,
) -> Result<(), Error> {
    if item.kind == Kind::Folder
        && known.is_none_or(|known| known.gone || known.item.owned != item.owned)
    {
        item::unseat_children(db, &item.key)?;
    }
    super::record_item(db, item, known, number)?;
    Ok(())
}
