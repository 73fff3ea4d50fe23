//! More than one session takes: the person is asked, and chooses in another one.
//!
//! A person at a terminal answers, so here the engine is run by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use gphotos_sync::archive::Archive;
use gphotos_sync::engine::{Effect, Event, Guide, Job, Monitor, Options, Outcome, Pick, Reach};
use gphotos_sync::google::tokens::{Fixed, scope};
use gphotos_sync::google::{Client, Clock, Endpoints, Secret};
use gphotos_sync::sandbox::{Class, Photo, Picks, Sandbox, World};
use gphotos_sync::source::picker::{Picker, Session};
use gphotos_sync::{engine, index};

use crate::support::folder_in_memory;

/// A clock that waits for nothing.
struct Hasty;

#[async_trait]
impl Clock for Hasty {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}

struct Silent;

impl Monitor for Silent {
    fn on(&self, _: Event<'_>) {}
}

/// Somebody who always wants one more, and chooses what is left then.
struct Insatiable {
    google: Arc<Sandbox>,
    shown: AtomicU64,
    asked: AtomicU64,
}

#[async_trait]
impl Guide for Insatiable {
    fn show(&self, session: &Session) {
        let number = self.shown.fetch_add(1, Ordering::Relaxed) + 1;
        assert!(session.address.ends_with(&format!("session-{number:04}/autoclose")));
        let open = self.google.world(|world| world.open_sessions());
        assert_eq!(open, 1, "the one before is over");
    }

    async fn is_there_more(&self, most: u64) -> bool {
        assert_eq!(most, 2_000);
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.google.world(|world| world.set_picks(Picks::new(&["p0001", "late"])));
        true
    }
}

fn options() -> Options {
    Options {
        reach: Reach::Whole,
        effect: Effect::Done,
        part: false,
        flush: false,
        rescan: false,
        quick: false,
        drive: None,
        photos: None,
        takeout: None,
        exports: Vec::new(),
        reindex_exports: false,
        only_exports: false,
        xmp: false,
        adopt: None,
        albums: None,
        picked: None,
        flat: false,
        names: gphotos_sync::plan::NameRules::Posix,
        removal: None,
        transfers: 8,
        daily_requests: None,
        bytes_per_second: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_session_is_followed_by_another_if_the_person_wants() {
    let ids: Vec<_> = (0..2_000).map(|n| format!("p{n:04}")).chain(["late".to_owned()]).collect();
    let world = ids.iter().fold(World::new(), |world, id| {
        let photo = Photo::image(id, &format!("{id}.jpg"), id.as_bytes());
        world.photo(photo.taken("2019-05-01T10:00:00Z").of_another_app())
    });
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let google = Arc::new(Sandbox::start(world.picks(Picks::new(&ids))));
    let folder = folder_in_memory();
    let archive = Archive::create(&folder.path().join("archive")).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Hasty);
    let tokens = Arc::new(Fixed::new(Secret::new(google.access_token(&[scope::PICKER]))));
    let endpoints = Endpoints::under(google.root()).unwrap();
    let client = Client::new(endpoints, tokens, Arc::clone(&clock)).unwrap();
    let (_running, stop) = tokio::sync::watch::channel(false);
    let guide = Arc::new(Insatiable {
        google: Arc::clone(&google),
        shown: AtomicU64::new(0),
        asked: AtomicU64::new(0),
    });
    let job = Job {
        archive,
        db: index::open(&folder.path().join("index.db")).unwrap(),
        drive: None,
        photos: None,
        takeout: None,
        picker: Some(Arc::new(Picker::new(client, Arc::clone(&clock)))),
        identity: None,
        given_up: Vec::new(),
        client_id: "fixed".to_owned(),
        options: options(),
        monitor: Arc::new(Silent),
        clock,
        stop,
        requests: Box::new(|| 0),
    };

    let ended = engine::pick(job, Pick { album: None, guide: Arc::clone(&guide) as _ }).await;

    assert!(ended.error.is_none(), "{:?}", ended.error);
    assert_eq!((ended.summary.outcome, ended.summary.tally.added), (Outcome::Complete, 2_001));
    let counts = [Class::PickerCreate, Class::PickerDelete, Class::PickerMedia];
    assert_eq!(counts.map(|class| google.count(class)), [2, 2, 2_001]);
    assert_eq!(google.world(|world| world.open_sessions()), 0);
    assert_eq!(guide.asked.load(Ordering::Relaxed), 1, "the second was not full");
}
