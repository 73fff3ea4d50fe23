//! Reads what lies in parts: of a zip its directory, and of its sidecars those that no export
//! before had just so.

use std::sync::Arc;

use futures_util::future;
use rusqlite::Connection;

use super::{streams, troubles};
use crate::engine::run::Run;
use crate::engine::{Error, Event, Phase};
use crate::index::export_part::{self, Known, State};
use crate::index::{entry, export, sidecar};
use crate::model::{Crc32, Lies, PartFormat, SourceId};
use crate::source;
use crate::source::takeout::{Found, Takeout, Trouble};

/// How many sidecars are asked for at a time.
const BATCH: u32 = 1024;

/// How many shares of a batch are read at once, and how many sidecars are worth a share: those
/// that lie near each other are one request.
const AT_ONCE: usize = 8;
const SHARE_MIN: usize = 64;

/// Reads all parts of which not all is known.
pub(super) async fn all(run: &mut Run, takeout: &Arc<Takeout>) -> Result<(), Error> {
    let new = in_reach(run, State::New)?;
    if !new.is_empty() {
        let streamed = new.iter().map(|part| &part.found.part);
        let streamed = streamed.filter(|part| part.format != PartFormat::Zip);
        let bytes = streamed.map(|part| part.size_bytes).sum();
        run.phase(Phase::ReadingExports { parts: new.len() as u64, bytes });
    }
    for part in new {
        let read = match part.found.part.format {
            PartFormat::Zip => directory(run, takeout, &part).await,
            PartFormat::Tgz | PartFormat::Folder => streams::all(run, takeout, &part).await,
        };
        unless_broken(run, &part, read)?;
    }
    let unread = entry::count_unread(&run.job.db)?;
    if unread > 0 {
        run.phase(Phase::ReadingSidecars { sidecars: unread });
    }
    for part in in_reach(run, State::Listed)? {
        let read = sidecars(run, takeout, &part).await;
        unless_broken(run, &part, read)?;
    }
    Ok(())
}

/// The parts in that state that this run can read: with what a person named on a disk nothing is
/// asked of Drive.
fn in_reach(run: &Run, state: State) -> Result<Vec<Known>, Error> {
    let mut parts = export_part::of_state(&run.job.db, state)?;
    if run.job.drive.is_none() {
        parts.retain(|part| matches!(part.found.part.lies, Lies::OnDisk(_)));
    }
    Ok(parts)
}

/// What is wrong with one part is told, and the others are read.
fn unless_broken(run: &mut Run, part: &Known, read: Result<(), Error>) -> Result<(), Error> {
    match read {
        Err(Error::Source(error)) if concerns_part(&error) => {
            troubles::unread(run, part, &error.to_string())
        }
        Ok(()) => troubles::was_read(run, part),
        failed => failed,
    }
}

/// Says whether a part can fail by itself.
fn concerns_part(error: &source::Error) -> bool {
    match error {
        source::Error::Google(error) => !error.is_sign_in() && !error.is_daily_limit(),
        _ => true,
    }
}

/// Reads the directory of a zip.
async fn directory(run: &mut Run, takeout: &Takeout, part: &Known) -> Result<(), Error> {
    troubles::forget(run, part)?;
    let opened = run.unless_stopped(takeout.directory(&part.found.part)).await?;
    let mut directory = opened?;
    run.in_transaction(|db| Ok(entry::clear_part(db, part.row)?))?;
    while let Some(batch) = run.unless_stopped(directory.next()).await?? {
        let items = batch.len() as u64;
        let mut wrong = Vec::new();
        run.in_transaction(|db| {
            for found in batch {
                match found {
                    Found::Entry(packed) => drop(entry::add(db, part, &packed)?),
                    Found::Trouble(trouble) => wrong.push(trouble),
                }
            }
            Ok(())
        })?;
        for trouble in wrong {
            troubles::in_part(run, part, &trouble.path, &trouble.what.to_string())?;
        }
        run.tell(Event::Listed { source: SourceId::Takeout, items });
    }
    run.learnt = true;
    run.in_transaction(|db| {
        export_part::set_state(db, part.row, State::Listed)?;
        entry::recognise_sidecars(db, part.row)?;
        Ok(export::mark_stale(db, part.found.export)?)
    })
}

/// Reads the sidecars of a zip that are not known.
async fn sidecars(run: &mut Run, takeout: &Takeout, part: &Known) -> Result<(), Error> {
    let mut after = -1;
    loop {
        let batch = entry::unread(&run.job.db, part.row, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = i64::try_from(last.packed.at).unwrap_or(i64::MAX);
        let came = run.unless_stopped(read(takeout, part, &batch)).await??;
        let sidecars = came.len() as u64;
        for trouble in run.in_transaction(|db| record(db, came))? {
            troubles::in_part(run, part, &trouble.path, &trouble.what.to_string())?;
        }
        run.tell(Event::SidecarsRead { sidecars });
    }
    run.in_transaction(|db| {
        export_part::set_state(db, part.row, State::Read)?;
        Ok(export::mark_stale(db, part.found.export)?)
    })
}

/// What a sidecar says, or what is wrong with it.
type Told<'a> = (&'a entry::Known, Result<Vec<u8>, Trouble>);

/// Reads sidecars. Where pictures lie between them each is a request, and waiting for answers is
/// most of the time: so some are read at once.
async fn read<'a>(
    takeout: &Takeout,
    part: &Known,
    entries: &'a [entry::Known],
) -> Result<Vec<Told<'a>>, source::Error> {
    let share = entries.len().div_ceil(AT_ONCE).max(SHARE_MIN);
    let shares = entries.chunks(share).map(|share| read_share(takeout, part, share));
    Ok(future::try_join_all(shares).await?.into_iter().flatten().collect())
}

async fn read_share<'a>(
    takeout: &Takeout,
    part: &Known,
    entries: &'a [entry::Known],
) -> Result<Vec<Told<'a>>, source::Error> {
    let packed: Vec<_> = entries.iter().map(|entry| entry.packed.clone()).collect();
    let mut reading = takeout.read_small(&part.found.part, &packed).await?;
    let mut came = Vec::with_capacity(entries.len());
    while let Some((i, json)) = reading.next().await? {
        came.push((&entries[i], json));
    }
    Ok(came)
}

/// Records what sidecars say, and returns what is wrong with the others.
fn record(db: &Connection, came: Vec<Told<'_>>) -> Result<Vec<Trouble>, Error> {
    let mut wrong = Vec::new();
    for (entry, json) in came {
        match json {
            Ok(json) => {
                let crc32 = entry.packed.crc32.unwrap_or(Crc32(0));
                let row = sidecar::put(db, name_of(&entry.packed.path), crc32, &json)?;
                entry::set_sidecar(db, entry.row, row)?;
            }
            Err(trouble) => wrong.push(trouble),
        }
    }
    Ok(wrong)
}

/// The last part of a path in an export.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
