//! A second process that swaps a folder of the archive for a symlink and back, as fast as
//! it can, while a command works there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use gphotos_sync::sandbox::{Album, Item, Photo, World};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{Canary, says_nothing_raw};
use crate::support::Person;
use crate::support::asked::tell;

/// How many files there are of each sort.
const FILES: usize = 12;

/// How many rounds of commands are raced for each folder.
const ROUNDS: usize = 3;

/// Swaps a folder and a link that leads outside, until it is dropped.
struct Swapper {
    stop: Arc<AtomicBool>,
    swaps: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Swapper {
    fn of(folder: PathBuf, link: PathBuf) -> Self {
        let (stop, swaps) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (ended, counted) = (Arc::clone(&stop), Arc::clone(&swaps));
        let thread = std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                // The folder is not always there: the program makes and prunes it.
                let swapped = renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE);
                counted.fetch_add(u64::from(swapped.is_ok()), Ordering::Relaxed);
                std::thread::yield_now();
            }
        });
        Self { stop, swaps, thread: Some(thread) }
    }

    /// Ends it, and says how often it swapped.
    fn end(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.swaps.load(Ordering::Relaxed)
    }
}

#[test]
fn a_folder_that_is_swapped_for_a_link_all_the_time_never_leads_outside() {
    let mut swaps = 0;
    for place in ["drive", "drive/Trip", "photos/2024", "albums", "albums/2024"] {
        swaps += race(place);
    }
    assert!(swaps > 0);
    tell(format_args!("{swaps} swaps"));
}

#[test]
fn our_own_folders_that_are_swapped_for_links_all_the_time_never_lead_outside() {
    let mut swaps = 0;
    for place in
        [".gphotos-sync", ".gphotos-sync/partial", ".gphotos-sync/trash", ".gphotos-sync/moving"]
    {
        swaps += race(place);
    }
    assert!(swaps > 0);
    tell(format_args!("{swaps} swaps"));
}

/// Races commands that write, move, delete and put back in the folder `place`, and says
/// how often it was swapped meanwhile.
fn race(place: &str) -> u64 {
    let person = Person::signed_in(world());
    person.backup(&[]).succeeds();
    // What the program would find if it followed the link: folders of the same names.
    let outside = person.home().join("outside/mirror");
    mirror(&person.path(place), &outside);
    let canary = Canary::beside(&person);
    fs::create_dir_all(person.path(place)).unwrap();
    let link = person.home().join("link");
    let mut swaps = 0;
    for round in 0..ROUNDS {
        change(&person, round);
        symlink(&outside, &link).unwrap();
        let swapper = Swapper::of(person.path(place), link.clone());
        for words in [
            &["archive", "--do-delete", "--max-delete", "100%"][..],
            &["undo", "archive", "--replaced"],
            &["archive", "--albums", "copy", "--do-delete", "--max-delete", "100%"],
        ] {
            let ran = person.run(words);
            says_nothing_raw(&ran);
            assert!(matches!(ran.code, Some(0 | 5 | 8)), "{place}: {words:?}: {ran:?}");
            canary.is_untouched(&format!("{place}: {words:?}"));
        }
        swaps += swapper.end();
        // Whichever of the two is where: the folder belongs in the archive.
        let (folder, aside) = (person.path(place), link.as_path());
        if !aside.is_symlink() {
            renameat_with(CWD, &folder, CWD, aside, RenameFlags::EXCHANGE).unwrap();
        }
        rustix::fs::unlink(aside).unwrap();
    }
    person.backup(&["--do-delete", "--max-delete", "100%"]).succeeds();
    canary.is_untouched(place);
    swaps
}

/// An account with files everywhere.
fn world() -> World {
    let mut world = World::new().folder("t", "Trip", "root");
    for i in 0..FILES {
        let photo = format!("p{i}");
        world = world
            .file(&format!("r{i}"), &format!("r{i}.jpg"), &[b'r', number(i)], "root")
            .file(&format!("t{i}"), &format!("t{i}.jpg"), &[b't', number(i)], "t")
            .photo(
                Photo::image(&photo, &format!("{photo}.jpg"), &[b'p', number(i)])
                    .taken("2024-01-05T00:00:00Z"),
            )
            .album(Album::new(&format!("x{i}"), &format!("Album {i}"), &[&photo]));
    }
    world
}

/// Edits, renames, moves, takes away and adds a few of each.
fn change(person: &Person, round: usize) {
    person.google().world(|world| {
        let id = |sort: &str, i: usize| format!("{sort}{}", (round * 4 + i) % FILES);
        for sort in ["r", "t"] {
            world.edit(&id(sort, 0), format!("{sort} edited {round}").as_str());
            world.rename(&id(sort, 1), &format!("{sort} renamed {round}.jpg"));
            world.trash(&id(sort, 2));
            let new = format!("{sort}-new-{round}");
            world.add(Item::file(&new, &format!("{new}.jpg"), new.as_str()));
        }
        world.move_to(&id("r", 3), "t");
        world.move_to(&id("t", 3), "root");
        world.set_album_items(&id("x", 0), &[&id("p", 1), &id("p", 0)]);
        world.rename_album(&id("x", 1), &format!("Renamed {round}"));
        world.edit_photo(&id("p", 2), format!("photo edited {round}").as_str());
    });
}

fn number(i: usize) -> u8 {
    u8::try_from(i).unwrap()
}

/// Copies a folder as it is, times and all.
fn mirror(folder: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if folder.exists() {
        assert!(Command::new("cp").arg("-a").arg(folder).arg(to).status().unwrap().success());
    } else {
        fs::create_dir(to).unwrap();
    }
}
