//! README.rst, as far as a machine can follow it: its queries, its settings, its
//! table of options, its exit codes.

use rusqlite::Connection;

use crate::support::Home;

const README: &str = include_str!("../../README.rst");

#[test]
fn every_query_answers_on_the_demo_library() {
    let home = Home::new();
    home.run(["--demo", "--progress", "none", "archive"]).succeeds();
    let db = Connection::open(home.path().join("archive/index.db")).unwrap();
    let queries = queries();
    assert!(queries.len() >= 5, "{queries:?}");
    for query in queries {
        let mut prepared = db.prepare(&query).unwrap_or_else(|error| panic!("{query}\n{error}"));
        let mut rows = prepared.query([]).unwrap();
        let mut count = 0;
        while rows.next().unwrap_or_else(|error| panic!("{query}\n{error}")).is_some() {
            count += 1;
        }
        // The demo's account has all of it, but for problems and what is gone.
        let none = query.contains("v_problems") || query.contains("'gone'");
        assert_eq!(count == 0, none, "{count} rows: {query}");
    }
}

#[test]
fn its_settings_are_accepted() {
    let home = Home::new();
    let settings = block("``~/.config/gphotos-sync/config.toml``. Its keys");
    home.write_config("config.toml", &settings);
    // What is wanting is the OAuth client; a mistake in the file would end with 2.
    home.run(["archive"]).ends_with(3);
}

#[test]
fn its_options_are_those_of_the_help() {
    let help = Home::new().run(["--help"]).succeeds().stdout;
    let begins = |line: &&str| line.trim_start().starts_with('-') && words(line).next().is_some();
    let ours = |line: &&str| !line.contains("--help") && !line.contains("--version");
    let in_help: Vec<_> = help.lines().filter(begins).filter(ours).collect();
    let rows = section("Settings").into_iter().filter(|line| line.starts_with("``-"));
    let told: Vec<_> = rows.flat_map(|row| words(row.split("  ").next().unwrap())).collect();
    for option in &told {
        let known = in_help.iter().any(|line| words(line).any(|word| word == *option));
        assert!(known, "{option} is not in the help");
    }
    for line in in_help {
        let known = words(line).any(|option| told.contains(&option));
        assert!(known, "{line} is not in README.rst");
    }
    assert!(told.len() > 20, "{told:?}");
}

#[test]
fn its_exit_codes_are_those_of_the_help() {
    let help = Home::new().run(["--help"]).succeeds().stdout;
    let codes = |lines: &[&str]| -> Vec<u8> {
        lines.iter().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
    };
    let in_help =
        codes(&help.lines().skip_while(|line| *line != "Exit codes:").collect::<Vec<_>>());
    assert_eq!(codes(&section("Exit codes")), in_help);
    assert_eq!(in_help.len(), 10);
}

/// Every statement of the SQL blocks.
fn queries() -> Vec<String> {
    let blocks = README.split(".. code-block:: sql\n").skip(1).map(indented);
    let text = blocks.collect::<Vec<_>>().join("\n");
    text.split_inclusive(';')
        .map(|query| query.trim().to_owned())
        .filter(|q| !q.is_empty())
        .collect()
}

/// The lines of README.rst below `title`, up to the next title.
fn section(title: &str) -> Vec<&'static str> {
    // The rows of `=` in a table have gaps.
    let underlines = |line: &&str| !line.is_empty() && line.chars().all(|mark| mark == '=');
    let below = README.lines().skip_while(|line| *line != title).skip(2);
    below.take_while(|line| !underlines(line)).collect()
}

/// The options in a line.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split([' ', ',', '`']).map(|word| word.trim_end_matches("..."));
    words.filter(|word| word.starts_with('-') && !word.trim_matches('-').is_empty())
}

/// The literal block after the line that holds `words`.
#[track_caller]
fn block(words: &str) -> String {
    let after = README.split(words).nth(1).unwrap_or_else(|| panic!("{words} is not there"));
    indented(after.split_once("::\n").unwrap().1)
}

/// The indented lines that `text` begins with.
fn indented(text: &str) -> String {
    let inside = |line: &&str| line.is_empty() || line.starts_with(' ');
    text.lines().take_while(inside).map(str::trim_start).collect::<Vec<_>>().join("\n")
}
