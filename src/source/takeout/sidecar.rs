//! The JSON files of an export: what they tell of pictures and of albums.
//!
//! Their form is nowhere documented and has changed over the years. So each field is read
//! where it can be, and an odd one counts as missing: it must not hide the file that it is
//! about. What they are is told by what is in them, since their names are in the account's
//! language.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Utc};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::zip::SMALL_MAX;
use crate::media::is_place;
use crate::model::{AlbumSidecar, Sidecar, SidecarKind};

/// More people than these are in no picture.
const PEOPLE_MAX: usize = 1000;

/// What is looked for in a piece of JSON.
#[derive(Clone, Copy)]
enum Shape {
    /// A text, a number or a truth value.
    Plain,
    /// An object with some of these.
    Fields(&'static [(&'static str, Self)]),
    /// A list of such.
    List(&'static Self),
    /// An object whose first name says it.
    FirstName,
}

const STAMP: Shape = Shape::Fields(&[("timestamp", Shape::Plain)]);
const PLACE: Shape = Shape::Fields(&[("latitude", Shape::Plain), ("longitude", Shape::Plain)]);
const PERSON: Shape = Shape::Fields(&[("name", Shape::Plain)]);
const ALBUM: Shape =
    Shape::Fields(&[("title", Shape::Plain), ("description", Shape::Plain), ("date", STAMP)]);
const ROOT: Shape = Shape::Fields(&[
    ("title", Shape::Plain),
    ("description", Shape::Plain),
    ("imageViews", Shape::Plain),
    ("creationTime", STAMP),
    ("photoTakenTime", STAMP),
    ("geoData", PLACE),
    ("geoDataExif", PLACE),
    ("people", Shape::List(&PERSON)),
    ("favorited", Shape::Plain),
    ("archived", Shape::Plain),
    ("trashed", Shape::Plain),
    ("inLockedFolder", Shape::Plain),
    ("url", Shape::Plain),
    ("googlePhotosOrigin", Shape::FirstName),
    ("albumData", ALBUM),
    ("date", STAMP),
]);

/// Any of these is only said of a picture or a film.
const OF_MEDIA: [&str; 4] = ["photoTakenTime", "creationTime", "imageViews", "googlePhotosOrigin"];

/// A file that is none of an export's JSON files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSidecar {
    /// It breaks off, or is something else.
    #[error("it is no JSON: {0}")]
    NoJson(String),
    /// It is longer than any of them.
    #[error("it is longer than the {SMALL_MAX} bytes that such a file may have")]
    TooLong,
}

/// Reads a JSON file of an export.
///
/// # Errors
///
/// [`BadSidecar`]: what is JSON is never one, however odd it is.
pub fn read_sidecar(bytes: &[u8]) -> Result<SidecarKind, BadSidecar> {
    if bytes.len() as u64 > SMALL_MAX {
        return Err(BadSidecar::TooLong);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let mut json = serde_json::Deserializer::from_str(&text);
    let read = ROOT.deserialize(&mut json).and_then(|root| json.end().map(|()| root));
    read.map(|root| kind(&root)).map_err(|error| BadSidecar::NoJson(error.to_string()))
}

/// What was found in a piece of JSON.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// Something else than what was looked for.
    Odd,
    Text(String),
    Number(String),
    Flag(bool),
    Fields(Vec<(&'static str, Self)>),
    List(Vec<Self>),
}

impl Found {
    fn get(&self, name: &str) -> Option<&Self> {
        let Self::Fields(fields) = self else { return None };
        fields.iter().find(|(known, _)| *known == name).map(|(_, found)| found)
    }

    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Self::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => None,
        }
    }

    fn is_set(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Self::Flag(flag)) => *flag,
            Some(Self::Text(text)) => text == "true",
            _ => false,
        }
    }

    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        match self.get(name)? {
            Self::Number(text) | Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A time that is stated in seconds, of a year that can be written in four digits.
    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        let stamp = self.get(name)?;
        let seconds = stamp.number("timestamp").or_else(|| self.number(name))?;
        let time = DateTime::from_timestamp(seconds, 0)?;
        (0..=9999).contains(&time.year()).then_some(time)
    }

    fn place(&self, name: &str) -> Option<(f64, f64)> {
        let place = self.get(name)?;
        let (north, east) = (place.number("latitude")?, place.number("longitude")?);
        is_place(north, east).then_some((north, east))
    }

    /// The names of people, which stand in objects, or as they are.
    fn people(&self) -> Vec<String> {
        let Some(Self::List(people)) = self.get("people") else { return Vec::new() };
        let name = |person: &Self| match person {
            Self::Text(name) if !name.trim().is_empty() => Some(name.clone()),
            person => person.text("name"),
        };
        people.iter().filter_map(name).collect()
    }
}

