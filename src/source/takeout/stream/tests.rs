//! Tar archives of every kind, and folders.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::{Builder, EntryType, Header};

use super::super::super::Error;
use super::super::medium::Medium;
use super::super::{Found, Takeout, TroubleKind};
use super::{Streaming, Tar};
use crate::model::PartFormat;

/// What a stream gave: an entry's path and bytes, or a path and what is wrong.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    Entry(String, Vec<u8>),
    Trouble(String, TroubleKind),
}

fn entry(path: &str, bytes: impl AsRef<[u8]>) -> Told {
    Told::Entry(path.to_owned(), bytes.as_ref().to_vec())
}

fn trouble(path: &str, what: TroubleKind) -> Told {
    Told::Trouble(path.to_owned(), what)
}

async fn all_of(mut stream: Box<dyn Streaming>) -> Vec<Told> {
    let (mut told, mut next) = (Vec::new(), None);
    while let Some(found) = stream.entry().await.unwrap() {
        let packed = match found {
            Found::Entry(packed) => packed,
            Found::Trouble(it) => {
                told.push(Told::Trouble(it.path, it.what));
                continue;
            }
        };
        assert!(next.is_none_or(|next| next == packed.at), "{packed:?}");
        next = Some(packed.at + 1);
        let mut bytes = Vec::new();
        told.push(loop {
            match stream.chunk().await {
                Ok(Some(more)) => bytes.extend_from_slice(&more),
                Ok(None) => break Told::Entry(packed.path, bytes),
                Err(Error::Broken(it)) => break Told::Trouble(it.path, it.what),
                Err(error) => panic!("{error}"),
            }
        });
    }
    told
}

async fn read(tgz: &[u8], skip: u64) -> Vec<Told> {
    let medium = Medium::Memory(Bytes::copy_from_slice(tgz));
    all_of(Box::new(Tar::new(medium.flow(0..tgz.len() as u64), skip))).await
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A tar of what `fill` puts into it.
fn tar_of(fill: impl FnOnce(&mut Builder<Vec<u8>>)) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    fill(&mut builder);
    builder.into_inner().unwrap()
}

fn header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size);
    header
}

fn add(tar: &mut Builder<Vec<u8>>, path: &str, bytes: &[u8]) {
    let mut header = header(EntryType::Regular, bytes.len() as u64);
    tar.append_data(&mut header, path, bytes).unwrap();
}

/// An entry whose name is put there as it is.
fn add_raw(tar: &mut Builder<Vec<u8>>, kind: EntryType, name: &[u8], bytes: &[u8]) {
    let mut header = header(kind, bytes.len() as u64);
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_cksum();
    tar.append(&header, bytes).unwrap();
}

#[tokio::test]
async fn entries_come_one_after_another() {
    let long = format!("T/{}/{}.jpg", "f".repeat(120), "n".repeat(200));
    let tar = tar_of(|tar| {
        add(tar, "T/a.jpg", b"one");
        tar.append_data(&mut header(EntryType::Directory, 0), "T/folder", &b""[..]).unwrap();
        add(tar, &long, &[7; 1000]);
        tar.append_pax_extensions([("path", "T/Ä.json".as_bytes()), ("mtime", b"1.5")]).unwrap();
        add(tar, "short", b"{}");
        add(tar, "empty", b"");
    });
    let expected = [
        entry("T/a.jpg", b"one"),
        entry(&long, [7; 1000]),
        entry("T/Ä.json", b"{}"),
        entry("empty", b""),
    ];
    assert_eq!(read(&gzip(&tar), 0).await, expected);
    assert_eq!(read(&gzip(&tar), 2).await, expected[2..]);
    assert_eq!(read(&gzip(&tar), 9).await, []);
    let (one, other) = tar.split_at(700);
    let members = [gzip(one), gzip(b""), gzip(other)].concat();
    assert_eq!(read(&members, 0).await, expected, "of several members");
    let unfinished = &tar[..tar.len() - 1024];
    assert_eq!(read(&gzip(unfinished), 0).await, expected, "without the blocks at its end");
}

#[tokio::test]
async fn a_size_that_the_header_has_no_room_for_is_read() {
    let tar = tar_of(|tar| {
        tar.append_pax_extensions([("size", &b"600"[..])]).unwrap();
        let mut header = header(EntryType::Regular, 0);
        header.as_mut_bytes()[..5].copy_from_slice(b"large");
        header.set_cksum();
        tar.get_mut().extend_from_slice(header.as_bytes());
        tar.get_mut().extend_from_slice(&[5; 1024]);
        add(tar, "next", b"next");
    });
    let told = read(&gzip(&tar), 0).await;
    assert_eq!(told, [entry("large", [5; 600]), entry("next", b"next")]);
}

