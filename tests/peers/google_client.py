#!/usr/bin/env python3
"""Reads the demo world with Google's own client for Python, and Photos with plain HTTP.

Needs google-api-python-client (tests/peers/run installs it). Google's client builds its calls from the discovery
document that it carries; only the address is ours.
"""

import hashlib
import io
import json
from pathlib import Path

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload
from sandbox import DRIVE, PHOTOS, PICKER, Checks, Sandbox

LIBRARY = Path(__file__).resolve().parents[2] / "src/sandbox/library"
FOLDER = "application/vnd.google-apps.folder"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def painted(name):
    """A file of the demo library, as it was put into the sandbox."""
    return (LIBRARY / name).read_bytes()


def connect(google, token):
    """Google's client. It has a refresh token alone: its first act is to fetch an access token."""
    client = google.client
    credentials = Credentials(
        None, refresh_token=token["refresh_token"], token_uri=client["token_uri"],
        client_id=client["client_id"], client_secret=client["client_secret"], scopes=[DRIVE],
    )
    return build(
        "drive", "v3", credentials=credentials, static_discovery=True, cache_discovery=False,
        client_options={"api_endpoint": f"{google.root}/drive/v3/"},
    )


def listed(drive, size, **arguments):
    """All files, page by page, as the client's own list_next walks."""
    request, files, pages = drive.files().list(pageSize=size, **arguments), [], 0
    while request is not None:
        answer = request.execute()
        files, pages = files + answer.get("files", []), pages + 1
        request = drive.files().list_next(request, answer)
    return files, pages


def downloaded(request, chunk):
    """The bytes of a download in chunks, and how many chunks it took."""
    out, done, chunks = io.BytesIO(), False, 0
    download = MediaIoBaseDownload(out, request, chunksize=chunk)
    while not done:
        _, done = download.next_chunk()
        chunks += 1
    return out.getvalue(), chunks


def refusal(request):
    """Status and reason of a call that is refused."""
    try:
        request.execute()
    except HttpError as error:
        return error.resp.status, json.loads(error.content)["error"]["errors"][0]["reason"]
    return None


