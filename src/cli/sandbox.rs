//! `sandbox`: the built-in Google, served for tests that are no part of this program.

mod edits;
mod weather;

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use super::args::World;
use super::report::{Failure, Stopped};
use super::screen::{Lines as _, Stdout};
use super::typed;
use crate::sandbox::{self, Class, Item, Many, Request, Sandbox, Truth};

/// Serves `world` until stdin is closed, which also happens when the program
/// that started this one ends. Tells where, first, in one line of JSON: `root`
/// goes into `GPHOTOS_SYNC_API_ROOT`, `client_secret` or `service_account` into
/// a file.
///
/// A line on stdin is answered by a line of JSON: `requests` tells how many of
/// which kind there were since that or `fetches` was last asked, `fetches` of which item, and from
/// which byte on, bytes were asked for since then, `ranges` the same with the words of the range, `sent` how many bytes were sent since the start.
/// `change N` changes N files of a world of many and gives it N new photos, if it has any,
/// `export full 5%` has Takeout put another export into Drive, of everything and so many new items
/// as are 5% of the first; `export incremental 5%` one of the new items only; `truth` tells what
/// a right import of all of them comes to.
/// `add ID NAME TEXT` puts a file in My Drive. Of what Drive has under an id, and it must be there,
/// `trash ID` puts it in the trash, `rename ID NAME` gives it another name, and `edit ID TEXT`
/// other bytes. [`edits::edit`] and [`weather::set`] say which lines there are beside these.
///
/// # Errors
///
/// This machine gives no port or thread, or stdin cannot be read.
pub fn serve(world: World) -> Result<(), Failure> {
    let unexpected = |error: io::Error| Failure::new(Stopped::Unexpected, error);
    let sandbox = Sandbox::open(match world {
        World::Demo => sandbox::demo(),
        World::Empty => sandbox::World::new(),
        World::Many(many) => many.world(),
    });
    let sandbox = sandbox.map_err(unexpected)?;
    let told = json!({
        "root": sandbox.root(),
        "client_secret": parsed(sandbox.client_secret()),
        "service_account": parsed(sandbox.service_account_key()),
    });
    Stdout.line(&told.to_string());
    for line in typed::lines(io::stdin().lock()) {
        let answer = answer(&sandbox, world, &line.map_err(unexpected)?);
        Stdout.line(&answer.to_string());
    }
    Ok(())
}

fn answer(sandbox: &Sandbox, world: World, line: &str) -> Value {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (id, words) = rest.split_once(' ').unwrap_or((rest, ""));
    match (verb, rest.parse(), world) {
        ("change", Ok(count), World::Many(many)) => {
            sandbox.world(|world| many.change(world, count));
            json!({ "changed": count })
        }
        ("export", _, World::Many(many)) => done(line, export(sandbox, many, id, words)),
        ("truth", _, World::Many(many)) => {
            json!({ "truth": sandbox.world(|world| truth(&many.truth(world))) })
        }
        ("latency" | "faults", ..) => done(line, weather::set(sandbox, verb, rest)),
        ("sent", ..) => json!({ "sent": sandbox.sent_bytes() }),
        ("trash", ..) => {
            sandbox.world(|world| world.trash(rest));
            json!({ "trashed": rest })
        }
        ("rename", ..) => {
            sandbox.world(|world| world.rename(id, words));
            json!({ "renamed": id })
        }
        ("edit", ..) => {
            sandbox.world(|world| world.edit(id, words));
            json!({ "edited": id })
        }
        ("add", ..) => {
            let (name, text) = words.split_once(' ').unwrap_or((words, ""));
            sandbox.world(|world| world.add(Item::file(id, name, text)));
            json!({ "added": id })
        }
        ("requests", ..) => {
            let mut kinds = BTreeMap::new();
            for request in sandbox.requests() {
                *kinds.entry(format!("{:?}", request.class).to_lowercase()).or_insert(0) += 1;
            }
            sandbox.forget_requests();
            json!(kinds)
        }
        ("fetches", ..) => {
            let fetches: Vec<_> = sandbox.requests().iter().filter_map(fetch).collect();
            sandbox.forget_requests();
            json!({ "fetches": fetches })
        }
        ("ranges", ..) => {
            let ranges: Vec<_> = sandbox.requests().iter().filter_map(range).collect();
            sandbox.forget_requests();
            json!({ "ranges": ranges })
        }
        _ => match serde_json::from_str(line) {
            Ok(words) => done(line, sandbox.world(|world| edits::edit(world, &words))),
            Err(_) => json!({ "error": format!("{line:?} is not understood") }),
        },
    }
}

