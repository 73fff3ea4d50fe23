//! What is done about one XMP file: what should be there, against what was left there and what
//! is there.
//!
//! What a person wrote or changed is theirs: it is never overwritten and never removed.

use crate::model::Sha256;

/// What is known of what has the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Nothing.
    Nothing,
    /// These bytes were written there.
    Ours(Sha256),
    /// Somebody else's file is there, and that was told.
    Theirs,
}

/// What has the name on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// By its length and time what was left there.
    Untouched,
    /// A file with these bytes.
    Bytes(Sha256),
    /// Something that is no file, or cannot be read.
    Other,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmpStep {
    /// Nothing.
    Keep,
    /// It is written: the name is free.
    Make,
    /// What was written there goes, and it is written anew.
    Remake,
    /// What was written there goes.
    Remove,
    /// What is there is as it should be: that is recorded.
    Take,
    /// What is there is somebody else's: that is recorded, and told.
    Leave,
    /// Nothing is to be known of it any more.
    Forget,
}

/// Decides what is done where `wanted` should be; `None`: nothing should.
#[must_use]
pub fn xmp_step(wanted: Option<Sha256>, noted: Noted, found: Found) -> XmpStep {
    match (wanted, noted, found) {
        (None, Noted::Ours(_), Found::Untouched) => XmpStep::Remove,
        (None, Noted::Ours(ours), Found::Bytes(bytes)) if bytes == ours => XmpStep::Remove,
        (None, _, _) => XmpStep::Forget,
        (Some(_), _, Found::Nothing) => XmpStep::Make,
        (Some(_), Noted::Theirs, _) => XmpStep::Keep,
        (Some(wanted), Noted::Ours(ours), Found::Untouched) if wanted == ours => XmpStep::Keep,
        (Some(_), Noted::Ours(_), Found::Untouched) => XmpStep::Remake,
        (Some(wanted), _, Found::Bytes(bytes)) if bytes == wanted => XmpStep::Take,
        (Some(_), Noted::Ours(ours), Found::Bytes(bytes)) if bytes == ours => XmpStep::Remake,
        (Some(_), _, _) => XmpStep::Leave,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_situation_of_one_file() {
        //     wanted  noted     found        step
        check(["a", "nothing", "nothing", "Make"]);
        check(["a", "nothing", "a", "Take"]);
        check(["a", "nothing", "b", "Leave"]);
        check(["a", "nothing", "other", "Leave"]);
        check(["a", "a", "nothing", "Make"]);
        check(["a", "a", "untouched", "Keep"]);
        check(["a", "a", "a", "Take"]);
        check(["a", "a", "b", "Leave"]);
        check(["a", "a", "other", "Leave"]);
        check(["b", "a", "nothing", "Make"]);
        check(["b", "a", "untouched", "Remake"]);
        check(["b", "a", "a", "Remake"]);
        check(["b", "a", "b", "Take"]);
        check(["b", "a", "c", "Leave"]);
        check(["a", "theirs", "nothing", "Make"]);
        check(["a", "theirs", "b", "Keep"]);
        check(["a", "theirs", "other", "Keep"]);
        check(["-", "a", "untouched", "Remove"]);
        check(["-", "a", "a", "Remove"]);
        check(["-", "a", "b", "Forget"]);
        check(["-", "a", "other", "Forget"]);
        check(["-", "a", "nothing", "Forget"]);
        check(["-", "theirs", "b", "Forget"]);
        check(["-", "nothing", "b", "Forget"]);
    }

    #[track_caller]
    fn check([wanted, noted, found, step]: [&str; 4]) {
        let wanted = (wanted != "-").then(|| bytes(wanted));
        let noted = match noted {
            "nothing" => Noted::Nothing,
            "theirs" => Noted::Theirs,
            ours => Noted::Ours(bytes(ours)),
        };
        let found = match found {
            "nothing" => Found::Nothing,
            "untouched" => Found::Untouched,
            "other" => Found::Other,
            text => Found::Bytes(bytes(text)),
        };
        assert_eq!(format!("{:?}", xmp_step(wanted, noted, found)), step);
    }

    fn bytes(name: &str) -> Sha256 {
        Sha256([name.as_bytes()[0]; 32])
    }
}
