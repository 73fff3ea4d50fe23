//! Reads what lies near each other in an archive by one request, one thing after another.
//!
//! What one of them is wrong about is its own failure. A cut connection is opened again from
//! the first that is not whole.

use super::landing::Landing;
use super::transfer::{Failure, Fetched, Line, Member};
use crate::source::{self, Origin, Want};

/// Things that are read together, in the order in which they lie in an archive.
#[derive(Default)]
pub(super) struct Bundle {
    landings: Vec<Landing>,
    wants: Vec<Want>,
}

type Outcome = Result<Fetched, Failure>;

impl Bundle {
    pub(super) fn is_empty(&self) -> bool {
        self.wants.is_empty()
    }

    /// Says whether one request reads `want` as well.
    pub(super) fn takes(&mut self, origin: &dyn Origin, want: &Want) -> bool {
        self.wants.push(want.clone());
        let together = origin.together(&self.wants);
        let takes = together == self.wants.len();
        self.wants.pop();
        takes
    }

    pub(super) fn push(&mut self, (landing, want): (Landing, Want)) {
        self.landings.push(landing);
        self.wants.push(want);
    }

    /// Fetches all of it.
    pub(super) async fn fetch(self, line: &Line, origin: &dyn Origin) -> Vec<(Landing, Outcome)> {
        let mut outcomes: Vec<Option<Outcome>> = self.wants.iter().map(|_| None).collect();
        let mut attempt = 0;
        while let Some(first) = outcomes.iter().position(Option::is_none) {
            let before = known(&outcomes);
            let read = self.read(line, origin, first, &mut outcomes).await;
            // What came in an earlier round is no news: a server that stays away must be given up.
            attempt = if known(&outcomes) > before { 0 } else { attempt + 1 };
            let Err(error) = read else {
                // What was not said anything of is not there.
                fill(&mut outcomes, || Failure::Nowhere);
                break;
            };
            let wait = match &error {
                source::Error::Google(error) => error.resume_after(attempt),
                _ => None,
            };
            match wait {
                Some(wait) => line.clock.sleep(wait).await,
                // The first that is not whole has the failure; each of the others may do better
                // by itself.
                None => fail_next(&mut outcomes, error.into()),
            }
        }
        // What came damaged may have been damaged on its way.
        for (i, outcome) in outcomes.iter_mut().enumerate() {
            if matches!(outcome, Some(Err(failure)) if failure.is_of_archive()) {
                *outcome = Some(self.again(line, origin, i).await);
            }
        }
        self.landings.into_iter().zip(outcomes.into_iter().flatten()).collect()
    }

    /// Reads one once more, by itself.
    async fn again(&self, line: &Line, origin: &dyn Origin, i: usize) -> Outcome {
        let want = &self.wants[i];
        let mut reading = origin.open(std::slice::from_ref(want)).await?;
        reading.entry().await?.ok_or(Failure::Nowhere)?;
        let member = Member { line, want, path: &self.landings[i].path };
        member.take(&mut *reading).await
    }

    /// Reads from the one in place `first` on.
    async fn read(
        &self,
        line: &Line,
        origin: &dyn Origin,
        first: usize,
        outcomes: &mut [Option<Outcome>],
    ) -> Result<(), source::Error> {
        let mut reading = origin.open(&self.wants[first..]).await?;
        while let Some(entry) = reading.entry().await? {
            let i = first + entry.index;
            let (Some(want), Some(landing)) = (self.wants.get(i), self.landings.get(i)) else {
                continue;
            };
            let member = Member { line, want, path: &landing.path };
            match member.take(&mut *reading).await {
                Err(Failure::Source(error @ source::Error::Google(_))) => return Err(error),
                outcome => outcomes[i] = Some(outcome),
            }
        }
        Ok(())
    }
}

/// Of how many it is known what became of them.
fn known(outcomes: &[Option<Outcome>]) -> usize {
    outcomes.iter().flatten().count()
}

/// Has the first have failed of which nothing is known yet.
fn fail_next(outcomes: &mut [Option<Outcome>], failure: Failure) {
    if let Some(failed) = outcomes.iter_mut().find(|outcome| outcome.is_none()) {
        *failed = Some(Err(failure));
    }
}

fn fill(outcomes: &mut [Option<Outcome>], with: impl Fn() -> Failure) {
    outcomes.iter_mut().filter(|it| it.is_none()).for_each(|it| *it = Some(Err(with())));
}
