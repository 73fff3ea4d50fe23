//! When Takeout's exports come: from the dates of those that came, when the next is due and
//! when Google stops to make them.
//!
//! Google makes one every two months for a year, six in all, and tells no program of that:
//! <https://support.google.com/accounts/answer/3024190>. What is not sure is not claimed: by one
//! export alone nobody knows whether another is to come. Nothing here looks at a clock.

use chrono::{DateTime, TimeDelta, Utc};

/// How long after one export the next is due.
const BETWEEN: TimeDelta = TimeDelta::days(61);

/// When none came for more days than these something is wrong.
const LATE_DAYS: i64 = 70;

/// How far apart two exports are that follow each other, and two of which one between them
/// did not come: Google takes hours or days to make one.
const STEPS: [(TimeDelta, TimeDelta); 2] =
    [(TimeDelta::days(45), TimeDelta::days(76)), (TimeDelta::days(106), TimeDelta::days(137))];

/// For how long Google makes them.
const YEAR: TimeDelta = TimeDelta::days(365);

/// From this long after the first on, one is of the next year's order.
const NEXT_YEAR: TimeDelta = TimeDelta::days(345);

/// One that would be due this shortly before the end of the year, or after it, does not come.
const TAIL: TimeDelta = TimeDelta::days(15);

/// What the dates of exports tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// When the newest was made.
    pub last: DateTime<Utc>,
    /// About when the next is due. `None`: the year's order is at its end.
    pub next: Option<DateTime<Utc>>,
    /// About when Google stops to make them. `None`: it is not known that it makes them by
    /// itself, since no two were seen about two months apart.
    pub ends: Option<DateTime<Utc>>,
    /// None came for so long that something is wrong.
    pub is_late: bool,
}

/// Tells when exports come, by when those were made that came, in any order; `None` where none
/// did.
#[must_use]
pub fn schedule(made: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Schedule> {
    let mut made = made.to_vec();
    made.sort_unstable();
    let last = *made.last()?;
    let is_late = (now - last).num_days() > LATE_DAYS;
    let Some((first, newest)) = running(&made) else {
        return Some(Schedule { last, next: Some(last + BETWEEN), ends: None, is_late });
    };
    let ends = first + YEAR;
    let next = Some(newest + BETWEEN).filter(|next| *next <= ends - TAIL);
    Some(Schedule { last, next, ends: Some(ends), is_late })
}

/// The first and the newest export of the order that runs, of all in the order of their dates.
/// One that a person asked for in between is of none.
fn running(made: &[DateTime<Utc>]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let last = *made.last()?;
    let is_current = |at: &&DateTime<Utc>| last - **at <= STEPS[0].1;
    let newest = made
        .iter()
        .rev()
        .take_while(is_current)
        .find(|at| before(made, **at).is_some())
        .copied()?;
    let mut of_order = vec![newest];
    while let Some(earlier) = of_order.last().and_then(|at| before(made, *at)) {
        of_order.push(earlier);
    }
    let mut first = *of_order.last()?;
    for at in of_order.into_iter().rev() {
        if at - first >= NEXT_YEAR {
            first = at;
        }
    }
    Some((first, newest))
}

/// The export that `at` follows in one order, if there is any: the one whose distance is most
/// like two months; if there is none, like four.
fn before(made: &[DateTime<Utc>], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let within = |(least, most): (TimeDelta, TimeDelta)| {
        let apart = move |earlier: &DateTime<Utc>| at - *earlier;
        let fits = move |earlier: &&DateTime<Utc>| (least..=most).contains(&apart(earlier));
        let like = (least + most) / 2;
        made.iter().filter(fits).min_by_key(|earlier| (apart(earlier) - like).abs()).copied()
    };
    STEPS.into_iter().find_map(within)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + number)
    }

    #[test]
    fn what_the_dates_of_exports_tell() {
        //     made on the days                          today  next        ends        late
        check(&[], 0, None);
        check(&[0], 10, Some((Some(61), None, false)));
        check(&[0], 70, Some((Some(61), None, false)));
        check(&[0], 71, Some((Some(61), None, true)));
        check(&[0, 10], 20, Some((Some(71), None, false)));
        check(&[0, 61], 70, Some((Some(122), Some(365), false)));
        check(&[61, 0], 132, Some((Some(122), Some(365), true)));
        // Google takes its time.
        check(&[0, 64, 122], 130, Some((Some(183), Some(365), false)));
        // One did not come.
        check(&[0, 61, 183], 190, Some((Some(244), Some(365), false)));
        // The last of a year.
        check(&[0, 61, 122, 183, 244, 305], 310, Some((None, Some(365), false)));
        check(&[0, 61, 122, 183, 244, 305], 400, Some((None, Some(365), true)));
        // Renewed: another year.
        check(&[0, 61, 122, 183, 244, 305, 366], 370, Some((Some(427), Some(731), false)));
        check(&[0, 61, 122, 183, 244, 305, 366, 427], 430, Some((Some(488), Some(731), false)));
        // One that a person asked for in between changes nothing.
        check(&[0, 61, 80], 90, Some((Some(122), Some(365), false)));
        check(&[0, 30, 61, 122], 130, Some((Some(183), Some(365), false)));
        // What ran years ago does not run.
        check(&[0, 61, 1000], 1001, Some((Some(1061), None, false)));
        // A clock that is wrong, or a name that is.
        check(&[100], 0, Some((Some(161), None, false)));
    }

    type Told = (Option<i64>, Option<i64>, bool);

    #[track_caller]
    fn check(made: &[i64], today: i64, expected: Option<Told>) {
        let days: Vec<_> = made.iter().copied().map(day).collect();
        let number = |at: DateTime<Utc>| (at - day(0)).num_days();
        let told = schedule(&days, day(today));
        assert_eq!(told.map(|told| told.last), days.iter().max().copied());
        let told = told.map(|told| (told.next.map(number), told.ends.map(number), told.is_late));
        assert_eq!(told, expected, "{made:?} on day {today}");
    }

    proptest! {
        #[test]
        fn no_end_is_told_of_exports_that_no_two_months_lie_between(
            mut made in prop::collection::vec(0..44_i64, 1..8), gap in 181..2000_i64,
        ) {
            made.extend(made.clone().into_iter().map(|day| day + gap));
            let days: Vec<_> = made.iter().copied().map(day).collect();
            prop_assert_eq!(schedule(&days, day(0)).unwrap().ends, None);
        }

        #[test]
        fn the_order_of_the_dates_is_nothing_to_it(made in prop::collection::vec(0..2000_i64, 0..20)) {
            let days: Vec<_> = made.iter().copied().map(day).collect();
            let reversed: Vec<_> = days.iter().rev().copied().collect();
            prop_assert_eq!(schedule(&days, day(0)), schedule(&reversed, day(0)));
        }
    }
}
