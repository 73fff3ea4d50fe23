//! What each word of Google's means for one item, and that it means nothing for the others.

use gphotos_sync::sandbox::{Class, Content, Effect, Fault, Item, Photo, World};

use crate::support::Person;

/// Three files, of which the middle one is refused.
fn world() -> World {
    ["a", "b", "c"].iter().fold(World::new(), |world, id| {
        world.file(id, &format!("{id}.jpg"), format!("the bytes of {id}").as_bytes(), "root")
    })
}

/// Hours until the item's next try, counted from the one that failed.
const RESTS: &str = "SELECT (problem.next_try_at - history.at) / 3600000 FROM problem, history
                      WHERE history.what = 'problem'";

/// Has the bytes of one file refused for ever, and says what is told of it.
#[track_caller]
fn refused(effect: &Effect, words: &str, hours: &str) {
    let person = Person::with(world());
    person.google().fail(Fault::new(effect.clone()).on(Class::Media).id("b").always());

    let ran = person.hasty(&[]).ends_with(8);

    let files: Vec<_> = person.files().into_iter().map(|file| file.0).collect();
    assert_eq!(files, ["drive/a.jpg", "drive/c.jpg"], "{effect:?}: {}", ran.stderr);
    let told = person.sql("SELECT path, reason FROM v_problems").concat();
    assert_eq!(told[0], "drive/b.jpg", "{effect:?}");
    assert!(told[1].contains(words), "{effect:?}: {}", told[1]);
    assert_eq!(person.sql(RESTS), [[hours]], "{effect:?}");
    person.google().mend();
    person.hasty(&[]).succeeds();
    assert_eq!(person.files().len(), 3, "{effect:?}: a new run always tries");
    assert!(person.sql("SELECT * FROM v_problems").is_empty(), "{effect:?}");
}

#[test]
fn each_word_of_google_s_rests_its_item_and_no_other() {
    let by_owner = "its owner does not allow";
    for (status, reason, words, hours) in [
        (400, "badRequest", "badRequest", "24"),
        (403, "downloadQuotaExceeded", "daily download limit for this file", "24"),
        (403, "cannotDownloadAbusiveFile", "malware or spam", "168"),
        (403, "invalidAbuseAcknowledgment", "malware or spam", "168"),
        (403, "cannotDownloadFile", by_owner, "168"),
        (403, "fileNotDownloadable", by_owner, "168"),
        (403, "download_restricted_for_revision", by_owner, "168"),
        (403, "insufficientFilePermissions", by_owner, "168"),
        (403, "appNotAuthorizedToFile", by_owner, "168"),
        (403, "teamDriveMembershipRequired", by_owner, "168"),
        (403, "domainPolicy", by_owner, "168"),
        (403, "fileNotExportable", "no export", "168"),
        (403, "storageQuotaExceeded", "storageQuotaExceeded", "24"),
        (403, "a word that is new", "a word that is new", "24"),
    ] {
        refused(&Effect::error(status, reason), words, hours);
    }
}

#[test]
fn each_status_rests_its_item_and_no_other() {
    for (status, words, hours) in [
        (403, "403", "24"),
        (404, "404", "24"),
        (408, "408", "0"),
        (410, "410", "24"),
        (412, "412", "24"),
        (416, "416", "0"),
        (429, "429", "0"),
        (500, "500", "0"),
        (501, "501", "24"),
        (503, "503", "0"),
    ] {
        refused(&Effect::ErrorPage(status), words, hours);
    }
}

#[test]
fn a_wait_that_google_asks_for_is_the_item_s_own() {
    for (retry_after, words, hours) in [
        ("7200", "not to be asked again for 2 hours", "2"),
        ("99999999999999999999", "days", "168"),
        ("Tue, 31 Dec 2199 23:59:59 GMT", "days", "168"),
        ("-7200", "429", "0"),
        ("tomorrow", "429", "0"),
    ] {
        let effect = Effect::Busy { status: 429, retry_after: retry_after.to_owned() };
        refused(&effect, words, hours);
    }
}

#[test]
fn what_comes_in_place_of_the_bytes_is_never_placed() {
    for (effect, words) in [
        (Effect::Html, "a web page instead of data"),
        (Effect::Reset, "could not be reached"),
        (Effect::Cut { after: 0 }, "cut off"),
        (Effect::Corrupt { at: 4 }, "where it states"),
        (Effect::TooLong { extra: 7 }, "where it states"),
        (Effect::Json { status: 200, text: "{}" }, "where it states"),
        (Effect::Redirect("http://127.0.0.1:1/".to_owned()), "a web page instead of data"),
        (Effect::Redirect("/drive/v3/files/b?alt=media".to_owned()), "a web page instead of data"),
    ] {
        refused(&effect, words, "0");
    }
}

#[test]
fn a_word_of_today_stops_the_source_and_blames_no_item() {
    for reason in ["dailyLimitExceeded", "quotaExceeded"] {
        let person = Person::with(world());
        let limit = Fault::new(Effect::error(403, reason)).on(Class::Media);
        person.google().fail(limit.always());
        person.hasty(&["--transfers", "1"]).ends_with(4).complains(&[reason]);
        assert_eq!(person.google().count(Class::Media), 1);
        assert!(person.sql("SELECT * FROM v_problems").is_empty());
        person.google().mend();
        person.hasty(&[]).succeeds();
    }
}

