//! A person with an account in the sandbox, a home folder and an archive.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use gphotos_sync::sandbox::{Sandbox, World};
use rusqlite::types::Value;

use super::home::{Home, Ran};

/// A person who backs up their account. All of it goes when it is dropped.
pub struct Person {
    google: Sandbox,
    home: Home,
}

/// What is at a path of the archive: bytes or a link's text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found(pub String, pub String);

impl PartialEq<(&str, &str)> for Found {
    fn eq(&self, other: &(&str, &str)) -> bool {
        (self.0.as_str(), self.1.as_str()) == *other
    }
}

impl Person {
    /// A person whose account is `world`. A service account signs them in: how a
    /// person does is for `auth.rs` to try.
    pub fn with(world: World) -> Self {
        let google = Sandbox::start(world);
        let home = Home::new();
        home.write_config("key.json", &google.service_account_key());
        home.write_config("config.toml", "service-account = '~/.config/gphotos-sync/key.json'\n");
        Self { google, home }
    }

    /// A person whose account is `world`, signed in as people do: no service account may
    /// see anybody's photos.
    pub fn signed_in(world: World) -> Self {
        Self::signed_in_with(world, &[])
    }

    /// As [`Self::signed_in`], with `options` of `auth login`.
    pub fn signed_in_with(world: World, options: &[&str]) -> Self {
        let home = Home::new();
        let google = Sandbox::start(world);
        home.write_config("client_secret.json", &google.client_secret());
        home.write_config("config.toml", "token-store = 'file'\n");
        home.sign_in(google.root(), options);
        Self { google, home }
    }

    /// Adds `settings` to their config file.
    pub fn configure(&self, settings: &str) {
        let signs_in = "service-account = '~/.config/gphotos-sync/key.json'\n";
        self.home.write_config("config.toml", &format!("{signs_in}{settings}"));
    }

    /// Writes a file that a command is told of, and returns its path.
    pub fn write_config(&self, name: &str, text: &str) -> String {
        self.home.write_config(name, text).to_str().unwrap().to_owned()
    }

    /// Their Google.
    pub fn google(&self) -> &Sandbox {
        &self.google
    }

    /// Signs in anew, with `options` of `auth login`.
    pub fn sign_in(&self, options: &[&str]) -> String {
        self.home.sign_in(self.google.root(), options)
    }

    /// Runs the main job with `options`.
    #[must_use]
    pub fn backup(&self, options: &[&str]) -> Ran {
        Ran::of(&mut self.command(options))
    }

    /// As [`Self::backup`], by a clock that waits for nothing and moves on by what it would
    /// have waited.
    #[must_use]
    pub fn hasty(&self, options: &[&str]) -> Ran {
        self.hasty_later(0, options)
    }

    /// As [`Self::hasty`], so many seconds from now.
    #[must_use]
    pub fn hasty_later(&self, seconds: u64, options: &[&str]) -> Ran {
        let clock = format!("hasty+{seconds}");
        Ran::of(self.command(options).env("GPHOTOS_SYNC_CLOCK", clock))
    }

    /// Runs any command against their Google.
    #[must_use]
    pub fn run(&self, words: &[&str]) -> Ran {
        Ran::of(&mut self.any_command(words))
    }

    /// Any command against their Google, ready to be started.
    pub fn any_command(&self, words: &[&str]) -> Command {
        let mut command = self.home.command(words);
        command.env("GPHOTOS_SYNC_API_ROOT", self.google.root());
        command
    }

    /// The main job with `options`, ready to be started.
    pub fn command(&self, options: &[&str]) -> Command {
        let mut command = self.home.command(["archive", "--progress", "plain"]);
        command.args(options).env("GPHOTOS_SYNC_API_ROOT", self.google.root());
        command
    }

    /// Their home folder, in which the archive is.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where `path` of the archive is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.home.path().join("archive").join(path)
    }

    /// Writes a file of the archive, as a person or a failing disk does.
    #[expect(clippy::disallowed_methods, reason = "what the archive's owner does has no rules")]
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(path), bytes).unwrap();
    }

    /// Deletes a file of the archive.
    #[expect(clippy::disallowed_methods, reason = "what the archive's owner does has no rules")]
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Renames a file of the archive, as a person does or a run that was then killed.
    #[expect(clippy::disallowed_methods, reason = "what the archive's owner does has no rules")]
    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Every regular file in the trees, with its bytes as text, sorted by path.
    pub fn files(&self) -> Vec<Found> {
        let mut found = Vec::new();
        self.visit(&self.path(""), &mut |path, meta| {
            if meta.is_file() {
                let bytes = fs::read(self.path(path)).unwrap();
                found.push(Found(path.to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
            }
        });
        found.sort();
        found
    }

    /// Every symlink in the trees, with its text, sorted by path.
    pub fn links(&self) -> Vec<Found> {
        let mut found = Vec::new();
        self.visit(&self.path(""), &mut |path, meta| {
            if meta.is_symlink() {
                let text = fs::read_link(self.path(path)).unwrap();
                found.push(Found(path.to_owned(), text.to_str().unwrap().to_owned()));
            }
        });
        found.sort();
        found
    }

    /// When the file at `path` was last modified, in milliseconds since 1970.
    pub fn mtime_ms(&self, path: &str) -> i64 {
        let meta = fs::symlink_metadata(self.path(path)).unwrap();
        meta.mtime() * 1000 + meta.mtime_nsec() / 1_000_000
    }

    /// What a person sees who asks the index with `sqlite3`: rows of text.
    pub fn sql(&self, query: &str) -> Vec<Vec<String>> {
        let db = rusqlite::Connection::open(self.path("index.db")).unwrap();
        let mut query = db.prepare(query).unwrap();
        let columns = query.column_count();
        let rows = query.query_map([], |row| (0..columns).map(|i| row.get(i).map(text)).collect());
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Changes the index: what an older run would have left there.
    pub fn alter(&self, sql: &str) {
        let db = rusqlite::Connection::open(self.path("index.db")).unwrap();
        assert!(db.execute(sql, []).unwrap() > 0, "nothing to change: {sql}");
    }

    fn visit(&self, folder: &Path, see: &mut dyn FnMut(&str, &fs::Metadata)) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(self.path("")).unwrap().to_str().unwrap().to_owned();
            if name == ".gphotos-sync" || name.starts_with("index.db") {
                continue;
            }
            let meta = fs::symlink_metadata(&path).unwrap();
            if meta.is_dir() {
                self.visit(&path, see);
            } else {
                see(&name, &meta);
            }
        }
    }
}

fn text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Blob(bytes) => format!("{bytes:?}"),
    }
}
