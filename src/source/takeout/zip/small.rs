//! Many small entries of a zip, each whole, in few requests.

use std::collections::VecDeque;

use super::super::super::Error;
use super::super::medium::Medium;
use super::super::trouble::{Trouble, TroubleKind};
use super::group::{Group, near};
use crate::model::Packed;

/// No entry that is read whole is longer, in bytes.
pub(in super::super) const SMALL_MAX: u64 = 64 << 20;

/// Small entries, one after another.
pub struct Small {
    medium: Medium,
    size_bytes: u64,
    /// Those to come, in the order of where they are, each with its place in what was asked.
    waiting: VecDeque<(usize, Packed)>,
    /// The group that is being read, and the places of what is in it.
    group: Option<(Group, VecDeque<(usize, String)>)>,
}

impl Small {
    pub(in super::super) fn new(medium: Medium, size_bytes: u64, entries: &[Packed]) -> Self {
        let mut waiting: Vec<_> = entries.iter().cloned().enumerate().collect();
        waiting.sort_by_key(|(_, entry)| entry.at);
        Self { medium, size_bytes, waiting: waiting.into(), group: None }
    }

    /// Returns the next entry: its place in what was asked for, and its bytes or what is
    /// wrong with it. They come in the order in which they lie in the archive. `None` after
    /// the last.
    ///
    /// # Errors
    ///
    /// [`Error::Google`], [`Error::Gone`], [`Error::Withheld`], [`Error::Local`]: what is
    /// wrong with one entry is no error.
    pub async fn next(&mut self) -> Result<Option<(usize, Result<Vec<u8>, Trouble>)>, Error> {
        loop {
            if let Some((group, places)) = &mut self.group
                && let Some((place, path)) = places.pop_front()
            {
                let read = match whole(group).await {
                    Err(Error::Broken(trouble)) => Err(trouble),
                    Ok(None) => Err(Trouble { path, what: TroubleKind::Lost }),
                    Ok(Some(bytes)) => Ok(bytes),
                    Err(error) => return Err(error),
                };
                return Ok(Some((place, read)));
            }
            if let Some((mut group, _)) = self.group.take() {
                group.entry().await?;
            }
            let Some((place, first)) = self.waiting.front() else { return Ok(None) };
            if first.size_bytes > SMALL_MAX {
                let trouble = Trouble::at(&first.path, TroubleKind::TooLong(SMALL_MAX));
                let told = (*place, Err(trouble));
                self.waiting.pop_front();
                return Ok(Some(told));
            }
            self.begin();
        }
    }

    /// Begins with the next group.
    fn begin(&mut self) {
        let small = self.waiting.iter().map(|(_, entry)| entry);
        let count = near(small.take_while(|entry| entry.size_bytes <= SMALL_MAX));
        let taken: Vec<_> = self.waiting.drain(..count).collect();
        let places = taken.iter().map(|(place, entry)| (*place, entry.path.clone())).collect();
        let entries = taken.into_iter().map(|(_, entry)| entry).collect();
        let group = Group::new(self.medium.clone(), self.size_bytes, entries, 0);
        self.group = Some((group, places));
    }
}

async fn whole(group: &mut Group) -> Result<Option<Vec<u8>>, Error> {
    if group.entry().await?.is_none() {
        return Ok(None);
    }
    let mut all = Vec::new();
    while let Some(bytes) = group.chunk().await? {
        all.extend_from_slice(&bytes);
    }
    Ok(Some(all))
}
