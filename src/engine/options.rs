//! What a run is to do, as decided before it begins.

use crate::plan::ExportFormat;

/// What a run is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How far the run goes.
    pub reach: Reach,
    /// What is taken from Drive; `None` leaves Drive alone.
    pub drive: Option<DriveOptions>,
    /// How many files are fetched at a time, at most. At least 1.
    pub transfers: usize,
}

/// How far a run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Ask Google what there is, then make the archive so.
    #[default]
    Whole,
    /// Ask Google what there is, and fetch nothing.
    IndexOnly,
    /// Make the archive as the index already says.
    SkipIndex,
}

/// What is taken from Drive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own on the command line"
)]
pub struct DriveOptions {
    /// Every file, not only photos and videos.
    pub all_files: bool,
    /// Leave videos out.
    pub skip_video: bool,
    /// Also what others own and share with the account.
    pub shared: bool,
    /// Also the parts of Takeout exports that lie in Drive.
    pub takeout_archives: bool,
    /// The formats that native documents are exported in, the preferred first.
    /// Empty: each gets a pointer file only.
    pub export: Vec<ExportFormat>,
}
