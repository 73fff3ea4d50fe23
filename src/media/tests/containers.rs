//! The same tags in every sort of file that has them, and files made to be read for ever.

use std::io::Cursor;

use super::*;
use crate::media::boxes;

/// Boxes of ISO 14496-12 that have a version before their content.
fn full(kind: [u8; 4], version: u8, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0], body].concat())
}

fn tagged() -> Tiff {
    Tiff::default()
        .main(&[(MAKE, text("Apple")), (MODEL, text("iPhone")), (ORIENTATION, Short(8))])
        .exif(&[
            (DATE_TIME_ORIGINAL, text("2024:07:01 12:30:45")),
            (OFFSET_TIME_ORIGINAL, text("+02:00")),
            (PIXEL_X, Long(8192)),
            (PIXEL_Y, Long(5464)),
        ])
        .gps(&place("N", [(47, 1); 3], "E", [(8, 1); 3]))
}

fn png(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let chunk = |name: [u8; 4], body: &[u8]| {
        let len = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&len, &name, body, &[0; 4]].concat()
    };
    let chunks = [chunk(*b"IHDR", &[0; 13]), chunk(*b"IDAT", b"12"), chunk(name, body)];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat(), chunk(*b"IEND", b"")].concat()
}

fn in_hex(tiff: &[u8]) -> Vec<u8> {
    let hex: Vec<String> = tiff.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<String> = hex.chunks(36).map(<[String]>::concat).collect();
    let count = tiff.len();
    format!("Raw profile type exif\0\nexif\n{count:8}\n{}\n", lines.join("\n")).into_bytes()
}

fn webp(tiff: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8], body: &[u8]| {
        let len = u32::try_from(body.len()).unwrap().to_le_bytes();
        [name, &len, body, &vec![0; body.len() % 2]].concat()
    };
    let chunks = [b"WEBP".to_vec(), chunk(b"VP8 ", b"odd"), chunk(b"EXIF", tiff)].concat();
    chunk(b"RIFF", &chunks)
}

/// With the table of places in its form `version`, and the tags in the box `idat` or not.
fn heif(tiff: &[u8], version: u8, in_idat: bool) -> Vec<u8> {
    let item = [b"\0\0\0\x06Exif\0\0", tiff].concat();
    let len = u32::try_from(item.len()).unwrap().to_be_bytes();
    let infe = |id: u8, kind: &[u8]| full(*b"infe", 2, &[&[0, id, 0, 0], kind, b"\0"].concat());
    let iinf = full(*b"iinf", 0, &[vec![0, 2], infe(1, b"hvc1"), infe(2, b"Exif")].concat());
    let place = |id: u8, at: u32| {
        let id = if version == 2 { vec![0, 0, 0, id] } else { vec![0, id] };
        let method = if version == 0 { vec![] } else { vec![0, u8::from(in_idat)] };
        [id, method, vec![0, 0, 0, 1], at.to_be_bytes().to_vec(), len.to_vec()].concat()
    };
    let iloc = |at| {
        let count = if version == 2 { vec![0, 0, 0, 2] } else { vec![0, 2] };
        full(*b"iloc", version, &[vec![0x44, 0], count, place(1, 0), place(2, at)].concat())
    };
    let idat = if in_idat { boxed(*b"idat", &item) } else { Vec::new() };
    let meta = |at| full(*b"meta", 0, &[iinf.clone(), iloc(at), idat.clone()].concat());
    let ftyp = boxed(*b"ftyp", b"heic\0\0\0\0mif1heic");
    let at = ftyp.len() + meta(0).len() + 8;
    let at = if in_idat { 0 } else { u32::try_from(at).unwrap() };
    [ftyp, meta(at), boxed(*b"mdat", &item)].concat()
}

fn cr3(tiff: &Tiff) -> Vec<u8> {
    let alone = |entries: &[Entry]| Tiff::default().main(entries).bytes();
    let parts = [(b"CMT1", &tiff.main), (b"CMT2", &tiff.exif), (b"CMT4", &tiff.gps)];
    let parts: Vec<_> = parts.iter().map(|(name, it)| boxed(**name, &alone(it))).collect();
    let id = 0x85c0_b687_820f_11e0_8111_f4ce_462b_6a48_u128.to_be_bytes();
    let moov = boxed(*b"moov", &boxed(*b"uuid", &[id.to_vec(), parts.concat()].concat()));
    [boxed(*b"ftyp", b"crx \0\0\0\x01crx isom"), moov].concat()
}

