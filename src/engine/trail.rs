//! Finds the folders that lead to an item, as far as what is selected goes by them.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::Error;
use crate::index::item::{self, Ancestor};
use crate::model::{Item, RemoteId, SourceId};
use crate::plan::{DriveFolder, NameRules, Trail, clean};

/// The trails of the folders that were met on the way. To be given up now and then: it
/// grows with each.
pub(super) struct Trails<'a> {
    root: Option<&'a RemoteId>,
    known: HashMap<RemoteId, Trail>,
}

impl<'a> Trails<'a> {
    pub(super) fn new(root: Option<&'a RemoteId>) -> Self {
        Self { root, known: HashMap::new() }
    }

    /// Returns the folders that lead to `item`, through the first of its parents.
    pub(super) fn to(&mut self, db: &Connection, item: &Item) -> Result<Trail, Error> {
        let mut next = item.parents.first().cloned();
        let mut below = Vec::new();
        let mut passed = HashSet::new();
        let mut trail = loop {
            let Some(id) = next else { break Trail::default() };
            if Some(&id) == self.root {
                break Trail { in_my_drive: true, folders: Vec::new() };
            }
            if let Some(trail) = self.known.get(&id) {
                break trail.clone();
            }
            // Folders may form a circle.
            let ancestor = if passed.insert(id.clone()) {
                item::ancestor(db, item.key.source, &id)?
            } else {
                None
            };
            let Some(Ancestor { title, parent }) = ancestor else { break Trail::default() };
            below.push((id, clean(&title, NameRules::Posix)));
            next = parent;
        };
        for (id, name) in below.into_iter().rev() {
            trail.folders.push(name);
            self.known.insert(id, trail.clone());
        }
        Ok(trail)
    }
}

/// Says whether My Drive has `folder`, perhaps several of that path.
pub(super) fn exists(
    db: &Connection,
    root: Option<&RemoteId>,
    folder: &DriveFolder,
) -> Result<bool, Error> {
    let mut at: Vec<_> = root.into_iter().cloned().collect();
    for part in folder.parts() {
        let mut below = Vec::new();
        for parent in &at {
            let folders = item::folders_in(db, SourceId::Drive, parent)?.into_iter();
            let called = folders.filter(|(_, title)| clean(title, NameRules::Posix) == *part);
            below.extend(called.map(|(id, _)| id));
        }
        at = below;
    }
    Ok(!at.is_empty())
}
