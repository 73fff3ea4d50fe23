//! Failures on demand: which requests fail, and how.
//!
//! A fault is made in one line and given to the running sandbox:
//! `google.fail(Fault::new(Effect::Cut { after: 100 }).on(Class::Media).id("a"))`.

use std::time::Duration;

use super::requests::Class;

/// A failure that waits for its requests. Unless told otherwise it happens to
/// the next request, and once.
#[derive(Clone, Debug)]
pub struct Fault {
    effect: Effect,
    class: Option<Class>,
    id: Option<String>,
    query: Option<String>,
    first: u64,
    every: u64,
    times: u64,
    seen: u64,
    done: u64,
}

/// How a request fails. Bytes of bodies are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Google's error body with a status and a reason of
    /// <https://developers.google.com/workspace/drive/api/guides/handle-errors>,
    /// and a `Retry-After` in seconds. The token endpoint words it in its own
    /// way, with reasons such as `invalid_grant`.
    Error {
        /// The HTTP status.
        status: u16,
        /// Such as `userRateLimitExceeded`.
        reason: String,
        /// The `Retry-After`, if any.
        retry_after_s: Option<u32>,
    },
    /// An error page that asks to be asked later, in whatever words.
    Busy {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After`, as it stands in the header.
        retry_after: String,
    },
    /// An error page of Google's front servers, with that status.
    ErrorPage(u16),
    /// A page for people with status 200, as a hotel's network sends it.
    Html,
    /// That text as JSON, with that status.
    Json {
        /// The HTTP status.
        status: u16,
        /// What comes.
        text: &'static str,
    },
    /// The true answer's JSON, and then it breaks off inside.
    BrokenJson,
    /// The connection is reset before there is an answer.
    Reset,
    /// The connection is closed after so many bytes of the body.
    Cut {
        /// How many bytes still come.
        after: u64,
    },
    /// Nothing more comes after so many bytes of the body, until
    /// `Sandbox::release` is called or the client gives up.
    Stall {
        /// How many bytes still come.
        after: u64,
    },
    /// The body has more bytes than it should, and the headers say so too.
    TooLong {
        /// How many more.
        extra: usize,
    },
    /// One byte of the body is another.
    Corrupt {
        /// Which one.
        at: u64,
    },
    /// The answer is to be had elsewhere (307).
    Redirect(String),
    /// The page token that the request has is not accepted. Only requests with one match.
    PageTokenRefused,
    /// files.list says that it did not look everywhere.
    IncompleteSearch,
    /// files.list keeps to no order, whatever was asked for.
    NoOrder,
    /// A listing, or a search of Photos, leaves out the item of that id without a word.
    Omit(String),
    /// The page is empty and goes on all the same.
    EmptyPage,
    /// The page goes on with the page token that the sandbox gives for this very fault, always
    /// the same.
    SameToken,
    /// The page goes on with a token that was never given before, and leads to this page.
    Again,
    /// A search of Photos ends at once and has found nothing.
    EmptyAnswer,
    /// The answer takes so long.
    Latency(Duration),
}

impl Effect {
    /// Google's error body with a status and a reason.
    #[must_use]
    pub fn error(status: u16, reason: &str) -> Self {
        Self::Error { status, reason: reason.to_owned(), retry_after_s: None }
    }
}

impl Fault {
    /// A fault that happens once, to the next request, whichever that is.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            class: None,
            id: None,
            query: None,
            first: 1,
            every: 1,
            times: 1,
            seen: 0,
            done: 0,
        }
    }

    /// Only to requests of that class.
    #[must_use]
    pub fn on(mut self, class: Class) -> Self {
        self.class = Some(class);
        self
    }

    /// Only to requests for the item of that id (a whole part of the path, or a value of the query).
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// Only to requests whose query, percent-encoded as it came, contains `text`.
    #[must_use]
    pub fn query(mut self, text: &str) -> Self {
        self.query = Some(text.to_owned());
        self
    }

    /// Not before the `number`-th request that matches, counted from 1.
    #[must_use]
    pub fn nth(mut self, number: u64) -> Self {
        self.first = number;
        self
    }

    /// From there on only to every `step`-th that matches.
    #[must_use]
    pub fn every(mut self, step: u64) -> Self {
        self.every = step.max(1);
        self
    }

    /// So many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// For ever, or until the sandbox is told to `mend`.
    #[must_use]
    pub fn always(self) -> Self {
        self.times(u64::MAX)
    }

    /// Counts a request, and says whether the fault happens to it.
    fn strikes(&mut self, class: Class, path: &str, query: &str) -> bool {
        if !self.matches(class, path, query) || self.done >= self.times {
            return false;
        }
        self.seen += 1;
        let strikes =
            self.seen >= self.first && (self.seen - self.first).is_multiple_of(self.every);
        self.done += u64::from(strikes);
        strikes
    }

    fn matches(&self, class: Class, path: &str, query: &str) -> bool {
        let values =
            || query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        let named = |id: &String| path.split('/').chain(values()).any(|part| part == id);
        let paged = || query.split('&').any(|pair| pair.starts_with("pageToken="));
        self.class.is_none_or(|wanted| wanted == class)
            && self.id.as_ref().is_none_or(named)
            && self.query.as_ref().is_none_or(|text| query.contains(text))
            && (self.effect != Effect::PageTokenRefused || paged())
    }
}

/// All faults that still wait, and how often one has struck.
#[derive(Debug, Default)]
pub(super) struct Faults {
    waiting: Vec<Fault>,
    struck: u64,
}

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        self.waiting.push(fault);
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    pub fn struck(&self) -> u64 {
        self.struck
    }

    /// What happens to a request: the effect of the first fault that strikes.
    /// The others count the request as well.
    pub fn strike(&mut self, class: Class, path: &str, query: &str) -> Option<Effect> {
        let mut effect = None;
        for fault in &mut self.waiting {
            if effect.is_some() && fault.seen + 1 >= fault.first {
                continue;
            }
            if fault.strikes(class, path, query) {
                effect = Some(fault.effect.clone());
            }
        }
        self.waiting.retain(|fault| fault.done < fault.times);
        self.struck += u64::from(effect.is_some());
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_the_requests_it_was_made_for() {
        let once = || Fault::new(Effect::Html);
        check(once(), "x..");
        check(once().nth(2), ".x..");
        check(once().times(2), "xx.");
        check(once().nth(2).every(3).times(2), ".x..x...");
        check(once().always(), "xxxxx");
    }

    #[track_caller]
    fn check(fault: Fault, expected: &str) {
        let mut faults = Faults::default();
        faults.add(fault.on(Class::Media).id("a"));
        let mut struck = String::new();
        for _ in expected.chars() {
            assert_eq!(faults.strike(Class::List, "/drive/v3/files", ""), None);
            assert_eq!(faults.strike(Class::Media, "/drive/v3/files/ab", ""), None);
            let effect = faults.strike(Class::Media, "/drive/v3/files/a", "alt=media");
            struck.push(if effect.is_some() { 'x' } else { '.' });
        }
        assert_eq!(struck, expected);
        assert_eq!(faults.struck(), expected.matches('x').count() as u64);
    }

    #[test]
    fn a_refused_page_token_waits_for_a_request_that_has_one() {
        let mut faults = Faults::default();
        faults.add(Fault::new(Effect::PageTokenRefused));
        assert_eq!(faults.strike(Class::List, "/f", "q=a"), None);
        assert!(faults.strike(Class::List, "/f", "q=a&pageToken=b").is_some());
    }
}
