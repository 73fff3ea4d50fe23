//! What the person chooses in the Picker, and when: nobody sits before the sandbox.

use std::collections::{BTreeMap, VecDeque};

use super::Session;
use crate::sandbox::world::World;

/// What the person will choose.
#[derive(Clone, Debug, Default)]
pub struct Picks {
    pub(super) items: Vec<String>,
    pub(super) polls: u32,
    pub(super) endless: bool,
}

impl Picks {
    /// Chooses the items of these ids, at once.
    #[must_use]
    pub fn new(items: &[&str]) -> Self {
        let items = items.iter().map(|id| (*id).to_owned()).collect();
        Self { items, ..Self::default() }
    }

    /// Never comes to an end, until [`World::pick`].
    #[must_use]
    pub fn never() -> Self {
        Self::new(&[]).after_polls(u32::MAX)
    }

    /// Takes longer: so many questions for the session are answered with "not yet".
    #[must_use]
    pub fn after_polls(mut self, polls: u32) -> Self {
        self.polls = polls;
        self
    }

    /// Lists what was chosen with a last page whose token leads to that page again,
    /// as has been seen with more than a hundred items.
    #[must_use]
    pub fn with_endless_token(mut self) -> Self {
        self.endless = true;
        self
    }
}

/// Where sessions are kept.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Desk {
    /// Of every session that has none of its own.
    pub(super) picks: Picks,
    /// Of the next sessions, one each.
    pub(super) next: VecDeque<Picks>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) sessions_max: usize,
    pub(super) opened: u64,
    pub(super) has_photos: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            picks: Picks::default(),
            next: VecDeque::new(),
            sessions: BTreeMap::new(),
            sessions_max: 10,
            opened: 0,
            has_photos: true,
        }
    }
}

impl Desk {
    /// What is chosen in `session`.
    pub(super) fn picks_of<'a>(&'a self, session: &'a Session) -> &'a Picks {
        session.own.as_ref().unwrap_or(&self.picks)
    }
}

impl World {
    /// Says what the person will choose in every Picker session from now on.
    #[must_use]
    pub fn picks(mut self, picks: Picks) -> Self {
        self.set_picks(picks);
        self
    }

    /// Says what the person will choose in the next session, and in that alone. Said again, it
    /// is for the session after that.
    ///
    /// # Panics
    ///
    /// If one of the items is not there.
    #[must_use]
    pub fn then_picks(mut self, picks: Picks) -> Self {
        self.must_have(&picks);
        self.photos.picker.next.push_back(picks);
        self
    }

    /// Makes it an account without Google Photos.
    #[must_use]
    pub fn without_photos(mut self) -> Self {
        self.photos.picker.has_photos = false;
        self
    }

    /// As [`Self::picks`], while the sandbox runs; sessions that are open choose that too.
    ///
    /// # Panics
    ///
    /// If one of the items is not there.
    pub fn set_picks(&mut self, picks: Picks) {
        self.must_have(&picks);
        self.photos.picker.picks = picks;
    }

    /// Has the person choose these items and press "Done" now, in every session that is open or
    /// will be.
    ///
    /// # Panics
    ///
    /// If one of them is not there.
    pub fn pick(&mut self, items: &[&str]) {
        self.set_picks(Picks::new(items));
        for session in self.photos.picker.sessions.values_mut() {
            (session.own, session.polls_left) = (None, 0);
        }
    }

    /// Refuses a session while there are as many as this.
    pub fn limit_sessions(&mut self, count: usize) {
        self.photos.picker.sessions_max = count;
    }

    /// How many Picker sessions are open.
    #[must_use]
    pub fn open_sessions(&self) -> usize {
        self.photos.picker.sessions.len()
    }

    fn must_have(&self, picks: &Picks) {
        for id in &picks.items {
            assert!(self.photos.items.contains_key(id), "the world has no photo {id:?}");
        }
    }
}
