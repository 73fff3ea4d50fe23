//! Finds out which items of Photos the archive holds already, as another source's
//! originals. What tells that is decided in `plan`.
//!
//! Only pairs are looked at of which one side is new: items that are to be fetched,
//! before and after that, and files that were not compared with what Photos has.

use std::collections::HashSet;

use futures_util::future;
use futures_util::stream::{self, StreamExt as _};

use super::landing::Landing;
use super::run::Run;
use super::transfer::Fetched;
use super::{Error, Event, Phase, dry_run, manifest, motion, moves, returning, sharing, takeout};
use crate::index::file;
use crate::index::history::{self, What};
use crate::index::item::{self, Known};
use crate::index::matching::{self, Likeness};
use crate::index::step::{self, Kind};
use crate::index::trash::{self, Why};
use crate::media::Motion;
use crate::model::{ArchivePath, MatchRule, Media, Shot, SourceId, kind_of};
use crate::plan::{Original, Photo, Served, Verdict, recognise};
use crate::source::Origin as _;
use crate::source::photos::Photos;

const BATCH: u32 = 256;

/// Looks through what Photos has for the originals that are new in the archive. Copies of
/// them that Google has altered, and that lie in photos/, make room for them.
pub(super) fn compare_new(run: &mut Run) -> Result<(), Error> {
    loop {
        run.may_go_on()?;
        let files = matching::uncompared(&run.job.db, BATCH)?;
        if files.is_empty() {
            return Ok(());
        }
        for file in &files {
            for item in matching::copies(&run.job.db, *file)? {
                compare(run, item)?;
            }
        }
        run.in_transaction(|db| {
            Ok(files.iter().try_for_each(|file| matching::set_compared(db, *file, true))?)
        })?;
    }
}

/// Compares an item of Photos that has a file of its own with all originals.
fn compare(run: &mut Run, item: i64) -> Result<(), Error> {
    let known = item::get(&run.job.db, item)?;
    let Some(held) = matching::held(&run.job.db, item)? else { return Ok(()) };
    if matching::is_seated_elsewhere(&run.job.db, item)? {
        return Ok(());
    }
    let served = Served {
        size_bytes: Some(held.size_bytes),
        sha256: Some(held.sha256),
        picture: held.picture,
        duration_ms: held.duration_ms,
    };
    match verdict(run, &known, served)? {
        Verdict::Same { file, rule } if sharing::is_matchable(&known) => {
            hold(run, &known, (file, rule), Motion::None)
        }
        _ => Ok(()),
    }
}

/// Finds, of the items that are to be fetched, those that need not be. Where a length
/// would tell, it is asked for.
pub(super) async fn before_fetch(run: &mut Run) -> Result<(), Error> {
    let Some(photos) = run.job.photos.clone() else { return Ok(()) };
    let items = item::count_due(&run.job.db, SourceId::Photos)?;
    if items > 0 {
        run.phase(Phase::Comparing { items });
    }
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = item::due(&run.job.db, SourceId::Photos, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.row;
        run.tell(Event::Compared { items: batch.len() as u64 });
        let mut in_doubt = Vec::new();
        for known in batch {
            if sharing::is_matchable(&known)
                && verdict(run, &known, Served::default())? == Verdict::AskLength
            {
                in_doubt.push(known);
            }
        }
        for (known, length) in lengths(run, &photos, in_doubt).await? {
            decide(run, &known, length)?;
        }
    }
}

/// Asks for the lengths of what Photos serves of some items, and returns those that it
/// says. Where it fails nothing is known: fetching them will say why.
pub(super) async fn lengths(
    run: &Run,
    photos: &Photos,
    wanted: Vec<Known>,
) -> Result<Vec<(Known, u64)>, Error> {
    let ids: Vec<_> = wanted.iter().map(|known| known.item.key.id.clone()).collect();
    photos.look_ahead(&ids);
    let asking = wanted.into_iter().map(|known| async move {
        let length = photos.length(&known.item).await.ok().flatten();
        Some((known, length?))
    });
    let at_once = run.job.options.transfers.max(1);
    let answers = stream::iter(asking).buffer_unordered(at_once).filter_map(future::ready);
    run.unless_stopped(answers.collect()).await
}

fn decide(run: &mut Run, known: &Known, length: u64) -> Result<(), Error> {
    match verdict(run, known, Served { size_bytes: Some(length), ..Served::default() })? {
        Verdict::Same { file, rule } => hold(run, known, (file, rule), Motion::None),
        Verdict::AskLength | Verdict::Other => Ok(()),
    }
}

