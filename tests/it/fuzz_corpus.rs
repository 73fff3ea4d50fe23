//! All inputs that the fuzzers (`fuzz/`) have reason to keep, through the fuzzers' own checks.

use std::cell::Cell;
use std::fs;
use std::panic::{catch_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::Once;

#[path = "../../fuzz/src/checks/mod.rs"]
mod checks;

#[test]
fn pictures_and_films_of_the_corpus_are_read() {
    all_of("media");
}

#[test]
fn answers_of_the_corpus_are_read() {
    all_of("listing");
}

#[test]
fn titles_of_the_corpus_have_their_names() {
    all_of("names");
}

#[test]
fn own_files_of_the_corpus_are_read() {
    all_of("manifest");
}

#[test]
fn folders_of_exports_of_the_corpus_are_matched() {
    all_of("belonging");
}

#[test]
fn archives_of_the_corpus_are_read() {
    all_of("takeout");
}

#[test]
fn every_check_has_its_target_and_its_corpus_and_no_corpus_is_left_alone() {
    let names = |folder: &str| -> Vec<String> {
        let paths = entries(&fuzz().join(folder));
        paths.iter().map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let mut checks: Vec<_> = checks::ALL.iter().map(|(name, _)| *name).collect();
    checks.sort_unstable();
    assert_eq!(names("targets"), checks);
    assert_eq!(names("corpus"), checks);
}

/// Has the check called `name` read all of its corpus.
fn all_of(name: &str) {
    let (_, check) = checks::ALL.iter().find(|(known, _)| *known == name).unwrap();
    let inputs = entries(&fuzz().join("corpus").join(name));
    assert!(!inputs.is_empty(), "there is no corpus of {name}");
    for input in inputs {
        let bytes = fs::read(&input).unwrap();
        let before = panics();
        // The panic has told what was wrong, and this tells with which file.
        let went_well = catch_unwind(|| check(&bytes)).is_ok() && panics() == before;
        assert!(went_well, "{}", input.display());
    }
}

/// How often this thread has panicked, beside in libraries that the program contains: also
/// where it was caught.
fn panics() -> u32 {
    thread_local! {
        static PANICS: Cell<u32> = const { Cell::new(0) };
    }
    static COUNTED: Once = Once::new();
    COUNTED.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !checks::is_contained(panic) {
                PANICS.set(PANICS.get() + 1);
            }
            usual(panic);
        }));
    });
    PANICS.get()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}
