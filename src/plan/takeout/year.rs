//! The year that a folder of an export is for, by its name in any language.

use chrono::{DateTime, Datelike as _, Utc};

/// The year of the oldest photograph that is left.
const FIRST_YEAR: i32 = 1826;

/// Returns the year in the name of a folder: `Photos from 2019`, `Fotos von 2019`, `2024 年的相片`.
///
/// It is the only number of four digits in it that stands by itself, from 1826 to the year of
/// `now`. An album may be called so as well: what a folder is, its contents tell.
#[must_use]
pub fn year_folder(name: &str, now: DateTime<Utc>) -> Option<i32> {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric() && !c.is_numeric());
    let mut years = words.filter(|it| it.len() == 4 && it.bytes().all(|it| it.is_ascii_digit()));
    let (year, other) = (years.next()?, years.next());
    let year = year.parse().ok().filter(|year| (FIRST_YEAR..=now.year()).contains(year));
    year.filter(|_| other.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_s_year_is_the_only_number_of_four_digits() {
        let now = "2026-11-21T00:00:00Z".parse().unwrap();
        for (name, expected) in [
            ("Photos from 2019", Some(2019)),
            ("Fotos von 2019", Some(2019)),
            ("Fotos del 2019", Some(2019)),
            ("Photos de\u{a0}1826", Some(1826)),
            ("2024 年的相片", Some(2024)),
            ("2024年的相片", Some(2024)),
            ("Photos from 2026", Some(2026)),
            ("Photos from 2027", None),
            ("Photos from 1825", None),
            ("Photos from 20190", None),
            ("Photos from 2019 and 2020", None),
            ("1234 from 2020", None),
            ("IMG2019", None),
            ("2019٣", None),
            ("٢٠١٩", None),
            ("Trip", None),
            ("", None),
        ] {
            assert_eq!(year_folder(name, now), expected, "{name}");
        }
    }
}
