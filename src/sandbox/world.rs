//! What there is: an account, its Drive, and what was done to it since.
//!
//! A world is built before the sandbox starts (here) and changed while it runs
//! (`edit`). Everything in it is in the world's own time, which only its
//! changes move on: two worlds built alike answer alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use chrono::{DateTime, TimeDelta, Utc};

use super::content::Content;
use super::item::{Item, ROOT_ALIAS, instant};
use super::journal::Journal;
use super::photos::Library;
use super::requests::Api;

/// When a world begins. Its first item is made then.
const EPOCH: &str = "2019-01-01T00:00:00.000Z";
/// When the first change to a world happens, however many items it began with.
const FIRST_CHANGE: &str = "2026-01-01T00:00:00.000Z";

/// A Google account and all that it can see.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) account: Account,
    pub(super) root: String,
    pub(super) drives: Vec<SharedDrive>,
    pub(super) journal: Journal,
    pub(super) photos: Library,
    pub(super) now: DateTime<Utc>,
    pub(super) disabled: BTreeSet<Api>,
    /// Page tokens of earlier generations are refused.
    pub(super) token_generation: u64,
    /// How many items each export of a library of many had that none before it had.
    pub(super) exported: Vec<u64>,
    /// By the order in which they were added, which is the order of listings.
    items: BTreeMap<u64, Item>,
    by_id: HashMap<String, u64>,
    by_time: BTreeSet<Spot>,
    children: HashMap<String, BTreeSet<u64>>,
    next: u64,
}

/// When an item was created, in microseconds, and the number under which it was added.
pub(super) type Spot = (i64, u64);

/// Whose world it is.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub name: String,
    pub email: String,
    pub permission_id: String,
}

/// A shared drive.
#[derive(Clone, Debug)]
pub(super) struct SharedDrive {
    pub id: String,
    pub name: String,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// An account with nothing but its root folder, of the id `0AMyDriveRoot`.
    #[must_use]
    pub fn new() -> Self {
        let root = "0AMyDriveRoot".to_owned();
        let mut world = Self {
            account: Account {
                name: "Ada Example".to_owned(),
                email: "ada@example.com".to_owned(),
                permission_id: "01234567890123456789".to_owned(),
            },
            root: root.clone(),
            drives: Vec::new(),
            journal: Journal::default(),
            photos: Library::default(),
            now: instant(FIRST_CHANGE),
            disabled: BTreeSet::new(),
            token_generation: 0,
            exported: Vec::new(),
            items: BTreeMap::new(),
            by_id: HashMap::new(),
            by_time: BTreeSet::new(),
            children: HashMap::new(),
            next: 0,
        };
        world.insert(Item::folder(&root, "My Drive").orphan());
        world
    }

    /// Makes it another person's world: the permission id follows from the address.
    #[must_use]
    pub fn account(mut self, name: &str, email: &str) -> Self {
        let number =
            email.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let permission_id = format!("{number:020}");
        self.account = Account { name: name.to_owned(), email: email.to_owned(), permission_id };
        self
    }

    /// Adds an item.
    ///
    /// # Panics
    ///
    /// If there is an item of its id, or its parent is not there and it is the account's own.
    #[must_use]
    pub fn with(mut self, item: Item) -> Self {
        self.insert(item);
        self
    }

    /// Adds a folder to the folder `parent` (`root` for My Drive itself).
    ///
    /// # Panics
    ///
    /// As [`Self::with`].
    #[must_use]
    pub fn folder(self, id: &str, name: &str, parent: &str) -> Self {
        self.with(Item::folder(id, name).parent(parent))
    }

    /// Adds a file to the folder `parent` (`root` for My Drive itself).
    ///
    /// # Panics
    ///
    /// As [`Self::with`].
    #[must_use]
    pub fn file(self, id: &str, name: &str, content: impl Into<Content>, parent: &str) -> Self {
        self.with(Item::file(id, name, content).parent(parent))
    }

    /// Adds a shared drive; items come into it with [`Item::in_drive`].
    #[must_use]
    pub fn shared_drive(mut self, id: &str, name: &str) -> Self {
        self.drives.push(SharedDrive { id: id.to_owned(), name: name.to_owned() });
        self
    }

    /// Switches an API off in the person's Google Cloud project.
    #[must_use]
    pub fn without_api(mut self, api: Api) -> Self {
        self.disabled.insert(api);
        self
    }

    /// The item of that id; `root` is the root folder.
    pub(super) fn get(&self, id: &str) -> Option<&Item> {
        let id = if id == ROOT_ALIAS { self.root.as_str() } else { id };
        self.items.get(self.by_id.get(id)?)
    }

    /// All items after the `after`-th that was ever added, in that order.
    pub(super) fn items_after(&self, after: u64) -> impl Iterator<Item = (u64, &Item)> {
        self.items.range(after + 1..).map(|(number, item)| (*number, item))
    }

    /// All items that were created within `bounds`, in that order.
    pub(super) fn items_by_time(
        &self,
        bounds: (Bound<Spot>, Bound<Spot>),
    ) -> impl DoubleEndedIterator<Item = (Spot, &Item)> {
        let spots = if is_empty(bounds) { None } else { Some(self.by_time.range(bounds)) };
        let spots = spots.into_iter().flatten();
        spots.filter_map(|spot| Some((*spot, self.items.get(&spot.1)?)))
    }

