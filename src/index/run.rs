//! Rows of `run`: when the program ran, and what came of it.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, named_params};

use super::{Error, sql, value};
use crate::model::SourceId;

/// A run, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub i64);

/// What a run did, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that are new in the archive.
    pub added: u64,
    /// Files whose bytes were replaced by newer ones.
    pub changed: u64,
    /// Files that got another path.
    pub moved: u64,
    /// Files that went to the trash because their item is gone.
    pub removed: u64,
    /// Items that could not be saved in this run.
    pub failed: u64,
    /// Bytes fetched.
    pub bytes: u64,
    /// Requests sent to Google, those for tokens too.
    pub requests: u64,
    /// Items whose bytes came and turned out to be in the archive. Not recorded.
    pub recognised: u64,
}

/// Begins a run.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn begin(db: &Connection, now: DateTime<Utc>) -> Result<RunId, Error> {
    let mut query = db.prepare_cached(sql!("run/begin"))?;
    let started = named_params! { ":started_at": now.timestamp_millis() };
    Ok(query.query_row(started, |row| row.get("id").map(RunId))?)
}

/// Says whether there was such a run.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn exists(db: &Connection, run: RunId) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("run/exists"))?;
    Ok(query.query_row(named_params! { ":id": run.0 }, |row| row.get("known"))?)
}

/// Records of which sources a run asked what there is and fetched it; `part`: what was
/// typed for it alone left something out.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn cover(db: &Connection, run: RunId, sources: &[SourceId], part: bool) -> Result<(), Error> {
    let names: Vec<_> = sources.iter().map(|source| source.as_str()).collect();
    db.prepare_cached(sql!("run/cover"))?.execute(named_params! {
        ":id": run.0,
        ":covered": serde_json::Value::from(names).to_string(),
        ":part": part,
    })?;
    Ok(())
}

/// Ends a run, with its outcome in the word that `v_runs` shows.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn finish(
    db: &Connection,
    run: RunId,
    now: DateTime<Utc>,
    outcome: &str,
    tally: &Tally,
) -> Result<(), Error> {
    db.prepare_cached(sql!("run/finish"))?.execute(named_params! {
        ":id": run.0,
        ":finished_at": now.timestamp_millis(),
        ":outcome": outcome,
        ":added": tally.added,
        ":changed": tally.changed,
        ":moved": tally.moved,
        ":removed": tally.removed,
        ":failed": tally.failed,
        ":bytes": tally.bytes,
        ":requests": tally.requests,
    })?;
    Ok(())
}

/// A run, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; `None`: it goes on, or it was killed.
    pub finished_at: Option<DateTime<Utc>>,
    /// How it ended, in the word that `v_runs` shows.
    pub outcome: Option<String>,
}

/// Returns the last run, if there was any.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn last(db: &Connection) -> Result<Option<Past>, Error> {
    let mut query = db.prepare_cached(sql!("run/last"))?;
    let mut rows = query.query([])?;
    rows.next()?.map(past).transpose()
}

/// Returns the last run after which the archive had all of a source, if there was any. A run
/// that was told to leave something out counts only where none ever took everything.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn last_complete(db: &Connection, source: SourceId) -> Result<Option<Past>, Error> {
    let mut query = db.prepare_cached(sql!("run/last_complete"))?;
    let mut rows = query.query(named_params! { ":source": source.as_str() })?;
    rows.next()?.map(past).transpose()
}

fn past(row: &Row<'_>) -> Result<Past, Error> {
    let finished_at: Option<i64> = row.get("finished_at")?;
    Ok(Past {
        started_at: value::time(row.get("started_at")?)?,
        finished_at: finished_at.map(value::time).transpose()?,
        outcome: row.get("outcome")?,
    })
}

/// Marks runs that never ended as interrupted, and says whether there was one: they were
/// killed, since only one run at a time holds the archive.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn close_killed(db: &Connection) -> Result<bool, Error> {
    Ok(db.prepare_cached(sql!("run/close_killed"))?.execute([])? > 0)
}

/// Says whether any run was ever recorded.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any(db: &Connection) -> Result<bool, Error> {
    Ok(db.prepare_cached(sql!("run/any"))?.query_row([], |row| row.get("any_run"))?)
}
