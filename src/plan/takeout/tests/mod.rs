//! The matcher's tables: pairs from real exports and traps, each folder small enough to read.

mod google;
mod one_pair;
mod titles;
mod whole_folders;

use super::*;

/// Matches a folder; sidecars as `NAME = TITLE`, each answer as `MEDIA < SIDECAR (rule)`.
fn matches(sidecars: &[&str], media: &[&str]) -> Vec<String> {
    let found = found(sidecars, media);
    let name = |all: &[&str], row: i64| all[usize::try_from(row).unwrap()].to_owned();
    let show = |it: &Matched| {
        let sidecar = name(sidecars, it.sidecar);
        let sidecar = sidecar.split(" = ").next().unwrap();
        format!("{} < {sidecar} ({})", name(media, it.media), word(it.rule))
    };
    found.iter().map(show).collect()
}

fn found(sidecars: &[&str], media: &[&str]) -> Vec<Matched> {
    let sidecars: Vec<_> = (0..)
        .zip(sidecars)
        .map(|(row, text)| {
            let (name, title) = text.split_once(" = ").unwrap_or((text, ""));
            Beside { row, name, title, url: "" }
        })
        .collect();
    let media: Vec<_> = (0..).zip(media).map(|(row, name)| MediaFile { row, name }).collect();
    match_folder(&sidecars, &media)
}

fn word(rule: MatchRule) -> &'static str {
    rule.as_str().trim_start_matches("takeout_")
}
