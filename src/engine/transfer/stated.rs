//! What a source states of bytes, held against those that came.

use super::Failure;
use crate::model::{Crc32, Digests, Item, Md5, Sha256};
use crate::source::Want;

/// What a source states of bytes that are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stated {
    is_export: bool,
    size_bytes: Option<u64>,
    md5: Option<Md5>,
    sha256: Option<Sha256>,
    /// Of what lies in an archive.
    crc32: Option<Crc32>,
    /// What it says now of their length, where it stated nothing before.
    told_size: Option<u64>,
}

/// The length that the source states of the bytes that are wanted. An export has
/// none: a document's `size` is something else.
pub(super) fn stated_size(want: &Want) -> Option<u64> {
    if want.export.is_some() { None } else { want.item.size_bytes }
}

impl Stated {
    pub(super) fn of(want: &Want) -> Self {
        let Item { size_bytes, md5, sha256, .. } = want.item;
        let crc32 = want.within.as_ref().and_then(|within| within.packed.crc32);
        let is_export = want.export.is_some();
        Self { is_export, size_bytes, md5, sha256, crc32, told_size: None }
    }

    /// With what it says now of their length.
    pub(super) fn told(self, told_size: Option<u64>) -> Self {
        Self { told_size, ..self }
    }

    /// Says in what the bytes differ from what the source states of them, or says now of
    /// their length.
    pub(super) fn mismatch(&self, digests: &Digests) -> Option<Failure> {
        let bytes = |size: u64| format!("{size} bytes");
        let is_packed = self.crc32.is_some();
        let differs = |stated: Option<String>, got: String| {
            let stated = stated.filter(|stated| *stated != got)?;
            Some(if is_packed {
                Failure::NotAsPacked { stated, got }
            } else {
                Failure::NotAsStated { stated, got }
            })
        };
        if self.told_size.is_some_and(|told| told != digests.size_bytes) {
            return differs(self.told_size.map(bytes), bytes(digests.size_bytes));
        }
        if self.is_export {
            return None;
        }
        if self.size_bytes.is_none() && digests.size_bytes == 0 {
            // Of Photos nothing is stated, and no picture has no bytes.
            return differs(Some("that there is a file".to_owned()), bytes(0));
        }
        let Self { size_bytes, md5, sha256, .. } = self;
        differs(size_bytes.map(bytes), bytes(digests.size_bytes))
            .or_else(|| differs(md5.map(|it| format!("MD5 {it}")), format!("MD5 {}", digests.md5)))
            .or_else(|| {
                let got = format!("SHA-256 {}", digests.sha256);
                differs(sha256.map(|it| format!("SHA-256 {it}")), got)
            })
            .or_else(|| {
                let shown = |crc32: Crc32| format!("CRC-32 {:08x}", crc32.0);
                differs(self.crc32.map(shown), shown(digests.crc32))
            })
    }
}
