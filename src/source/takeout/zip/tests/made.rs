//! Zips as programs make them.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod as Method, ZipWriter};

use super::super::near;
use super::{list, read, read_small};
use crate::model::{Packed, Packing};

/// An entry to be packed.
#[derive(Clone, Debug)]
struct Made {
    path: String,
    bytes: Vec<u8>,
    deflated: bool,
    large: bool,
}

impl Made {
    fn options(&self) -> SimpleFileOptions {
        let method = if self.deflated { Method::Deflated } else { Method::Stored };
        SimpleFileOptions::default().compression_method(method).large_file(self.large)
    }
}

fn made(path: &str, bytes: &[u8], deflated: bool) -> Made {
    Made { path: path.to_owned(), bytes: bytes.to_vec(), deflated, large: false }
}

/// A zip of these with that comment.
fn zip_of(entries: &[Made], comment: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    pack(&mut writer, entries);
    writer.set_comment(comment).unwrap();
    writer.finish().unwrap().into_inner()
}

/// The same as a program makes it that cannot go back: what is stated of an entry comes
/// after its bytes.
fn streamed(entries: &[Made]) -> Vec<u8> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    pack(&mut writer, entries);
    writer.finish().unwrap().into_inner()
}

fn pack<W: std::io::Write + std::io::Seek>(writer: &mut ZipWriter<W>, entries: &[Made]) {
    for entry in entries {
        writer.start_file(entry.path.as_str(), entry.options()).unwrap();
        writer.write_all(&entry.bytes).unwrap();
    }
}

fn two() -> Vec<Made> {
    vec![made("T/a.jpg", b"the bytes of a", false), made("T/b.json", &[b'b'; 900], true)]
}

#[tokio::test]
async fn entries_are_listed_and_read() {
    let zip = zip_of(&two(), "");
    let listed = list(&zip).await;
    assert_eq!((listed.paths(), listed.told()), (vec!["T/a.jpg", "T/b.json"], vec![]));
    let [a, b] = &listed.entries[..] else { panic!() };
    assert_eq!((a.at, a.size_bytes, a.packed_bytes, a.packing), (0, 14, 14, Packing::Stored));
    assert_eq!(a.crc32.unwrap().0, crc32fast::hash(b"the bytes of a"));
    assert_eq!((b.size_bytes, b.packing), (900, Packing::Deflated));
    let bytes = read(&zip, &listed.entries, 0).await;
    assert_eq!(bytes, [Ok(b"the bytes of a".to_vec()), Ok(vec![b'b'; 900])]);
}

#[tokio::test]
async fn what_is_stored_is_gone_on_with_and_what_is_deflated_begins_anew() {
    let zip = zip_of(&two(), "");
    let listed = list(&zip).await;
    assert_eq!(read(&zip, &listed.entries[..1], 4).await, [Ok(b"bytes of a".to_vec())]);
    assert_eq!(read(&zip, &listed.entries[..1], 14).await, [Ok(vec![])]);
    assert_eq!(read(&zip, &listed.entries[1..], 4).await, [Ok(vec![b'b'; 900])]);
}

#[tokio::test]
async fn a_long_entry_is_gone_on_with_far_inside() {
    let bytes: Vec<u8> = (0..900_000_u32).flat_map(u32::to_le_bytes).collect();
    let zip = zip_of(&[made("long", &bytes, false), made("next", b"next", true)], "");
    let listed = list(&zip).await;
    let got = read(&zip, &listed.entries, 3_000_001).await;
    assert_eq!(got, [Ok(bytes[3_000_001..].to_vec()), Ok(b"next".to_vec())]);
}

#[tokio::test]
async fn folders_are_nothing_to_tell_of() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("Takeout/Google Photos", SimpleFileOptions::default()).unwrap();
    pack(&mut writer, &two());
    let listed = list(&writer.finish().unwrap().into_inner()).await;
    assert_eq!((listed.entries.len(), listed.told()), (2, vec![]));
}

#[tokio::test]
async fn an_empty_zip_has_nothing() {
    let listed = list(&zip_of(&[], "")).await;
    assert_eq!((listed.entries.len(), listed.told()), (0, vec![]));
}

#[tokio::test]
async fn more_entries_than_16_bits_can_count() {
    let many: Vec<_> = (0..70_000).map(|n| made(&n.to_string(), b"", false)).collect();
    let listed = list(&zip_of(&many, "")).await;
    assert_eq!((listed.entries.len(), listed.told()), (70_000, vec![]));
}

