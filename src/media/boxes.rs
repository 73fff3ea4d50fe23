//! The boxes of HEIF, AVIF and CR3 (ISO 14496-12, 4.2), and the tags in them.
//!
//! No box is looked into but those that lead to the tags, and of no sort more than a few.

use std::io::{Read, Seek, SeekFrom};

/// How many boxes are looked at beside one another: real files have a dozen.
const BOXES_MAX: usize = 256;

/// No table of items and no tags are longer, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// How many pieces an item may be in: tags are in one.
const PIECES_MAX: usize = 16;

/// The box of Canon's that has the tags of a CR3, three directories apart.
const CANON: [u8; 16] = 0x85c0_b687_820f_11e0_8111_f4ce_462b_6a48_u128.to_be_bytes();

/// Where a box's content is.
#[derive(Clone, Copy)]
struct Span {
    at: u64,
    end: u64,
}

/// All of a file: it ends where nothing more can be read.
const WHOLE: Span = Span { at: 0, end: u64::MAX };

/// Says whether a file that begins with `head` is made of boxes.
pub(super) fn are_in(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp")
}

/// The tags of a HEIF or AVIF: the item of the type `Exif` (ISO 23008-12, A.2.1).
pub(super) fn of_heif(file: &mut (impl Read + Seek)) -> Option<Vec<u8>> {
    let meta = content(file, WHOLE, *b"meta")?;
    // It has a version and flags before its boxes.
    let meta = Span { at: meta.at + 4, ..meta };
    let iinf = content(file, meta, *b"iinf")?;
    let id = tags_item(&bytes(file, iinf)?)?;
    let iloc = content(file, meta, *b"iloc")?;
    let (in_idat, pieces) = pieces(&bytes(file, iloc)?, id)?;
    let base = if in_idat { content(file, meta, *b"idat")? } else { WHOLE };
    let mut item = Vec::new();
    for (offset, len) in pieces {
        let at = base.at.checked_add(offset)?;
        let end = if len == 0 { base.end } else { at.checked_add(len)? };
        item.extend(bytes(file, Span { at, end: end.min(base.end) })?);
        if item.len() as u64 > BYTES_MAX {
            return None;
        }
    }
    let skipped = u32::from_be_bytes(*item.first_chunk()?);
    Some(
        item.split_off(
            usize::try_from(skipped).ok()?.checked_add(4).filter(|at| *at <= item.len())?,
        ),
    )
}

/// The tags of a CR3: three TIFFs, which have the main directory, that of EXIF and that of
/// GPS (<https://github.com/lclevy/canon_cr3>).
pub(super) fn of_cr3(file: &mut (impl Read + Seek)) -> Option<[Vec<u8>; 3]> {
    let moov = content(file, WHOLE, *b"moov")?;
    let uuid = content(file, moov, *b"uuid")?;
    let mut name = [0; 16];
    file.seek(SeekFrom::Start(uuid.at)).ok()?;
    file.read_exact(&mut name).ok()?;
    let canon = (name == CANON).then_some(Span { at: uuid.at + 16, ..uuid })?;
    let mut part = |name| content(file, canon, name).and_then(|span| bytes(file, span));
    let main = part(*b"CMT1")?;
    Some([main, part(*b"CMT2").unwrap_or_default(), part(*b"CMT4").unwrap_or_default()])
}

/// Finds the first box called `name` of those that lie in `within`, which may begin behind its
/// own end: a box that is too short for what it should begin with has none in it.
fn content(file: &mut (impl Read + Seek), within: Span, name: [u8; 4]) -> Option<Span> {
    let mut at = within.at;
    for _ in 0..BOXES_MAX {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut head = [0; 8];
        file.read_exact(&mut head).ok()?;
        let [a, b, c, d, found @ ..] = head;
        let (len, head_len) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (within.end.checked_sub(at)?, 8),
            1 => {
                let mut long = [0; 8];
                file.read_exact(&mut long).ok()?;
                (u64::from_be_bytes(long), 16)
            }
            len => (len.into(), 8),
        };
        let end = at.checked_add(len).filter(|end| *end <= within.end && len >= head_len)?;
        if found == name {
            return Some(Span { at: at + head_len, end });
        }
        at = end;
        if at == within.end {
            break;
        }
    }
    None
}

/// What lies in `span`, unless it is too long; of what goes on to the file's end, as much as
/// may be.
fn bytes(file: &mut (impl Read + Seek), span: Span) -> Option<Vec<u8>> {
    let len = span.end.checked_sub(span.at)?;
    let is_known = span.end != u64::MAX;
    if is_known && len > BYTES_MAX {
        return None;
    }
    file.seek(SeekFrom::Start(span.at)).ok()?;
    let mut bytes = Vec::new();
    file.by_ref().take(len.min(BYTES_MAX)).read_to_end(&mut bytes).ok()?;
    (!is_known || bytes.len() as u64 == len).then_some(bytes)
}

/// The id of the item that has the tags, by the table `iinf` (ISO 14496-12, 8.11.6).
fn tags_item(table: &[u8]) -> Option<u32> {
    let mut table = Fields(table);
    let version = table.version()?;
    let count = if version == 0 { table.number(2)? } else { table.number(4)? };
    for _ in 0..count {
        let len = usize::try_from(table.number(4)?).ok()?;
        let mut item = Fields(table.take(len.checked_sub(4)?)?);
        if item.take(4)? != b"infe" {
            continue;
        }
        let id = match item.version()? {
            2 => item.number(2)?,
            3 => item.number(4)?,
            _ => continue,
        };
        let _protection = item.take(2)?;
        if item.take(4)? == b"Exif" {
            return u32::try_from(id).ok();
        }
    }
    None
}

/// Where the item `id` is, by the table `iloc` (ISO 14496-12, 8.11.3): whether its pieces
/// are in the box `idat` rather than in the file; and these, by offset and length.
fn pieces(table: &[u8], id: u32) -> Option<(bool, Vec<(u64, u64)>)> {
    let mut table = Fields(table);
    let version = table.version().filter(|version| *version <= 2)?;
    let sizes = table.number(2)?;
    let size = |shift: u32| usize::try_from(sizes >> shift & 0xf);
    let (offset, len, base) = (size(12).ok()?, size(8).ok()?, size(4).ok()?);
    let index = if version == 0 { 0 } else { size(0).ok()? };
    let id_bytes = if version < 2 { 2 } else { 4 };
    for _ in 0..table.number(id_bytes)? {
        let found = table.number(id_bytes)?;
        let method = if version == 0 { 0 } else { table.number(2)? & 0xf };
        let elsewhere = table.number(2)? != 0;
        let base = table.number(base)?;
        let count = usize::try_from(table.number(2)?).ok()?;
        if found != u64::from(id) {
            table.take(count.checked_mul(index + offset + len)?)?;
            continue;
        }
        if method > 1 || method == 0 && elsewhere || count > PIECES_MAX {
            return None;
        }
        let mut piece = || {
            let _index = table.number(index)?;
            let offset = table.number(offset)?;
            Some((base.checked_add(offset)?, table.number(len)?))
        };
        let pieces: Option<Vec<_>> = (0..count).map(|_| piece()).collect();
        return Some((method == 1, pieces?));
    }
    None
}

/// Fields of a table, one after another.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of so many bytes, eight at most; 0 if of none.
    fn number(&mut self, len: usize) -> Option<u64> {
        let bytes = self.take(len).filter(|_| len <= 8)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A table's version, which flags follow.
    fn version(&mut self) -> Option<u64> {
        let version = self.number(1)?;
        self.take(3)?;
        Some(version)
    }
}
