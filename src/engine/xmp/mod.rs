//! The XMP files beside pictures (`--sidecars xmp`), brought up to date by difference when all
//! files have their places.
//!
//! They are made of what the index knows and can be made again at any time, so a picture that
//! moves does not take its own along: that goes before ([`make_way`]), and a new one is written
//! where the picture is then. What is written is recorded before it has its name, and what goes
//! is gone durably before that is recorded, so that of a file with such a name it can always be
//! said whether the archive wrote it. What a person wrote, or changed, is never touched.

mod page;
mod removing;

pub(super) use self::removing::make_way;
use super::run::Run;
use super::{Error, Event, check};
use crate::archive::{Seen, Sort};
use crate::index::album_link::Made;
use crate::index::xmp::{self, Bounds};
use crate::model::{ArchivePath, Sha256, printable};

/// How many files are gone through at a time.
const BATCH: u32 = 1000;

/// How many of the names that are not the archive's own are told by name.
const TOLD: usize = 3;

/// What is to be told at the end.
#[derive(Default)]
struct Told {
    /// The first of those that are somebody else's, and how many there are.
    theirs: (Vec<ArchivePath>, u64),
}

impl Told {
    fn leave(&mut self, path: &ArchivePath) {
        let (first, all) = &mut self.theirs;
        *all += 1;
        if first.len() < TOLD {
            first.push(path.clone());
        }
    }
}

/// Makes what stands beside pictures what it should be, if that is wanted.
pub(super) fn build(run: &mut Run) -> Result<(), Error> {
    if !run.job.options.xmp {
        return Ok(());
    }
    removing::left_behind(run)?;
    let (mut after, mut told) = (0, Told::default());
    while let Some(upto) = xmp::page_end(&run.job.db, after, BATCH)? {
        run.may_go_on()?;
        page::bring_up_to_date(run, &mut told, Bounds { after, upto })?;
        after = upto;
    }
    tell(run, &told);
    Ok(())
}

/// Says whether what is at `path` is an XMP file that the archive wrote, byte for byte.
pub(super) fn is_ours(run: &Run, path: &ArchivePath) -> Result<bool, Error> {
    match xmp::at(&run.job.db, path)?.and_then(|xmp| xmp.made) {
        Some(made) => has_bytes(run, path, made.sha256),
        None => Ok(false),
    }
}

/// Says whether a file at `path` has these bytes.
fn has_bytes(run: &Run, path: &ArchivePath, sha256: Sha256) -> Result<bool, Error> {
    let seen = check::look(&run.job.archive, path)?;
    Ok(seen.is_some_and(|seen| seen.sort == Sort::File) && bytes(run, path) == Some(sha256))
}

/// What the bytes of a file are; `None` if the disk does not give them.
fn bytes(run: &Run, path: &ArchivePath) -> Option<Sha256> {
    check::digests(run, path).ok().map(|digests| digests.sha256)
}

fn is_untouched(seen: Seen, made: Made) -> bool {
    seen.sort == Sort::File && (seen.size_bytes, seen.mtime_ns) == (made.size_bytes, made.mtime_ns)
}

/// Tells once what is left alone; later runs say nothing of it.
fn tell(run: &Run, told: &Told) {
    let (first, all) = &told.theirs;
    if first.is_empty() {
        return;
    }
    let names: Vec<_> = first.iter().map(|path| printable(path.as_str()).to_string()).collect();
    let others = match all.saturating_sub(first.len() as u64) {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    run.tell(Event::Note(&format!(
        "no XMP file was written over what is there already: {}{others}",
        names.join(", ")
    )));
}
