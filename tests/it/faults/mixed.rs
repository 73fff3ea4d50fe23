//! All faults together, at random moments of a first run, of one after changes and of one
//! that removes: whatever happens, nothing that Google still has leaves the archive,
//! nothing wrong lies in it, and two undisturbed runs later it is as if nothing had been.
//!
//! `GPHOTOS_SYNC_SEEDS=200 cargo test --test it faults::mixed` tries more histories,
//! `GPHOTOS_SYNC_SEED=17` only that one.

use std::collections::BTreeSet;

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, World};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::support::asked::{number, tell};
use crate::support::{Found, Person};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// How many histories are tried.
const SEEDS: u64 = 4;

/// What may come of a run: complete, sign in, Google, incomplete.
const CODES: [i32; 4] = [0, 3, 4, 8];

const JSON: [Class; 11] = [
    Class::Token,
    Class::About,
    Class::StartToken,
    Class::Get,
    Class::Drives,
    Class::List,
    Class::Changes,
    Class::PhotoSearch,
    Class::PhotoList,
    Class::Albums,
    Class::PhotoGet,
];
const BYTES: [Class; 3] = [Class::Media, Class::Export, Class::PhotoMedia];

const STATUSES: [u16; 12] = [400, 401, 403, 404, 408, 410, 412, 416, 429, 500, 501, 503];
const REASONS: [&str; 9] = [
    "userRateLimitExceeded",
    "dailyLimitExceeded",
    "quotaExceeded",
    "downloadQuotaExceeded",
    "cannotDownloadFile",
    "insufficientFilePermissions",
    "accessNotConfigured",
    "exportSizeLimitExceeded",
    "forbidden",
];
const WAITS: [&str; 6] = ["0", "7", "86400", "-1", "soon", "Tue, 31 Dec 2199 23:59:59 GMT"];
const TEXTS: [&str; 6] =
    ["{}", "[]", "null", "\"x\"", "{\"files\":{}}", "{\"error\":{\"code\":500}}"];

fn world() -> World {
    let files = (0..12).fold(
        World::new().folder("f", "Trip", "root").folder("g", "Day", "f"),
        |world, i| {
            let folder = ["root", "f", "g"][i % 3];
            world.file(
                &format!("p{i}"),
                &format!("{i}.jpg"),
                format!("file {i}").as_bytes(),
                folder,
            )
        },
    );
    let photos = (0..6).fold(files, |world, i| {
        let time = format!("2024-0{}-02T03:04:05Z", i + 1);
        let photo =
            Photo::image(&format!("x{i}"), &format!("x{i}.jpg"), format!("photo {i}").as_bytes());
        world.photo(photo.taken(&time))
    });
    photos
        .with(Item::native("n", "Letter", "document").export(DOCX, "a letter"))
        .album(Album::new("al", "Summer", &["x1", "x4", "x2"]))
        .album(Album::new("am", "Winter", &["x0", "x5"]))
}

fn change(world: &mut World) {
    world.edit("p0", "file 0, edited");
    world.rename("p1", "renamed.jpg");
    world.move_to("p2", "root");
    world.move_to("g", "root");
    world.delete("p3");
    world.trash("p4");
    world.add(Item::file("p20", "new.jpg", "a new file"));
    world.delete_photo("x3");
    world.add_photo(Photo::image("x9", "x9.jpg", b"photo 9").taken("2024-08-02T03:04:05Z"));
    world.set_album_items("al", &["x4", "x9"]);
}

/// What the trees of a person have.
#[derive(Debug, PartialEq)]
struct Trees(Vec<Found>, Vec<Found>);

impl Trees {
    fn of(person: &Person) -> Self {
        Self(person.files(), person.links())
    }

    fn contents(&self) -> BTreeSet<&str> {
        self.0.iter().map(|file| file.1.as_str()).collect()
    }
}

/// One of the faults that there are for `class`.
fn fault(class: Class, rng: &mut StdRng) -> Effect {
    let is_bytes = BYTES.contains(&class);
    let status = pick(&STATUSES, rng);
    match rng.random_range(0..16) {
        0 | 1 => Effect::error(403, pick(&REASONS, rng)),
        2 => Effect::error(status, "someReason"),
        3 => Effect::ErrorPage(status),
        4 => Effect::Busy {
            status: pick(&[429, 503], rng),
            retry_after: pick(&WAITS, rng).to_owned(),
        },
        5 => Effect::Reset,
        6 => Effect::Html,
        7 => Effect::Stall { after: rng.random_range(0..9) },
        8 => Effect::Cut { after: rng.random_range(0..9) },
        9 => Effect::Redirect(pick(&["http://127.0.0.1:1/", "/drive/v3/about"], rng).to_owned()),
        10 => Effect::PageTokenRefused,
        // Of Drive's bytes alone Google says what they are.
        11 if class == Class::Media => Effect::Corrupt { at: rng.random_range(0..9) },
        12 if class == Class::Media => Effect::TooLong { extra: rng.random_range(1..9) },
        11 | 12 if class == Class::List => Effect::IncompleteSearch,
        13 if !is_bytes => Effect::EmptyPage,
        14 if !is_bytes => Effect::BrokenJson,
        15 if !is_bytes => Effect::Json { status: 200, text: pick(&TEXTS, rng) },
        _ => Effect::ErrorPage(500),
    }
}

