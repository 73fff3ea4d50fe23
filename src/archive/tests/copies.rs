//! Second names and copies.

use super::*;

#[test]
fn a_second_name_is_of_the_same_file_and_lands_on_nothing() {
    let here = Here::new();
    here.write("drive/a", "A");
    here.write("drive/b", "B");
    let (a, b, link) = (path("drive/a"), path("drive/b"), path("albums/2024/x/0001_a"));
    here.archive.hard_link(&a, &link).unwrap();
    here.archive.hard_link(&a, &link).unwrap();

    assert!(here.archive.is_same_file(&a, &link).unwrap());
    assert!(!here.archive.is_same_file(&b, &link).unwrap());
    assert!(!here.archive.is_same_file(&a, &path("drive/missing")).unwrap());
    let refused = here.archive.hard_link(&b, &link);
    assert!(matches!(refused, Err(Error::Occupied(_))), "{refused:?}");
    assert_eq!(here.read("albums/2024/x/0001_a"), "A");

    symlink("a", here.at("drive/s")).unwrap();
    let refused = here.archive.hard_link(&path("drive/s"), &path("albums/s"));
    assert!(matches!(refused, Err(Error::NotPlain { .. })), "{refused:?}");
}

#[test]
fn a_copy_has_the_bytes_and_the_time_and_is_a_file_of_its_own() {
    let here = Here::with(Box::new(Lesser::default()));
    here.write("drive/a", &"long ".repeat(100_000));
    let a = path("drive/a");
    here.archive.set_mtime(&a, DateTime::UNIX_EPOCH).unwrap();
    for how in [Copying::Bytes, Copying::Reflink] {
        let to = path(&format!("albums/{how:?}"));
        // What a copy was broken off at.
        let name = PartialName::of("copy");
        drop(here.archive.stage_bytes(&name, b"half", None).unwrap());
        let ready = here.archive.stage_copy(&a, &name, how).unwrap();
        let placed = one(here.archive.place(&[placing(ready, &to)])).unwrap();
        assert_eq!(placed.mtime_ns, 0);
        assert_eq!(here.read("drive/a"), here.read(to.as_str()));
        assert!(!here.archive.is_same_file(&a, &to).unwrap());
    }
}

#[test]
fn a_trial_that_was_killed_is_made_again() {
    let here = Here::new();
    let [from, to] = ["trial", "trial, too"].map(|text| PartialName::of(text).path().unwrap());
    here.write(from.as_str(), "trial");
    here.archive.hard_link(&from, &to).unwrap();
    for ability in [Ability::HardLink, Ability::Reflink, Ability::Symlink] {
        here.archive.can(ability).unwrap();
    }
    assert!(here.archive.can(Ability::HardLink).unwrap());
    assert!(here.names(".gphotos-sync/partial").is_empty());
}

#[test]
fn what_a_disk_can_do_is_tried_and_leaves_nothing_behind() {
    for (lacks, able) in [
        (&[][..], [true, true, true]),
        (&[Lack::Symlink], [false, true, true]),
        (&[Lack::Link], [true, false, true]),
        (&[Lack::Reflink], [true, true, false]),
    ] {
        let here = Here::with(Box::new(Lesser { lacks, ..Lesser::default() }));
        let found = [Ability::Symlink, Ability::HardLink, Ability::Reflink]
            .map(|ability| here.archive.can(ability).unwrap());
        assert_eq!(found, able, "{lacks:?}");
        assert!(here.names(".gphotos-sync/partial").is_empty());
    }
}

#[test]
fn only_a_file_is_removed_as_one() {
    let here = Here::new();
    here.write("albums/a", "A");
    here.write("albums/folder/b", "B");
    symlink("a", here.at("albums/s")).unwrap();
    here.archive.remove_file(&path("albums/a")).unwrap();
    here.archive.remove_file(&path("albums/a")).unwrap();
    for other in ["albums/folder", "albums/s"] {
        let refused = here.archive.remove_file(&path(other));
        assert!(matches!(refused, Err(Error::NotPlain { .. })), "{other}: {refused:?}");
    }
    let mut left = here.names("albums");
    left.sort_unstable();
    assert_eq!(left, ["folder", "s"]);
}
