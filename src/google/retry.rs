//! The one retry rule: what to do after an error. Pure; the client does it.
//!
//! The reasons are those of
//! <https://developers.google.com/workspace/drive/api/guides/handle-errors>, the
//! waiting is its truncated exponential back-off.

use std::time::Duration;

use super::error::Error;

/// What to do after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// Nothing: it would fail again.
    GiveUp,
    /// Have the token renewed, then ask again at once.
    Renew,
    /// Ask again after at least this long.
    After(Duration),
}

/// What one call has been through.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Past {
    /// How many times it was asked again.
    pub repeats: u32,
    /// Whether its token was renewed.
    pub renewed: bool,
    /// Whether Google has ever answered this client.
    pub reached: bool,
}

/// Back-off that doubles from `first` to `most`, `times` times.
#[derive(PartialEq)]
struct Ladder {
    first: Duration,
    most: Duration,
    times: u32,
}

/// Google asks for slowness: it is given time for a limit per minute to pass.
const BUSY: Ladder =
    Ladder { first: Duration::from_secs(1), most: Duration::from_secs(64), times: 8 };
/// Google stumbles: half a minute in all. The first waits are short, since most stumbles
/// are over at once, and an item that has several of them should not take a run's time.
const STUMBLED: Ladder =
    Ladder { first: Duration::from_millis(125), most: Duration::from_secs(32), times: 8 };
/// The network went away: a router starts anew within a minute.
const AWAY: Ladder =
    Ladder { first: Duration::from_millis(125), most: Duration::from_secs(32), times: 9 };
/// What came was whole and made no sense: a byte may have been lost on the way.
const GARBLED: Ladder =
    Ladder { first: Duration::from_secs(1), most: Duration::from_secs(2), times: 2 };
/// The network was never there: a person may be waiting for the answer.
const OFFLINE: Ladder =
    Ladder { first: Duration::from_millis(500), most: Duration::from_secs(4), times: 4 };

/// The longest `Retry-After` that is obeyed; Google asking for more is a refusal.
const WAIT_MAX: Duration = Duration::from_mins(10);

/// Says what to do after `error`.
pub(super) fn retry(error: &Error, past: Past) -> Retry {
    match error {
        Error::Unreachable { .. } if past.reached => AWAY.step(past.repeats, None),
        Error::Unreachable { .. } => OFFLINE.step(past.repeats, None),
        Error::Cut { .. } | Error::WebPage { .. } => STUMBLED.step(past.repeats, None),
        Error::Refused { status: 401, .. } if !past.renewed => Retry::Renew,
        Error::Refused { status, reason, wait, .. } => match ladder(*status, reason) {
            Some(ladder) => ladder.step(past.repeats, *wait),
            None => Retry::GiveUp,
        },
        Error::Unreadable { .. } => GARBLED.step(past.repeats, None),
        Error::SignIn(_) | Error::Spent | Error::Foreign { .. } | Error::Setup { .. } => {
            Retry::GiveUp
        }
    }
}

impl Error {
    /// Whether Google asks for slowness, of all that this client sends.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Refused { status, reason, .. }
            if ladder(*status, reason).is_some_and(|ladder| ladder == BUSY))
    }

    /// How long to wait before a body that was cut is gone on with, when it brought
    /// nothing `repeats` times in a row; `None`: give up.
    #[must_use]
    pub fn resume_after(&self, repeats: u32) -> Option<Duration> {
        match retry(self, Past { repeats, ..Past::default() }) {
            Retry::After(wait) if self.is_cut() => Some(wait),
            _ => None,
        }
    }
}

fn ladder(status: u16, reason: &str) -> Option<Ladder> {
    match (status, reason) {
        // Asking again today only prolongs it.
        (_, "dailyLimitExceeded" | "quotaExceeded") => None,
        (429, _)
        | (
            403,
            "userRateLimitExceeded"
            | "rateLimitExceeded"
            | "sharingRateLimitExceeded"
            | "RATE_LIMIT_EXCEEDED"
            | "UrlLeaseLimitExceeded",
        ) => Some(BUSY),
        (408 | 500 | 502 | 503 | 504, _) => Some(STUMBLED),
        _ => None,
    }
}

