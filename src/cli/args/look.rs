//! The options for what the archive looks like: albums, and names.

use clap::{Args as Group, ValueEnum};
use serde::Deserialize;

const HEADING: &str = "What the archive looks like";

/// How albums are built, and what names may be.
#[derive(Clone, Debug, Default, Group)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Look {
    /// Leave albums/ as it is
    #[arg(long, help_heading = super::WHAT)]
    pub skip_albums: bool,
    /// What stands in albums/ for each photo [default: symlink]
    #[arg(long, value_name = "MODE", help_heading = HEADING)]
    pub albums: Option<Albums>,
    /// No folder for each year: albums/YYYY-MMDD Title, photos/YYYY-MM
    #[arg(long, help_heading = HEADING)]
    pub use_flat_path: bool,
    /// Albums by their title alone, without a date
    #[arg(long, help_heading = HEADING)]
    pub omit_album_date: bool,
    /// The date of an album is that of its first photo, not of its last
    #[arg(long, help_heading = HEADING)]
    pub album_date_by_first_photo: bool,
    /// No number before each name in an album
    #[arg(long, help_heading = HEADING)]
    pub no_album_sorting: bool,
    /// What names may look like [default: posix]
    ///
    /// Files that are there already are renamed, not fetched again.
    #[arg(long, value_name = "RULES", help_heading = HEADING)]
    pub names: Option<Names>,

    /// What stands beside each photo of which Google tells something: NAME.EXT.xmp [default: none]
    ///
    /// It holds description, place, people, favourite and the time as Google Photos knows them. The
    /// photos themselves are never changed.
    #[arg(long, value_name = "KIND", help_heading = HEADING)]
    pub sidecars: Option<Sidecars>,

    #[arg(long, hide = true, overrides_with = "skip_albums")]
    pub no_skip_albums: bool,
    #[arg(long, hide = true, overrides_with = "use_flat_path")]
    pub no_use_flat_path: bool,
    #[arg(long, hide = true, overrides_with = "omit_album_date")]
    pub no_omit_album_date: bool,
    #[arg(long, hide = true, overrides_with = "album_date_by_first_photo")]
    pub no_album_date_by_first_photo: bool,
    #[arg(long, hide = true, overrides_with = "no_album_sorting")]
    pub album_sorting: bool,
}

/// What stands in albums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Albums {
    /// A relative symlink to the photo
    Symlink,
    /// Another name of the same file
    Hardlink,
    /// A copy that takes no room until it is changed
    Reflink,
    /// A copy
    Copy,
    /// Nothing: no folders for albums
    None,
}

/// What names may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Names {
    /// As at Google, where Linux can hold them
    Posix,
    /// As Windows, exFAT, SMB and disks without upper and lower case can hold them
    Portable,
}

/// What stands beside photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sidecars {
    /// An XMP file, as exiftool, digiKam and darktable read it
    Xmp,
    /// Nothing new; what was written stays
    None,
}
