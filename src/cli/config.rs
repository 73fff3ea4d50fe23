//! `config.toml`: settings that are always wanted, named as the long options.
//!
//! It only reads the file. What may be wrong in it is told with the file, the
//! line and the key, and stops the run: a setting that is silently left out
//! would be a backup that is silently smaller.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::args::{Albums, Names, Progress, Sidecars, TokenStore};
use crate::google::small_file;

/// No settings are longer, in bytes.
const LENGTH_MAX: u64 = 1 << 20;

/// What `config.toml` says. Options that make sense for one run only
/// (`--demo`, `--new-token`, `--flush-index`, `--index-only`, `--skip-index`,
/// `--config`) have no key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    pub skip_drive: Option<bool>,
    pub skip_photos: Option<bool>,
    pub skip_takeout: Option<bool>,
    pub takeout: Option<Takeout>,
    pub include_trashed: Option<bool>,
    pub skip_video: Option<bool>,
    pub shared: Option<bool>,
    pub all_files: Option<bool>,
    pub takeout_archives: Option<bool>,
    pub export: Option<List>,
    pub drive_folder: Option<String>,
    pub album: Option<String>,
    pub album_regex: Option<String>,
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub exclude: Option<Patterns>,
    pub exclude_from: Option<PathBuf>,
    pub favourites_only: Option<bool>,
    pub skip_albums: Option<bool>,
    pub albums: Option<Albums>,
    pub use_flat_path: Option<bool>,
    pub omit_album_date: Option<bool>,
    pub album_date_by_first_photo: Option<bool>,
    pub no_album_sorting: Option<bool>,
    pub names: Option<Names>,
    pub sidecars: Option<Sidecars>,
    pub rescan: Option<bool>,
    pub quick: Option<bool>,
    pub transfers: Option<i64>,
    pub daily_requests: Option<i64>,
    pub do_delete: Option<bool>,
    pub max_delete: Option<Number>,
    pub keep_deleted: Option<u32>,
    pub bwlimit: Option<Rate>,
    pub db_path: Option<PathBuf>,
    pub secret: Option<PathBuf>,
    pub token_store: Option<TokenStore>,
    pub no_browser: Option<bool>,
    pub service_account: Option<PathBuf>,
    pub impersonate: Option<String>,
    pub progress: Option<Progress>,
    pub quiet: Option<bool>,
    pub verbose: Option<u8>,
    pub log_file: Option<PathBuf>,
}

/// What becomes of Takeout's exports that are found in Drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Takeout {
    /// They are taken in.
    Auto,
    /// They are left alone.
    Skip,
}

/// A list, written as TOML's or as on the command line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a list such as [\"docx\", \"pdf\"] or \"docx,pdf\"")]
pub enum List {
    /// `["docx", "pdf"]`
    Words(Vec<String>),
    /// `"docx,pdf"`
    Text(String),
}

/// A number, or a share such as `"25%"`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a number such as 200 or a share such as \"25%\"")]
pub enum Number {
    /// `200`
    Number(u64),
    /// `"25%"`
    Text(String),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(&words.join(",")),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Patterns: a list of them, or one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a list of patterns such as [\"*.gif\"]")]
pub enum Patterns {
    /// `["*.gif", "Old/"]`
    Several(Vec<String>),
    /// `"*.gif"`
    One(String),
}