impl Ladder {
    fn step(&self, repeats: u32, asked: Option<Duration>) -> Retry {
        let asked = asked.unwrap_or_default();
        if repeats >= self.times || asked > WAIT_MAX {
            return Retry::GiveUp;
        }
        let own = self.first.saturating_mul(1 << repeats).min(self.most);
        Retry::After(own.max(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::google::SignInError;

    #[test]
    fn every_status_and_reason_of_google() {
        for (status, reason, expected) in [
            (400, "badRequest", "give up"),
            (400, "invalid", "give up"),
            (400, "invalidSharingRequest", "give up"),
            (401, "authError", "renew"),
            (403, "userRateLimitExceeded", "8 times from 1s"),
            (403, "rateLimitExceeded", "8 times from 1s"),
            (403, "RATE_LIMIT_EXCEEDED", "8 times from 1s"),
            (403, "sharingRateLimitExceeded", "8 times from 1s"),
            (403, "UrlLeaseLimitExceeded", "8 times from 1s"),
            (403, "dailyLimitExceeded", "give up"),
            (403, "quotaExceeded", "give up"),
            (403, "downloadQuotaExceeded", "give up"),
            (403, "cannotDownloadAbusiveFile", "give up"),
            (403, "cannotDownloadFile", "give up"),
            (403, "fileNotDownloadable", "give up"),
            (403, "fileNotExportable", "give up"),
            (403, "exportSizeLimitExceeded", "give up"),
            (403, "insufficientFilePermissions", "give up"),
            (403, "appNotAuthorizedToFile", "give up"),
            (403, "domainPolicy", "give up"),
            (403, "teamDriveMembershipRequired", "give up"),
            (403, "storageQuotaExceeded", "give up"),
            (403, "activeItemCreationLimitExceeded", "give up"),
            (403, "teamDriveFileLimitExceeded", "give up"),
            (403, "numChildrenInNonRootLimitExceeded", "give up"),
            (403, "myDriveHierarchyDepthLimitExceeded", "give up"),
            (403, "download_restricted_for_revision", "give up"),
            (403, "invalidAbuseAcknowledgment", "give up"),
            (403, "no reason given", "give up"),
            (404, "notFound", "give up"),
            (408, "no reason given", "8 times from 125ms"),
            (410, "gone", "give up"),
            (412, "conditionNotMet", "give up"),
            (416, "requestedRangeNotSatisfiable", "give up"),
            (429, "rateLimitExceeded", "8 times from 1s"),
            (429, "RATE_LIMIT_EXCEEDED", "8 times from 1s"),
            (429, "no reason given", "8 times from 1s"),
            (429, "dailyLimitExceeded", "give up"),
            (500, "internalError", "8 times from 125ms"),
            (501, "notImplemented", "give up"),
            (502, "no reason given", "8 times from 125ms"),
            (503, "backendError", "8 times from 125ms"),
            (504, "no reason given", "8 times from 125ms"),
        ] {
            let error = refused(status, reason, None);
            assert_eq!(told(&error, true), expected, "{status} {reason}");
            assert_eq!(error.is_busy(), expected == "8 times from 1s", "{status} {reason}");
        }
    }

    #[test]
    fn every_other_error() {
        let (url, cause) = (String::new, String::new);
        for (error, expected) in [
            (Error::Unreachable { host: url(), cause: cause() }, "9 times from 125ms"),
            (Error::Cut { url: url(), cause: cause() }, "8 times from 125ms"),
            (Error::WebPage { url: url() }, "8 times from 125ms"),
            (Error::Unreadable { url: url(), cause: cause() }, "2 times from 1s"),
            (Error::Foreign { url: url() }, "give up"),
            (Error::Spent, "give up"),
            (Error::Setup { cause: cause() }, "give up"),
            (SignInError::NotSignedIn.into(), "give up"),
        ] {
            assert_eq!(told(&error, true), expected, "{error}");
        }
    }

    #[test]
    fn a_machine_that_is_offline_is_told_so_soon() {
        let error = Error::Unreachable { host: String::new(), cause: String::new() };
        assert_eq!(told(&error, false), "4 times from 500ms");
    }

    #[test]
    fn the_wait_that_google_asks_for_is_obeyed() {
        let wait = |seconds| refused(429, "rateLimitExceeded", Some(seconds));
        let past = Past { repeats: 3, ..Past::default() };
        assert_eq!(retry(&wait(100), past), Retry::After(Duration::from_secs(100)));
        assert_eq!(retry(&wait(1), past), Retry::After(Duration::from_secs(8)));
        assert_eq!(retry(&wait(3600), past), Retry::GiveUp);
    }

    #[test]
    fn a_token_is_renewed_once() {
        let past = Past { renewed: true, ..Past::default() };
        assert_eq!(retry(&refused(401, "authError", None), past), Retry::GiveUp);
    }

    #[test]
    fn the_waiting_doubles_up_to_its_most() {
        let waits: Vec<Retry> = (0..9)
            .map(|repeats| {
                let past = Past { repeats, ..Past::default() };
                retry(&refused(429, "", None), past)
            })
            .collect();
        let expected = [1, 2, 4, 8, 16, 32, 64, 64].map(|s| Retry::After(Duration::from_secs(s)));
        assert_eq!(waits[..8], expected);
        assert_eq!(waits[8], Retry::GiveUp);
    }

    fn told(error: &Error, reached: bool) -> String {
        let at = |repeats| retry(error, Past { repeats, renewed: false, reached });
        let times = (0..99).take_while(|repeats| matches!(at(*repeats), Retry::After(_))).count();
        match at(0) {
            Retry::GiveUp => "give up".to_owned(),
            Retry::Renew => "renew".to_owned(),
            Retry::After(first) => format!("{times} times from {first:?}"),
        }
    }

    fn refused(status: u16, reason: &str, wait: Option<u64>) -> Error {
        let (url, message) = (String::new(), String::new());
        let wait = wait.map(Duration::from_secs);
        Error::Refused { url, status, reason: reason.to_owned(), message, wait }
    }
}
