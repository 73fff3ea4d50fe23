//! The words that say what a faulty disk is to do, separated by commas:
//!
//! * `stop=K`: the process ends instead of doing the K-th operation;
//! * `lose`: at that end, what was not made durable is taken back, as in a power cut;
//!   `lose=SEED`: some of it is, as the number decides;
//! * `fail=K:ERRNO`: the K-th operation fails, with ENOSPC, EDQUOT, EIO or EROFS;
//!   `fail=K+:ERRNO`: so do all after it;
//! * `without=WORD`: an ability is missing, one of those in [`Lack`];
//! * `count=FILE`: how many operations were begun is written there.

use std::path::PathBuf;

use rustix::io::Errno;

/// The words make no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("GPHOTOS_SYNC_DISK: {0}")]
pub struct BadOrders(pub(super) String);

/// What a faulty disk is to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Orders {
    /// Instead of which operation the process ends.
    pub stop: Option<u64>,
    /// What is lost then.
    pub lose: Option<Loss>,
    /// Which operations fail.
    pub fail: Option<Fail>,
    /// What is lacking.
    pub without: Vec<Lack>,
    /// Where the number of operations is written.
    pub count: Option<PathBuf>,
}

/// What a power cut takes of that which was not durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::archive) enum Loss {
    /// All of it.
    All,
    /// Some of it: a number decides which.
    Some(u64),
}

/// Which operations fail, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fail {
    /// The first of them.
    from: u64,
    /// Whether all after it fail, too.
    onwards: bool,
    /// What the system says.
    pub errno: Errno,
}

/// An ability that a disk may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// `links`: second names for a file.
    Links,
    /// `symlinks`.
    Symlinks,
    /// `rename_new`: renaming without overwriting, in one step.
    RenameNew,
    /// `syncfs`: waiting until all is durable.
    Syncfs,
    /// `reserve`: room beyond a file's end.
    Reserve,
    /// `times`: setting when something was modified.
    Times,
    /// `locks`.
    Locks,
    /// `long_names`: names over 143 bytes.
    LongNames,
}

impl Orders {
    pub(super) fn parse(words: &str) -> Result<Self, BadOrders> {
        let mut orders = Self::default();
        for word in words.split(',').filter(|word| !word.is_empty()) {
            let bad = || BadOrders(format!("{word:?} is not understood"));
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "stop" => orders.stop = Some(value.parse().map_err(|_| bad())?),
                "lose" if value.is_empty() => orders.lose = Some(Loss::All),
                "lose" => orders.lose = Some(Loss::Some(value.parse().map_err(|_| bad())?)),
                "fail" => orders.fail = Some(Fail::parse(value).ok_or_else(bad)?),
                "without" => orders.without.push(Lack::parse(value).ok_or_else(bad)?),
                "count" => orders.count = Some(value.into()),
                _ => return Err(bad()),
            }
        }
        Ok(orders)
    }
}

impl Fail {
    fn parse(value: &str) -> Option<Self> {
        let (number, errno) = value.split_once(':')?;
        let errno = match errno {
            "ENOSPC" => Errno::NOSPC,
            "EDQUOT" => Errno::DQUOT,
            "EIO" => Errno::IO,
            "EROFS" => Errno::ROFS,
            _ => return None,
        };
        let first = number.strip_suffix('+');
        let from = first.unwrap_or(number).parse().ok()?;
        Some(Self { from, onwards: first.is_some(), errno })
    }

    /// Whether it hits the operation of that number.
    pub(super) const fn hits(self, number: u64) -> bool {
        number == self.from || self.onwards && number > self.from
    }
}

impl Lack {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "links" => Self::Links,
            "symlinks" => Self::Symlinks,
            "rename_new" => Self::RenameNew,
            "syncfs" => Self::Syncfs,
            "reserve" => Self::Reserve,
            "times" => Self::Times,
            "locks" => Self::Locks,
            "long_names" => Self::LongNames,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_understood_and_no_others() {
        let orders = Orders::parse("stop=7,lose,without=links,without=times,count=/tmp/n").unwrap();
        assert_eq!((orders.stop, orders.lose), (Some(7), Some(Loss::All)));
        assert_eq!(orders.without, [Lack::Links, Lack::Times]);
        assert_eq!(orders.count, Some("/tmp/n".into()));
        let fail = Orders::parse("fail=3+:ENOSPC").unwrap().fail.unwrap();
        assert_eq!([2, 3, 4].map(|number| fail.hits(number)), [false, true, true]);
        let fail = Orders::parse("fail=3:EIO,lose=5").unwrap().fail.unwrap();
        assert_eq!([2, 3, 4].map(|number| fail.hits(number)), [false, true, false]);
        for words in ["stop", "stop=x", "fail=3", "fail=3:EPERM", "without=wings", "halt=3"] {
            assert!(Orders::parse(words).is_err(), "{words}");
        }
    }
}
