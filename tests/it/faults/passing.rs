//! Faults that pass: whatever stumbles once, anywhere, costs a repetition and nothing else.

use gphotos_sync::sandbox::{Album, Class, Effect, Fault, Item, Photo, World};

use crate::support::asked::tell;
use crate::support::{Found, Person};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Every class of requests that a first run of [`world`] makes.
const ASKED: [Class; 14] = [
    Class::Token,
    Class::About,
    Class::StartToken,
    Class::Get,
    Class::Drives,
    Class::List,
    Class::Changes,
    Class::Media,
    Class::Export,
    Class::PhotoSearch,
    Class::PhotoList,
    Class::Albums,
    Class::PhotoGet,
    Class::PhotoMedia,
];

fn world() -> World {
    World::new()
        .folder("f", "Trip", "root")
        .file("p1", "a.jpg", "A", "f")
        .file("p2", "b.jpg", "some more bytes", "root")
        .with(Item::native("n1", "Letter", "document").export(DOCX, "a letter"))
        .photo(Photo::image("x", "x.jpg", b"the bytes of x"))
        .photo(Photo::image("y", "y.jpg", b"the bytes of y"))
        .album(Album::new("al", "Summer", &["y", "x"]))
}

/// What the disk has when all went well.
fn whole() -> (Vec<Found>, Vec<Found>) {
    let person = Person::signed_in(world());
    person.backup(&["--all-files"]).succeeds();
    (person.files(), person.links())
}

fn json(text: &'static str) -> Effect {
    Effect::Json { status: 200, text }
}

fn busy(status: u16, retry_after: &str) -> Effect {
    Effect::Busy { status, retry_after: retry_after.to_owned() }
}

/// What may come in place of any answer, once.
fn passing() -> Vec<Effect> {
    let mut effects = vec![Effect::error(429, "rateLimitExceeded")];
    effects.extend([408, 429, 500, 502, 503, 504].map(Effect::ErrorPage));
    effects
        .extend(["0", "3", "-5", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"].map(|it| busy(429, it)));
    effects.extend([
        busy(503, "1"),
        Effect::Reset,
        Effect::Html,
        Effect::Redirect("http://127.0.0.1:1/".into()),
    ]);
    effects.extend([Effect::Cut { after: 2 }]);
    effects
}

/// Has each class of requests fail once with `effect`, but for those in `exempt`. Says how
/// many requests that were.
fn all_fail_once(effect: &Effect, exempt: &[Class], whole: &(Vec<Found>, Vec<Found>)) -> u64 {
    let person = Person::signed_in(world());
    for class in ASKED.into_iter().filter(|class| !exempt.contains(class)) {
        person.google().fail(Fault::new(effect.clone()).on(class));
    }

    let ran = person.hasty(&["--all-files"]);

    assert_eq!(ran.code, Some(0), "{effect:?}: {}{}", ran.stdout, ran.stderr);
    assert_eq!((&person.files(), &person.links()), (&whole.0, &whole.1), "{effect:?}");
    for class in ASKED {
        assert!(person.google().count(class) > 0, "{class:?} is asked");
    }
    person.google().struck()
}

/// The same with one after the other.
fn each_fails_once(effects: &[Effect], exempt: &[Class]) {
    let whole = whole();
    let struck: u64 = effects.iter().map(|effect| all_fail_once(effect, exempt, &whole)).sum();
    assert!(struck > 0, "nothing was struck");
    tell(format_args!("{} sorts of stumbles struck {struck} requests", effects.len()));
}

#[test]
fn a_stumble_anywhere_costs_a_repetition_and_nothing_else() {
    each_fails_once(&passing(), &[]);
}

#[test]
fn an_answer_that_never_comes_is_asked_for_again() {
    each_fails_once(&[Effect::Stall { after: 0 }], &[]);
}

#[test]
fn an_answer_that_stops_in_its_middle_is_asked_for_again() {
    each_fails_once(&[Effect::Stall { after: 3 }], &[]);
}

#[test]
fn a_limit_per_minute_is_waited_for() {
    // Photos and the token server have other words for it.
    let others = [
        Class::Token,
        Class::PhotoSearch,
        Class::PhotoList,
        Class::Albums,
        Class::PhotoGet,
        Class::PhotoMedia,
    ];
    let reasons = [
        "userRateLimitExceeded",
        "rateLimitExceeded",
        "sharingRateLimitExceeded",
        "UrlLeaseLimitExceeded",
    ];
    each_fails_once(&reasons.map(|reason| Effect::error(403, reason)), &others);
}

#[test]
fn json_that_makes_no_sense_is_asked_for_again() {
    let bytes = [Class::Media, Class::Export, Class::PhotoMedia, Class::Token];
    let effects = [Effect::BrokenJson, json("{\"files\" 1}"), json("[1, 2"), json("")];
    each_fails_once(&effects, &bytes);
}
