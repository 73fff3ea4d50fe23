//! What is wrong with an archive or with one entry of it: told, and everything else goes on.

use std::fmt;

/// Something in an archive that could not be read as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The entry's path, as well as it can be shown; empty of the archive itself.
    pub path: String,
    /// What it is.
    pub what: TroubleKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TroubleKind {
    /// The archive ends early, or in the middle of this entry.
    #[error("the archive is cut off here: download or export this part again")]
    Cut,
    /// The list of what is in the archive cannot be read, or is wrong.
    #[error("the archive's directory is damaged; its entries were looked for one by one")]
    BadDirectory,
    /// What should begin here does not.
    #[error("the archive is damaged here, and what follows cannot be found")]
    Lost,
    /// It needs a password.
    #[error("it is encrypted, and was not read")]
    Encrypted,
    /// It is packed in a way that Takeout never uses.
    #[error("it is packed by method {0}, which is not known here, and was not read")]
    Method(u16),
    /// Its path leads out of the folder that it is to be unpacked into.
    #[error("its path leads out of the archive, or is no path; it was not read")]
    Outside,
    /// Its name is no text, or has control characters.
    #[error("its name is damaged; it was read under the name shown here")]
    Name,
    /// It is a symbolic or a hard link.
    #[error("it is a link, which Takeout never makes, and was not read")]
    Link,
    /// It is a device, a pipe or the like.
    #[error("it is no plain file, and was not read")]
    Special,
    /// There was an entry of that path before.
    #[error("the archive has it twice; the first was read")]
    Doubled,
    /// Its bytes are those of another entry too.
    #[error("it lies where another entry lies, and was not read")]
    Overlapping,
    /// Its bytes would lie beyond the archive's end.
    #[error("it should lie where the archive has ended, and was not read")]
    Beyond,
    /// What is stated of its length cannot be.
    #[error("what the archive states of its length cannot be true; it was not read")]
    Impossible,
    /// Its header is not where it should be, or its packed bytes are damaged.
    #[error("its bytes are damaged in the archive")]
    Damaged,
    /// It has more bytes than it should.
    #[error("it has more than the {0} bytes that the archive states, and was not read on")]
    Longer(u64),
    /// It has fewer bytes than it should.
    #[error("it has {got} bytes where the archive states {stated}")]
    Shorter {
        /// How many the archive states.
        stated: u64,
        /// How many there are.
        got: u64,
    },
    /// Its bytes have another checksum.
    #[error("its bytes have CRC-32 {got:08x} where the archive states {stated:08x}")]
    Crc {
        /// What the archive states.
        stated: u32,
        /// What they have.
        got: u32,
    },
    /// It is larger than anything of its sort.
    #[error("it is longer than the {0} bytes that such a file may have, and was not read")]
    TooLong(u64),
    /// The system does not let it be read.
    #[error("it could not be read: {0}")]
    Unreadable(String),
}

impl Trouble {
    /// Of the archive itself.
    pub(super) const fn of_part(what: TroubleKind) -> Self {
        Self { path: String::new(), what }
    }

    /// Of the entry at `path`.
    pub(super) fn at(path: &str, what: TroubleKind) -> Self {
        Self { path: path.to_owned(), what }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}", self.what),
            path => write!(f, "{path}: {}", self.what),
        }
    }
}

impl std::error::Error for Trouble {}
