//! Who gets which name in one folder.
//!
//! A name that was given in an earlier run beats everything. Of the others, each
//! wanted name goes to the earliest that wants it, and the rest are numbered.
//! Files and folders share one row of numbers.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::{NameRules, name::folded, numbered};

/// A file or a folder that wants a name in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its row in the index. Only the last resort in a tie.
    pub id: i64,
    /// Its name at the source: decides between two made at the same instant.
    pub remote_id: String,
    /// When it was made at the source, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// The name it wants: its title, made [`clean`](super::clean).
    pub wanted: String,
    /// Whether it is a folder. Folders have no extensions.
    pub folder: bool,
    /// The name it was given in this folder in an earlier run.
    pub given: Option<Given>,
}

/// A name given in an earlier run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The name that was wanted then. While it still is, the given one stays.
    pub wanted: String,
    /// The name that was given.
    pub name: String,
}

/// Returns a name for each of `children`, in their order.
///
/// `taken` are the names that others hold in the folder, such as foreign files.
/// No two names are such that `rules` take them for one, and none is in `taken`. A child
/// whose wanted name is still the one that its given name was given for keeps that name,
/// unless it has been taken by another meanwhile. The order of `children` does not matter.
#[must_use]
pub fn deal(children: &[Child], taken: &BTreeSet<String>, rules: NameRules) -> Vec<String> {
    let mut order: Vec<usize> = (0..children.len()).collect();
    order.sort_unstable_by_key(|&i| seniority(&children[i]));
    let mut names = vec![Cow::Borrowed(""); children.len()];
    let mut deck = Deck::new(taken, rules);
    let claims: [fn(&Child, NameRules) -> Option<&str>; 2] =
        [given_name, |child, _| Some(&child.wanted)];
    for claim in claims {
        order.retain(|&i| match claim(&children[i], rules).filter(|name| deck.take(name)) {
            Some(name) => {
                names[i] = Cow::Borrowed(name);
                false
            }
            None => true,
        });
    }
    for i in order {
        names[i] = Cow::Owned(deck.number(&children[i]));
    }
    names.into_iter().map(Cow::into_owned).collect()
}

/// The order in which children choose.
fn seniority(child: &Child) -> (i64, &str, i64) {
    (child.created_at_ms, &child.remote_id, child.id)
}

/// The name it was given, while that still counts: for a wish that the disk cannot tell
/// from its present one.
fn given_name(child: &Child, rules: NameRules) -> Option<&str> {
    let given = child.given.as_ref()?;
    let counts = folded(&given.wanted, rules) == folded(&child.wanted, rules);
    counts.then_some(&given.name)
}

/// The names of one folder while they are dealt.
struct Deck<'a> {
    /// Which names are one.
    rules: NameRules,
    /// Every name that is no longer to be had, folded.
    used: HashSet<Cow<'a, str>>,
    /// The last number dealt for each wanted name, so that half a million
    /// children of one name do not each count from 1.
    last: HashMap<Cow<'a, str>, u64>,
}

impl<'a> Deck<'a> {
    fn new(taken: &'a BTreeSet<String>, rules: NameRules) -> Self {
        let used = taken.iter().map(|name| folded(name, rules)).collect();
        Self { rules, used, last: HashMap::new() }
    }

    /// Takes `name` and says whether it was to be had.
    fn take(&mut self, name: &'a str) -> bool {
        self.used.insert(folded(name, self.rules))
    }

