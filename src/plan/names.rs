//! Who gets which name in one folder.
//!
//! A name that was given in an earlier run beats everything. Of the others, each
//! wanted name goes to the earliest that wants it, and the rest are numbered.
//! Files and folders share one row of numbers. A motion photo, a still and its clip, is
//! dealt as one: a stem is theirs if both names are to be had.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::name::{extension, folded, numbered_beside};
use super::{NameRules, numbered, with_other_extension};

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
    /// Of a motion photo's clip: its still.
    pub still: Option<Still>,
}

/// The still that a clip belongs to. Where it is in the same folder the clip gets its stem;
/// where it is not, no other file gets the name that it would have beside the clip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    /// Its row in the index.
    pub id: i64,
    /// The name it wants, wherever it is.
    pub wanted: String,
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
/// unless it has been taken by another meanwhile, or it is a still whose clip came later
/// and finds its name taken. The order of `children` does not matter.
#[must_use]
pub fn deal(children: &[Child], taken: &BTreeSet<String>, rules: NameRules) -> Vec<String> {
    let bonds = Bonds::of(children, rules);
    let mut order: Vec<usize> =
        (0..children.len()).filter(|i| !bonds.stills.contains_key(i)).collect();
    order.sort_unstable_by_key(|&i| seniority(&children[i]));
    let mut names = vec![Cow::Borrowed(""); children.len()];
    let mut deck = Deck::new(taken, rules);
    for claim in [Bonds::settled, Bonds::unsettled, Bonds::wanted] {
        let mut beside = Vec::new();
        order.retain(|&i| {
            let Some((name, extension)) = claim(&bonds, i) else { return true };
            if !deck.take(name.clone(), extension) {
                return true;
            }
            beside.extend(bonds.elsewhere.get(&i).map(|it| with_other_extension(&name, it, rules)));
            names[i] = name;
            false
        });
        // After all that was given: a name that is only kept free is nobody's.
        deck.keep_free(beside);
    }
    for i in order {
        names[i] = Cow::Owned(deck.number(&children[i], bonds.extension(i)));
    }
    for (&clip, &still) in &bonds.stills {
        names[clip] = Cow::Owned(with_other_extension(&names[still], bonds.clips[&still].1, rules));
    }
    names.into_iter().map(Cow::into_owned).collect()
}

/// Which children share a stem.
struct Bonds<'a> {
    children: &'a [Child],
    rules: NameRules,
    /// The clips that lie beside their stills, each with that.
    stills: HashMap<usize, usize>,
    /// The stills, each with its clip and with the extension of that.
    clips: HashMap<usize, (usize, &'a str)>,
    /// The clips whose stills lie elsewhere, each with the extension of that.
    elsewhere: HashMap<usize, &'a str>,
}

/// A name that a child claims, and the extension with which its stem is claimed as well.
type Claim<'a> = (Cow<'a, str>, Option<&'a str>);

impl<'a> Bonds<'a> {
    fn of(children: &'a [Child], rules: NameRules) -> Self {
        let (stills, clips, elsewhere) = Default::default();
        let mut bonds = Self { children, rules, stills, clips, elsewhere };
        let wanted: HashMap<_, _> =
            (0..children.len()).filter_map(|i| Some((children[i].still.as_ref()?.id, i))).collect();
        if wanted.is_empty() {
            return bonds;
        }
        for (i, child) in children.iter().enumerate() {
            let is_still = child.still.is_none() && !child.folder;
            let clip = wanted.get(&child.id).filter(|_| is_still);
            let clip = clip.map(|&clip| (clip, extension(&children[clip].wanted)));
            if let Some((clip, own)) = clip.filter(|(_, own)| bonds.differ(&child.wanted, own)) {
                bonds.stills.insert(clip, i);
                bonds.clips.insert(i, (clip, own));
            }
        }
        for (i, child) in children.iter().enumerate() {
            let still = child.still.as_ref().filter(|_| !bonds.stills.contains_key(&i));
            let other = still.map(|still| extension(&still.wanted));
            if let Some(other) = other.filter(|other| bonds.differ(&child.wanted, other)) {
                bonds.elsewhere.insert(i, other);
            }
        }
        bonds
    }

    /// Says whether a name is another one with another extension.
    fn differ(&self, name: &str, extension: &str) -> bool {
        let other = with_other_extension(name, extension, self.rules);
        folded(&other, self.rules) != folded(name, self.rules)
    }