/// The zip lies beyond 4 GiB: a file with a hole has as many bytes before its directory.
#[tokio::test]
async fn an_archive_of_more_than_4_gib_is_read() {
    use std::os::unix::fs::FileExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.zip");
    let file = std::fs::File::create(&path).unwrap();
    let hole = 5_u64 << 30;
    let mut bytes = Vec::new();
    let local = super::broken::Entry::new("late.jpg", b"late");
    local.local(&mut bytes);
    file.write_all_at(&bytes, hole).unwrap();
    let directory_at = hole + bytes.len() as u64;
    let mut directory = Vec::new();
    local.central_64(hole, &mut directory);
    let size = directory.len() as u64;
    super::broken::ends_64([directory_at, size, 1], directory_at + size, &mut directory);
    file.write_all_at(&directory, directory_at).unwrap();

    let part = super::super::super::Takeout::look(&path).await;
    assert!(part.is_err(), "it begins with a hole");
    let size_bytes = file.metadata().unwrap().len();
    let lies = crate::model::Lies::OnDisk(path);
    let part = crate::model::Part { lies, format: crate::model::PartFormat::Zip, size_bytes };
    let takeout = super::super::super::Takeout::new(None);
    let found = takeout.directory(&part).await.unwrap().next().await.unwrap().unwrap();
    let [super::Found::Entry(entry)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((entry.at, entry.path.as_str()), (hole, "late.jpg"));
    let mut small = takeout.read_small(&part, std::slice::from_ref(entry)).await.unwrap();
    assert_eq!(small.next().await.unwrap(), Some((0, Ok(b"late".to_vec()))));
}

#[test]
fn entries_are_read_together_that_lie_near_each_other() {
    let entry = |at: u64, packed_bytes| Packed {
        path: "a".into(),
        size_bytes: packed_bytes,
        crc32: None,
        at,
        packed_bytes,
        packing: Packing::Stored,
    };
    for (entries, expected) in [
        (vec![], 0),
        (vec![entry(0, 10)], 1),
        (vec![entry(0, 10), entry(100, 10), entry(50, 10)], 2),
        (vec![entry(0, 10), entry(100_000, 10), entry(400_000, 10)], 2),
        (vec![entry(0, 20 * MIB), entry(20 * MIB + 50, 10)], 1),
        (vec![entry(0, 10), entry(100, 17 * MIB)], 1),
        (vec![entry(0, 9 * MIB), entry(9 * MIB + 40, 6 * MIB), entry(15 * MIB + 80, 2 * MIB)], 2),
        (vec![entry(0, u64::MAX), entry(u64::MAX - 5, 10)], 1),
        ((0..300).map(|n| entry(n * 50, 10)).collect(), 256),
    ] {
        assert_eq!(near(&entries), expected, "{:?}", entries.get(..3));
    }
}

const MIB: u64 = 1 << 20;

/// Some entries with paths of their own.
fn entries() -> impl Strategy<Value = Vec<Made>> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..400),
        (any::<u8>(), 0..70_000_usize).prop_map(|(byte, count)| vec![byte; count]),
    ];
    let entry = ("[a-z]{1,9}\\.(jpg|json)|[äé→]{1,90}", bytes, any::<bool>(), any::<bool>());
    prop::collection::vec(entry, 0..12).prop_map(|entries| {
        let numbered = entries.into_iter().enumerate();
        let path = |n: usize, name: String| format!("Takeout/Google Photos/{n}/{name}");
        numbered
            .map(|(n, (name, bytes, deflated, large))| Made {
                path: path(n, name),
                bytes,
                deflated,
                large,
            })
            .collect()
    })
}

/// Runs what is never waited for.
fn now<T>(future: impl Future<Output = T>) -> T {
    futures_util::FutureExt::now_or_never(future).unwrap()
}

proptest! {
    #[test]
    fn what_is_packed_is_what_is_unpacked(entries in entries(), comment in "[ -~]{0,300}") {
        for zip in [zip_of(&entries, &comment), streamed(&entries)] {
            let listed = now(list(&zip));
            prop_assert_eq!(listed.told(), vec![]);
            let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
            prop_assert_eq!(listed.paths(), paths);
            let expected: Vec<_> = entries.iter().map(|entry| Ok(entry.bytes.clone())).collect();
            prop_assert_eq!(now(read(&zip, &listed.entries, 0)), expected.clone());
            let (backwards, turned): (Vec<_>, Vec<_>) =
                listed.entries.iter().cloned().zip(expected).rev().unzip();
            prop_assert_eq!(now(read_small(&zip, &backwards)), turned);
        }
    }

    #[test]
    fn what_is_left_of_a_cut_zip_is_read(entries in entries(), cut in any::<prop::sample::Index>()) {
        for zip in [zip_of(&entries, ""), streamed(&entries)] {
            let whole = now(list(&zip));
            let left = &zip[..cut.index(zip.len())];
            let (listed, length) = (now(list(left)), left.len() as u64);
            // An entry is whole if what is stated after its bytes is there, too.
            let ends = |n: usize| whole.entries.get(n + 1).map_or(zip.len() as u64, |it| it.at);
            let is_whole = |n: usize, entry: &Packed| {
                entry.at + 30 + entry.path.len() as u64 + entry.packed_bytes <= length
                    && (ends(n) <= length || listed.entries.len() > n)
            };
            let expected = whole.entries.iter().enumerate();
            let expected = expected.take_while(|(n, entry)| is_whole(*n, entry)).map(|it| it.1);
            prop_assert_eq!(&listed.entries, &expected.cloned().collect::<Vec<_>>());
            prop_assert!(listed.told().contains(&("", super::TroubleKind::Cut)));
            let bytes = now(read(left, &listed.entries, 0));
            prop_assert!(bytes.iter().zip(&entries).all(|(got, it)| got.as_ref() == Ok(&it.bytes)));
        }
    }
}
