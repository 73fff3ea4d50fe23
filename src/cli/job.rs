//! Puts together what a run needs, and has the engine do it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::auth::{self, SignedIn};
use super::client::client;
use super::human::duration;
use super::report::{Failure, Stopped};
use super::{Session, demo, dry_run};
use crate::archive::{self, Archive, Lock};
use crate::engine::{self, Cause, Effect, Ended, Job, Monitor, Stop, Summary};
use crate::google::tokens::scope;
use crate::google::{self, Client, SignInError};
use crate::index::{self, health};
use crate::model::{ArchivePath, SourceId};
use crate::plan::Area;
use crate::source::drive::Drive;
use crate::source::photos::Photos;
use crate::source::takeout::Takeout;

/// The index's name in the archive, or in the folder of `--db-path`.
const INDEX: &str = "index.db";

/// What the run is asked, beside the session.
pub struct Ask<'a> {
    /// The archive's root.
    pub target: &'a Path,
    /// Whether it runs against the sandbox.
    pub demo: bool,
    /// Who is told while it goes on.
    pub monitor: Arc<dyn Monitor>,
    /// Whether to stop.
    pub stop: Stop,
}

/// What became of the run.
pub struct Came {
    /// What was done.
    pub summary: Summary,
    /// What stopped it, if something did.
    pub failure: Option<Failure>,
}

/// The way to Google.
pub struct Way {
    /// Signed in.
    pub client: Client,
    /// The OAuth client, or the service account, that it signs in with.
    pub client_id: String,
    /// The scopes that are wanted and not had.
    lacking: Vec<String>,
}

/// The sources of a run.
struct Sources {
    drive: Option<Arc<Drive>>,
    photos: Option<Arc<Photos>>,
    takeout: Option<Arc<Takeout>>,
    /// Those that there is no leave for.
    given_up: Vec<(SourceId, engine::Error)>,
}

/// Runs a backup.
///
/// # Errors
///
/// What kept it from beginning.
pub async fn carry_out(ask: Ask<'_>, session: &Session) -> Result<Came, Failure> {
    let demo = ask.demo.then(demo::Demo::start).transpose()?;
    let options = session.settings.backup.clone();
    let is_asked = options.drive.is_some() || options.photos.is_some();
    let way = match &demo {
        Some(demo) => Some(way(Some(demo.root()), demo.signed_in(), session)?),
        None if is_asked => Some(way_of_person(session).await?),
        None => None,
    };
    let (archive, db, _lock) = open(ask.target, session)?;
    let sources = sources(way.as_ref(), session);
    let client = way.as_ref().map(|way| way.client.clone());
    let ended = engine::backup(Job {
        archive,
        db,
        drive: sources.drive,
        photos: sources.photos,
        takeout: sources.takeout,
        picker: None,
        identity: client.clone().map(Drive::new),
        given_up: sources.given_up,
        client_id: way.map(|way| way.client_id).unwrap_or_default(),
        options,
        monitor: ask.monitor,
        clock: Arc::clone(&session.clock),
        stop: ask.stop,
        requests: Box::new(move || client.as_ref().map_or(0, Client::requests)),
    });
    Ok(came(ended.await))
}

async fn way_of_person(session: &Session) -> Result<Way, Failure> {
    let wish = &session.settings.sign_in;
    let signed_in = auth::sign_in(wish, &session.screen, &session.clock).await?;
    way(wish.api_root.as_deref(), signed_in, session)
}

/// Opens the archive, to work on it or only to look.
///
/// # Errors
///
/// The disk, the index; another run that holds it.
pub fn open(
    target: &Path,
    session: &Session,
) -> Result<(Archive, Connection, Option<Lock>), Failure> {
    if session.settings.backup.effect == Effect::Told {
        let (archive, db) = dry_run::open(target, session)?;
        return Ok((archive, db, None));
    }
    let archive = session.create_archive(target).map_err(on_disk)?;
    let lock = lock(&archive, session)?;
    let db = open_index(&archive, session)?;
    Ok((archive, db, Some(lock)))
}

/// Where the index is.
pub fn index_path(archive: &Archive, session: &Session) -> PathBuf {
    session.settings.db_path.as_deref().unwrap_or(archive.root()).join(INDEX)
}

/// The way to Google, or to the one server at `root`. Sends nothing.
///
/// # Errors
///
/// This machine makes no connections at all.
pub fn way(root: Option<&str>, signed_in: SignedIn, session: &Session) -> Result<Way, Failure> {
    let SignedIn { tokens, lacking } = signed_in;
    let client_id = tokens.client_id().to_owned();
    let client = client(root, tokens, &session.clock)
        .map_err(|error| Failure::new(Stopped::Google, error))?;
    client.limit_downloads(session.settings.backup.transfers);
    Ok(Way { client, client_id, lacking })
}

