//! Zips of every kind: those that the `zip` crate makes, and such as nobody should make.

use std::io::{Cursor, Write as _};

use bytes::Bytes;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::super::Error;
use super::super::medium::Medium;
use super::super::trouble::TroubleKind;
use super::super::{Found, Trouble};
use super::{Directory, Group};
use crate::model::{Packed, Packing};

/// What an archive has, by path.
#[derive(Debug, Default)]
struct Listed {
    entries: Vec<Packed>,
    troubles: Vec<Trouble>,
}

impl Listed {
    fn paths(&self) -> Vec<&str> {
        self.entries.iter().map(|entry| entry.path.as_str()).collect()
    }

    /// What is wrong, and with what.
    fn told(&self) -> Vec<(&str, TroubleKind)> {
        self.troubles.iter().map(|it| (it.path.as_str(), it.what.clone())).collect()
    }
}

fn medium(zip: &[u8]) -> Medium {
    Medium::Memory(Bytes::copy_from_slice(zip))
}

async fn list(zip: &[u8]) -> Listed {
    let mut listed = Listed::default();
    let mut directory = Directory::open(medium(zip), zip.len() as u64).await.unwrap();
    while let Some(batch) = directory.next().await.unwrap() {
        for found in batch {
            match found {
                Found::Entry(entry) => listed.entries.push(entry),
                Found::Trouble(trouble) => listed.troubles.push(trouble),
            }
        }
    }
    listed
}

/// The bytes of each of `entries`, from `from_byte` on of the first.
async fn read(zip: &[u8], entries: &[Packed], from_byte: u64) -> Vec<Result<Vec<u8>, Trouble>> {
    let mut group = Group::new(medium(zip), zip.len() as u64, entries.to_vec(), from_byte);
    let mut read = Vec::new();
    loop {
        match whole(&mut group).await {
            Ok(Some(bytes)) => read.push(Ok(bytes)),
            Ok(None) => return read,
            Err(Error::Broken(trouble)) => read.push(Err(trouble)),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn whole(group: &mut Group) -> Result<Option<Vec<u8>>, Error> {
    if group.entry().await?.is_none() {
        return Ok(None);
    }
    let mut all = Vec::new();
    while let Some(bytes) = group.chunk().await? {
        assert!(!bytes.is_empty());
        all.extend_from_slice(&bytes);
    }
    Ok(Some(all))
}

/// A zip of these, each stored or deflated.
fn zip_of(entries: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes, deflated) in entries {
        writer.start_file(*path, options(*deflated)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn options(deflated: bool) -> SimpleFileOptions {
    use zip::CompressionMethod as Method;
    let method = if deflated { Method::Deflated } else { Method::Stored };
    SimpleFileOptions::default().compression_method(method)
}

fn two() -> Vec<u8> {
    zip_of(&[("T/a.jpg", b"the bytes of a", false), ("T/b.json", &[b'b'; 900], true)])
}

#[tokio::test]
async fn entries_are_listed_and_read() {
    let zip = two();
    let listed = list(&zip).await;
    assert_eq!(listed.paths(), ["T/a.jpg", "T/b.json"]);
    assert_eq!(listed.told(), []);
    let [a, b] = &listed.entries[..] else { panic!() };
    assert_eq!((a.at, a.size_bytes, a.packed_bytes, a.packing), (0, 14, 14, Packing::Stored));
    assert_eq!(a.crc32.unwrap().0, crc32fast::hash(b"the bytes of a"));
    assert_eq!((b.size_bytes, b.packing), (900, Packing::Deflated));
    let bytes = read(&zip, &listed.entries, 0).await;
    assert_eq!(bytes, [Ok(b"the bytes of a".to_vec()), Ok(vec![b'b'; 900])]);
    assert_eq!(read(&zip, &listed.entries[..1], 4).await, [Ok(b"bytes of a".to_vec())]);
    assert_eq!(read(&zip, &listed.entries[1..], 4).await[0].as_ref().unwrap().len(), 900);
}
