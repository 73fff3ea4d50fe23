//! The runs that are stopped: what the account was before and is now, and what is asked of
//! the program. Small, and with one of each: that is what makes every step worth a try.

use std::path::{Path, PathBuf};
use std::process::Command;

use gphotos_sync::sandbox::{
    Album, Export, Format, Item, LibraryAlbum, LibraryItem, Photo, PhotoLibrary, World,
};

use super::witness::{Archive, Witness};
use crate::support::asked::every_step;
use crate::support::{Person, Ran};

const JULY: &str = "20260701T101500Z";
const AUGUST: &str = "20260801T101500Z";

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const WHOLE: &[u8] = include_bytes!("../../../src/sandbox/library/meadow.mp.jpg");
const CLIP: &[u8] = include_bytes!("../../../src/sandbox/library/meadow_clip.mp4");

/// A run that can be begun again and again from the same state of the archive.
pub struct Scenario {
    person: Person,
    words: &'static [&'static str],
    start: PathBuf,
    /// What a run does that nothing disturbs.
    pub witness: Witness,
}

impl Scenario {
    /// The first run of an archive.
    pub fn first_run() -> Self {
        Self::of(Person::signed_in(world()), &["--all-files"])
    }

    /// Everything moves, swaps names and is edited at once.
    pub fn changes() -> Self {
        let person = lived_with();
        person.google().world(|world| {
            world.swap_names("a", "b");
            // A round of three, across folders.
            world.rename("c1", "2.jpg");
            world.rename("c2", "3.jpg");
            world.rename("c3", "1.jpg");
            world.rename("trip", "Journey");
            world.move_to("c1", "trip");
            world.edit("e", "edited, and longer");
            world.rename("e", "e2.jpg");
            world.edit("b", "B, newer");
            world.edit_native("doc", DOCX, "another text");
            world.set_modified("c2", "2020-02-02T02:02:02.222Z");
            // Google Photos still has what Drive had.
            world.edit("shared", "no longer that of Photos");
            world.rename("alias", "to b.jpg");
            world.rename_photo("p1", "renamed.jpg");
            world.edit_photo("p2", "2, newer");
            world.rename_album("x", "Autumn");
            world.set_album_items("x", &["p2", "p1", "m"]);
            world.add(Item::file("n", "new.jpg", "N").parent("trip"));
        });
        Self::of(person, &["--all-files", "--rescan"])
    }

    /// Much is gone, some of it is held by others, and the trash is emptied of older things.
    pub fn deletions() -> Self {
        let person = lived_with();
        person.google().world(|world| {
            world.edit("e", "edited once");
            world.delete("gone");
        });
        person.backup(&["--all-files", "--do-delete"]).succeeds();
        age_trash(&person);
        person.google().world(|world| {
            world.trash("trip");
            world.delete("c1");
            world.delete("shared");
            world.delete("doc");
            world.edit("e", "edited twice");
            world.delete_photo("m");
            world.delete_album("x");
            world.rename("c2", "1.jpg");
        });
        let words = &["--all-files", "--rescan", "--do-delete", "--max-delete", "100%"];
        Self::of(person, words)
    }

    /// A zip and a tar are taken in, and a second export of which something is new, or is told anew.
    pub fn exports() -> Self {
        let one = |title: &str, text: &str| exported(title, text).in_album("Summer");
        let tar = PhotoLibrary::new().with(one("tar.jpg", "of the tar")).with(one("two.jpg", "2"));
        let old = PhotoLibrary::new()
            .with(one("one.jpg", "1").taken("2020-05-01T10:00:00Z"))
            .with(exported("a.jpg", "A"))
            .with(exported("same.jpg", "1"))
            .with(exported("bare.jpg", "bare").without_sidecar());
        let new = PhotoLibrary::new()
            .with(one("one.jpg", "1").taken("2021-06-01T10:00:00Z").person("Ann"))
            .with(exported("bare.jpg", "bare").edited("edited"))
            .with(exported("live.jpg", "live").live(".MP4", "moving"));
        let summer = || LibraryAlbum::new("Summer").date("2020-05-01T10:00:00Z");
        let person = Person::signed_in(world());
        person.google().world(|world| world.deliver(&Export::of(&old.album(summer())).stamp(JULY)));
        person.backup(&["--all-files"]).succeeds();
        let tar = Export::of(&tar.album(summer())).format(Format::Tgz).stamp(AUGUST);
        person.google().world(|world| world.deliver(&tar));
        person.google().world(|world| world.deliver(&Export::of(&new.album(summer())).parts(2)));
        Self::of(person, &["--all-files"])
    }

    /// What was removed is put back.
    pub fn undo() -> Self {
        let person = lived_with();
        person.google().world(|world| {
            world.trash("trip");
            world.delete("c1");
            world.edit("e", "edited once");
        });
        let words = ["--all-files", "--do-delete", "--max-delete", "100%"];
        person.backup(&words).succeeds();
        Self::of(person, &["undo"])
    }

    /// The index is lost, and not even its copy is left.
    pub fn lost_index() -> Self {
        let person = lived_with();
        person.remove("index.db");
        person.remove(".gphotos-sync/index.db.copy");
        Self::of(person, &["--all-files"])
    }

