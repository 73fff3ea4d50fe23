//! How many bytes may be fetched in a second.

use std::num::NonZeroU64;

use super::{Error, contradiction};
use crate::cli::args::Backup;
use crate::cli::config::Config;

/// Joins what was typed with the config file; `None`: as many as come.
pub(super) fn bytes_per_second(
    typed: &Backup,
    config: &Config,
) -> Result<Option<NonZeroU64>, Error> {
    let text = typed.bwlimit.clone().or_else(|| config.bwlimit.as_ref().map(ToString::to_string));
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    match parse(text.trim()) {
        Some(rate) => Ok(NonZeroU64::new(rate)),
        None => contradiction(format!(
            "--bwlimit: '{text}' is no rate; write bytes per second, such as 500K, 2M or 1G"
        )),
    }
}

/// Reads a number with K, M or G, which are thousands, after it.
fn parse(text: &str) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "" => 1,
        "K" | "k" => 1000,
        "M" | "m" => 1_000_000,
        "G" | "g" => 1_000_000_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_and_perhaps_a_letter() {
        for (text, rate) in [
            ("500", Some(500)),
            ("500K", Some(500_000)),
            ("2m", Some(2_000_000)),
            ("1G", Some(1_000_000_000)),
            ("0", Some(0)),
            ("K", None),
            ("1.5M", None),
            ("2MB", None),
            ("-1", None),
            ("99999999999999999G", None),
        ] {
            assert_eq!(parse(text), rate, "{text}");
        }
    }
}
