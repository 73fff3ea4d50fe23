//! The small language of docs/semantics.rst: each line is done, or held against what
//! is there.

use std::collections::BTreeMap;
use std::fs;

use gphotos_sync::sandbox::{Album, Class, Export, Item, LibraryItem, Photo, PhotoLibrary, World};

use crate::support::{Found, Person};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// An example that is going on.
#[derive(Default)]
pub struct Script {
    /// What Google has before the first run.
    world: Option<World>,
    person: Option<Person>,
    /// It tells of Google Photos, which a service account cannot see.
    has_photos: bool,
    /// What the next export has.
    library: PhotoLibrary,
    /// The ids of items, by their paths in the example.
    ids: BTreeMap<String, String>,
    /// What the lines that go on just now say that the archive has.
    expected: Vec<Found>,
    /// The example so far, for messages.
    so_far: String,
}

impl Script {
    /// Runs `example`, and fails where what is there is not what it says.
    pub fn run(mut self, example: &str) {
        for line in example.lines() {
            self.so_far.extend([line, "\n"]);
            let words = split_subject(line);
            if words.0 != "archive has" {
                self.compare_archive();
            }
            match words {
                ("Google has", rest) => self.google_has(rest),
                ("Google", rest) => self.google_does(rest),
                ("Photos has", rest) => self.photos_has(rest),
                ("Photos", rest) => self.photos_does(rest),
                ("Takeout has", rest) => self.takeout_has(rest),
                ("Takeout", rest) => self.takeout_arrives(rest),
                ("undo", _) => drop(self.person().run(&["undo", "archive"]).succeeds()),
                ("run", rest) => self.backup(rest),
                ("person", rest) => self.person_does(rest),
                ("archive has", rest) => self.expected.push(found(rest)),
                ("trash has", rest) => self.trash_has(rest),
                ("index has", rest) => self.index_has(rest),
                _ => panic!("{line:?} is no line of an example"),
            }
        }
        assert!(self.person.is_some(), "no run in:\n{}", self.so_far);
        self.compare_archive();
    }

    fn google_has(&mut self, what: &str) {
        let item = self.item(what);
        self.change(|world| world.add(item));
    }

    /// Changes the world, which may not be seen by anybody yet.
    fn change(&mut self, change: impl FnOnce(&mut World)) {
        match &self.person {
            Some(person) => person.google().world(change),
            None => change(self.world.get_or_insert_with(World::new)),
        }
    }

    /// The person, who comes when they are wanted first.
    fn person(&mut self) -> &Person {
        let (world, has_photos) = (self.world.take(), self.has_photos);
        self.person.get_or_insert_with(|| {
            let world = world.unwrap_or_default();
            if has_photos { Person::signed_in(world) } else { Person::with(world) }
        })
    }

    fn photos_has(&mut self, what: &str) {
        self.has_photos = true;
        if let Some((title, items)) = album(what) {
            let ids: Vec<_> = items.iter().map(String::as_str).collect();
            return self.change(|world| world.add_album(Album::new(&title, &title, &ids)));
        }
        let (name, rest) = what.split_once(" = ").unwrap();
        let (bytes, time) = rest.rsplit_once(", taken ").unwrap();
        let photo = Photo::image(&photo_id(name), name, bytes.as_bytes()).taken(time);
        self.change(|world| world.add_photo(photo));
    }

    fn photos_does(&mut self, what: &str) {
        let (verb, rest) = what.split_once(' ').unwrap();
        self.change(|world| match verb {
            "renames" => {
                let (title, new) = rest.strip_prefix("album ").unwrap().split_once(" to ").unwrap();
                world.rename_album(title, new);
            }
            "fills" => {
                let (title, items) = album(rest).unwrap();
                let ids: Vec<_> = items.iter().map(String::as_str).collect();
                world.set_album_items(&title, &ids);
            }
            "deletes" => world.delete_photo(&photo_id(rest)),
            _ => panic!("{verb:?} is nothing that happens in Photos"),
        });
    }

