//! The bytes of pictures and films, at base URLs that serve for an hour.
//!
//! After <https://developers.google.com/photos/library/guides/access-media-items#base-urls>.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sandbox::answer::{Answer, html};
use crate::sandbox::content::Content;
use crate::sandbox::world::World;
use crate::sandbox::{Shared, lock, media, requests};

use super::photo::{Photo, VideoStatus};
use super::view::View;

/// What is served where a scaled picture is asked for: far smaller than any original.
pub(super) const PREVIEW: &[u8] = include_bytes!("../library/preview.jpg");

/// To whom a base URL was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Audience {
    /// Through the Library API: the URL alone is enough.
    Library,
    /// Through the Picker API: it takes the access token as well.
    Picker,
}

/// What a base URL and its suffix lead to.
#[derive(Clone, Debug)]
struct Media {
    content: Content,
    mime: &'static str,
    filename: String,
}

/// Why a base URL leads to nothing: the status of Google's answer.
#[derive(Clone, Copy, Debug)]
enum Dead {
    /// Made up, or its suffix is.
    Malformed,
    /// It has expired, or the token is missing.
    Forbidden,
    /// The item is gone, or has no bytes of this sort (yet).
    NotFound,
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/media/{folder}/{id}/{last}", get(bytes))
}

/// Base URLs of the Picker want the token of an account that may use it.
async fn bytes(
    State(shared): State<Arc<Shared>>,
    Path((folder, id, last)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Answer {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
    let may_pick =
        || lock(&shared.grants).scopes_of(token).is_some_and(|scopes| requests::may_pick(&scopes));
    if folder == "ppa" && !may_pick() {
        return Ok(page(Dead::Forbidden));
    }
    let found = find(&lock(&shared.world), &folder, &id, &last);
    let media = match found {
        Ok(media) => media,
        Err(dead) => return Ok(page(dead)),
    };
    let mut response = media::bytes(&media.content, media.mime, &headers)?;
    let name = format!("attachment;filename=\"{}\"", media.filename.replace(['"', '\\'], "_"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Google's media servers speak to people, in HTML.
fn page(dead: Dead) -> Response {
    match dead {
        Dead::Malformed => html(400, "Error 400 (Bad Request)!!1"),
        Dead::Forbidden => html(403, "Error 403 (Forbidden)!!1"),
        Dead::NotFound => html(404, "Error 404 (Not Found)!!1"),
    }
}

/// Makes a base URL for `photo`.
pub(in crate::sandbox) fn base_url(view: &View<'_>, photo: &Photo, to: Audience) -> String {
    let folder = match to {
        Audience::Library => "lr",
        Audience::Picker => "ppa",
    };
    let minute = view.world.photos.minute;
    let ticket = URL_SAFE_NO_PAD.encode(format!("{folder}.{minute}"));
    format!("{}/media/{folder}/{}/{ticket}", view.root, photo.id)
}

/// What is to be served at `/media/FOLDER/ID/TICKET=SUFFIX`; `last` is its last part.
fn find(world: &World, folder: &str, id: &str, last: &str) -> Result<Media, Dead> {
    let (ticket, suffix) = last.split_once('=').unwrap_or((last, ""));
    let minute = minute_of(ticket, folder).ok_or(Dead::Malformed)?;
    if !world.photos.still_serves(minute) {
        return Err(Dead::Forbidden);
    }
    let photo = world.photos.items.get(id).ok_or(Dead::NotFound)?;
    if folder == "lr" && !photo.visible {
        return Err(Dead::Forbidden);
    }
    serve(photo, suffix)
}

/// When the ticket was given out, if it was one of this folder's.
fn minute_of(ticket: &str, folder: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(ticket).ok()?).ok()?;
    let (made_for, minute) = text.split_once('.')?;
    if made_for == folder { minute.parse().ok() } else { None }
}

/// A film's `=d` is a picture of it, not the film.
fn serve(photo: &Photo, suffix: &str) -> Result<Media, Dead> {
    let filename = photo.filename.clone();
    let preview = Media { content: PREVIEW.into(), mime: "image/jpeg", filename };
    match suffix {
        "dv" => clip(photo),
        "d" if photo.film.is_none() => {
            Ok(Media { content: photo.still.clone(), mime: photo.mime, ..preview })
        }
        "" | "d" => Ok(preview),
        _ if is_size(suffix) => Ok(preview),
        _ => Err(Dead::Malformed),
    }
}

fn clip(photo: &Photo) -> Result<Media, Dead> {
    let ready = photo.film.is_none_or(|status| status == VideoStatus::Ready);
    let content = photo.clip.clone().filter(|_| ready).ok_or(Dead::NotFound)?;
    let stem = photo.filename.rsplit_once('.').map_or(photo.filename.as_str(), |(stem, _)| stem);
    Ok(Media { content, mime: "video/mp4", filename: format!("{stem}.mp4") })
}

/// `w640`, `h480`, `w640-h480`, `w640-h480-c`, `s320`: sizes up to 16383, and flags of a letter or two.
fn is_size(suffix: &str) -> bool {
    let size = |part: &str| {
        let number = part.strip_prefix(['w', 'h', 's']);
        number.and_then(|number| number.parse().ok()).is_some_and(|n: u32| (1..=16383).contains(&n))
    };
    let flag = |part: &str| matches!(part, "c" | "no" | "k" | "p");
    let mut parts = suffix.split('-');
    parts.next().is_some_and(size) && parts.all(|part| size(part) || flag(part))
}