fn kind(root: &Found) -> SidecarKind {
    let is_media = OF_MEDIA.iter().any(|name| root.get(name).is_some());
    match root.get("albumData") {
        _ if is_media => SidecarKind::Media(Box::new(media(root))),
        Some(album) => SidecarKind::Album(album_of(album)),
        None if root.get("title").is_some() => SidecarKind::Album(album_of(root)),
        None => SidecarKind::Other,
    }
}

fn media(root: &Found) -> Sidecar {
    Sidecar {
        title: title(root),
        taken_at: root.time("photoTakenTime"),
        uploaded_at: root.time("creationTime"),
        description: root.text("description"),
        place: root.place("geoData").or_else(|| root.place("geoDataExif")),
        people: root.people(),
        favourite: root.is_set("favorited"),
        archived: root.is_set("archived"),
        trashed: root.is_set("trashed"),
        locked: root.is_set("inLockedFolder"),
        origin: root.text("googlePhotosOrigin"),
        url: root.text("url"),
    }
}

fn album_of(album: &Found) -> AlbumSidecar {
    AlbumSidecar {
        title: title(album),
        description: album.text("description"),
        date: album.time("date"),
    }
}

/// A title may well be a number.
fn title(found: &Found) -> String {
    match found.get("title") {
        Some(Found::Text(title) | Found::Number(title)) => title.clone(),
        _ => String::new(),
    }
}