#[tokio::test]
async fn what_is_no_plain_file_is_told_and_the_next_is_read() {
    for (kind, name, what) in [
        (EntryType::Symlink, &b"odd"[..], TroubleKind::Link),
        (EntryType::Link, b"odd", TroubleKind::Link),
        (EntryType::Char, b"odd", TroubleKind::Special),
        (EntryType::Fifo, b"odd", TroubleKind::Special),
        (EntryType::GNUSparse, b"odd", TroubleKind::Special),
        (EntryType::Regular, b"../odd", TroubleKind::Outside),
        (EntryType::Regular, b"/odd", TroubleKind::Outside),
        (EntryType::Symlink, b"/odd", TroubleKind::Outside),
    ] {
        let shown = String::from_utf8_lossy(name).into_owned();
        let tar = tar_of(|tar| {
            add(tar, "first", b"1");
            add_raw(tar, kind, name, b"");
            add(tar, "last", b"2");
        });
        let told = read(&gzip(&tar), 0).await;
        let expected = [entry("first", b"1"), trouble(&shown, what), entry("last", b"2")];
        assert_eq!(told, expected);
        assert_eq!(read(&gzip(&tar), 2).await, []);
    }
}

#[tokio::test]
async fn a_damaged_name_is_told_and_the_entry_is_read() {
    let tar = tar_of(|tar| add_raw(tar, EntryType::Regular, b"o\xffdd", b"odd"));
    let told = read(&gzip(&tar), 0).await;
    assert_eq!(told, [trouble("o\u{fffd}dd", TroubleKind::Name), entry("o\u{fffd}dd", b"odd")]);
}

#[tokio::test]
async fn what_is_damaged_is_told_once() {
    let tar = tar_of(|tar| {
        add(tar, "a", b"1");
        add(tar, "b", b"2");
    });
    let mut wrong = tar.clone();
    wrong[1024] ^= 1;
    let expected = [entry("a", b"1"), trouble("", TroubleKind::Lost)];
    assert_eq!(read(&gzip(&wrong), 0).await, expected, "a header");
    let endless = tar_of(|tar| add_raw(tar, EntryType::GNULongName, b"x", &vec![b'n'; 2 << 20]));
    assert_eq!(read(&gzip(&endless), 0).await, [trouble("", TroubleKind::Lost)]);
    assert_eq!(read(b"PK\x03\x04 and so on", 0).await, [trouble("", TroubleKind::Lost)]);
    assert_eq!(read(b"", 0).await, [trouble("", TroubleKind::Cut)]);
    let mut sum = gzip(&tar[..1024]);
    let at = sum.len() - 6;
    sum[at] ^= 1;
    assert_eq!(read(&sum, 0).await, [entry("a", b"1"), trouble("", TroubleKind::Cut)]);
}

/// Of entries with bytes that nothing compresses.
fn entries() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    prop::collection::vec(("[a-zé]{1,150}", prop::collection::vec(any::<u8>(), 0..3000)), 0..6)
}

fn now<T>(future: impl Future<Output = T>) -> T {
    futures_util::FutureExt::now_or_never(future).unwrap()
}

proptest! {
    #[test]
    fn what_is_left_of_a_cut_tgz_is_read(
        entries in entries(), cut in any::<prop::sample::Index>(), skip in 0..6_u64,
    ) {
        let tar = tar_of(|tar| entries.iter().for_each(|(path, bytes)| add(tar, path, bytes)));
        let (tgz, all): (_, Vec<_>) = (gzip(&tar), entries.iter().map(|(p, b)| entry(p, b)).collect());
        let from = all.len().min(usize::try_from(skip).unwrap());
        prop_assert_eq!(&now(read(&tgz, skip)), &all[from..]);
        let left = now(read(&tgz[..cut.index(tgz.len())], 0));
        let good = left.iter().filter(|told| matches!(told, Told::Entry(..))).count();
        prop_assert_eq!(&left[..good], &all[..good]);
        let rest: Vec<_> = left[good..].iter().collect();
        let is_cut = |told: &&Told| matches!(told, Told::Trouble(_, TroubleKind::Cut));
        prop_assert!(rest.len() <= 1 && rest.iter().all(is_cut), "{:?}", rest);
        prop_assert!(rest.len() == 1 || good == all.len());
    }
}

/// Puts `bytes` at `path` below `root`.
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

async fn walk(root: &Path, skip: u64) -> Vec<Told> {
    let (part, _) = Takeout::look(root).await.unwrap();
    assert_eq!((part.format, part.size_bytes), (PartFormat::Folder, 0));
    all_of(Takeout::new(None).stream(&part, skip).await.unwrap()).await
}

