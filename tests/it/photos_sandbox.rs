//! The sandbox's Google Photos: what the Library API shows, what the Picker
//! gives, and what both refuse.
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod client;
mod picker;

use gphotos_sync::sandbox::{
    Album, Api, Class, Effect, Fault, Photo, Sandbox, VideoStatus, World, demo,
};
use reqwest::Method;
use serde_json::{Value, json};

use self::client::{Client, LIBRARY};

/// Three pictures and a film, latest first: `d` to `a`.
fn world() -> World {
    World::new()
        .photo(Photo::image("a", "a.jpg", b"a bytes").taken("2021-05-01T10:00:00Z").favourite())
        .photo(Photo::image("b", "b.jpg", b"b bytes").taken("2022-05-02T10:00:00Z").archived())
        .photo(
            Photo::image("c", "c.jpg", b"c bytes").taken("2022-06-03T10:00:00Z").category("PETS"),
        )
        .photo(Photo::video("d", "d.mp4", b"d film").taken("2023-05-04T10:00:00Z"))
}

#[test]
fn an_item_is_shown_as_google_shows_it() {
    let photo = Photo::image("a", "a.jpg", b"a")
        .taken("2021-05-01T10:00:00Z")
        .size(4032, 3024)
        .camera("Fairlens", "F100")
        .description("A hill");
    let google = Sandbox::start(World::new().photo(photo));
    let mut item = Client::new(&google, LIBRARY).get("mediaItems/a").json();
    assert!(item["baseUrl"].take().as_str().unwrap().starts_with(google.root()));
    let camera = json!({"cameraMake": "Fairlens", "cameraModel": "F100"});
    let metadata = json!({"creationTime": "2021-05-01T10:00:00Z", "width": "4032",
        "height": "3024", "photo": camera});
    assert_eq!(
        item,
        json!({"id": "a", "filename": "a.jpg", "mimeType": "image/jpeg", "baseUrl": null,
            "productUrl": "https://photos.google.com/lr/photo/a", "description": "A hill",
            "mediaMetadata": metadata})
    );
}

#[test]
fn a_listing_is_read_in_pages_latest_first() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    let first = client.get("mediaItems?pageSize=3");
    assert_eq!(first.ids(), ["d", "c", "b"]);
    let last = client.get(&format!("mediaItems?pageSize=3&pageToken={}", first.next().unwrap()));
    assert_eq!((last.ids(), last.next()), (vec!["a".to_owned()], None));
    assert_eq!(google.count(Class::PhotoList), 2);
}

#[test]
fn a_page_can_be_empty_and_go_on() {
    let google = Sandbox::start(world());
    google.fail(Fault::new(Effect::EmptyPage).on(Class::PhotoList));
    let client = Client::new(&google, LIBRARY);
    let first = client.get("mediaItems");
    assert_eq!(first.json().get("mediaItems"), None);
    let second = client.get(&format!("mediaItems?pageToken={}", first.next().unwrap()));
    assert_eq!(second.ids(), ["d", "c", "b", "a"]);
}

#[test]
fn page_tokens_serve_their_own_listing_and_expire() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    let token = client.get("mediaItems?pageSize=1").next().unwrap();
    let all = || client.get(&format!("mediaItems?pageSize=1&pageToken={token}"));
    assert_eq!(all().status, 200);
    assert_eq!(client.get(&format!("albums?pageToken={token}")).status, 400);
    assert_eq!(client.search(&json!({"pageToken": token})).status, 400);
    assert_eq!(client.get("mediaItems?pageToken=nonsense").status, 400);
    google.world(World::expire_page_tokens);
    assert_eq!(all().refusal(), (400, "INVALID_ARGUMENT".to_owned()));
}

