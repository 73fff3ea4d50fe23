//! What a source tells of a picture that the picture's own bytes need not tell.

use chrono::{DateTime, Utc};

/// What is told of one picture or film.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// What a person wrote of it.
    pub description: Option<String>,
    /// Where it was taken, in degrees north and east.
    pub place: Option<(f64, f64)>,
    /// Who is in it, as the account's owner called them.
    pub people: Vec<String>,
    /// Whether it is a favourite.
    pub favourite: bool,
    /// When it was taken, by Google's word.
    pub taken_at: Option<DateTime<Utc>>,
}
