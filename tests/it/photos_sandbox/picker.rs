//! The sandbox's Picker: what it gives, and what it refuses.

use gphotos_sync::sandbox::{Class, Photo, Picks, Sandbox, World};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, LIBRARY, PICKER};
use super::world;

const UUID: &str = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

/// Opens a session and returns its id.
fn session(client: &Client<'_>) -> String {
    let answer =
        client.picker(Method::POST, &format!("sessions?requestId={UUID}"), Some(&json!({})));
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_session_waits_for_the_person_and_then_has_the_items() {
    let other = Photo::image("other", "o.jpg", b"o").of_another_app();
    let picks = Picks::new(&["c", "other", "d"]).after_polls(2);
    let google = Sandbox::start(world().photo(other).picks(picks));
    let client = Client::new(&google, PICKER);
    let id = session(&client);
    let items = format!("mediaItems?sessionId={id}");
    let early = client.picker(Method::GET, &items, None);
    assert_eq!(early.refusal(), (400, "FAILED_PRECONDITION".to_owned()));
    assert_eq!(early.json()["error"]["details"][0]["reason"], "PENDING_USER_ACTION");
    for done in [false, false, true] {
        let poll = client.picker(Method::GET, &format!("sessions/{id}"), None).json();
        assert_eq!(poll["mediaItemsSet"], done);
        assert_eq!(poll.get("pollingConfig").is_some(), !done);
    }
    let page = client.picker(Method::GET, &items, None);
    assert_eq!(page.ids(), ["c", "other", "d"]);
    let film = &page.json()["mediaItems"][2];
    assert_eq!(
        (&film["type"], &film["createTime"]),
        (&json!("VIDEO"), &json!("2023-05-04T10:00:00Z"))
    );
    let metadata = &film["mediaFile"]["mediaFileMetadata"];
    assert_eq!(
        (&metadata["width"], &metadata["videoMetadata"]["processingStatus"]),
        (&json!(640), &json!("READY"))
    );
    let url = format!("{}=dv", film["mediaFile"]["baseUrl"].as_str().unwrap());
    assert_eq!(client.open(&url).body, b"d film");
    assert_eq!(Client::without_token(&google).open(&url).status, 403);
    assert_eq!(
        [Class::PickerCreate, Class::PickerPoll, Class::PickerList]
            .map(|class| google.count(class)),
        [1, 3, 2]
    );
}

#[test]
fn a_session_takes_no_more_than_it_was_made_for() {
    let google = Sandbox::start(world().picks(Picks::new(&["a", "b", "c"])));
    let client = Client::new(&google, PICKER);
    for (wanted, told, count) in [("2", "2", 2), ("9999", "2000", 3)] {
        let body = json!({"pickingConfig": {"maxItemCount": wanted}});
        let made = client.picker(Method::POST, "sessions", Some(&body)).json();
        assert_eq!(made["pickingConfig"]["maxItemCount"], told);
        let items = format!("mediaItems?sessionId={}", made["id"].as_str().unwrap());
        assert_eq!(client.picker(Method::GET, &items, None).ids().len(), count);
    }
}

#[test]
fn a_person_may_choose_once_more_than_a_session_takes() {
    let photo = |number: usize| Photo::image(&format!("n{number:04}"), "n.jpg", b"n");
    let ids: Vec<_> = (0..2500).map(|number| format!("n{number:04}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let world = (0..2500).fold(World::new(), |world, number| world.photo(photo(number)));
    let world = world.then_picks(Picks::new(&ids)).then_picks(Picks::new(&ids[2000..]));
    let google = Sandbox::start(world);
    let client = Client::new(&google, PICKER);
    let sessions = [session(&client), session(&client), session(&client)];
    let picked = |id: &String| {
        let mut path = format!("mediaItems?pageSize=100&sessionId={id}");
        let mut picked = Vec::new();
        loop {
            let page = client.picker(Method::GET, &path, None);
            picked.extend(page.ids());
            match page.next() {
                Some(token) => {
                    path = format!("mediaItems?pageSize=100&sessionId={id}&pageToken={token}");
                }
                None => break picked,
            }
        }
    };
    assert_eq!(picked(&sessions[0]), ids[..2000]);
    assert_eq!(picked(&sessions[1]), ids[2000..]);
    assert!(picked(&sessions[2]).is_empty());
}

#[test]
fn who_never_comes_to_an_end_does_when_told() {
    let google = Sandbox::start(world().picks(Picks::never()));
    let client = Client::new(&google, PICKER);
    let id = session(&client);
    let poll = || client.picker(Method::GET, &format!("sessions/{id}"), None).json();
    assert_eq!(
        (&poll()["mediaItemsSet"], &poll()["mediaItemsSet"]),
        (&false.into(), &false.into())
    );
    google.world(|w| w.pick(&["a", "c"]));
    assert_eq!(poll()["mediaItemsSet"], true);
    let items = client.picker(Method::GET, &format!("mediaItems?sessionId={id}"), None);
    assert_eq!(items.ids(), ["a", "c"]);
}

#[test]
fn addresses_serve_for_an_hour_whom_may_pick() {
    let google = Sandbox::start(world().picks(Picks::new(&["c"])));
    let client = Client::new(&google, PICKER);
    let path = format!("mediaItems?sessionId={}", session(&client));
    let address = || {
        let page = client.picker(Method::GET, &path, None).json();
        format!("{}=d", page["mediaItems"][0]["mediaFile"]["baseUrl"].as_str().unwrap())
    };
    let first = address();
    assert_eq!(Client::new(&google, LIBRARY).open(&first).status, 403);
    google.world(|w| w.pass_minutes(59));
    assert_eq!(client.open(&first).status, 200);
    google.world(|w| w.pass_minutes(1));
    assert_eq!((client.open(&first).status, client.open(&address()).status), (403, 200));
}

#[test]
fn the_last_page_may_lead_to_itself_for_ever() {
    let google = Sandbox::start(world().picks(Picks::new(&["a", "b", "c"]).with_endless_token()));
    let client = Client::new(&google, PICKER);
    let path = format!("mediaItems?pageSize=2&sessionId={}", session(&client));
    let first = client.picker(Method::GET, &path, None);
    let second =
        client.picker(Method::GET, &format!("{path}&pageToken={}", first.next().unwrap()), None);
    let third =
        client.picker(Method::GET, &format!("{path}&pageToken={}", second.next().unwrap()), None);
    assert_eq!((first.ids(), second.ids()), (vec!["a".into(), "b".into()], vec!["c".into()]));
    assert_eq!((third.ids(), third.next()), (second.ids(), second.next()));
}

#[test]
fn sessions_are_few_and_end() {
    let google = Sandbox::start(world().picks(Picks::new(&["a"])));
    google.world(|w| w.limit_sessions(2));
    let client = Client::new(&google, PICKER);
    let (first, second) = (session(&client), session(&client));
    let third = client.picker(Method::POST, "sessions", Some(&json!({})));
    assert_eq!(third.refusal(), (429, "RESOURCE_EXHAUSTED".to_owned()));
    let path = format!("sessions/{first}");
    assert_eq!(client.picker(Method::DELETE, &path, None).json(), json!({}));
    assert_eq!(client.picker(Method::DELETE, &path, None).status, 404);
    google.world(|w| w.pass_minutes(7 * 24 * 60));
    assert_eq!(client.picker(Method::GET, &format!("sessions/{second}"), None).status, 404);
    session(&client);
    assert_eq!(google.world(|w| w.open_sessions()), 1);
}

#[test]
fn the_picker_refuses_what_it_has_not() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, PICKER);
    let post = |path: &str, body: Value| client.picker(Method::POST, path, Some(&body)).status;
    assert_eq!(post("sessions?requestId=1", json!({})), 400);
    assert_eq!(post(&format!("sessions?requestId={}", UUID.replace("-41", "-11")), json!({})), 400);
    assert_eq!(post("sessions", json!({"pickingConfig": {"maxItemCount": 5}})), 400);
    assert_eq!(post("sessions", json!({"album": "x"})), 400);
    let id = session(&client);
    for path in ["mediaItems".to_owned(), format!("mediaItems?sessionId={id}&pageSize=101")] {
        assert_eq!(client.picker(Method::GET, &path, None).status, 400, "{path}");
    }
    assert_eq!(client.picker(Method::GET, "mediaItems?sessionId=nope", None).status, 404);
    let nobody = Sandbox::start(World::new().without_photos());
    let client = Client::new(&nobody, PICKER);
    let answer = client.picker(Method::POST, "sessions", Some(&json!({})));
    assert_eq!(answer.refusal(), (400, "FAILED_PRECONDITION".to_owned()));
}
