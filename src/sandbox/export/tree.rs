//! The folders of an export and the files in them, before they are put into parts.
//!
//! A picture lies in the folder of its year and, byte for byte again, in that of each of its
//! albums, each time with its sidecar; what is archived, trashed or locked has a folder of its
//! own instead of the year's. Names are given folder by folder.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Utc};
use serde_json::json;

use super::library::{LibraryAlbum, LibraryItem};
use super::locale::Special;
use super::names::{self, Taken};
use super::{Copies, Entry, Export, sidecar};
use crate::sandbox::content::Content;

/// What one item became.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    /// Of the item itself, its edited variant and its film: where each lies.
    pub paths: [Vec<String>; 3],
    /// Which albums it lies in, by their number in the library, and in which folders.
    pub albums: Vec<(usize, String)>,
}

/// An export as a tree.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub entries: Vec<Entry>,
    /// The items of the library that are in it, by their number there.
    pub placed: BTreeMap<usize, Placed>,
}

/// Lays out everything that `export` has.
pub(super) fn grow(export: &Export) -> Tree {
    let mut tree = Tree::default();
    let root = format!("Takeout/{}", export.locale.product());
    let folders = folders(export);
    let count = export.chosen().count();
    let page = format!("<html><body><h1>Takeout</h1><p>Google Photos: {count}</p></body></html>\n");
    tree.entries.push(Entry::file("Takeout/archive_browser.html", page.as_str()));
    for (name, value) in [
        ("print-subscriptions", json!({})),
        ("shared_album_comments", json!({})),
        ("user-generated-memory-titles", json!({"userGeneratedMemoryTitles": []})),
    ] {
        tree.entries.push(Entry::file(&format!("{root}/{name}.json"), sidecar::written(&value)));
    }
    for (name, folder) in folders {
        fill(export, &mut tree, &format!("{root}/{name}"), &folder);
    }
    let strangers = export.strangers.iter();
    tree.entries.extend(strangers.map(|(path, content)| Entry::file(path, content.clone())));
    tree
}

/// A folder: of which album it is, if of one, and the numbers of the items in it.
#[derive(Debug, Default)]
struct Folder {
    album: Option<usize>,
    items: Vec<usize>,
}

fn folders(export: &Export) -> BTreeMap<String, Folder> {
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    let albums = &export.library.albums;
    let mut members = vec![Vec::new(); albums.len()];
    for (number, item) in export.chosen() {
        let number_of = |key: &String| export.library.album_numbers.get(key).copied();
        let of_item: Vec<_> = item.albums.iter().filter_map(number_of).collect();
        if export.copies != Copies::InAlbums || of_item.is_empty() {
            folders.entry(home(export, item)).or_default().items.push(number);
        }
        if export.copies != Copies::InYears && !item.trashed {
            for album in of_item {
                members[album].push(number);
            }
        }
    }
    let mut taken = Taken::default();
    for folder in folders.keys() {
        taken.take(0, |_| vec![folder.clone()]);
    }
    for (number, items) in members.into_iter().enumerate().filter(|(_, it)| !it.is_empty()) {
        let wanted = folder_name(export, &albums[number]);
        let name = |number| vec![format!("{wanted}{}", names::numbered(number))];
        let free = taken.take(0, name).1.concat();
        folders.insert(free, Folder { album: Some(number), items });
    }
    folders
}

/// The folder that an item lies in, whichever albums it is in.
fn home(export: &Export, item: &LibraryItem) -> String {
    let special = [
        (item.trashed, Special::Trash),
        (item.locked, Special::Locked),
        (item.archived, Special::Archive),
        (item.failed, Special::Failed),
    ];
    match special.iter().find(|(so, _)| *so) {
        Some((_, folder)) => export.locale.special(*folder).to_owned(),
        None => export.locale.year(item.taken.year()),
    }
}

/// The folder of an album: its title without what names cannot have.
fn folder_name(export: &Export, album: &LibraryAlbum) -> String {
    match album.title.trim() {
        "" => export.locale.untitled().to_owned(),
        title => names::clean(title),
    }
}

