//! How albums are named, and what stands in them.

/// What stands in an album's folder for each of its items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlbumMode {
    /// A relative symlink.
    #[default]
    Symlink,
    /// Another name of the same file.
    Hardlink,
    /// A copy that shares the disk's blocks until one of the two is changed.
    Reflink,
    /// A copy.
    Copy,
    /// Nothing: there are no folders for albums.
    Nothing,
}

impl AlbumMode {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Symlink, Self::Hardlink, Self::Reflink, Self::Copy, Self::Nothing];

    /// The word for it on the command line and in the index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::Reflink => "reflink",
            Self::Copy => "copy",
            Self::Nothing => "none",
        }
    }
}

/// How albums and what stands in them are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlbumStyle {
    /// No folder for each year.
    pub flat: bool,
    /// Which date an album's name bears.
    pub date: AlbumDate,
    /// Leave out the number before each name.
    pub unnumbered: bool,
}

/// Which date an album's name bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlbumDate {
    /// That of its latest item.
    #[default]
    Last,
    /// That of its earliest item.
    First,
    /// None.
    Omitted,
}