#[test]
fn a_rest_of_which_there_is_none_begins_the_file_anew() {
    const MIB: u64 = 1 << 20;
    let film = Content::Pattern { seed: 7, len: 2 * MIB };
    let person = Person::with(World::new().file("p", "film.mp4", film.clone(), "root"));
    person.google().fail(Fault::new(Effect::ErrorPage(416)).on(Class::Media).nth(2));
    person.google().fail(Fault::new(Effect::Cut { after: MIB }).on(Class::Media));

    person.hasty(&[]).succeeds();

    assert_eq!(std::fs::read(person.path("drive/film.mp4")).unwrap(), film.to_bytes());
    let media = person.google().requests().into_iter().filter(|it| it.class == Class::Media);
    let ranges: Vec<_> = media.map(|request| request.range).collect();
    assert_eq!(ranges, [None, Some(format!("bytes={MIB}-")), None]);
}

#[test]
fn a_token_that_expires_in_mid_download_is_renewed_and_the_download_goes_on() {
    const MIB: u64 = 1 << 20;
    let film = Content::Pattern { seed: 7, len: 2 * MIB };
    let person = Person::signed_in(World::new().file("p", "film.mp4", film.clone(), "root"));
    person.google().fail(Fault::new(Effect::error(401, "authError")).on(Class::Media).nth(2));
    person.google().fail(Fault::new(Effect::Cut { after: MIB }).on(Class::Media));
    person.google().forget_requests();

    person.hasty(&[]).succeeds();

    assert_eq!(std::fs::read(person.path("drive/film.mp4")).unwrap(), film.to_bytes());
    assert_eq!(person.google().count(Class::Token), 2);
    let ranges: Vec<_> = person.google().requests().into_iter().filter_map(|it| it.range).collect();
    assert_eq!(ranges, [format!("bytes={MIB}-"), format!("bytes={MIB}-")]);
}

#[test]
fn a_sign_in_that_is_refused_every_time_is_for_a_person_to_mend() {
    for class in [Class::About, Class::List, Class::Media, Class::PhotoList] {
        let person = Person::signed_in(world().photo(Photo::image("x", "x.jpg", b"x")));
        person.google().fail(Fault::new(Effect::error(401, "authError")).on(class).always());
        person.hasty(&[]).ends_with(3).complains(&["`gphotos-sync auth login`"]);
        person.google().mend();
        person.hasty(&[]).succeeds();
        assert_eq!(person.files().len(), 4, "{class:?}");
    }
}

#[test]
fn sixteen_bad_files_among_good_ones_stop_nothing() {
    for transfers in ["1", "8"] {
        let world = (0..60).fold(World::new(), |world, i| {
            world.file(
                &format!("p{i:02}"),
                &format!("{i:02}.jpg"),
                format!("bytes {i}").as_bytes(),
                "root",
            )
        });
        let person = Person::with(world);
        // The first twenty, and at the next run these and one that is new.
        for i in 0..20 {
            let fault = Fault::new(Effect::ErrorPage(503)).on(Class::Media);
            person.google().fail(fault.id(&format!("p{i:02}")).always());
        }
        let first = person.hasty(&["--transfers", transfers]);
        assert!(matches!(first.code, Some(4 | 8)), "{}", first.stderr);
        person.google().world(|world| world.add(Item::file("z", "z.jpg", "new")));
        person.hasty(&["--transfers", transfers]).ends_with(8);
        assert_eq!(person.files().len(), 41, "all the good ones");
        person.hasty(&["--transfers", transfers]).ends_with(8);
        person.google().mend();
        person.hasty(&[]).succeeds();
        assert_eq!(person.files().len(), 61);
    }
}

#[test]
fn files_that_wait_to_be_asked_for_again_leave_their_places_to_others() {
    let person = Person::with(world());
    for id in ["a", "b"] {
        let wait = Effect::Busy { status: 503, retry_after: "500".to_owned() };
        person.google().fail(Fault::new(wait).on(Class::Media).id(id).always());
    }
    let mut command = person.command(&["--transfers", "2"]);
    let mut run = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    // By the machine's own clock neither of the two is asked for again by now.
    assert!(person.google().wait_for(Class::Media, 3));
    run.kill().unwrap();
    run.wait().unwrap();
}

#[test]
fn a_file_that_stalls_or_has_to_wait_does_not_hold_up_the_others() {
    let stall = Effect::Stall { after: 3 };
    let wait = Effect::Busy { status: 429, retry_after: "500".to_owned() };
    for effect in [stall, wait] {
        let person = Person::with(world());
        person.google().fail(Fault::new(effect.clone()).on(Class::Media).id("a").always());
        let mut command = person.command(&["--transfers", "2"]);
        let mut run = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        // By the machine's own clock nothing of the first is over by now.
        assert!(person.google().wait_for(Class::Media, 3), "{effect:?}");
        run.kill().unwrap();
        run.wait().unwrap();
    }
}
