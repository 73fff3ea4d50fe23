//! Asks for what a complete listing did not have, by its id: only the source's word for
//! that very item says that it is gone.
//!
//! Nothing is removed here. What answers is alive, and then the listing was at fault.

use std::sync::Arc;

use futures_util::future::join_all;
use rusqlite::Connection;

use super::run::Run;
use super::sources::Sources;
use super::{Error, Event, manifest};
use crate::index::{crawl, file, item, place};
use crate::model::{RemoteId, SourceId};
use crate::source::{self, Presence, Source};

/// How many questions are on their way at a time.
const AT_ONCE: usize = 8;

/// An item that is asked for: its row and its id.
type Asked = (i64, RemoteId);

/// Asks every source that was read for what its last complete listing did not have.
pub(super) async fn all(run: &mut Run) -> Result<(), Error> {
    let sources: Vec<_> = Sources::of_job(&run.job).all().collect();
    for (id, source) in sources {
        let gathered = gather(run, id, source).await;
        run.unless_failed(id, gathered)?;
    }
    Ok(())
}

/// Asks `source` for what its last complete listing did not have. In a run that removes
/// only as long as that is not more than may be removed: then it is the account or the
/// sign-in that a person has to look at.
async fn gather(run: &mut Run, id: SourceId, source: Arc<dyn Source>) -> Result<(), Error> {
    let missing = item::count_missing(&run.job.db, id)?;
    if missing == 0 {
        return Ok(());
    }
    let most = limit(run)?;
    if run.job.options.removal.is_some() && missing > most {
        run.tell(Event::Note(&format!(
            "the listing of {id} no longer has {missing} items that the archive holds, and \
             only {most} may be missing at once: none of them is taken for gone"
        )));
        return Ok(());
    }
    let mut after = 0;
    loop {
        let at_once = source.asks_at_once().max(1);
        let most = u32::try_from(at_once * AT_ONCE).unwrap_or(u32::MAX);
        let batch = item::missing(&run.job.db, id, after, most)?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        after = *last;
        if !ask(run, id, source.as_ref(), &batch).await? {
            return Ok(());
        }
    }
}

/// How many files may go in one run.
pub(super) fn limit(run: &Run) -> Result<u64, Error> {
    let max = run.job.options.removal.map(|removal| removal.max).unwrap_or_default();
    Ok(max.of(file::count(&run.job.db)?))
}

/// Asks for a batch and records the answers; `false` if there were not answers to all.
async fn ask(
    run: &mut Run,
    id: SourceId,
    source: &dyn Source,
    batch: &[Asked],
) -> Result<bool, Error> {
    let at_once = source.asks_at_once().max(1);
    let questions = batch.chunks(at_once).map(|asked| async move {
        let ids: Vec<_> = asked.iter().map(|(_, id)| id.clone()).collect();
        (asked, source.ask(&ids).await)
    });
    let answers = run.unless_stopped(join_all(questions)).await?;
    let mut is_whole = true;
    for (asked, answer) in answers {
        match answer {
            Ok(presences) => record(run, id, asked, presences)?,
            Err(source::Error::Google(error)) if error.is_sign_in() => return Err(error.into()),
            Err(error) => {
                is_whole = false;
                run.doubted.insert(id);
                run.tell(Event::Note(&format!(
                    "{id} could not be asked what became of items that its listing no longer \
                     has, so none of them is taken for gone: {error}"
                )));
            }
        }
    }
    Ok(is_whole)
}

fn record(
    run: &mut Run,
    id: SourceId,
    asked: &[Asked],
    presences: Vec<Presence>,
) -> Result<(), Error> {
    let (alive, gone) = run.in_transaction(|db| {
        let number = crawl::get(db, id)?.map_or(0, |at| at.number);
        let (mut alive, mut gone) = (0_u64, Vec::new());
        for ((row, _), presence) in asked.iter().zip(presences) {
            let known = item::get(db, *row)?;
            place::mark_stale(db, known.folder)?;
            match presence {
                Presence::Present(item) => {
                    item::put(db, &item, number)?;
                    alive += 1;
                }
                Presence::Absent => {
                    item::mark_gone(db, *row)?;
                    gone.push(*row);
                }
            }
        }
        if alive > 0 {
            list_again(db, id)?;
        }
        Ok((alive, gone))
    })?;
    run.learnt = true;
    // From now on nobody else can tell what is known of them.
    gone.into_iter().try_for_each(|row| manifest::note(run, row))?;
    if alive > 0 {
        run.doubted.insert(id);
        run.tell(Event::Note(&format!(
            "the listing of {id} left out {alive} items that are there: it is taken for \
             incomplete, nothing of it is removed, and the next run lists everything again"
        )));
    }
    Ok(())
}

/// Has the next run list everything: what the listing left out of what is not held,
/// nobody can ask for.
fn list_again(db: &Connection, id: SourceId) -> Result<(), Error> {
    let Some(mut at) = crawl::get(db, id)? else { return Ok(()) };
    at.incomplete = true;
    Ok(crawl::put(db, id, &at)?)
}
