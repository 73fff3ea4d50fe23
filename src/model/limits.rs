//! What a disk can hold in a name.

use std::fmt;
use std::str::FromStr;

/// What the file system of an archive can hold in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameLimits {
    /// Every character but `/`. Where not, as on exFAT, it is what Windows allows.
    pub any_characters: bool,
    /// `a` and `A` are two names.
    pub case_sensitive: bool,
    /// How many bytes a name may have, 255 at the most.
    pub bytes_max: usize,
}

impl NameLimits {
    /// What the file systems of Linux can hold.
    pub const LINUX: Self = Self { any_characters: true, case_sensitive: true, bytes_max: 255 };
}

/// As it is kept in the index.
impl fmt::Display for NameLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = if self.any_characters { "any" } else { "portable" };
        let case = if self.case_sensitive { "cased" } else { "caseless" };
        write!(f, "{characters} {case} {}", self.bytes_max)
    }
}

impl FromStr for NameLimits {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<_> = text.split(' ').collect();
        let [characters @ ("any" | "portable"), case @ ("cased" | "caseless"), bytes] = parts[..]
        else {
            return Err(());
        };
        let bytes_max = bytes.parse().map_err(|_| ())?;
        Ok(Self { any_characters: characters == "any", case_sensitive: case == "cased", bytes_max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_as_it_was() {
        for any_characters in [true, false] {
            for case_sensitive in [true, false] {
                let limits = NameLimits { any_characters, case_sensitive, bytes_max: 143 };
                assert_eq!(limits.to_string().parse(), Ok(limits));
            }
        }
        for text in ["", "any", "any cased", "some cased 255", "any cased many", "any cased 1 2"] {
            assert_eq!(text.parse::<NameLimits>(), Err(()), "{text}");
        }
    }
}
