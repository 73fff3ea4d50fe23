//! What is asked of Google, as a value. Sends nothing.

use reqwest::Method;
use serde::Serialize;

use super::body::Asked;
use super::pace::units;

/// One request, to be sent as often as it takes.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) json: Option<serde_json::Value>,
    pub(super) quota: Quota,
    pub(super) anonymous: bool,
    pub(super) media: bool,
    pub(super) words: Words,
    pub(super) until_byte: Option<u64>,
}

/// What a request takes of what Google allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quota {
    /// So many of Drive's units a minute.
    Units(u32),
    /// One of the requests of a day.
    Daily,
}

/// Which answers in words may be the bytes that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// All of them.
    Any,
    /// No web page.
    NoPage,
    /// None at all.
    None,
}

impl Call {
    /// A GET of `url`, which is absolute.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            query: Vec::new(),
            headers: Vec::new(),
            json: None,
            quota: Quota::Units(units::GET),
            anonymous: false,
            media: false,
            words: Words::NoPage,
            until_byte: None,
        }
    }

    /// A POST of `json` to `url`: for the searches of the Photos API, which read.
    #[must_use]
    pub fn post<T: Serialize>(url: impl Into<String>, json: &T) -> Self {
        // Null where a value has no JSON: the server then says what is wrong.
        let json = serde_json::to_value(json).unwrap_or_default();
        Self { method: Method::POST, json: Some(json), ..Self::get(url) }
    }

    /// A DELETE of `url`: a Picker session is given back with it.
    #[must_use]
    pub fn delete(url: impl Into<String>) -> Self {
        Self { method: Method::DELETE, ..Self::get(url) }
    }

    /// With one more pair in the query; `value` is encoded here.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// With a header, such as `X-Goog-Drive-Resource-Keys`.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Costing `units` of Drive's quota, see [`units`]; 0 for the other APIs.
    #[must_use]
    pub const fn costing(mut self, units: u32) -> Self {
        self.quota = Quota::Units(units);
        self
    }

    /// Costing no units, but counted among those of which only so many may be sent, see
    /// [`Client::limit`](super::Client::limit).
    #[must_use]
    pub const fn counted(mut self) -> Self {
        self.quota = Quota::Daily;
        self
    }

    /// Without the token: the address itself is the permission, as a `baseUrl`'s.
    #[must_use]
    pub const fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// With the token, to an address that Google named for an item's bytes: it is sent to
    /// Google's media servers only.
    #[must_use]
    pub const fn of_media(mut self) -> Self {
        self.media = true;
        self
    }

    /// The bytes may well be HTML. Without this, HTML is taken for the page of a
    /// captive portal.
    #[must_use]
    pub const fn expecting_html(mut self) -> Self {
        self.words = Words::Any;
        self
    }

    /// The bytes are those of a picture or a film, and no checksum will tell: an answer in
    /// words is none.
    #[must_use]
    pub const fn expecting_picture(mut self) -> Self {
        self.words = Words::None;
        self
    }

    /// Only the bytes before `byte`, counted from the start of the whole.
    #[must_use]
    pub const fn until(mut self, byte: u64) -> Self {
        self.until_byte = Some(byte);
        self
    }

    /// How many units it costs.
    pub(super) const fn units(&self) -> u32 {
        match self.quota {
            Quota::Units(units) => units,
            Quota::Daily => 0,
        }
    }

    /// The part to ask for to have the bytes from `from_byte` on, if it is not the whole. A
    /// range on a file of no bytes is refused with 416, so none is asked for where
    /// everything is wanted.
    pub(super) const fn part(&self, from_byte: u64) -> Option<Asked> {
        let until_byte = self.until_byte;
        if from_byte == 0 && until_byte.is_none() {
            None
        } else {
            Some(Asked { from_byte, until_byte })
        }
    }

    /// The `Range` header for the bytes from `from_byte` on, if one is needed.
    pub(super) fn range(&self, from_byte: u64) -> Option<String> {
        self.part(from_byte).map(|part| match part.until_byte {
            Some(end) => format!("bytes={from_byte}-{}", end.saturating_sub(1)),
            None => format!("bytes={from_byte}-"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_asked_for_only_where_less_than_everything_is_wanted() {
        let call = Call::get("https://x.y/");
        assert_eq!(call.range(0), None);
        assert_eq!(call.range(5).as_deref(), Some("bytes=5-"));
        assert_eq!(call.clone().until(10).range(0).as_deref(), Some("bytes=0-9"));
        assert_eq!(call.until(10).range(5).as_deref(), Some("bytes=5-9"));
    }
}
