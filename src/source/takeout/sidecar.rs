//! The JSON files of an export: what they tell of pictures and of albums.
//!
//! Their form is nowhere documented and has changed over the years. So each field is read
//! where it can be, and an odd one counts as missing: it must not hide the file that it is
//! about. What they are is told by what is in them, since their names are in the account's
//! language.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Datelike as _, Utc};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::zip::SMALL_MAX;
use crate::media::is_place;
use crate::model::{AlbumSidecar, Sidecar, SidecarKind};

/// More people than these are in no picture.
const PEOPLE_MAX: usize = 1000;

/// Objects in objects are read no deeper: `albumData.date.timestamp`.
const DEPTH_MAX: u8 = 3;

/// The text is no JSON.
#[derive(Debug, thiserror::Error)]
pub enum BadSidecar {
    /// It breaks off, or is something else.
    #[error("it is no JSON: {0}")]
    NoJson(String),
    /// It is longer than any of them.
    #[error("it is longer than the {SMALL_MAX} bytes that such a file may have")]
    TooLong,
}

/// Reads a JSON file of an export.
///
/// # Errors
///
/// [`BadSidecar`]: what is JSON is never one, however odd it is.
pub fn read_sidecar(bytes: &[u8]) -> Result<SidecarKind, BadSidecar> {
    if bytes.len() as u64 > SMALL_MAX {
        return Err(BadSidecar::TooLong);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let read = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str::<Root>(text),
        Err(_) => serde_json::from_str(&String::from_utf8_lossy(bytes)),
    };
    match read {
        Ok(Root(value)) => Ok(kind(&value)),
        Err(error) => Err(BadSidecar::NoJson(error.to_string())),
    }
}

/// What is of use in the fields that are known; nothing is kept of all others.
#[derive(Clone, Debug, Default, PartialEq)]
enum Value {
    /// Nothing that is of use.
    #[default]
    Odd,
    Text(String),
    Number(String),
    Flag(bool),
    Fields(BTreeMap<String, Value>),
    List(Vec<Value>),
}
