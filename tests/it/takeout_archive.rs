//! Takeout's archives in Drive, read where they lie: what it costs, and what breaks on the way.

use std::io::{Cursor, Write as _};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use gphotos_sync::google::tokens::Fixed;
use gphotos_sync::google::{Client, Clock, Endpoints, Secret};
use gphotos_sync::model::{
    Item, ItemKey, Kind, Lies, Marks, Packed, Packing, Part, PartFormat, RemoteId, Revision, Shot,
    SourceId,
};
use gphotos_sync::sandbox::{Class, Effect, Fault, Sandbox, World};
use gphotos_sync::source::takeout::{Found, Takeout, Trouble, TroubleKind};
use gphotos_sync::source::{Error, Origin as _, Reading, Want, Within};
use tokio::runtime::Runtime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const READ: &str = "https://www.googleapis.com/auth/drive.readonly";

/// Waits for nothing.
struct Hasty;

#[async_trait]
impl Clock for Hasty {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}

/// A part of an export in a Drive of its own.
struct InDrive {
    google: Sandbox,
    takeout: Takeout,
    part: Part,
    runtime: Runtime,
}

impl InDrive {
    fn of(format: PartFormat, bytes: Vec<u8>) -> Self {
        let size_bytes = bytes.len() as u64;
        let name = "takeout-20260101T000000Z-001.zip";
        let google = Sandbox::start(World::new().file("part", name, Bytes::from(bytes), "root"));
        let tokens = Arc::new(Fixed::new(Secret::new(google.access_token(&[READ]))));
        let endpoints = Endpoints::under(google.root()).unwrap();
        let client = Client::new(endpoints, tokens, Arc::new(Hasty)).unwrap();
        let part = Part { lies: Lies::InDrive(RemoteId("part".into())), format, size_bytes };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { google, takeout: Takeout::new(Some(client)), part, runtime }
    }

    fn zip(entries: &[Plain]) -> Self {
        Self::of(PartFormat::Zip, zip_of(entries))
    }

    /// What the directory has, and what it says is wrong.
    fn list(&self) -> (Vec<Packed>, Vec<Trouble>) {
        let found = self.runtime.block_on(async {
            let mut directory = self.takeout.directory(&self.part).await.unwrap();
            let mut all = Vec::new();
            while let Some(found) = directory.next().await.unwrap() {
                all.extend(found);
            }
            all
        });
        let (mut entries, mut troubles) = (Vec::new(), Vec::new());
        for found in found {
            match found {
                Found::Entry(entry) => entries.push(entry),
                Found::Trouble(trouble) => troubles.push(trouble),
            }
        }
        (entries, troubles)
    }

    /// Has only what happens from now on be counted.
    fn forget(&self) -> u64 {
        self.google.forget_requests();
        self.google.sent_bytes()
    }

    /// How many requests for bytes there were.
    fn asked(&self) -> usize {
        self.google.count(Class::Media)
    }

    fn wants(&self, entries: &[Packed]) -> Vec<Want> {
        entries.iter().map(|entry| want(&self.part, entry)).collect()
    }

    /// The bytes of all that one reading of `wants` gives, with the byte each begins at.
    fn read(&self, wants: &[Want]) -> Vec<Result<(u64, Vec<u8>), Error>> {
        self.runtime.block_on(async {
            let mut reading = match self.takeout.open(wants).await {
                Ok(reading) => reading,
                Err(error) => return vec![Err(error)],
            };
            let mut read = Vec::new();
            let mut is_over = false;
            while !is_over && let Some(bytes) = whole(&mut *reading).await.transpose() {
                is_over = bytes.as_ref().is_err_and(|it| !matches!(it, Error::Broken(_)));
                read.push(bytes);
            }
            read
        })
    }
}

/// The next entry's bytes, and at which byte they begin.
async fn whole(reading: &mut dyn Reading) -> Result<Option<(u64, Vec<u8>)>, Error> {
    let Some(entry) = reading.entry().await? else { return Ok(None) };
    let mut bytes = Vec::new();
    while let Some(more) = reading.chunk().await? {
        bytes.extend_from_slice(&more);
    }
    Ok(Some((entry.from_byte, bytes)))
}

