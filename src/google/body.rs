//! Bytes as they arrive, and which bytes of the whole they are.

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};
use url::Url;

use super::error::{Error, shown};
use super::lanes::{Ended, Lane};

/// The body of an answer, while it comes.
#[derive(Debug)]
pub struct Body {
    response: Response,
    url: String,
    from_byte: u64,
    size_bytes: Option<u64>,
    /// What it uses as long as it is there.
    lane: Option<Lane>,
}

/// The part of the whole that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its first byte.
    pub(super) from_byte: u64,
    /// The byte after its last, unless that is the last of the whole.
    pub(super) until_byte: Option<u64>,
}

impl Asked {
    /// Whether these bytes are its first ones. There may be fewer, where the whole is shorter.
    fn is_answered_by(self, first: u64, last: Option<u64>) -> bool {
        let Some(until) = self.until_byte else { return first == self.from_byte };
        first == self.from_byte && last.is_some_and(|last| (first..until).contains(&last))
    }

    /// Whether a whole of that length is more than was asked for, where it had an end.
    fn is_less_than(self, whole: Option<u64>) -> bool {
        let until = self.until_byte.unwrap_or(u64::MAX);
        self.until_byte.is_some() && (self.from_byte > 0 || whole.is_none_or(|it| it > until))
    }
}

impl Body {
    /// Takes the answer's headers apart; `asked` is the part that was asked for, `None`
    /// where the whole was.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if a part came that is not the one asked for, or does not say
    /// which it is: nobody could tell later that the rest is missing. So is the whole where
    /// a part with an end was asked for: it may be a thousand times as long. So is what came
    /// in an encoding, since none was asked for and the bytes are to be saved as they are.
    pub(super) fn of(url: &Url, response: Response, asked: Option<Asked>) -> Result<Self, Error> {
        let url = shown(url);
        let unreadable =
            |cause: &str| Error::Unreadable { url: url.clone(), cause: cause.to_owned() };
        let headers = response.headers();
        if is_encoded(headers) {
            return Err(unreadable("it came compressed, which was not asked for"));
        }
        let place = if response.status() == StatusCode::PARTIAL_CONTENT {
            let part = content_range(headers);
            let part = part.ok_or_else(|| unreadable("a part came without saying which part"))?;
            if !asked.is_some_and(|asked| asked.is_answered_by(part.0, last_byte(headers))) {
                return Err(unreadable("a part came that was not asked for"));
            }
            part
        } else {
            let whole = whole_length(headers);
            if asked.is_some_and(|asked| asked.is_less_than(whole)) {
                return Err(unreadable("the whole came where a part was asked for"));
            }
            (0, whole)
        };
        let (from_byte, size_bytes) = place;
        Ok(Self { response, url, from_byte, size_bytes, lane: None })
    }

    /// The same, which uses `lane` until it is dropped.
    pub(super) fn on(self, lane: Lane) -> Self {
        Self { lane: Some(lane), ..self }
    }

    /// Which byte of the whole comes first: 0 if the server ignored the range.
    #[must_use]
    pub const fn from_byte(&self) -> u64 {
        self.from_byte
    }

    /// The length of the whole, of which this may be a part; exports do not say.
    #[must_use]
    pub const fn size_bytes(&self) -> Option<u64> {
        self.size_bytes
    }

    /// The `Content-Type`, without its parameters.
    #[must_use]
    pub fn mime_type(&self) -> Option<&str> {
        mime_type(&self.response)
    }

    /// Returns the next bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Cut`] if the connection broke or no byte came for 30 s: what came
    /// so far is good, and the rest can be asked for from there.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let came = self.response.chunk().await;
        if let Some(lane) = &mut self.lane {
            match &came {
                Ok(bytes) => lane.count(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
                Err(_) => lane.ends(Ended::Badly),
            }
        }
        came.map_err(|error| Error::of_body(&self.url, error))
    }
}

/// The `Content-Type` of `response`, without its parameters.
pub(super) fn mime_type(response: &Response) -> Option<&str> {
    let text = response.headers().get(reqwest::header::CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next().unwrap_or(text).trim())
}

/// The length of the whole in an answer that is not a part. `HEAD` has no body
/// to measure, so the header is read.
pub(super) fn whole_length(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(CONTENT_ENCODING) {
        return None;
    }
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    headers.get_all(CONTENT_ENCODING).iter().any(|value| !plain(value))
}

/// Reads `bytes FIRST-LAST/WHOLE`, where WHOLE may be `*`.
pub(super) fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, whole) = text.strip_prefix("bytes ")?.split_once('/')?;
    let first = range.split_once('-')?.0.parse().ok()?;
    Some((first, whole.parse().ok()))
}

/// Reads LAST in `bytes FIRST-LAST/WHOLE`.
fn last_byte(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    text.strip_prefix("bytes ")?.split_once('/')?.0.split_once('-')?.1.parse().ok()
}

/// Reads an answer whole, unless it has more than `most` bytes.
pub(super) async fn whole(
    url: &Url,
    mut response: Response,
    most: usize,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let cut = |error| Error::of_body(&shown(url), error);
    while let Some(chunk) = response.chunk().await.map_err(cut)? {
        if bytes.len() + chunk.len() > most {
            let cause = format!("it is longer than {most} bytes");
            return Err(Error::Unreadable { url: shown(url), cause });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Whether bytes of that type are there to be read, by a person or a program: what says in
/// words that something is wrong, whatever its status.
pub(super) fn is_words(mime_type: &str) -> bool {
    let mime_type = mime_type.to_ascii_lowercase();
    mime_type.starts_with("text/")
        || matches!(mime_type.as_str(), "application/json" | "application/xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_that_was_asked_for_is_an_answer() {
        let to_the_end = Asked { from_byte: 3, until_byte: None };
        assert!(to_the_end.is_answered_by(3, None) && !to_the_end.is_answered_by(2, Some(9)));
        assert!(!to_the_end.is_less_than(Some(9)), "the caller sees that it begins at 0");
        let part = Asked { from_byte: 3, until_byte: Some(6) };
        for (first, last, expected) in [
            (3, Some(5), true),
            (3, Some(4), true),
            (3, Some(6), false),
            (2, Some(5), false),
            (4, Some(5), false),
            (3, Some(2), false),
            (3, None, false),
        ] {
            assert_eq!(part.is_answered_by(first, last), expected, "{first}-{last:?}");
        }
        assert!(part.is_less_than(Some(6)) && part.is_less_than(None));
        let start = Asked { from_byte: 0, until_byte: Some(6) };
        assert!(!start.is_less_than(Some(6)) && start.is_less_than(Some(7)));
    }

    #[test]
    fn a_part_says_where_it_begins_and_how_long_the_whole_is() {
        for (text, expected) in [
            ("bytes 5-9/10", Some((5, Some(10)))),
            ("bytes 0-0/*", Some((0, None))),
            ("bytes */10", None),
            ("5-9/10", None),
            ("bytes 5", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_RANGE, text.parse().unwrap())]);
            assert_eq!(content_range(&headers), expected, "{text}");
        }
    }
}
