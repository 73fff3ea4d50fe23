//! The machine against a Google of a few lines: every item comes, and few requests are sent.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const DRIVE: Grain = Grain { unit_ms: 1_000, slack_ms: 0, newest_first: false, horizon_ms: None };
const DAY: i64 = 86_400_000;
const YEAR: i64 = 365 * DAY;
const PHOTOS: Grain =
    Grain { unit_ms: DAY, slack_ms: DAY, newest_first: true, horizon_ms: Some(25 * YEAR) };

/// How far a server keeps to the order that it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    Order,
    /// The order in which items were added, which has nothing to do with their times.
    NoOrder,
    /// The oldest first, whatever was asked for.
    OneOrder,
    /// The right order for so many items.
    OrderFor(usize),
}

/// A server of items: the time of each, by its id.
#[derive(Debug)]
struct Server {
    times: Vec<Option<i64>>,
    page: usize,
    keeps: Keeps,
    /// By so much its ranges are of another time than that which it tells.
    zone: i64,
    /// What is of this time or later comes in no range.
    now: i64,
}

/// A page of it: ids, and the next token.
type Answer = (Vec<usize>, Option<String>);

impl Server {
    fn new(times: Vec<i64>, page: usize) -> Self {
        let times = times.into_iter().map(Some).collect();
        Self { times, page, keeps: Keeps::Order, zone: 0, now: i64::MAX }
    }

    fn pages(&self) -> usize {
        self.times.len().div_ceil(self.page).max(1)
    }

    fn answer(&self, question: &Question) -> Answer {
        let Question { span, order, page } = question;
        let ms = |end: Option<DateTime<Utc>>| end.map(|end| end.timestamp_millis() + self.zone);
        // The newest first is what is asked for without a range.
        let is_plain = *span == Span::default() && *order != Order::OldestFirst;
        let has = |time: Option<i64>| {
            if !is_plain && time.is_some_and(|time| time >= self.now) {
                return false;
            }
            let after = ms(span.from).is_none_or(|from| time.is_some_and(|time| time >= from));
            after && ms(span.until).is_none_or(|until| time.is_some_and(|time| time < until))
        };
        let mut ids: Vec<_> = (0..self.times.len()).filter(|id| has(self.times[*id])).collect();
        let sorted = match self.keeps {
            Keeps::Order => ids.len(),
            Keeps::OrderFor(count) => count.min(ids.len()),
            Keeps::NoOrder => 0,
            Keeps::OneOrder => {
                ids.sort_by_key(|id| self.times[*id]);
                0
            }
        };
        match order {
            _ if sorted == 0 => {}
            Order::Any => {}
            Order::OldestFirst => ids.sort_by_key(|id| self.times[*id]),
            Order::NewestFirst => ids.sort_by_key(|id| std::cmp::Reverse(self.times[*id])),
        }
        if sorted > 0 {
            ids[sorted..].sort_unstable();
        }
        let from = page.as_ref().map_or(0, |page| page.parse().unwrap());
        let until = ids.len().min(from + self.page);
        ((ids[from..until]).to_vec(), (until < ids.len()).then(|| until.to_string()))
    }
}

/// What became of a listing.
#[derive(Debug, Default)]
struct Read {
    came: BTreeSet<usize>,
    items: usize,
    requests: usize,
    /// How often all that was on its way was waited for.
    rounds: usize,
}

/// Tells the machine of the answer to one of what is on its way.
fn tell(shards: &mut Shards, server: &Server, asked: &(u32, Question), read: &mut Read) {
    let (ids, next) = server.answer(&asked.1);
    let times: Vec<_> = ids.iter().map(|id| server.times[*id].and_then(time)).collect();
    shards.told(asked.0, &times, next);
    read.items += ids.len();
    read.came.extend(ids);
}

/// Reads it all, and answers in an order that `picks` chooses. At a pick of 255 the
/// program is killed: what is on its way is lost, and the rest is read back.
fn read(server: &Server, grain: Grain, picks: &[u8]) -> Read {
    let (mut shards, mut read) = (Shards::new(grain), Read::default());
    let mut on_their_way = Vec::new();
    let mut picks = picks.iter().copied().cycle();
    while !shards.is_read() {
        while let Some(asked) = shards.ask() {
            on_their_way.push(asked);
            read.requests += 1;
        }
        assert!(on_their_way.len() <= AT_ONCE + 2 * PAGERS_MAX as usize);
        assert!(!on_their_way.is_empty(), "nothing is asked, and not all is read: {shards:?}");
        let pick = picks.next().unwrap_or_default();
        if pick == 255 {
            read.requests -= on_their_way.len();
            on_their_way.clear();
            shards = Shards::read(&shards.text()).unwrap();
            continue;
        }
        let asked = on_their_way.remove(usize::from(pick) % on_their_way.len());
        tell(&mut shards, server, &asked, &mut read);
        assert!(read.requests < 10_000, "it does not end: {shards:?}");
    }
    read
}

