//! Rows of `spent`: how many requests a source was sent on a day.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::{Error, sql};
use crate::model::SourceId;

/// Returns how many requests `source` was sent on `day`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn get(db: &Connection, source: SourceId, day: NaiveDate) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("spent/get"))?;
    let key = named_params! { ":source": source.as_str(), ":day": day.to_string() };
    Ok(query.query_row(key, |row| row.get("requests")).optional()?.unwrap_or(0))
}

/// Records how many requests `source` was sent on `day`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, source: SourceId, day: NaiveDate, requests: u64) -> Result<(), Error> {
    db.prepare_cached(sql!("spent/put"))?.execute(named_params! {
        ":source": source.as_str(),
        ":day": day.to_string(),
        ":requests": requests,
    })?;
    Ok(())
}

/// Forgets the days before `day`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn forget(db: &Connection, source: SourceId, day: NaiveDate) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("spent/forget"))?;
    query.execute(named_params! { ":source": source.as_str(), ":day": day.to_string() })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::in_memory;

    #[test]
    fn each_day_has_its_own_number_and_old_days_are_forgotten() {
        let db = in_memory();
        let day = |text: &str| text.parse().unwrap();
        let spent = |text: &str| get(&db, SourceId::Photos, day(text)).unwrap();
        put(&db, SourceId::Photos, day("2026-11-20"), 9000).unwrap();
        put(&db, SourceId::Photos, day("2026-11-21"), 5).unwrap();
        put(&db, SourceId::Photos, day("2026-11-21"), 7).unwrap();
        assert_eq!([spent("2026-11-20"), spent("2026-11-21"), spent("2026-11-22")], [9000, 7, 0]);
        forget(&db, SourceId::Photos, day("2026-11-21")).unwrap();
        assert_eq!([spent("2026-11-20"), spent("2026-11-21")], [0, 7]);
    }
}