#[test]
fn what_google_has_not_is_refused() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    for path in [
        "mediaItems?pageSize=101",
        "mediaItems?pageSize=-1",
        "mediaItems?pageSize=x",
        "mediaItems?page_size=1",
        "mediaItems?fields=nextPageToken,mediaItems(size)",
        "albums?pageSize=51",
        "mediaItems:batchGet",
    ] {
        assert_eq!(client.get(path).status, 400, "{path}");
    }
    for path in ["mediaItems/nope", "albums/nope", "nonsense"] {
        assert_eq!(client.get(path).refusal(), (404, "NOT_FOUND".to_owned()), "{path}");
    }
    let ids = (0..51).map(|i| format!("mediaItemIds=i{i}")).collect::<Vec<_>>().join("&");
    assert_eq!(client.get(&format!("mediaItems:batchGet?{ids}")).status, 400);
}

#[test]
fn a_mask_chooses_members() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    let answer = client.get("mediaItems?pageSize=1&fields=mediaItems(id,mediaMetadata/width)");
    let item = json!({"id": "d", "mediaMetadata": {"width": "640"}});
    assert_eq!(answer.json(), json!({"mediaItems": [item]}));
}

#[test]
fn a_batch_answers_for_each_id_in_order() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    let answer = client.get("mediaItems:batchGet?mediaItemIds=b&mediaItemIds=nope&mediaItemIds=a");
    let results = answer.json()["mediaItemResults"].as_array().unwrap().clone();
    let of = |result: &Value| match result["mediaItem"]["id"].as_str() {
        Some(id) => id.to_owned(),
        None => result["status"]["code"].to_string(),
    };
    assert_eq!(results.iter().map(of).collect::<Vec<_>>(), ["b", "5", "a"]);
}

#[test]
fn searches_find_what_their_filters_say() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    let day = |year: u32, month: u32, day: u32| json!({"year": year, "month": month, "day": day});
    let dates = |dates: &[Value]| json!({"dateFilter": {"dates": dates}});
    let range = |from: Value, to: Value| json!({"dateFilter": {"ranges": [{"startDate": from, "endDate": to}]}});
    for (filters, expected) in [
        (json!({}), "d c a"),
        (json!({"includeArchivedMedia": true}), "d c b a"),
        (json!({"mediaTypeFilter": {"mediaTypes": ["VIDEO"]}}), "d"),
        (json!({"mediaTypeFilter": {"mediaTypes": ["PHOTO"]}}), "c a"),
        (json!({"featureFilter": {"includedFeatures": ["FAVORITES"]}}), "a"),
        (json!({"contentFilter": {"includedContentCategories": ["PETS"]}}), "c"),
        (json!({"contentFilter": {"excludedContentCategories": ["PETS"]}}), "d a"),
        (dates(&[day(2022, 6, 3)]), "c"),
        (dates(&[day(2022, 0, 0)]), "c"),
        (dates(&[day(0, 5, 0)]), "d a"),
        (dates(&[day(2022, 6, 4)]), ""),
        (range(day(2021, 5, 1), day(2022, 6, 3)), "c a"),
        (range(day(2022, 6, 4), day(2023, 5, 3)), ""),
        (range(day(2022, 0, 0), day(2023, 0, 0)), "d c"),
    ] {
        let found = client.search(&json!({"filters": filters}));
        assert_eq!(found.ids().join(" "), expected, "{filters}");
    }
    let oldest =
        json!({"orderBy": "MediaMetadata.creation_time", "filters": dates(&[day(0, 5, 0)])});
    assert_eq!(client.search(&oldest).ids(), ["a", "d"]);
}

#[test]
fn searches_that_contradict_themselves_are_refused() {
    let google = Sandbox::start(world().album(Album::new("x", "X", &["a"])));
    let client = Client::new(&google, LIBRARY);
    let part = json!({"startDate": {"year": 2020}, "endDate": {"year": 2021, "month": 1}});
    for body in [
        json!({"albumId": "x", "filters": {}}),
        json!({"pageSize": 101}),
        json!({"orderBy": "MediaMetadata.creation_time"}),
        json!({"nonsense": 1}),
        json!({"filters": {"mediaTypeFilter": {"mediaTypes": ["PHOTO", "VIDEO"]}}}),
        json!({"filters": {"mediaTypeFilter": {"mediaTypes": ["SONG"]}}}),
        json!({"filters": {"contentFilter": {"includedContentCategories": ["UNICORNS"]}}}),
        json!({"filters": {"dateFilter": {"dates": [{"year": 2020, "day": 3}]}}}),
        json!({"filters": {"dateFilter": {"dates": [{"month": 13}]}}}),
        json!({"filters": {"dateFilter": {"ranges": [part]}}}),
    ] {
        assert_eq!(client.search(&body).refusal(), (400, "INVALID_ARGUMENT".to_owned()), "{body}");
    }
    assert_eq!(client.search(&json!({"albumId": "nope"})).status, 404);
}