/// Reads it all in rounds: each answer takes as long as any other.
fn in_rounds(server: &Server, grain: Grain) -> Read {
    let (mut shards, mut read) = (Shards::new(grain), Read::default());
    while !shards.is_read() {
        let asked: Vec<_> = std::iter::from_fn(|| shards.ask()).collect();
        read.rounds += 1;
        read.requests += asked.len();
        for asked in &asked {
            tell(&mut shards, server, asked, &mut read);
        }
    }
    assert_eq!(read.came.len(), server.times.len());
    read
}

fn uniform(count: i64) -> Vec<i64> {
    (0..count).map(|number| number * (10 * YEAR / count.max(1))).collect()
}

/// So many uploads at times that look like chance, all files of one within an hour.
fn bursts(count: i64, uploads: i64) -> Vec<i64> {
    let each = count / uploads;
    let burst = |number: i64| (number * number * 7_919 + number * 104_729) % 3_650 * DAY;
    (0..count).map(|number| burst(number / each) + number % each * (3_600_000 / each)).collect()
}

/// Ever more files: half of them in the last year, a quarter in the one before...
fn growth(count: i64) -> Vec<i64> {
    let mut times = Vec::new();
    let (mut rest, mut year) = (count, 20);
    while rest > 0 {
        let here = (rest + 1) / 2;
        times.extend((0..here).map(|number| year * YEAR + number * (YEAR / here)));
        (rest, year) = (rest - here, year - 1);
    }
    times
}

/// The pages of each listing, and what it costs: how many requests, and how many times as
/// long as one answer. Both are exact: a change here is a change of what people wait for.
#[test]
fn a_hundred_thousand_items_are_ten_pages_after_one_another_and_hardly_any_too_many() {
    for (name, times, requests, rounds) in [
        ("evenly", uniform(105_000), 110, 10),
        ("in 3 uploads", bursts(105_000, 3), 112, 11),
        ("in 20 uploads", bursts(105_000, 20), 114, 14),
        ("in 200 uploads", bursts(105_000, 200), 113, 11),
        ("ever more", growth(105_000), 112, 15),
        ("all at once", vec![5 * YEAR; 105_000], 106, 106),
    ] {
        let read = in_rounds(&Server::new(times, 1_000), DRIVE);
        assert_eq!((read.requests, read.rounds), (requests, rounds), "{name}");
    }
    for (name, times, requests, rounds) in [
        ("evenly", uniform(20_000), 206, 16),
        ("in 20 days", bursts(20_000, 20), 214, 24),
        ("ever more", growth(20_000), 206, 20),
    ] {
        let read = in_rounds(&Server::new(times, 100), PHOTOS);
        assert_eq!((read.requests, read.rounds), (requests, rounds), "photos, {name}");
    }
}

#[test]
fn who_has_few_items_pays_nothing_for_what_others_have() {
    for (items, requests) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (1_900, 2), (2_500, 3)] {
        let read = in_rounds(&Server::new(uniform(items), 1_000), DRIVE);
        assert_eq!(read.requests, requests, "{items} items");
    }
}

#[test]
fn an_order_that_is_not_kept_costs_a_few_requests() {
    let mixed: Vec<_> = (0..50_000).map(|id| id * 7_919 % 50_000 * 60_000).collect();
    for (keeps, requests, rounds) in
        [(Keeps::NoOrder, 65, 5), (Keeps::OneOrder, 67, 52), (Keeps::OrderFor(7_500), 54, 7)]
    {
        let read = in_rounds(&Server { keeps, ..Server::new(mixed.clone(), 1_000) }, DRIVE);
        assert_eq!((read.requests, read.rounds), (requests, rounds), "{keeps:?}");
    }
}

#[test]
fn an_item_of_no_time_is_found_page_by_page() {
    for at in [0, 1, 2_500, 4_999] {
        let mut server = Server::new(uniform(5_000), 1_000);
        server.times[at] = None;
        let read = read(&server, DRIVE, &[0]);
        assert_eq!(read.came.len(), 5_000, "{at}");
    }
}

#[test]
fn a_refused_token_costs_its_own_pager_only() {
    let server = Server::new(uniform(50_000), 1_000);
    let (mut shards, mut read) = (Shards::new(DRIVE), Read::default());
    let mut refused = BTreeSet::new();
    while let Some(asked) = shards.ask() {
        // Each pager that ever had a token has one refused.
        if asked.1.page.is_some() && refused.insert(asked.0) {
            assert_eq!(shards.refused(asked.0), Refused::GoesOn);
            continue;
        }
        tell(&mut shards, &server, &asked, &mut read);
        read.requests += 1;
    }
    assert!(shards.is_read() && !refused.is_empty());
    assert_eq!(read.came.len(), 50_000);
    assert!(read.requests <= server.pages() + refused.len() + 25, "{}", read.requests);
}

