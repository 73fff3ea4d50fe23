//! Rows of `crawl`: where each source's listing stands.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{Error, sql, value};
use crate::model::{Cursor, Listing, SourceId};

/// Where a source's listing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crawl {
    /// Where to go on.
    pub cursor: Cursor,
    /// Counts the listings of everything. Items bear the number of the last that saw them.
    pub number: i64,
    /// The source said that it did not look everywhere.
    pub incomplete: bool,
    /// When a listing of everything was last complete.
    pub listed_at: Option<DateTime<Utc>>,
}

impl Crawl {
    /// How far this listing can be relied on.
    #[must_use]
    pub const fn listing(&self) -> Listing {
        match (&self.cursor, self.incomplete, self.listed_at) {
            (Cursor::Listing { .. }, doubtful, _) => Listing::GoingOn { doubtful },
            (Cursor::Changes { .. }, false, Some(_)) => Listing::Whole,
            (Cursor::Changes { .. }, ..) => Listing::Incomplete,
        }
    }
}

/// Returns where the listing of `source` stands, if one was ever begun.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn get(db: &Connection, source: SourceId) -> Result<Option<Crawl>, Error> {
    let mut query = db.prepare_cached(sql!("crawl/get"))?;
    let row = query.query_row(named_params! { ":source": source.as_str() }, |row| Ok(read(row)));
    row.optional()?.transpose()
}

/// Says how far the listing of `source` can be relied on.
///
/// # Errors
///
/// As [`get`].
pub fn listing(db: &Connection, source: SourceId) -> Result<Listing, Error> {
    Ok(get(db, source)?.map_or(Listing::NotBegun, |at| at.listing()))
}

/// Says whether all that `source` has was listed, and nothing is in doubt since.
///
/// # Errors
///
/// As [`get`].
pub fn is_whole(db: &Connection, source: SourceId) -> Result<bool, Error> {
    Ok(listing(db, source)? == Listing::Whole)
}

/// Records where the listing of `source` stands.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, source: SourceId, crawl: &Crawl) -> Result<(), Error> {
    let (cursor, page, changes_from) = match &crawl.cursor {
        Cursor::Listing { page, changes_from } => ("listing", page.as_deref(), Some(changes_from)),
        Cursor::Changes { token } => ("changes", Some(token.as_str()), None),
    };
    db.prepare_cached(sql!("crawl/put"))?.execute(named_params! {
        ":source": source.as_str(),
        ":cursor": cursor,
        ":page": page,
        ":changes_from": changes_from,
        ":number": crawl.number,
        ":incomplete": crawl.incomplete,
        ":listed_at": crawl.listed_at.map(|at| at.timestamp_millis()),
    })?;
    Ok(())
}

/// Has every source list everything again, as after an incomplete listing.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn distrust(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("crawl/distrust"))?.execute([])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Crawl, Error> {
    let cursor: String = row.get("cursor")?;
    let page: Option<String> = row.get("page")?;
    let changes_from: Option<String> = row.get("changes_from")?;
    let cursor = match (cursor.as_str(), page, changes_from) {
        ("listing", page, Some(changes_from)) => Cursor::Listing { page, changes_from },
        ("changes", Some(token), _) => Cursor::Changes { token },
        (other, ..) => return Err(value::unreadable("a cursor", other)),
    };
    let listed_at: Option<i64> = row.get("listed_at")?;
    Ok(Crawl {
        cursor,
        number: row.get("number")?,
        incomplete: row.get("incomplete")?,
        listed_at: listed_at.map(value::time).transpose()?,
    })
}