/// Returns the file that holds already what was fetched of an item, if one does: it holds
/// the item now, and the fetched bytes get no place.
pub(super) fn arrived(
    run: &mut Run,
    landing: &Landing,
    fetched: &Fetched,
) -> Result<Option<ArchivePath>, Error> {
    // What Drive has is held by its own file, whatever else has the same bytes.
    if landing.key.source == SourceId::Drive {
        return Ok(None);
    }
    let known = item::get(&run.job.db, landing.item)?;
    if !sharing::is_matchable(&known) {
        return Ok(None);
    }
    if landing.key.source == SourceId::Takeout {
        let Some(file) = matching::of_bytes(&run.job.db, fetched.digests.sha256)? else {
            return Ok(None);
        };
        takeout::hold(run, &known, (file, MatchRule::Hash))?;
        discard(run, fetched)?;
        return Ok(Some(matching::path(&run.job.db, file)?));
    }
    let served = Served {
        size_bytes: Some(fetched.digests.size_bytes),
        sha256: Some(fetched.digests.sha256),
        picture: fetched.told.picture,
        duration_ms: fetched.told.shot.duration_ms,
    };
    let Verdict::Same { file, rule } = verdict(run, &known, served)? else { return Ok(None) };
    hold(run, &known, (file, rule), fetched.told.motion)?;
    discard(run, fetched)?;
    Ok(Some(matching::path(&run.job.db, file)?))
}

/// Throws away what was fetched, since the archive has it.
pub(super) fn discard(run: &mut Run, fetched: &Fetched) -> Result<(), Error> {
    match &fetched.from_trash {
        Some((row, _)) => returning::put_down(run, *row),
        None => Ok(run.job.archive.discard(&fetched.ready)?),
    }
}

fn verdict(run: &Run, known: &Known, served: Served) -> Result<Verdict, Error> {
    let (db, item) = (&run.job.db, &known.item);
    let taken = item.shot.taken.map(|(at, _)| at);
    let like = Likeness {
        title: &item.title,
        taken_ms: taken.map(|at| at.timestamp_millis()),
        sha256: served.sha256,
        picture: served.picture,
    };
    let originals: Vec<_> = matching::originals(db, &like)?.into_iter().map(original).collect();
    if originals.is_empty() {
        return Ok(Verdict::Other);
    }
    let photo = Photo {
        title: &item.title,
        mime_type: &item.mime_type,
        media: kind_of(&item.mime_type, &item.title),
        taken,
        pixels: pixels(&item.shot),
        served,
        has_rival: matching::has_rival(db, known.row)?,
    };
    Ok(recognise(&photo, &originals))
}

fn original(found: matching::Original) -> Original {
    Original {
        file: found.file,
        title: found.title,
        taken: found.shot.taken,
        pixels: pixels(&found.shot),
        size_bytes: found.size_bytes,
        sha256: found.sha256,
        picture: found.picture,
        duration_ms: found.shot.duration_ms,
    }
}

fn pixels(shot: &Shot) -> Option<(u32, u32)> {
    shot.width.zip(shot.height)
}

/// Holds an item of Photos as an original's file. A file that it has of its own goes to
/// the trash. Of a motion photo the clip is kept as well, unless the original has it.
fn hold(
    run: &mut Run,
    known: &Known,
    (original, rule): (i64, MatchRule),
    served: Motion,
) -> Result<(), Error> {
    let path = matching::path(&run.job.db, original)?;
    let is_picture = kind_of(&known.item.mime_type, &known.item.title) == Media::Picture;
    let has_clip_apart = is_picture
        && match motion::of_file(run, &path)? {
            Motion::Whole => false,
            Motion::Still => true,
            Motion::None => served != Motion::None,
        };
    let trashed = retire(run, known.row, original)?;
    let when = run.moment();
    run.in_transaction(|db| {
        if let Some((older, to)) = &trashed {
            trash::record(db, *older, when, Why::Altered, to)?;
            history::add(db, when, What::Altered, path.as_str(), Some(to.as_str()))?;
            step::clear_kind(db, Kind::Retire)?;
        }
        sharing::hold(db, when, known, (original, rule))?;
        if has_clip_apart { motion::derive(db, known) } else { Ok(()) }
    })?;
    manifest::note(run, known.row)
}

/// Takes the file out of the trees that an item has for itself, if it has one. Where to
/// is recorded before: [`recovery`](super::recovery) puts it back if the run is killed
/// before the rest is.
fn retire(run: &mut Run, item: i64, original: i64) -> Result<Option<(i64, ArchivePath)>, Error> {
    let Some(own) = file::held_by(&run.job.db, item)? else { return Ok(None) };
    if own.row == original || matching::sharers(&run.job.db, own.row)?.len() > 1 {
        return Ok(None);
    }
    if run.is_dry() {
        dry_run::altered(run, &own.path);
        return Ok(None);
    }
    let archive = run.job.archive.clone();
    let to = archive.place_in_trash(&own.path, run.now().date_naive(), &HashSet::new())?;
    run.in_transaction(|db| Ok(step::put(db, Kind::Retire, item, Some(&own.path), &to)?))?;
    archive.rename(&own.path, &to)?;
    archive.make_durable(&[own.path.clone(), to.clone()])?;
    moves::prune_above(run, &own.path)?;
    Ok(Some((own.row, to)))
}