#[test]
fn albums_keep_their_order_and_hide_what_other_apps_made() {
    let other = Photo::image("other", "o.jpg", b"o").of_another_app();
    let album = Album::new("x", "Trip", &["b", "other", "d", "a"]);
    let google = Sandbox::start(
        world().photo(other).album(album).album(Album::new("y", "", &[]).untitled()),
    );
    let client = Client::new(&google, LIBRARY);
    assert_eq!(client.search(&json!({"albumId": "x"})).ids(), ["b", "d", "a"]);
    assert_eq!(client.get("mediaItems").ids(), ["d", "c", "b", "a"]);
    assert_eq!(client.get("mediaItems/other").status, 404);
    let album = client.get("albums/x").json();
    assert_eq!(
        (&album["mediaItemsCount"], &album["coverPhotoMediaItemId"]),
        (&json!("4"), &json!("b"))
    );
    let empty = client.get("albums/y").json();
    assert_eq!((empty.get("title"), empty.get("mediaItemsCount")), (None, None));
    let page = client.get("albums?pageSize=1").json();
    assert_eq!(
        (&page["albums"][0]["id"], page["albums"].as_array().unwrap().len()),
        (&json!("x"), 1)
    );
    assert!(page["nextPageToken"].is_string());
}

#[test]
fn what_the_scopes_that_are_left_do_not_allow_is_refused() {
    let google = Sandbox::start(world());
    let denied = (403, "PERMISSION_DENIED".to_owned());
    for scope in [
        "photoslibrary.readonly",
        "photoslibrary",
        "photoslibrary.sharing",
        "photoslibrary.appendonly",
    ] {
        let client = Client::new(&google, &format!("https://www.googleapis.com/auth/{scope}"));
        assert_eq!(client.get("mediaItems").refusal(), denied, "{scope}");
    }
    let client = Client::new(&google, LIBRARY);
    assert_eq!(client.get("sharedAlbums").refusal(), denied);
    let url = format!("{}/photoslibrary/v1/mediaItems:batchCreate", google.root());
    assert_eq!(client.send(Method::POST, &url, Some(&json!({}))).refusal(), denied);
    let stranger = Client::without_token(&google);
    assert_eq!(stranger.get("mediaItems").refusal(), (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(client.picker(Method::POST, "sessions", None).refusal(), denied);
    google.world(|w| w.disable_api(Api::Photos));
    assert!(
        client.get("albums").json()["error"]["message"].as_str().unwrap().contains("Enable it")
    );
}

#[test]
fn base_urls_serve_without_a_token_and_say_how_long_they_are() {
    let motion = Photo::image("m", "m.jpg", b"still").motion(b"clip");
    let google = Sandbox::start(world().photo(motion));
    let (client, stranger) = (Client::new(&google, LIBRARY), Client::without_token(&google));
    let (a, d, m) = (client.base_url("a"), client.base_url("d"), client.base_url("m"));
    assert_eq!(stranger.open(&format!("{a}=d")).body, b"a bytes");
    assert_eq!(stranger.open(&format!("{d}=dv")).body, b"d film");
    assert_eq!(stranger.open(&format!("{m}=d")).body, b"still");
    assert_eq!(stranger.open(&format!("{m}=dv")).body, b"clip");
    for suffix in ["", "=w64-h64", "=w64", "=h48-c", "=s64"] {
        let scaled = stranger.open(&format!("{a}{suffix}"));
        assert_eq!(&scaled.body[..2], [0xff, 0xd8], "{suffix}: a JPEG, and not the original");
    }
    let head = stranger.send(Method::HEAD, &format!("{a}=d"), None);
    assert_eq!((head.status, head.length, head.body), (200, Some(7), Vec::new()));
    for (url, status) in [
        (format!("{a}=dv"), 404),
        (format!("{a}=x"), 400),
        (format!("{a}=w0"), 400),
        (a.replace("/lr/", "/ppa/"), 403),
        (format!("{}/media/lr/a/bm9uc2Vuc2U=d", google.root()), 400),
    ] {
        assert_eq!(stranger.open(&url).status, status, "{url}");
    }
    google.world(|w| w.delete_photo("a"));
    assert_eq!(stranger.open(&format!("{a}=d")).status, 404);
    assert!(google.count(Class::PhotoMedia) > 10);
}

#[test]
fn a_base_url_dies_after_an_hour_and_a_new_one_lives() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    let url = format!("{}=d", client.base_url("a"));
    google.world(|w| w.pass_minutes(59));
    assert_eq!(client.open(&url).status, 200);
    google.world(|w| w.pass_minutes(1));
    assert_eq!(client.open(&url).status, 403);
    let new = format!("{}=d", client.base_url("a"));
    assert_eq!(client.open(&new).status, 200);
    google.world(World::expire_base_urls);
    assert_eq!(client.open(&new).status, 403);
}

#[test]
fn a_film_has_bytes_when_google_is_done_with_it() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    for (status, word, code) in [
        (VideoStatus::Processing, "PROCESSING", 404),
        (VideoStatus::Failed, "FAILED", 404),
        (VideoStatus::Ready, "READY", 200),
    ] {
        google.world(|w| w.set_video_status("d", status));
        let item = client.get("mediaItems/d").json();
        assert_eq!(item["mediaMetadata"]["video"]["status"], word);
        assert_eq!(client.open(&format!("{}=dv", item["baseUrl"].as_str().unwrap())).status, code);
    }
}

