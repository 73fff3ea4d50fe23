//! What the backup is narrowed down to.

use std::path::{Path, PathBuf};

use super::{Error, contradiction, switch};
use crate::cli::args::Narrow;
use crate::cli::config::{Config, Patterns};
use crate::google::small_file;
use crate::plan::{AlbumPick, BadFilter, Dates, DriveFolder, Exclude, Filter};

/// No list of patterns is longer, in bytes.
const PATTERNS_MAX: u64 = 1 << 20;

/// Says whether anything was typed that narrows a backup down.
pub(super) fn is_typed(typed: &Narrow) -> bool {
    let texts =
        [&typed.drive_folder, &typed.album, &typed.album_regex, &typed.start_date, &typed.end_date];
    texts.iter().any(|text| text.as_ref().is_some_and(|text| !text.is_empty()))
        || typed.exclude.iter().any(|pattern| !pattern.is_empty())
        || typed.exclude_from.as_ref().is_some_and(|path| !path.as_os_str().is_empty())
        || typed.favourites_only
}

/// What holds for Drive and Photos alike.
pub(super) fn filter(typed: &Narrow, config: &Config) -> Result<Filter, Error> {
    let favourites = [typed.favourites_only, typed.no_favourites_only];
    Ok(Filter {
        dates: dates(typed, config)?,
        exclude: exclude(typed, config)?,
        favourites_only: switch(favourites, config.favourites_only),
    })
}

/// The folder of My Drive that is wanted.
pub(super) fn drive_folder(typed: &Narrow, config: &Config) -> Result<Option<DriveFolder>, Error> {
    let Some(path) = given(typed.drive_folder.as_ref(), config.drive_folder.as_ref()) else {
        return Ok(None);
    };
    match DriveFolder::parse(path) {
        Some(folder) => Ok(Some(folder)),
        None => contradiction(format!("--drive-folder: '{path}' names no folder")),
    }
}

/// The albums that are wanted. What was typed of the two options puts both keys aside.
pub(super) fn album_pick(typed: &Narrow, config: &Config) -> Result<Option<AlbumPick>, Error> {
    let is_typed = typed.album.is_some() || typed.album_regex.is_some();
    let (title, regex) = if is_typed {
        (typed.album.as_ref(), typed.album_regex.as_ref())
    } else {
        (config.album.as_ref(), config.album_regex.as_ref())
    };
    match (given(title, None), given(regex, None)) {
        (Some(_), Some(_)) => contradiction("album and album-regex in config.toml: give only one"),
        (Some(title), None) => Ok(Some(AlbumPick::Title(title.clone()))),
        (None, Some(regex)) => {
            AlbumPick::matching(regex).map(Some).or_else(|bad| refuse("album-regex", &bad))
        }
        (None, None) => Ok(None),
    }
}

fn dates(typed: &Narrow, config: &Config) -> Result<Dates, Error> {
    let [first, last] =
        [&config.start_date, &config.end_date].map(|date| date.as_ref().map(ToString::to_string));
    let first = given(typed.start_date.as_ref(), first.as_ref());
    let last = given(typed.end_date.as_ref(), last.as_ref());
    Dates::parse(first.map(String::as_str), last.map(String::as_str)).or_else(|bad| {
        let option = match first {
            Some(first) if Dates::parse(Some(first), None).is_err() => "start-date",
            _ => "end-date",
        };
        refuse(option, &bad)
    })
}

fn exclude(typed: &Narrow, config: &Config) -> Result<Exclude, Error> {
    let listed = match &config.exclude {
        _ if !typed.exclude.is_empty() => typed.exclude.as_slice(),
        config => config.as_ref().map_or(&[][..], Patterns::list),
    };
    let listed = listed.iter().filter(|pattern| !pattern.is_empty()).cloned();
    let file = typed.exclude_from.as_ref().or(config.exclude_from.as_ref());
    let mut patterns: Vec<_> = listed.collect();
    if let Some(path) = file.filter(|path| !path.as_os_str().is_empty()) {
        patterns.extend(patterns_in(path)?);
    }
    Exclude::parse(patterns).or_else(|bad| refuse("exclude", &bad))
}

/// The patterns in a file: its lines, without empty ones, comments, and blanks at the end.
fn patterns_in(path: &Path) -> Result<Vec<String>, Error> {
    let unreadable = |source| Error::ExcludeFrom { path: PathBuf::from(path), source };
    let text = small_file::read(path, PATTERNS_MAX).map_err(unreadable)?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_end);
    let patterns = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(patterns.map(str::to_owned).collect())
}

/// What was typed, or else what the config file has; nothing if that is empty.
fn given<'a>(typed: Option<&'a String>, config: Option<&'a String>) -> Option<&'a String> {
    typed.or(config).filter(|text| !text.is_empty())
}

fn refuse<T>(option: &str, bad: &BadFilter) -> Result<T, Error> {
    contradiction(format!("--{option}: {bad}"))
}
