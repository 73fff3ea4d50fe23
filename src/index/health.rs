//! Whether an index is sound, by SQLite's own word.

use rusqlite::Connection;

use super::{Error, VERSION};

/// How many faults are told.
const FAULTS_MAX: u32 = 5;

/// Returns what is wrong with the index: the first faults, none if it is sound. Reads
/// all of it.
///
/// # Errors
///
/// [`Error::Sqlite`] if it cannot even be looked at.
pub fn faults(db: &Connection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    db.pragma(None, "quick_check", FAULTS_MAX, |row| {
        faults.push(row.get::<_, String>(0)?);
        Ok(())
    })?;
    faults.retain(|fault| fault != "ok");
    db.pragma_query(None, "foreign_key_check", |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        faults.push(format!("a row of {table} names one of {parent} that is not there"));
        Ok(())
    })?;
    faults.truncate(FAULTS_MAX as usize);
    Ok(faults)
}

/// The version of the schema that this program reads and writes.
#[must_use]
pub const fn version() -> usize {
    VERSION
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::in_memory;

    #[test]
    fn a_sound_index_has_no_faults_and_a_row_that_leads_nowhere_is_one() {
        let db = in_memory();
        assert_eq!(faults(&db).unwrap(), Vec::<String>::new());
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute("INSERT INTO album_item VALUES (1, 1, 1)", []).unwrap();
        let found = faults(&db).unwrap();
        assert!(found.iter().any(|fault| fault.contains("album_item")), "{found:?}");
    }
}
