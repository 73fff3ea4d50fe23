//! How the archive behaves on a real disk.
#![expect(
    clippy::disallowed_methods,
    reason = "persons and other programs, whom the tests play, do not use this module"
)]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::PathBuf;

use chrono::TimeZone as _;

use super::disk::System;
use super::*;

const DAY: &str = "2026-11-21";

#[test]
fn a_finished_download_lands_with_its_time_and_its_bytes() {
    let here = Here::new();
    for (seconds, nanos) in [(1_700_000_000, 123_456_789), (-86_401, 999_999_999), (0, 0)] {
        let path = path(&format!("drive/a b/{seconds}.jpg"));
        let time = Utc.timestamp_opt(seconds, nanos).unwrap();
        let ready =
            here.archive.stage_bytes(&PartialName::of(path.as_str()), b"abc", Some(time)).unwrap();
        assert_eq!(ready.size_bytes(), 3);
        let placed = one(here.archive.place(&[placing(ready, &path, None)])).unwrap();
        let mtime_ns = seconds * 1_000_000_000 + i64::from(nanos);
        assert_eq!(placed, Placed { path: path.clone(), size_bytes: 3, mtime_ns, trashed: None });
        let seen = Seen { sort: Sort::File, size_bytes: 3, mtime_ns };
        assert_eq!(here.archive.look(&path).unwrap(), Some(seen));
        assert_eq!(here.read(path.as_str()), "abc");
    }
    assert!(here.names(".gphotos-sync/partial").is_empty());
}

#[test]
fn a_large_batch_lands_whole_and_tells_of_each_by_itself() {
    let here = Here::new();
    here.write("drive/3", "foreign");
    let batch: Vec<_> = (0..20)
        .map(|i| placing(here.ready(&format!("new {i}")), &path(&format!("drive/{i}")), None))
        .collect();
    let placed = here.archive.place(&batch);
    for (i, placed) in placed.iter().enumerate() {
        match placed {
            Ok(placed) => assert_eq!(here.read(placed.path.as_str()), format!("new {i}")),
            Err(error) => assert!(matches!(error, Error::Occupied(at) if at.as_str() == "drive/3")),
        }
    }
    assert_eq!(placed.iter().filter(|placed| placed.is_err()).count(), 1);
    assert_eq!(here.read("drive/3"), "foreign");
    assert_eq!(here.archive.stage(&PartialName::of("new 3")).unwrap().len(), 5);
}

#[test]
fn an_occupied_path_is_never_overwritten() {
    for here in [Here::new(), Here::with(Box::new(Fat { links: true })), Here::fat()] {
        here.write("drive/a", "foreign");
        here.write("drive/b", "mine");
        fs::create_dir(here.dir.path().join("drive/folder")).unwrap();
        symlink("nowhere", here.dir.path().join("drive/link")).unwrap();
        for taken in ["drive/a", "drive/folder", "drive/link"] {
            let taken = path(taken);
            let ready = here.ready("new");
            let placed = one(here.archive.place(&[placing(ready.clone(), &taken, None)]));
            assert!(matches!(placed, Err(Error::Occupied(at)) if at == taken));
            let moved = here.archive.rename(&path("drive/b"), &taken);
            assert!(matches!(moved, Err(Error::Occupied(at)) if at == taken));
        }
        let replaced = here.place("new", "drive/folder", Some(DAY));
        assert!(matches!(replaced, Err(Error::Occupied(_))));
        assert_eq!([here.read("drive/a"), here.read("drive/b")], ["foreign", "mine"]);
    }
}

