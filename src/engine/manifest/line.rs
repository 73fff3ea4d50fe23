//! One line of the manifest: a JSON object. Whatever else a line holds is no line.

use std::io::{BufRead as _, BufReader, Read};

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::index::remembered::{Bytes, Remembered};
use crate::model::{
    ArchivePath, Fidelity, ItemKey, MatchRule, RemoteId, Revision, Sha256, Shot, SourceId,
    TakenFrom,
};

/// The longest line that is read, in bytes: a path and a title of some thousand each, and a
/// description of no known limit.
const LONGEST: u64 = 1 << 20;

/// How many lines are read at a time, and about how many bytes of them at most.
const BATCH: usize = 1000;
const BATCH_BYTES: u64 = 4 * LONGEST;

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// The archive holds this.
    Held(Box<Remembered>),
    /// The archive no longer holds the item.
    Gone(ItemKey),
    /// Whose archive it is.
    Owner(Owner),
}

/// Whose archive it is: only this account and this client are asked what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Owner {
    /// Drive's `permissionId` of the account; `None` where nobody said whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    /// Its e-mail address, for messages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account_name: Option<String>,
    /// The OAuth client.
    pub(super) client_id: String,
}

/// A line as it is written.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    source: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// In milliseconds since 1970, as `created`.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fidelity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    match_rule: Option<String>,
    /// A person put it back with `undo`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kept: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owned: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shot: Option<WrittenShot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    favourite: bool,
}

/// What is known of a picture or film, as it is written.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WrittenShot {
    /// In milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    camera: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f64>,
    /// In milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
}

impl WrittenShot {
    /// `None` where nothing is known.
    fn of(shot: &Shot) -> Option<Self> {
        (*shot != Shot::default()).then(|| Self {
            taken: shot.taken.map(|(at, _)| at.timestamp_millis()),
            taken_from: shot.taken.map(|(_, from)| from.as_str().to_owned()),
            width: shot.width,
            height: shot.height,
            camera: shot.camera.clone(),
            latitude: shot.latitude,
            longitude: shot.longitude,
            duration: shot.duration_ms,
        })
    }

    fn read(self) -> Shot {
        let from = self.taken_from.as_deref().and_then(TakenFrom::parse);
        Shot {
            taken: self.taken.and_then(DateTime::from_timestamp_millis).zip(from),
            width: self.width,
            height: self.height,
            camera: self.camera,
            latitude: self.latitude,
            longitude: self.longitude,
            duration_ms: self.duration.filter(|it| i64::try_from(*it).is_ok()),
        }
    }
}

/// The line that tells what is held of an item.
pub(super) fn write(it: &Remembered) -> Vec<u8> {
    let bytes = it.bytes.as_ref();
    in_bytes(&Written {
        path: Some(it.path.to_string()),
        revision: bytes.map(|bytes| bytes.revision.0.clone()),
        size: bytes.map(|bytes| bytes.size_bytes),
        sha256: bytes.map(|bytes| bytes.sha256.to_string()),
        modified: bytes.and_then(|bytes| bytes.modified_ms),
        fidelity: bytes.map(|bytes| bytes.fidelity.as_str().to_owned()),
        match_rule: bytes.map(|bytes| bytes.match_rule.as_str().to_owned()),
        kept: bytes.is_some_and(|bytes| bytes.kept),
        title: Some(it.title.clone()),
        mime_type: Some(it.mime_type.clone()),
        parent: it.parent.as_ref().map(|parent| parent.0.clone()),
        owned: Some(it.owned),
        created: it.created_ms,
        shot: WrittenShot::of(&it.shot),
        description: it.description.clone(),
        favourite: it.favourite,
        ..of(&it.key)
    })
}

/// The line that tells that nothing is held of an item any longer.
pub(super) fn gone(key: &ItemKey) -> Vec<u8> {
    in_bytes(&of(key))
}

/// The line that tells whose archive it is.
pub(super) fn owner(owner: &Owner) -> Vec<u8> {
    in_bytes(owner)
}

fn of(key: &ItemKey) -> Written {
    let (source, id) = (key.source.as_str().to_owned(), key.id.0.clone());
    Written { source, id, ..Written::default() }
}

