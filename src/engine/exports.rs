//! What is known of Google Takeout's exports, for the closing words and for `status`: which
//! came, which of their parts are missing, and what may be deleted by hand. Reads the index only.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::{SourceCoverage, takeout};
use crate::index::{self, export, export_part, problem, provenance};
use crate::model::SourceId;

pub use crate::index::export::Removable;

/// What the archive has of Takeout's exports, and what it knows of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakeoutCoverage {
    /// What it has of what is in them.
    pub items: SourceCoverage,
    /// All exports that were seen, the newest first.
    pub exports: Vec<SeenExport>,
    /// How many parts in Drive were taken in.
    pub parts_read: u64,
    /// Items without a sidecar.
    pub unmatched: u64,
    /// Open problems with exports, and with what is in them.
    pub problems: u64,
}

/// An export that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenExport {
    /// What the names of its parts begin with.
    pub name: String,
    /// When it was made, by its name; else when it was first seen.
    pub made_at: DateTime<Utc>,
    /// Whether its name tells when it was made.
    pub is_dated: bool,
    /// How many parts of it are there, or were when they were read.
    pub parts: u64,
    /// Of how many of them all is known.
    pub read: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The names of those that are missing.
    pub missing: Vec<String>,
}

impl TakeoutCoverage {
    /// Reads it from the index; `items` is what the archive has of what is in them.
    pub(super) fn read(db: &Connection, items: SourceCoverage) -> Result<Self, index::Error> {
        let seen = |export: export::Export| {
            Ok(SeenExport {
                missing: takeout::missing(db, export.row)?,
                name: export.name,
                made_at: export.made_at,
                is_dated: export.is_dated,
                parts: export.parts,
                read: export.read,
                bytes: export.bytes,
            })
        };
        // What has no part, and had none that was read, was there and is as if it had not been.
        let exports = export::all(db)?.into_iter().filter(|export| export.parts > 0);
        Ok(Self {
            items,
            exports: exports.map(seen).collect::<Result<_, index::Error>>()?,
            parts_read: export_part::count_read(db)?,
            unmatched: provenance::count_unmatched(db)?,
            problems: problem::count_of(db, SourceId::Takeout)?,
        })
    }

    /// The newest export that was taken in, if the archive holds anything of any: of those whose
    /// names tell when they were made, if there are such.
    #[must_use]
    pub fn newest_held(&self) -> Option<&SeenExport> {
        let is_held = self.items.held.items > 0;
        let mut held = self.exports.iter().filter(|export| is_held && export.read > 0);
        held.clone().find(|export| export.is_dated).or_else(|| held.next())
    }
}

/// The exports of which no part is missing and of which nothing is lost if their parts in Drive
/// go, by the verification that began at `began`.
pub(super) fn removable(
    db: &Connection,
    began: DateTime<Utc>,
) -> Result<Vec<Removable>, index::Error> {
    let mut whole = Vec::new();
    for export in export::removable(db, began)? {
        if takeout::missing(db, export.row)?.is_empty() {
            whole.push(export);
        }
    }
    Ok(whole)
}
