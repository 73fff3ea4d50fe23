//! The options of the commands that look after an archive.

use std::path::PathBuf;

use clap::Args as Group;

use super::HOW;
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

/// Options of `verify`.
#[derive(Clone, Debug, Group)]
pub struct Verify {
    /// Which archive.
    #[command(flatten)]
    pub place: Place,
    /// Read only that share of the files today, such as 5%, other ones on other days
    ///
    /// That all files are there, and have their lengths, is looked at all the same. Run daily or
    /// weekly, all files have had their turn after about two to three times 100/P runs.
    #[arg(long, value_name = "P%", default_value = "100%", hide_default_value = true, help_heading = HOW)]
    pub sample: Sample,
    /// Have the next run fetch again what is wrong
    ///
    /// Nothing is deleted: bytes that are not right are moved to .gphotos-sync/trash/edited/. What
    /// Google no longer has is left as it is.
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