    fn takeout_has(&mut self, what: &str) {
        let (name, rest) = what.split_once(" = ").unwrap();
        let (bytes, rest) = rest.split_once(", taken ").unwrap();
        let (time, album) = rest.split_once(", in ").unwrap_or((rest, ""));
        let item = LibraryItem::new(name, bytes).taken(time);
        let item = if album.is_empty() { item } else { item.in_album(album) };
        self.library = std::mem::take(&mut self.library).with(item);
    }

    fn takeout_arrives(&mut self, what: &str) {
        let day = what.strip_prefix("arrives ").unwrap().replace('-', "");
        let library = std::mem::take(&mut self.library);
        let export = Export::of(&library).stamp(&format!("{day}T101500Z"));
        self.change(|world| drop(world.deliver(&export)));
    }

    fn item(&mut self, what: &str) -> Item {
        let (path, bytes) = match what.split_once(" -> ").or_else(|| what.split_once(" = ")) {
            Some((path, bytes)) => (path, bytes),
            None => (what.strip_suffix('/').unwrap(), ""),
        };
        let id = format!("item-{}", self.ids.len());
        assert!(self.ids.insert(path.to_owned(), id.clone()).is_none(), "{path} twice");
        let (parent, name) =
            path.rsplit_once('/').map_or(("root".to_owned(), path), |(at, name)| {
                (self.ids.get(at).unwrap_or_else(|| panic!("no folder {at}")).clone(), name)
            });
        let name = name.split('#').next().unwrap().replace("%2F", "/");
        // Only the facts after the bytes: these may have a comma.
        let mut parts = bytes.split(", ");
        let bytes = parts.next().unwrap().to_owned();
        let item = if what.ends_with('/') {
            Item::folder(&id, &name)
        } else if what.contains(" -> ") {
            Item::shortcut(&id, &name, &self.ids[&bytes])
        } else if what.ends_with(", a document") {
            Item::native(&id, &name, "document").export(DOCX, bytes.into_bytes())
        } else {
            Item::file(&id, &name, bytes.into_bytes())
        };
        parts.fold(item.parent(&parent), |item, fact| match fact.split_once(' ').unwrap() {
            ("made", year) => item.created(&format!("{year}-01-01T00:00:00.000Z")),
            ("in", "no folder") => item.orphan(),
            ("of", owner) => item.shared_by(owner),
            ("a", "document") => item,
            _ => panic!("{fact:?} is no fact of an item"),
        })
    }

    fn google_does(&mut self, what: &str) {
        let (verb, rest) = what.split_once(' ').unwrap();
        let two = |between: &str| rest.split_once(between).unwrap_or((rest, ""));
        let id = |path: &str| match self.ids.get(path) {
            Some(id) => id.clone(),
            None => panic!("Google has no {path} in:\n{}", self.so_far),
        };
        self.person.as_ref().unwrap().google().world(|world| match verb {
            "renames" => world.rename(&id(two(" to ").0), two(" to ").1),
            "moves" if two(" to ").1 == "a shared drive" => {
                world.join_drive("0Family", "Family");
                world.move_to_drive(&id(two(" to ").0), "0Family");
            }
            "moves" if two(" to ").1 == "root" => world.move_to(&id(two(" to ").0), "root"),
            "moves" => world.move_to(&id(two(" to ").0), &id(two(" to ").1)),
            "swaps" => world.swap_names(&id(two(" with ").0), &id(two(" with ").1)),
            "edits" if two(" to ").0.contains('.') => {
                world.edit(&id(two(" to ").0), two(" to ").1.as_bytes());
            }
            "edits" => world.edit_native(&id(two(" to ").0), DOCX, two(" to ").1.as_bytes()),
            "trashes" => world.trash(&id(rest)),
            "untrashes" => world.untrash(&id(rest)),
            "deletes" => world.delete(&id(rest)),
            "unshares" => world.unshare(&id(rest)),
            _ => panic!("{verb:?} is nothing that Google does"),
        });
    }

