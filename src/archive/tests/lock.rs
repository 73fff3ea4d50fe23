//! One run at a time, also where the file system has no locks.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const NO_LOCKS: &[Lack] = &[Lack::Locks];

#[test]
fn of_many_that_begin_at_the_same_moment_one_gets_the_archive() {
    for lacks in [&[], NO_LOCKS] {
        let here = Here::lacking(lacks);
        (0..50).for_each(|_| assert_one_of_four_gets_it(&here, lacks));
    }
}

fn assert_one_of_four_gets_it(here: &Here, lacks: &'static [Lack]) {
    let barrier = Barrier::new(4);
    let try_it = || {
        let archive = again(here, lacks);
        barrier.wait();
        archive.lock("process 42 on nas, since noon")
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(try_it)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|lock| lock.is_ok()).count(), 1, "{results:?}");
    for error in results.iter().filter_map(|lock| lock.as_ref().err()) {
        let (Error::Locked { by } | Error::Unlockable { by, .. }) = error else {
            panic!("{error:?}");
        };
        assert_eq!(by, "process 42 on nas, since noon");
    }
}

#[test]
fn who_looks_whether_the_archive_is_held_keeps_no_run_out() {
    let here = Here::new();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let other = again(&here, &[]);
            while !is_over.load(Ordering::SeqCst) {
                other.holder().unwrap();
            }
        });
        for _ in 0..200 {
            let lock = again(&here, &[]).lock("me");
            if lock.is_err() {
                is_over.store(true, Ordering::SeqCst);
            }
            drop(lock.unwrap());
        }
        is_over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn without_locks_a_second_run_is_kept_out_and_told_what_to_remove() {
    let here = Here::lacking(NO_LOCKS);
    let lock = here.archive.lock("process 42 on nas, since noon").unwrap();
    let refused = again(&here, NO_LOCKS).lock("process 43").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "another run holds the archive (process 42 on nas, since noon), as .gphotos-sync/locked \
         says, since this file system has no locks; if it has ended, remove that folder"
    );
    assert_eq!(here.archive.holder().unwrap().unwrap(), "process 42 on nas, since noon");
    drop(lock);
    assert_eq!(here.archive.holder().unwrap(), None);
    drop(again(&here, NO_LOCKS).lock("process 43").unwrap());
    assert_eq!(left(&here), ["lock", "partial", "trash"]);
}

#[test]
fn without_locks_what_an_ended_process_left_is_taken_over_and_what_may_be_alive_is_not() {
    let here = Here::lacking(NO_LOCKS);
    let kept = here.archive.lock("process 42, since noon").unwrap();
    let holder = here.at(".gphotos-sync/locked/holder");
    let own = fs::read_to_string(&holder).unwrap();
    std::mem::forget(kept);
    let id = format!("\n{}\t", std::process::id());
    let machine = own.split('\t').nth(1).unwrap();
    for (left_there, is_taken) in [
        (own.clone(), false),
        (own.replace(&id, "\n4194304\t"), true),
        (own.replace(machine, "other"), false),
        ("process 42".to_owned(), false),
        (String::new(), false),
    ] {
        here.write(".gphotos-sync/locked/holder", &left_there);
        let lock = again(&here, NO_LOCKS).lock("process 43");
        assert_eq!(lock.is_ok(), is_taken, "{left_there:?}");
        if lock.is_ok() {
            drop(lock);
            assert_eq!(left(&here), ["lock", "partial", "trash"]);
            fs::create_dir(here.at(".gphotos-sync/locked")).unwrap();
        }
    }
    // A person removes what the message names.
    fs::remove_file(&holder).unwrap();
    fs::remove_dir(here.at(".gphotos-sync/locked")).unwrap();
    fs::create_dir(here.at(".gphotos-sync/locked.taking")).unwrap();
    drop(again(&here, NO_LOCKS).lock("process 43").unwrap());
    assert_eq!(left(&here), ["lock", "partial", "trash"]);
}

/// What is in the state folder.
fn left(here: &Here) -> Vec<String> {
    let mut names = here.archive.names_in(&path(".gphotos-sync")).unwrap();
    names.sort();
    names
}

/// The same archive, opened by another run.
fn again(here: &Here, lacks: &'static [Lack]) -> Archive {
    let disk = Lesser { lacks, ..Lesser::default() };
    Archive::open_with(here.dir.path(), Arc::new(disk)).unwrap()
}
