//! How an item stands at its source, and how far a listing of that source can be relied on.
//!
//! These are the words, as the index keeps them in its marks. What leads from one to
//! another, and what follows for files, is decided in `plan`.

/// How an item stands at its source, by all that was said of it so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It is there, by the last word.
    Listed,
    /// It is in the source's own trash, said in so many words.
    Trashed,
    /// A whole listing did not have it, and the source was not asked for it since.
    Missing,
    /// The source has said of this very item that it is not there.
    Gone,
    /// It was gone or in the trash, and a later whole listing did not have it: what was
    /// said before that may no longer hold, so the source is asked once more.
    Doubted,
}

impl Standing {
    /// Reads it from three marks of an item: that it is gone, that it is in the source's
    /// trash, and that a whole listing did not have it and nobody asked since.
    #[must_use]
    pub const fn of(marks: [bool; 3]) -> Self {
        match marks {
            [false, false, false] => Self::Listed,
            [false, false, true] => Self::Missing,
            [true, _, false] => Self::Gone,
            [false, true, false] => Self::Trashed,
            [true, _, true] | [false, true, true] => Self::Doubted,
        }
    }
}

/// How far what is known of a source's whole content can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listing {
    /// None was ever begun.
    NotBegun,
    /// One is going on, or was cut short and goes on in the next run.
    GoingOn {
        /// The source said that it did not look everywhere.
        doubtful: bool,
    },
    /// The last one came to its end, and did not tell everything.
    Incomplete,
    /// The last one told everything, and nothing speaks against it since.
    Whole,
}

impl Listing {
    /// Whether it did not tell everything, or will not have.
    #[must_use]
    pub const fn is_doubtful(self) -> bool {
        matches!(self, Self::Incomplete | Self::GoingOn { doubtful: true })
    }
}