fn pick<T: Copy>(from: &[T], rng: &mut StdRng) -> T {
    from[rng.random_range(0..from.len())]
}

/// Makes some requests of the next run fail, and says which and how.
fn disturb(person: &Person, rng: &mut StdRng) -> Vec<String> {
    let classes: Vec<_> = JSON.into_iter().chain(BYTES).collect();
    let draw = |_| {
        let class = pick(&classes, rng);
        let effect = fault(class, rng);
        let (first, times) = (rng.random_range(1..4), pick(&[1, 1, 1, 2, 9, 1000], rng));
        let told = format!("{class:?} from {first}, {times} times: {effect:?}");
        person.google().fail(Fault::new(effect).on(class).nth(first).times(times));
        told
    };
    (0..6).map(draw).collect()
}

/// A history without any fault, and the trees after each of its runs.
fn undisturbed() -> [Trees; 3] {
    let person = Person::signed_in(world());
    person.backup(&["--all-files"]).succeeds();
    let first = Trees::of(&person);
    person.google().world(change);
    person.backup(&["--all-files", "--rescan"]).succeeds();
    let changed = Trees::of(&person);
    person.backup(&["--all-files", "--rescan", "--do-delete"]).succeeds();
    [first, changed, Trees::of(&person)]
}

/// The same history with faults in every run of it. Says how many requests they struck, and
/// of which sorts they were.
fn disturbed(seed: u64, expected: &[Trees; 3]) -> (u64, BTreeSet<String>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let person = Person::signed_in(world());
    let [first, _, last] = expected;
    let right: BTreeSet<_> = expected.iter().flat_map(Trees::contents).collect();
    // What is in the first tree and in the last, Google has had at all times.
    let lasting: BTreeSet<_> = first.contents().intersection(&last.contents()).copied().collect();
    let (mut had, mut sorts) = (BTreeSet::new(), BTreeSet::new());
    let runs =
        [&["--all-files"][..], &["--all-files", "--rescan"], &["--all-files", "--do-delete"]];
    for (number, options) in runs.into_iter().chain(runs).enumerate() {
        if number == 1 {
            person.google().world(change);
        }
        let faults = disturb(&person, &mut rng);
        sorts.extend(faults.iter().filter_map(|fault| Some(fault.split_once(": ")?.1.to_owned())));
        let ran = person.hasty(options);
        let told = format!("seed {seed}, run {number}: {faults:#?}\n{}", ran.stderr);
        assert!(ran.code.is_some_and(|code| CODES.contains(&code)), "{:?}, {told}", ran.code);
        let trees = Trees::of(&person);
        assert!(trees.contents().is_subset(&right), "{:?}, {told}", trees.0);
        let kept: BTreeSet<_> = trees.contents().into_iter().map(str::to_owned).collect();
        let missing: Vec<&String> = had
            .iter()
            .filter(|it: &&String| lasting.contains(it.as_str()) && !kept.contains(*it))
            .collect();
        assert!(missing.is_empty(), "{missing:?}, {told}");
        had.extend(kept);
        person.google().mend();
    }
    let calm = &["--all-files", "--rescan", "--do-delete"];
    let ran = person.hasty(calm);
    assert!(matches!(ran.code, Some(0 | 8)), "seed {seed}: {ran:?}");
    let ran = person.hasty(calm);
    assert_eq!(ran.code, Some(0), "seed {seed}: {ran:?}");
    assert_eq!(Trees::of(&person), *last, "seed {seed}");
    (person.google().struck(), sorts)
}

#[test]
fn whatever_fails_nothing_is_lost_and_all_is_well_in_the_end() {
    let expected = undisturbed();
    let seeds = match number("GPHOTOS_SYNC_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("GPHOTOS_SYNC_SEEDS").unwrap_or(SEEDS),
    };
    let (mut histories, mut struck, mut sorts) = (0, 0, BTreeSet::new());
    for seed in seeds {
        let (more, of_sorts) = disturbed(seed, &expected);
        (histories, struck) = (histories + 1, struck + more);
        sorts.extend(of_sorts);
    }
    let sorts = sorts.len();
    tell(format_args!(
        "{histories} histories of 6 runs with faults of {sorts} sorts, which struck {struck} requests"
    ));
}
