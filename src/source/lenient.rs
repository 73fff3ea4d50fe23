//! Parts of Google's answers that may be odd, or more than there can be.
//!
//! One odd value must not cost the page that it is on, and no answer may take more memory
//! than a page of the most that Google gives.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, SubsecRound as _, Utc};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// No list in an answer is longer: Google's pages have 1,000 entries at most.
const ENTRIES_MAX: usize = 10_000;

/// A number or a text that is read where it can be, written as either: an int64 is a string
/// in Google's JSON. Whatever else stands there counts as missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lenient<T>(pub(super) Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl Lenient<u64> {
    /// The number, where the index can hold it.
    pub(super) fn count(&self) -> Option<u64> {
        self.0.filter(|count| i64::try_from(*count).is_ok())
    }
}

impl Lenient<u32> {
    /// The number of pixels, where there are any.
    pub(super) fn pixels(&self) -> Option<u32> {
        self.0.filter(|pixels| *pixels > 0)
    }
}

impl Lenient<DateTime<Utc>> {
    /// The time, to the millisecond, which is what Google states and the index keeps; if
    /// it is of a year that can be written in four digits.
    pub(super) fn time(&self) -> Option<DateTime<Utc>> {
        let time = self.0.map(|at| at.trunc_subsecs(3));
        time.filter(|at| (0..=9999).contains(&at.year()))
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Any(PhantomData)).map(Self)
    }
}

struct Any<T>(PhantomData<T>);

impl<'de, T: FromStr> Visitor<'de> for Any<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.parse().ok())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// The entries of a list or an object in an answer, in its order: no more than
/// [`ENTRIES_MAX`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_seq(Entries(PhantomData)).map(Self)
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {ENTRIES_MAX} entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            if entries.len() == ENTRIES_MAX {
                return Err(A::Error::invalid_length(ENTRIES_MAX + 1, &self));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_missing_and_the_rest_is_read() {
        for (json, expected) in [
            ("640", Some(640)),
            ("\"640\"", Some(640)),
            ("4294967296", None),
            ("-1", None),
            ("1.5", None),
            ("1e400", None),
            ("\"many\"", None),
            ("null", None),
            ("true", None),
            ("[[1],{\"a\":[2]}]", None),
            ("{\"a\":{\"b\":3}}", None),
        ] {
            let json = format!("[{json},7]");
            // A number that JSON cannot hold is no JSON.
            let Ok([odd, next]) = serde_json::from_str::<[Lenient<u32>; 2]>(&json) else {
                assert_eq!(json, "[1e400,7]");
                continue;
            };
            assert_eq!((odd.0, next.0), (expected, Some(7)), "{json}");
        }
        let degrees = |json| serde_json::from_str::<Lenient<f64>>(json).unwrap().0;
        assert_eq!((degrees("-0.125"), degrees("47")), (Some(-0.125), Some(47.0)));
        let count = |json: String| serde_json::from_str::<Lenient<u64>>(&json).unwrap().count();
        let most = "9223372036854775807";
        assert_eq!(count(format!("\"{most}\"")), most.parse().ok());
        assert_eq!(
            count("\"9223372036854775808\"".to_owned()),
            None,
            "the index could not hold it"
        );
    }

    #[test]
    fn a_time_has_a_year_of_four_digits() {
        let time = |text: &str| {
            let read: Lenient<DateTime<Utc>> = serde_json::from_str(&format!("{text:?}")).unwrap();
            read.time().map(|at| at.to_rfc3339())
        };
        for (text, expected) in [
            ("2017-11-02T10:11:12.3456Z", Some("2017-11-02T10:11:12.345+00:00")),
            ("2017-11-02T10:11:12+02:00", Some("2017-11-02T08:11:12+00:00")),
            ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59+00:00")),
            ("+10000-01-01T00:00:00Z", None),
            ("-0001-01-01T00:00:00Z", None),
            ("soon", None),
        ] {
            assert_eq!(time(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_list_without_an_end_is_no_list() {
        let json = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        let read = |count| serde_json::from_str::<List<u8>>(&json(count)).map(|it| it.0.len());
        assert_eq!(read(ENTRIES_MAX).unwrap(), ENTRIES_MAX);
        assert!(read(ENTRIES_MAX + 1).unwrap_err().to_string().contains("10000 entries"));
        assert_eq!(read(1).unwrap(), 1);
    }
}
