//! What an archive is, and what may be found in it after a run was cut short.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::support::folder_in_memory;

/// What shows in the index: nothing of runs, and no times of theirs.
const VIEWS: &[&str] = &[
    "SELECT source, remote_id, path, name, mime_type, size_bytes, md5, sha256, modified_at,
            taken_at, taken_from, width, height, camera, latitude, longitude, description,
            favourite, archived, trashed, state
       FROM v_files ORDER BY source, remote_id",
    "SELECT * FROM v_albums ORDER BY path, title",
    "SELECT * FROM v_album_items ORDER BY album_path, position, path",
    "SELECT source, remote_id, path, reason FROM v_problems ORDER BY source, remote_id",
    "SELECT why, path, trash_path, lower(hex(sha256)), restored_at IS NULL, purged_at IS NULL
       FROM trash ORDER BY trash_path, id",
    "SELECT path, target FROM link ORDER BY path",
    "SELECT path, target, mode FROM album_link ORDER BY path",
    "SELECT 'left over: ' || kind FROM step WHERE kind <> 'fetch'
      UNION ALL SELECT 'left over: landing' FROM landing",
    "SELECT DISTINCT what, path FROM v_history WHERE what IN ('edited', 'missing') ORDER BY path",
    HOW,
];

/// How it was found out whose bytes a file has, and what was done to them. Where one item
/// could not be saved, another that has its bytes was, and it is known of another.
const HOW: &str = "SELECT source, remote_id, match_rule, fidelity FROM v_files
                    ORDER BY source, remote_id";

/// Where a recorded file may be that a run was about to move: what it had announced.
const ANNOUNCED: &str = "
    SELECT file.path, lower(hex(file.sha256)), step.to_path, step.lifted
      FROM file JOIN holding ON holding.file = file.id JOIN step ON step.item = holding.item
     UNION ALL
    SELECT file.path, lower(hex(file.sha256)), landing.trash_path, NULL
      FROM file JOIN holding ON holding.file = file.id JOIN landing ON landing.item = holding.item";

const RECORDED: &str = "SELECT path, lower(hex(sha256)) FROM file";

/// Statements that read what the tables hold, but for moments.
const TABLES: &str = "
    SELECT 'SELECT ' || group_concat('\"' || c.name || '\"') || ' FROM ' || t.name
      FROM sqlite_schema t, pragma_table_info(t.name) c
     WHERE t.type = 'table' AND t.name NOT IN ('history', 'run')
       AND c.name NOT IN ('at', 'saved_at', 'listed_at', 'next_try_at', 'restored_at', 'purged_at')
     GROUP BY t.name";

const STATE: &str = ".gphotos-sync/";

/// An archive on the disk.
pub struct Archive {
    root: PathBuf,
}

/// Something in the archive, as one sees it from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A file: the hash of its bytes, its time in nanoseconds.
    File(String, i128),
    /// A symlink: its text, its time.
    Link(PathBuf, i128),
    /// A folder.
    Folder,
}

/// All that is in an archive.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// By its path.
    things: BTreeMap<String, Thing>,
    /// What the views show.
    views: Vec<Vec<Vec<String>>>,
}

/// An archive before and after a run that nothing disturbed.
#[derive(Debug, Default)]
pub struct Witness {
    /// Before.
    pub before: Snapshot,
    /// After.
    pub after: Snapshot,
}

impl Archive {
    /// The archive at `root`.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All that is in it. Its index is read from a copy: reading would tidy it up.
    pub fn snapshot(&self) -> Snapshot {
        let index = self.index();
        let views = index.as_ref().map(|(_, db)| VIEWS.iter().map(|view| rows(db, view)).collect());
        Snapshot { things: self.things(), views: views.unwrap_or_default() }
    }

    /// All that the next run goes by, to be compared: nothing of when it was done.
    pub fn state(&self) -> String {
        let mut state = format!("{:?}", self.things());
        if let Ok(manifest) = fs::read(self.root.join(STATE).join("manifest")) {
            state += &sha256(&manifest);
        }
        if let Some((_folder, db)) = self.index() {
            for table in rows(&db, TABLES) {
                write!(state, "{:?}", rows(&db, &table[0])).unwrap();
            }
        }
        state
    }

    /// Whether something was announced that was to get its place.
    pub fn is_landing(&self) -> bool {
        let landing = "SELECT item FROM landing";
        self.index().is_some_and(|(_folder, db)| !rows(&db, landing).is_empty())
    }

    fn things(&self) -> BTreeMap<String, Thing> {
        let mut things = BTreeMap::new();
        if self.root.exists() {
            self.visit(&self.root, &mut things);
        }
        things
    }

    fn visit(&self, folder: &Path, things: &mut BTreeMap<String, Thing>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&self.root).unwrap().to_str().unwrap().to_owned();
            let meta = fs::symlink_metadata(&path).unwrap();
            let time = i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
            if name.starts_with("index.db") || is_its_own(&name) {
                continue;
            }
            if name == format!("{STATE}moving") {
                self.visit(&path, things);
                continue;
            }
            let thing = if meta.is_dir() {
                self.visit(&path, things);
                Thing::Folder
            } else if meta.is_symlink() {
                Thing::Link(fs::read_link(&path).unwrap(), time)
            } else {
                Thing::File(sha256(&fs::read(&path).unwrap()), time)
            };
            things.insert(name, thing);
        }
    }

    fn index(&self) -> Option<(tempfile::TempDir, Connection)> {
        let folder = folder_in_memory();
        for suffix in ["", "-wal", "-shm"] {
            let name = format!("index.db{suffix}");
            let from = self.root.join(&name);
            if from.exists() {
                fs::copy(from, folder.path().join(name)).unwrap();
            }
        }
        let path = folder.path().join("index.db");
        let db = path.exists().then(|| Connection::open(path).unwrap())?;
        let is_made =
            !rows(&db, "SELECT name FROM sqlite_schema WHERE name = 'v_files'").is_empty();
        is_made.then_some((folder, db))
    }
}