/// Chooses the sources: those that are wanted, less those that the sign-in has no leave
/// for. Google lets no service account read anybody's Photos, so there is nothing to mend.
fn sources(way: Option<&Way>, session: &Session) -> Sources {
    let settings = &session.settings;
    let mut given_up = Vec::new();
    let mut may_ask = |source, scope: &str| {
        let lacks = way.is_some_and(|way| way.lacking.iter().any(|lacking| lacking == scope));
        if lacks {
            let error = SignInError::ScopeMissing { scope: scope.to_owned() };
            given_up.push((source, google::Error::from(error).into()));
        }
        !lacks
    };
    let drive = settings.backup.drive.is_some() && may_ask(SourceId::Drive, scope::DRIVE);
    let photos = settings.backup.photos.is_some()
        && settings.sign_in.service_account.is_none()
        && may_ask(SourceId::Photos, scope::PHOTOS);
    let client = || way.map(|way| way.client.clone());
    let photos = client().filter(|_| photos);
    let photos = photos.map(|client| Photos::new(client, Arc::clone(&session.clock)));
    // Exports in Drive are read by the leave to read Drive.
    let is_on_disk = !settings.backup.exports.is_empty();
    let takeout = settings.backup.takeout.is_some() && (drive || is_on_disk);
    let takeout = takeout.then(|| Takeout::new(client().filter(|_| drive)));
    let drive = client().filter(|_| drive).map(Drive::new);
    Sources {
        drive: drive.map(Arc::new),
        photos: photos.map(Arc::new),
        takeout: takeout.map(Arc::new),
        given_up,
    }
}

/// The way to Google for a command that only sometimes needs it; in words, why there is
/// none.
pub async fn reach(session: &Session) -> Result<engine::Reached, String> {
    let wish = &session.settings.sign_in;
    let in_words = |failure: Failure| failure.error.to_string();
    let signed_in = auth::sign_in(wish, &session.screen, &session.clock);
    let signed_in = signed_in.await.map_err(|error| in_words(error.into()))?;
    let way = way(wish.api_root.as_deref(), signed_in, session).map_err(in_words)?;
    let may = |scope: &str| !way.lacking.iter().any(|lacking| lacking == scope);
    let sees_photos = may(scope::PHOTOS) && wish.service_account.is_none();
    let photos = || Arc::new(Photos::new(way.client.clone(), Arc::clone(&session.clock)));
    Ok(engine::Reached {
        drive: may(scope::DRIVE).then(|| Arc::new(Drive::new(way.client.clone()))),
        photos: sees_photos.then(photos),
        identity: Drive::new(way.client.clone()),
        client_id: way.client_id,
        requests: Box::new(move || way.client.requests()),
    })
}

/// Takes the archive for this process.
pub fn lock(archive: &Archive, session: &Session) -> Result<Lock, Failure> {
    let since = session.clock.now().format("%Y-%m-%d %H:%M:%S UTC");
    let host = archive::host_name();
    let holder = format!("process {} on {host}, since {since}", std::process::id());
    archive.lock(&holder).map_err(|error| match error {
        archive::Error::Locked { .. } | archive::Error::Unlockable { .. } => {
            Failure::new(Stopped::Locked, error)
        }
        other => on_disk(other),
    })
}

fn open_index(archive: &Archive, session: &Session) -> Result<Connection, Failure> {
    let path = index_path(archive, session);
    std::fs::create_dir_all(path.parent().unwrap_or(archive.root()))
        .map_err(|error| Failure::new(Stopped::Disk, error).hint("another --db-path"))?;
    refuse_in_trees(&path, archive)?;
    own_index(archive, session)?;
    let is_flushed = session.settings.backup.flush;
    let opened = match open_sound(&path, session) {
        Err(index::Error::Damaged { .. }) if is_flushed => {
            set_aside(&path, session)?;
            session.open_index(&path)
        }
        opened => opened,
    };
    restored(opened, archive, session).map_err(stopped_by)
}

/// Refuses to have the index among the files that are kept: what Drive has of the name of
/// one of SQLite's files would land beside it, and what is no download any more is removed
/// from among the downloads.
fn refuse_in_trees(index: &Path, archive: &Archive) -> Result<(), Failure> {
    let real = |path: &Path| path.canonicalize().ok();
    let folder = index.parent().and_then(real).zip(real(archive.root()));
    let below = folder.as_ref().and_then(|(folder, root)| folder.strip_prefix(root).ok());
    let top = below.and_then(|below| below.components().next());
    let areas = Area::ALL.into_iter().map(Area::folder);
    let mut kept = areas.chain(["photos", "albums", ".gphotos-sync"]);
    if top.is_some_and(|top| kept.any(|kept| top.as_os_str() == kept)) {
        let index = index.display();
        let words = format!("--db-path: {index} would lie among the files that are kept there");
        return Err(Failure::new(Stopped::Usage, words).hint("name a folder outside the archive"));
    }
    Ok(())
}

