//! The order in which a batch of files can change their paths without one ever
//! being overwritten.
//!
//! Each move waits for the files that are in its way: the one at its goal, one
//! whose name is to become a folder on the way there, those in a folder whose
//! name is to become the file. Where moves wait for each other in a circle, one
//! of them is lifted aside. Which moves there are is decided in [`super::steps`].

use crate::model::ArchivePath;

/// A file that is to change its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where it is.
    pub from: ArchivePath,
    /// Where it is to be.
    pub to: ArchivePath,
}

/// One act of carrying out a batch of moves. The number is the move's place in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Rename the file from its old path to its new one.
    Rename(usize),
    /// Rename the file from its old path to a place outside the trees.
    Lift(usize),
    /// Rename the file that was lifted to its new path.
    Settle(usize),
}

/// Returns the acts that carry out `moves`, so that each finds its goal free.
///
/// The files that move must not share an old or a new path, and what is on the
/// disk afterwards must be a tree: the path of no file, moved or not, lies on
/// the way to that of another. Whoever carries the acts out makes folders as
/// they are needed and removes those that were left empty where a file is to be.
///
/// Only what moves in a circle is lifted, and one file of each circle. A move to
/// where the file already is needs no act. Takes `n log n` time for `n` moves.
#[must_use]
pub fn untangle(moves: &[Move]) -> Vec<Act> {
    let moves = Moves::new(moves);
    let mut states = vec![State::Waiting; moves.all.len()];
    let mut acts = Vec::with_capacity(moves.all.len());
    for i in (0..moves.all.len()).filter(|&i| moves.goes_anywhere(i)) {
        clear(&moves, i, &mut states, &mut acts);
    }
    acts
}

/// How far a move is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is done.
    Waiting,
    /// Its goal is being cleared.
    Clearing,
    /// The file is aside, and its goal is being cleared.
    Lifted,
    /// The file is where it is to be.
    Done,
}

/// Carries out move `first` after all that it waits for, depth first.
///
/// A move that is met while its own goal is being cleared closes a circle.
fn clear(moves: &Moves<'_>, first: usize, states: &mut [State], acts: &mut Vec<Act>) {
    let mut open = Vec::new();
    let mut next = Some(first);
    loop {
        match next {
            Some(i) if states[i] == State::Waiting => {
                states[i] = State::Clearing;
                open.push((i, moves.in_the_way_of(i)));
            }
            Some(i) if states[i] == State::Clearing => {
                states[i] = State::Lifted;
                acts.push(Act::Lift(i));
            }
            _ => {}
        }
        let Some((i, in_the_way)) = open.last_mut() else { return };
        next = in_the_way.next();
        if next.is_none() {
            acts.push(if states[*i] == State::Lifted { Act::Settle(*i) } else { Act::Rename(*i) });
            states[*i] = State::Done;
            open.pop();
        }
    }
}

/// The moves of a batch, to be found by their old paths.
struct Moves<'a> {
    all: &'a [Move],
    /// Those that go anywhere, by their old paths.
    by_from: Vec<usize>,
}

impl<'a> Moves<'a> {
    fn new(all: &'a [Move]) -> Self {
        let mut moves = Self { all, by_from: Vec::new() };
        moves.by_from = (0..all.len()).filter(|&i| moves.goes_anywhere(i)).collect();
        moves.by_from.sort_unstable_by_key(|&i| all[i].from.as_str());
        moves
    }

    fn goes_anywhere(&self, i: usize) -> bool {
        self.all[i].from != self.all[i].to
    }

    /// The moves whose files are in the way of move `i`, perhaps its own.
    fn in_the_way_of(&self, i: usize) -> impl Iterator<Item = usize> + use<'a, '_> {
        let to = self.all[i].to.as_str();
        let ends = to.match_indices('/').map(|(end, _)| end).chain([to.len()]);
        let on_the_way = ends.filter_map(move |end| self.at(&to[..end]));
        on_the_way.chain(self.below(to))
    }

    /// The move of the file at `path`.
    fn at(&self, path: &str) -> Option<usize> {
        let found = self.by_from.binary_search_by_key(&path, |&i| self.all[i].from.as_str());
        found.ok().map(|place| self.by_from[place])
    }

