//! In which form an item is kept, how true that is to it, and how that is known.

/// In which form the archive keeps an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its own bytes.
    Bytes,
    /// What the source makes of it in another format.
    Export {
        /// The format, as the source knows it.
        mime_type: String,
        /// What its name gets at its end, without a dot.
        extension: String,
    },
    /// A small file that opens it in a browser.
    Pointer,
    /// A folder, because something in it is kept.
    Folder,
    /// A symlink to a file that is kept.
    Link,
}

impl Form {
    /// The word for it in the index.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Export { .. } => "export",
            Self::Pointer => "pointer",
            Self::Folder => "folder",
            Self::Link => "link",
        }
    }

    /// Reads the word that [`Self::as_str`] gives; an export has also a format.
    #[must_use]
    pub fn parse(word: &str, mime_type: Option<String>, extension: Option<String>) -> Option<Self> {
        match (word, mime_type, extension) {
            ("bytes", ..) => Some(Self::Bytes),
            ("export", Some(mime_type), Some(extension)) => {
                Some(Self::Export { mime_type, extension })
            }
            ("pointer", ..) => Some(Self::Pointer),
            ("folder", ..) => Some(Self::Folder),
            ("link", ..) => Some(Self::Link),
            _ => None,
        }
    }

    /// The format that the source is asked for, if not the item's own.
    #[must_use]
    pub fn mime_type(&self) -> Option<&str> {
        match self {
            Self::Export { mime_type, .. } => Some(mime_type),
            _ => None,
        }
    }

    /// What the item's name gets at its end, without a dot.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        match self {
            Self::Export { extension, .. } => Some(extension),
            Self::Pointer => Some("url"),
            Self::Bytes | Self::Folder | Self::Link => None,
        }
    }

    /// Whether it is a file in the trees.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        matches!(self, Self::Bytes | Self::Export { .. } | Self::Pointer)
    }

    /// How true it is to the item.
    #[must_use]
    pub const fn fidelity(&self) -> Fidelity {
        match self {
            Self::Export { .. } => Fidelity::Export,
            Self::Pointer => Fidelity::Pointer,
            Self::Bytes | Self::Folder | Self::Link => Fidelity::Original,
        }
    }
}

/// How true the kept bytes are to an item's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// They are its own.
    Original,
    /// The source left out where it was taken (Photos' Library API).
    Stripped,
    /// The source made another film of it (Photos' Library API).
    Transcoded,
    /// They are what the source exports.
    Export,
    /// They only say where it is.
    Pointer,
}

impl Fidelity {
    /// The word for it in the index (`v_files.fidelity`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Stripped => "stripped",
            Self::Transcoded => "transcoded",
            Self::Export => "export",
            Self::Pointer => "pointer",
        }
    }

    /// Reads the word that [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Original, Self::Stripped, Self::Transcoded, Self::Export, Self::Pointer];
        all.into_iter().find(|fidelity| fidelity.as_str() == word)
    }
}

/// How it is known that a file holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchRule {
    /// It was fetched for this very item.
    Id,
    /// By its bytes: the checksum that the source states, or one of bytes that came.
    Hash,
    /// By the picture's data, which is equal when the metadata segments are left out.
    Picture,
    /// By its name, its dimensions, its capture time and its length in bytes.
    NameSizeTime,
    /// By its name, and the length and the CRC-32 that an archive states of it: the bytes were
    /// not compared.
    NameSizeCrc,
    /// By its name and its time: of an export, to the millisecond, since only this
    /// program gives one the time of its document; of a film, with its duration.
    NameTime,
    /// A Takeout file: its name is the one that Google makes of its sidecar's title.
    TakeoutTitle,
    /// The same, but for characters of which it is not known what Google makes of them.
    TakeoutTitleOdd,
    /// The same, of a title that has no extension.
    TakeoutTitleBare,
    /// The same, but for the extension: Google has turned it into another format.
    TakeoutTitleConverted,
    /// The sidecar is named as the file, with `.json`.
    TakeoutName,
    /// The same, with `.supplemental-metadata` or the beginning of that between.
    TakeoutSuffix,
    /// The same, with the number behind the extension instead of before it.
    TakeoutNumber,
    /// The sidecar's name is the beginning of the file's: as much as Google lets it have.
    TakeoutCut,
    /// The sidecar is named as the file without its extension.
    TakeoutBare,
    /// Two files whose names Google has cut to one share a sidecar.
    TakeoutShared,
    /// An edited copy: the sidecar is the original's.
    TakeoutEdited,
    /// The moving half of a live or motion photo: the sidecar is the still's.
    TakeoutLive,
    /// A Takeout file that no sidecar belongs to.
    TakeoutNone,
}

impl MatchRule {
    /// All there are.
    const ALL: [Self; 19] = [
        Self::Id,
        Self::Hash,
        Self::Picture,
        Self::NameSizeTime,
        Self::NameSizeCrc,
        Self::NameTime,
        Self::TakeoutTitle,
        Self::TakeoutTitleOdd,
        Self::TakeoutTitleBare,
        Self::TakeoutTitleConverted,
        Self::TakeoutName,
        Self::TakeoutSuffix,
        Self::TakeoutNumber,
        Self::TakeoutCut,
        Self::TakeoutBare,
        Self::TakeoutShared,
        Self::TakeoutEdited,
        Self::TakeoutLive,
        Self::TakeoutNone,
    ];

    /// The word for it in the index (`v_files.match_rule`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Hash => "hash",
            Self::Picture => "picture",
            Self::NameSizeTime => "name_size_time",
            Self::NameSizeCrc => "name_size_crc",
            Self::NameTime => "name_time",
            Self::TakeoutTitle => "takeout_title",
            Self::TakeoutTitleOdd => "takeout_title_odd",
            Self::TakeoutTitleBare => "takeout_title_bare",
            Self::TakeoutTitleConverted => "takeout_title_converted",
            Self::TakeoutName => "takeout_name",
            Self::TakeoutSuffix => "takeout_suffix",
            Self::TakeoutNumber => "takeout_number",
            Self::TakeoutCut => "takeout_cut",
            Self::TakeoutBare => "takeout_bare",
            Self::TakeoutShared => "takeout_shared",
            Self::TakeoutEdited => "takeout_edited",
            Self::TakeoutLive => "takeout_live",
            Self::TakeoutNone => "takeout_none",
        }
    }

    /// Reads the word that [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read_from_its_word() {
        for rule in MatchRule::ALL {
            assert_eq!(MatchRule::parse(rule.as_str()), Some(rule));
        }
        assert_eq!(MatchRule::parse("takeout"), None);
    }
}
