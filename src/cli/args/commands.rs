//! The options of the commands that look after an archive.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as Group;

use super::{HOW, SIGN_IN, Sidecars, WHAT};
use crate::cli::human::age;
use crate::plan::Sample;

/// Which archive, and where its index is.
#[derive(Clone, Debug, Default, Group)]
pub struct Place {
    /// The folder of the backup
    #[arg(value_name = "TARGET_DIR")]
    pub target_dir: PathBuf,
    /// The folder of index.db, where the backup was given one
    #[arg(long, value_name = "DIR", help_heading = HOW)]
    pub db_path: Option<PathBuf>,
}

/// Options of `status`.
#[derive(Clone, Debug, Group)]
pub struct Status {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// Exit with 8 if the last complete run is longer ago, such as 26h, 90m or 2d
    ///
    /// For monitoring. A run counts if it was complete and left nothing out that config.toml does
    /// not leave out: not one with --index-only or --skip-index, nor an undo or a verify. Of a
    /// source that was skipped the run before counts.
    #[arg(long, value_name = "AGE", value_parser = age, help_heading = HOW)]
    pub max_age: Option<Duration>,
}

/// Options of `verify`.
#[derive(Clone, Debug, Group)]
pub struct Verify {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// Read only that share of the files, such as 5%, those first that were not read for longest
    ///
    /// That all files are there, and have their lengths and times, is looked at all the same. With
    /// 5% all files have been read after twenty times, also where some of them were interrupted.
    #[arg(long, value_name = "P%", default_value = "100%", hide_default_value = true, help_heading = HOW)]
    pub sample: Sample,
    /// Fetch again what is wrong, and make broken links anew
    ///
    /// Nothing is deleted: bytes that are not right are moved to .gphotos-sync/trash/edited/. What
    /// Google no longer has is left as it is. Where Google cannot be reached, the next run does it.
    /// Exit code 0: all is right again.
    #[arg(long, help_heading = HOW)]
    pub repair: bool,
}

/// Options of `doctor`.
#[derive(Clone, Debug, Default, Group)]
pub struct Doctor {
    /// The folder of the backup, if the disk is to be looked at as well
    #[arg(value_name = "TARGET_DIR")]
    pub target_dir: Option<PathBuf>,
    /// The folder of index.db, where the backup was given one
    #[arg(long, value_name = "DIR", requires = "target_dir", help_heading = HOW)]
    pub db_path: Option<PathBuf>,
}

/// Options of `undo`.
#[derive(Clone, Debug, Group)]
pub struct Undo {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// The run whose removals are undone [default: the last that removed something]
    ///
    /// Runs are numbered; the view v_runs of index.db lists them.
    #[arg(value_name = "RUN")]
    pub run: Option<i64>,
    /// Also the older states of files that the run replaced by newer ones
    ///
    /// Each is put beside the newer one, under the next free name, and is your own file then.
    #[arg(long, help_heading = HOW)]
    pub replaced: bool,
}

/// Options of `adopt`.
#[derive(Clone, Debug, Group)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Adopt {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// The folder that is taken over; it may be TARGET_DIR itself, or lie in it
    #[arg(value_name = "FROM")]
    pub from: PathBuf,
    /// Move the files: they go from FROM once their bytes are safely in TARGET_DIR
    ///
    /// So do files whose bytes TARGET_DIR has already. Nothing else in FROM is ever removed.
    #[arg(long = "move", conflicts_with = "copy", help_heading = HOW)]
    pub move_files: bool,
    /// Copy the files: for a FROM on another disk that is to stay as it is
    #[arg(long, help_heading = HOW)]
    pub copy: bool,
    /// Make each folder an album that is not named after a year or a month
    ///
    /// Only for folders of your own: where one of the programs made FROM, its albums are known.
    #[arg(long, help_heading = WHAT)]
    pub albums_from_folders: bool,
    /// Print the plan and write nothing
    #[arg(long, help_heading = HOW)]
    pub dry_run: bool,
}

/// Options of `takeout`.
#[derive(Clone, Debug, Group)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Takeout {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// The parts of an export: .zip or .tgz files, or unpacked folders [default: those in your Drive]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also what was in the trash of Google Photos when it was exported
    #[arg(long, help_heading = WHAT)]
    pub include_trashed: bool,
    /// What stands beside each photo of which the export tells something: NAME.EXT.xmp [default: none]
    #[arg(long, value_name = "KIND", help_heading = WHAT)]
    pub sidecars: Option<Sidecars>,
    /// Print the plan and write nothing
    #[arg(long, help_heading = HOW)]
    pub dry_run: bool,
    /// Try it out on the built-in small library, without account or network
    #[arg(long, conflicts_with = "paths", help_heading = HOW)]
    pub demo: bool,
}

/// Options of `pick`.
#[derive(Clone, Debug, Group)]
pub struct Pick {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// Put all of it into the album of that title as well, in the order of time
    ///
    /// What you pick with the same title later comes to it.
    #[arg(long, value_name = "TITLE", help_heading = WHAT)]
    pub album: Option<String>,
    /// Try it out: pick from a small built-in library, without account or network
    ///
    /// Nobody has to choose there. config.toml is not read, unless --config names one.
    #[arg(long, conflicts_with_all = ["secret", "token_store", "no_browser"], help_heading = HOW)]
    pub demo: bool,
    /// When signing in, print the address instead of opening a browser
    #[arg(long, help_heading = SIGN_IN)]
    pub no_browser: bool,
}
