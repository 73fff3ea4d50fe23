//! A Google of our own, over real HTTP: for tests and `--demo`.
//!
//! [`Sandbox::start`] serves a [`World`] on a port of 127.0.0.1 until it is
//! dropped. It is written from Google's documentation and imports nothing of
//! this program, so that no misreading of Google is shared by both sides.
//!
//! To add an API: its routes in a file of its own, merged in `router`; its
//! requests in `requests::Class`, with the scopes that they want.

mod about;
mod answer;
mod changes;
mod connection;
mod content;
mod drive;
mod edit;
mod export;
mod fault;
mod fields;
mod gate;
mod grants;
mod item;
mod journal;
mod jwt;
mod library;
mod listing;
mod media;
mod oauth;
mod params;
mod photos;
mod picker;
mod query;
mod requests;
mod rounds;
mod schema;
mod view;
mod world;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::Request as HttpRequest;
use tokio::sync::{oneshot, watch};

pub use content::Content;
pub use export::{
    Copies, Era, Export, Flaw, Format, LibraryAlbum, LibraryItem, Locale, PhotoLibrary, Truth,
};
pub use fault::{Effect, Fault};
pub use grants::Consent;
pub use item::Item;
pub use library::{Many, demo};
pub use photos::{Album, Photo, VideoStatus};
pub use picker::Picks;
pub use requests::{Api, Class, Request};
pub use world::World;

/// A running Google. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    server: Option<thread::JoinHandle<()>>,
}

/// What the server's thread and the one that holds the sandbox both use.
#[derive(Debug)]
struct Shared {
    /// `http://127.0.0.1:PORT`
    root: String,
    world: Mutex<World>,
    requests: Mutex<requests::Requests>,
    /// Told of each request that comes.
    arrivals: Condvar,
    faults: Mutex<fault::Faults>,
    /// How many milliseconds later the answers of APIs and of media addresses begin.
    latency_ms: AtomicU64,
    /// How many bytes were sent.
    sent: Arc<AtomicU64>,
    grants: Mutex<grants::Grants>,
    /// Counts the calls of `release`; stalled answers wait for the next one.
    releases: watch::Sender<u64>,
}

/// Locks, whatever happened to the last holder: a test that panicked with a
/// lock in its hands has failed already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn owned(scopes: &[&str]) -> grants::Scopes {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

impl Sandbox {
    /// Serves `world` on a free port of 127.0.0.1.
    ///
    /// # Panics
    ///
    /// If no port or thread can be had. [`Self::open`] returns that instead.
    #[must_use]
    pub fn start(world: World) -> Self {
        match Self::open(world) {
            Ok(sandbox) => sandbox,
            Err(error) => panic!("the sandbox could not be started: {error}"),
        }
    }

