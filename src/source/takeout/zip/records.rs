//! The records of a zip, read out of bytes; pure. Their layout is that of PKWARE's
//! APPNOTE 6.3 (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>).
//!
//! A parser of our own: those to be had want a file that they can seek and read in while
//! they wait, and give up at the first record that is wrong. Here the bytes come from ranges
//! of a file in Drive, and what is wrong costs no more than itself.

/// The signature of what comes before each entry's bytes.
pub(super) const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
/// The signature of what may come after an entry's bytes.
pub(super) const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// What comes after the last entry.
const AFTER_ALL: [[u8; 4]; 4] = [CENTRAL, END, END_64, *b"PK\x06\x08"];

/// How long these are without their parts of variable length.
pub(super) const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;
const LOCATOR_64_BYTES: usize = 20;
/// So much of the larger end record is used.
pub(super) const END_64_BYTES: usize = 56;
/// The longest that the end record can be, with the locator before it.
pub(super) const TAIL_BYTES: u64 = (END_BYTES + 0xffff + LOCATOR_64_BYTES) as u64;

/// What stands in a field of 32 bits whose value is elsewhere.
const ELSEWHERE: u64 = 0xffff_ffff;

/// Where the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// At which byte of the archive it begins.
    pub(super) at: u64,
    /// How long it is.
    pub(super) size_bytes: u64,
    /// How many entries it has.
    pub(super) entries: u64,
}

/// What the end of an archive says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Where the directory is, and at which byte of what was read the end record begins.
    Here(End, usize),
    /// That it is in the larger end record, at that byte of the archive.
    Elsewhere(u64),
}

/// Looks for the end record in the last bytes of an archive.
pub(super) fn ending(tail: &[u8]) -> Option<Ending> {
    let last = tail.len().checked_sub(END_BYTES)?;
    let fits = |at: &usize| {
        let record = &tail[*at..];
        record.starts_with(&END) && at + END_BYTES + usize::from(u16_at(record, 20)) == tail.len()
    };
    let at = (0..=last).rev().find(fits)?;
    let record = &tail[at..];
    let locator = at.checked_sub(LOCATOR_64_BYTES).map(|at| &tail[at..]);
    if let Some(locator) = locator.filter(|locator| locator.starts_with(&LOCATOR_64)) {
        return Some(Ending::Elsewhere(u64_at(locator, 8)));
    }
    let (entries, size_bytes) = (u64::from(u16_at(record, 10)), u32_at(record, 12));
    let end = End { at: u32_at(record, 16).into(), size_bytes: size_bytes.into(), entries };
    Some(Ending::Here(end, at))
}

/// Reads the larger end record.
pub(super) fn larger_end(record: &[u8]) -> Option<End> {
    let is_one = record.len() >= END_64_BYTES && record.starts_with(&END_64);
    is_one.then(|| End {
        at: u64_at(record, 48),
        size_bytes: u64_at(record, 40),
        entries: u64_at(record, 32),
    })
}

/// What the directory, or the header before its bytes, says of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated<'a> {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc32: u32,
    pub(super) packed_bytes: u64,
    pub(super) size_bytes: u64,
    /// At which byte of the archive its header begins; 0 where the header says this.
    pub(super) at: u64,
    /// The type and permissions of a file on Unix, where they are stated.
    pub(super) unix_mode: u32,
    pub(super) name: &'a [u8],
    pub(super) extra: &'a [u8],
}

/// What stands at some place of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read<'a> {
    /// An entry, and how many bytes it takes there.
    Entry(Stated<'a>, usize),
    /// The beginning of one, of which more bytes are needed.
    Part,
    /// Something else.
    Other,
}

/// Reads one entry of the directory.
pub(super) fn central(bytes: &[u8]) -> Read<'_> {
    if bytes.len() < CENTRAL_BYTES {
        let compared = bytes.len().min(4);
        return if bytes[..compared] == CENTRAL[..compared] { Read::Part } else { Read::Other };
    }
    if !bytes.starts_with(&CENTRAL) {
        return Read::Other;
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(u16_at(bytes, at)));
    let Some(rest) = bytes[CENTRAL_BYTES..].get(..name + extra + comment) else {
        return Read::Part;
    };
    // Only the systems that know such modes state them (APPNOTE 4.4.2).
    let is_unix = matches!(bytes[5], 3 | 19);
    let stated = Stated {
        flags: u16_at(bytes, 8),
        method: u16_at(bytes, 10),
        crc32: u32_at(bytes, 16),
        packed_bytes: u32_at(bytes, 20).into(),
        size_bytes: u32_at(bytes, 24).into(),
        at: u32_at(bytes, 42).into(),
        unix_mode: if is_unix { u32_at(bytes, 38) >> 16 } else { 0 },
        name: &rest[..name],
        extra: &rest[name..name + extra],
    };
    Read::Entry(stated.with_larger(), CENTRAL_BYTES + rest.len())
}

