//! Under which folder of the archive an item hangs.
//!
//! Of an item's parents at most one is its place. Whether the item is taken at
//! all is decided in [`super::select`], its name in [`super::names`].

/// A top folder of the archive for what Drive has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// My Drive.
    Drive,
    /// What the account does not own.
    Shared,
    /// What it owns and has in no folder.
    Orphans,
    /// The root folders of backed-up computers.
    Computers,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Drive, Self::Shared, Self::Orphans, Self::Computers];

    /// The name of its folder in the archive. Never changes once released.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Drive => "drive",
            Self::Shared => "drive-shared",
            Self::Orphans => "drive-orphans",
            Self::Computers => "drive-computers",
        }
    }
}

/// What decides where an item hangs, beside its parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hanging {
    /// Whether the account owns it.
    pub owned: bool,
    /// Whether it is the root folder of a backed-up computer.
    pub computer: bool,
}

/// One of an item's parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// The account cannot see it, or it is not a folder that is backed up.
    Unknown,
    /// The root of My Drive.
    Root,
    /// A folder.
    Folder {
        /// Whether the account owns it.
        owned: bool,
    },
}

/// Where an item hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// In the folder that is so many places down in its list of parents.
    In(usize),
    /// Directly in a top folder.
    Top(Area),
}

/// Returns where an item with these `parents`, in its own order, hangs.
///
/// What is owned never hangs in what is not, nor the reverse: another person's
/// folder may be withdrawn, and what the account owns must not go with it.
#[must_use]
pub fn seat(item: Hanging, parents: &[Parent]) -> Seat {
    let place = |(i, parent): (usize, &Parent)| match *parent {
        Parent::Root if item.owned => Some(Seat::Top(Area::Drive)),
        Parent::Folder { owned } if owned == item.owned => Some(Seat::In(i)),
        Parent::Unknown | Parent::Root | Parent::Folder { .. } => None,
    };
    parents.iter().enumerate().find_map(place).unwrap_or(Seat::Top(match item {
        Hanging { owned: false, .. } => Area::Shared,
        Hanging { computer: true, .. } => Area::Computers,
        Hanging { .. } => Area::Orphans,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_has_one_seat() {
        const ROOT: Parent = Parent::Root;
        const MINE: Parent = Parent::Folder { owned: true };
        const THEIRS: Parent = Parent::Folder { owned: false };
        const HIDDEN: Parent = Parent::Unknown;
        let mine = Hanging { owned: true, computer: false };
        let theirs = Hanging { owned: false, computer: false };
        let computer = Hanging { owned: true, computer: true };

        for (item, parents, expected) in [
            (mine, &[ROOT][..], Seat::Top(Area::Drive)),
            (mine, &[MINE], Seat::In(0)),
            (mine, &[], Seat::Top(Area::Orphans)),
            (mine, &[HIDDEN], Seat::Top(Area::Orphans)),
            (mine, &[THEIRS], Seat::Top(Area::Orphans)),
            // Legacy items have several parents: the first that will do.
            (mine, &[MINE, ROOT], Seat::In(0)),
            (mine, &[ROOT, MINE], Seat::Top(Area::Drive)),
            (mine, &[HIDDEN, THEIRS, MINE], Seat::In(2)),
            (computer, &[], Seat::Top(Area::Computers)),
            (computer, &[MINE], Seat::In(0)),
            (theirs, &[], Seat::Top(Area::Shared)),
            (theirs, &[HIDDEN], Seat::Top(Area::Shared)),
            (theirs, &[THEIRS], Seat::In(0)),
            // Wherever it hangs: not in a folder of mine.
            (theirs, &[MINE, ROOT], Seat::Top(Area::Shared)),
            (theirs, &[MINE, THEIRS], Seat::In(1)),
        ] {
            assert_eq!(seat(item, parents), expected, "{item:?} in {parents:?}");
        }
    }
}
