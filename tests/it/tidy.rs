//! The rules of the house, checked like any other behaviour.
//!
//! They read the sources as text, as rustfmt leaves them, and know no more of
//! Rust than they need. What clippy can check is in `Cargo.toml`.

use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of the crate each module may name, in tests as well. Read it
/// from top to bottom: it is the architecture.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("plan", &["model"]),
    ("archive", &["model"]),
    ("google", &[]),
    ("index", &["model"]),
    ("media", &["model"]),
    ("source", &["model", "google", "media"]),
    ("engine", &["model", "plan", "archive", "google", "index", "media", "source"]),
    ("sandbox", &[]),
    (
        "cli",
        &["model", "plan", "archive", "google", "index", "media", "source", "engine", "sandbox"],
    ),
];

/// What each module must leave to others, outside its tests.
const MUST_NOT_NAME: &[(&str, &[&str])] = &[
    ("model", &["std::fs", "tokio::", "rusqlite::", "reqwest::"]),
    ("plan", &["std::fs", "tokio::", "rusqlite::", "reqwest::", "rustix::", "cap_std::"]),
    ("archive", &["tokio::", "rusqlite::", "reqwest::"]),
    ("google", &["rusqlite::"]),
    ("index", &["tokio::", "reqwest::"]),
    ("media", &["tokio::", "rusqlite::", "reqwest::"]),
    ("source", &["rusqlite::"]),
    ("engine", &["clap::", "indicatif::", "reqwest::"]),
    ("sandbox", &["rusqlite::"]),
];

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 60;
const FUNCTION_LINES_MEDIAN_MAX: usize = 10;

#[test]
fn every_module_has_its_place_in_the_table() {
    let lib = read(&root().join("src/lib.rs"));
    let mods = lib.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    for name in mods.map(first_word) {
        assert!(MAY_NAME.iter().any(|(layer, _)| *layer == name), "{name} has no place");
    }
}

#[test]
fn no_module_names_a_layer_that_it_must_not_know() {
    for (layer, allowed) in MAY_NAME {
        for file in rust_files(&root().join("src").join(layer)) {
            for name in names_from_the_crate_root(&file) {
                let fine = name == *layer || allowed.contains(&name.as_str());
                assert!(fine, "{}: {layer} may not know {name}", file.display());
            }
        }
    }
}

#[test]
fn main_knows_only_the_command_line() {
    let main = read(&root().join("src/main.rs"));
    for name in main.split("gphotos_sync::").skip(1).map(first_word) {
        assert_eq!(name, "cli", "src/main.rs may not know {name}");
    }
}