/// How long the name and the extra field are after a header that stands before an entry's
/// bytes; `None` if that is no such header.
pub(super) fn after_local(header: &[u8]) -> Option<(usize, usize)> {
    let is_one = header.len() >= LOCAL_BYTES && header.starts_with(&LOCAL);
    is_one.then(|| (u16_at(header, 26).into(), u16_at(header, 28).into()))
}

/// Reads the header before an entry's bytes, with the name and the extra field after it.
pub(super) fn local(bytes: &[u8]) -> Option<Stated<'_>> {
    let (name, extra) = after_local(bytes)?;
    let rest = bytes[LOCAL_BYTES..].get(..name + extra)?;
    let stated = Stated {
        flags: u16_at(bytes, 6),
        method: u16_at(bytes, 8),
        crc32: u32_at(bytes, 14),
        packed_bytes: u32_at(bytes, 18).into(),
        size_bytes: u32_at(bytes, 22).into(),
        at: 0,
        unix_mode: 0,
        name: &rest[..name],
        extra: &rest[name..],
    };
    Some(stated.with_larger())
}

/// Whether what comes after the last entry begins so.
pub(super) fn is_after_all(bytes: &[u8]) -> bool {
    AFTER_ALL.iter().any(|signature| bytes.starts_with(signature))
}

/// What may come after an entry's bytes: how many bytes it takes, if it states just these.
pub(super) fn descriptor(bytes: &[u8], crc32: u32, [packed, size]: [u64; 2]) -> Option<usize> {
    let signature = if bytes.starts_with(&DESCRIPTOR) { 4 } else { 0 };
    let rest = &bytes[signature..];
    if rest.len() < 12 || u32_at(rest, 0) != crc32 {
        return None;
    }
    if rest.len() >= 20 && [u64_at(rest, 4), u64_at(rest, 12)] == [packed, size] {
        return Some(signature + 20);
    }
    // Sizes of 32 bits are those of the low half.
    let low = [packed, size].map(|size| size & ELSEWHERE);
    let is_smaller = [4, 8].map(|at| u64::from(u32_at(rest, at))) == low;
    is_smaller.then_some(signature + 12)
}

impl<'a> Stated<'a> {
    /// Whether it needs a password.
    pub(super) const fn is_encrypted(&self) -> bool {
        // The second is of "strong encryption", 99 is what AES uses as a method.
        self.flags & 0x41 != 0 || self.method == 99
    }

    /// Whether its name is said to be UTF-8.
    pub(super) const fn is_utf8(&self) -> bool {
        self.flags & 0x800 != 0
    }

    /// Whether its lengths and checksum are stated after its bytes only.
    pub(super) const fn has_descriptor(&self) -> bool {
        self.flags & 8 != 0
    }

    /// The name in UTF-8, where it is stated beside the other (Info-ZIP's field 0x7075).
    pub(super) fn unicode_name(&self) -> Option<&'a [u8]> {
        let field = self.field(0x7075).filter(|field| field.len() > 5 && field[0] == 1)?;
        (u32_at(field, 1) == crc32fast::hash(self.name)).then_some(&field[5..])
    }

    /// With the values of 64 bits in place of those of 32 that say so.
    fn with_larger(mut self) -> Self {
        let mut field = self.field(1).unwrap_or_default();
        for value in [&mut self.size_bytes, &mut self.packed_bytes, &mut self.at] {
            if *value == ELSEWHERE && field.len() >= 8 {
                *value = u64_at(field, 0);
                field = &field[8..];
            }
        }
        self
    }

    fn field(&self, id: u16) -> Option<&'a [u8]> {
        let mut extra = self.extra;
        while extra.len() >= 4 {
            let end = 4 + usize::from(u16_at(extra, 2));
            let field = extra.get(4..end)?;
            if u16_at(extra, 0) == id {
                return Some(field);
            }
            extra = &extra[end..];
        }
        None
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array(bytes, at))
}

/// The bytes at `at`; zeros where there are none.
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let found = bytes.get(at..at + N).and_then(|found| found.try_into().ok());
    found.unwrap_or([0; N])
}