#[test]
fn a_replaced_file_keeps_its_older_bytes_in_the_trash() {
    for here in [Here::new(), Here::with(Box::new(Fat { links: true })), Here::fat()] {
        here.write("drive/a.jpg", "one");
        for (round, bytes) in ["two", "three"].into_iter().enumerate() {
            let trashed = here.place(bytes, "drive/a.jpg", Some(DAY)).unwrap().trashed.unwrap();
            let name = ["a.jpg", "a (1).jpg"][round];
            assert_eq!(trashed.as_str(), format!(".gphotos-sync/trash/{DAY}/drive/{name}"));
            assert_eq!(here.read(trashed.as_str()), ["one", "two"][round]);
            assert_eq!(here.read("drive/a.jpg"), bytes);
        }
        let placed = here.place("new", "drive/b.jpg", Some(DAY)).unwrap();
        assert_eq!(placed.trashed, None);
    }
}

#[test]
fn a_replacement_cut_by_a_crash_is_done_again_without_a_second_copy() {
    let here = Here::new();
    here.write("drive/a", "one");
    let kept = format!(".gphotos-sync/trash/{DAY}/drive/a");
    fs::create_dir_all(here.dir.path().join(&kept).parent().unwrap()).unwrap();
    fs::hard_link(here.dir.path().join("drive/a"), here.dir.path().join(&kept)).unwrap();
    let trashed = here.place("two", "drive/a", Some(DAY)).unwrap().trashed;
    assert_eq!(trashed, Some(path(&kept)));
    assert_eq!([here.read(&kept), here.read("drive/a")], ["one", "two"]);
}

#[test]
fn bytes_that_have_their_place_do_not_change_under_their_second_name() {
    let here = Here::new();
    let ready = here.ready("bytes");
    let partial = here.dir.path().join(ready.name.path().unwrap().as_str());
    fs::create_dir(here.dir.path().join("drive")).unwrap();
    fs::hard_link(&partial, here.dir.path().join("drive/a")).unwrap();
    let mut staged = here.archive.stage(&PartialName::of("bytes")).unwrap();
    assert_eq!(staged.len(), 0);
    staged.write(b"other").unwrap();
    assert_eq!(here.read("drive/a"), "bytes");
}

#[test]
fn a_move_cut_between_link_and_unlink_is_finished() {
    let here = Here::new();
    here.write("drive/a", "bytes");
    fs::hard_link(here.dir.path().join("drive/a"), here.dir.path().join("drive/b")).unwrap();
    here.archive.rename(&path("drive/a"), &path("drive/b")).unwrap();
    assert_eq!(here.names("drive"), ["b"]);
    here.archive.rename(&path("drive/b"), &path("drive/b")).unwrap();
    assert_eq!(here.read("drive/b"), "bytes");
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    let here = Here::new();
    let name = PartialName::of("drive:ID:7");
    here.archive.stage(&name).unwrap().write(b"first ").unwrap();
    let mut staged = here.archive.stage(&name).unwrap();
    assert_eq!(staged.len(), 6);
    staged.preallocate(1 << 20).unwrap();
    assert_eq!(here.archive.stage(&name).unwrap().len(), 6);
    let mut text = String::new();
    staged.reader().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "first ");
    staged.write(b"second").unwrap();
    staged.reader().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "first first second");
    let ready = staged.finish(None).unwrap();
    let placed = one(here.archive.place(&[placing(ready, &path("a"), None)])).unwrap();
    assert_eq!((placed.size_bytes, here.read("a").as_str()), (12, "first second"));
    let blocks = fs::metadata(here.dir.path().join("a")).unwrap().blocks();
    assert!(blocks < 1024, "{blocks} blocks are still reserved");
}

#[test]
fn unfinished_downloads_are_forgotten_unless_they_are_wanted() {
    let here = Here::new();
    let wanted = here.ready("wanted").name;
    here.ready("unwanted");
    assert_eq!(here.archive.forget_partials(|name| *name == wanted).unwrap(), 1);
    assert_eq!(here.names(".gphotos-sync/partial"), [wanted.as_str()]);
    assert_ne!(PartialName::of("drive:aB"), PartialName::of("drive:Ab"));
}