    /// The extension with which nobody else may have the stem of a child.
    fn extension(&self, i: usize) -> Option<&'a str> {
        let clip = self.clips.get(&i).map(|(_, extension)| *extension);
        clip.or_else(|| self.elsewhere.get(&i).copied())
    }

    fn given(&self, i: usize) -> Option<&'a str> {
        given_name(&self.children[i], self.rules)
    }

    /// The name that a child was given; of a still with its clip, if that was given the
    /// same stem.
    fn settled(&self, i: usize) -> Option<Claim<'a>> {
        let name = self.given(i)?;
        let Some(&(clip, extension)) = self.clips.get(&i) else {
            return Some((Cow::Borrowed(name), None));
        };
        let beside = with_other_extension(name, extension, self.rules);
        (self.given(clip)? == beside).then_some((Cow::Borrowed(name), Some(extension)))
    }

    /// The name that a still was given without its clip, or that goes with its clip's.
    fn unsettled(&self, i: usize) -> Option<Claim<'a>> {
        let &(clip, beside) = self.clips.get(&i)?;
        let own = || extension(&self.children[i].wanted);
        let with_clip =
            || Some(Cow::Owned(with_other_extension(self.given(clip)?, own(), self.rules)));
        let name = self.given(i).map(Cow::Borrowed).or_else(with_clip)?;
        Some((name, Some(beside)))
    }

    #[expect(clippy::unnecessary_wraps, reason = "one of three claims")]
    fn wanted(&self, i: usize) -> Option<Claim<'a>> {
        Some((Cow::Borrowed(&self.children[i].wanted), self.extension(i)))
    }
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

    /// Takes `name`, with the same under another extension if there is one, and says
    /// whether both were to be had.
    fn take(&mut self, name: Cow<'a, str>, extension: Option<&str>) -> bool {
        let beside = extension.map(|it| self.key_beside(&name, it));
        let key = match name {
            Cow::Borrowed(name) => folded(name, self.rules),
            Cow::Owned(name) => Cow::Owned(folded(&name, self.rules).into_owned()),
        };
        if self.used.contains(&key) || beside.as_ref().is_some_and(|it| self.used.contains(it)) {
            return false;
        }
        self.used.insert(key);
        self.used.extend(beside);
        true
    }

    /// Has nobody take `names` any more.
    fn keep_free(&mut self, names: Vec<String>) {
        for name in names {
            let key = folded(&name, self.rules).into_owned();
            self.used.insert(Cow::Owned(key));
        }
    }

    fn key_beside(&self, name: &str, extension: &str) -> Cow<'a, str> {
        let beside = with_other_extension(name, extension, self.rules);
        Cow::Owned(folded(&beside, self.rules).into_owned())
    }

    /// Deals the next number for a child whose wanted name is not to be had.
    ///
    /// A number is free while neither a file nor a folder of that name holds it, nor a
    /// file of that stem and `extension`.
    fn number(&mut self, child: &'a Child, extension: Option<&str>) -> String {
        loop {
            let last = self.last.entry(folded(&child.wanted, self.rules)).or_default();
            *last += 1;
            let n = *last;
            let name = match extension {
                Some(extension) => numbered_beside(&child.wanted, n, extension, self.rules),
                None => numbered(&child.wanted, n, child.folder),
            };
            let other = numbered(&child.wanted, n, !child.folder);
            let key = folded(&name, self.rules).into_owned();
            let beside = extension.map(|it| self.key_beside(&name, it));
            let keys = [Some(Cow::Owned(key)), beside];
            let is_used = |key: &Cow<'a, str>| self.used.contains(key);
            if !self.used.contains(&folded(&other, self.rules))
                && !keys.iter().flatten().any(is_used)
            {
                self.used.extend(keys.into_iter().flatten());
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{clean, is_dealt_for};
    use super::*;
    use crate::model::NameLimits;

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

    /// As above, in a folder of motion photos. A row with a `+` is a clip: of the row whose
    /// number is behind that, or of a still elsewhere that wants the name behind it.
    #[test]
    fn a_still_and_its_clip_are_dealt_as_one() {
        check(&[], &["a.jpg = a.jpg", "a.mp4 + 0 = a.mp4"]);
        check(
            &[],
            &["a.jpg = a.jpg", "a.jpg = a (1).jpg", "a.mp4 + 0 = a.mp4", "a.mp4 + 1 = a (1).mp4"],
        );
        // A film of the clip's name is another's, and so is its number.
        check(&[], &["a.mp4 = a.mp4", "a.jpg = a (1).jpg", "a.mp4 + 1 = a (1).mp4"]);
        check(
            &[],
            &[
                "a.jpg = a.jpg",
                "a.jpg = a (2).jpg",
                "a (1).mp4 = a (1).mp4",
                "a.mp4 + 1 = a (2).mp4",
            ],
        );
        check(&["a.mp4"], &["a.jpg = a (1).jpg", "a.mp4 + 0 = a (1).mp4"]);
        // Also where the still had its name before it was known to have a clip.
        check(&[], &["a.jpg < a.jpg = a.jpg", "a.mp4 + 0 = a.mp4"]);
        check(
            &[],
            &["a.jpg < a.jpg = a (1).jpg", "a.mp4 < a.mp4 = a.mp4", "a.mp4 + 0 = a (1).mp4"],
        );
        // What was given stays, and follows no one who comes.
        check(
            &[],
            &[
                "a.jpg = a.jpg",
                "a.jpg < a (1).jpg = a (1).jpg",
                "a.mp4 + 1 < a (1).mp4 = a (1).mp4",
                "a.mp4 = a.mp4",
            ],
        );
        // A still that is named anew takes its clip along.
        check(&[], &["b.jpg < a.jpg < a.jpg = b.jpg", "b.mp4 + 0 < a.mp4 < a.mp4 = b.mp4"]);
        // A clip whose still lies elsewhere has the stem for itself ...
        check(&[], &["a.mp4 + a.jpg = a.mp4", "a.jpg = a (1).jpg"]);
        check(&[], &["a.jpg < a.jpg = a.jpg", "a.mp4 + a.jpg = a (1).mp4", "a.mp4 + 0 = a.mp4"]);
        check(&[], &["a.jpg < a.jpg = a.jpg", "a.mp4 + a.jpg = a (1).mp4"]);
        // ... keeps its name whoever else was given what it would have ...
        check(&[], &["a.mp4 + a.jpg < a.mp4 = a.mp4", "a.jpg < a.jpg = a.jpg"]);
        // ... and the still comes back to it.
        check(
            &[],
            &["a.jpg < a.jpg = a.jpg", "a.jpg = a (1).jpg", "a.mp4 + 1 < a (1).mp4 = a (1).mp4"],
        );
        // A still that is named as a clip is nobody's.
        check(&[], &["a.mp4 = a.mp4", "a.mp4 + 0 = a (1).mp4"]);
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
        let (wanted, still) = wanted
            .split_once(" + ")
            .map_or((wanted, None), |(wanted, still)| (wanted, Some(still)));
        let mut child = child(i, wanted.trim_end_matches('/'));
        child.folder = wanted.ends_with('/');
        child.given = left.next().map(|name| Given {
            wanted: left.next().unwrap_or(&child.wanted).to_owned(),
            name: name.to_owned(),
        });
        child.still = still.map(|still| match still.parse() {
            Ok(id) => Still { id, wanted: "a.jpg".to_owned() },
            Err(_) => Still { id: -1, wanted: still.to_owned() },
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
            still: None,
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

    proptest! {
        #[test]
        fn clips_stay_beside_their_stills_through_any_history(
            rounds in prop::collection::vec(
                prop::collection::btree_map(0..8i64, (name(), any::<bool>()), 0..8), 1..6),
        ) {
            let mut earlier: HashMap<i64, Given> = HashMap::new();
            for round in rounds {
                let mut children = Vec::new();
                for (i, (wanted, has_clip)) in round {
                    let still = Still { id: i, wanted: wanted.clone() };
                    let clip = with_other_extension(&wanted, ".mp4", NameRules::Posix);
                    children.push(child(i, &wanted));
                    if has_clip {
                        children.push(Child { still: Some(still), ..child(i + 100, &clip) });
                    }
                }
                for child in &mut children {
                    child.given = earlier.get(&child.id).cloned();
                }
                let names = deal(&children, &BTreeSet::new(), NameRules::Posix);

                prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), children.len());
                for i in 0..children.len() {
                    if children[i].still.is_some() {
                        let beside = with_other_extension(&names[i - 1], ".mp4", NameRules::Posix);
                        prop_assert_eq!(&names[i], &beside);
                    }
                }
                let given = |(child, name): (&Child, &String)| {
                    (child.id, Given { wanted: child.wanted.clone(), name: name.clone() })
                };
                earlier = children.iter().zip(&names).map(given).collect();
                for child in &mut children {
                    child.given = earlier.get(&child.id).cloned();
                }
                prop_assert_eq!(deal(&children, &BTreeSet::new(), NameRules::Posix), names);
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

    /// A number that is cut off for the clip's extension would be counted up for ever.
    #[test]
    fn clips_of_the_longest_names_are_told_apart_by_their_numbers() {
        let short = NameLimits { bytes_max: 143, ..NameLimits::LINUX };
        for rules in [NameRules::Posix, NameRules::Portable, NameRules::Posix.on(short)] {
            let wanted = clean(&"x".repeat(300), rules);
            let clip = clean(&with_other_extension(&wanted, ".mp4", rules), rules);
            let mut children = Vec::new();
            for i in 0..30 {
                let still = Still { id: i, wanted: wanted.clone() };
                children.push(child(i, &wanted));
                children.push(Child { still: Some(still), ..child(i + 100, &clip) });
            }
            let names = deal(&children, &BTreeSet::new(), rules);
            for (i, pair) in names.chunks(2).enumerate().skip(1) {
                assert!(pair[0].ends_with(&format!(" ({i})")), "{pair:?}");
                assert_eq!(pair[1], format!("{}.mp4", pair[0]));
                assert!(pair[1].len() <= rules.disk_bytes_max(), "{pair:?}");
                assert!(is_dealt_for(&pair[0], &wanted, false), "{pair:?}");
            }
        }
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
