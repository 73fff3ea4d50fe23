//! What comes into the archive from outside, and what a name there is beside one here.

use super::super::{Archive, Kinship};
use crate::model::ArchivePath;

#[test]
#[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
fn a_name_that_is_reached_by_another_way_is_no_second_name() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("archive/photos")).unwrap();
    std::fs::create_dir_all(root.join("old")).unwrap();
    for (name, text) in
        [("archive/photos/a.jpg", "a"), ("old/b.jpg", "b"), ("archive/photos/c.jpg", "c")]
    {
        std::fs::write(root.join(name), text).unwrap();
    }
    std::fs::hard_link(root.join("archive/photos/c.jpg"), root.join("old/c.jpg")).unwrap();
    let archive = Archive::open(&root.join("archive")).unwrap();
    // As a bind mount of it would be.
    let within = Archive::open(&root.join("archive/photos")).unwrap();
    let old = Archive::open(&root.join("old")).unwrap();
    for (path, other, its, expected) in [
        ("photos/a.jpg", &within, "a.jpg", Kinship::Itself),
        ("photos/c.jpg", &within, "c.jpg", Kinship::Itself),
        ("photos/c.jpg", &old, "c.jpg", Kinship::SecondName),
        ("photos/a.jpg", &old, "b.jpg", Kinship::None),
        ("photos/a.jpg", &old, "missing.jpg", Kinship::None),
    ] {
        let at = |path: &str| ArchivePath::parse(path).unwrap();
        let found = archive.kinship(&at(path), (other, &at(its))).unwrap();
        assert_eq!(found, expected, "{path} {its}");
    }
}
