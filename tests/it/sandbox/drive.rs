//! Drive: masks, pages, bytes, exports, and what is refused.

use gphotos_sync::sandbox::{Api, Class, Content, Item, Sandbox, World};
use reqwest::Method;
use serde_json::json;

use super::client::{Client, ids};

#[test]
fn a_list_without_fields_has_the_four_that_drive_has() {
    let google = Sandbox::start(World::new().file("a", "a.jpg", b"abc", "root"));
    let list = Client::new(&google).get("files");
    assert_eq!(list.headers["content-type"], "application/json; charset=UTF-8");
    let file = json!({"kind": "drive#file", "id": "a", "name": "a.jpg", "mimeType": "image/jpeg"});
    assert_eq!(
        list.json(),
        json!({"kind": "drive#fileList", "incompleteSearch": false, "files": [file]})
    );
}

#[test]
fn only_the_fields_that_are_asked_for_are_served() {
    let google = Sandbox::start(World::new().file("a", "a.jpg", b"abc", "root"));
    let client = Client::new(&google);
    let file =
        client.get("files/a?fields=id,size,md5Checksum,owners/emailAddress,version,parents").json();
    assert_eq!(
        file,
        json!({
            "id": "a", "size": "3", "version": "1", "parents": ["0AMyDriveRoot"],
            "md5Checksum": "900150983cd24fb0d6963f7d28e17f72",
            "owners": [{"emailAddress": "ada@example.com"}],
        })
    );
    // Without nextPageToken in the mask a listing ends after its first page.
    assert_eq!(
        client.get("files?pageSize=1&fields=files(id)").json(),
        json!({"files": [{"id": "a"}]})
    );
}

#[test]
fn another_account_has_another_permission_id() {
    let who = |world| {
        let google = Sandbox::start(world);
        Client::new(&google).get("about?fields=user(emailAddress,permissionId)").json()["user"]
            .clone()
    };
    let (ada, eve) =
        (who(World::new()), who(World::new().account("Eve", "eve.with.a.long.name@example.com")));
    assert_eq!(eve["emailAddress"], "eve.with.a.long.name@example.com");
    assert_ne!(ada["permissionId"], eve["permissionId"]);
}

#[test]
fn fields_that_drive_has_not_are_refused() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    for path in [
        "files?fields=files(id,nmae)",
        "files?fields=id",
        "changes?pageToken=1000&fields=x",
        "about?fields=me",
    ] {
        let answer = client.get(path);
        assert_eq!((answer.status, answer.reason().as_str()), (400, "invalidParameter"), "{path}");
        let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Invalid field selection "), "{message}");
    }
    let about = client.get("about");
    assert_eq!((about.status, about.reason().as_str()), (400, "required"));
    let user = client.get("about?fields=user(emailAddress)").json();
    assert_eq!(user, json!({"user": {"emailAddress": "ada@example.com"}}));
}

#[test]
fn a_listing_is_read_to_its_end_in_pages() {
    let world =
        (0..25).fold(World::new(), |world, i| world.file(&format!("f{i:02}"), "x", b"x", "root"));
    let google = Sandbox::start(world);
    let pages = Client::new(&google).pages("files?pageSize=10", "files");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    let all = pages.concat();
    let expected: Vec<_> = (0..25).map(|i| format!("f{i:02}")).collect();
    assert_eq!(ids(&all), expected);
    assert_eq!(google.count(Class::List), 3);
}

#[test]
fn page_tokens_are_for_their_own_listing_and_expire() {
    let google = Sandbox::start(World::new().folder("a", "a", "root").folder("b", "b", "root"));
    let client = Client::new(&google);
    let page = client.get("files?pageSize=1").json();
    let token = page["nextPageToken"].as_str().unwrap();
    assert_eq!(client.get(&format!("files?pageToken={token}")).status, 200);
    for bad in [format!("q=trashed%3Dfalse&pageToken={token}"), "pageToken=nonsense".to_owned()] {
        assert_eq!(client.get(&format!("files?{bad}")).status, 400, "{bad}");
    }
    google.world(World::expire_page_tokens);
    let answer = client.get(&format!("files?pageToken={token}"));
    assert_eq!((answer.status, answer.reason().as_str()), (400, "invalid"));
    assert_eq!(answer.json()["error"]["errors"][0]["location"], "pageToken");
}

#[test]
fn parameters_out_of_bounds_are_refused() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    for path in [
        "files?pageSize=0",
        "files?pageSize=1001",
        "files?pageSize=x",
        "files?orderBy=size",
        "files?spaces=photos",
        "files?corpora=all",
        "files?corpora=drive",
        "files?corpora=allDrives",
        "files?q=nonsense",
        "files?supportsAllDrives=yes",
        "changes",
        "changes?pageToken=7",
        "changes?pageToken=9999",
        "changes?pageToken=1000&pageSize=1001",
        "drives?pageSize=101",
        "files/root?alt=xml",
    ] {
        assert_eq!(client.get(path).status, 400, "{path}");
    }
}

