//! A library of any size, for measuring: so many files in so many folders.
//!
//! It has nothing of what makes a library difficult, only its numbers. Ids are as
//! long as Drive's, since an index holds them; every second file is a picture by
//! its name, and none is one by its bytes.

use std::str::FromStr;

use crate::sandbox::{Content, World};

/// How many folders lie in one, at the most.
const FOLDERS_IN_FOLDER: u64 = 16;

/// How many of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Many {
    /// Files.
    pub items: u64,
    /// Folders, over which the files are spread evenly.
    pub folders: u64,
    /// How long each file is.
    pub bytes: u64,
}

impl FromStr for Many {
    type Err = String;

    /// Reads `items:100000,folders:5000,bytes:64`; what is left out is 1.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut many = Self { items: 1, folders: 1, bytes: 1 };
        for part in text.split(',') {
            let (name, number) = part.split_once(':').unwrap_or((part, ""));
            let number = number.parse().map_err(|error| format!("{part:?}: {error}"))?;
            match name {
                "items" => many.items = number,
                "folders" => many.folders = number,
                "bytes" => many.bytes = number,
                _ => return Err(format!("{name:?} is none of items, folders, bytes")),
            }
        }
        Ok(many)
    }
}

impl Many {
    /// Makes it.
    #[must_use]
    pub fn world(self) -> World {
        let folders = (0..self.folders).fold(World::new(), |world, number| {
            let parent = match number.checked_sub(1) {
                Some(before) => folder_id(before / FOLDERS_IN_FOLDER),
                None => "root".to_owned(),
            };
            world.folder(&folder_id(number), &format!("Folder {number}"), &parent)
        });
        (0..self.items).fold(folders, |world, number| {
            let parent = match self.folders {
                0 => "root".to_owned(),
                folders => folder_id(number % folders),
            };
            let extension = if number % 2 == 0 { "jpg" } else { "txt" };
            let name = format!("IMG_{number:07}.{extension}");
            world.file(&file_id(number), &name, self.content(number), &parent)
        })
    }

    /// Changes `count` files that are spread over `world`: every second gets another
    /// name, the others get other bytes.
    pub fn change(self, world: &mut World, count: u64) {
        for number in 0..count.min(self.items) {
            let id = file_id(number * self.items / count);
            if number % 2 == 0 {
                world.rename(&id, &format!("renamed {number}.jpg"));
            } else {
                world.edit(&id, self.content(self.items + number));
            }
        }
    }

    fn content(self, seed: u64) -> Content {
        Content::Pattern { seed, len: self.bytes }
    }
}

fn folder_id(number: u64) -> String {
    format!("1folder{number:026}")
}

fn file_id(number: u64) -> String {
    format!("1file{number:028}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_from_one_word() {
        let many = Many { items: 20, folders: 3, bytes: 64 };
        assert_eq!("items:20,folders:3,bytes:64".parse(), Ok(many));
        assert!("items".parse::<Many>().is_err());
        assert!("item:2".parse::<Many>().is_err());
    }

    #[test]
    fn it_has_what_was_asked_for_and_changes_what_it_is_told() {
        let many = Many { items: 20, folders: 3, bytes: 64 };
        let mut world = many.world();
        assert_eq!(world.descendants("root").len(), 23);
        let from = world.journal.next();
        many.change(&mut world, 4);
        assert_eq!(world.journal.from(from).count(), 4);
    }
}