/// Delivers another export, full or incremental, with `share` new items: `5%` of those there are.
fn export(sandbox: &Sandbox, many: Many, kind: &str, share: &str) -> Result<(), String> {
    let is_incremental = match kind {
        "full" => false,
        "incremental" => true,
        _ => return Err("an export is full or incremental".to_owned()),
    };
    let percent: u64 = share
        .strip_suffix('%')
        .and_then(|number| number.parse().ok())
        .ok_or("how much of it is new is missing: 5%")?;
    let new = many.export * percent / 100;
    sandbox.world(|world| many.deliver(world, new, is_incremental));
    Ok(())
}

/// What a right import comes to, for programs to compare with.
fn truth(items: &[Truth]) -> Value {
    let told = |item: &Truth| {
        json!({
            "title": item.title,
            "paths": item.paths,
            "sha256": item.sha256,
            "taken": item.taken.timestamp(),
            "albums": item.albums,
            "trashed": item.trashed,
            "is_variant": item.is_variant,
        })
    };
    items.iter().map(told).collect()
}

/// The item whose bytes were asked for, and the first of them.
fn fetch(request: &Request) -> Option<Value> {
    let id = wanted(request)?;
    let range = request.range.as_deref().and_then(|range| range.strip_prefix("bytes="));
    let first = range.and_then(|range| range.split_once('-')?.0.parse().ok());
    Some(json!([id, first.unwrap_or(0u64)]))
}

/// The item whose bytes were asked for, and which of them, as the request says it: none is all.
fn range(request: &Request) -> Option<Value> {
    Some(json!([wanted(request)?, request.range]))
}

/// The item whose bytes a request asks for.
fn wanted(request: &Request) -> Option<&str> {
    let mut parts = request.path.split('/');
    match request.class {
        Class::Media => parts.next_back(),
        Class::PhotoMedia if request.method == "GET" => parts.nth(3),
        _ => None,
    }
}

fn done(line: &str, result: Result<(), String>) -> Value {
    match result {
        Ok(()) => json!({ "done": parsed(line.to_owned()) }),
        Err(why) => json!({ "error": format!("{line}: {why}") }),
    }
}

fn parsed(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_is_told_by_its_item_and_its_first_byte() {
        for (class, method, path, range, expected) in [
            (Class::Media, "GET", "/drive/v3/files/a", None, Some(json!(["a", 0]))),
            (Class::Media, "GET", "/drive/v3/files/a", Some("bytes=7-"), Some(json!(["a", 7]))),
            (Class::PhotoMedia, "GET", "/media/lr/p/x=d", None, Some(json!(["p", 0]))),
            (Class::PhotoMedia, "HEAD", "/media/lr/p/x=d", None, None),
            (Class::Get, "GET", "/drive/v3/files/a", None, None),
        ] {
            let request = Request {
                class,
                method: method.to_owned(),
                path: path.to_owned(),
                query: String::new(),
                range: range.map(str::to_owned),
                user_agent: None,
                status: Some(200),
            };
            assert_eq!(fetch(&request), expected, "{path}");
            let asked = super::range(&request).map(|it| (it[0].clone(), it[1].clone()));
            assert_eq!(asked, expected.map(|it| (it[0].clone(), json!(range))), "{path}");
        }
    }
}
