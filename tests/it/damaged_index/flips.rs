//! Single bits of the index that are others: whatever a row says then, no file is lost by
//! it, and the program ends in one of the ways that it documents.
//!
//! `GPHOTOS_SYNC_FLIPS` says how many are tried, `GPHOTOS_SYNC_SEED` with which the row of
//! them begins.

use std::collections::BTreeMap;
use std::fs;

use gphotos_sync::sandbox::Item;

use super::{PAGE, backed_up, copy, gather, holds_all, restore, root_page, world};
use crate::support::Person;
use crate::support::asked::{number, tell};

const FLIPS: u64 = 20;

/// Done; another's archive; damaged; the guard; not everything could be saved.
const DOCUMENTED: [i32; 5] = [0, 2, 5, 6, 8];

#[test]
fn no_bit_that_is_another_loses_a_file() {
    let person = Person::with(world().with(Item::file("old", "edited.jpg", "as it was")));
    backed_up(&person);
    person.google().world(|world| {
        world.edit("old", "as it is");
        world.delete("p3");
        world.rename("p4", "renamed.jpg");
    });
    // What is gone lies in the trees, what was replaced in the trash.
    let before = backed_up(&person);
    let kept = tempfile::tempdir().unwrap();
    copy(&person.path(""), kept.path());
    let index = fs::read(person.path("index.db")).unwrap();
    let (seed, flips) =
        (number("GPHOTOS_SYNC_SEED").unwrap_or(1), number("GPHOTOS_SYNC_FLIPS").unwrap_or(FLIPS));
    let pages = WEIGHTY.map(|table| root_page(&person, table));
    let mut ends: BTreeMap<[i32; 2], u64> = BTreeMap::new();
    for seed in seed..seed + flips {
        let (at, bit) = place(&index, &pages, seed);
        let mut flipped = index.clone();
        flipped[at] ^= 1 << bit;
        person.write("index.db", &flipped);
        let codes = [&["--all-files"][..], &["--all-files", "--do-delete", "--max-delete", "100%"]]
            .map(|options| {
                let ran = person.backup(options);
                let code = ran.code.filter(|code| DOCUMENTED.contains(code));
                assert!(code.is_some() && !ran.stderr.contains("panicked"), "{seed}: {ran:?}");
                assert!(holds_all(&person, &before), "seed {seed}, bit {bit} of {at}: {ran:?}");
                code.unwrap()
            });
        *ends.entry(codes).or_default() += 1;
        come_back(&person, seed);
        restore(&person, kept.path());
    }
    tell(format_args!(
        "{flips} flips, by how the run and the one with --do-delete ended: {ends:?}"
    ));
}

/// With the index moved away, and its copy, everything is as it should be again.
fn come_back(person: &Person, seed: u64) {
    for name in ["index.db", "index.db-wal", "index.db-shm", ".gphotos-sync/index.db.copy"] {
        if person.path(name).exists() {
            person.remove(name);
        }
    }
    let ran = person.backup(&["--all-files"]);
    assert_eq!(ran.code, Some(0), "{seed}: {ran:?}");
    let mut bytes = Vec::new();
    gather(&person.path("drive"), &mut bytes);
    for wanted in ["as it is", "bytes of 0", "bytes of 4", "bytes of 11"] {
        assert!(bytes.iter().any(|found| found == wanted.as_bytes()), "{seed}: {wanted}");
    }
}

/// The tables that say what the archive has, and what becomes of it.
const WEIGHTY: [&str; 9] =
    ["archive", "crawl", "item", "place", "file", "holding", "trash", "trash_holding", "run"];

/// A bit of the index that is part of something: most of a small one is empty. Every other
/// one is of a table of weight.
fn place(index: &[u8], pages: &[usize], seed: u64) -> (usize, u32) {
    let is_meant = |at: usize| seed.is_multiple_of(2) || pages.contains(&(at / PAGE));
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    loop {
        // SplitMix64.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let at = usize::try_from(mixed % index.len() as u64).unwrap();
        if index[at] != 0 && is_meant(at) {
            return (at, u32::try_from((mixed >> 56) % 8).unwrap());
        }
    }
}
