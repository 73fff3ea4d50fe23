//! docs/index.rst: its queries, and the columns that it tells of.

use std::io::Write as _;
use std::process::{Command, Stdio};

use gphotos_sync::sandbox::{Class, Effect, Fault, demo};

use crate::support::Person;

const DOCS: &str = include_str!("../../docs/index.rst");

/// Queries that have nothing to show on the demo library, by what they begin with.
const EMPTY: &[&str] = &[
    // Of the demo's export each picture has a sidecar.
    "-- What Takeout has without a sidecar, and how its date is known",
];

#[test]
fn every_query_answers_as_its_readers_would_expect() {
    let person = lived_with();
    let queries = queries();
    assert!(queries.len() >= 15, "{queries:?}");
    let is_empty = |query: &&String| person.sql(query).is_empty();
    let empty: Vec<_> =
        queries.iter().filter(is_empty).filter_map(|it| it.lines().next()).collect();
    assert_eq!(empty, EMPTY);
}

#[test]
fn every_query_is_understood_by_the_sqlite3_of_this_machine() {
    let Ok(found) = Command::new("sqlite3").arg("--version").output() else { return };
    assert!(found.status.success());
    let person = lived_with();
    let mut shell = Command::new("sqlite3");
    shell.args(["-readonly", "-bail"]).arg(person.path("index.db"));
    let mut shell =
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    shell.stdin.take().unwrap().write_all(queries().join("\n").as_bytes()).unwrap();
    let ended = shell.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn every_column_of_every_view_is_told_of() {
    let person = Person::with(demo());
    person.backup(&["--index-only"]).succeeds();
    let views = person.sql("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
    assert_eq!(views.len(), 8);
    for view in views.concat() {
        let columns = person.sql(&format!("SELECT name FROM pragma_table_info('{view}')"));
        assert_eq!(told(&view), columns.concat(), "{view}");
    }
}

/// An archive in which something of everything has happened.
fn lived_with() -> Person {
    let person = Person::signed_in(demo());
    person.backup(&["--all-files"]).succeeds();
    person.google().world(|world| {
        world.rename("f-dunes", "first of all.jpg");
        world.edit("f-notes", "Ask about the key, and about the stove.\n");
        world.delete("f-far-dunes");
    });
    person.backup(&["--all-files", "--do-delete"]).succeeds();
    person.google().world(|world| {
        world.delete("n-map");
        world.edit("f-ticket", "a newer ticket");
    });
    let refused = Effect::error(403, "insufficientFilePermissions");
    person.google().fail(Fault::new(refused).on(Class::Media).id("f-ticket"));
    person.backup(&["--all-files"]).ends_with(8);
    person
}

/// Every statement of the SQL blocks, with the comment before it.
fn queries() -> Vec<String> {
    let inside = |line: &&str| line.is_empty() || line.starts_with(' ');
    let blocks = DOCS.split(".. code-block:: sql\n").skip(1);
    let text: Vec<_> = blocks.flat_map(|block| block.lines().take_while(inside)).collect();
    let text = text.join("\n");
    let queries = text.split_inclusive(";\n").map(|query| query.trim().to_owned());
    queries.filter(|query| !query.is_empty()).collect()
}

/// The columns that the table below the title `view` tells of.
fn told(view: &str) -> Vec<String> {
    let below = DOCS.lines().skip_while(|line| *line != view).skip(2);
    let section = below.take_while(|line| !line.starts_with("---") && !line.starts_with("v_"));
    let cells = section.filter_map(|line| line.strip_prefix("``")?.split_once("``"));
    cells.map(|(column, _)| column.to_owned()).collect()
}