impl Snapshot {
    /// The hashes of all files, wherever they are.
    fn bytes(&self) -> BTreeSet<&str> {
        let files = self.things.keys();
        files.filter_map(|path| self.hash_at(path)).collect()
    }

    fn hash_at(&self, path: &str) -> Option<&str> {
        match self.things.get(path) {
            Some(Thing::File(hash, _)) => Some(hash),
            _ => None,
        }
    }

    /// The rows of `v_files`: whose bytes may be where.
    fn placed(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let rows = self.views.first().into_iter().flatten();
        rows.map(|row| (row[1].as_str(), row[2].as_str(), row[7].as_str()))
    }
}

impl Witness {
    /// Fails if something is partial, wrong, recorded and not there, or gone.
    #[track_caller]
    pub fn is_whole(&self, archive: &Archive, told: &str) {
        let now = Snapshot { things: archive.things(), views: Vec::new() };
        self.shows_nothing_else(&now, told);
        let gone = self.before.bytes();
        let gone = gone.intersection(&self.after.bytes()).copied().collect::<BTreeSet<_>>();
        let gone: Vec<_> = gone.difference(&now.bytes()).copied().collect();
        assert!(gone.is_empty(), "{told}: bytes are gone: {gone:?} of {:#?}", self.before.things);
        if let Some((_folder, db)) = archive.index() {
            has_what_is_recorded(&now, &db, told);
        }
    }

    /// Each file in the trees is some version, whole, of an item that was or will be there.
    fn shows_nothing_else(&self, now: &Snapshot, told: &str) {
        let mut allowed: BTreeSet<(&str, &str)> = BTreeSet::new();
        for snapshot in [&self.before, &self.after] {
            let places = snapshot.things.keys().map(String::as_str);
            allowed.extend(places.filter_map(|path| Some((path, snapshot.hash_at(path)?))));
        }
        // While it moves and is replaced, an item's older bytes may be at its newer path.
        for (id, _, hash) in self.before.placed() {
            let newer = self.after.placed().filter(|(it, ..)| *it == id);
            allowed.extend(newer.map(|(_, path, _)| (path, hash)));
        }
        // A photo that Drive has, too, is in photos/ where Drive's could not be saved.
        let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
        for path in now.things.keys().filter(|path| !path.starts_with(STATE)) {
            let Some(hash) = now.hash_at(path) else { continue };
            let fine = allowed.iter().any(|(at, it)| hash == *it && name(at) == name(path));
            assert!(fine, "{told}: {path} has bytes that are none of its own: {hash}");
        }
    }

    /// Fails unless the archive is what an undisturbed run made of it.
    #[track_caller]
    pub fn is_as_after(&self, archive: &Archive, told: &str) {
        self.is_like_after(archive, told, false);
    }

    /// The same, but for how it was found out whose bytes are whose, if `is_lenient`.
    #[track_caller]
    pub fn is_like_after(&self, archive: &Archive, told: &str, is_lenient: bool) {
        let now = archive.snapshot();
        let (wanted, found) = (&self.after.things, &now.things);
        let missing: Vec<_> =
            wanted.iter().filter(|(path, it)| found.get(*path) != Some(it)).collect();
        let other: Vec<_> =
            found.iter().filter(|(path, it)| wanted.get(*path) != Some(it)).collect();
        assert!(missing.is_empty() && other.is_empty(), "{told}: {missing:#?} became {other:#?}");
        for ((wanted, found), view) in self.after.views.iter().zip(&now.views).zip(VIEWS) {
            assert!(
                *view == HOW && is_lenient || wanted == found,
                "{told}: {wanted:?} became {found:?}"
            );
        }
    }
}

/// Each recorded file is at its place, or where a run that was cut short said it would be.
fn has_what_is_recorded(now: &Snapshot, db: &Connection, told: &str) {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows(db, ANNOUNCED) {
        let lifted = format!("{STATE}moving/{}", row[3]);
        places.entry(row[0].clone()).or_default().extend([row[2].clone(), lifted]);
    }
    for row in rows(db, RECORDED) {
        let (path, hash) = (&row[0], &row[1]);
        let mut at = places.get(path).into_iter().flatten().chain([path]);
        let is_there = at.any(|path| now.hash_at(path) == Some(hash.as_str()));
        assert!(
            is_there,
            "{told}: {path} is recorded as {hash}, and is {:?}",
            now.things.get(path)
        );
    }
}

/// What the program keeps for itself, which no two runs leave alike.
fn is_its_own(name: &str) -> bool {
    let own = ["lock", "log", "manifest", "manifest.new", "index.db.copy", "index.db.copy.new"];
    name.strip_prefix(STATE)
        .is_some_and(|name| own.contains(&name) || name.starts_with("index.db.copy.new-"))
}

fn rows(db: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut query = db.prepare(sql).unwrap();
    let columns = query.column_count();
    let text = |value: rusqlite::types::Value| match value {
        rusqlite::types::Value::Null => String::new(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    let rows = query.query_map([], |row| (0..columns).map(|i| row.get(i).map(text)).collect());
    rows.unwrap().map(Result::unwrap).collect()
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::new();
    Sha256::digest(bytes).iter().for_each(|byte| write!(hex, "{byte:02x}").unwrap());
    hex
}