#[test]
fn a_planted_symlink_leads_nowhere_for_any_operation() {
    let here = Here::new();
    let outside = tempfile::tempdir().unwrap();
    here.write("drive/inside/a", "inside");
    here.write("drive/mine", "mine");
    fs::write(outside.path().join("a"), "outside").unwrap();
    let drive = here.dir.path().join("drive");
    symlink("inside", drive.join("x")).unwrap();
    symlink(outside.path(), drive.join("y")).unwrap();
    symlink("x", drive.join("z")).unwrap();
    symlink("mine", drive.join("w")).unwrap();
    for planted in ["drive/x", "drive/y", "drive/z", "drive/w", "drive/mine"] {
        for (operation, result) in here.every_operation(&path(planted).join("a").unwrap()) {
            let blocked =
                matches!(&result, Err(Error::Blocked { by, .. }) if by.as_str() == planted);
            assert!(blocked, "{operation} below {planted}: {result:?}");
        }
    }
    assert_eq!([here.read("drive/inside/a"), here.read("drive/mine")], ["inside", "mine"]);
    assert_eq!(fs::read_to_string(outside.path().join("a")).unwrap(), "outside");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(here.names("drive/inside"), ["a"]);
}

#[test]
fn a_planted_state_folder_is_not_used() {
    let outside = tempfile::tempdir().unwrap();
    let dir = tempfile::tempdir().unwrap();
    symlink(outside.path(), dir.path().join(".gphotos-sync")).unwrap();
    assert!(matches!(Archive::create(dir.path()), Err(Error::Blocked { .. })));
    let archive = Archive::open(dir.path()).unwrap();
    assert!(matches!(archive.lock("me"), Err(Error::Blocked { .. })));
    assert!(matches!(archive.write_state("manifest", b"x"), Err(Error::Blocked { .. })));
    assert!(matches!(archive.stage(&PartialName::of("a")), Err(Error::Blocked { .. })));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_symlink_in_a_files_place_is_not_read_or_written_through() {
    let here = Here::new();
    here.write("secret", "secret");
    symlink("secret", here.dir.path().join("a")).unwrap();
    assert!(matches!(here.archive.open_file(&path("a")), Err(Error::NotPlain { .. })));
    let name = PartialName::of("x");
    symlink("../../secret", here.dir.path().join(name.path().unwrap().as_str())).unwrap();
    assert!(matches!(here.archive.stage(&name), Err(Error::NotPlain { .. })));
    symlink("../secret", here.dir.path().join(".gphotos-sync/lock")).unwrap();
    assert!(matches!(here.archive.lock("me"), Err(Error::NotPlain { .. })));
    here.archive.set_mtime(&path("a"), DateTime::UNIX_EPOCH).unwrap();
    assert_ne!(here.archive.look(&path("secret")).unwrap().unwrap().mtime_ns, 0);
    assert_eq!(here.read("secret"), "secret");
}

#[test]
fn three_files_change_names_in_a_circle() {
    let here = Here::new();
    for (name, bytes) in [("a", "A"), ("b", "B"), ("c", "C")] {
        here.write(&format!("drive/{name}"), bytes);
    }
    here.archive.lift(&path("drive/a"), "17").unwrap();
    here.archive.rename(&path("drive/c"), &path("drive/a")).unwrap();
    here.archive.rename(&path("drive/b"), &path("drive/c")).unwrap();
    assert_eq!(here.archive.lifted().unwrap(), ["17"]);
    here.archive.settle("17", &path("drive/b")).unwrap();
    let moved = [path("drive/a"), path("drive/b"), here.archive.lifted_path("17").unwrap()];
    here.archive.make_durable(&moved).unwrap();
    assert_eq!(["a", "b", "c"].map(|name| here.read(&format!("drive/{name}"))), ["C", "A", "B"]);
    assert!(here.archive.lifted().unwrap().is_empty());
    let out = here.archive.lift(&path("drive/a"), "../../x");
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
}

#[test]
fn the_trash_keeps_everything_that_comes() {
    let here = Here::new();
    let kept: Vec<_> = [("drive/x", "file"), ("drive/x", "again"), ("drive/x/y.jpg", "below")]
        .into_iter()
        .map(|(name, bytes)| {
            here.write(name, bytes);
            let trashed = here.archive.trash(&path(name), DAY).unwrap();
            assert_eq!(here.read(trashed.as_str()), bytes);
            trashed.as_str().rsplit_once(DAY).unwrap().1.to_owned()
        })
        .collect();
    assert_eq!(kept, ["/drive/x", "/drive/x (1)", "/drive/x (2)/y.jpg"]);
    let out = here.archive.trash(&path("drive/x"), "../../..");
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
}

#[test]
fn hostile_names_are_names_like_any_other() {
    let here = Here::new();
    let long = format!("{}a", "é".repeat(127));
    for name in ["a\nb", "\u{1b}[2J", "..a", " ", "-rf", "日本 🏖", "*?\"<>|\\", &long] {
        let at = path("drive").join(name).unwrap();
        here.write("old", "bytes");
        here.archive.rename(&path("old"), &at).unwrap();
        let trashed = here.archive.trash(&at, DAY).unwrap();
        here.archive.rename(&trashed, &at).unwrap();
        here.archive
            .symlink(&path("albums").join(name).unwrap(), &format!("../{at}"), None)
            .unwrap();
        assert_eq!(fs::read_to_string(here.dir.path().join("albums").join(name)).unwrap(), "bytes");
        here.write("old", "second");
        here.archive.rename(&path("old"), &path("drive").join("next").unwrap()).unwrap();
        here.archive.trash(&path("drive/next"), DAY).unwrap();
    }
    let error = here.archive.open_file(&path("drive/\u{1b}[2J\n")).unwrap_err();
    assert!(error.is_missing());
    assert_eq!(error.to_string(), "could not open drive/\\u{1b}[2J\\n");
    let too_long = here.archive.rename(&path("drive/..a"), &path(&"x".repeat(256)));
    assert!(too_long.unwrap_err().is_name_too_long());
}

#[test]
fn links_are_made_replaced_and_removed_and_have_their_own_time() {
    let here = Here::new();
    here.write("drive/a", "A");
    here.write("drive/b", "B");
    let link = path("albums/2024/0102 Trip/0001_a");
    let time = Utc.timestamp_opt(-1, 5).unwrap();
    for (text, bytes) in [("../../../drive/a", "A"), ("../../../drive/b", "B")] {
        here.archive.symlink(&link, text, Some(time)).unwrap();
        assert_eq!(here.archive.read_link(&link).unwrap().unwrap(), text);
        assert_eq!(here.read(link.as_str()), bytes);
        let seen = here.archive.look(&link).unwrap().unwrap();
        assert_eq!((seen.sort, seen.mtime_ns), (Sort::Symlink, -999_999_995));
    }
    assert!(here.archive.look(&path("drive/a")).unwrap().unwrap().mtime_ns > 0);
    here.archive.unlink_symlink(&link).unwrap();
    here.archive.unlink_symlink(&link).unwrap();
    assert_eq!(here.archive.read_link(&link).unwrap(), None);
    assert_eq!(here.read("drive/b"), "B");
    assert!(here.names(".gphotos-sync/partial").is_empty());
}

#[test]
fn a_link_takes_no_files_place_and_a_file_is_not_removed_as_a_link() {
    let here = Here::new();
    here.write("drive/a", "A");
    let at = path("drive/a");
    assert!(matches!(here.archive.symlink(&at, "b", None), Err(Error::Occupied(_))));
    assert!(matches!(here.archive.unlink_symlink(&at), Err(Error::NotPlain { .. })));
    assert!(matches!(here.archive.read_link(&at), Err(Error::NotPlain { .. })));
    let out = here.archive.symlink(&path("drive/b"), "/etc/passwd", None);
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
    assert_eq!(here.read("drive/a"), "A");
}

#[test]
fn a_link_draft_that_a_crash_left_does_no_harm() {
    let here = Here::new();
    let link = path("albums/a");
    here.archive.draft_link(&link, "stale", None).unwrap();
    here.archive.symlink(&link, "b", None).unwrap();
    assert_eq!(here.archive.read_link(&link).unwrap().unwrap(), "b");
}

#[test]
fn emptied_folders_go_up_to_the_top_one_and_no_further() {
    let here = Here::new();
    fs::create_dir_all(here.dir.path().join("drive/a/b/c")).unwrap();
    here.write("drive/a/keep", "x");
    here.archive.prune_folder(&path("drive/a/b/c")).unwrap();
    assert_eq!(here.names("drive/a"), ["keep"]);
    here.archive.trash(&path("drive/a/keep"), DAY).unwrap();
    here.archive.prune_folder(&path("drive/a/gone")).unwrap();
    assert!(here.names("drive").is_empty());
}

#[test]
fn a_second_run_is_told_who_holds_the_archive() {
    let here = Here::new();
    here.write(".gphotos-sync/lock", "a longer text that a dead run left there");
    let other = Archive::open(here.dir.path()).unwrap();
    let lock = here.archive.lock("process 42, since noon").unwrap();
    match other.lock("process 43") {
        Err(Error::Locked { by }) => assert_eq!(by, "process 42, since noon"),
        other => panic!("{other:?}"),
    }
    drop(lock);
    drop(other.lock("process 43").unwrap());
    assert_eq!(here.read(".gphotos-sync/lock"), "process 43");
}

#[test]
fn state_files_are_written_whole_or_not_at_all() {
    let here = Here::new();
    assert_eq!(here.archive.read_state("manifest").unwrap(), None);
    let big = vec![7; 200_000];
    here.archive.write_state("manifest", &big).unwrap();
    here.archive.write_state("manifest", b"small").unwrap();
    let mut draft = here.archive.draft_state("manifest").unwrap();
    std::io::Write::write_all(&mut draft, &big).unwrap();
    drop(draft);
    assert_eq!(here.archive.read_state("manifest").unwrap().unwrap(), b"small");
    here.archive.append_state("journal", b"a\n").unwrap();
    here.archive.append_state("journal", b"b\n").unwrap();
    assert_eq!(here.archive.read_state("journal").unwrap().unwrap(), b"a\nb\n");
    let out = here.archive.write_state("../x", b"");
    assert!(matches!(out, Err(Error::LeadsOut { .. })));
}

#[test]
fn opening_changes_nothing_and_the_state_folder_is_the_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::open(dir.path()).unwrap();
    assert_eq!(archive.look(&path("drive/a")).unwrap(), None);
    assert!(archive.lifted().unwrap().is_empty());
    assert_eq!(archive.forget_partials(|_| false).unwrap(), 0);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(archive.free_bytes().unwrap() > 0);
    let new = dir.path().join("new/archive");
    assert!(Archive::open(&new).unwrap_err().is_missing());
    Archive::create(&new).unwrap();
    let mode = fs::metadata(new.join(".gphotos-sync")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_planted_pipe_holds_nobody_up() {
    let here = Here::new();
    let pipe = rustix::fs::FileType::Fifo;
    let made = rustix::fs::mknodat(here.archive.handle(), "pipe", pipe, Mode::RWXU, 0);
    made.unwrap();
    assert!(matches!(here.archive.open_file(&path("pipe")), Err(Error::NotPlain { .. })));
    assert_eq!(here.archive.look(&path("pipe")).unwrap().unwrap().sort, Sort::Other);
}

/// A fresh archive on the real disk.
struct Here {
    dir: tempfile::TempDir,
    archive: Archive,
}

impl Here {
    fn new() -> Self {
        Self::with(Box::new(System))
    }

    fn fat() -> Self {
        Self::with(Box::new(Fat { links: false }))
    }

    fn with(disk: Box<dyn Disk>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Archive::create(dir.path()).unwrap();
        let archive = Archive::open_with(dir.path(), disk).unwrap();
        Self { dir, archive }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What a person or another program does.
    fn write(&self, name: &str, bytes: &str) {
        fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        fs::write(self.at(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.archive.names_in(&path(folder)).unwrap()
    }

    fn ready(&self, bytes: &str) -> Ready {
        self.archive.stage_bytes(&PartialName::of(bytes), bytes.as_bytes(), None).unwrap()
    }

    fn place(&self, bytes: &str, at: &str, replaces: Option<&str>) -> Result<Placed, Error> {
        one(self.archive.place(&[placing(self.ready(bytes), &path(at), replaces)]))
    }

    fn every_operation(&self, at: &ArchivePath) -> Vec<(&'static str, Result<(), Error>)> {
        let archive = &self.archive;
        let mine = path("drive/mine");
        vec![
            ("look", archive.look(at).map(drop)),
            ("open_file", archive.open_file(at).map(drop)),
            ("place", self.place("new", at.as_str(), None).map(drop)),
            ("replace", self.place("new", at.as_str(), Some(DAY)).map(drop)),
            ("rename from", archive.rename(at, &path("drive/free"))),
            ("rename to", archive.rename(&mine, at)),
            ("lift", archive.lift(at, "1")),
            ("trash", archive.trash(at, DAY).map(drop)),
            ("set_mtime", archive.set_mtime(at, DateTime::UNIX_EPOCH)),
            ("symlink", archive.symlink(at, "b", None)),
            ("read_link", archive.read_link(at).map(drop)),
            ("unlink_symlink", archive.unlink_symlink(at)),
            ("prune_folder", archive.prune_folder(at)),
            ("prune_folder itself", archive.prune_folder(&at.parent().unwrap())),
            ("make_durable", archive.make_durable(std::slice::from_ref(at))),
        ]
    }
}

/// A disk like FAT: it cannot rename without overwriting, and perhaps not link.
#[derive(Debug)]
struct Fat {
    links: bool,
}

impl Disk for Fat {
    fn rename_new(&self, _from: At<'_>, _to: At<'_>) -> io::Result<()> {
        Err(Errno::INVAL.into())
    }
    fn link(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        if self.links { System.link(from, to) } else { Err(Errno::PERM.into()) }
    }
    fn sync_all(&self, _any: BorrowedFd<'_>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn reserve(&self, _file: &File, _len: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn create(&self, at: At<'_>) -> io::Result<File> {
        System.create(at)
    }
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        System.write(file, bytes, offset)
    }
    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        System.truncate(file, len)
    }
    fn set_file_time(&self, file: &File, time: FileTime) -> io::Result<()> {
        System.set_file_time(file, time)
    }
    fn set_time(&self, at: At<'_>, time: FileTime) -> io::Result<()> {
        System.set_time(at, time)
    }
    fn sync(&self, file: BorrowedFd<'_>) -> io::Result<()> {
        System.sync(file)
    }
    fn make_folder(&self, at: At<'_>, private: bool) -> io::Result<()> {
        System.make_folder(at, private)
    }
    fn rename(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        System.rename(from, to)
    }
    fn symlink(&self, text: &str, at: At<'_>) -> io::Result<()> {
        System.symlink(text, at)
    }
    fn unlink(&self, at: At<'_>) -> io::Result<()> {
        System.unlink(at)
    }
    fn remove_folder(&self, at: At<'_>) -> io::Result<()> {
        System.remove_folder(at)
    }
}

fn path(text: &str) -> ArchivePath {
    ArchivePath::parse(text).unwrap()
}

fn placing(ready: Ready, at: &ArchivePath, replaces: Option<&str>) -> Placing {
    Placing { ready, path: at.clone(), replaces: replaces.map(str::to_owned) }
}

fn one(mut results: Vec<Result<Placed, Error>>) -> Result<Placed, Error> {
    assert_eq!(results.len(), 1);
    results.remove(0)
}