    /// Serves `world` on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If no port or thread can be had.
    pub fn open(world: World) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let shared = Arc::new(Shared {
            root: format!("http://{}", listener.local_addr()?),
            grants: Mutex::new(grants::Grants::new(&world.account.email)),
            world: Mutex::new(world),
            requests: Mutex::default(),
            arrivals: Condvar::new(),
            faults: Mutex::default(),
            latency_ms: AtomicU64::default(),
            sent: Arc::default(),
            releases: watch::Sender::new(0),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let service = router(Arc::clone(&shared));
        let sent = Arc::clone(&shared.sent);
        let server = thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
            // Nobody is there to be told; who calls finds the port closed.
            drop(runtime.block_on(serve(listener, sent, service, stopped)));
        })?;
        Ok(Self { shared, stop: Some(stop), server: Some(server) })
    }

    /// Its address, `http://127.0.0.1:PORT`: what `GPHOTOS_SYNC_API_ROOT` takes.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.shared.root
    }

    /// A `client_secret.json` of an installed app, whose addresses are the sandbox's.
    #[must_use]
    pub fn client_secret(&self) -> String {
        oauth::client_secret(self.root())
    }

    /// A key file of a service account that may act as the world's account.
    #[must_use]
    pub fn service_account_key(&self) -> String {
        jwt::key_file(self.root())
    }

    /// Looks at the world or changes it, while no request is answered.
    pub fn world<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut lock(&self.shared.world))
    }

    /// All requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).all().to_vec()
    }

    /// How many requests of that class there were.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        lock(&self.shared.requests).count(class)
    }

    /// Starts the log of requests anew.
    pub fn forget_requests(&self) {
        lock(&self.shared.requests).forget();
    }

    /// Waits until there were `count` requests of that class. Returns whether
    /// there are: after a minute without, it gives up.
    #[must_use]
    pub fn wait_for(&self, class: Class, count: usize) -> bool {
        let requests = lock(&self.shared.requests);
        let missing = |log: &mut requests::Requests| log.count(class) < count;
        let waited =
            self.shared.arrivals.wait_timeout_while(requests, Duration::from_mins(1), missing);
        let (_log, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        !timeout.timed_out()
    }

    /// Makes requests fail.
    pub fn fail(&self, fault: Fault) {
        lock(&self.shared.faults).add(fault);
    }

    /// How many requests a fault has struck since the start.
    #[must_use]
    pub fn struck(&self) -> u64 {
        lock(&self.shared.faults).struck()
    }

    /// Ends all faults, and lets go what [`Effect::Stall`] holds.
    pub fn mend(&self) {
        lock(&self.shared.faults).clear();
        self.release();
    }

    /// Has every answer of an API and of a media address begin that much later, in whole
    /// milliseconds. Requests that come at once wait at once; faults happen after the wait.
    pub fn set_latency(&self, latency: Duration) {
        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self.shared.latency_ms.store(milliseconds, Ordering::Relaxed);
    }

    /// How many bytes it has sent since the start, with what HTTP adds.
    #[must_use]
    pub fn sent_bytes(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }

    /// Lets go the answers that [`Effect::Stall`] holds.
    pub fn release(&self) {
        self.shared.releases.send_modify(|count| *count += 1);
    }

    /// Decides what the person answers from now on when asked for consent.
    pub fn consent(&self, consent: Consent) {
        lock(&self.shared.grants).consent = consent;
    }

    /// Signs in without a browser: an access token with these scopes.
    #[must_use]
    pub fn access_token(&self, scopes: &[&str]) -> String {
        lock(&self.shared.grants).access(owned(scopes))
    }

    /// Signs in without a browser: a refresh token with these scopes.
    #[must_use]
    pub fn refresh_token(&self, scopes: &[&str]) -> String {
        lock(&self.shared.grants).refresh(owned(scopes))
    }

    /// Makes every access token worthless, as an hour does.
    pub fn expire_access_tokens(&self) {
        lock(&self.shared.grants).expire();
    }

    /// Makes every token worthless, as the person does who takes back the consent.
    pub fn revoke_grants(&self) {
        lock(&self.shared.grants).revoke_all();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(server) = self.server.take() {
            // A panic of the server has been told of on its own thread.
            drop(server.join());
        }
    }
}

impl Shared {
    /// Writes a request down, and wakes who waits for it.
    fn record(&self, class: Class, request: &HttpRequest) -> usize {
        let uri = (request.uri().path(), request.uri().query().unwrap_or_default());
        let number = lock(&self.requests).begin(class, request.method(), uri, request.headers());
        self.arrivals.notify_all();
        number
    }
}

/// Serves until it is told to stop.
async fn serve(
    listener: std::net::TcpListener,
    sent: Arc<AtomicU64>,
    service: Router,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let door = connection::Door { listener: tokio::net::TcpListener::from_std(listener)?, sent };
    let service = service.into_make_service_with_connect_info::<connection::Wire>();
    tokio::select! {
        _ = stopped => Ok(()),
        ended = async { axum::serve(door, service).await } => ended,
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(drive::routes())
        .merge(media::routes())
        .merge(changes::routes())
        .merge(oauth::routes())
        .merge(photos::routes())
        .merge(picker::routes())
        .fallback(|| async { answer::html(404, "Error 404 (Not Found)!!1") })
        .method_not_allowed_fallback(|| async { answer::html(404, "Error 404 (Not Found)!!1") })
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&shared), gate::pass))
        .with_state(shared)
}
