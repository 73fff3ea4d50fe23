//! Notices a listing that has no end: page after page, and nothing new on any of them.
//!
//! Google gives pages with nothing on them that go on all the same, and pages that repeat
//! what an earlier one had where something moved meanwhile. So neither alone is a sign;
//! very many of them in a row are.

use crate::engine::Error;
use crate::source;

/// So many pages in a row may bring nothing new, whatever the account has.
const BARREN_MAX: u64 = 500;

/// One page more for so many items that are known: a feed may tell of all of them that
/// something changed which nobody here reads.
const ITEMS_PER_PAGE: u64 = 20;

/// How a listing gets on.
#[derive(Default)]
pub(super) struct Progress {
    barren: u64,
    most: Option<u64>,
}

impl Progress {
    /// Takes notice of a page that is not the last. `known` counts the items of the source.
    ///
    /// # Errors
    ///
    /// [`source::Error::Endless`]; what `known` fails with.
    pub(super) fn page(
        &mut self,
        brought_news: bool,
        known: impl FnOnce() -> Result<u64, Error>,
    ) -> Result<(), Error> {
        self.barren = if brought_news { 0 } else { self.barren + 1 };
        if self.barren < BARREN_MAX {
            return Ok(());
        }
        let most = match self.most {
            Some(most) => most,
            None => BARREN_MAX + known()? / ITEMS_PER_PAGE,
        };
        self.most = Some(most);
        if self.barren < most {
            return Ok(());
        }
        Err(source::Error::Endless { pages: self.barren }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_bring_nothing_are_borne_as_long_as_news_come_in_between() {
        let mut progress = Progress::default();
        for page in 0..10 * BARREN_MAX {
            progress.page(page % (BARREN_MAX - 1) == 0, || Ok(0)).unwrap();
        }
    }

    #[test]
    fn a_large_account_is_given_more_patience_and_not_without_end() {
        for (known, most) in [(0, 500), (1000, 550), (1_000_000, 50_500)] {
            let mut progress = Progress::default();
            let borne =
                (0..1_000_000).take_while(|_| progress.page(false, || Ok(known)).is_ok()).count();
            assert_eq!(borne, most - 1, "{known} items");
        }
    }

    #[test]
    fn items_are_counted_only_where_patience_is_at_its_end() {
        let mut progress = Progress::default();
        let never = || panic!("counted");
        (1..BARREN_MAX).for_each(|_| progress.page(false, never).unwrap());
    }
}