#[test]
fn a_token_that_is_refused_twice_is_given_up() {
    let server = Server::new(uniform(5_000), 1_000);
    for ordered in [true, false] {
        let (mut shards, mut read) = (Shards::new(DRIVE), Read::default());
        if !ordered {
            shards.give_up_order();
        }
        let mut verdicts = Vec::new();
        while verdicts.len() < 2 {
            let asked = shards.ask().unwrap();
            if asked.1.page.is_some() {
                verdicts.push(shards.refused(asked.0));
            } else {
                tell(&mut shards, &server, &asked, &mut read);
            }
        }
        let given_up = verdicts.contains(&Refused::GivenUp);
        assert!(given_up || verdicts.len() == 2, "{verdicts:?}");
    }
}

#[test]
fn what_is_no_listing_in_shards_is_not_read_as_one() {
    for text in ["", "~!!~AI9FV7Q", "{}", "[]", "null"] {
        assert_eq!(Shards::read(text), None, "{text}");
    }
}

/// Times all over the years, in no order.
fn mixed() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(-5 * YEAR..30 * YEAR, 0..300)
}

/// Times of all kinds: spread, in heaps, few, or all the same.
fn times() -> impl Strategy<Value = Vec<i64>> {
    let heaps = prop::collection::vec((0..20_i64, 0..40_i64), 0..300).prop_map(|heaps| {
        heaps.into_iter().map(|(heap, at)| heap * heap * 40 * DAY + at * 250).collect()
    });
    let one = (0..300_usize, -YEAR..YEAR).prop_map(|(count, time)| vec![time; count]);
    let few = prop::collection::vec(0..5_i64, 0..300);
    prop_oneof![mixed(), heaps, one, few]
}

fn picks() -> impl Strategy<Value = Vec<u8>> {
    // None of them but 0..=254 kills.
    prop::collection::vec(0..=254_u8, 1..40)
}

fn grain() -> impl Strategy<Value = Grain> {
    prop_oneof![Just(DRIVE), Just(PHOTOS), Just(Grain { newest_first: true, ..DRIVE })]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn every_item_comes_and_hardly_a_request_is_too_many(
        times in times(), page in 5..40_usize, picks in picks(), grain in grain(),
    ) {
        let server = Server::new(times, page);
        let read = read(&server, grain, &picks);
        prop_assert_eq!(read.came.len(), server.times.len());
        let (requests, pages) = (read.requests, server.pages());
        prop_assert!(requests <= pages + 25, "{} requests for {} pages", requests, pages);
        prop_assert!(read.items <= server.times.len() + 25 * page);
    }

    /// So many items of chance on a page would have to be in order by chance.
    #[test]
    fn every_item_comes_whatever_order_the_server_keeps(
        times in mixed(), page in 25..40_usize, picks in picks(), grain in grain(),
        keeps in prop_oneof![Just(Keeps::NoOrder), Just(Keeps::OneOrder)],
    ) {
        let server = Server { keeps, ..Server::new(times, page) };
        let read = read(&server, grain, &picks);
        prop_assert_eq!(read.came.len(), server.times.len());
        let (requests, pages) = (read.requests, server.pages());
        prop_assert!(requests <= pages + 25, "{} requests for {} pages", requests, pages);
    }

    #[test]
    fn every_item_comes_however_often_the_program_is_killed(
        times in times(), page in 1..40_usize, grain in grain(),
        mut picks in prop::collection::vec(prop_oneof![4 => 0..=254_u8, 1 => Just(255_u8)], 1..40),
    ) {
        picks.push(0);
        let server = Server::new(times, page);
        let read = read(&server, grain, &picks);
        prop_assert_eq!(read.came.len(), server.times.len());
    }

    #[test]
    fn every_item_comes_also_where_no_range_has_those_of_the_future(
        times in times(), page in 1..40_usize, picks in picks(), years in 0..30_i64,
        keeps in prop_oneof![Just(Keeps::Order), Just(Keeps::NoOrder)],
    ) {
        prop_assume!(keeps == Keeps::Order || page >= 25);
        let now = years * YEAR;
        let server = Server { keeps, now, ..Server::new(times, page) };
        let grain = Grain { horizon_ms: Some(now), ..PHOTOS };
        let read = read(&server, grain, &picks);
        prop_assert_eq!(read.came.len(), server.times.len());
    }

    #[test]
    fn every_item_comes_also_where_the_servers_days_are_of_another_zone(
        times in times(), page in 5..40_usize, picks in picks(), hours in -14..=14_i64,
    ) {
        let server = Server { zone: hours * 3_600_000, ..Server::new(times, page) };
        let read = read(&server, PHOTOS, &picks);
        prop_assert_eq!(read.came.len(), server.times.len());
        prop_assert!(read.requests <= server.pages() + 25);
    }
}