fn fill(export: &Export, tree: &mut Tree, path: &str, folder: &Folder) {
    let items = &export.library.items;
    let mut taken = Taken::default();
    if let Some(number) = folder.album {
        let earliest = folder.items.iter().map(|item| items[*item].taken).min();
        let album = &export.library.albums[number];
        let told = sidecar::of_album(album, earliest.unwrap_or(export.time()), export);
        let name = format!("{}.json", export.locale.metadata());
        tree.entries.push(Entry::json(&format!("{path}/{name}"), told));
        taken.take(0, |_| vec![name.clone()]);
    }
    let mut sorted = folder.items.clone();
    sorted.sort_by(|one, other| {
        names::order(&items[*one].title, &items[*other].title).then(one.cmp(other))
    });
    let mut place = Place { export, path, tree, taken: &mut taken, album: folder.album };
    let numbers: Vec<_> = sorted.iter().map(|number| place.put(*number)).collect();
    // Edited ones are named last: they take no number from what was uploaded.
    for (item, number) in sorted.into_iter().zip(numbers) {
        place.put_edited(item, number);
    }
}

/// A folder that is being filled.
struct Place<'a> {
    export: &'a Export,
    path: &'a str,
    tree: &'a mut Tree,
    taken: &'a mut Taken,
    album: Option<usize>,
}

impl<'a> Place<'a> {
    /// Puts an item here with its sidecar and its film. Returns the number that it got.
    fn put(&mut self, at: usize) -> u64 {
        let item = self.item(at);
        let title = names::clean(&item.title);
        let (stem, extension) = stem_and_extension(item, &title);
        let era = item.era.unwrap_or(self.export.era);
        let (number, made) = self.taken.take(0, |number| {
            let mut made = vec![names::media(stem, number, extension)];
            if item.has_sidecar {
                made.push(names::sidecar(&title, number, era));
            }
            if let Some(live) = &item.live {
                made.push(names::media(stem, number, &live.extension));
            }
            made
        });
        self.found(at, 0, &made[0], &item.content);
        if item.has_sidecar {
            self.tell(&made[1], item, &item.title);
        }
        if let (Some(live), Some(name)) = (&item.live, made.last()) {
            self.found(at, 2, name, &live.content);
            if let Some(title) = &live.own_title {
                let (_, told) =
                    self.taken.take(0, |number| vec![names::sidecar(name, number, era)]);
                self.tell(&told[0], item, title);
            }
        }
        if let Some(album) = self.album {
            self.tree.placed.entry(at).or_default().albums.push((album, self.path.to_owned()));
        }
        number
    }

    /// Puts what was made of an item here, which has no sidecar.
    fn put_edited(&mut self, at: usize, number: u64) {
        let item = self.item(at);
        let Some(content) = &item.edited else { return };
        let title = names::clean(&item.title);
        let (stem, extension) = stem_and_extension(item, &title);
        let stem = format!("{stem}{}", self.export.locale.edited());
        let named = |number| vec![names::media(&stem, number, extension)];
        let (_, made) = self.taken.take(number, named);
        self.found(at, 1, &made[0], content);
    }

    fn item(&self, at: usize) -> &'a LibraryItem {
        &self.export.library.items[at]
    }

    fn found(&mut self, at: usize, which: usize, name: &str, content: &Content) {
        let path = format!("{}/{name}", self.path);
        self.tree.entries.push(Entry::file(&path, content.clone()));
        self.tree.placed.entry(at).or_default().paths[which].push(path);
    }

    fn tell(&mut self, name: &str, item: &LibraryItem, title: &str) {
        let told = sidecar::of_item(item, title, self.export);
        self.tree.entries.push(Entry::json(&format!("{}/{name}", self.path), told));
    }
}

/// The stem of a cleaned title, and the extension of its file.
fn stem_and_extension<'a>(item: &'a LibraryItem, title: &'a str) -> (&'a str, &'a str) {
    match names::split(title) {
        (stem, "") => (stem, &item.extension),
        known => known,
    }
}

/// When the export that a stamp names was made: its digits, as far as they are a time.
pub(super) fn stamped(stamp: &str) -> Option<DateTime<Utc>> {
    let time = chrono::NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ").ok()?;
    Some(time.and_utc())
}
