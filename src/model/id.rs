//! How things are told apart.

use std::fmt;

/// Where an item comes from. The text form is part of the index and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceId {
    /// Google Drive.
    Drive,
    /// The Google Photos Library API.
    Photos,
    /// Items chosen in Google's Photos Picker.
    Picker,
    /// A Google Takeout export.
    Takeout,
    /// Files that were in the archive's place before this program was.
    Adopted,
}

impl SourceId {
    /// All sources, in the order in which they are told of.
    pub const ALL: [Self; 5] =
        [Self::Drive, Self::Photos, Self::Picker, Self::Takeout, Self::Adopted];

    /// Those whose items hang in the months of photos/, the one that knows most of its items
    /// first: what Google has altered comes last.
    pub const IN_MONTHS: [Self; 4] = [Self::Takeout, Self::Adopted, Self::Picker, Self::Photos];

    /// The word for it in the index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drive => "drive",
            Self::Photos => "photos",
            Self::Picker => "picker",
            Self::Takeout => "takeout",
            Self::Adopted => "adopted",
        }
    }

    /// Reads the word [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == text)
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A source's own name for an item, such as a Drive file id. Unique in its source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemoteId(pub String);

impl RemoteId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which item, of all sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// Where it comes from.
    pub source: SourceId,
    /// Its name there.
    pub id: RemoteId,
}

/// Names one state of an item's bytes. Two equal revisions of an item have equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub String);

impl Revision {
    /// The revision as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