    fn of(person: Person, words: &'static [&'static str]) -> Self {
        let start = person.path("").parent().unwrap().join("start");
        let scenario = Self { person, words, start, witness: Witness::default() };
        if scenario.archive().root().exists() {
            copy(scenario.archive().root(), &scenario.start);
        }
        let before = scenario.archive().snapshot();
        scenario.run("").succeeds();
        let after = scenario.archive().snapshot();
        Self { witness: Witness { before, after }, ..scenario }
    }

    /// The archive, whatever state it is in.
    pub fn archive(&self) -> Archive {
        Archive::at(self.person.path(""))
    }

    /// Brings the archive back to where it was.
    pub fn begin_again(&self) {
        let root = self.person.path("");
        if root.exists() {
            std::fs::remove_dir_all(&root).unwrap();
        }
        if self.start.exists() {
            copy(&self.start, &root);
        }
    }

    /// Runs the program on a disk that does what `orders` say.
    pub fn run(&self, orders: &str) -> Ran {
        Ran::of(&mut self.command(orders))
    }

    /// As [`Self::run`], and says how many steps it had.
    pub fn run_counted(&self, orders: &str) -> (Ran, u64) {
        let file = self.start.with_file_name("steps");
        let ran = self.run(&format!("{orders},count={}", file.display()));
        (ran, std::fs::read_to_string(file).unwrap().parse().unwrap())
    }

    fn command(&self, orders: &str) -> Command {
        let mut command = match self.words {
            ["undo"] => self.person.any_command(&["undo", "archive"]),
            words => {
                let mut command = self.person.command(&["--transfers", "1"]);
                command.args(words);
                command
            }
        };
        if !orders.is_empty() {
            command.env("GPHOTOS_SYNC_DISK", orders);
        }
        command
    }

    /// Runs it again, undisturbed, and fails unless all is as it would have been.
    #[track_caller]
    pub fn ends_well(&self, told: &str) {
        self.goes_on(told);
        self.witness.is_as_after(&self.archive(), told);
    }

    /// The same after a run that ended by itself and could not save an item: that may have
    /// been saved by way of another.
    #[track_caller]
    pub fn ends_well_otherwise(&self, told: &str) {
        self.goes_on(told);
        self.witness.is_like_after(&self.archive(), told, true);
    }

    #[track_caller]
    fn goes_on(&self, told: &str) {
        let ran = self.run("");
        assert_eq!(ran.code, Some(0), "{told}, then: {}{}", ran.stdout, ran.stderr);
    }
}

/// The steps to try: all of them where `GPHOTOS_SYNC_CRASH` is `all`, otherwise of so many
/// one.
pub fn each_step(of: usize) -> impl Iterator<Item = u64> {
    (1..).step_by(if every_step() { 1 } else { of })
}

/// A person whose account was backed up once.
fn lived_with() -> Person {
    let person = Person::signed_in(world());
    person.backup(&["--all-files"]).succeeds();
    person
}

/// Something in an export, with an address that it keeps.
fn exported(title: &str, text: &str) -> LibraryItem {
    LibraryItem::new(title, text).url(&format!("https://photos.google.com/photo/AF1Qip{title}"))
}

fn world() -> World {
    let still = &WHOLE[..WHOLE.len() - CLIP.len()];
    World::new()
        .folder("trip", "Trip", "root")
        .file("a", "a.jpg", "A", "trip")
        .file("b", "b.jpg", "B", "trip")
        .file("c1", "1.jpg", "C1", "root")
        .file("c2", "2.jpg", "C2", "root")
        .file("c3", "3.jpg", "C3", "root")
        .file("e", "e.jpg", "E", "root")
        .file("gone", "gone.jpg", "going", "root")
        .file("shared", "shared.jpg", "of both", "root")
        .with(Item::native("doc", "Report", "document").export(DOCX, "a text"))
        .with(Item::native("form", "Survey", "form"))
        .with(Item::shortcut("alias", "to a.jpg", "a"))
        .photo(Photo::image("p0", "shared.jpg", "of both").taken("2024-04-01T10:00:00Z"))
        .photo(Photo::image("p1", "one.jpg", "1").taken("2024-05-01T10:00:00Z"))
        .photo(Photo::image("p2", "two.jpg", "2").taken("2024-05-02T10:00:00Z"))
        .photo(Photo::image("m", "meadow.MP.jpg", still).motion(CLIP).taken("2024-05-03T16:12:00Z"))
        .album(Album::new("x", "Summer", &["p1", "p0", "m"]))
}

/// Has all that is in the trash lie there for longer than it is kept.
#[expect(clippy::disallowed_methods, reason = "the test turns back the calendar")]
fn age_trash(person: &Person) {
    let trash = person.path(".gphotos-sync/trash");
    let days: Vec<_> = std::fs::read_dir(&trash).unwrap().map(|it| it.unwrap().path()).collect();
    let day = days[0].file_name().unwrap().to_str().unwrap().to_owned();
    std::fs::rename(&days[0], trash.join("2026-01-02")).unwrap();
    person.alter(&format!(
        "UPDATE trash SET trash_path = replace(trash_path, '{day}', '2026-01-02')"
    ));
}

/// Copies a folder with all times, links and second names.
pub fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}
