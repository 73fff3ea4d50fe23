//! Fetches what a person chooses in Google's Picker, into photos/ and an album.
//!
//! A pick is a run of its own. It records what was chosen as any listing does, and from
//! there on all goes as for other files: names, transfers, places, albums. Two things are
//! different. Nothing can be fetched any more when its session is over: what did not come
//! then is a problem until it is picked again, and of no other run. And nothing is ever
//! removed, since nothing says what is not there.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use rusqlite::Connection;

use super::run::{Ended, Job, Run};
use super::{
    Error, Event, Phase, albums, check, crawl, fetch, layout, matching, months, moves, rebuild,
    recovery,
};
use crate::index::history::Moment;
use crate::index::{album, file, item, matching as seats, problem};
use crate::model::{Album, Item, RemoteId, SourceId};
use crate::source;
use crate::source::photos::clip_of;
use crate::source::picker::{Pages, Picker, Session};

/// How often the list of what was chosen may begin anew because its page was refused.
const RESTARTS_MAX: u32 = 2;

/// How long the end of a session may take. Google ends it by itself after some days.
const CLOSING: Duration = Duration::from_mins(1);

/// How much longer a session that is being opened is waited for when a person wants to stop.
const OPENING: Duration = Duration::from_secs(10);

/// How many items are given up at a time.
const BATCH: u32 = 256;

/// What is to be picked.
pub struct Pick {
    /// The title of an album that gets all of it.
    pub album: Option<String>,
    /// Who shows a person the way.
    pub guide: Arc<dyn Guide>,
}

/// Shows a person where to choose.
#[async_trait]
pub trait Guide: Send + Sync {
    /// Shows where `session` is, and that it waits.
    fn show(&self, session: &Session);

    /// Says that what was chosen is all that one session takes, `most` items, and asks
    /// whether there is to be another.
    async fn is_there_more(&self, most: u64) -> bool;
}

/// Has a person pick, and fetches that, and records it as a run of its own.
///
/// Every session that was opened is given back, however this ends.
pub async fn pick(job: Job, wish: Pick) -> Ended {
    match Run::begin(job) {
        Ok(mut run) => {
            let result = all(&mut run, &wish).await;
            run.end(result)
        }
        Err(error) => Ended::failed(error),
    }
}

async fn all(run: &mut Run, wish: &Pick) -> Result<(), Error> {
    recovery::all(run)?;
    give_up_waiting(run)?;
    rebuild::begin(run)?;
    rebuild::remember(run)?;
    crawl::check_identity(run).await?;
    let Some(picker) = run.job.picker.clone() else { return Ok(()) };
    let came = sessions(run, wish, &picker).await;
    let given_up = give_up_waiting(run);
    let finished = finish(run);
    came.and(given_up).and(finished)
}

/// One session after another, as long as each is full and the person wants more.
async fn sessions(run: &mut Run, wish: &Pick, picker: &Picker) -> Result<(), Error> {
    loop {
        let session = open(run, picker).await?;
        let came = one(run, wish, (picker, &session)).await;
        close(run, picker, &session).await;
        let (chosen, most) = (came?, session.items_max);
        if chosen < most || !run.unless_stopped(wish.guide.is_there_more(most)).await? {
            return Ok(());
        }
    }
}

/// Opens a session. Where a person wants to stop just then, the one that is being made is
/// given back as well.
async fn open(run: &Run, picker: &Picker) -> Result<Session, Error> {
    let mut opening = Box::pin(picker.open_session());
    match run.unless_stopped(&mut opening).await {
        Ok(opened) => Ok(opened?),
        Err(stopped) => {
            let most = run.job.clock.by_the_machine(OPENING);
            if let Ok(Ok(session)) = tokio::time::timeout(most, opening).await {
                close(run, picker, &session).await;
            }
            Err(stopped)
        }
    }
}

/// Gives a session back, also where a person wants to stop: Google allows only some at a
/// time. What fails here has no meaning for the archive.
async fn close(run: &Run, picker: &Picker, session: &Session) {
    let most = run.job.clock.by_the_machine(CLOSING);
    match tokio::time::timeout(most, picker.close_session(&session.id)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the Picker's session was not given back"),
        Err(_) => tracing::debug!("the Picker's session was not given back in time"),
    }
}

/// One session, from its address to the last byte. Returns how many items were chosen.
async fn one(
    run: &mut Run,
    wish: &Pick,
    (picker, session): (&Picker, &Session),
) -> Result<u64, Error> {
    wish.guide.show(session);
    wait(run, picker, session).await?;
    let chosen = record(run, picker, session).await?;
    let rows: Vec<_> = chosen.iter().copied().collect();
    if let Some(title) = wish.album.as_ref().filter(|_| !rows.is_empty()) {
        put_in_album(run, title, &rows)?;
    }
    look_at_held(run, &rows)?;
    fetch_chosen(run).await?;
    Ok(rows.len() as u64)
}

/// Waits until the person is done, or took too long.
async fn wait(run: &Run, picker: &Picker, session: &Session) -> Result<(), Error> {
    let mut session = session.clone();
    let mut until = run.now() + session.patience;
    while !session.chosen {
        if run.now() >= until {
            return Err(Error::NotChosen);
        }
        run.unless_stopped(run.job.clock.sleep(session.interval)).await?;
        session = run.unless_stopped(picker.session(&session.id)).await??;
        // Google counts it down; where it does not, the first word holds.
        until = until.min(run.now() + session.patience);
    }
    Ok(())
}

