//! Says which entries of a zip can be read, and of the others why not. Pure.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher as _;

use super::super::Found;
use super::super::path::{EntryPath, Otherwise, kept};
use super::super::trouble::{Trouble, TroubleKind};
use super::records::{LOCAL_BYTES, Stated};
use crate::model::{Crc32, Packed, Packing};

/// DEFLATE makes no more than so many bytes out of one (<https://zlib.net/zlib_tech.html>).
const RATIO_MAX: u64 = 1032;

/// Two entries with fewer bytes than this between them have none between them.
const NO_ROOM: u64 = LOCAL_BYTES as u64;

/// What the entries so far were. Of each it keeps 16 bytes, not the path, and of entries
/// that lie side by side one range.
pub(super) struct Judge {
    /// No entry reaches further.
    end: u64,
    paths: HashSet<u128>,
    keys: [RandomState; 2],
    /// From where to where there are entries.
    taken: BTreeMap<u64, u64>,
}

impl Judge {
    /// Of an archive whose entries end at `end`.
    pub(super) fn new(end: u64) -> Self {
        let keys = [RandomState::new(), RandomState::new()];
        Self { end, paths: HashSet::new(), keys, taken: BTreeMap::new() }
    }

    /// What there is to say of an entry that the directory states: nothing of a folder.
    pub(super) fn judge(&mut self, stated: &Stated<'_>, found: &mut Vec<Found>) {
        let Some((path, changed)) = named(stated, found) else { return };
        let entry = match self.entry(stated, &path) {
            Ok(entry) => entry,
            Err(what) => return found.push(Found::Trouble(Trouble { path, what })),
        };
        if changed {
            found.push(Found::Trouble(Trouble::at(&path, TroubleKind::Name)));
        }
        found.push(Found::Entry(Packed { path, ..entry }));
    }

    /// Says whether no entry before was at `path`.
    pub(super) fn is_new(&mut self, path: &str) -> bool {
        let [high, low] = self.keys.each_ref().map(|key| u128::from(key.hash_one(path)));
        self.paths.insert(high << 64 | low)
    }

    fn entry(&mut self, stated: &Stated<'_>, path: &str) -> Result<Packed, TroubleKind> {
        check_type(stated.unix_mode)?;
        let packing = packing(stated)?;
        check_lengths(stated, packing)?;
        let name = stated.name.len() as u64;
        let end = stated.at.checked_add(NO_ROOM + name + stated.packed_bytes);
        let end = end.filter(|end| *end <= self.end).ok_or(TroubleKind::Beyond)?;
        if !self.is_new(path) {
            return Err(TroubleKind::Doubled);
        }
        self.take(stated.at, end)?;
        Ok(Packed {
            path: String::new(),
            size_bytes: stated.size_bytes,
            crc32: Some(Crc32(stated.crc32)),
            at: stated.at,
            packed_bytes: stated.packed_bytes,
            packing,
        })
    }

    /// Has `start..end` be taken, unless some of it is.
    fn take(&mut self, start: u64, end: u64) -> Result<(), TroubleKind> {
        let before = self.taken.range(..end).next_back().map(|(from, to)| (*from, *to));
        if before.is_some_and(|(_, to)| to > start) {
            return Err(TroubleKind::Overlapping);
        }
        let mut joined = (start, end);
        if let Some((from, _)) = before.filter(|(_, to)| start - to < NO_ROOM) {
            joined.0 = from;
        }
        let after = self.taken.range(end..).next().map(|(from, to)| (*from, *to));
        if let Some((from, to)) = after.filter(|(from, _)| from - end < NO_ROOM) {
            self.taken.remove(&from);
            joined.1 = to;
        }
        self.taken.insert(joined.0, joined.1);
        Ok(())
    }
}

/// The path of an entry and whether its name had to be changed; `None` of a folder and of
/// one that has none, of which it is told.
pub(super) fn named(stated: &Stated<'_>, found: &mut Vec<Found>) -> Option<(String, bool)> {
    let otherwise = if stated.is_utf8() { Otherwise::Damaged } else { Otherwise::Cp437 };
    let read = match stated.unicode_name() {
        Some(name) => EntryPath::read(name, Otherwise::Damaged),
        None => EntryPath::read(stated.name, otherwise),
    };
    match kept(read)? {
        Ok(named) if stated.unix_mode & 0o170_000 != 0o040_000 => Some(named),
        Ok(_) => None,
        Err((path, what)) => {
            found.push(Found::Trouble(Trouble { path, what }));
            None
        }
    }
}

/// How an entry is packed, if that is known here.
pub(super) fn packing(stated: &Stated<'_>) -> Result<Packing, TroubleKind> {
    match stated.method {
        _ if stated.is_encrypted() => Err(TroubleKind::Encrypted),
        0 => Ok(Packing::Stored),
        8 => Ok(Packing::Deflated),
        method => Err(TroubleKind::Method(method)),
    }
}

const fn check_type(unix_mode: u32) -> Result<(), TroubleKind> {
    match unix_mode & 0o170_000 {
        0 | 0o100_000 => Ok(()),
        0o120_000 => Err(TroubleKind::Link),
        _ => Err(TroubleKind::Special),
    }
}

/// Whether so many bytes can have been packed into so many.
pub(super) fn check_lengths(stated: &Stated<'_>, packing: Packing) -> Result<(), TroubleKind> {
    let (size, packed) = (stated.size_bytes, stated.packed_bytes);
    let possible = match packing {
        Packing::Stored => size == packed,
        _ => size <= packed.saturating_mul(RATIO_MAX),
    };
    let is_countable = i64::try_from(size.max(packed).max(stated.at)).is_ok();
    if possible && is_countable { Ok(()) } else { Err(TroubleKind::Impossible) }
}
