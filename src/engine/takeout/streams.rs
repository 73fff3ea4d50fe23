//! Parts that are read once, from the first byte to the last: a tar archive, a folder. What
//! is in them and is not known is staged as it comes, and fetched from there when it is known
//! what it is.

use std::path::Path;
use std::sync::Arc;

use super::reading::name_of;
use super::troubles;
use crate::archive::PartialName;
use crate::engine::intake::Intake;
use crate::engine::run::Run;
use crate::engine::transfer::stream_name;
use crate::engine::{Error, Event};
use crate::index::export_part::{self, Known, State};
use crate::index::matching::{self, Stated};
use crate::index::{self, entry, export, sidecar};
use crate::media::Hasher;
use crate::model::{Digests, Media, Packed, PartFormat, SourceId, kind_of};
use crate::plan::{self, Fit};
use crate::source;
use crate::source::takeout::{Found, Streaming, Takeout, TroubleKind};

/// How many bytes of JSON are read of one file at the most.
const JSON_MAX: usize = 64 << 20;

/// Reads all of a part.
pub(super) async fn all(run: &mut Run, takeout: &Arc<Takeout>, part: &Known) -> Result<(), Error> {
    if run.is_dry() && part.found.part.format == PartFormat::Tgz {
        run.tell(Event::Note(&format!(
            "{}: what is in a .tgz is known when all of it was fetched, which a dry run does not",
            part.found.name
        )));
        return Ok(());
    }
    // What was read before an interruption is staged and recorded, and what was wrong is told.
    let done = if part.found.part.format == PartFormat::Folder {
        // A folder may have more in it by now, or less.
        run.in_transaction(|db| Ok(entry::clear_part(db, part.row)?))?;
        0
    } else {
        entry::read_so_far(&run.job.db, part.row)?
    };
    if done == 0 {
        troubles::forget(run, part)?;
    }
    let mut stream = run.unless_stopped(takeout.stream(&part.found.part, done)).await??;
    while let Some(streamed) = run.unless_stopped(stream.entry()).await?? {
        run.may_go_on()?;
        match streamed {
            Found::Trouble(trouble) => {
                troubles::in_part(run, part, &trouble.path, &trouble.what.to_string())?;
            }
            Found::Entry(packed) => match take(run, part, packed, &mut *stream).await {
                Err(Error::Source(source::Error::Broken(trouble))) => {
                    troubles::in_part(run, part, &trouble.path, &trouble.what.to_string())?;
                    if trouble.what == TroubleKind::Cut {
                        troubles::in_part(run, part, "", &trouble.what.to_string())?;
                    }
                }
                taken => taken?,
            },
        }
    }
    run.learnt = true;
    run.in_transaction(|db| {
        export_part::set_state(db, part.row, State::Read)?;
        Ok(export::mark_stale(db, part.found.export)?)
    })
}

async fn take(
    run: &mut Run,
    part: &Known,
    mut packed: Packed,
    stream: &mut dyn Streaming,
) -> Result<(), Error> {
    if entry::is_known(&run.job.db, part, &packed.path)? {
        return troubles::in_part(run, part, &packed.path, &TroubleKind::Doubled.to_string());
    }
    if packed.path.to_lowercase().ends_with(".json") {
        if packed.size_bytes > JSON_MAX as u64 {
            let what = TroubleKind::TooLong(JSON_MAX as u64).to_string();
            return troubles::in_part(run, part, &packed.path, &what);
        }
        return take_sidecar(run, part, packed, stream).await;
    }
    let is_staged = part.found.part.format == PartFormat::Tgz && is_worth_staging(run, &packed)?;
    let digests = if is_staged {
        stage(run, part, &packed, stream).await?
    } else {
        hash(run, stream).await?
    };
    packed.crc32 = Some(digests.crc32);
    packed.size_bytes = digests.size_bytes;
    run.in_transaction(|db| Ok(entry::add(db, part, &packed).map(drop)?))?;
    run.tell(Event::Listed { source: SourceId::Takeout, items: 1 });
    Ok(())
}

async fn take_sidecar(
    run: &mut Run,
    part: &Known,
    mut packed: Packed,
    stream: &mut dyn Streaming,
) -> Result<(), Error> {
    let mut json = Vec::new();
    while let Some(bytes) = run.unless_stopped(stream.chunk()).await?? {
        json.extend_from_slice(&bytes);
    }
    let mut hasher = Hasher::default();
    hasher.update(&json);
    let crc32 = hasher.finish().crc32;
    packed.crc32 = Some(crc32);
    run.in_transaction(|db| {
        let row = sidecar::put(db, name_of(&packed.path), crc32, &json)?;
        let entry = entry::add(db, part, &packed)?;
        Ok(entry::set_sidecar(db, entry, row)?)
    })
}

/// Says whether something is likely to be wanted of what comes by, and the disk has room for it.
/// What is wanted and was not staged is read in another go.
fn is_worth_staging(run: &Run, packed: &Packed) -> Result<bool, Error> {
    let name = name_of(&packed.path);
    // The films of Pixel's motion photos.
    let is_half = Path::new(name).extension().is_none_or(|it| it.eq_ignore_ascii_case("mp"));
    if kind_of("", name) == Media::Other && !is_half {
        return Ok(false);
    }
    let space = run.job.archive.space()?;
    let kept = plan::kept_free(space.total, index::size_bytes(&run.job.db)?);
    Ok(plan::fit(packed.size_bytes, space.free, kept, 0) == Fit::Fits)
}

/// Of a folder the bytes can be read again at any time.
async fn hash(run: &Run, stream: &mut dyn Streaming) -> Result<Digests, Error> {
    let mut hasher = Hasher::default();
    while let Some(bytes) = run.unless_stopped(stream.chunk()).await?? {
        hasher.update(&bytes);
    }
    Ok(hasher.finish())
}

/// Stages what comes, unless the archive turns out to have it.
async fn stage(
    run: &mut Run,
    part: &Known,
    packed: &Packed,
    stream: &mut dyn Streaming,
) -> Result<Digests, Error> {
    let name = stream_name(&part.found.part, packed);
    let mut intake = Intake::new(run.job.archive.clone(), name.clone(), Some(packed.size_bytes));
    while let Some(bytes) = run.unless_stopped(stream.chunk()).await?? {
        let count = bytes.len() as u64;
        intake.take(&bytes).await?;
        run.tally.bytes += count;
        run.tell(Event::Received { bytes: count });
    }
    let digests = intake.keep_whole().await?;
    let stated = Stated {
        size_bytes: digests.size_bytes,
        crc32: digests.crc32,
        title: name_of(&packed.path),
        name: name_of(&packed.path),
    };
    if matching::stated(&run.job.db, &stated)?.is_some() {
        run.job.archive.forget_partial(&name)?;
    }
    Ok(digests)
}

/// Has a part be read again that something is to be fetched from that is staged no more.
pub(super) fn read_again_what_is_lost(run: &mut Run) -> Result<(), Error> {
    let staged = run.job.archive.partials()?;
    let is_staged = |name: &PartialName| staged.contains(name);
    for (part, packed) in entry::due_in_streams(&run.job.db)? {
        if part.found.part.format == PartFormat::Tgz
            && !is_staged(&stream_name(&part.found.part, &packed))
        {
            run.in_transaction(|db| {
                entry::clear_part(db, part.row)?;
                Ok(export_part::set_state(db, part.row, State::New)?)
            })?;
        }
    }
    Ok(())
}