    /// The moves of the files in the folder `path`.
    fn below(&self, path: &str) -> impl Iterator<Item = usize> + use<'a, '_> {
        let folder = format!("{path}/");
        let first = self.by_from.partition_point(|&i| self.all[i].from.as_str() < folder.as_str());
        let after = self.by_from[first..].iter().copied();
        after.take_while(move |&i| self.all[i].from.as_str().starts_with(&folder))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_renames_do_wherever_an_order_of_them_does() {
        check("", "");
        check("a>b", "a>b");
        check("a>a", "");
        // Chains, from their free end.
        check("a>b b>c", "b>c a>b");
        check("a>b c>d b>c", "c>d b>c a>b");
        // A file makes way for a folder, and a folder for a file.
        check("b>a/x a>c", "a>c b>a/x");
        check("b>a a/x>c a/y/z>d", "a/x>c a/y/z>d b>a");
        // Alike, and yet not in the way.
        check("b>a a.x>c a!/y>d", "b>a a.x>c a!/y>d");
    }

    #[test]
    fn circles_are_cut_by_lifting_one_file_aside() {
        check("a>b b>a", "a>* b>a *>b");
        check("a>b b>c c>a", "a>* c>a b>c *>b");
        // A file's own name becomes its folder, or the reverse.
        check("a>a/b", "a>* *>a/b");
        check("a/b/c>a", "a/b/c>* *>a");
        // A file and a folder exchange their names.
        check("a>b b/x>a/x b/y>a/y", "a>* b/x>a/x b/y>a/y *>b");
    }

    #[track_caller]
    fn check(moves: &str, expected: &str) {
        let moves = parse(moves);
        assert_eq!(show(&moves, &untangle(&moves)), expected);
    }

    #[test]
    fn a_million_files_in_one_circle_are_moved_in_one_go() {
        let name = |i: usize| ArchivePath::parse(&format!("drive/{i:07}")).unwrap();
        let count = 1_000_000;
        let moves: Vec<_> =
            (0..count).map(|i| Move { from: name(i), to: name((i + 1) % count) }).collect();
        let acts = untangle(&moves);
        assert_eq!(acts.len(), count + 1);
        assert_eq!(acts[0], Act::Lift(0));
    }

    proptest! {
        #[test]
        fn any_batch_reaches_its_goal_on_a_disk_that_refuses_to_overwrite(
            (from, to) in (tree(), tree()),
        ) {
            let moves: Vec<_> = from.iter().cloned().zip(to.iter().cloned())
                .map(|(from, to)| Move { from, to })
                .collect();
            let acts = untangle(&moves);

            let mut disk = Disk::holding(from.iter().take(moves.len()));
            for act in &acts {
                disk.carry_out(*act, &moves).unwrap();
            }
            prop_assert_eq!(&disk, &Disk::holding(to.iter().take(moves.len())));

            let lifted = acts.iter().any(|act| matches!(act, Act::Lift(_)));
            prop_assert_eq!(lifted, !plain_renames_suffice(&moves));
        }
    }

    /// Whether trying each rename over and over gets all of them done: one that
    /// is done never hinders another.
    fn plain_renames_suffice(moves: &[Move]) -> bool {
        let mut disk = Disk::holding(moves.iter().map(|step| &step.from));
        let mut left: Vec<_> = (0..moves.len()).filter(|&i| moves[i].from != moves[i].to).collect();
        loop {
            let before = left.len();
            left.retain(|&i| disk.carry_out(Act::Rename(i), moves).is_err());
            if left.len() == before {
                return left.is_empty();
            }
        }
    }

    /// A disk that refuses to overwrite, with folders where they are needed only.
    #[derive(Debug, PartialEq)]
    struct Disk {
        files: BTreeMap<String, usize>,
        aside: BTreeSet<usize>,
    }

    impl Disk {
        fn holding<'a>(paths: impl Iterator<Item = &'a ArchivePath>) -> Self {
            let files = paths.zip(0..).map(|(path, i)| (path.to_string(), i)).collect();
            Self { files, aside: BTreeSet::new() }
        }

        /// Fails, and changes nothing, where a disk would.
        fn carry_out(&mut self, act: Act, moves: &[Move]) -> Result<(), String> {
            match act {
                Act::Rename(i) => {
                    self.check(&moves[i].to)?;
                    self.take(i, &moves[i].from);
                    self.files.insert(moves[i].to.to_string(), i);
                }
                Act::Lift(i) => {
                    self.take(i, &moves[i].from);
                    self.aside.insert(i);
                }
                Act::Settle(i) => {
                    self.check(&moves[i].to)?;
                    assert!(self.aside.remove(&i), "not lifted: {i}");
                    self.files.insert(moves[i].to.to_string(), i);
                }
            }
            Ok(())
        }

        fn take(&mut self, i: usize, from: &ArchivePath) {
            assert_eq!(self.files.remove(from.as_str()), Some(i), "not the file at {from}");
        }

        fn check(&self, to: &ArchivePath) -> Result<(), String> {
            let to = to.as_str();
            let in_the_way = self.files.keys().find(|path| {
                *path == to
                    || path.starts_with(&format!("{to}/"))
                    || to.starts_with(&format!("{path}/"))
            });
            in_the_way.map_or(Ok(()), |path| Err(format!("{path} is in the way of {to}")))
        }
    }

    /// Files whose names are in each other's way as often as can be, and of
    /// which no two are.
    fn tree() -> impl Strategy<Value = Vec<ArchivePath>> {
        let paths = ["a", "b", "c", "a/a", "a/b", "b/a", "b/a/a", "b/a/b", "c/a", "d/d", "a/c/e"];
        (Just(paths).prop_shuffle(), 0..=paths.len()).prop_map(|(paths, count)| {
            let mut tree = parse_paths(&paths[..count]);
            let mut disk = Disk::holding([].iter());
            tree.retain(|path| {
                let free = disk.check(path);
                free.map(|()| disk.files.insert(path.to_string(), 0)).is_ok()
            });
            tree
        })
    }

    fn parse_paths(paths: &[&str]) -> Vec<ArchivePath> {
        paths.iter().map(|path| ArchivePath::parse(path).unwrap()).collect()
    }

    fn parse(moves: &str) -> Vec<Move> {
        let path = |text: &str| ArchivePath::parse(text).unwrap();
        let parse = |step: &str| {
            let (from, to) = step.split_once('>').unwrap();
            Move { from: path(from), to: path(to) }
        };
        moves.split_whitespace().map(parse).collect()
    }

    fn show(moves: &[Move], acts: &[Act]) -> String {
        let show = |act: &Act| match *act {
            Act::Rename(i) => format!("{}>{}", moves[i].from, moves[i].to),
            Act::Lift(i) => format!("{}>*", moves[i].from),
            Act::Settle(i) => format!("*>{}", moves[i].to),
        };
        acts.iter().map(show).collect::<Vec<_>>().join(" ")
    }
}
