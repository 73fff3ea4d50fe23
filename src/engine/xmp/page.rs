//! The XMP files of some pictures: what they should say, against what was written, and what is
//! to be done about that. Of what is as it was left nothing is read and nothing written.

use std::collections::{BTreeMap, BTreeSet};

use sha2::Digest as _;

use super::{Told, bytes, is_untouched, removing};
use crate::archive::{self, PartialName, Placed, Placing, Seen, Sort};
use crate::engine::run::Run;
use crate::engine::{Error, Event, check, moves};
use crate::index::album_link::Made;
use crate::index::xmp::{self, Bounds, Xmp};
use crate::model::{ArchivePath, Facts, Sha256, printable};
use crate::plan::{self, Found, Noted, XmpStep};

/// The time of what is about to be written: no file that a disk holds bears it.
const ABOUT_TO_BE: i64 = i64::MIN;

/// What should be in an XMP file.
struct Wanted {
    text: String,
    sha256: Sha256,
}

/// What is to be done.
#[derive(Default)]
struct Work {
    /// Files that go.
    going: Vec<ArchivePath>,
    /// Files of which nothing is to be known any more.
    forgotten: Vec<ArchivePath>,
    /// Files that are there.
    known: Vec<Xmp>,
    /// Files that are to be written.
    missing: Vec<ArchivePath>,
}

/// Makes the XMP files of some pictures what they should be.
pub(super) fn bring_up_to_date(
    run: &mut Run,
    told: &mut Told,
    bounds: Bounds,
) -> Result<(), Error> {
    let wanted = wanted(run, bounds)?;
    let recorded = xmp::beside(&run.job.db, bounds)?.into_iter();
    let recorded: Recorded = recorded.map(|xmp| (xmp.path, xmp.made)).collect();
    let work = compare(run, told, &wanted, &recorded)?;
    carry_out(run, told, work, &wanted)
}

/// What should stand beside the pictures, by path.
fn wanted(run: &Run, bounds: Bounds) -> Result<BTreeMap<ArchivePath, Wanted>, Error> {
    let mut by_picture: BTreeMap<ArchivePath, Facts> = BTreeMap::new();
    for (path, facts) in xmp::facts(&run.job.db, bounds)? {
        let so_far = by_picture.remove(&path).unwrap_or_default();
        by_picture.insert(path, plan::joined(so_far, facts));
    }
    let mut wanted = BTreeMap::new();
    for (picture, facts) in by_picture {
        let Some(text) = plan::xmp(&facts) else { continue };
        let Some(path) = plan::xmp_path(&picture) else { continue };
        let sha256 = Sha256(sha2::Sha256::digest(&text).into());
        wanted.insert(path, Wanted { text, sha256 });
    }
    Ok(wanted)
}

/// What is recorded, by path; `None`: it is somebody else's.
type Recorded = BTreeMap<ArchivePath, Option<Made>>;

/// One file: what should be there, what was left there, and what is there.
struct At {
    wanted: Option<Sha256>,
    noted: Noted,
    made: Option<Made>,
    seen: Option<Seen>,
}

/// Finds out what is to be done.
fn compare(
    run: &Run,
    told: &mut Told,
    wanted: &BTreeMap<ArchivePath, Wanted>,
    recorded: &Recorded,
) -> Result<Work, Error> {
    let paths: BTreeSet<_> = wanted.keys().chain(recorded.keys()).collect();
    let is_settled = |path: &ArchivePath| match (wanted.get(path), recorded.get(path)) {
        (Some(wanted), Some(made)) => made.is_none_or(|made| made.sha256 == wanted.sha256),
        _ => false,
    };
    let quick = run.job.options.quick;
    let paths: Vec<_> = paths.into_iter().filter(|path| !(quick && is_settled(path))).collect();
    let seen = run.job.archive.look_all(paths.iter().copied());
    let mut work = Work::default();
    for (path, seen) in paths.into_iter().zip(seen) {
        let seen = match seen {
            Err(error) if moves::is_in_the_way(&error) => {
                note(run, path, &error);
                continue;
            }
            seen => seen?,
        };
        let made = recorded.get(path).copied().flatten();
        let noted = match made {
            Some(made) => Noted::Ours(made.sha256),
            None if recorded.contains_key(path) => Noted::Theirs,
            None => Noted::Nothing,
        };
        let wanted = wanted.get(path).map(|wanted| wanted.sha256);
        decide(run, (told, &mut work), path, &At { wanted, noted, made, seen })?;
    }
    Ok(work)
}

