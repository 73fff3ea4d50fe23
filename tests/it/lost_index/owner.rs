//! Whose archive it is, after the index is lost.

use std::fs;

use gphotos_sync::sandbox::{Class, World};

use super::{COPY, INDEX, MANIFEST, backup, lose};
use crate::support::Person;

#[test]
fn the_manifest_tells_whose_archive_it_is() {
    let world = || World::new().file("p1", "a.jpg", "A", "root");
    let person = Person::with(world());
    person.backup(&[]).succeeds();
    // More lines than are left alone where they are stale: they stay, since nothing else
    // knows what is in them.
    let mut manifest = fs::read(person.path(MANIFEST)).unwrap();
    assert!(manifest.starts_with(b"{\"account\":"));
    for n in 0..2000 {
        manifest.extend(format!("{{\"source\":\"drive\",\"id\":\"{n}\"}}\n").into_bytes());
    }
    person.write(MANIFEST, &manifest);
    let tree = person.files();
    lose(&person, INDEX);
    lose(&person, &[COPY]);
    let before =
        person.google().world(|ours| std::mem::replace(ours, world().account("Eve", "eve@x.com")));

    for _ in 0..2 {
        let run = person.backup(&["--do-delete", "--max-delete", "100%"]).ends_with(2);
        run.complains(&["eve@x.com"]);
        assert_eq!(person.files(), tree);
        assert_eq!(fs::read(person.path(MANIFEST)).unwrap(), manifest);
    }
    assert_eq!(person.google().count(Class::List), 1, "that of the first run");

    person.google().world(|ours| *ours = before);
    backup(&person);
    assert_eq!(person.files(), tree);
    // Written anew, it still says so.
    assert!(fs::read(person.path(MANIFEST)).unwrap().len() < manifest.len());
    lose(&person, INDEX);
    lose(&person, &[COPY]);
    person.google().world(|ours| *ours = world().account("Eve", "eve@x.com"));
    person.backup(&[]).ends_with(2);
}
