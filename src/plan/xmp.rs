//! What an XMP file says of a picture, and how the file is called.
//!
//! The text is put together by hand: it is one template with five slots, and what makes it
//! sound XML is one function of ten lines, less than what it takes to call a library. That a
//! real parser reads what was meant is proved below. Nothing is read here, and nothing but
//! what a source told is written: no date of a file, no camera.
//!
//! The properties and their forms: Adobe's XMP Specification, parts 1 and 2 (ISO 16684-1), and
//! for people the IPTC Photo Metadata Standard.

use chrono::{DateTime, Datelike as _, SecondsFormat, Utc};

use crate::model::{ArchivePath, Facts};

/// What comes after the whole name of the picture: by that digiKam, darktable and exiftool
/// find it.
const EXTENSION: &str = ".xmp";

/// No name on any usual disk is longer, in bytes.
const NAME_MAX: usize = 255;

/// What XMP calls the best of its ratings.
const FAVOURITE: u8 = 5;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="gphotos-sync">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
"#;

const TAIL: &str = "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n";

/// Where the XMP file of the picture at `path` belongs; `None` if no disk holds such a name.
#[must_use]
pub fn xmp_path(path: &ArchivePath) -> Option<ArchivePath> {
    let is_short = path.name().len() + EXTENSION.len() <= NAME_MAX;
    ArchivePath::parse(&format!("{path}{EXTENSION}")).ok().filter(|_| is_short)
}

/// What several sources tell of one file, where `first` is believed before `other`. Everybody
/// that either knows is in it, and it is a favourite if it is one of either.
#[must_use]
pub fn joined(first: Facts, other: Facts) -> Facts {
    let mut people = first.people;
    people.extend(other.people);
    Facts {
        description: first.description.or(other.description),
        place: first.place.or(other.place),
        people,
        favourite: first.favourite || other.favourite,
        taken_at: first.taken_at.or(other.taken_at),
    }
}

/// The XMP file that says these facts; `None` if there is nothing to say. Equal facts give
/// equal bytes.
#[must_use]
pub fn xmp(facts: &Facts) -> Option<String> {
    let mut said = String::new();
    if let Some(text) = facts.description.as_deref().and_then(escaped) {
        said += &list("dc:description", "Alt", " xml:lang=\"x-default\"", &[text]);
    }
    if let Some((latitude, longitude)) = facts.place.filter(|place| is_on_earth(*place)) {
        said += &simple("exif:GPSLatitude", &degrees(latitude, ['N', 'S']));
        said += &simple("exif:GPSLongitude", &degrees(longitude, ['E', 'W']));
    }
    let people = people(&facts.people);
    if !people.is_empty() {
        said += &list("Iptc4xmpExt:PersonInImage", "Bag", "", &people);
    }
    if let Some(date) = facts.taken_at.and_then(date) {
        said += &simple("photoshop:DateCreated", &date);
    }
    if facts.favourite {
        said += &simple("xmp:Rating", &FAVOURITE.to_string());
    }
    (!said.is_empty()).then(|| format!("{HEAD}{said}{TAIL}"))
}

fn simple(name: &str, value: &str) -> String {
    format!("   <{name}>{value}</{name}>\n")
}

fn list(name: &str, kind: &str, attribute: &str, members: &[String]) -> String {
    let between = format!("</rdf:li>\n     <rdf:li{attribute}>");
    let members = members.join(&between);
    format!(
        "   <{name}>\n    <rdf:{kind}>\n     <rdf:li{attribute}>{members}</rdf:li>\n    \
         </rdf:{kind}>\n   </{name}>\n"
    )
}

/// Everybody once, whatever order they came in.
fn people(names: &[String]) -> Vec<String> {
    let mut names: Vec<_> = names.iter().filter_map(|name| escaped(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A text as it stands between two tags, without the characters that XML 1.0 cannot hold;
/// `None` if nothing but white space is left.
fn escaped(text: &str) -> Option<String> {
    if text.chars().all(|c| c.is_whitespace() || !is_of_xml(c)) {
        return None;
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_of_xml(*c)) {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            // It may not stand after "]]".
            '>' => escaped += "&gt;",
            // Parsers make line feeds of those that are not escaped.
            '\r' => escaped += "&#13;",
            c => escaped.push(c),
        }
    }
    Some(escaped)
}

/// Says whether XML 1.0 can hold a character (its production 2, `Char`).
const fn is_of_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn is_on_earth((latitude, longitude): (f64, f64)) -> bool {
    latitude.abs() <= 90.0 && longitude.abs() <= 180.0
}

/// Degrees in XMP's form: whole ones, minutes with decimals, and a letter. A millionth of a
/// minute is finer than the seven decimals that Google states.
fn degrees(degrees: f64, [positive, negative]: [char; 2]) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is positive and at most 180 degrees"
    )]
    let millionths = (degrees.abs() * 60e6).round() as u64;
    let (minutes, rest) = (millionths / 1_000_000, millionths % 1_000_000);
    let letter = if degrees < 0.0 { negative } else { positive };
    format!("{},{}.{rest:06}{letter}", minutes / 60, minutes % 60)
}