#[test]
fn faults_happen_to_photos_as_to_drive() {
    let google = Sandbox::start(world());
    let client = Client::new(&google, LIBRARY);
    google.fail(Fault::new(Effect::error(429, "rateLimitExceeded")).on(Class::PhotoSearch));
    assert_eq!(client.search(&json!({})).refusal(), (429, "RESOURCE_EXHAUSTED".to_owned()));
    assert_eq!(client.search(&json!({})).status, 200);
    let (a, c) = (client.base_url("a"), client.base_url("c"));
    google.fail(Fault::new(Effect::ErrorPage(500)).on(Class::PhotoMedia).id("a"));
    assert_eq!(client.open(&format!("{c}=d")).status, 200);
    assert_eq!(client.open(&format!("{a}=d")).status, 500);
    google.fail(Fault::new(Effect::Corrupt { at: 0 }).on(Class::PhotoMedia));
    assert_eq!(client.open(&format!("{a}=d")).body, b"A bytes");
}

#[test]
fn the_demo_shows_pictures_that_drive_has_and_some_that_it_has_not() {
    let google = Sandbox::start(demo());
    let client = Client::new(&google, LIBRARY);
    let bytes = |id: &str| client.open(&format!("{}=d", client.base_url(id))).body;
    assert_eq!(bytes("p-dunes"), include_bytes!("../../src/sandbox/library/dunes.jpg"));
    let lake = include_bytes!("../../src/sandbox/library/alpine_lake.jpg");
    assert_ne!(bytes("p-lake"), lake, "without its place");
    assert_eq!(bytes("p-lake").len(), lake.len());
    let meadow = include_bytes!("../../src/sandbox/library/meadow.mp.jpg");
    assert_eq!(bytes("p-meadow")[bytes("p-meadow").len() - 2..], [0xff, 0xd9], "a still alone");
    assert!(bytes("p-meadow").len() < meadow.len());
    assert_eq!(client.get("mediaItems?pageSize=100").ids().len(), 12);
}
