//! How the exports of a library of any size are made: what differs from account to account and
//! from year to year, and nothing of what is in them.

use crate::sandbox::{Copies, Era, Export, Locale};

/// How an export is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate choice of the export")]
pub struct Manner {
    /// How its sidecars are named.
    era: Era,
    /// Whether its albums are told of as they were until about 2021.
    has_old_albums: bool,
    locale: Locale,
    copies: Copies,
    is_scattered: bool,
    has_places_twice: bool,
}

impl Manner {
    /// As Takeout makes them today for an account in English.
    pub(super) const NOW: Self = Self {
        era: Era::Supplemental,
        has_old_albums: false,
        locale: Locale::English,
        copies: Copies::InBoth,
        is_scattered: false,
        has_places_twice: false,
    };

    /// Takes one of `era:supplemental|plain|first`, `locale:english|german|french|spanish|chinese`,
    /// `copies:both|years|albums`, `order:sorted|scattered` and `places:once|twice`, and says whether it was that.
    /// What is left out is the first of each.
    pub(super) fn take_word(&mut self, name: &str, word: &str) -> Result<bool, String> {
        match (name, word) {
            ("era", "supplemental") => (self.era, self.has_old_albums) = (Era::Supplemental, false),
            ("era", "plain") => (self.era, self.has_old_albums) = (Era::Plain, false),
            ("era", "first") => (self.era, self.has_old_albums) = (Era::Plain, true),
            ("locale", "english") => self.locale = Locale::English,
            ("locale", "german") => self.locale = Locale::German,
            ("locale", "french") => self.locale = Locale::French,
            ("locale", "spanish") => self.locale = Locale::Spanish,
            ("locale", "chinese") => self.locale = Locale::Chinese,
            ("copies", "both") => self.copies = Copies::InBoth,
            ("copies", "years") => self.copies = Copies::InYears,
            ("copies", "albums") => self.copies = Copies::InAlbums,
            ("order", "sorted") => self.is_scattered = false,
            ("order", "scattered") => self.is_scattered = true,
            ("places", "once") => self.has_places_twice = false,
            ("places", "twice") => self.has_places_twice = true,
            ("era" | "locale" | "copies" | "order" | "places", _) => {
                return Err(format!("{word:?} is no {name}"));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// An export that is made so.
    pub(super) fn of(self, export: Export) -> Export {
        let export = export.era(self.era).locale(self.locale).copies(self.copies);
        let export = if self.has_old_albums { export.old_albums() } else { export };
        let export = if self.has_places_twice { export.places_twice() } else { export };
        if self.is_scattered { export.scattered() } else { export }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Many;

    #[test]
    fn each_word_makes_an_export_of_its_own_and_others_are_refused() {
        let paths = |words: &str| {
            let many: Many =
                format!("items:0,export:200,bytes:900,parts:2{words}").parse().unwrap();
            let export = many.manner.of(Export::of(&crate::sandbox::PhotoLibrary::many(200, 900)));
            export.parts(2).files().into_iter().map(|(_, it)| it.to_bytes()).collect::<Vec<_>>()
        };
        let today = paths("");
        for words in [
            ",era:plain",
            ",era:first",
            ",locale:german",
            ",copies:years",
            ",order:scattered",
            ",places:twice",
        ] {
            assert_ne!(paths(words), today, "{words}");
        }
        assert_ne!(paths(",era:first"), paths(",era:plain"));
        assert_eq!(paths(",era:supplemental,locale:english,copies:both,order:sorted"), today);
        for words in ["export:2,era:stone", "export:2,locale:latin", "export:2,order:no"] {
            assert!(words.parse::<Many>().is_err(), "{words}");
        }
    }
}
