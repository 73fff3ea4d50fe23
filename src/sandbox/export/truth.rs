//! What a right import of an export comes to: for tests to compare with.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::library::LibraryItem;
use super::tree::{Placed, Tree};
use super::{Export, names};
use crate::sandbox::content::{Content, hex};

/// A picture or a film of an export, and all that the export tells of it.
///
/// An edited variant and the film of a live photo are each one of these, with what the sidecar
/// of their original tells. Two that have the same bytes are two of these.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact of the item")]
pub struct Truth {
    /// What it is called: its title, with the extension of its file.
    pub title: String,
    /// Where it lies in the export, in the order of the folders' names.
    pub paths: Vec<String>,
    /// Its bytes.
    pub content: Content,
    /// Their SHA-256, in lower-case hex.
    pub sha256: String,
    /// How many they are.
    pub size_bytes: u64,
    /// When it was taken, to the second. Nothing tells this where there is no sidecar.
    pub taken: DateTime<Utc>,
    /// Whether there is a sidecar of it, or of its original.
    pub has_sidecar: bool,
    /// Whether it is an edited variant, or the film of a live photo.
    pub is_variant: bool,
    /// The albums that it lies in: their titles, and its place in each from 1.
    pub albums: Vec<(String, usize)>,
    /// Its description.
    pub description: Option<String>,
    /// Who is in it.
    pub people: Vec<String>,
    /// Degrees north and east.
    pub place: Option<(f64, f64)>,
    /// Its address in Photos.
    pub url: Option<String>,
    /// A favourite.
    pub favourite: bool,
    /// Archived.
    pub archived: bool,
    /// In the trash.
    pub trashed: bool,
    /// In the locked folder.
    pub locked: bool,
}

/// All of it that `tree` has, item by item.
pub(super) fn of(export: &Export, tree: &Tree) -> Vec<Truth> {
    let orders = orders(export, tree);
    let mut truths = Vec::new();
    for (number, placed) in &tree.placed {
        let item = &export.library.items[*number];
        for (which, paths) in placed.paths.iter().enumerate().filter(|(_, it)| !it.is_empty()) {
            let albums = albums(export, placed, paths, &orders);
            truths.push(Truth { paths: paths.clone(), albums, ..told(export, item, which) });
        }
    }
    truths
}

/// What there is to tell of an item (0), its edited variant (1) or its film (2).
fn told(export: &Export, item: &LibraryItem, which: usize) -> Truth {
    let (title, content) = match (which, &item.edited, &item.live) {
        (1, Some(edited), _) => (named(item, export.locale.edited(), None), edited),
        (2, _, Some(live)) => (named(item, "", Some(&live.extension)), &live.content),
        _ => (named(item, "", None), &item.content),
    };
    let mut hash = Sha256::new();
    content.chunks().for_each(|chunk| hash.update(&chunk));
    Truth {
        title,
        paths: Vec::new(),
        sha256: hex(&hash.finalize()),
        size_bytes: content.len(),
        content: content.clone(),
        taken: DateTime::from_timestamp(item.taken.timestamp(), 0).unwrap_or(item.taken),
        has_sidecar: item.has_sidecar,
        is_variant: which > 0,
        albums: Vec::new(),
        description: item.description.clone(),
        people: item.people.clone(),
        place: item.place,
        url: item.url.clone(),
        favourite: item.favourite,
        archived: item.archived,
        trashed: item.trashed,
        locked: item.locked,
    }
}

/// The title of `item` with `behind` behind its stem and another extension, if one is given.
fn named(item: &LibraryItem, behind: &str, extension: Option<&str>) -> String {
    let (stem, own) = names::split(&item.title);
    let own = if own.is_empty() { &item.extension } else { own };
    format!("{stem}{behind}{}", extension.unwrap_or(own))
}

/// The files of each album by the time they were taken, then by path.
fn orders(export: &Export, tree: &Tree) -> Vec<Vec<(DateTime<Utc>, String)>> {
    let mut orders = vec![Vec::new(); export.library.albums.len()];
    for (number, placed) in &tree.placed {
        let taken = export.library.items[*number].taken;
        for (album, folder) in &placed.albums {
            let paths = placed.paths.iter().filter_map(|paths| within(paths, folder));
            orders[*album].extend(paths.map(|path| (taken, path.clone())));
        }
    }
    for order in &mut orders {
        order.sort();
    }
    orders
}

fn albums(
    export: &Export,
    placed: &Placed,
    paths: &[String],
    orders: &[Vec<(DateTime<Utc>, String)>],
) -> Vec<(String, usize)> {
    let place = |(album, folder): &(usize, String)| {
        let path = within(paths, folder)?;
        let at = orders[*album].iter().position(|(_, other)| other == path)?;
        Some((export.library.albums[*album].title.clone(), at + 1))
    };
    placed.albums.iter().filter_map(place).collect()
}

/// The one of `paths` that lies in `folder`.
fn within<'a>(paths: &'a [String], folder: &str) -> Option<&'a String> {
    paths.iter().find(|path| path.rsplit_once('/').is_some_and(|(above, _)| above == folder))
}
