//! Which names are allowed: what a person chose, narrowed to what the disk can hold.

use crate::model::NameLimits;

/// What a name in the archive may look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRules {
    /// What Linux can hold is kept byte for byte.
    #[default]
    Posix,
    /// What Windows, exFAT, SMB and disks that do not tell upper from lower case can
    /// hold too.
    Portable,
    /// What the archive's disk can hold, which is neither of these.
    Disk(NameLimits),
}

/// Of a disk with shorter names than Linux' so many bytes are left for what is put into
/// names later: the number of one that is not alone, or another extension.
const NUMBER_BYTES: usize = 12;

impl NameRules {
    /// The same rules, narrowed to what a disk can hold that has `limits`.
    #[must_use]
    pub fn on(self, limits: NameLimits) -> Self {
        let limits = NameLimits {
            any_characters: limits.any_characters && !self.is_portable(),
            case_sensitive: limits.case_sensitive && !self.is_portable(),
            bytes_max: limits.bytes_max.min(NameLimits::LINUX.bytes_max),
        };
        let is_long = limits.bytes_max == NameLimits::LINUX.bytes_max;
        match (limits.any_characters, limits.case_sensitive) {
            (true, true) if is_long => Self::Posix,
            // Its names are told apart without their case wherever it is used.
            (false, _) if is_long => Self::Portable,
            _ => Self::Disk(limits),
        }
    }

    /// Whether only the characters are allowed that Windows allows as well.
    pub(super) fn is_portable(self) -> bool {
        match self {
            Self::Posix => false,
            Self::Portable => true,
            Self::Disk(limits) => !limits.any_characters,
        }
    }

    /// Whether `a` and `A` are two names.
    pub(super) fn tells_case(self) -> bool {
        match self {
            Self::Posix => true,
            Self::Portable => false,
            Self::Disk(limits) => limits.case_sensitive && limits.any_characters,
        }
    }

    /// How long a name may be, in bytes, to which a number may still be given.
    pub(super) fn bytes_max(self) -> usize {
        match self {
            Self::Disk(limits) if limits.bytes_max < NameLimits::LINUX.bytes_max => {
                limits.bytes_max.saturating_sub(NUMBER_BYTES)
            }
            _ => self.disk_bytes_max(),
        }
    }

    /// How long a name may be on the disk, in bytes, whatever was put into it.
    pub(super) fn disk_bytes_max(self) -> usize {
        match self {
            Self::Disk(limits) => limits.bytes_max.min(NameLimits::LINUX.bytes_max),
            Self::Posix | Self::Portable => NameLimits::LINUX.bytes_max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_narrows_the_rules_and_never_widens_them() {
        let limits = |any_characters, case_sensitive, bytes_max| NameLimits {
            any_characters,
            case_sensitive,
            bytes_max,
        };
        for (chosen, disk, expected) in [
            (NameRules::Posix, NameLimits::LINUX, NameRules::Posix),
            (NameRules::Portable, NameLimits::LINUX, NameRules::Portable),
            (NameRules::Posix, limits(false, false, 255), NameRules::Portable),
            (NameRules::Posix, limits(false, true, 255), NameRules::Portable),
            (NameRules::Posix, limits(true, false, 255), NameRules::Disk(limits(true, false, 255))),
            (NameRules::Portable, limits(true, false, 255), NameRules::Portable),
            (NameRules::Posix, limits(true, true, 143), NameRules::Disk(limits(true, true, 143))),
            (
                NameRules::Portable,
                limits(true, true, 143),
                NameRules::Disk(limits(false, false, 143)),
            ),
            (NameRules::Posix, limits(true, true, 1000), NameRules::Posix),
        ] {
            assert_eq!(chosen.on(disk), expected, "{chosen:?} on {disk:?}");
            assert_eq!(expected.on(disk), expected, "twice");
        }
    }
}