fn raf(jpeg: &[u8]) -> Vec<u8> {
    let mut raf = b"FUJIFILMCCD-RAW 0201FF383501X-T3".to_vec();
    raf.resize(84, 0);
    [&raf[..], &[0, 0, 0, 100], &[0; 12], jpeg].concat()
}

#[test]
fn tags_are_found_in_every_sort_of_file() {
    let tagged = tagged();
    let tiff = tagged.bytes();
    let expected = read(&tiff, "a.tif", "");
    assert_eq!(expected.camera.as_deref(), Some("Apple iPhone"));
    assert!(expected.taken.is_some() && expected.latitude.is_some());
    for (sort, file) in [
        ("jpeg", tagged.jpeg()),
        ("png", png(*b"eXIf", &tiff)),
        ("png with a text", png(*b"tEXt", &in_hex(&tiff))),
        ("webp", webp(&tiff)),
        ("heif 0", heif(&tiff, 0, false)),
        ("heif 1", heif(&tiff, 1, false)),
        ("heif 1 within", heif(&tiff, 1, true)),
        ("heif 2", heif(&tiff, 2, true)),
        ("cr3", cr3(&tagged)),
        ("raf", raf(&tagged.jpeg())),
    ] {
        assert_eq!(read(&file, "a.jpg", ""), expected, "{sort}");
    }
}

/// Beside the guard, which would hide that the reader itself has failed.
#[test]
fn a_box_too_short_for_its_own_head_has_no_tags() {
    let ftyp = boxed(*b"ftyp", b"heic\0\0\0\0mif1heic");
    let to_the_end = [[0; 4].as_slice(), b"iinf", &[0; 16]].concat();
    let heif = [&ftyp[..], &boxed(*b"meta", b""), &[0; 4], &to_the_end].concat();
    assert_eq!(boxes::of_heif(&mut Cursor::new(heif)), None);
    let to_the_end = [[0; 4].as_slice(), b"CMT1", &[0; 16]].concat();
    let moov = boxed(*b"moov", &boxed(*b"uuid", b""));
    let name = 0x85c0_b687_820f_11e0_8111_f4ce_462b_6a48_u128.to_be_bytes();
    let cr3 = [ftyp, moov, name.to_vec(), to_the_end].concat();
    assert_eq!(boxes::of_cr3(&mut Cursor::new(cr3)), None);
}

#[test]
fn directories_that_lead_to_one_another_are_read_once_each() {
    // As many tags as a JPEG's segment has room for, each of which leads to all of them: a
    // reader that follows them has thirty million tags, or a hundred billion.
    let led = |tag: u16| (tag, Long(8));
    let tags: Vec<Entry> = (0..5400).map(|i| led([0x8769, 0x8825, 0xa005][i % 3])).collect();
    let tiff = [b"II\x2a\0\x08\0\0\0".to_vec(), directory(&tags, 8)].concat();
    for bytes in [jpeg_of(&tiff), tiff.clone(), webp(&tiff), heif(&tiff, 0, false)] {
        let read = read(&bytes, "a.jpg", "image/jpeg");
        // The size is none of the tags: a WebP says it itself.
        assert_eq!(Shot { width: None, height: None, ..read }, Shot::default());
    }
}

#[test]
fn a_value_without_an_end_is_read_as_far_as_is_needed() {
    // A maker whose name has 30 MB, none of which says anything.
    let head = b"II\x2a\0\x08\0\0\0\x02\0\x0f\x01\x02\0\0\0\xe0\x01\x26\0\0\0\x10\x01\x02\0\x04\0\0\0XT3\0\0\0\0\0";
    let tiff = [&head[..], &vec![0; 0x01e0_0000]].concat();
    assert_eq!(read(&tiff, "a.tif", "").camera.as_deref(), Some("XT3"));
    // Three directories, of which the first has four tags, and what is kept of the value.
    let written = super::super::exif::read(&mut std::io::Cursor::new(&tiff)).unwrap();
    assert_eq!(written.len(), 8 + (2 + 4 * 12 + 4) + 6 + 6 + 512);
}

#[test]
fn offsets_beyond_the_end_and_lengths_of_any_size_are_no_tags() {
    let tiff = tagged().bytes();
    let whole = heif(&tiff, 0, false);
    for at in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] = byte;
            read(&changed, "a.heic", "image/heic");
        }
    }
    for cut in 0..whole.len() {
        read(&whole[..cut], "a.heic", "image/heic");
    }
}
