//! Drive's change log, after each thing that can happen.

use gphotos_sync::sandbox::{Effect, Fault, Item, Sandbox, World};
use serde_json::Value;

use super::client::Client;

const FIELDS: &str = "fields=nextPageToken,newStartPageToken,changes(removed,fileId,time,\
    file(name,version,modifiedTime,headRevisionId,trashed,explicitlyTrashed,parents,md5Checksum,starred))";

#[test]
fn every_edit_is_told_and_raises_the_version() {
    type Edit = fn(&mut World);
    let edits: &[(&str, Edit)] = &[
        ("name", |w| w.rename("a", "z.jpg")),
        ("parents", |w| w.move_to("a", "album")),
        ("parents", |w| w.orphan("a")),
        ("modifiedTime headRevisionId md5Checksum", |w| w.edit("a", b"other")),
        ("modifiedTime", |w| w.set_modified("a", "2001-02-03T04:05:06.789Z")),
        ("trashed explicitlyTrashed", |w| w.trash("a")),
        ("trashed", |w| w.trash("f")),
        ("starred", |w| w.star("a", true)),
        ("", |w| w.touch("a")),
    ];
    for (changed, edit) in edits {
        let google = Sandbox::start(world());
        let client = Client::new(&google);
        let (from, before) = (start(&client), file(&client));
        google.world(edit);
        let told: Vec<_> = read(&client, &from).0;
        let entry = told.iter().find(|entry| entry["fileId"] == "a").unwrap();
        assert_eq!(entry["removed"], false);
        let after = &entry["file"];
        assert_eq!(
            (&before["version"], &after["version"]),
            (&"1".into(), &"2".into()),
            "{changed}"
        );
        for (name, value) in before.as_object().unwrap() {
            if name != "version" {
                let expected = changed.split(' ').any(|part| part == name);
                assert_eq!(after.get(name) != Some(value), expected, "{name} in {changed:?}");
            }
        }
    }
}

#[test]
fn what_was_trashed_with_its_folder_comes_back_with_it() {
    let google = Sandbox::start(world());
    let client = Client::new(&google);
    let from = start(&client);
    google.world(|w| w.trash("f"));
    assert_eq!(told(&client, &from), ["f", "a"]);
    assert_eq!(file(&client)["trashed"], true);
    assert_eq!(file(&client)["explicitlyTrashed"], false);
    google.world(|w| w.untrash("f"));
    assert_eq!(file(&client)["trashed"], false);
}

#[test]
fn what_is_deleted_or_no_longer_shared_is_removed_and_cannot_be_found() {
    let google = Sandbox::start(world());
    let client = Client::new(&google);
    let from = start(&client);
    google.world(|w| w.delete("f"));
    google.world(|w| w.unshare("theirs"));
    let (entries, _) = read(&client, &from);
    let ids: Vec<_> = entries.iter().map(|entry| entry["fileId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "f", "theirs"]);
    assert!(entries.iter().all(|entry| entry["removed"] == true && entry.get("file").is_none()));
    for id in ids {
        assert_eq!(client.get(&format!("files/{id}")).status, 404);
    }
    assert_eq!(
        client.get(&format!("changes?includeRemoved=false&pageToken={from}")).json()["changes"],
        Value::Array(vec![])
    );
}

#[test]
fn an_item_has_one_entry_however_often_it_changes() {
    let google = Sandbox::start(world());
    let client = Client::new(&google);
    let from = start(&client);
    google.world(|w| w.rename("a", "1.jpg"));
    google.world(|w| w.add(Item::file("new", "n.jpg", b"n")));
    google.world(|w| w.rename("a", "2.jpg"));
    google.world(|w| w.swap_names("a", "new"));
    let (entries, next) = read(&client, &from);
    let names: Vec<_> =
        entries.iter().map(|entry| entry["file"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["n.jpg", "2.jpg"]);
    assert_eq!(told(&client, &next), Vec::<String>::new());
    // The older token still works: those of changes do not expire.
    google.world(World::expire_page_tokens);
    assert_eq!(told(&client, &from), ["a", "new"]);
}

#[test]
fn only_the_last_page_says_where_the_next_run_starts() {
    let google = Sandbox::start(world());
    let client = Client::new(&google);
    let from = start(&client);
    google.world(|w| (0..5).for_each(|i| w.add(Item::folder(&format!("n{i}"), "n"))));
    google.fail(Fault::new(Effect::EmptyPage).query("pageToken").nth(2).times(1));
    let mut token = from;
    let mut lengths = Vec::new();
    let last = loop {
        let page = client.get(&format!("changes?pageSize=2&pageToken={token}")).json();
        lengths.push(page["changes"].as_array().unwrap().len());
        match page["nextPageToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break page,
        }
        assert!(page.get("newStartPageToken").is_none());
    };
    assert_eq!(lengths, [2, 0, 2, 1]);
    assert_eq!(last["newStartPageToken"], start(&client));
}

fn world() -> World {
    World::new()
        .folder("f", "F", "root")
        .folder("album", "Album", "root")
        .file("a", "a.jpg", b"abc", "f")
        .with(Item::file("theirs", "t.jpg", b"t").shared_by("bob@example.com"))
}

fn start(client: &Client<'_>) -> String {
    client.get("changes/startPageToken").json()["startPageToken"].as_str().unwrap().to_owned()
}

/// The file `a`, with the fields that are compared.
fn file(client: &Client<'_>) -> Value {
    let fields = FIELDS.split_once("file(").unwrap().1.trim_end_matches("))");
    client.get(&format!("files/a?fields={fields}")).json()
}

fn read(client: &Client<'_>, from: &str) -> (Vec<Value>, String) {
    let page = client.get(&format!("changes?pageToken={from}&{FIELDS}")).json();
    let next = page["newStartPageToken"].as_str().unwrap().to_owned();
    (page["changes"].as_array().unwrap().clone(), next)
}

fn told(client: &Client<'_>, from: &str) -> Vec<String> {
    let id = |entry: &Value| entry["fileId"].as_str().unwrap().to_owned();
    read(client, from).0.iter().map(id).collect()
}