#[test]
fn queries_and_orders_choose_and_sort() {
    let world = World::new()
        .folder("album", "Album", "root")
        .file("b", "b.jpg", b"bb", "album")
        .file("a", "a.jpg", b"a", "album")
        .with(Item::file("t", "t.jpg", b"t").trashed())
        .folder("empty", "Empty", "album")
        .with(Item::file("both", "c.jpg", b"c").parent("empty").also_in("album"));
    let google = Sandbox::start(world);
    let client = Client::new(&google);
    for (query, expected) in [
        ("q='album'+in+parents", vec!["b", "a", "empty", "both"]),
        ("q='empty'+in+parents+or+'album'+in+parents", vec!["b", "a", "empty", "both"]),
        ("q='root'+in+parents+or+'empty'+in+parents", vec!["album", "t", "both"]),
        ("q='album'+in+parents&orderBy=name", vec!["a", "b", "both", "empty"]),
        ("q='root'+in+parents", vec!["album", "t"]),
        ("q='root'+in+parents+and+trashed=false", vec!["album"]),
        ("q=mimeType='image/jpeg'&orderBy=quotaBytesUsed+desc,name", vec!["b", "a", "both", "t"]),
    ] {
        let pages = client.pages(&format!("files?pageSize=1&{query}"), "files");
        assert_eq!(ids(&pages.concat()), expected, "{query}");
    }
}

#[test]
fn the_account_s_corners_look_as_in_drive() {
    let world = World::new()
        .with(Item::file("orphan", "o.jpg", b"o").orphan())
        .with(Item::folder("pc", "My Laptop").computer())
        .with(Item::file("theirs", "t.jpg", b"t").shared_by("bob@example.com"))
        .with(Item::shortcut("link", "link", "orphan"))
        .with(Item::file("old", "old.jpg", b"x").parent("pc").also_in("root").md5_only())
        .with(Item::native("doc", "Doc", "document").export("text/plain", b"hi"))
        .shared_drive("0ADrive", "Family")
        .with(Item::file("far", "far.jpg", b"f").in_drive("0ADrive"));
    let google = Sandbox::start(world);
    let client = Client::new(&google);
    let get = |id: &str, fields: &str| client.get(&format!("files/{id}?fields={fields}")).json();
    assert_eq!(get("orphan", "parents,ownedByMe"), json!({"ownedByMe": true}));
    let pc = json!({"ownedByMe": true, "capabilities": {"canShare": false}});
    assert_eq!(get("pc", "parents,ownedByMe,capabilities/canShare"), pc);
    assert_eq!(get("theirs", "parents,ownedByMe"), json!({"ownedByMe": false}));
    let link = json!({"shortcutDetails": {"targetId": "orphan", "targetMimeType": "image/jpeg"}});
    assert_eq!(get("link", "shortcutDetails,size,md5Checksum"), link);
    assert_eq!(get("old", "parents,sha1Checksum"), json!({"parents": ["pc", "0AMyDriveRoot"]}));
    assert_eq!(
        get("doc", "size,md5Checksum,mimeType"),
        json!({"size": "1024", "mimeType": "application/vnd.google-apps.document"})
    );
    assert_eq!(get("root", "id,parents"), json!({"id": "0AMyDriveRoot"}));
    assert_eq!(client.get("files/far").status, 404);
    assert_eq!(client.get("files/far?supportsAllDrives=true").status, 200);
    assert_eq!(client.pages("files?", "files").concat().len(), 6);
    let with_drives =
        "files?corpora=allDrives&supportsAllDrives=true&includeItemsFromAllDrives=true";
    assert_eq!(client.pages(with_drives, "files").concat().len(), 7);
    assert_eq!(client.get("drives").json()["drives"][0]["name"], "Family");
}

#[test]
fn bytes_come_whole_and_in_ranges() {
    let pattern = Content::Pattern { seed: 1, len: 200_000 };
    let world = World::new()
        .file("a", "a.bin", pattern.clone(), "root")
        .file("empty", "e.jpg", b"", "root")
        .with(Item::file("altered", "p.jpg", b"told").but_serves(b"served"));
    let google = Sandbox::start(world);
    let client = Client::new(&google);
    let whole = client.get("files/a?alt=media");
    assert_eq!((whole.status, &whole.body[..]), (200, &pattern.to_bytes()[..]));
    assert_eq!(whole.headers["content-length"], "200000");
    let part = client.get_range("files/a?alt=media", "bytes=70000-70009");
    assert_eq!((part.status, &part.body[..]), (206, &pattern.to_bytes()[70000..70010]));
    assert_eq!(part.headers["content-range"], "bytes 70000-70009/200000");
    assert_eq!(client.get_range("files/a?alt=media", "bytes=199990-").body.len(), 10);
    assert_eq!(client.get_range("files/a?alt=media", "bytes=200000-").status, 416);
    assert_eq!(client.get_range("files/empty?alt=media", "bytes=0-").status, 416);
    assert_eq!(client.get("files/empty?alt=media").body, b"");
    assert_eq!(client.get("files/altered?alt=media").body, b"served");
    let last = google.requests().into_iter().rfind(|request| request.range.is_some()).unwrap();
    assert_eq!(
        (last.class, last.range.as_deref(), last.status),
        (Class::Media, Some("bytes=0-"), Some(416))
    );
    // Not sooner: they are counted when they are on their way.
    assert!((200_000..210_000).contains(&google.sent_bytes()), "{}", google.sent_bytes());
}

