//! Reads Drive: a listing of everything once, then the feed of changes.

use rusqlite::Connection;

use super::{
    RESTARTS_MAX, conclude, next_crawl, record_absence, tell_doubt, tell_phase, tell_restart,
};
use crate::engine::run::Run;
use crate::engine::{Error, Event};
use crate::index::crawl::{self, Crawl};
use crate::index::{archive, item};
use crate::model::{Change, Cursor, Item, Kind, Page, SourceId};
use crate::plan::{self, Answer, News};
use crate::source::drive::Drive;
use crate::source::{self, Source as _};

/// What is told of a listing that was not complete.
const DOUBT: &str = "Google's listing of Drive was not complete: nothing is taken for gone, and \
                     the next run lists everything again";

/// Brings what the index knows of Drive up to date.
pub(super) async fn all(run: &mut Run, drive: &Drive) -> Result<(), Error> {
    let flush = run.job.options.flush;
    let at = match crawl::get(&run.job.db, SourceId::Drive)? {
        Some(at) if !flush && !has_to_be_listed_again(&at) => at,
        earlier => begin(run, drive, earlier).await?,
    };
    follow(run, drive, at).await
}

/// Asks once more what is new, and says whether anything was.
pub(super) async fn catch_up(run: &mut Run, drive: &Drive) -> Result<bool, Error> {
    let Some(at) = crawl::get(&run.job.db, SourceId::Drive)? else { return Ok(false) };
    let before = at.cursor.clone();
    follow(run, drive, at).await?;
    let after = crawl::get(&run.job.db, SourceId::Drive)?;
    Ok(after.is_some_and(|after| after.cursor != before))
}

/// Reads on from `at` to the end of what there is.
async fn follow(run: &mut Run, drive: &Drive, mut at: Crawl) -> Result<(), Error> {
    tell_phase(run, SourceId::Drive, &at);
    let (mut restarts, mut list_again) = (0, false);
    loop {
        match run.unless_stopped(drive.page(&at.cursor)).await? {
            Ok(page) => {
                let last = page.last;
                let was_doubtful = at.incomplete || matches!(at.cursor, Cursor::Listing { .. });
                at = record(run, &at, page)?;
                // The feed is found wanting only by a folder that came back.
                list_again |= at.incomplete && !was_doubtful;
                if last && list_again {
                    list_again = false;
                    at = begin(run, drive, Some(at)).await?;
                    tell_phase(run, SourceId::Drive, &at);
                } else if last {
                    tell_doubt(run, SourceId::Drive, &at, DOUBT);
                    return Ok(());
                }
            }
            Err(source::Error::CursorRefused) if restarts < RESTARTS_MAX => {
                restarts += 1;
                tell_restart(run);
                at = begin(run, drive, Some(at)).await?;
                tell_phase(run, SourceId::Drive, &at);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Says whether the last listing ended without having told everything.
fn has_to_be_listed_again(at: &Crawl) -> bool {
    at.incomplete && matches!(at.cursor, Cursor::Changes { .. })
}

/// Begins a listing of everything.
async fn begin(run: &mut Run, drive: &Drive, earlier: Option<Crawl>) -> Result<Crawl, Error> {
    let cursor = drive.start().await?;
    let root = drive.my_drive().await?;
    // Their names are for the summary only: not knowing them must not stop a backup.
    let shared_drives = drive.shared_drives().await.unwrap_or_default();
    let crawl = next_crawl(cursor, earlier);
    run.in_transaction(|db| {
        archive::set_drive(db, root.as_str(), &shared_drives)?;
        crawl::put(db, SourceId::Drive, &crawl)?;
        Ok(())
    })?;
    Ok(crawl)
}

/// Records a page and where to go on, in one transaction.
fn record(run: &mut Run, at: &Crawl, page: Page) -> Result<Crawl, Error> {
    let items = page.changes.len() as u64;
    let now = run.now();
    let was_listing = matches!(at.cursor, Cursor::Listing { .. });
    let listing_ends = was_listing && matches!(page.next, Cursor::Changes { .. });
    let mut told = plan::listing_after(at.listing(), News::Page { incomplete: page.incomplete });
    let mut next = Crawl { cursor: page.next, ..*at };
    let next = run.in_transaction(|db| {
        for change in &page.changes {
            if !was_listing && brings_back_a_folder(db, change)? {
                told = plan::listing_after(told, News::Contradicted);
            }
            record_change(db, change, next.number)?;
        }
        next.incomplete = told.is_doubtful();
        if listing_ends {
            conclude(db, SourceId::Drive, &mut next, now)?;
        }
        crawl::put(db, SourceId::Drive, &next)?;
        Ok(next)
    })?;
    run.tell(Event::Listed { source: SourceId::Drive, items });
    Ok(next)
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

fn record_change(db: &Connection, change: &Change, number: i64) -> Result<(), Error> {
    match change {
        Change::Present(item) => record_item(db, item, number),
        Change::Removed(id) => record_absence(db, SourceId::Drive, id, Answer::Removed),
    }
}

fn record_item(db: &Connection, item: &Item, number: i64) -> Result<(), Error> {
    let known = item::find(db, &item.key)?;
    if item.kind == Kind::Folder
        && known.as_ref().is_none_or(|known| known.gone || known.item.owned != item.owned)
    {
        item::unseat_children(db, &item.key)?;
    }
    super::record_item(db, item, known.as_ref(), number)?;
    Ok(())
}
