//! docs/semantics.rst: every example is run, and every section has a test.

mod script;

use script::Script;

const DOCS: &str = include_str!("../../docs/semantics.rst");

/// The sections with examples, in their order.
const SECTIONS: &[&str] = &[
    "Names",
    "What is taken",
    "Moves and edits",
    "What goes",
    "With leave to remove",
    "Photos and albums",
    "Takeout",
    "What a person does here",
    "When the index is lost",
];

#[test]
fn names() {
    run("Names");
}

#[test]
fn what_is_taken() {
    run("What is taken");
}

#[test]
fn moves_and_edits() {
    run("Moves and edits");
}

#[test]
fn what_goes() {
    run("What goes");
}

#[test]
fn with_leave_to_remove() {
    run("With leave to remove");
}

#[test]
fn photos_and_albums() {
    run("Photos and albums");
}

#[test]
fn takeout() {
    run("Takeout");
}

#[test]
fn what_a_person_does_here() {
    run("What a person does here");
}

#[test]
fn when_the_index_is_lost() {
    run("When the index is lost");
}

#[test]
fn no_section_is_without_a_test() {
    let lines: Vec<_> = DOCS.lines().collect();
    let is_title =
        |pair: &&[&str]| !pair[0].is_empty() && pair[1].len() >= 4 && underlines(pair[1]);
    let titles = lines.windows(2).filter(is_title).map(|pair| pair[0]);
    let titles: Vec<_> = titles.filter(|title| !examples(title).is_empty()).collect();
    assert_eq!(titles, SECTIONS);
    let count: usize = SECTIONS.iter().map(|title| examples(title).len()).sum();
    assert!(count >= 15, "{count} examples");
}

/// Runs the examples of a section.
#[track_caller]
fn run(title: &str) {
    assert!(SECTIONS.contains(&title));
    for example in examples(title) {
        Script::default().run(&example);
    }
}

/// The literal blocks below `title`, up to the next title.
fn examples(title: &str) -> Vec<String> {
    let below = DOCS.lines().skip_while(|line| *line != title).skip(2);
    let mut section = below.take_while(|line| !underlines(line)).peekable();
    let mut found = Vec::new();
    while let Some(line) = section.next() {
        if !line.ends_with("::") {
            continue;
        }
        let mut block = Vec::new();
        while let Some(line) = section.next_if(|line| line.is_empty() || line.starts_with(' ')) {
            block.push(line.trim());
        }
        found.push(block.join("\n").trim().to_owned());
    }
    found
}

fn underlines(line: &str) -> bool {
    line.len() >= 4 && line.chars().all(|mark| mark == '=')
}