/// Sees to it that no other name leads to the index in the archive: to one that somebody
/// gave it, or by which they keep an older state. Elsewhere (`--db-path`) it is theirs.
///
/// # Errors
///
/// The disk; something else than a file.
pub fn own_index(archive: &Archive, session: &Session) -> Result<(), Failure> {
    if session.settings.db_path.is_some() {
        return Ok(());
    }
    ["", "-wal", "-shm", "-journal"].iter().try_for_each(|suffix| {
        let path = ArchivePath::parse(&format!("{INDEX}{suffix}"));
        let path = path.map_err(|error| Failure::new(Stopped::Unexpected, error))?;
        match archive.make_own(&path) {
            // Opening it says so, and what to do.
            Err(archive::Error::NotPlain { .. }) => Ok(()),
            made => made.map_err(on_disk),
        }
    })
}

/// Opens the index. Where the last run did not come to its end, and where a person wants
/// everything anew, SQLite looks first whether it is sound.
///
/// # Errors
///
/// The index.
pub fn open_sound(path: &Path, session: &Session) -> Result<Connection, index::Error> {
    let (db, is_in_doubt) = health::open(path, |path| session.open_index(path))?;
    if is_in_doubt {
        session.screen.line("The last run did not come to its end: the index is looked through.");
    }
    if is_in_doubt || session.settings.backup.flush {
        health::check(&db)?;
    }
    Ok(db)
}

/// Takes over the copy of a lost index, if the index is new and the copy is whole.
///
/// # Errors
///
/// The index.
pub fn restored(
    opened: Result<Connection, index::Error>,
    archive: &Archive,
    session: &Session,
) -> Result<Connection, engine::Error> {
    let mut db = opened?;
    let copy = archive.state_file(engine::INDEX_COPY)?;
    if index::restore(&mut db, &copy)? {
        session.screen.line(&format!(
            "The index was not there. It is made anew from its copy, {}, and everything is \
             listed again.",
            copy.display()
        ));
    }
    Ok(db)
}

/// Gives a damaged index another name, to be looked at by whoever wants to. What
/// SQLite keeps beside it goes along.
#[expect(clippy::disallowed_methods, reason = "the index may lie outside the archive")]
fn set_aside(path: &Path, session: &Session) -> Result<(), Failure> {
    let day = session.clock.now().format("%Y-%m-%dT%H%M%SZ");
    for suffix in ["", "-wal", "-shm"] {
        let (mut from, mut to) = (path.as_os_str().to_owned(), path.as_os_str().to_owned());
        from.push(suffix);
        to.push(format!(".damaged-{day}{suffix}"));
        if Path::new(&from).exists() {
            std::fs::rename(&from, &to).map_err(|error| Failure::new(Stopped::Disk, error))?;
        }
    }
    session.screen.line(&format!("The index was damaged. It is kept as {INDEX}.damaged-{day}."));
    Ok(())
}

/// What became of a run, as the command line tells it.
pub fn came(ended: Ended) -> Came {
    Came { summary: ended.summary, failure: ended.error.map(stopped_by) }
}

/// The failure that `error` is.
pub fn stopped_by(error: engine::Error) -> Failure {
    let stopped = match error.cause() {
        Cause::Usage => Stopped::Usage,
        Cause::SignIn => Stopped::SignIn,
        Cause::Google => Stopped::Google,
        Cause::Guard => Stopped::Guard,
        Cause::Disk => Stopped::Disk,
        Cause::Interrupted => Stopped::Interrupted,
    };
    let hint = hint(&error);
    let failure = Failure::new(stopped, error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// What to do next: of what only waits, in how long.
fn hint(error: &engine::Error) -> Option<String> {
    match error {
        engine::Error::Later { until, now, .. } => {
            let wait = (*until - *now).to_std().unwrap_or_default();
            Some(format!("run again in {}, or let the next nightly run do it", duration(wait)))
        }
        error => error.hint().map(str::to_owned),
    }
}

/// Opens the archive at `target` for a command that makes none.
///
/// # Errors
///
/// The disk; a folder that is not there.
pub fn open_archive(target: &Path, session: &Session) -> Result<Archive, Failure> {
    session.open_archive(target).map_err(|error| {
        let missing = error.is_missing();
        let failure = on_disk(error);
        if missing { failure.hint("name the folder of a backup") } else { failure }
    })
}

/// The failure that an error of the disk is.
pub fn on_disk(error: archive::Error) -> Failure {
    stopped_by(error.into())
}