/// A path, its bytes, and whether they are to be deflated.
type Plain = (String, Vec<u8>, bool);

fn zip_of(entries: &[Plain]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes, deflated) in entries {
        let method =
            if *deflated { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(path.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Bytes that nothing compresses, other ones for each `seed`.
fn noise(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}

/// So many pictures of `length` bytes, each with its sidecar after it.
fn library(pictures: u32, length: usize) -> Vec<Plain> {
    let pair = |n: u32| {
        let path = format!("Takeout/Google Photos/Photos from 2020/IMG_{n:04}.jpg");
        let sidecar =
            format!(r#"{{"title":"IMG_{n:04}.jpg","photoTakenTime":{{"timestamp":"{n}"}}}}"#);
        let json = format!("{path}.supplemental-metadata.json");
        [(path, noise(n, length), false), (json, sidecar.into_bytes(), true)]
    };
    (0..pictures).flat_map(pair).collect()
}

fn want(part: &Part, packed: &Packed) -> Want {
    let item = Item {
        key: ItemKey { source: SourceId::Takeout, id: RemoteId(packed.path.clone()) },
        kind: Kind::File,
        title: packed.path.clone(),
        mime_type: "image/jpeg".into(),
        parents: Vec::new(),
        size_bytes: Some(packed.size_bytes),
        md5: None,
        sha256: None,
        revision: None,
        created_at: None,
        modified_at: None,
        owned: true,
        marks: Marks::default(),
        shot: Shot::default(),
        description: None,
    };
    let within = Some(Within { part: part.clone(), packed: packed.clone() });
    Want { item, revision: Revision("1".into()), export: None, from_byte: 0, within }
}

#[test]
fn the_directory_of_a_small_zip_is_one_request() {
    let drive = InDrive::zip(&library(20, 5000));
    let (entries, troubles) = drive.list();
    assert_eq!((entries.len(), troubles), (40, vec![]));
    assert_eq!(drive.asked(), 1);
}

#[test]
fn a_longer_directory_is_a_second_request_for_just_what_is_missing() {
    let zip = zip_of(&library(600, 1000));
    let length = zip.len() as u64;
    let drive = InDrive::of(PartFormat::Zip, zip);
    let before = drive.forget();
    let (entries, troubles) = drive.list();
    assert_eq!((entries.len(), troubles), (1200, vec![]));
    assert_eq!(drive.asked(), 2);
    let last = entries.last().unwrap();
    let directory = length - last.at - last.packed_bytes;
    let sent = drive.google.sent_bytes() - before;
    assert!(sent < directory + 4000, "{sent} bytes were sent for a directory of {directory}");
}

#[test]
fn sidecars_that_lie_near_each_other_are_read_in_few_requests() {
    let drive = InDrive::zip(&library(200, 1024));
    let (entries, _) = drive.list();
    let (places, sidecars): (Vec<_>, Vec<_>) =
        entries.iter().cloned().enumerate().filter(|(_, it)| it.path.ends_with("json")).unzip();
    assert_eq!((places.len(), sidecars[7].packing), (200, Packing::Deflated));
    drive.google.forget_requests();
    let titles = drive.runtime.block_on(async {
        let mut small = drive.takeout.read_small(&drive.part, &sidecars).await.unwrap();
        let mut titles = Vec::new();
        while let Some((place, bytes)) = small.next().await.unwrap() {
            assert_eq!(place, titles.len());
            titles.push(String::from_utf8(bytes.unwrap()).unwrap());
        }
        titles
    });
    assert_eq!(titles.len(), 200);
    assert!(titles.iter().enumerate().all(|(n, it)| it.contains(&format!("IMG_{n:04}.jpg"))));
    assert_eq!(drive.asked(), 1);
}

#[test]
fn what_lies_together_is_one_request_and_what_does_not_is_not_read() {
    let mut library = library(6, 100_000);
    library.insert(6, ("Takeout/film.mp4".to_owned(), noise(77, 3_000_000), false));
    let drive = InDrive::zip(&library);
    let (entries, _) = drive.list();
    let wanted: Vec<_> = entries.iter().filter(|it| it.path.ends_with("jpg")).cloned().collect();
    let wants = drive.wants(&wanted);
    assert_eq!(drive.takeout.together(&wants), 3, "a film lies between them");
    let before = drive.forget();
    let read = drive.read(&wants[..3]);
    assert_eq!(drive.asked(), 1);
    let sent = drive.google.sent_bytes() - before;
    assert!(sent < 302_000, "{sent} bytes were sent");
    for (n, bytes) in read.into_iter().enumerate() {
        assert_eq!(bytes.unwrap(), (0, noise(u32::try_from(n).unwrap(), 100_000)));
    }
}

#[test]
fn a_connection_that_is_cut_in_the_middle_of_a_group_goes_on_there() {
    let drive = InDrive::zip(&library(6, 100_000));
    let (entries, _) = drive.list();
    let before = drive.forget();
    drive.google.fail(Fault::new(Effect::Cut { after: 250_000 }).on(Class::Media));
    drive.google.fail(Fault::new(Effect::error(503, "backendError")).on(Class::Media).nth(2));
    let read = drive.read(&drive.wants(&entries));
    let read: Vec<_> = read.into_iter().map(|it| it.unwrap().1).collect();
    let packed: Vec<_> = library(6, 100_000).into_iter().map(|(_, bytes, _)| bytes).collect();
    assert_eq!(read, packed);
    assert_eq!((drive.google.struck(), drive.asked()), (2, 3));
    let sent = drive.google.sent_bytes() - before;
    assert!(sent < 610_000, "{sent} bytes were sent, some of them twice");
}

#[test]
fn a_stored_entry_is_gone_on_with_by_range_and_a_deflated_one_begins_anew() {
    let mut film = noise(5, 2_000_000);
    film.extend_from_slice(&[0; 1000]);
    let entries = [("film.mp4".to_owned(), film.clone(), false), ("b".into(), film.clone(), true)];
    let drive = InDrive::zip(&entries);
    let (entries, _) = drive.list();
    let mut wants = drive.wants(&entries);
    wants[0].from_byte = 1_900_000;
    wants[1].from_byte = 1_900_000;
    let before = drive.forget();
    let [Ok(stored)] = &drive.read(&wants[..1])[..] else { panic!() };
    assert_eq!(*stored, (1_900_000, film[1_900_000..].to_vec()));
    let sent = drive.google.sent_bytes() - before;
    assert!(sent < 110_000, "{sent} bytes were sent");
    let [Ok(deflated)] = &drive.read(&wants[1..])[..] else { panic!() };
    assert_eq!(*deflated, (0, film));
}

#[test]
fn an_entry_whose_bytes_are_wrong_is_told_and_the_next_is_read() {
    let drive = InDrive::zip(&library(3, 5000));
    let (entries, _) = drive.list();
    drive.google.fail(Fault::new(Effect::Corrupt { at: 1000 }).on(Class::Media));
    let read = drive.read(&drive.wants(&entries));
    let [Err(Error::Broken(trouble)), rest @ ..] = &read[..] else { panic!() };
    assert_eq!(trouble.path, entries[0].path);
    assert!(matches!(trouble.what, TroubleKind::Crc { .. }), "{trouble}");
    assert!(rest.len() == 5 && rest.iter().all(Result::is_ok));
}

#[test]
fn a_part_that_is_gone_or_withheld_is_told_as_such() {
    let drive = InDrive::zip(&library(1, 10));
    let (entries, _) = drive.list();
    let wants = drive.wants(&entries);
    drive.google.fail(Fault::new(Effect::error(403, "downloadQuotaExceeded")).on(Class::Media));
    let [Err(Error::Withheld(_)), ..] = &drive.read(&wants[..1])[..] else { panic!() };
    drive.google.world(|world| world.delete("part"));
    let [Err(Error::Gone), ..] = &drive.read(&wants[..1])[..] else { panic!() };
}

#[test]
fn a_part_that_became_shorter_is_cut() {
    let drive = InDrive::zip(&library(30, 5000));
    let (entries, _) = drive.list();
    let shorter = InDrive::zip(&library(2, 5000));
    let part = Part { size_bytes: drive.part.size_bytes, ..shorter.part.clone() };
    let wants: Vec<_> = entries.iter().map(|entry| want(&part, entry)).collect();
    let [Err(Error::Broken(trouble))] = &shorter.read(&wants[50..51])[..] else { panic!() };
    assert_eq!(trouble.what, TroubleKind::Cut);
}

#[test]
fn a_zip_that_is_cut_is_read_as_far_as_it_reaches() {
    let mut zip = zip_of(&library(40, 40_000));
    zip.truncate(1_000_000);
    let drive = InDrive::of(PartFormat::Zip, zip);
    let (entries, troubles) = drive.list();
    assert_eq!(entries.len(), 48);
    let told: Vec<_> = troubles.iter().map(|it| (it.path.as_str(), it.what.clone())).collect();
    let last = "Takeout/Google Photos/Photos from 2020/IMG_0024.jpg";
    assert_eq!(told, [("", TroubleKind::Cut), (last, TroubleKind::Cut)]);
    assert!(drive.read(&drive.wants(&entries)).iter().all(Result::is_ok));
}

#[test]
fn a_tgz_is_one_request_that_goes_on_where_it_was_cut() {
    let drive = InDrive::of(PartFormat::Tgz, tgz_of(&library(20, 30_000)));
    drive.google.fail(Fault::new(Effect::Cut { after: 200_000 }).on(Class::Media));
    let before = drive.forget();
    let read = drive.runtime.block_on(async {
        let mut stream = drive.takeout.stream(&drive.part, 0).await.unwrap();
        let mut read = Vec::new();
        while let Some(found) = stream.entry().await.unwrap() {
            let Found::Entry(entry) = found else { panic!("{found:?}") };
            assert_eq!((entry.at, entry.packing), (read.len() as u64, Packing::InStream));
            let mut bytes = Vec::new();
            while let Some(more) = stream.chunk().await.unwrap() {
                bytes.extend_from_slice(&more);
            }
            read.push((entry.path, bytes));
        }
        read
    });
    let packed: Vec<_> = library(20, 30_000).into_iter().map(|(path, it, _)| (path, it)).collect();
    assert_eq!(read, packed);
    assert_eq!(drive.asked(), 2);
    let sent = drive.google.sent_bytes() - before;
    assert!(sent < drive.part.size_bytes + 2000, "{sent} bytes were sent");
}

#[test]
fn entries_of_a_tgz_that_are_wanted_again_come_in_one_go() {
    let drive = InDrive::of(PartFormat::Tgz, tgz_of(&library(5, 3000)));
    let entries = drive.runtime.block_on(async {
        let mut stream = drive.takeout.stream(&drive.part, 2).await.unwrap();
        let mut entries = Vec::new();
        while let Some(Found::Entry(entry)) = stream.entry().await.unwrap() {
            entries.push(entry);
        }
        entries
    });
    assert_eq!((entries.len(), entries[0].at), (8, 2));
    let wants = drive.wants(&[entries[0].clone(), entries[3].clone(), entries[4].clone()]);
    assert_eq!(drive.takeout.together(&wants), 3);
    drive.google.forget_requests();
    let library = library(5, 3000);
    let read: Vec<_> = drive.read(&wants).into_iter().map(|it| it.unwrap().1).collect();
    assert_eq!(read, [2, 5, 6].map(|n| library[n].1.clone()));
    assert_eq!(drive.asked(), 1);
}

fn tgz_of(entries: &[Plain]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, bytes, _) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}
