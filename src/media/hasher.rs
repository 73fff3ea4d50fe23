//! All checksums of a file in one pass over its bytes.

use std::io::{self, Read};

use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::model::{self, Crc32, Digests};

/// How much is read at a time.
const READ_BYTES: usize = 256 * 1024;

/// Takes a file's bytes in their order, in pieces of any size.
///
/// To go on with a file that is partly there, give it what is there first.
#[derive(Clone, Debug, Default)]
pub struct Hasher {
    md5: Md5Part,
    others: OtherParts,
}

/// The MD5 of a file alone, which takes longer than all else: for a thread of its own.
#[derive(Clone, Debug, Default)]
pub struct Md5Part(Md5);

/// All but the MD5.
#[derive(Clone, Debug, Default)]
pub struct OtherParts {
    size_bytes: u64,
    sha256: Sha256,
    crc32: crc32fast::Hasher,
}

impl Md5Part {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

impl OtherParts {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.size_bytes += bytes.len() as u64;
        self.sha256.update(bytes);
        self.crc32.update(bytes);
    }
}

impl Hasher {
    /// Puts the parts together again of one file, which were given the same bytes.
    #[must_use]
    pub const fn of(md5: Md5Part, others: OtherParts) -> Self {
        Self { md5, others }
    }

    /// Takes it apart, so that two threads can take the next bytes at the same time.
    #[must_use]
    pub fn split(self) -> (Md5Part, OtherParts) {
        (self.md5, self.others)
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.others.update(bytes);
    }

    /// Takes all that `reader` has, up to its end.
    ///
    /// # Errors
    ///
    /// The reader's. The bytes before it are taken.
    pub fn update_from(&mut self, mut reader: impl Read) -> io::Result<()> {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => self.update(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The checksums of all bytes it was given.
    #[must_use]
    pub fn finish(self) -> Digests {
        let OtherParts { size_bytes, sha256, crc32 } = self.others;
        Digests {
            size_bytes,
            md5: model::Md5(self.md5.0.finalize().into()),
            sha256: model::Sha256(sha256.finalize().into()),
            crc32: Crc32(crc32.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_checksums_are_those_that_the_standards_state() {
        // RFC 1321 A.5, FIPS 180-2 B.1, and the check value of CRC-32/ISO-HDLC.
        assert_eq!(digests(b"abc").md5.to_string(), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            digests(b"abc").sha256.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digests(b"123456789").crc32, Crc32(0xcbf4_3926));
        assert_eq!(digests(b"").md5.to_string(), "d41d8cd98f00b204e9800998ecf8427e");
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_the_bytes_are_cut(bytes: Vec<u8>, cut: prop::sample::Index) {
            let at = cut.index(bytes.len() + 1);
            let mut hasher = Hasher::default();
            hasher.update(&bytes[..at]);
            hasher.update(&bytes[at..]);
            prop_assert_eq!(hasher.finish(), digests(&bytes));
            let (mut md5, mut others) = Hasher::default().split();
            md5.update(&bytes[..at]);
            others.update(&bytes[..at]);
            let mut hasher = Hasher::of(md5, others);
            hasher.update_from(&bytes[at..]).unwrap();
            prop_assert_eq!(hasher.finish(), digests(&bytes));
            prop_assert_eq!(digests(&bytes).size_bytes, bytes.len() as u64);
        }
    }

    fn digests(bytes: &[u8]) -> Digests {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }
}