def check_listing(checks, drive):
    mask = "nextPageToken,incompleteSearch,files(id,name,parents,mimeType,size,md5Checksum,sha256Checksum,trashed)"
    whole, pages = listed(drive, 1000, fields=mask)
    checks.equal("one page is enough for all", pages, 1)
    for size in (1, 7):
        files, pages = listed(drive, size, fields=mask)
        checks.equal(f"pages of {size} hold the same", files, whole)
        checks.equal(f"as many pages of {size} as it takes", pages, -(-len(whole) // size))
    checks.equal("no id twice", len({file["id"] for file in whole}), len(whole))
    checks.equal("three files of one name", sum(file["name"] == "IMG_0001.JPG" for file in whole), 3)
    names = {file["name"] for file in whole}
    checks.equal("hostile names come whole", {"a/b.jpg", "\x1b[31mred\x1b[0m.jpg", "🌅 first light 🌅.jpg"} <= names, True)
    folders = {file["id"] for file in whole if file["mimeType"] == FOLDER}
    children, _ = listed(drive, 100, q="'root' in parents and trashed = false", fields="nextPageToken,files(id,parents)")
    root = drive.files().get(fileId="root", fields="id").execute()["id"]
    checks.equal("what lies in the root says so", {parent for file in children for parent in file["parents"]}, {root})
    checks.equal("folders have no size", [file for file in whole if file["id"] in folders and "size" in file], [])
    default = drive.files().list(pageSize=1).execute()
    checks.equal("without fields four members", sorted(default["files"][0]), ["id", "kind", "mimeType", "name"])
    trashed, _ = listed(drive, 100, q="trashed = true")
    checks.equal("the trash", [file["name"] for file in trashed], ["blurred.jpg"])


def check_bytes(checks, drive):
    for id, name in [("f-lake", "alpine_lake.jpg"), ("f-sunrise", "sunrise.mp4"), ("f-city", "city_night.png")]:
        content = painted(name)
        facts = drive.files().get(fileId=id, fields="size,md5Checksum,sha1Checksum,sha256Checksum").execute()
        checks.equal(f"{name}: size", facts["size"], str(len(content)))
        for kind in ("md5", "sha1", "sha256"):
            checks.equal(f"{name}: {kind}", facts[f"{kind}Checksum"], hashlib.new(kind, content).hexdigest())
        for chunk in (len(content) + 1, 1024):
            found, chunks = downloaded(drive.files().get_media(fileId=id), chunk)
            checks.equal(f"{name} in chunks of {chunk}", found, content)
            checks.equal(f"{name}: number of chunks", chunks, -(-len(content) // chunk))
    exported = drive.files().export(fileId="n-list", mimeType=DOCX).execute()
    checks.equal("an exported document", exported, painted("packing_list.docx"))
    form = refusal(drive.files().export(fileId="n-form", mimeType=DOCX))
    checks.equal("a form has no export", form is not None and form[0] in (400, 403), True)
    checks.equal("a document has no bytes", refusal(drive.files().get_media(fileId="n-list")), (403, "fileNotDownloadable"))
    checks.equal("what is not there", refusal(drive.files().get(fileId="nowhere")), (404, "notFound"))
    checks.equal("a mask of nonsense", refusal(drive.files().get(fileId="f-lake", fields="nonsense"))[0], 400)
    checks.equal("a page too long", refusal(drive.files().list(pageSize=1001))[0], 400)
    checks.equal("nothing can be deleted", refusal(drive.files().delete(fileId="f-lake"))[0], 403)


def check_rest(checks, drive):
    about = drive.about().get(fields="user,storageQuota,exportFormats").execute()
    checks.equal("the account", about["user"]["me"], True)
    checks.equal("documents can become docx", DOCX in about["exportFormats"]["application/vnd.google-apps.document"], True)
    checks.equal("about needs a mask", refusal(drive.about().get())[0], 400)
    start = drive.changes().getStartPageToken().execute()["startPageToken"]
    changes = drive.changes().list(pageToken=start).execute()
    checks.equal("nothing has changed", changes.get("changes"), [])
    checks.equal("and the next time begins here", changes["newStartPageToken"], start)
    shortcut = drive.files().get(fileId="s-lake", fields="shortcutDetails").execute()["shortcutDetails"]
    checks.equal("a shortcut's target", (shortcut["targetId"], shortcut["targetMimeType"]), ("f-lake", "image/jpeg"))
    shared = drive.files().get(fileId="f-shared", fields="ownedByMe,owners/emailAddress,parents").execute()
    checks.equal("somebody else's", shared, {"ownedByMe": False, "owners": [{"emailAddress": "grace@example.org"}]})
    computer = drive.files().get(fileId="d-laptop", fields="parents,capabilities/canShare").execute()
    checks.equal("a computer", computer, {"capabilities": {"canShare": False}})


def check_photos(checks, google):
    token = google.sign_in(PHOTOS)["access_token"]
    status, _, body = google.get("/photoslibrary/v1/mediaItems?pageSize=100", token)
    items = {item["id"]: item for item in json.loads(body)["mediaItems"]}
    checks.equal("media items", (status, "p-lake" in items, "p-other" in items), (200, True, False))
    checks.equal("int64 are texts", items["p-lake"]["mediaMetadata"]["width"], "640")
    dunes = items["p-dunes"]["baseUrl"]
    checks.equal("the original", google.get(f"{dunes}=d")[2], painted("dunes.jpg"))
    checks.equal("scaled", google.get(f"{dunes}=w64-h64")[2] == painted("dunes.jpg"), False)
    checks.equal("a film", google.get(items["p-sunrise"]["baseUrl"] + "=dv")[2], painted("sunrise_transcoded.mp4"))
    checks.equal("a motion photo's film", google.get(items["p-meadow"]["baseUrl"] + "=dv")[2], painted("meadow_clip.mp4"))
    status, headers, body = google.get(f"{dunes}=d", method="HEAD")
    checks.equal("HEAD", (status, headers["Content-Length"], body), (200, str(len(painted("dunes.jpg"))), b""))
    checks.equal("shared albums are closed", google.get("/photoslibrary/v1/sharedAlbums", token)[0], 403)
    checks.equal("no token", google.get("/photoslibrary/v1/albums")[0], 401)
    albums = json.loads(google.get("/photoslibrary/v1/albums", token)[2])["albums"]
    checks.equal("albums", [album["title"] for album in albums], ["Summer in the Alps", "Weekend", "Weekend"])
    found = google.get("/photoslibrary/v1/mediaItems:search", token, "POST", {"albumId": albums[0]["id"]})
    found = [item["id"] for item in json.loads(found[2])["mediaItems"]]
    checks.equal("an album's items in order", found, ["p-lake", "p-lavender", "p-meadow", "p-sunrise"])


def check_picker(checks, google):
    token = google.sign_in(PICKER)["access_token"]
    session = json.loads(google.get("/photospicker/v1/sessions", token, "POST", {})[2])
    path = f"/photospicker/v1/sessions/{session['id']}"
    items = f"/photospicker/v1/mediaItems?sessionId={session['id']}"
    checks.equal("nothing chosen yet", google.get(items, token)[0], 400)
    done = [json.loads(google.get(path, token)[2])["mediaItemsSet"] for _ in range(2)]
    checks.equal("chosen after a poll", done, [False, True])
    chosen = json.loads(google.get(items, token)[2])["mediaItems"]
    checks.equal("what was chosen", [item["id"] for item in chosen], ["p-lavender", "p-meadow", "p-other"])
    url = chosen[2]["mediaFile"]["baseUrl"] + "=d"
    checks.equal("bytes want a token", (google.get(url)[0], google.get(url, token)[2]), (403, painted("spiral.jpg")))
    checks.equal("deleting a session", [google.get(path, token, "DELETE")[0], google.get(path, token)[0]], [200, 404])


def main():
    checks = Checks("google_client")
    with Sandbox() as google:
        drive = connect(google, google.sign_in(DRIVE))
        check_listing(checks, drive)
        check_bytes(checks, drive)
        check_rest(checks, drive)
        check_photos(checks, google)
        check_picker(checks, google)
    checks.finish()


if __name__ == "__main__":
    main()