#[test]
fn no_module_does_what_belongs_to_another() {
    for (layer, forbidden) in MUST_NOT_NAME {
        for file in rust_files(&root().join("src").join(layer)) {
            let code = without_comments(without_tests(&read(&file)));
            for name in forbidden.iter().chain(&["std::env", "gphotos_sync::"]) {
                assert!(!code.contains(name), "{}: {layer} may not use {name}", file.display());
            }
        }
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for file in all_rust_files() {
        let text = read(&file);
        let lines = without_tests(&text).lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", file.display());
    }
}

#[test]
fn functions_are_short() {
    let mut lengths = Vec::new();
    for file in rust_files(&root().join("src")) {
        for (name, lines) in function_lengths(without_tests(&read(&file))) {
            assert!(lines <= FUNCTION_LINES_MAX, "{}: {name} has {lines} lines", file.display());
            lengths.push(lines);
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= FUNCTION_LINES_MEDIAN_MAX, "half of all functions have over {median} lines");
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    for file in all_rust_files() {
        assert!(read(&file).starts_with("//! "), "{} has no header", file.display());
    }
}

#[test]
fn sql_is_written_in_sql_files_only() {
    for file in rust_files(&root().join("src")) {
        let text = read(&file);
        let code = without_tests(&text);
        for verb in ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "WITH"] {
            assert!(!code.contains(&format!("\"{verb} ")), "{} holds SQL", file.display());
        }
    }
}

#[test]
fn every_query_is_run_by_the_function_of_its_name() {
    for query in files(&root().join("sql/queries"), "sql") {
        let name = stem(&query);
        let family = stem(query.parent().unwrap());
        let index = root().join("src/index");
        let mut owners = rust_files(&index.join(&family));
        owners.push(index.join(format!("{family}.rs")));
        let code: String =
            owners.iter().filter(|file| file.exists()).map(|file| read(file)).collect();
        let runs = [format!("fn {name}("), format!("fn {name}<")];
        assert!(runs.iter().any(|run| code.contains(run)), "no function {family}::{name}");
        let path = format!("\"{family}/{name}\"");
        assert!(code.contains(&path), "nothing in index::{family} reads {}", query.display());
    }
}

#[test]
fn no_test_file_is_forgotten() {
    for file in files(&root().join("tests"), "rs") {
        let folder = file.parent().unwrap();
        let is_root = stem(&file) == "main" && folder.ends_with("it");
        let owner = match stem(&file).as_str() {
            _ if is_root => continue,
            "mod" => folder.parent().unwrap(),
            _ => folder,
        };
        let name = if stem(&file) == "mod" { stem(folder) } else { stem(&file) };
        let beside = owner.with_extension("rs");
        let owners = [owner.join("main.rs"), owner.join("mod.rs"), beside];
        let owner = owners.iter().find(|owner| owner.exists());
        let declared = owner.is_some_and(|owner| read(owner).contains(&format!("mod {name};")));
        assert!(
            declared,
            "{} is compiled into no test binary, or into one of its own",
            file.display()
        );
    }
}

#[test]
fn only_the_command_line_prints() {
    for file in rust_files(&root().join("src")) {
        let is_cli = file.starts_with(root().join("src/cli"));
        if is_cli || file == root().join("src/main.rs") {
            continue;
        }
        let code = without_comments(&read(&file));
        for print in ["print!(", "println!(", "dbg!(", "io::stdout()", "io::stderr()"] {
            assert!(!code.contains(print), "{} prints", file.display());
        }
    }
}

/// The marks are put together from pieces so that this file holds none of them.
#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[", "ignore")];
    for file in all_rust_files() {
        let text = read(&file);
        for mark in marks {
            assert!(!text.contains(mark), "{} has {mark}", file.display());
        }
        let mut found = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        assert!(!found.any(|word| words.contains(&word)), "{} is unfinished", file.display());
    }
}

#[test]
fn no_test_waits_for_time_to_pass() {
    let sleeps = [concat!("thread", "::sleep"), concat!("time", "::sleep")];
    for file in all_rust_files() {
        let text = read(&file);
        let is_test = file.starts_with(root().join("tests")) || is_test_module(&file);
        let tests = if is_test { &text } else { &text[without_tests(&text).len()..] };
        for sleep in sleeps {
            assert!(!tests.contains(sleep), "{} sleeps", file.display());
        }
    }
}

#[test]
fn the_rules_see_what_they_are_to_see() {
    let file = Path::new("src/plan/a/b.rs");
    let text = "use crate::{index, model::{Item, x}};\nmod tests {\n    use super::super::T;\n    \
                use super::super::super::super::google::C;\n}\nuse super::super::super::{media};\n";
    let names = names_in(text, depth(file));
    assert_eq!(names, ["index", "model", "google", "media"]);

    let text = "fn a() {\n    b();\n\n    // c\n    d();\n}\n\ntrait T {\n    fn e();\n    fn f(\n    \
                );\n    fn g() {}\n}\n";
    let lengths: Vec<_> = function_lengths(text).collect();
    assert_eq!(lengths, [("a".to_owned(), 2), ("g".to_owned(), 1)]);

    let text = "#[cfg(test)]\nmod tests;\n\nfn a() {}\n\n#[cfg(test)]\n#[b]\nmod tests {\n}\n";
    assert_eq!(without_tests(text), "#[cfg(test)]\nmod tests;\n\nfn a() {}\n\n");
}