    /// Deals the next number for a child whose wanted name is not to be had.
    ///
    /// A number is free while neither a file nor a folder of that name holds it.
    fn number(&mut self, child: &'a Child) -> String {
        let last = self.last.entry(folded(&child.wanted, self.rules)).or_default();
        loop {
            *last += 1;
            let names =
                [child.folder, !child.folder].map(|folder| numbered(&child.wanted, *last, folder));
            let keys = names.each_ref().map(|name| folded(name, self.rules));
            if keys.iter().all(|key| !self.used.contains(key)) {
                let [key, _] = keys.map(Cow::into_owned);
                self.used.insert(Cow::Owned(key));
                let [name, _] = names;
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows are children in the order of their making: what each wants (a `/` at
    /// its end makes it a folder), after a `<` what it was given in an earlier
    /// run (after another `<` what it wanted then), and what it gets.
    #[test]
    fn every_rule_of_dealing() {
        // One name, several children: the earliest has it, the rest are numbered.
        check(&[], &["a.jpg = a.jpg", "a.jpg = a (1).jpg", "a.jpg = a (2).jpg"]);
        // Whose title is its name is placed first, though it came later.
        check(&[], &["a.jpg = a.jpg", "a.jpg = a (2).jpg", "a (1).jpg = a (1).jpg"]);
        // Folders have no extension.
        check(&[], &["v1.5/ = v1.5", "v1.5/ = v1.5 (1)", "v1.5/ = v1.5 (2)"]);
        // Files and folders of one name share one row of numbers.
        check(&[], &["v1.5 = v1.5", "v1.5/ = v1.5 (1)", "v1.5 = v1 (2).5"]);
        check(&[], &["v1.5 < v1 (1).5 = v1 (1).5", "v1.5 = v1.5", "v1.5/ = v1.5 (2)"]);
        // A name once given stays, whoever had it first is gone ...
        check(&[], &["a.jpg < a (1).jpg = a (1).jpg"]);
        // ... whoever came earlier appears ...
        check(&[], &["a.jpg = a (1).jpg", "a.jpg < a.jpg = a.jpg"]);
        // ... and whoever really has that title.
        check(&[], &["a (1).jpg = a (1) (1).jpg", "a.jpg < a (1).jpg = a (1).jpg"]);
        // A freed number is dealt again.
        check(&[], &["a < a = a", "a < a (2) = a (2)", "a = a (1)"]);
        // An item that was renamed at Google is dealt a new name.
        check(&[], &["b < a (1) < a = b"]);
        // Names of others are not to be had, given or not.
        check(&["a.jpg"], &["a.jpg = a (1).jpg"]);
        check(&["a (1).jpg"], &["a.jpg = a.jpg", "a.jpg = a (2).jpg"]);
        check(&["a.jpg"], &["a.jpg < a.jpg = a (1).jpg"]);
        // Two that were given one name, as only a damaged index says.
        check(&[], &["a < a = a", "a < a = a (1)"]);
    }

    #[test]
    fn of_two_made_at_one_instant_the_smaller_id_chooses_first() {
        let mut children = [child(0, "a"), child(1, "a")];
        children[1].created_at_ms = 0;
        children[0].remote_id = "Y".into();
        children[1].remote_id = "X".into();
        assert_eq!(deal(&children, &BTreeSet::new(), NameRules::Posix), ["a (1)", "a"]);
    }

    #[test]
    fn portable_names_differ_by_more_than_the_case_of_letters() {
        for (wants, names) in [
            ("a.jpg A.JPG", "a.jpg A (1).JPG"),
            ("a.jpg A.jpg a.JPG A_(1).jpg", "a.jpg A (2).jpg a (3).JPG A_(1).jpg"),
            ("\u{e9} E\u{301}", "\u{e9} E\u{301}_(1)"),
        ] {
            let plain = |word: &str| word.replace('_', " ");
            let children: Vec<_> =
                (0..).zip(wants.split(' ')).map(|(i, word)| child(i, &plain(word))).collect();
            let dealt = deal(&children, &BTreeSet::new(), NameRules::Portable);
            let expected: Vec<_> = names.replace(" (", "_(").split(' ').map(plain).collect();
            assert_eq!(dealt, expected);
        }
        // Names that were given while the case of letters still counted.
        let given = |name: &str| Some(Given { wanted: name.to_owned(), name: name.to_owned() });
        let mut children = [child(0, "a"), child(1, "A")];
        (children[0].given, children[1].given) = (given("a"), given("A"));
        assert_eq!(deal(&children, &BTreeSet::new(), NameRules::Portable), ["a", "A (1)"]);
        // A title of which only the case changed has nothing to be renamed for: such a disk
        // would find the file itself in its way.
        children[0].given = given("A");
        children[1].given = None;
        assert_eq!(deal(&children, &BTreeSet::new(), NameRules::Portable), ["A", "A (1)"]);
        assert_eq!(deal(&children, &BTreeSet::new(), NameRules::Posix), ["a", "A"]);
        // What is foreign on the disk.
        let taken = BTreeSet::from(["A".to_owned()]);
        assert_eq!(deal(&[child(0, "a")], &taken, NameRules::Portable), ["a (1)"]);
    }

    #[test]
    fn half_a_million_children_of_one_name_are_dealt_in_one_go() {
        // Counting from 1 for each of them would take hours.
        let children: Vec<_> = (0..500_000).map(|i| child(i, "a.jpg")).collect();
        let names = deal(&children, &BTreeSet::new(), NameRules::Posix);
        assert_eq!(names[499_999], "a (499999).jpg");
    }

    #[track_caller]
    fn check(taken: &[&str], rows: &[&str]) {
        let parsed: Vec<_> = (0..).zip(rows).map(|(i, row)| parse(i, row)).collect();
        let (children, expected): (Vec<_>, Vec<_>) = parsed.into_iter().unzip();
        let taken = taken.iter().map(ToString::to_string).collect();
        assert_eq!(deal(&children, &taken, NameRules::Posix), expected);
    }

    fn parse(i: i64, row: &str) -> (Child, String) {
        let (left, name) = row.split_once(" = ").unwrap();
        let mut left = left.split(" < ");
        let wanted = left.next().unwrap();
        let mut child = child(i, wanted.trim_end_matches('/'));
        child.folder = wanted.ends_with('/');
        child.given = left.next().map(|name| Given {
            wanted: left.next().unwrap_or(&child.wanted).to_owned(),
            name: name.to_owned(),
        });
        (child, name.to_owned())
    }

    fn child(i: i64, wanted: &str) -> Child {
        Child {
            id: i,
            remote_id: format!("{i:09}"),
            created_at_ms: i,
            wanted: wanted.to_owned(),
            folder: false,
            given: None,
        }
    }

    proptest! {
        #[test]
        fn names_stay_with_their_items_through_any_history(
            rounds in prop::collection::vec(prop::collection::vec(child_of_folder(), 0..12), 1..6),
            taken in prop::collection::btree_set(name(), 0..3),
        ) {
            let mut earlier = HashMap::new();
            for round in rounds {
                let mut children: Vec<_> = round
                    .into_iter()
                    .map(|child| (child.id, child))
                    .collect::<std::collections::BTreeMap<_, _>>()
                    .into_values()
                    .collect();
                for child in &mut children {
                    child.given = earlier.get(&child.id).cloned();
                }
                let names = deal(&children, &taken, NameRules::Posix);

                let unique: BTreeSet<_> = names.iter().collect();
                prop_assert_eq!(unique.len(), children.len());
                prop_assert!(names.iter().all(|name| !taken.contains(name)));
                for (child, name) in children.iter().zip(&names) {
                    if let Some(given) = &child.given && given.wanted == child.wanted {
                        prop_assert_eq!(&given.name, name);
                    }
                }

                children.reverse();
                let mut reversed = deal(&children, &taken, NameRules::Posix);
                reversed.reverse();
                prop_assert_eq!(&reversed, &names);

                children.reverse();
                let given = children.into_iter().zip(names).map(|(child, name)| {
                    (child.id, Given { wanted: child.wanted, name })
                });
                earlier = given.collect();
            }
        }
    }

    /// One of eight items, some made at the same instant, under one of few names.
    fn child_of_folder() -> impl Strategy<Value = Child> {
        (0..8i64, name(), any::<bool>()).prop_map(|(i, wanted, folder)| Child {
            created_at_ms: i / 2,
            folder,
            ..child(i, &wanted)
        })
    }

    fn name() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "a.b",
            "a (1).b",
            "a.b (1)",
            "a (1) (1).b",
            "c",
            "c (1)",
            "c (2)",
        ])
        .prop_map(str::to_owned)
    }
}
