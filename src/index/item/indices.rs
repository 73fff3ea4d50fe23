//! The indices of `item` by which nobody asks while a first listing is read. To make them
//! when all rows are there takes one sort; kept all along, each row of the listing
//! would be written into the middle of all of them.

use rusqlite::Connection;

use super::Error;

const MAKE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/indices/make.sql"));
const DROP: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/indices/drop.sql"));

/// Makes those that are not there: a run may have been killed that had set them aside.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn make_indices(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(MAKE)?)
}

/// Does without them until [`make_indices`]. Whatever opens the index for writing makes them
/// as well.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_indices_aside(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(DROP)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::in_memory;

    #[test]
    fn what_is_made_again_is_what_the_schema_has() {
        let db = in_memory();
        let indices = |db: &Connection| -> Vec<String> {
            let all = "SELECT replace(sql, ' IF NOT EXISTS', '') FROM sqlite_schema
                        WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
            let mut query = db.prepare(all).unwrap();
            query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let before = indices(&db);
        set_indices_aside(&db).unwrap();
        assert_eq!(indices(&db).len(), before.len() - 3);
        make_indices(&db).unwrap();
        assert_eq!(indices(&db), before);
    }
}