/// The modules that the file names by a path from the crate's root.
fn names_from_the_crate_root(file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(root()).unwrap();
    names_in(&without_comments(&read(file)), depth(relative))
}

/// How many modules deep the code of `src/...` is.
fn depth(file: &Path) -> usize {
    let parts = file.components().count() - 1;
    if stem(file) == "mod" { parts - 1 } else { parts }
}

fn names_in(text: &str, depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut inline = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        inline = match line.trim_end() {
            "}" => 0,
            start if is_inline_module(start) => 1,
            _ => inline,
        };
        let to_root = "super::".repeat(depth + inline);
        for start in ["crate::", &to_root] {
            let found = line.match_indices(start).map(|(i, _)| at + i + start.len());
            names.extend(found.flat_map(|i| first_names(&text[i..])));
        }
        at += line.len();
    }
    names
}

fn is_inline_module(line: &str) -> bool {
    line.trim_start_matches("pub ").starts_with("mod ") && line.ends_with('{')
}

/// The first names of a path, or of all paths of a group in braces.
fn first_names(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else { return vec![first_word(path).to_owned()] };
    let mut nesting = 0;
    let mut top = String::new();
    for c in group.chars() {
        match c {
            '{' => nesting += 1,
            '}' if nesting == 0 => break,
            '}' => nesting -= 1,
            c if nesting == 0 => top.push(c),
            _ => {}
        }
    }
    let names = top.split(',').map(|name| first_word(name.trim()).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// Each function of rustfmt's text and how many lines its body has, without
/// comments and blank lines.
fn function_lengths(code: &str) -> impl Iterator<Item = (String, usize)> {
    let lines: Vec<_> = code.lines().collect();
    (0..lines.len()).filter_map(move |first| {
        let line = lines[first];
        let name = function_name(line)?;
        let indent = &line[..line.len() - line.trim_start().len()];
        if line.ends_with('}') {
            return Some((name.to_owned(), 1));
        }
        let ends = |line: &&str| {
            line.strip_prefix(indent).is_some_and(|end| end == "}" || end.starts_with(')'))
        };
        let mut last = first + lines[first..].iter().position(ends)?;
        if line.ends_with(';') || lines[last].ends_with(';') {
            return None;
        }
        if lines[last].trim() != "}" {
            let end = format!("{indent}}}");
            last += lines[last..].iter().position(|line| *line == end)?;
        }
        let is_code = |line: &&&str| !matches!(line.trim(), "" | "}") && !is_comment(line);
        Some((name.to_owned(), lines[first + 1..last].iter().filter(is_code).count()))
    })
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_start = before.split_whitespace().all(|word| {
        word.starts_with("pub") || matches!(word, "const" | "async" | "crate)" | "super)")
    });
    is_start.then(|| first_word(after)).filter(|name| !name.is_empty())
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn without_comments(text: &str) -> String {
    let code = text.split_inclusive('\n').filter(|line| !is_comment(line));
    code.collect()
}

/// The text before the module of tests that is written out at its end.
fn without_tests(text: &str) -> &str {
    let starts = text.match_indices("#[cfg(test)]\n").map(|(i, _)| i);
    let mut starts = starts.filter(|i| text[..*i].is_empty() || text[..*i].ends_with('\n'));
    let module = starts.find(|i| {
        let mut lines = text[*i..].lines().skip_while(|line| !line.starts_with("mod "));
        let attributes = text[*i..].lines().take_while(|line| !line.starts_with("mod "));
        attributes.clone().all(|line| !line.is_empty())
            && lines.next().is_some_and(is_inline_module)
    });
    &text[..module.unwrap_or(text.len())]
}

/// Whether the file is the body of a module that only tests have.
fn is_test_module(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests") || stem(file) == "tests"
}

fn all_rust_files() -> Vec<PathBuf> {
    let folders = ["src", "tests", "fuzz/src", "fuzz/targets"];
    folders.into_iter().flat_map(|folder| rust_files(&root().join(folder))).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, "rs")
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}
