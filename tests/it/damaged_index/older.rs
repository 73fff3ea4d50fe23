//! An index that an older version made: it is read as it is, and a run brings it up to
//! date.

use std::fs;

use gphotos_sync::sandbox::Class;
use rusqlite::Connection;

use super::{backed_up, world};
use crate::dry_run::trace;
use crate::support::Person;

#[test]
fn an_index_of_version_1_is_read_by_all_commands_and_brought_up_to_date_by_a_run() {
    let person = Person::with(world());
    let before = backed_up(&person);
    let files = person.sql("SELECT * FROM v_files ORDER BY remote_id");
    make_version_1(&person);
    let found = trace(&person.path(""));

    let told = person.run(&["status", "archive", "--max-age", "1h"]).succeeds().stdout;
    assert!(told.contains("Drive: 12 files"), "{told}");
    assert!(person.backup(&["--dry-run"]).succeeds().stdout.is_empty());
    assert_eq!(trace(&person.path("")), found);
    assert_eq!(version(&person), 1);

    person.google().forget_requests();
    person.backup(&[]).succeeds();

    assert_eq!((version(&person), person.google().count(Class::Media)), (4, 0));
    assert_eq!(person.files(), before);
    assert_eq!(person.sql("SELECT * FROM v_files ORDER BY remote_id"), files);
    person.run(&["verify", "archive"]).succeeds();
}

#[test]
fn verify_brings_an_index_of_version_1_up_to_date_since_it_records_what_it_read() {
    let person = Person::with(world());
    backed_up(&person);
    make_version_1(&person);
    person.run(&["verify", "archive"]).succeeds();
    assert_eq!(version(&person), 4);
    assert_eq!(person.sql("SELECT count(*) FROM file WHERE verified_at IS NULL"), [["0"]]);
}

/// Has the index be as version 1 of the program would have written it.
fn make_version_1(person: &Person) {
    let path = person.path("v1.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(include_str!("../../fixtures/index/v1.sql")).unwrap();
    db.execute("ATTACH ?1 AS new", [person.path("index.db").to_str().unwrap()]).unwrap();
    db.execute_batch("DELETE FROM main.archive; PRAGMA foreign_keys = OFF").unwrap();
    let names = |query: &str| -> Vec<String> {
        let mut query = db.prepare(query).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    for table in names("SELECT name FROM main.sqlite_schema WHERE type = 'table'") {
        let columns = names(&format!("SELECT name FROM pragma_table_info('{table}', 'main')"));
        let columns = columns.join(", ");
        let all = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}");
        db.execute(&all, []).unwrap();
    }
    db.execute("DETACH new", []).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    person.remove("index.db");
    person.rename("v1.db", "index.db");
    assert!(fs::metadata(person.path("index.db")).unwrap().len() > 0);
}

fn version(person: &Person) -> u32 {
    let db = Connection::open(person.path("index.db")).unwrap();
    db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}