impl Patterns {
    /// All of them.
    pub fn list(&self) -> &[String] {
        match self {
            Self::Several(list) => list,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

/// A date, written as on the command line, as TOML's own, or as a year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a date such as 2024-01-31, \"2024-01\" or 2024")]
pub enum Date {
    /// `"2024-01-31"`, `"2024-01"`
    Text(String),
    /// `2024-01-31`
    Toml(toml::value::Datetime),
    /// `2024`
    Year(i64),
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Toml(date) => write!(f, "{date}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}

/// A rate, written as on the command line or as a number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a rate such as \"500K\" or \"2M\"")]
pub enum Rate {
    /// `"2M"`
    Text(String),
    /// `2000000`
    Bytes(u64),
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Bytes(number) => write!(f, "{number}"),
        }
    }
}

/// Why `config.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is there, or was asked for, and cannot be read.
    #[error("the settings in {} cannot be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no TOML, or has a key or a value that means nothing.
    #[error("{} has a mistake:\n{}", path.display(), source.to_string().trim_end())]
    Mistake {
        /// Which file.
        path: PathBuf,
        /// Where and what.
        #[source]
        source: Box<toml::de::Error>,
    },
}

impl Config {
    /// Reads the file at `path`. A file that is not there says nothing, unless
    /// it was `asked_for`.
    ///
    /// Relative paths in it start at its own folder, and `~/` is `home`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] and [`Error::Mistake`].
    pub fn read(path: &Path, asked_for: bool, home: &Path) -> Result<Self, Error> {
        let text = match small_file::read(path, LENGTH_MAX) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !asked_for => {
                return Ok(Self::default());
            }
            Err(source) => return Err(Error::Unreadable { path: path.to_owned(), source }),
        };
        Self::parse(&text, path, home)
    }

    /// Reads `text`, which stands in the file at `path`.
    ///
    /// # Errors
    ///
    /// [`Error::Mistake`].
    pub fn parse(text: &str, path: &Path, home: &Path) -> Result<Self, Error> {
        let mistake = |source| Error::Mistake { path: path.to_owned(), source: Box::new(source) };
        let mut config: Self = toml::from_str(text).map_err(mistake)?;
        config.resolve(path.parent().unwrap_or(Path::new("")), home);
        Ok(config)
    }

    fn resolve(&mut self, folder: &Path, home: &Path) {
        let paths = [
            &mut self.db_path,
            &mut self.secret,
            &mut self.service_account,
            &mut self.log_file,
            &mut self.exclude_from,
        ];
        for path in paths.into_iter().flatten() {
            *path = match path.strip_prefix("~") {
                Ok(below) => home.join(below),
                Err(_) => folder.join(&*path),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_the_file_the_line_and_the_key() {
        for (text, words) in [
            ("al-files = true", ["line 1", "`al-files`", "`all-files`"]),
            ("transfers = \"many\"", ["line 1", "transfers", "expected i64"]),
            ("shared = 1", ["line 1", "shared", "expected a boolean"]),
            ("\ntoken-store = \"vault\"", ["line 2", "token-store", "`keyring`"]),
            ("export = 3", ["line 1", "export", "expected a list"]),
            ("demo = true", ["line 1", "unknown field", "`demo`"]),
            ("exclude = 3", ["line 1", "exclude", "expected a list of patterns"]),
            ("start-date = true", ["line 1", "start-date", "expected a date"]),
            ("bwlimit = -1", ["line 1", "bwlimit", "expected a rate"]),
            ("albums = 'links'", ["line 1", "albums", "`hardlink`"]),
            ("names = 'dos'", ["line 1", "names", "`portable`"]),
        ] {
            let error = read(text).unwrap_err().to_string();
            for word in words {
                assert!(error.contains(word), "{text}: {error}");
            }
            assert!(error.contains("config.toml"), "{error}");
        }
    }

    #[test]
    fn paths_start_at_the_files_folder_or_at_home() {
        let config = read("secret = 'a.json'\ndb-path = '~/x'\nlog-file = '/l'").unwrap();
        assert!(config.secret.unwrap().ends_with("a.json"));
        assert_eq!(config.db_path.unwrap(), Path::new("/home/me/x"));
        assert_eq!(config.log_file.unwrap(), Path::new("/l"));
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error_only_if_it_was_asked_for() {
        let nowhere = Path::new("/nonexistent/config.toml");
        assert_eq!(Config::read(nowhere, false, Path::new("/")).unwrap(), Config::default());
        assert!(Config::read(nowhere, true, Path::new("/")).is_err());
    }

    #[expect(clippy::disallowed_methods, reason = "a test writes its own file")]
    fn read(text: &str) -> Result<Config, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        Config::read(&path, true, Path::new("/home/me"))
    }
}