#[test]
fn bytes_that_are_not_to_be_had_are_refused_with_the_reason() {
    let world = World::new()
        .folder("folder", "f", "root")
        .with(Item::file("kept", "k.jpg", b"k").shared_by("bob@example.com").no_download())
        .with(Item::file("bad", "bad.exe", b"b").abusive())
        .with(Item::file("worse", "w.exe", b"w").shared_by("bob@example.com").abusive());
    let google = Sandbox::start(world);
    let client = Client::new(&google);
    for (path, status, reason) in [
        ("files/folder?alt=media", 403, "fileNotDownloadable"),
        ("files/kept?alt=media", 403, "cannotDownloadFile"),
        ("files/bad?alt=media", 403, "cannotDownloadAbusiveFile"),
        ("files/worse?alt=media&acknowledgeAbuse=true", 403, "invalidAbuseAcknowledgment"),
        ("files/nobody?alt=media", 404, "notFound"),
        ("files/kept/export?mimeType=text/plain", 403, "fileNotExportable"),
    ] {
        let answer = client.get(path);
        assert_eq!((answer.status, answer.reason().as_str()), (status, reason), "{path}");
    }
    assert_eq!(client.get("files/bad?alt=media&acknowledgeAbuse=true").body, b"b");
}

#[test]
fn exports_have_a_limit_that_export_links_have_not() {
    let big = Content::Pattern { seed: 2, len: 10 * 1024 * 1024 + 1 };
    let doc = Item::native("doc", "Doc", "document")
        .export("text/plain", b"hi")
        .export("application/pdf", big);
    let google = Sandbox::start(World::new().with(doc).with(Item::native("form", "F", "form")));
    let client = Client::new(&google);
    let text = client.get_range("files/doc/export?mimeType=text/plain", "bytes=1-");
    assert_eq!((text.status, &text.body[..]), (200, &b"hi"[..]));
    assert!(!text.headers.contains_key("content-length"));
    assert_eq!(client.get("files/doc/export").reason(), "required");
    assert_eq!(client.get("files/doc/export?mimeType=image/png").status, 400);
    assert_eq!(
        client.get("files/doc/export?mimeType=application/pdf").reason(),
        "exportSizeLimitExceeded"
    );
    let links = client.get("files/doc?fields=exportLinks").json();
    let link = links["exportLinks"]["application/pdf"].as_str().unwrap();
    assert_eq!(client.open(link).status, 401);
    let path = link.strip_prefix(google.root()).unwrap();
    assert_eq!(client.request(Method::GET, path).body.len(), 10 * 1024 * 1024 + 1);
    assert_eq!(client.get("files/form?fields=exportLinks").json(), json!({}));
}

#[test]
fn nothing_can_be_written() {
    let google = Sandbox::start(World::new().file("a", "a.jpg", b"a", "root"));
    let client = Client::new(&google);
    for (method, path) in [
        (Method::POST, "/drive/v3/files"),
        (Method::DELETE, "/drive/v3/files/a"),
        (Method::PATCH, "/drive/v3/files/a"),
        (Method::POST, "/upload/drive/v3/files?uploadType=media"),
    ] {
        let answer = client.request(method, path);
        assert_eq!(
            (answer.status, answer.reason().as_str()),
            (403, "insufficientPermissions"),
            "{path}"
        );
    }
    assert_eq!(client.request(Method::GET, "/drive/v3/nothing").status, 404);
    assert_eq!(client.request(Method::GET, "/nowhere").status, 404);
    assert_eq!(google.count(Class::Write), 4);
}

#[test]
fn a_token_must_be_there_and_good_and_for_this() {
    let google = Sandbox::start(World::new().file("a", "a.jpg", b"a", "root"));
    let mut client = Client::new(&google);
    let open = client.open(&format!("{}/drive/v3/files", google.root()));
    assert_eq!((open.status, open.reason().as_str()), (401, "authError"));
    google.expire_access_tokens();
    assert_eq!(client.get("files").status, 401);

    client.token =
        google.access_token(&["https://www.googleapis.com/auth/drive.metadata.readonly"]);
    assert_eq!(client.get("files").status, 200);
    let media = client.get("files/a?alt=media");
    assert_eq!((media.status, media.reason().as_str()), (403, "insufficientPermissions"));
    assert_eq!(media.json()["error"]["details"][0]["reason"], "ACCESS_TOKEN_SCOPE_INSUFFICIENT");

    google.world(|w| w.disable_api(Api::Drive));
    let disabled = client.get("files");
    assert_eq!((disabled.status, disabled.reason().as_str()), (403, "accessNotConfigured"));
    let message = disabled.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("https://console.developers.google.com/apis/api/drive.googleapis.com/")
    );
}