fn decide(
    run: &Run,
    (told, work): (&mut Told, &mut Work),
    path: &ArchivePath,
    at: &At,
) -> Result<(), Error> {
    match plan::xmp_step(at.wanted, at.noted, found(run, path, at)) {
        XmpStep::Keep => {}
        XmpStep::Make => make(run, (told, work), path, at.noted)?,
        XmpStep::Remake => {
            work.going.push(path.clone());
            work.missing.push(path.clone());
        }
        XmpStep::Remove => {
            work.going.push(path.clone());
            work.forgotten.push(path.clone());
        }
        XmpStep::Take => {
            let made = at.seen.zip(at.wanted).map(|(Seen { size_bytes, mtime_ns, .. }, sha256)| {
                Made { size_bytes, mtime_ns, sha256 }
            });
            work.known.push(Xmp { path: path.clone(), made });
        }
        XmpStep::Leave => {
            told.leave(path);
            work.known.push(Xmp { path: path.clone(), made: None });
        }
        XmpStep::Forget => work.forgotten.push(path.clone()),
    }
    Ok(())
}

/// What is there. It is read where that matters: what is to go is, in any case.
fn found(run: &Run, path: &ArchivePath, at: &At) -> Found {
    let Some(seen) = at.seen else { return Found::Nothing };
    // What is theirs stays, whatever is in it.
    if seen.sort != Sort::File || at.noted == Noted::Theirs {
        return Found::Other;
    }
    let is_right = |made: Made| is_untouched(seen, made) && at.wanted == Some(made.sha256);
    if at.made.is_some_and(is_right) {
        return Found::Untouched;
    }
    bytes(run, path).map_or(Found::Other, Found::Bytes)
}

/// Has one written, unless an item has its name and only waits for its bytes.
fn make(
    run: &Run,
    (told, work): (&mut Told, &mut Work),
    path: &ArchivePath,
    noted: Noted,
) -> Result<(), Error> {
    let picture = path.as_str().strip_suffix(".xmp").unwrap_or(path.as_str());
    if !xmp::is_promised(&run.job.db, picture)? {
        work.missing.push(path.clone());
    } else if noted != Noted::Theirs {
        told.leave(path);
        work.known.push(Xmp { path: path.clone(), made: None });
    }
    Ok(())
}

fn carry_out(
    run: &mut Run,
    told: &mut Told,
    mut work: Work,
    wanted: &BTreeMap<ArchivePath, Wanted>,
) -> Result<(), Error> {
    let mut staying = BTreeSet::new();
    for path in &work.going {
        if !removing::remove(run, path)? {
            staying.insert(path.clone());
        }
    }
    work.missing.retain(|path| !staying.contains(path));
    work.forgotten.retain(|path| !staying.contains(path));
    // Or a power cut could bring back bytes that are recorded no more.
    run.job.archive.make_durable(&work.going)?;
    let missing: Vec<_> = work
        .missing
        .iter()
        .filter_map(|path| wanted.get(path).map(|wanted| (path, wanted)))
        .collect();
    let about = missing.iter().map(|(path, wanted)| {
        let size_bytes = wanted.text.len() as u64;
        let made = Made { size_bytes, mtime_ns: ABOUT_TO_BE, sha256: wanted.sha256 };
        Xmp { path: (*path).clone(), made: Some(made) }
    });
    work.known.extend(about);
    record(run, &work.known, &work.forgotten)?;
    let (known, forgotten) = write(run, told, &missing)?;
    record(run, &known, &forgotten)
}

fn record(run: &mut Run, known: &[Xmp], forgotten: &[ArchivePath]) -> Result<(), Error> {
    if known.is_empty() && forgotten.is_empty() {
        return Ok(());
    }
    run.in_transaction(|db| {
        forgotten.iter().try_for_each(|path| xmp::remove(db, path))?;
        Ok(known.iter().try_for_each(|xmp| xmp::put(db, xmp))?)
    })
}

/// Writes what is missing, and returns what is known of it then, and of which nothing is: what
/// could not be written.
fn write(
    run: &Run,
    told: &mut Told,
    missing: &[(&ArchivePath, &Wanted)],
) -> Result<(Vec<Xmp>, Vec<ArchivePath>), Error> {
    let archive = &run.job.archive;
    let stage = |(path, wanted): &(&ArchivePath, &Wanted)| {
        let name = PartialName::of(&format!("xmp {path}"));
        let ready = archive.stage_bytes(&name, wanted.text.as_bytes(), None)?;
        Ok(Placing { ready, path: (*path).clone(), replaces: None })
    };
    let placings: Vec<_> = missing.iter().map(stage).collect::<Result<_, archive::Error>>()?;
    let (mut known, mut forgotten) = (Vec::new(), Vec::new());
    for ((path, wanted), placed) in missing.iter().zip(archive.place(&placings)) {
        match placed {
            Ok(Placed { path, size_bytes, mtime_ns, .. }) => {
                let made = Some(Made { size_bytes, mtime_ns, sha256: wanted.sha256 });
                known.push(Xmp { path, made });
            }
            // Somebody was faster.
            Err(archive::Error::Occupied(path)) => {
                told.leave(&path);
                known.push(Xmp { path, made: None });
            }
            Err(error) if moves::is_in_the_way(&error) => {
                note(run, path, &error);
                forgotten.push((*path).clone());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((known, forgotten))
}

fn note(run: &Run, path: &ArchivePath, error: &archive::Error) {
    let path = printable(path.as_str());
    run.tell(Event::Note(&format!("{path} was not written: {}", check::in_words(error))));
}