impl<'de> DeserializeSeed<'de> for Shape {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Found, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        Ok(Found::Text(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Found, E> {
        Ok(Found::Number(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Found, E> {
        Ok(Found::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Found, E> {
        Ok(Found::Number(number.to_string()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Found, E> {
        Ok(Found::Flag(flag))
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Odd)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let mut found = Vec::new();
        if let Self::List(shape) = self {
            while found.len() < PEOPLE_MAX
                && let Some(entry) = list.next_element_seed(*shape)?
            {
                found.push(entry);
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Found::List(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let mut found = Vec::new();
        let mut first = None;
        while let Some(name) = map.next_key::<String>()? {
            let known = match self {
                Self::Fields(fields) => fields.iter().find(|(known, _)| *known == name),
                _ => None,
            };
            // Of two fields of one name the first counts.
            let news = known.filter(|(known, _)| found.iter().all(|(other, _)| other != known));
            if let Some((known, shape)) = news {
                found.push((*known, map.next_value_seed(*shape)?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            first.get_or_insert(name);
        }
        match (self, first) {
            (Self::FirstName, Some(name)) => Ok(Found::Text(name)),
            _ => Ok(Found::Fields(found)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_and_all_that_is_told_of_it() {
        let json = r#"{"title":"IMG_0001.JPG","description":"At the sea","imageViews":"12",
            "creationTime":{"timestamp":"1700000000","formatted":"Nov 14, 2023"},
            "photoTakenTime":{"timestamp":"-86400","formatted":"Dec 31, 1969"},
            "geoData":{"latitude":0.0,"longitude":0.0,"altitude":0.0},
            "geoDataExif":{"latitude":47.5,"longitude":-8.25},
            "people":[{"name":"Ann"},{"name":"Bob"}],"favorited":true,"archived":true,
            "trashed":true,"inLockedFolder":true,"url":"https://photos.google.com/photo/AF1Qip",
            "googlePhotosOrigin":{"mobileUpload":{"deviceType":"ANDROID_PHONE"}}}"#;
        let expected = Sidecar {
            title: "IMG_0001.JPG".into(),
            taken_at: DateTime::from_timestamp(-86400, 0),
            uploaded_at: DateTime::from_timestamp(1_700_000_000, 0),
            description: Some("At the sea".into()),
            place: Some((47.5, -8.25)),
            people: vec!["Ann".into(), "Bob".into()],
            favourite: true,
            archived: true,
            trashed: true,
            locked: true,
            origin: Some("mobileUpload".into()),
            url: Some("https://photos.google.com/photo/AF1Qip".into()),
        };
        assert_eq!(read(json), SidecarKind::Media(Box::new(expected)));
    }

    #[test]
    fn what_a_file_is_is_told_by_what_is_in_it() {
        for (json, expected) in [
            (r#"{"title":"a.jpg","photoTakenTime":{"timestamp":"1"}}"#, "media a.jpg"),
            (r#"{"title":"a.jpg","photoTakenTime":null}"#, "media a.jpg"),
            (r#"{"title":"a.jpg","tags":[],"comments":[],"imageViews":"3"}"#, "media a.jpg"),
            (r#"{"photoTakenTime":{"timestamp":"1"}}"#, "media "),
            (r#"{"title":"Summer","description":"","access":"protected"}"#, "album Summer"),
            (r#"{"title":""}"#, "album "),
            (r#"{"albumData":{"title":"Old","date":{"timestamp":"1"}}}"#, "album Old"),
            ("{}", "other"),
            ("[]", "other"),
            ("null", "other"),
            (r#"{"userGeneratedMemoryTitles":["a"]}"#, "other"),
            (r#"{"sharedAlbumComments":[{"text":"nice","title":"no"}]}"#, "other"),
        ] {
            let told = match read(json) {
                SidecarKind::Media(media) => format!("media {}", media.title),
                SidecarKind::Album(album) => format!("album {}", album.title),
                SidecarKind::Other => "other".to_owned(),
            };
            assert_eq!(told, expected, "{json}");
        }
    }

    #[test]
    fn odd_fields_are_missing_and_hide_nothing() {
        let plain = with(r#""more":1"#);
        assert_eq!(plain.taken_at, DateTime::from_timestamp(9, 0));
        for field in [
            r#""description":[1,{"a":2}]"#,
            r#""description":"  ""#,
            r#""people":"Ann""#,
            r#""people":[5,null,{"name":7},{},[],""]"#,
            r#""favorited":"no""#,
            r#""favorited":1"#,
            r#""archived":null"#,
            r#""geoData":{"latitude":0,"longitude":0}"#,
            r#""geoData":{"latitude":91,"longitude":1}"#,
            r#""geoData":{"latitude":"north"}"#,
            r#""geoData":7"#,
            r#""creationTime":{"timestamp":"soon"}"#,
            r#""creationTime":{"timestamp":"9223372036854775807"}"#,
            r#""creationTime":{}"#,
            r#""googlePhotosOrigin":{}"#,
            r#""googlePhotosOrigin":[]"#,
            r#""title":{}"#,
        ] {
            assert_eq!(with(field), plain, "{field}");
        }
        assert_eq!(with(r#""people":["Ann",{"name":"Bob"}]"#).people, ["Ann", "Bob"]);
        let at = |field| with(field).uploaded_at.map(|at| at.timestamp());
        assert_eq!(at(r#""creationTime":{"timestamp":-5}"#), Some(-5));
        assert_eq!(at(r#""creationTime":"7""#), Some(7));
        assert_eq!(with(r#""geoData":{"latitude":"1.5","longitude":2}"#).place, Some((1.5, 2.0)));
    }

    /// A picture with one more field.
    fn with(field: &str) -> Sidecar {
        let json = format!(r#"{{"photoTakenTime":{{"timestamp":"9"}},"title":"a",{field}}}"#);
        let SidecarKind::Media(media) = read(&json) else { panic!("{json}") };
        *media
    }

    #[test]
    fn what_is_no_json_is_told() {
        for bytes in [&b""[..], b"{\"title\":", b"<html>", b"{} {}", b"\xff"] {
            assert!(matches!(read_sidecar(bytes), Err(BadSidecar::NoJson(_))), "{bytes:?}");
        }
        let marked = b"\xef\xbb\xbf{\"title\":\"a\xff\"}";
        let SidecarKind::Album(album) = read_sidecar(marked).unwrap() else { panic!() };
        assert_eq!(album.title, "a\u{fffd}");
        let long = vec![b' '; usize::try_from(SMALL_MAX).unwrap() + 1];
        assert_eq!(read_sidecar(&long), Err(BadSidecar::TooLong));
    }

    fn read(json: &str) -> SidecarKind {
        read_sidecar(json.as_bytes()).unwrap()
    }
}
