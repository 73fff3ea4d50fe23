#!/usr/bin/env python3
"""A client that asks for one page after the other over one connection and keeps nothing: what a listing costs at the
least where nothing is asked for at once. It asks for the fields that gphotos-sync asks for.

    pages.py ROOT TOKEN WHAT...     WHAT is drive, photos or albums
"""

import http.client
import json
import sys
import urllib.parse

FILE = (
    "id,name,mimeType,parents,size,md5Checksum,sha256Checksum,headRevisionId,modifiedTime,createdTime,trashed,"
    "ownedByMe,driveId,starred,description,shortcutDetails(targetId),capabilities(canDownload,canShare),"
    "imageMediaMetadata(width,height,time,cameraMake,cameraModel,location(latitude,longitude)),"
    "videoMediaMetadata(width,height,durationMillis)"
)
PHOTO = "nextPageToken,mediaItems(id,description,mimeType,filename,mediaMetadata)"


class Client:
    """A connection that is kept."""

    def __init__(self, root, token):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(root).netloc)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method, path, body=None, **query):
        headers = self.headers | ({"Content-Type": "application/json"} if body else {})
        url = f"{path}?{urllib.parse.urlencode(query)}"
        self.connection.request(method, url, json.dumps(body) if body else None, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (answer.status, text)
        return json.loads(text)

    def pages(self, path, **query):
        """Every page of a listing."""
        page = self.ask("GET", path, **query)
        yield page
        while token := page.get("nextPageToken"):
            page = self.ask("GET", path, **query, pageToken=token)
            yield page

    def found(self, **search):
        """Every page of a search."""
        fields = {"fields": PHOTO}
        page = self.ask("POST", "/photoslibrary/v1/mediaItems:search", search, **fields)
        while token := page.get("nextPageToken"):
            page = self.ask("POST", "/photoslibrary/v1/mediaItems:search", search | {"pageToken": token}, **fields)


def drive(client):
    for _ in client.pages(
        "/drive/v3/files", pageSize=1000, corpora="user", spaces="drive", supportsAllDrives="true",
        includeItemsFromAllDrives="false", fields=f"nextPageToken,incompleteSearch,files({FILE})",
    ):
        pass


def photos(client):
    for _ in client.pages("/photoslibrary/v1/mediaItems", pageSize=100, fields=PHOTO):
        pass


def albums(client):
    fields = "nextPageToken,albums(id,title,mediaItemsCount,coverPhotoMediaItemId)"
    for page in client.pages("/photoslibrary/v1/albums", pageSize=50, fields=fields):
        for album in page.get("albums", []):
            client.found(albumId=album["id"], pageSize=100)


def main():
    root, token, *whats = sys.argv[1:]
    for what in whats:
        {"drive": drive, "photos": photos, "albums": albums}[what](Client(root, token))


if __name__ == "__main__":
    main()
