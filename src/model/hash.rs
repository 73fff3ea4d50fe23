//! Checksums, as values that print and parse as lower-case hex.

use std::fmt;

/// The text is not a checksum of the expected length in hex.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a checksum in hex")]
pub struct BadDigest(String);

macro_rules! digest {
    ($name:ident, $bytes:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// Reads hex digits of either case.
            ///
            /// # Errors
            ///
            /// [`BadDigest`] if there are too many or too few, or other characters.
            pub fn parse(text: &str) -> Result<Self, BadDigest> {
                let mut bytes = [0; $bytes];
                parse_hex(text, &mut bytes).ok_or_else(|| BadDigest(text.to_owned()))?;
                Ok(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
    };
}

digest!(Md5, 16, "An MD5 checksum: what Drive states of every file that has bytes.");
digest!(Sha256, 32, "A SHA-256 checksum: what the archive vouches for.");

/// A CRC-32 (IEEE) checksum: what zip archives state of each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crc32(pub u32);

/// What is known of a file's bytes once all of them went by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digests {
    /// How many bytes there were.
    pub size_bytes: u64,
    /// Their MD5.
    pub md5: Md5,
    /// Their SHA-256.
    pub sha256: Sha256,
    /// Their CRC-32.
    pub crc32: Crc32,
}

fn parse_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    if text.len() != bytes.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |c: u8| char::from(c).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_read_what_they_print_and_nothing_else() {
        let text = "d41d8cd98f00b204e9800998ecf8427e";
        assert_eq!(Md5::parse(text).unwrap().to_string(), text);
        assert_eq!(Md5::parse(&text.to_uppercase()).unwrap().to_string(), text);
        for bad in
            ["", "d41d", "x41d8cd98f00b204e9800998ecf8427e", "é1d8cd98f00b204e9800998ecf8427e"]
        {
            assert_eq!(Md5::parse(bad), Err(BadDigest(bad.to_owned())));
        }
    }
}