fn in_bytes(written: &impl Serialize) -> Vec<u8> {
    // Plain text and numbers can always be written.
    let mut line = serde_json::to_vec(written).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Reads one line; `None` if it makes no sense.
fn read(line: &[u8]) -> Option<Line> {
    if let Ok(owner) = serde_json::from_slice(line) {
        return Some(Line::Owner(owner));
    }
    let it: Written = serde_json::from_slice(line).ok()?;
    let key = ItemKey { source: SourceId::parse(&it.source)?, id: RemoteId(it.id) };
    let Some(path) = it.path else { return Some(Line::Gone(key)) };
    let path = ArchivePath::parse(&path).ok()?;
    let bytes = match it.sha256 {
        Some(sha256) => Some(Bytes {
            size_bytes: it.size.filter(|size| i64::try_from(*size).is_ok())?,
            sha256: Sha256::parse(&sha256).ok()?,
            revision: Revision(it.revision?),
            modified_ms: it.modified.filter(|ms| is_time(*ms)),
            fidelity: it.fidelity.map_or(Some(Fidelity::Original), |it| Fidelity::parse(&it))?,
            match_rule: it.match_rule.map_or(Some(MatchRule::Hash), |it| MatchRule::parse(&it))?,
            kept: it.kept,
        }),
        None => None,
    };
    Some(Line::Held(Box::new(Remembered {
        key,
        parent: it.parent.map(RemoteId),
        title: it.title.unwrap_or_else(|| path.name().to_owned()),
        mime_type: it.mime_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        // What is not known to be the account's own is never removed.
        owned: it.owned.unwrap_or(false),
        created_ms: it.created.filter(|ms| is_time(*ms)),
        shot: it.shot.unwrap_or_default().read(),
        description: it.description,
        favourite: it.favourite,
        path,
        bytes,
    })))
}

/// Whether milliseconds since 1970 are a time that can be told.
fn is_time(ms: i64) -> bool {
    DateTime::from_timestamp_millis(ms).is_some()
}

/// The lines of a manifest, in its order; `None` for one that makes no sense.
pub(super) struct Lines<R> {
    file: BufReader<R>,
}

impl<R: Read> Lines<R> {
    pub(super) fn of(file: R) -> Self {
        Self { file: BufReader::new(file) }
    }

    /// Returns the next lines, some [`BATCH`] or [`BATCH_BYTES`] of them; none at the end.
    pub(super) fn batch(&mut self) -> Vec<Option<Line>> {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while lines.len() < BATCH && bytes < BATCH_BYTES {
            let Some((line, len)) = self.line() else { break };
            lines.push(line);
            bytes += len;
        }
        lines
    }

    /// The next line and its length. A file that cannot be read on ends here.
    fn line(&mut self) -> Option<(Option<Line>, u64)> {
        let mut line = Vec::new();
        let mut len = self.file.by_ref().take(LONGEST).read_until(b'\n', &mut line).ok()?;
        if len == 0 {
            return None;
        }
        let is_whole = line.ends_with(b"\n") || (len as u64) < LONGEST;
        if !is_whole {
            // Whatever else it says must not be taken for lines of their own.
            len += self.file.skip_until(b'\n').ok()?;
        }
        Some((is_whole.then(|| read(&line)).flatten(), len as u64))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_line_of_any_length_is_one_line_and_is_not_kept() {
        let good = write(&held());
        // What follows the longest line looks like a line itself.
        let mut long = io::repeat(b'x').take(LONGEST).chain(&good[..]).chain(&good[..]);
        let mut lines = Lines::of(&mut long);
        let read: Vec<_> = lines.batch().into_iter().map(|line| line.is_some()).collect();
        assert_eq!(read, [false, true]);
        assert!(lines.batch().is_empty());
        let endless = io::repeat(b'x').take(1 << 30).chain(&good[..]);
        assert_eq!(Lines::of(endless).batch(), [None]);
    }

    #[test]
    fn few_long_lines_are_read_at_a_time() {
        let long = vec![b'x'; usize::try_from(LONGEST).unwrap() - 1];
        let text = [&long[..], b"\n"].concat().repeat(9);
        let mut lines = Lines::of(&text[..]);
        let counts: Vec<_> = std::iter::from_fn(|| Some(lines.batch().len())).take(4).collect();
        assert_eq!(counts, [4, 4, 1, 0]);
    }

    #[test]
    fn a_line_reads_as_what_was_written() {
        let bare = Shot::default();
        for it in [
            held(),
            Remembered { bytes: None, parent: None, shot: bare, description: None, ..held() },
        ] {
            let line = write(&it);
            assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1));
            assert_eq!(read(&line), Some(Line::Held(Box::new(it))));
        }
        assert_eq!(read(&gone(&held().key)), Some(Line::Gone(held().key)));
        for account in [Some("1".to_owned()), None] {
            let it = Owner { account_name: account.clone(), account, client_id: "c".to_owned() };
            assert_eq!(read(&owner(&it)), Some(Line::Owner(it)));
        }
    }

    #[test]
    fn what_makes_no_sense_is_no_line() {
        let whole = String::from_utf8(write(&held())).unwrap();
        for bad in [
            "",
            "\u{0}\u{0}\u{0}",
            "[]",
            "{}",
            r#"{"source":"drive","id":7}"#,
            r#"{"account":"1"}"#,
            r#"{"client_id":7}"#,
            r#"{"source":"elsewhere","id":"a"}"#,
            r#"{"source":"drive","id":"a","path":"../../etc/passwd"}"#,
            r#"{"source":"drive","id":"a","path":"/etc/passwd"}"#,
            r#"{"source":"drive","id":"a","path":"a","sha256":"abc","size":1,"revision":"1"}"#,
            &whole[..whole.len() / 2],
            &whole.replace("\"size\":3", "\"size\":-3"),
            &whole.replace("\"size\":3", "\"size\":18446744073709551615"),
            &whole.replace("original", "imagined"),
        ] {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        let more = whole.replacen('{', r#"{"a newer program's":[1,2],"#, 1);
        assert_eq!(read(more.as_bytes()), Some(Line::Held(Box::new(held()))));
    }

    fn held() -> Remembered {
        let id = RemoteId("an \"id\"\n".to_owned());
        Remembered {
            key: ItemKey { source: SourceId::Drive, id },
            path: ArchivePath::parse("drive/a (1).jpg").unwrap(),
            parent: Some(RemoteId("f".to_owned())),
            title: "a.jpg".to_owned(),
            mime_type: "image/jpeg".to_owned(),
            owned: true,
            created_ms: Some(-1),
            shot: Shot {
                taken: DateTime::from_timestamp_millis(5).zip(Some(TakenFrom::Google)),
                width: Some(4),
                height: Some(3),
                camera: Some("a camera".to_owned()),
                latitude: Some(1.5),
                longitude: Some(-0.1),
                duration_ms: Some(7),
            },
            description: Some("a \u{7} bell".to_owned()),
            favourite: true,
            bytes: Some(Bytes {
                size_bytes: 3,
                sha256: Sha256([7; 32]),
                revision: Revision("1".to_owned()),
                modified_ms: None,
                fidelity: Fidelity::Original,
                match_rule: MatchRule::Id,
                kept: true,
            }),
        }
    }
}
