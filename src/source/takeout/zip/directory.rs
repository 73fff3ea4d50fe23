//! The directory of a zip, read from its end in windows; where it is missing or wrong, the
//! entries are looked for one by one.

use bytes::{Buf as _, Bytes, BytesMut};

use super::super::super::Error;
use super::super::Found;
use super::super::medium::Medium;
use super::super::trouble::{Trouble, TroubleKind};
use super::judge::Judge;
use super::records::{self, End, Ending, Read};
use super::scan::Scan;

/// How much of the directory is read at a time, in bytes.
const WINDOW: u64 = 1 << 20;

/// How much of the end is read first, in bytes: the directory of most parts is in it.
const FIRST_MIN: u64 = 8 << 10;
const FIRST_MAX: u64 = 256 << 10;
/// One byte of a directory stands for so many of the archive, about.
const FIRST_SHARE: u64 = 1024;

/// What is in a zip, in batches.
pub struct Directory {
    medium: Medium,
    size_bytes: u64,
    judge: Judge,
    state: State,
}

enum State {
    /// The directory is read.
    Listing(Listing),
    /// It is not to be relied on: what is wrong with it is told before the first entry.
    Scanning(Option<TroubleKind>, Box<Scan>),
    /// All was told.
    Ended,
}

/// How far the directory was read.
struct Listing {
    end: End,
    /// The next byte to be read.
    next: u64,
    /// The last bytes of the archive, from that byte on.
    tail: (u64, Bytes),
    /// What was read and not used yet.
    rest: BytesMut,
    /// How many entries there were.
    entries: u64,
}

impl Directory {
    /// Looks for the directory of a zip of that length.
    pub(in super::super) async fn open(medium: Medium, size_bytes: u64) -> Result<Self, Error> {
        let (tail_at, tail, ending) = tail(&medium, size_bytes).await?;
        let end = match ending {
            Some(Ending::Here(end, at)) => Some((end, tail_at + at as u64)),
            Some(Ending::Elsewhere(at)) => larger(&medium, (tail_at, &tail), at).await?,
            None => None,
        };
        let fits = |(end, limit): &(End, u64)| {
            end.at.checked_add(end.size_bytes).is_some_and(|until| until <= *limit)
        };
        let state = if let Some((end, _)) = end.filter(fits) {
            let (rest, entries) = (BytesMut::new(), 0);
            State::Listing(Listing { end, next: end.at, tail: (tail_at, tail), rest, entries })
        } else {
            let what = ending.map_or(TroubleKind::Cut, |_| TroubleKind::BadDirectory);
            State::Scanning(Some(what), Box::new(Scan::new(&medium, size_bytes)))
        };
        let judge = Judge::new(end.map_or(size_bytes, |(end, _)| end.at));
        Ok(Self { medium, size_bytes, judge, state })
    }

    /// Returns the next entries and what is wrong with others; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Error::Google`], [`Error::Gone`], [`Error::Withheld`], [`Error::Local`]: what is
    /// wrong with the archive is no error.
    pub async fn next(&mut self) -> Result<Option<Vec<Found>>, Error> {
        match &mut self.state {
            State::Ended => Ok(None),
            State::Scanning(what, scan) => {
                if let Some(what) = what.take() {
                    return Ok(Some(vec![Found::Trouble(Trouble::of_part(what))]));
                }
                let found = scan.next(&mut self.judge).await?;
                if found.is_none() {
                    self.state = State::Ended;
                }
                Ok(found)
            }
            State::Listing(listing) => {
                let mut found = Vec::new();
                match listing.read(&self.medium, &mut self.judge, &mut found).await? {
                    Step::More => {}
                    Step::End => self.state = State::Ended,
                    Step::Wrong => {
                        let scan = Scan::after_listing(&self.medium, self.size_bytes);
                        let what = Some(TroubleKind::BadDirectory);
                        self.state = State::Scanning(what, Box::new(scan));
                    }
                }
                Ok(Some(found))
            }
        }
    }
}

/// How it went with a window.
enum Step {
    More,
    End,
    Wrong,
}

impl Listing {
    async fn read(
        &mut self,
        medium: &Medium,
        judge: &mut Judge,
        found: &mut Vec<Found>,
    ) -> Result<Step, Error> {
        let until = self.end.at + self.end.size_bytes;
        self.fetch(medium, until.min(self.next.saturating_add(WINDOW))).await?;
        loop {
            match records::central(&self.rest) {
                Read::Entry(stated, bytes) => {
                    judge.judge(&stated, found);
                    self.entries += 1;
                    self.rest.advance(bytes);
                }
                Read::Part if self.next < until => return Ok(Step::More),
                Read::Part if self.is_as_stated() => return Ok(Step::End),
                Read::Part | Read::Other => return Ok(Step::Wrong),
            }
        }
    }

    /// Whether all that was stated was there. The count has 16 bits in the smaller end
    /// record, and some let it run over.
    fn is_as_stated(&self) -> bool {
        self.rest.is_empty() && self.entries & 0xffff == self.end.entries & 0xffff
    }

    /// Reads as far as `until`, out of what is at hand where it is.
    async fn fetch(&mut self, medium: &Medium, until: u64) -> Result<(), Error> {
        let (tail_at, tail) = &self.tail;
        if self.next < until.min(*tail_at) {
            let bytes = medium.read(self.next..until.min(*tail_at)).await?;
            self.rest.extend_from_slice(&bytes);
        }
        let here = |at: u64| usize::try_from(at.saturating_sub(*tail_at)).unwrap_or(usize::MAX);
        let (from, to) = (here(self.next).min(tail.len()), here(until).min(tail.len()));
        self.rest.extend_from_slice(&tail[from..to]);
        self.next = until;
        Ok(())
    }
}

/// Reads the end of the archive, and more of it if what is looked for is not in the least.
async fn tail(medium: &Medium, size: u64) -> Result<(u64, Bytes, Option<Ending>), Error> {
    let first = (size / FIRST_SHARE).clamp(FIRST_MIN, FIRST_MAX);
    let at = size.saturating_sub(first);
    let tail = medium.read(at..size).await?;
    let ending = records::ending(&tail);
    let longer = size.saturating_sub(records::TAIL_BYTES);
    if ending.is_some() || longer >= at {
        return Ok((at, tail, ending));
    }
    let tail = medium.read(longer..size).await?;
    let ending = records::ending(&tail);
    Ok((longer, tail, ending))
}

/// Reads the larger end record at `at`, which is mostly in what was read already.
async fn larger(
    medium: &Medium,
    (tail_at, tail): (u64, &Bytes),
    at: u64,
) -> Result<Option<(End, u64)>, Error> {
    let until = at.saturating_add(records::END_64_BYTES as u64);
    let end_of_tail = tail_at + tail.len() as u64;
    if until > end_of_tail {
        return Ok(None);
    }
    let record = match at.checked_sub(tail_at).and_then(|from| usize::try_from(from).ok()) {
        Some(from) => tail.slice(from..),
        None => medium.read(at..until).await?,
    };
    Ok(records::larger_end(&record).map(|end| (end, at)))
}