/// A time in ISO 8601; `None` for a year that this cannot write with four digits.
fn date(at: DateTime<Utc>) -> Option<String> {
    (0..=9999).contains(&at.year()).then(|| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::{Document, Node};

    use super::*;

    const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    #[test]
    fn degrees_are_whole_ones_and_minutes_with_a_letter() {
        for (latitude, longitude, shown) in [
            (48.1, -11.5, "48,6.000000N 11,30.000000W"),
            (-33.856_784, 151.215_297, "33,51.407040S 151,12.917820E"),
            (0.0, -0.0, "0,0.000000N 0,0.000000E"),
            (90.0, 180.0, "90,0.000000N 180,0.000000E"),
            // Rounded up, the minutes are never sixty.
            (9.999_999_999_9, 0.0, "10,0.000000N 0,0.000000E"),
        ] {
            let place = Some((latitude, longitude));
            let text = xmp(&Facts { place, ..Facts::default() }).unwrap();
            let found = ["GPSLatitude", "GPSLongitude"].map(|name| simple_of(&text, name).unwrap());
            assert_eq!(found.join(" "), shown);
        }
        for place in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(xmp(&Facts { place: Some(place), ..Facts::default() }), None);
        }
    }

    #[test]
    fn times_are_in_utc_before_1970_too() {
        for (ms, shown) in [
            (0, Some("1970-01-01T00:00:00Z")),
            (-2_208_988_800_001, Some("1899-12-31T23:59:59.999Z")),
            (1_509_617_472_345, Some("2017-11-02T10:11:12.345Z")),
            (253_402_300_799_000, Some("9999-12-31T23:59:59Z")),
            (253_402_300_800_000, None),
        ] {
            let taken_at = DateTime::from_timestamp_millis(ms);
            let text = xmp(&Facts { taken_at, ..Facts::default() });
            let found = text.and_then(|text| simple_of(&text, "DateCreated"));
            assert_eq!(found.as_deref(), shown);
        }
    }

    #[test]
    fn where_nothing_is_to_be_said_there_is_no_file() {
        assert_eq!(xmp(&Facts::default()), None);
        let nothing = || Some(" \n\u{0}\u{ffff}".to_owned());
        let facts =
            Facts { description: nothing(), people: vec![String::new()], ..Facts::default() };
        assert_eq!(xmp(&facts), None);
        let text = xmp(&Facts { favourite: true, ..Facts::default() }).unwrap();
        assert_eq!(simple_of(&text, "Rating").as_deref(), Some("5"));
        assert_eq!(text.matches("<rdf:li").count(), 0);
    }

    #[test]
    fn of_two_sources_the_first_is_believed_and_everybody_is_named_once() {
        let facts = |description: Option<&str>, people: &[&str]| Facts {
            description: description.map(str::to_owned),
            people: people.iter().map(ToString::to_string).collect(),
            ..Facts::default()
        };
        let both = joined(facts(None, &["Zoë", "Ann"]), facts(Some("old"), &["Ann", "Bo"]));
        let text = xmp(&both).unwrap();
        assert_eq!(list_of(&text, "PersonInImage"), ["Ann", "Bo", "Zoë"]);
        assert_eq!(list_of(&text, "description"), ["old"]);
        let both = joined(facts(Some("new"), &[]), facts(Some("old"), &[]));
        assert_eq!(both.description.as_deref(), Some("new"));
        let starred = Facts { favourite: true, ..Facts::default() };
        assert!(joined(facts(None, &[]), starred).favourite);
    }

    #[test]
    fn the_file_is_called_as_the_picture_with_xmp_behind_it() {
        let path = |text: &str| ArchivePath::parse(text).unwrap();
        let beside = |text: &str| xmp_path(&path(text)).map(|path| path.to_string());
        assert_eq!(beside("photos/2024/01/a.JPG").as_deref(), Some("photos/2024/01/a.JPG.xmp"));
        assert_eq!(beside(&format!("drive/{}", "a".repeat(251))).map(|path| path.len()), Some(261));
        assert_eq!(beside(&format!("drive/{}", "a".repeat(252))), None);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_out_of_a_parser_as_it_went_in(
            description in any_text(), people in prop::collection::vec(any_text(), 0..4),
        ) {
            let facts = Facts {
                description: Some(description.clone()),
                people: people.clone(),
                favourite: true,
                ..Facts::default()
            };
            let text = xmp(&facts).unwrap();
            let kept = |text: &str| text.chars().filter(|c| is_of_xml(*c)).collect::<String>();
            let is_something = |text: &String| !text.trim().is_empty();
            let mut people: Vec<_> = people.iter().map(|name| kept(name)).filter(is_something).collect();
            people.sort_unstable();
            people.dedup();
            let mut found = list_of(&text, "PersonInImage");
            found.sort_unstable();
            prop_assert_eq!(found, people);
            let description: Vec<_> = Some(kept(&description)).filter(is_something).into_iter().collect();
            prop_assert_eq!(list_of(&text, "description"), description);
        }
    }

    /// Of all characters, those often that mean something to XML or that it cannot hold.
    fn any_text() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(
            "<>&\"'] \r\n\t\u{0}\u{8}\u{b}\u{85}\u{2028}\u{fffe}\u{ffff}\u{feff}\u{10ffff}"
                .chars()
                .collect::<Vec<_>>(),
        );
        prop::collection::vec(prop_oneof![odd, any::<char>()], 0..20).prop_map(String::from_iter)
    }

    fn find<'a>(document: &'a Document<'a>, name: &str) -> Option<Node<'a, 'a>> {
        document.descendants().find(|node| node.tag_name().name() == name)
    }

    fn simple_of(text: &str, name: &str) -> Option<String> {
        let document = Document::parse(text).unwrap();
        Some(find(&document, name)?.text().unwrap().to_owned())
    }

    fn list_of(text: &str, name: &str) -> Vec<String> {
        let document = Document::parse(text).unwrap();
        let nodes = find(&document, name).into_iter().flat_map(|node| node.descendants());
        let lines = nodes.filter(|node| node.has_tag_name((RDF, "li")));
        lines.map(|node| node.text().unwrap().to_owned()).collect()
    }
}
