//! What of a run's work is one transaction. What is done in it is for its callers.

use rusqlite::Connection;

use super::Error;
use super::run::Run;
use crate::index::{self, transaction};

impl Run {
    /// Does `work` in one transaction, or in a part of the one that [`Self::gathered`] began.
    pub(super) fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if !self.job.db.is_autocommit() {
            let part = self.job.db.savepoint().map_err(index::Error::from)?;
            let done = work(&part)?;
            part.commit().map_err(index::Error::from)?;
            return Ok(done);
        }
        let tx = self.job.db.transaction().map_err(index::Error::from)?;
        let done = work(&tx)?;
        tx.commit().map_err(index::Error::from)?;
        Ok(done)
    }

    /// Makes all transactions of `work` one, since each costs a wait for the disk. As
    /// many of them as were whole are kept, also where `work` fails.
    pub(super) fn gathered<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        transaction::begin(&self.job.db)?;
        let done = work(self);
        transaction::commit(&self.job.db)?;
        done
    }

    /// Keeps what was gathered so far. Not for within a transaction.
    pub(super) fn keep_gathered(&self) -> Result<(), Error> {
        if !self.job.db.is_autocommit() {
            transaction::commit(&self.job.db)?;
            transaction::begin(&self.job.db)?;
        }
        Ok(())
    }
}