#[tokio::test]
async fn a_folder_has_the_paths_of_its_archives_whichever_folder_of_it_is_named() {
    let home = tempfile::tempdir().unwrap();
    let takeout = home.path().join("Takeout");
    put(&takeout, "Google Photos/2020/b.jpg", b"b");
    put(&takeout, "Google Photos/2020/a.jpg", &vec![1; 600_000]);
    put(&takeout, "Google Photos/Summer/metadata.json", b"{}");
    put(&takeout, "archive_browser.html", b"<html>");
    let photos = [
        entry("Takeout/Google Photos/2020/a.jpg", vec![1; 600_000]),
        entry("Takeout/Google Photos/2020/b.jpg", b"b"),
        entry("Takeout/Google Photos/Summer/metadata.json", b"{}"),
    ];
    let all = [&photos[..], &[entry("Takeout/archive_browser.html", b"<html>")]].concat();
    assert_eq!(walk(home.path(), 0).await, all);
    assert_eq!(walk(&takeout, 0).await, all);
    assert_eq!(walk(&takeout, 2).await, all[2..]);
    assert_eq!(walk(&takeout.join("Google Photos"), 0).await, photos);
    assert_eq!(walk(&takeout.join("Google Photos/2020"), 0).await.len(), 2);
    let renamed = home.path().join("my export");
    fs::create_dir(&renamed).unwrap();
    put(&renamed, "archive_browser.html", b"");
    assert_eq!(walk(&renamed, 0).await, [entry("Takeout/archive_browser.html", b"")]);
}

#[tokio::test]
async fn no_link_in_a_folder_is_followed() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("export");
    put(home.path(), "secret/key", b"secret");
    put(&root, "Takeout/a.jpg", b"a");
    symlink("../../secret", root.join("Takeout/folder")).unwrap();
    symlink("../../secret/key", root.join("Takeout/file")).unwrap();
    let odd = root.join("Takeout").join(std::ffi::OsStr::from_bytes(b"o\xffdd"));
    drop(fs::File::create(odd).unwrap());
    let expected = [
        entry("Takeout/a.jpg", b"a"),
        trouble("Takeout/file", TroubleKind::Link),
        trouble("Takeout/folder", TroubleKind::Link),
        trouble("Takeout/o\u{fffd}dd", TroubleKind::Name),
        entry("Takeout/o\u{fffd}dd", b""),
    ];
    assert_eq!(walk(&root, 0).await, expected);
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_is_told() {
    let home = tempfile::tempdir().unwrap();
    put(home.path(), "Takeout/a.jpg", b"some bytes");
    put(home.path(), "Takeout/b.jpg", b"b");
    let (part, _) = Takeout::look(home.path()).await.unwrap();
    let mut stream = Takeout::new(None).stream(&part, 0).await.unwrap();
    assert!(matches!(stream.entry().await, Ok(Some(Found::Entry(_)))));
    put(home.path(), "Takeout/a.jpg", b"some");
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "some");
    let Err(Error::Broken(told)) = stream.chunk().await else { panic!() };
    assert_eq!(told.what, TroubleKind::Shorter { stated: 10, got: 4 });
    assert!(matches!(stream.entry().await, Ok(Some(Found::Entry(_)))));
    fs::remove_dir_all(home.path().join("Takeout")).unwrap();
    let Err(Error::Broken(told)) = stream.chunk().await else { panic!() };
    assert!(matches!(told.what, TroubleKind::Unreadable(_)), "{told}");
}

#[tokio::test]
async fn what_a_person_names_is_told_by_its_content() {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes, expected) in [
        ("a", &b"PK\x03\x04 and so on"[..], Some(PartFormat::Zip)),
        ("b.tgz", b"PK\x05\x06", Some(PartFormat::Zip)),
        ("c.zip", b"\x1f\x8b\x08", Some(PartFormat::Tgz)),
        ("d.zip", b"<html>", None),
        ("e.zip", b"", None),
    ] {
        put(home.path(), name, bytes);
        match (Takeout::look(&home.path().join(name)).await, expected) {
            (Ok((part, _)), Some(format)) => {
                assert_eq!((part.format, part.size_bytes), (format, bytes.len() as u64));
            }
            (Err(Error::NoPart { .. }), None) => {}
            (looked, _) => panic!("{name}: {looked:?}"),
        }
    }
    let missing = Takeout::look(&home.path().join("missing")).await.unwrap_err();
    assert!(missing.to_string().ends_with("missing could not be read"), "{missing}");
}
