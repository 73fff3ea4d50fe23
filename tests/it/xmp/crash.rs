//! The process ends, or the power goes, at the steps of a run that writes, moves and removes XMP
//! files: the run after it ends as if nothing had been, and takes none of them for a person's.

use gphotos_sync::sandbox::{Item, LibraryItem, World};

use super::{export, told, untold};
use crate::crash::scenario::{copy, each_step};
use crate::support::asked::{every_step, tell};
use crate::support::{Found, Person, Ran};

const WORDS: &[&str] = &["--all-files", "--sidecars", "xmp", "--transfers", "1"];

/// An archive with XMP files, two of them a person's by now, and a Google in which much has
/// changed since.
fn person() -> Person {
    let third = || LibraryItem::new("c.jpg", "the sea").taken("2020-02-03T04:05:06Z").person("Ann");
    let fourth = || LibraryItem::new("d.jpg", "the moor").taken("2020-02-03T04:05:07Z");
    let drive = World::new()
        .folder("trip", "Trip", "root")
        .file("f", "lake.jpg", "the lake", "trip")
        .folder("hills", "Hills", "root")
        .file("g", "hill.jpg", "the hill", "hills");
    let first = export("20260701T101500Z", [told(), untold(), third(), fourth()]);
    let person = Person::with(drive.export(&first));
    person.backup(&["--all-files"]).succeeds();
    person.write("photos/2020/02/d.jpg.xmp", "of darktable");
    person.backup(WORDS).succeeds();
    person.write("drive/Hills/hill.jpg.xmp", "my own work");
    person.google().world(|world| {
        let told = told().description("by the sea");
        let items = [told, untold().favourite(), third().person("Bo"), fourth().favourite()];
        world.deliver(&export("20260901T101500Z", items));
        world.rename("trip", "Journey");
        world.rename("g", "top.jpg");
        world.rename("f", "from the phone.jpg");
        let own = Item::file("x", "from the phone.jpg.xmp", "of Drive").parent("trip");
        world.add(own);
        world.add(Item::file("y", "Trip", "a file").parent("root"));
    });
    person
}

fn run(person: &Person, disk: &str) -> Ran {
    let mut command = person.command(WORDS);
    if !disk.is_empty() {
        command.env("GPHOTOS_SYNC_DISK", disk);
    }
    Ran::of(&mut command)
}

/// What there is, and what is known of the XMP files.
fn state(person: &Person) -> (Vec<Found>, Vec<Vec<String>>) {
    let known =
        "SELECT path, hex(sha256), mtime_ns IS NOT NULL AND mtime_ns > 0 FROM xmp ORDER BY path";
    (person.files(), person.sql(known))
}

#[test]
fn it_may_be_stopped_and_the_power_may_go_at_each_of_its_steps() {
    let person = person();
    let [root, start] = [person.path(""), person.home().join("start")];
    copy(&root, &start);
    run(&person, "").succeeds();
    let wanted = state(&person);
    let mine = |text: &str| wanted.0.iter().filter(|Found(_, found)| found == text).count();
    assert_eq!([mine("of darktable"), mine("my own work"), mine("of Drive")], [1, 1, 1]);
    let mut tried = 0;
    for step in each_step(5) {
        let some =
            (0..if every_step() { 4 } else { 0 }).map(|way| format!(",lose={}", step * 5 + way));
        for loss in [String::new(), ",lose".to_owned()].into_iter().chain(some) {
            let disk = format!("stop={step}{loss}");
            std::fs::remove_dir_all(&root).unwrap();
            copy(&start, &root);
            if run(&person, &disk).code.is_some() {
                assert!(tried > 10, "{tried}");
                return tell(format_args!("{tried} crash points"));
            }
            run(&person, "").succeeds();
            assert_eq!(state(&person), wanted, "{disk}");
            tried += 1;
        }
    }
}
