//! Paths that are known to stay inside the archive.

use std::fmt;

/// A relative path, with `/` between its parts, that cannot leave the archive.
///
/// It has at least one part; no part is empty, `.`, `..` or holds a NUL. It says
/// nothing of symlinks on the disk: `archive` opens every path beneath a
/// directory handle and follows none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArchivePath(String);

/// The text cannot be used as a path inside the archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a path inside the archive")]
pub struct BadPath(String);

impl ArchivePath {
    /// Checks `text` and takes it as a path.
    ///
    /// # Errors
    ///
    /// [`BadPath`] if `text` is empty or absolute, or has an empty, `.` or `..`
    /// part, or a NUL.
    pub fn parse(text: &str) -> Result<Self, BadPath> {
        if text.split('/').all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadPath(text.to_owned()))
        }
    }

    /// Returns the path of `name` inside this folder.
    ///
    /// # Errors
    ///
    /// [`BadPath`] if `name` is not one plain part.
    pub fn join(&self, name: &str) -> Result<Self, BadPath> {
        if is_plain(name) && !name.contains('/') {
            Ok(Self(format!("{}/{name}", self.0)))
        } else {
            Err(BadPath(name.to_owned()))
        }
    }

    /// The path as text, `/` between its parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder it is in, unless that is the archive's root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(folder, _)| Self(folder.to_owned()))
    }

    /// Its parts, from the root down.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The relative link text that leads from a symlink at this path to `target`.
    #[must_use]
    pub fn link_to(&self, target: &Self) -> String {
        let from: Vec<_> = self.parts().collect();
        let to: Vec<_> = target.parts().collect();
        let folders = from.len() - 1;
        let last = to.len() - 1;
        let common = (0..folders.min(last)).take_while(|&i| from[i] == to[i]).count();
        let up = std::iter::repeat_n("..", folders - common);
        up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
    }
}

fn is_plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains('\0')
}

impl fmt::Display for ArchivePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_would_leave_the_archive_are_refused() {
        for text in ["", "/etc/passwd", "..", "a/../../b", "./a", "a//b", "a/", "a\0b"] {
            assert_eq!(ArchivePath::parse(text), Err(BadPath(text.to_owned())));
        }
        for name in ["", ".", "..", "a/b"] {
            assert!(path("drive").join(name).is_err(), "{name}");
        }
    }

    #[test]
    fn links_are_relative_and_as_short_as_can_be() {
        for (from, to, link) in [
            ("drive/a", "drive/b", "b"),
            ("drive/x/a", "drive/b", "../b"),
            ("drive/x/a", "drive/x/y/b", "y/b"),
            ("albums/2024/0102 A/0001_b", "drive/b", "../../../drive/b"),
            ("a", "drive/b", "drive/b"),
        ] {
            assert_eq!(path(from).link_to(&path(to)), link);
        }
    }

    fn path(text: &str) -> ArchivePath {
        ArchivePath::parse(text).unwrap()
    }
}
