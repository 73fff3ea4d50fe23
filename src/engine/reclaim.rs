//! Which photos of a lost index lie on the disk, where no manifest tells: Google states
//! no checksum of them, so name, month, time and dimensions have to agree, and the length
//! that Google would serve. What is not certain is fetched again.

use super::run::Run;
use super::{Error, adopt, check, layout, matching, tops};
use crate::archive::{Seen, Sort};
use crate::index::file;
use crate::index::item::{self, Known};
use crate::media::Told;
use crate::model::{ArchivePath, MatchRule, Media, Shot, SourceId, kind_of};
use crate::plan;
use crate::source::photos::Photos;

const BATCH: u32 = 256;

/// An item, and the files that may be its own.
type Claim = (Known, Vec<(ArchivePath, Seen)>);

/// The names in one month's folder: items come in the order of their time.
#[derive(Default)]
struct Month {
    folder: i64,
    names: Vec<String>,
}

/// Adopts the files of those items that are to be fetched, as far as it is certain whose
/// they are.
pub(super) async fn all(run: &mut Run) -> Result<(), Error> {
    let is_open = run.rebuilding.contains(&SourceId::Photos);
    let Some(photos) = run.job.photos.clone().filter(|_| is_open) else { return Ok(()) };
    let (mut after, mut month) = (0, Month::default());
    loop {
        run.may_go_on()?;
        let batch = item::due(&run.job.db, SourceId::Photos, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.row;
        let mut claims = Vec::new();
        for known in batch {
            let candidates = candidates(run, &known, &mut month)?;
            // Of two that are alike nothing tells whose a file is.
            if !candidates.is_empty() && !item::has_twin(&run.job.db, known.row)? {
                claims.push((known, candidates));
            }
        }
        decide(run, &photos, claims).await?;
    }
}

/// The files in an item's month that have its name, its time and its dimensions.
fn candidates(
    run: &Run,
    known: &Known,
    month: &mut Month,
) -> Result<Vec<(ArchivePath, Seen)>, Error> {
    let Some((folder, top)) =
        known.folder.and_then(|it| Some((it, tops::top(it, run.job.options.flat)?)))
    else {
        return Ok(Vec::new());
    };
    if month.folder != folder {
        let names =
            if check::look(&run.job.archive, &top)?.is_some_and(|seen| seen.sort == Sort::Folder) {
                run.job.archive.names_in(&top)?
            } else {
                Vec::new()
            };
        *month = Month { folder, names };
    }
    let wanted = plan::clean(&known.item.title, run.job.options.names);
    let mut found = Vec::new();
    for name in month.names.iter().filter(|name| plan::is_dealt_for(name, &wanted, false)) {
        let at = top.join(name).map_err(|_| layout::unusable(name))?;
        if let Some(seen) = check::look(&run.job.archive, &at)?
            && agrees(run, known, &at, &seen)?
        {
            found.push((at, seen));
        }
    }
    Ok(found)
}

fn agrees(run: &Run, known: &Known, at: &ArchivePath, seen: &Seen) -> Result<bool, Error> {
    let item = &known.item;
    let mtime_ns = item.modified_at.and_then(|time| time.timestamp_nanos_opt());
    if seen.sort != Sort::File
        || mtime_ns != Some(seen.mtime_ns)
        || file::exists_at(&run.job.db, at)?
    {
        return Ok(false);
    }
    // Another size is stated of a film than the one that is served.
    if kind_of(&item.mime_type, &item.title) != Media::Picture {
        return Ok(true);
    }
    let told = Told::read(run.job.archive.open_file(at)?, &item.title, &item.mime_type);
    let size = |shot: &Shot| shot.width.zip(shot.height);
    Ok(size(&told.shot).is_none_or(|here| size(&item.shot) == Some(here)))
}

/// Asks for lengths, and adopts where just one file has the one that is told.
async fn decide(run: &mut Run, photos: &Photos, claims: Vec<Claim>) -> Result<(), Error> {
    let known = claims.iter().map(|(known, _)| known.clone()).collect();
    for (known, length) in matching::lengths(run, photos, known).await? {
        let claim = claims.iter().find(|(claimant, _)| claimant.row == known.row);
        let same = |(_, seen): &&(ArchivePath, Seen)| seen.size_bytes == length;
        let mut found = claim.iter().flat_map(|(_, files)| files).filter(same);
        if let (Some((at, seen)), None) = (found.next(), found.next()) {
            adopt_at(run, &known, at, seen)?;
        }
    }
    Ok(())
}

fn adopt_at(run: &mut Run, known: &Known, at: &ArchivePath, seen: &Seen) -> Result<(), Error> {
    if file::exists_at(&run.job.db, at)? {
        return Ok(());
    }
    let digests = check::digests(run, at)?;
    adopt::take(run, known, (at, seen), (digests, MatchRule::NameSizeTime))?;
    adopt::keep_now_and_then(run, seen.size_bytes)
}
