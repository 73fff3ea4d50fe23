//! Joins sidecars and media files that have a key in common, where that is certain.
//!
//! Each key is looked at once, whatever the number of those that share it: no rule can take
//! longer than the names are long.

use std::collections::HashMap;
use std::hash::Hash;

/// What a key leads to: one thing, or several that cannot be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    One(usize),
    Many,
}

impl Slot {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Many }
    }

    pub fn one(self) -> Option<usize> {
        match self {
            Self::One(one) => Some(one),
            Self::Many => None,
        }
    }
}

/// Everything that has a key, by key.
pub(super) struct Keyed<K>(HashMap<K, Slot>);

impl<K: Eq + Hash> Keyed<K> {
    pub fn new(all: impl IntoIterator<Item = (K, Slot)>) -> Self {
        let mut slots: HashMap<K, Slot> = HashMap::new();
        for (key, slot) in all {
            slots.entry(key).and_modify(|known| *known = known.and(slot)).or_insert(slot);
        }
        Self(slots)
    }

    pub fn get(&self, key: &K) -> Option<Slot> {
        self.0.get(key).copied()
    }

    /// What those of `keys` lead to that lead to anything.
    pub fn of_all(&self, keys: impl IntoIterator<Item = K>) -> Option<Slot> {
        let found = keys.into_iter().filter_map(|key| self.get(&key));
        found.reduce(Slot::and)
    }
}

/// A key, and which sidecar or media file it is of.
pub(super) type Key<K = String> = (K, usize);

/// What has come of a rule.
pub(super) struct Joined {
    /// Sidecars and media files that have a key in common with each other and nothing else.
    pub pairs: Vec<(usize, usize)>,
    /// Media files that have a key in common with sidecars, but not so.
    pub unsure: Vec<usize>,
}

/// Joins by keys. The order in which they come does not matter.
pub(super) fn join<K: Eq + Hash>(sidecars: &[Key<K>], media: &[Key<K>]) -> Joined {
    let (of_sidecars, of_media) = (hits(sidecars, media), hits(media, sidecars));
    let mut joined = Joined { pairs: Vec::new(), unsure: Vec::new() };
    for (medium, slot) in of_media.0 {
        let sidecar = slot.one();
        let is_only = |it: &usize| of_sidecars.get(it) == Some(Slot::One(medium));
        match sidecar.filter(is_only) {
            Some(sidecar) => joined.pairs.push((sidecar, medium)),
            None => joined.unsure.push(medium),
        }
    }
    joined
}

/// What each of `from` has keys in common with.
fn hits<K: Eq + Hash>(from: &[Key<K>], to: &[Key<K>]) -> Keyed<usize> {
    let keyed = Keyed::new(to.iter().map(|(key, one)| (key, Slot::One(*one))));
    Keyed::new(from.iter().filter_map(|(key, one)| Some((*one, keyed.get(&key)?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_key_in_common_with_one_thing_alone_is_joined() {
        type Row = (&'static str, &'static str, &'static str);
        let cases: [Row; 8] = [
            ("a0", "a0", "0-0"),
            ("a0 b1", "b0 a1", "0-1 1-0"),
            ("a0 b0", "a0 b0", "0-0"),
            ("a0", "b0", ""),
            ("a0", "a0 a1", ""),
            ("a0 a1", "a0", ""),
            ("a0 b0", "a0 b1", ""),
            ("a0 b1", "a0 b0", ""),
        ];
        for (sidecars, media, expected) in cases {
            let mut pairs = join(&keys(sidecars), &keys(media)).pairs;
            pairs.sort_unstable();
            let pairs: Vec<_> = pairs.iter().map(|(a, b)| format!("{a}-{b}")).collect();
            assert_eq!(pairs.join(" "), expected, "{sidecars} with {media}");
        }
    }

    fn keys(text: &str) -> Vec<Key> {
        let key = |it: &str| (it[..1].to_owned(), it[1..].parse().unwrap());
        text.split(' ').map(key).collect()
    }

    thread_local! {
        static COMPARED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    #[derive(Eq)]
    struct Counted(&'static str);

    impl PartialEq for Counted {
        fn eq(&self, other: &Self) -> bool {
            COMPARED.set(COMPARED.get() + 1);
            self.0 == other.0
        }
    }

    impl Hash for Counted {
        fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
            self.0.hash(hasher);
        }
    }

    #[test]
    fn what_thousands_share_is_compared_once_for_each() {
        let all = |n: usize| (0..n).map(|i| (Counted("same"), i)).collect::<Vec<_>>();
        let joined = join(&all(50_000), &all(50_000));
        assert_eq!((joined.pairs.len(), joined.unsure.len()), (0, 50_000));
        assert!(COMPARED.get() <= 4 * 50_000, "{}", COMPARED.get());
    }
}