    fn backup(&mut self, how: &str) {
        let (mut options, mut code, mut fetched) = (Vec::new(), 0, None);
        for part in how.split(", ").filter(|part| !part.is_empty()) {
            match part.split_once(' ') {
                Some((number, "fetched")) => fetched = Some(number.parse::<usize>().unwrap()),
                Some(("exit", number)) => code = number.parse().unwrap(),
                _ => options.extend(part.split(' ')),
            }
        }
        let person = self.person();
        person.google().forget_requests();
        let run = person.backup(&options);
        let is_fetch = |class| matches!(class, Class::Media | Class::Export | Class::PhotoMedia);
        let requests = person.google().requests().into_iter();
        let came = requests.filter(|it| is_fetch(it.class) && it.method == "GET").count();
        assert_eq!(run.code, Some(code), "{}\n{}{}", self.so_far, run.stdout, run.stderr);
        assert!(fetched.is_none_or(|fetched| fetched == came), "{came}, in:\n{}", self.so_far);
    }

    fn person_does(&mut self, what: &str) {
        let person = self.person();
        match what.split_once(' ').unwrap() {
            ("deletes", path) => person.remove(path),
            ("writes", rest) => {
                let Found(path, bytes) = found(rest);
                fs::create_dir_all(person.path(&path).parent().unwrap()).unwrap();
                person.write(&path, bytes);
            }
            (verb, _) => panic!("{verb:?} is nothing that a person does"),
        }
    }

    /// Holds the lines that have just ended against the disk.
    fn compare_archive(&mut self) {
        if self.expected.is_empty() {
            return;
        }
        let person = self.person.as_ref().unwrap();
        let mut there = person.files();
        there.extend(person.links());
        there.sort();
        self.expected.sort();
        assert_eq!(there, self.expected, "in:\n{}", self.so_far);
        self.expected.clear();
    }

    fn trash_has(&self, what: &str) {
        let Found(path, bytes) = found(what);
        let trash = self.person.as_ref().unwrap().path(".gphotos-sync/trash");
        let days = |folder| fs::read_dir(folder).into_iter().flatten();
        let days = days(trash.clone()).chain(days(trash.join("edited")));
        let files = days.map(|day| fs::read_to_string(day.unwrap().path().join(&path)));
        let mut there = files.flatten();
        assert!(there.any(|there| there == bytes), "not in the trash:\n{}", self.so_far);
    }

    fn index_has(&self, what: &str) {
        let Found(name, state) = found(what);
        let person = self.person.as_ref().unwrap();
        let states = person.sql(&format!("SELECT state FROM v_files WHERE name = '{name}'"));
        assert_eq!(states, [[state]], "in:\n{}", self.so_far);
    }
}

/// Who does something, and what.
fn split_subject(line: &str) -> (&str, &str) {
    let subjects = [
        "Google has",
        "Google",
        "Photos has",
        "Photos",
        "Takeout has",
        "Takeout",
        "run",
        "undo",
        "person",
        "archive has",
        "trash has",
        "index has",
    ];
    let subject = subjects.into_iter().find(|subject| {
        line.strip_prefix(subject).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    subject.map_or((line, ""), |subject| (subject, line[subject.len()..].trim()))
}

/// An album's title and its items' ids, from `album TITLE: NAME, NAME`.
fn album(text: &str) -> Option<(String, Vec<String>)> {
    let (title, names) = text.strip_prefix("album ")?.split_once(": ")?;
    Some((title.to_owned(), names.split(", ").map(photo_id).collect()))
}

fn photo_id(name: &str) -> String {
    format!("photo-{}", name.replace(' ', "-"))
}

/// A path and what is there: bytes, or where a link leads.
fn found(text: &str) -> Found {
    let (path, what) = text.split_once(" -> ").or_else(|| text.split_once(" = ")).unwrap();
    Found(path.to_owned(), what.to_owned())
}
