//! Zips that are broken, or made to do harm: each has one thing wrong, which is told, and
//! everything else is read.

use super::{Listed, TroubleKind, list, read};
use crate::model::Packed;

/// An entry of a zip, with every field to be set at will.
#[derive(Clone)]
pub(super) struct Entry {
    name: Vec<u8>,
    bytes: Vec<u8>,
    flags: u16,
    method: u16,
    crc32: u32,
    packed: u32,
    size: u32,
    mode: u32,
    at: Option<u32>,
}

impl Entry {
    pub(super) fn new(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.to_vec(),
            flags: 0x800,
            method: 0,
            crc32: crc32fast::hash(bytes),
            packed: u32::try_from(bytes.len()).unwrap(),
            size: u32::try_from(bytes.len()).unwrap(),
            mode: 0o100_644,
            at: None,
        }
    }

    /// With `bytes` packed.
    fn deflated(name: &str, bytes: &[u8]) -> Self {
        use std::io::Write as _;
        let mut deflate =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        deflate.write_all(bytes).unwrap();
        let packed = deflate.finish().unwrap();
        let length = u32::try_from(packed.len()).unwrap();
        Self { bytes: packed, packed: length, method: 8, ..Self::new(name, bytes) }
    }

    pub(super) fn local(&self, zip: &mut Vec<u8>) {
        zip.extend_from_slice(b"PK\x03\x04\x14\0");
        put(zip, &[self.flags, self.method, 0, 0]);
        put_32(zip, &[self.crc32, self.packed, self.size]);
        put(zip, &[u16::try_from(self.name.len()).unwrap(), 0]);
        zip.extend_from_slice(&self.name);
        zip.extend_from_slice(&self.bytes);
    }

    fn central(&self, at: u32, zip: &mut Vec<u8>) {
        self.record([self.packed, self.size, self.at.unwrap_or(at)], &[], zip);
    }

    /// With everything that can be in the field for 64 bits.
    pub(super) fn central_64(&self, at: u64, zip: &mut Vec<u8>) {
        let mut extra = vec![1, 0, 24, 0];
        for value in [u64::from(self.size), u64::from(self.packed), at] {
            extra.extend_from_slice(&value.to_le_bytes());
        }
        self.record([u32::MAX; 3], &extra, zip);
    }

    fn record(&self, [packed, size, at]: [u32; 3], extra: &[u8], zip: &mut Vec<u8>) {
        zip.extend_from_slice(b"PK\x01\x02\x14\x03\x14\0");
        put(zip, &[self.flags, self.method, 0, 0]);
        put_32(zip, &[self.crc32, packed, size]);
        put(zip, &[u16::try_from(self.name.len()).unwrap(), u16::try_from(extra.len()).unwrap()]);
        put(zip, &[0, 0, 0]);
        put_32(zip, &[self.mode << 16, at]);
        zip.extend_from_slice(&self.name);
        zip.extend_from_slice(extra);
    }
}

/// The records at the end of a zip of more than 4 GiB: where its directory is, how long it
/// is and how many entries it has; and where the first of the records stands.
pub(super) fn ends_64([at, size, entries]: [u64; 3], own: u64, zip: &mut Vec<u8>) {
    zip.extend_from_slice(b"PK\x06\x06");
    zip.extend_from_slice(&44_u64.to_le_bytes());
    put(zip, &[45, 45]);
    put_32(zip, &[0, 0]);
    for value in [entries, entries, size, at] {
        zip.extend_from_slice(&value.to_le_bytes());
    }
    zip.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    zip.extend_from_slice(&own.to_le_bytes());
    put_32(zip, &[1]);
    end(u32::MAX, u32::MAX, u16::MAX, zip);
}

fn end(at: u32, size: u32, entries: u16, zip: &mut Vec<u8>) {
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    put(zip, &[entries, entries]);
    put_32(zip, &[size, at]);
    put(zip, &[0]);
}

