//! What a run is to do, as decided before it begins.

use crate::plan::Selection;

/// What a run is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How far the run goes.
    pub reach: Reach,
    /// Forget what was listed, and list everything again.
    pub flush: bool,
    /// What is taken from Drive; `None` leaves Drive alone.
    pub drive: Option<Selection>,
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