/// Records what was chosen, and returns its rows.
async fn record(run: &mut Run, picker: &Picker, session: &Session) -> Result<BTreeSet<i64>, Error> {
    run.phase(Phase::Listing { source: SourceId::Picker, everything: true });
    let (mut pages, mut restarts, mut rows) = (Pages::of(session), 0, BTreeSet::new());
    loop {
        let items = match run.unless_stopped(picker.page(&mut pages)).await? {
            Ok(Some(items)) => items,
            Ok(None) => return Ok(rows),
            Err(source::Error::CursorRefused) if restarts < RESTARTS_MAX => {
                restarts += 1;
                pages = Pages::of(session);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let (number, before) = (run.id.0, rows.len());
        rows.extend(run.in_transaction(|db| {
            let rows = items.iter().map(|item| record_one(db, item, number));
            rows.collect::<Result<Vec<_>, _>>()
        })?);
        let items = (rows.len() - before) as u64;
        run.tell(Event::Listed { source: SourceId::Picker, items });
    }
}

fn record_one(db: &Connection, item: &Item, number: i64) -> Result<i64, Error> {
    let known = item::find(db, &item.key)?;
    let row = crawl::record_item(db, item, known.as_ref(), number)?;
    let clip = item::find(db, &clip_of(item).key)?;
    for known in known.iter().chain(&clip) {
        if known.held != item.revision {
            // It was given up when an earlier session was over.
            seats::unseat(db, known.row)?;
        }
    }
    Ok(row)
}

/// Adds items to the album of that title. What was picked before into one of the same
/// title is in it, too.
fn put_in_album(run: &mut Run, title: &str, rows: &[i64]) -> Result<(), Error> {
    let number = run.id.0;
    run.in_transaction(|db| {
        let id = RemoteId(title.to_owned());
        let album = Album { id: id.clone(), title: title.to_owned(), items: None, cover: None };
        album::put(db, SourceId::Picker, &album, number)?;
        if let Some(known) = album::find(db, SourceId::Picker, &id)? {
            let ordered = album::by_time(db, known.row, rows)?;
            album::fill(db, known.row, &ordered)?;
        }
        Ok(())
    })
}

/// Looks at the files of what was picked before: one that a person deleted is wanted again.
fn look_at_held(run: &mut Run, rows: &[i64]) -> Result<(), Error> {
    for row in rows {
        if let Some(recorded) = file::held_by(&run.job.db, *row)? {
            check::file(run, &recorded)?;
        }
    }
    Ok(())
}

async fn fetch_chosen(run: &mut Run) -> Result<(), Error> {
    matching::compare_new(run)?;
    months::choose(run, SourceId::Picker)?;
    place(run).await?;
    // The clips of the motion photos that came.
    while months::choose(run, SourceId::Picker)? {
        place(run).await?;
    }
    Ok(())
}

async fn place(run: &mut Run) -> Result<(), Error> {
    layout::deal_months(run, SourceId::Picker)?;
    moves::apply(run)?;
    fetch::all(run).await
}

fn finish(run: &mut Run) -> Result<(), Error> {
    albums::build(run)?;
    run.phase(Phase::Finishing);
    let (when, concerned) = (run.moment(), run.concerned());
    run.in_transaction(|db| Ok(problem::close_moot(db, when)?))?;
    run.tally.failed = problem::count(&run.job.db, &concerned)?;
    rebuild::finish(run)
}

/// Gives up what was picked and is not here: its session is over, its run was killed, or a
/// person deleted it here. It stays a problem until it is picked again.
pub(super) fn give_up_waiting(run: &mut Run) -> Result<(), Error> {
    let (when, mut after, mut given_up) = (run.moment(), 0, 0);
    loop {
        let batch = item::due(&run.job.db, SourceId::Picker, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.row;
        given_up += run.in_transaction(|db| {
            let told = batch.iter().map(|known| give_up(db, when, &known.item));
            Ok(told.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|is_new| *is_new).count())
        })?;
    }
    if given_up > 0 {
        let items = if given_up == 1 {
            "1 item that was picked is".to_owned()
        } else {
            format!("{given_up} items that were picked are")
        };
        run.tell(Event::Note(&format!(
            "{items} not in the archive, and only a pick can fetch that: pick again; the view \
             v_problems of index.db tells what"
        )));
    }
    run.in_transaction(|db| Ok(item::settle_all(db, SourceId::Picker)?))
}

/// Makes a problem of an item that did not come, and says whether that is news.
fn give_up(db: &Connection, when: Moment, item: &Item) -> Result<bool, Error> {
    if problem::reason(db, &item.key)?.is_some() {
        return Ok(false);
    }
    let reason =
        &*with_next_step(item.key.source, "it can be fetched only while it is being picked");
    let (path, rests) = (item.title.as_str(), TimeDelta::zero());
    problem::put(db, when, &problem::Failed { key: &item.key, path, reason, rests })?;
    Ok(true)
}

/// Why an item could not be saved, with what a person has to do where no run tries again.
pub(super) fn with_next_step(source: SourceId, reason: &str) -> Cow<'_, str> {
    if source == SourceId::Picker {
        Cow::Owned(format!("{reason}; pick it again"))
    } else {
        Cow::Borrowed(reason)
    }
}