fn put(zip: &mut Vec<u8>, values: &[u16]) {
    zip.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn put_32(zip: &mut Vec<u8>, values: &[u32]) {
    zip.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

/// A zip of these, and at which byte its directory begins.
fn zip_of(entries: &[Entry]) -> (Vec<u8>, u32) {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        entry.central(u32::try_from(zip.len()).unwrap(), &mut directory);
        entry.local(&mut zip);
    }
    let at = u32::try_from(zip.len()).unwrap();
    zip.extend_from_slice(&directory);
    let size = u32::try_from(directory.len()).unwrap();
    end(at, size, u16::try_from(entries.len()).unwrap(), &mut zip);
    (zip, at)
}

/// What comes of `odd` between two entries that are as they should be.
async fn between(odd: &[Entry]) -> (Vec<u8>, Listed) {
    let (first, last) = (Entry::new("first", b"1"), Entry::deflated("last", &[b'2'; 99]));
    let all: Vec<_> = [&[first], odd, &[last]].concat();
    let (zip, _) = zip_of(&all);
    let listed = list(&zip).await;
    let good: Vec<Packed> =
        listed.entries.iter().filter(|it| matches!(&*it.path, "first" | "last")).cloned().collect();
    assert_eq!(read(&zip, &good, 0).await, [Ok(b"1".to_vec()), Ok(vec![b'2'; 99])]);
    (zip, listed)
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_told_and_the_others_are_read() {
    let entry = || Entry::new("odd", b"odd");
    for (odd, path, what) in [
        (Entry { flags: 0x801, ..entry() }, "odd", TroubleKind::Encrypted),
        (Entry { method: 99, ..entry() }, "odd", TroubleKind::Encrypted),
        (Entry { method: 12, ..entry() }, "odd", TroubleKind::Method(12)),
        (Entry { mode: 0o120_777, ..entry() }, "odd", TroubleKind::Link),
        (Entry { mode: 0o020_644, ..entry() }, "odd", TroubleKind::Special),
        (Entry { at: Some(9_000_000), ..entry() }, "odd", TroubleKind::Beyond),
        (Entry { at: Some(0), ..entry() }, "odd", TroubleKind::Overlapping),
        (Entry { size: 4, ..entry() }, "odd", TroubleKind::Impossible),
        (Entry { size: 4_000_000, ..Entry::deflated("odd", b"") }, "odd", TroubleKind::Impossible),
        (Entry::new("../odd", b""), "../odd", TroubleKind::Outside),
        (Entry::new("/etc/odd", b""), "/etc/odd", TroubleKind::Outside),
        (Entry::new("..\\odd", b""), "..\\odd", TroubleKind::Outside),
        (Entry::new("C:\\odd", b""), "C:\\odd", TroubleKind::Outside),
        (Entry::new("C:odd", b""), "C:odd", TroubleKind::Outside),
        (Entry::new("", b""), "", TroubleKind::Outside),
    ] {
        let (_, listed) = between(&[odd]).await;
        assert_eq!(listed.told(), [(path, what)]);
        assert_eq!(listed.paths(), ["first", "last"]);
    }
}

#[tokio::test]
async fn a_damaged_name_is_told_and_the_entry_is_read() {
    for (name, shown) in [(&b"o\xffdd"[..], "o\u{fffd}dd"), (b"o\0dd", "o_dd"), (b"o\ndd", "o_dd")]
    {
        let odd = Entry { name: name.to_vec(), ..Entry::new("", b"odd") };
        let (zip, listed) = between(&[odd]).await;
        assert_eq!(listed.told(), [(shown, TroubleKind::Name)]);
        assert_eq!(listed.paths(), ["first", shown, "last"]);
        assert_eq!(read(&zip, &listed.entries[1..2], 0).await, [Ok(b"odd".to_vec())]);
    }
}

#[tokio::test]
async fn a_name_that_is_not_said_to_be_utf_8_is_of_the_old_code_page() {
    let named = |name: &[u8], flags| Entry { name: name.to_vec(), flags, ..Entry::new("", b"") };
    let (_, listed) = between(&[named(b"\x84lter", 0), named("älter2".as_bytes(), 0)]).await;
    assert_eq!(listed.paths(), ["first", "älter", "älter2", "last"]);
    assert_eq!(listed.told(), []);
}

#[tokio::test]
async fn of_two_entries_of_one_path_the_first_is_read() {
    let (zip, listed) = between(&[Entry::new("a/b", b"one"), Entry::new("./a//b", b"two")]).await;
    assert_eq!(listed.told(), [("a/b", TroubleKind::Doubled)]);
    assert_eq!(read(&zip, &listed.entries[1..2], 0).await, [Ok(b"one".to_vec())]);
}

#[tokio::test]
async fn bytes_that_are_not_as_stated_are_told_and_the_next_entry_is_read() {
    let got = crc32fast::hash(b"odd");
    let bomb = Entry::deflated("odd", &vec![0; 1 << 20]);
    let damaged = Entry { bytes: vec![0xff; 9], packed: 9, method: 8, ..Entry::new("odd", b"123") };
    for (odd, what) in [
        (Entry { crc32: 7, ..Entry::new("odd", b"odd") }, TroubleKind::Crc { stated: 7, got }),
        (Entry { size: 900, ..bomb.clone() }, TroubleKind::Longer(900)),
        (Entry { size: 0, ..bomb.clone() }, TroubleKind::Longer(0)),
        (
            Entry { size: (1 << 20) + 5, ..bomb },
            TroubleKind::Shorter { stated: (1 << 20) + 5, got: 1 << 20 },
        ),
        (damaged, TroubleKind::Damaged),
    ] {
        let (zip, listed) = between(&[odd]).await;
        assert_eq!(listed.told(), []);
        let [Ok(_), Err(trouble), Ok(last)] = &read(&zip, &listed.entries, 0).await[..] else {
            panic!("{what}")
        };
        assert_eq!((trouble.path.as_str(), &trouble.what), ("odd", &what));
        assert_eq!(last, &[b'2'; 99]);
        let small = super::read_small(&zip, &listed.entries).await;
        assert_eq!(small[1].as_ref().unwrap_err().what, what);
    }
}

#[tokio::test]
async fn a_header_that_is_not_where_it_should_be_is_told() {
    let (mut zip, _) = zip_of(&[Entry::new("a", b"1"), Entry::new("b", b"2")]);
    let listed = list(&zip).await;
    zip[0] = b'Q';
    let [Err(trouble), Ok(_)] = &read(&zip, &listed.entries, 0).await[..] else { panic!() };
    assert_eq!(trouble.to_string(), "a: its bytes are damaged in the archive");
}

#[tokio::test]
async fn lengths_of_2_to_the_63_are_told() {
    let entry = Entry { size: u32::MAX, packed: u32::MAX, ..Entry::new("odd", b"") };
    let (mut zip, _) = zip_of(&[]);
    zip.clear();
    entry.local(&mut zip);
    let at = zip.len() as u64;
    let mut extra = vec![1, 0, 24, 0];
    for value in [1_u64 << 63, 1 << 63, 0] {
        extra.extend_from_slice(&value.to_le_bytes());
    }
    entry.record([u32::MAX; 3], &extra, &mut zip);
    let size = zip.len() as u64 - at;
    ends_64([at, size, 1], at + size, &mut zip);
    let listed = list(&zip).await;
    assert_eq!(listed.told(), [("odd", TroubleKind::Impossible)]);
}

#[tokio::test]
async fn a_directory_that_lies_is_told_and_the_entries_are_found_without_it() {
    let entries = [Entry::new("a", b"1"), Entry::deflated("b", b"2"), Entry::new("c", b"3")];
    let (zip, at) = zip_of(&entries);
    let at_end = zip.len() - 22;
    let mut lies = Vec::new();
    for (from, bytes) in [
        // Where it is, how long it is, how many entries it has, and its second entry.
        (at_end + 16, &7_u32.to_le_bytes()[..]),
        (at_end + 16, &u32::MAX.to_le_bytes()),
        (at_end + 12, &47_u32.to_le_bytes()),
        (at_end + 12, &9_000_000_u32.to_le_bytes()),
        (at_end + 10, &9_u16.to_le_bytes()),
        (at as usize + 47, b"XX"),
    ] {
        let mut lie = zip.clone();
        lie[from..from + bytes.len()].copy_from_slice(bytes);
        lies.push(lie);
    }
    for zip in lies {
        let listed = list(&zip).await;
        assert_eq!(listed.told(), [("", TroubleKind::BadDirectory)]);
        let mut paths = listed.paths();
        paths.sort_unstable();
        assert_eq!(paths, ["a", "b", "c"]);
        assert!(read(&zip, &listed.entries, 0).await.iter().all(Result::is_ok));
    }
}

#[tokio::test]
async fn a_larger_end_record_that_lies_is_told() {
    for own in [0, 5, 1 << 62, u64::MAX] {
        let (mut zip, at) = zip_of(&[Entry::new("a", b"1")]);
        zip.truncate(zip.len() - 22);
        let size = zip.len() as u64 - u64::from(at);
        ends_64([at.into(), size, 1], own, &mut zip);
        let listed = list(&zip).await;
        assert_eq!(
            (listed.told(), listed.paths()),
            (vec![("", TroubleKind::BadDirectory)], vec!["a"])
        );
    }
}

#[tokio::test]
async fn a_zip_that_is_damaged_in_the_middle_and_has_no_end_is_read_up_to_there() {
    let (mut zip, at) = zip_of(&[Entry::new("a", b"1"), Entry::new("b", b"2")]);
    zip.truncate(at as usize);
    zip[32] = b'X';
    let listed = list(&zip).await;
    assert_eq!(listed.paths(), ["a"]);
    assert_eq!(listed.told(), [("", TroubleKind::Cut), ("", TroubleKind::Lost)]);
}

#[tokio::test]
async fn what_is_no_zip_at_all_has_nothing() {
    for bytes in [&b""[..], b"P", b"PK\x03\x04", &vec![0; 100_000]] {
        let listed = list(bytes).await;
        assert_eq!(listed.entries, []);
        assert_eq!(listed.told()[0], ("", TroubleKind::Cut));
    }
}
