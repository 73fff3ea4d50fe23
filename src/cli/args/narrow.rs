//! The options that narrow a backup down: by folder, date, pattern, album.

use std::path::PathBuf;

use clap::Args as Group;

use super::WHAT;

/// Which of what there is, and of which dates and names.
#[derive(Clone, Debug, Default, Group)]
pub struct Narrow {
    /// Of Drive, only what is in this folder of My Drive, and below it
    ///
    /// PATH is written as the folder is in drive/, with `/` between folders: Family/Trips. Where
    /// several folders have that path, all of them are meant. Photos is not touched by it.
    #[arg(long, value_name = "PATH", help_heading = WHAT)]
    pub drive_folder: Option<String>,
    /// Of Photos, only the albums of this title and what is in them
    ///
    /// Drive is not touched by it.
    #[arg(long, value_name = "TITLE", conflicts_with_all = ["album_regex", "skip_albums", "skip_photos"], help_heading = WHAT)]
    pub album: Option<String>,
    /// Of Photos, only the albums whose title matches RE and what is in them
    ///
    /// A regular expression that matches anywhere in the title, whatever the case of its letters.
    #[arg(long, value_name = "RE", conflicts_with_all = ["skip_albums", "skip_photos"], help_heading = WHAT)]
    pub album_regex: Option<String>,
    /// Only what was taken on or after this day: YYYY-MM-DD, YYYY-MM or YYYY
    ///
    /// Days are those of UTC. What bears no date that it was taken at goes by when it was last
    /// modified.
    #[arg(long, value_name = "D", help_heading = WHAT)]
    pub start_date: Option<String>,
    /// Only what was taken on or before this day; a month or year is meant to its end
    #[arg(long, value_name = "D", help_heading = WHAT)]
    pub end_date: Option<String>,
    /// Leave out what matches a pattern, such as '*.gif' or 'Family/Old/'; may be repeated
    ///
    /// A pattern without `/` is compared with the name of each file and of each folder it is in;
    /// with one at its start or middle, with the whole path in My Drive. At its end it means
    /// folders only. `*` and `?` stop at a `/`, `**` does not; `[a-z]` and `{jpg,png}` mean one of
    /// these. Upper and lower case differ. A photo of Google Photos has a name and no folder.
    #[arg(long, value_name = "GLOB", help_heading = WHAT)]
    pub exclude: Vec<String>,
    /// Leave out what matches a pattern in FILE, one on each line; `#` begins a comment
    #[arg(long, value_name = "FILE", help_heading = WHAT)]
    pub exclude_from: Option<PathBuf>,
    /// Only favourites of Photos and what is starred in Drive
    #[arg(long, help_heading = WHAT)]
    pub favourites_only: bool,
    /// Against config.toml.
    #[arg(long, hide = true, overrides_with = "favourites_only")]
    pub no_favourites_only: bool,
}
