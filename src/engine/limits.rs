//! Finds out what names the archive's disk can hold, so that nothing fails for its name.

use super::run::Job;
use super::{Error, Event};
use crate::index;
use crate::model::NameLimits;

/// Under what the index keeps what the disk could hold, beside the sources' options.
const KEY: &str = "disk";

/// Narrows the rules for names to what the archive's disk can hold, and says so the first
/// time. Where that cannot be tried, as in a dry run, what the last run found counts.
pub(super) fn narrow(job: &mut Job) -> Result<(), Error> {
    let mut kept = index::archive::options(&job.db)?;
    let before = kept.get(KEY).and_then(|text| text.parse().ok()).unwrap_or(NameLimits::LINUX);
    let limits = job.archive.name_limits()?.unwrap_or(before);
    let chosen = job.options.names;
    job.options.names = chosen.on(limits);
    if limits != before {
        kept.insert(KEY.to_owned(), limits.to_string());
        index::archive::set_options(&job.db, &kept)?;
        if job.options.names != chosen {
            job.monitor.on(Event::Note(&words(limits)));
        }
    }
    Ok(())
}

fn words(limits: NameLimits) -> String {
    let mut lacks = Vec::new();
    if !limits.any_characters {
        lacks.push("some characters cannot be used in names, and become _".to_owned());
    }
    if !limits.case_sensitive {
        lacks.push(
            "upper and lower case are one, and the second of two such names gets a number"
                .to_owned(),
        );
    }
    if limits.bytes_max < NameLimits::LINUX.bytes_max {
        lacks.push(format!("names longer than {} bytes are cut", limits.bytes_max));
    }
    format!("on this file system {}", lacks.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_disk_lacks_is_said_in_one_sentence() {
        let limits = NameLimits { any_characters: false, case_sensitive: false, bytes_max: 143 };
        assert_eq!(
            words(limits),
            "on this file system some characters cannot be used in names, and become _; upper \
             and lower case are one, and the second of two such names gets a number; names \
             longer than 143 bytes are cut"
        );
    }
}
