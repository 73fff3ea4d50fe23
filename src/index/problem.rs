//! Rows of `problem`: what could not be saved, until it is.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::history::{self, Moment, What};
use super::run::RunId;
use super::{Error, sql};
use crate::model::{ItemKey, RemoteId, SourceId};

/// An item that could not be saved, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it would be in the archive; its title where that is not known.
    pub path: String,
    /// Why, in words for a person.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// A try to save an item that failed.
#[derive(Clone, Copy, Debug)]
pub struct Failed<'a> {
    /// Which item.
    pub key: &'a ItemKey,
    /// Where it would be in the archive.
    pub path: &'a str,
    /// Why, in words for a person.
    pub reason: &'a str,
    /// How long it makes no sense to try again.
    pub rests: TimeDelta,
}

/// Whose problems are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Of which sources.
    pub sources: Vec<SourceId>,
    /// Of which run's last try; `None`: of all.
    pub run: Option<RunId>,
}

impl Whose {
    /// Everybody's.
    #[must_use]
    pub fn all() -> Self {
        Self { sources: SourceId::ALL.to_vec(), run: None }
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.sources.iter().map(|source| source.as_str()).collect();
        serde_json::Value::from(names).to_string()
    }
}

/// Records that an item could not be saved. Returns how often that has been so by now.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, when: Moment, failed: &Failed<'_>) -> Result<u64, Error> {
    let Failed { key, path, reason, rests } = *failed;
    let attempts: u64 = db.prepare_cached(sql!("problem/put"))?.query_row(
        named_params! {
            ":source": key.source.as_str(),
            ":remote_id": key.id.as_str(),
            ":path": path,
            ":reason": reason,
            ":at": when.at.timestamp_millis(),
            ":rests": rests.num_milliseconds(),
            ":run": when.run.0,
        },
        |row| row.get("attempts"),
    )?;
    if attempts == 1 {
        history::add(db, when, What::Problem, path, Some(reason))?;
    }
    Ok(attempts)
}

/// Returns which items of `source` could not be saved in a run: rows of problems behind
/// row `after`, and the items' ids, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn of_run(
    db: &Connection,
    source: SourceId,
    run: RunId,
    (after, most): (i64, usize),
) -> Result<Vec<(i64, RemoteId)>, Error> {
    let mut query = db.prepare_cached(sql!("problem/of_run"))?;
    let wanted = named_params! {
        ":source": source.as_str(),
        ":run": run.0,
        ":after": after,
        ":most": most,
    };
    let rows =
        query.query_map(wanted, |row| Ok((row.get("id")?, RemoteId(row.get("remote_id")?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records that `key` is saved at `path`; if there was a problem, it is history.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn solve(db: &Connection, when: Moment, key: &ItemKey, path: &str) -> Result<(), Error> {
    let Some(reason) = reason(db, key)? else { return Ok(()) };
    let key = named_params! { ":source": key.source.as_str(), ":remote_id": key.id.as_str() };
    db.prepare_cached(sql!("problem/solve"))?.execute(key)?;
    history::add(db, when, What::Solved, path, Some(&reason))
}

/// Returns why an item could not be saved, if that is so.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn reason(db: &Connection, key: &ItemKey) -> Result<Option<String>, Error> {
    let mut query = db.prepare_cached(sql!("problem/reason"))?;
    let key = named_params! { ":source": key.source.as_str(), ":remote_id": key.id.as_str() };
    Ok(query.query_row(key, |row| row.get("reason")).optional()?)
}

/// Closes the problems of `source` with ids that begin with `below`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn solve_below(
    db: &Connection,
    when: Moment,
    source: SourceId,
    below: &str,
) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("problem/solve_below"))?;
    let wanted = named_params! { ":source": source.as_str(), ":below": below };
    tell_closed(db, when, query.query_map(wanted, closed)?)
}

/// Closes the problems of items that are no longer to be fetched.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn close_moot(db: &Connection, when: Moment) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("problem/close_moot"))?;
    let run = named_params! { ":run": when.run.0 };
    tell_closed(db, when, query.query_map(run, closed)?)
}

fn closed(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get("path")?, row.get("reason")?))
}

fn tell_closed(
    db: &Connection,
    when: Moment,
    closed: impl Iterator<Item = rusqlite::Result<(String, String)>>,
) -> Result<(), Error> {
    let closed: Vec<_> = closed.collect::<Result<_, _>>()?;
    for (path, reason) in closed {
        history::add(db, when, What::Solved, &path, Some(&reason))?;
    }
    Ok(())
}

/// Returns open problems by path, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn open(db: &Connection, whose: &Whose, most: u32) -> Result<Vec<Problem>, Error> {
    let mut query = db.prepare_cached(sql!("problem/open"))?;
    let wanted = named_params! {
        ":sources": whose.names(),
        ":run": whose.run.map(|run| run.0),
        ":most": most,
    };
    let rows = query.query_map(wanted, |row| {
        Ok(Problem {
            path: row.get("path")?,
            reason: row.get("reason")?,
            attempts: row.get("attempts")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns how many problems are open.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count(db: &Connection, whose: &Whose) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("problem/count"))?;
    let whose = named_params! { ":sources": whose.names(), ":run": whose.run.map(|run| run.0) };
    Ok(query.query_row(whose, |row| row.get("problems"))?)
}

/// Returns how many of the open problems are of `source`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_of(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("problem/count_of"))?;
    let params = named_params! { ":source": source.as_str() };
    Ok(query.query_row(params, |row| row.get("problems"))?)
}
