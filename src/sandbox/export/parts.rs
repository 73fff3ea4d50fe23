//! The parts of an export: what is in which, how they are called, and how they come into Drive.

use std::io;
use std::sync::Arc;

use tempfile::{SpooledData, SpooledTempFile};

use super::{Entry, Export, Flaw, Format, Split, flaw, tgz, tree, zip};
use crate::sandbox::content::Content;
use crate::sandbox::item::Item;
use crate::sandbox::world::World;

/// What is larger than this is kept in a file.
const IN_MEMORY_MAX: usize = 4 << 20;
/// The folder of Drive that Takeout makes.
const FOLDER: &str = "1takeout";

/// A part as it can be had.
pub(super) struct Part {
    pub number: u32,
    /// 0, or which second copy it is.
    pub copy: u32,
    pub name: String,
    pub content: Content,
}

/// All parts of `export` that can be had.
pub(super) fn build(export: &Export) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (entries, number) in divided(export).iter().zip(1..) {
        if export.flaws.contains(&Flaw::Missing(number)) {
            continue;
        }
        let whole = written(export, entries)?;
        let content = shortened(export, number, whole);
        let copies = 0..=u32::from(export.flaws.contains(&Flaw::Copied(number)));
        parts.extend(copies.map(|copy| {
            let name = name(export, number, copy);
            Part { number, copy, name, content: content.clone() }
        }));
    }
    Ok(parts)
}

/// The files of each part.
fn divided(export: &Export) -> Vec<Vec<Entry>> {
    let mut entries = tree::grow(export).entries;
    flaw::apply(export, &mut entries);
    if export.scattered {
        // The page about the export stays in its first part.
        entries[1..].sort_by_key(|entry| crc32fast::hash(&entry.path));
    }
    let total: u64 = entries.iter().map(|entry| entry.content.len()).sum();
    let count = entries.len() as u64;
    let mut parts: Vec<Vec<Entry>> = vec![Vec::new()];
    let (mut filled, mut in_part) = (0, 0);
    for (entry, at) in entries.into_iter().zip(0..) {
        let (length, done) = (entry.content.len(), parts.len() as u64);
        let is_full = match export.split {
            Split::Bytes(most) => in_part > 0 && in_part + length > most,
            Split::Parts(all) => {
                let (all, left) = (u64::from(all), count - at);
                at > 0 && done < all && (filled * all >= total * done || left <= all - done)
            }
        };
        if is_full {
            parts.push(Vec::new());
            in_part = 0;
        }
        filled += length;
        in_part += length;
        if let Some(part) = parts.last_mut() {
            part.push(entry);
        }
    }
    parts
}

fn written(export: &Export, entries: &[Entry]) -> io::Result<Content> {
    let mut file = SpooledTempFile::new(IN_MEMORY_MAX);
    match export.format {
        Format::Zip => zip::write(&mut file, entries, export.how)?,
        Format::Tgz => {
            let mtime = u64::try_from(export.time().timestamp()).unwrap_or(0);
            tgz::write(&mut file, entries, mtime)?;
        }
    }
    match file.into_inner() {
        SpooledData::InMemory(bytes) => Ok(bytes.into_inner().into()),
        SpooledData::OnDisk(file) => {
            let len = file.metadata()?.len();
            Ok(Content::Filed { file: Arc::new(file), len })
        }
    }
}

/// What is there of a part.
fn shortened(export: &Export, number: u32, whole: Content) -> Content {
    let hundredths = export.flaws.iter().find_map(|flaw| match flaw {
        Flaw::Arriving(part) if *part == number => Some(50),
        Flaw::Cut(part, hundredths) if *part == number => Some(*hundredths),
        _ => None,
    });
    match hundredths {
        Some(hundredths) => whole.slice(0..whole.len() * hundredths.min(100) / 100).into(),
        None => whole,
    }
}

fn name(export: &Export, number: u32, copy: u32) -> String {
    let group = export.group.map(|group| format!("-{group}")).unwrap_or_default();
    let copy = if copy == 0 { String::new() } else { format!(" ({copy})") };
    let extension = match export.format {
        Format::Zip => "zip",
        Format::Tgz => "tgz",
    };
    format!("takeout-{}{group}-{number:03}{copy}.{extension}", export.stamp)
}

fn id(export: &Export, part: &Part) -> String {
    let (stamp, group) = (&export.stamp, export.group.unwrap_or(0));
    format!("1takeout{stamp}g{group}p{:04}c{}", part.number, part.copy)
}

impl World {
    /// Has Takeout put an export into Drive: its parts lie in My Drive's folder `Takeout`.
    ///
    /// # Panics
    ///
    /// As [`Self::deliver`].
    #[must_use]
    pub fn export(mut self, export: &Export) -> Self {
        self.deliver(export);
        self
    }

    /// As [`Self::export`], while the sandbox runs. Returns the ids of the parts' files.
    ///
    /// # Panics
    ///
    /// If it is there already, or the machine has no room for it.
    pub fn deliver(&mut self, export: &Export) -> Vec<String> {
        if self.get(FOLDER).is_none() {
            self.add(Item::folder(FOLDER, "Takeout").created("2019-06-01T08:00:00Z"));
        }
        let parts = must_be_built(export);
        let ids = parts.into_iter().map(|part| {
            let id = id(export, &part);
            let mut item = Item::file(&id, &part.name, part.content).parent(FOLDER);
            item.created = Some(export.time());
            item.modified = Some(export.time());
            self.add(item);
            id
        });
        ids.collect()
    }

    /// Brings what was missing of an export that was delivered with [`Flaw::Arriving`] or
    /// [`Flaw::Missing`]. Returns the ids of the files that are new or longer now.
    ///
    /// # Panics
    ///
    /// As [`Self::deliver`].
    pub fn complete(&mut self, export: &Export) -> Vec<String> {
        let late = |flaw: &Flaw| matches!(flaw, Flaw::Arriving(_) | Flaw::Missing(_));
        let mut whole = export.clone();
        whole.flaws.retain(|flaw| !late(flaw));
        let was_late = |part: &Part| {
            let number = part.number;
            let flaws = &export.flaws;
            flaws.contains(&Flaw::Arriving(number)) || flaws.contains(&Flaw::Missing(number))
        };
        let parts = must_be_built(&whole).into_iter().filter(was_late);
        let ids = parts.map(|part| {
            let id = id(export, &part);
            if self.get(&id).is_some() {
                self.edit(&id, part.content);
            } else {
                self.add(Item::file(&id, &part.name, part.content).parent(FOLDER));
            }
            id
        });
        ids.collect()
    }
}

fn must_be_built(export: &Export) -> Vec<Part> {
    match build(export) {
        Ok(parts) => parts,
        Err(error) => panic!("the parts of an export could not be written: {error}"),
    }
}
