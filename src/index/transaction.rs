//! A transaction that is begun in one place and ended in another. Where one function
//! does both, the engine uses rusqlite's own.

use rusqlite::Connection;

use super::{Error, sql};

/// Has transactions not wait for the disk until [`hurry`]`(db, false)`: a power cut may undo
/// the last of them, each whole and none before one that it keeps. For what can be asked for
/// again. Not for within a transaction.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn hurry(db: &Connection, hurry: bool) -> Result<(), Error> {
    if hurry {
        db.pragma_update(None, "synchronous", "normal")?;
        return Ok(());
    }
    db.pragma_update(None, "synchronous", "full")?;
    // What did not wait so far is durable from here on; where somebody who reads holds that up,
    // with the next transaction.
    db.pragma(None, "wal_checkpoint", "PASSIVE", |_| Ok(()))?;
    Ok(())
}

/// Begins a transaction that goes on until [`commit`].
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if one has begun already.
pub fn begin(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("transaction/begin"))?.execute([])?;
    Ok(())
}

/// Makes durable what was recorded since [`begin`]; all of it is undone where that fails.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn commit(db: &Connection) -> Result<(), Error> {
    let committed = db.prepare_cached(sql!("transaction/commit"))?.execute([]);
    if committed.is_err() && !db.is_autocommit() {
        roll_back(db)?;
    }
    committed?;
    Ok(())
}

fn roll_back(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("transaction/roll_back"))?.execute([])?;
    Ok(())
}
