//! Pages of Photos listings: sizes, tokens, and pages that are empty and go on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sandbox::answer::Refusal;

/// Which page of a listing is asked for.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Page {
    /// Of what: tokens of other listings are refused.
    listing: u32,
    size: usize,
    number: usize,
    from: usize,
}

/// A part of a listing.
pub(in crate::sandbox) struct Part<T> {
    pub entries: Vec<T>,
    pub next: Option<String>,
}

/// What sizes a listing takes.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Sizes {
    pub default: usize,
    pub max: usize,
}

impl Page {
    /// Reads what was asked. `listing` says of what: a token serves only for
    /// the very parameters it was given out with.
    pub fn read(
        listing: &str,
        sizes: Sizes,
        size: Option<i64>,
        token: Option<&str>,
    ) -> Result<Self, Refusal> {
        let listing = crc32fast::hash(listing.as_bytes());
        let size = match size {
            None | Some(0) => sizes.default,
            Some(size) => {
                usize::try_from(size).ok().filter(|size| *size <= sizes.max).ok_or_else(|| {
                    let text = format!("Page size must be between 1 and {}.", sizes.max);
                    Refusal::rpc(400, "INVALID_ARGUMENT", text)
                })?
            }
        };
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(Self { listing, size, number: 0, from: 0 });
        };
        let (number, from) = open(token, listing)
            .ok_or_else(|| Refusal::rpc(400, "INVALID_ARGUMENT", "Invalid page token."))?;
        Ok(Self { listing, size, number, from })
    }

    /// Cuts the page out of `all`; one that is to be `empty` goes on where it began.
    pub fn cut<T>(&self, all: Vec<T>, empty: bool) -> Part<T> {
        let count = all.len();
        let size = if empty { 0 } else { self.size };
        let entries: Vec<_> = all.into_iter().skip(self.from).take(size).collect();
        let from = self.from + entries.len();
        let token = format!("{:08x}.{}.{from}", self.listing, self.number + 1);
        Part { entries, next: (empty || from < count).then(|| URL_SAFE_NO_PAD.encode(token)) }
    }

    /// A token for this page itself, which never leads any further.
    pub fn again(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{:08x}.{}.{}", self.listing, self.number, self.from))
    }
}

fn open(token: &str, listing: u32) -> Option<(usize, usize)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.split('.');
    let same = u32::from_str_radix(parts.next()?, 16).ok()? == listing;
    let (number, from) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    same.then_some((number, from))
}
