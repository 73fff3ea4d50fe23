//! Drive's answers hold what Google's own description says, and nothing else.
//!
//! `tests/fixtures/drive-v3.json` has the facts of that description;
//! `tests/peers/discovery.py` makes it.
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::collections::BTreeSet;

use chrono::DateTime;
use gphotos_sync::sandbox::{Class, Item, Sandbox, World, demo};
use serde_json::Value;

use crate::sandbox::client::Client;

/// The facts of Google's description.
struct Description(Value);

impl Description {
    fn load() -> Self {
        Self(serde_json::from_str(include_str!("../fixtures/drive-v3.json")).unwrap())
    }

    /// What in `value`, which claims to be a `schema`, is not as described. Each
    /// complaint begins with the place.
    fn complaints(&self, schema: &str, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.walk(&self.0["schemas"][schema], value, schema, &mut found);
        found
    }

    fn walk(&self, facts: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        if let Some(name) = facts["$ref"].as_str() {
            return self.walk(&self.0["schemas"][name], value, at, found);
        }
        match (facts["type"].as_str(), value) {
            (Some("object"), Value::Object(members)) => {
                for (name, value) in members {
                    let facts = member(facts, name);
                    let at = format!("{at}.{name}");
                    match facts {
                        Some(facts) => self.walk(facts, value, &at, found),
                        None => found.push(format!("{at} is not described")),
                    }
                }
            }
            (Some("array"), Value::Array(entries)) => {
                for entry in entries {
                    self.walk(&facts["items"], entry, &format!("{at}[]"), found);
                }
            }
            (Some("boolean"), Value::Bool(_))
            | (Some("number"), Value::Number(_))
            | (Some("any"), _) => {}
            (Some("string"), Value::String(text)) => {
                if let Err(wanted) = text_fits(facts, text) {
                    found.push(format!("{at} is {text:?} and not {wanted}"));
                }
            }
            (Some("integer"), Value::Number(number)) if number.is_i64() => {}
            (wanted, value) => found.push(format!("{at} is {value} and not {wanted:?}")),
        }
    }
}

/// What is known of the member `name` of an object.
fn member<'a>(facts: &'a Value, name: &str) -> Option<&'a Value> {
    facts["properties"].get(name).or_else(|| facts.get("additionalProperties"))
}

/// Whether a text has the format that is stated, such as int64 or date-time.
fn text_fits(facts: &Value, text: &str) -> Result<(), String> {
    let format = facts["format"].as_str().unwrap_or_default();
    let fits = match format {
        "int64" => text.parse::<i64>().is_ok(),
        "uint64" => text.parse::<u64>().is_ok(),
        "date-time" => text.ends_with('Z') && DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    };
    let known = facts["enum"].as_array().is_none_or(|words| words.iter().any(|word| word == text));
    if fits && known { Ok(()) } else { Err(format!("{format} {}", facts["enum"])) }
}

#[test]
fn every_answer_of_drive_is_as_google_describes_it() {
    let world = demo()
        .shared_drive("0ADrive", "Family")
        .with(Item::file("in-drive", "x.jpg", b"x").in_drive("0ADrive"));
    let google = Sandbox::start(world);
    google.world(changed);
    let client = Client::new(&google);
    let description = Description::load();
    for (path, schema) in paths(&client) {
        let answer = client.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(description.complaints(schema, &answer.json()), [""; 0], "{path}");
    }
    assert!(google.count(Class::Get) > 35, "every item was looked at by itself");
}

/// One change of every sort.
fn changed(world: &mut World) {
    world.rename("f-lake", "renamed.jpg");
    world.edit("f-tide", b"edited");
    world.trash("f-emoji");
    world.delete("f-escape");
    world.unshare("f-shared");
    world.join_drive("0AOther", "Other");
}

/// All that can be asked for with `GET`, and the schema of its answer.
fn paths(client: &Client<'_>) -> Vec<(String, &'static str)> {
    let all = "supportsAllDrives=true&includeItemsFromAllDrives=true&fields=*";
    let list = format!("files?corpora=allDrives&{all}");
    let files = client.get(&list).json()["files"].as_array().unwrap().clone();
    let one = |file: &Value| {
        let id = file["id"].as_str().unwrap();
        (format!("files/{id}?supportsAllDrives=true&fields=*"), "File")
    };
    let mut paths: Vec<_> = files.iter().map(one).collect();
    paths.extend([
        (list, "FileList"),
        (format!("{}&pageSize=1", "files?fields=*"), "FileList"),
        ("files".to_owned(), "FileList"),
        ("files/root?fields=*".to_owned(), "File"),
        ("about?fields=*".to_owned(), "About"),
        ("changes/startPageToken?fields=*".to_owned(), "StartPageToken"),
        (format!("changes?pageToken=1000&{all}"), "ChangeList"),
        (format!("changes?pageToken=1000&pageSize=1&{all}"), "ChangeList"),
        ("drives?fields=*".to_owned(), "DriveList"),
    ]);
    paths
}

#[test]
fn what_is_not_as_described_is_complained_of() {
    let description = Description::load();
    for (file, complaint) in [
        (r#"{"size": 3}"#, "File.size is 3 and not Some(\"string\")"),
        (r#"{"size": "three"}"#, "File.size is \"three\" and not int64 null"),
        (r#"{"nmae": "x"}"#, "File.nmae is not described"),
        (
            r#"{"modifiedTime": "2020-01-01"}"#,
            "File.modifiedTime is \"2020-01-01\" and not date-time null",
        ),
        (r#"{"owners": [{"me": "yes"}]}"#, "File.owners[].me is \"yes\" and not Some(\"boolean\")"),
        (
            r#"{"imageMediaMetadata": {"width": 1.5}}"#,
            "File.imageMediaMetadata.width is 1.5 and not Some(\"integer\")",
        ),
    ] {
        let file = serde_json::from_str(file).unwrap();
        assert_eq!(description.complaints("File", &file), [complaint]);
    }
    let fine = serde_json::json!({"size": "3", "properties": {"any": "thing"}, "starred": true});
    assert_eq!(description.complaints("File", &fine), [""; 0]);
}

#[test]
fn the_fields_that_a_mask_may_name_are_those_that_are_described() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    let description = Description::load();
    let file = description.0["schemas"]["File"]["properties"].as_object().unwrap();
    let refused: BTreeSet<_> = file
        .keys()
        .filter(|name| client.get(&format!("files?fields=files({name})")).status != 200)
        .collect();
    assert_eq!(refused, BTreeSet::new());
}