    /// What lies in the folder `parent`, in the same order.
    pub(super) fn children(&self, parent: &str) -> impl Iterator<Item = (u64, &Item)> {
        let parent = if parent == ROOT_ALIAS { &self.root } else { parent };
        let numbers = self.children.get(parent).into_iter().flatten();
        numbers.filter_map(|number| Some((*number, self.items.get(number)?)))
    }

    /// The ids of all that lies below `id`, nearer ones first.
    pub(super) fn descendants(&self, id: &str) -> Vec<String> {
        let mut found = vec![id.to_owned()];
        let mut seen = BTreeSet::from([id.to_owned()]);
        let mut next = 0;
        while let Some(folder) = found.get(next).cloned() {
            let below = self.children(&folder).map(|(_, child)| child.id.clone());
            found.extend(below.filter(|child| seen.insert(child.clone())));
            next += 1;
        }
        found.split_off(1)
    }

    /// Puts `item` in its place without a word in the change log.
    pub(super) fn insert(&mut self, mut item: Item) {
        assert!(!self.by_id.contains_key(&item.id), "there is an item {:?} already", item.id);
        for parent in &mut item.parents {
            if parent == ROOT_ALIAS {
                parent.clone_from(&self.root);
            }
            let known = self.by_id.contains_key(parent) || item.owner.is_some();
            let known = known || self.drives.iter().any(|drive| drive.id == *parent);
            assert!(known, "{:?} cannot be put in {parent:?}, which is not there", item.id);
        }
        let number = self.next;
        self.next += 1;
        let made = instant(EPOCH) + steps(number);
        item.created.get_or_insert(made);
        item.modified.get_or_insert(made + TimeDelta::milliseconds(500));
        for parent in &item.parents {
            self.children.entry(parent.clone()).or_default().insert(number);
        }
        self.by_id.insert(item.id.clone(), number);
        self.by_time.insert((micros(item.created), number));
        let id = item.id.clone();
        self.items.insert(number, item);
        self.settle_trash(&id);
    }

    /// Takes an item out of the world.
    pub(super) fn remove(&mut self, id: &str) -> Option<Item> {
        let number = self.by_id.remove(id)?;
        let item = self.items.remove(&number)?;
        self.by_time.remove(&(micros(item.created), number));
        for parent in &item.parents {
            self.children.entry(parent.clone()).or_default().remove(&number);
        }
        Some(item)
    }

    /// Gives an item other parents.
    pub(super) fn reparent(&mut self, id: &str, parents: Vec<String>) {
        let number = self.number(id);
        for parent in &self.item(id).parents.clone() {
            self.children.entry(parent.clone()).or_default().remove(&number);
        }
        for parent in &parents {
            self.children.entry(parent.clone()).or_default().insert(number);
        }
        self.item(id).parents = parents;
        self.settle_trash(id);
    }

    /// The item of that id, to be changed.
    ///
    /// # Panics
    ///
    /// If there is none: a test that changes what is not there is wrong.
    pub(super) fn item(&mut self, id: &str) -> &mut Item {
        let number = self.number(id);
        match self.items.get_mut(&number) {
            Some(item) => item,
            None => panic!("the world has no item {id:?}"),
        }
    }

    /// Works out anew whether `id` and what lies below it is in the trash, and
    /// returns those for which that changed.
    pub(super) fn settle_trash(&mut self, id: &str) -> Vec<String> {
        let mut changed = Vec::new();
        let all = [vec![id.to_owned()], self.descendants(id)].concat();
        for id in all {
            let item = self.item(&id);
            let (explicitly, parents) = (item.explicitly_trashed, item.parents.clone());
            let with_folder = |id: &String| self.get(id).is_some_and(|parent| parent.trashed);
            let trashed = explicitly || parents.iter().any(with_folder);
            let item = self.item(&id);
            if item.trashed != trashed {
                item.trashed = trashed;
                changed.push(id);
            }
        }
        changed
    }

    fn number(&self, id: &str) -> u64 {
        let id = if id == ROOT_ALIAS { self.root.as_str() } else { id };
        match self.by_id.get(id) {
            Some(number) => *number,
            None => panic!("the world has no item {id:?}"),
        }
    }
}

fn micros(time: Option<DateTime<Utc>>) -> i64 {
    time.map_or(i64::MIN, |time| time.timestamp_micros())
}

/// Whether nothing can lie between `bounds`, which a tree does not bear to be asked for.
fn is_empty(bounds: (Bound<Spot>, Bound<Spot>)) -> bool {
    match bounds {
        (Bound::Included(from), Bound::Included(until)) => from > until,
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(from) | Bound::Excluded(from), until) => match until {
            Bound::Included(until) | Bound::Excluded(until) => from >= until,
            Bound::Unbounded => false,
        },
    }
}

/// The distance between the times of items, with some milliseconds in it.
fn steps(count: u64) -> TimeDelta {
    TimeDelta::milliseconds(i64::try_from(count).unwrap_or(i64::MAX / 100_000) * 61_001)
}
