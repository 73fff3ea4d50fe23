//! Where a sign-in is kept between runs: the system's keyring, or a file.
//!
//! Which of the two was chosen is recorded in a file that holds no secret, so that
//! a keyring which is locked is never taken for "not signed in".

mod file;
mod keyring;

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use super::small_file;

/// A person's lasting consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The OAuth client it was given to.
    pub client_id: String,
    /// What access tokens are made from.
    pub refresh_token: Secret,
    /// What may be done with them, as Google writes it.
    pub scopes: Vec<String>,
}

/// The two kinds of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The system's keyring.
    Keyring,
    /// A file with mode 0600.
    File,
}

/// A place where a sign-in is kept, as a person would look for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The keyring, under this user name of the service `gphotos-sync`.
    Keyring {
        /// The OAuth client's id.
        entry: String,
    },
    /// This file.
    File(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring { entry } => write!(f, "the system's keyring, entry {entry}"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Why the sign-in could not be read or kept. Each text says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It is there and does not open.
    #[error(
        "the system's keyring is locked ({cause}): unlock it by logging in to the desktop; for \
         runs without one, keep the sign-in in a file: `gphotos-sync auth login --token-store file`"
    )]
    KeyringLocked {
        /// What it said.
        cause: String,
    },
    /// There is none to talk to.
    #[error(
        "the system's keyring does not answer ({cause}): run this in the desktop's session, or \
         keep the sign-in in a file: `gphotos-sync auth login --token-store file`"
    )]
    KeyringAway {
        /// What the system said.
        cause: String,
    },
    /// It is open, and what was put there is gone.
    #[error(
        "the system's keyring no longer holds the sign-in that was kept there: run `gphotos-sync \
         auth login`"
    )]
    KeyringEmpty,
    /// The text is not what this program writes.
    #[error("{place} holds no sign-in that can be read: run `gphotos-sync auth login`")]
    Damaged {
        /// Where it was read.
        place: String,
    },
    /// Others may have read it.
    #[error(
        "{path} can be read by other users (mode {mode:o}), so it is not used: run `chmod 600 \
         {path}` if nobody has, else `gphotos-sync auth login`"
    )]
    Exposed {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// It is a link, a folder, or somebody else's.
    #[error("{path} is {what}, so it is not used: remove it, then run `gphotos-sync auth login`")]
    Strange {
        /// The file.
        path: String,
        /// What it is instead of one's own plain file.
        what: &'static str,
    },
    /// The disk.
    #[error("{path}: {cause}; mend that, then run `gphotos-sync auth login`")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        cause: String,
    },
}

/// The kept sign-in of one OAuth client.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    client_id: String,
    wish: Option<Kind>,
    patience: Duration,
}

/// Which client's sign-in is kept where. Holds no secret.
type Record = BTreeMap<String, Kind>;

/// How a sign-in is written, in the keyring and in the file; see [`Login::to_text`].
#[derive(Deserialize)]
struct Json {
    client_id: String,
    refresh_token: Secret,
    scopes: Vec<String>,
}

impl Store {
    /// Of `client_id`. Its files are in `folder`; `wish` is what the person asked
    /// for; a keyring is given `patience` to be unlocked in.
    #[must_use]
    pub fn new(folder: PathBuf, client_id: String, wish: Option<Kind>, patience: Duration) -> Self {
        Self { folder, client_id, wish, patience }
    }

    /// Where the person asked for it to be kept.
    #[must_use]
    pub const fn wish(&self) -> Option<Kind> {
        self.wish
    }

    /// Where the sign-in is kept, if there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if the record cannot be read.
    pub fn place(&self) -> Result<Option<Place>, StoreError> {
        let kind = match self.wish {
            Some(kind) => Some(kind),
            None => self.recorded()?,
        };
        // A file that was copied here from another machine has no record.
        let found = kind.or_else(|| self.file().symlink_metadata().is_ok().then_some(Kind::File));
        Ok(found.map(|kind| self.place_of(kind)))
    }

    /// Reads the sign-in; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`], where there is one and it cannot be had.
    pub async fn load(&self) -> Result<Option<Login>, StoreError> {
        let Some(place) = self.place()? else { return Ok(None) };
        let text = match &place {
            Place::File(path) => file::read(path)?,
            Place::Keyring { entry } => {
                let text = keyring::get(entry, self.patience).await?;
                if text.is_none() && self.recorded()? == Some(Kind::Keyring) {
                    return Err(StoreError::KeyringEmpty);
                }
                text
            }
        };
        let damaged = || StoreError::Damaged { place: place.to_string() };
        text.map(|text| Login::parse(&text).filter(|login| login.client_id == self.client_id))
            .map(|login| login.ok_or_else(damaged))
            .transpose()
    }

    /// Keeps `login` where the person wished, else where the last one was kept,
    /// else in the keyring if that works, else in the file.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`]; a keyring's only if it was wished for.
    pub async fn save(&self, login: &Login) -> Result<Place, StoreError> {
        let kind = match self.wish {
            Some(Kind::Keyring) => {
                keyring::probe(self.patience).await?;
                Kind::Keyring
            }
            Some(Kind::File) => Kind::File,
            None => self.best().await?,
        };
        let place = self.place_of(kind);
        let text = login.to_text();
        match &place {
            Place::Keyring { entry } => keyring::set(entry, text, self.patience).await?,
            Place::File(path) => file::write(path, text.expose())?,
        }
        self.record(Some(kind))?;
        self.forget_other(kind).await;
        Ok(place)
    }

    /// Forgets the sign-in.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`]; there being none is no error.
    pub async fn forget(&self) -> Result<(), StoreError> {
        match self.place()? {
            Some(Place::Keyring { entry }) => keyring::delete(&entry, self.patience).await?,
            Some(Place::File(path)) => file::remove(&path)?,
            None => {}
        }
        self.record(None)
    }

    async fn best(&self) -> Result<Kind, StoreError> {
        if let Some(kind) = self.recorded()? {
            let usable = kind == Kind::File || keyring::probe(self.patience).await.is_ok();
            return Ok(if usable { kind } else { Kind::File });
        }
        match keyring::probe(self.patience).await {
            Ok(()) => Ok(Kind::Keyring),
            Err(error) => {
                tracing::debug!(%error, "the keyring cannot be used");
                Ok(Kind::File)
            }
        }
    }

    /// A sign-in that stays behind in the other place would outlive a logout.
    async fn forget_other(&self, kind: Kind) {
        let forgotten = match kind {
            Kind::Keyring => file::remove(&self.file()),
            Kind::File => keyring::delete(&self.client_id, self.patience).await,
        };
        if let Err(error) = forgotten {
            tracing::debug!(%error, "nothing to forget elsewhere");
        }
    }

    fn place_of(&self, kind: Kind) -> Place {
        match kind {
            Kind::Keyring => Place::Keyring { entry: self.client_id.clone() },
            Kind::File => Place::File(self.file()),
        }
    }

    fn file(&self) -> PathBuf {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
        let name: String = self.client_id.chars().map(plain).take(200).collect();
        self.folder.join(format!("token-{name}.json"))
    }

    fn record_file(&self) -> PathBuf {
        self.folder.join("token-store.json")
    }

    fn records(&self) -> Result<Record, StoreError> {
        match small_file::read(&self.record_file(), file::LENGTH_MAX) {
            // What cannot be understood says nothing; a login writes it anew.
            Ok(text) => Ok(serde_json::from_str(&text).unwrap_or_default()),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::InvalidData | ErrorKind::FileTooLarge => {
                    Ok(Record::new())
                }
                _ => Err(StoreError::io(&self.record_file(), &error)),
            },
        }
    }

    fn recorded(&self) -> Result<Option<Kind>, StoreError> {
        Ok(self.records()?.get(&self.client_id).copied())
    }

    fn record(&self, kind: Option<Kind>) -> Result<(), StoreError> {
        let mut records = self.records()?;
        let before = match kind {
            Some(kind) => records.insert(self.client_id.clone(), kind),
            None => records.remove(&self.client_id),
        };
        if before == kind {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&records).unwrap_or_default();
        file::write(&self.record_file(), &text)
    }
}

impl Login {
    pub(super) fn parse(text: &Secret) -> Option<Self> {
        let json: Json = serde_json::from_str(text.expose()).ok()?;
        let Json { client_id, refresh_token, scopes } = json;
        Some(Self { client_id, refresh_token, scopes })
    }

    fn to_text(&self) -> Secret {
        let json = serde_json::json!({
            "client_id": self.client_id,
            "refresh_token": self.refresh_token.expose(),
            "scopes": self.scopes,
        });
        Secret::new(json.to_string())
    }
}

impl StoreError {
    fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), cause: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_in_the_file_is_read_back_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        assert_eq!(store.load().await, Ok(None));
        let place = store.save(&login()).await.unwrap();
        let path = folder.path().join("deep/token-1-a.apps.json");
        assert_eq!(place, Place::File(path.clone()));
        assert_eq!(store.load().await, Ok(Some(login())));
        store.forget().await.unwrap();
        assert_eq!(store.load().await, Ok(None));
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_file_that_was_copied_here_is_found_without_a_record() {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).save(&login()).await.unwrap();
        let here = folder.path().join("deep");
        crate::google::store::file::remove(&here.join("token-store.json")).unwrap();
        let store = Store { wish: None, ..store(folder.path()) };
        assert_eq!(store.load().await, Ok(Some(login())));
    }

    #[tokio::test]
    async fn a_file_of_another_client_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let other = Login { client_id: "2".to_owned(), ..login() };
        let Place::File(path) = store.save(&other).await.unwrap() else { panic!("no file") };
        let place = path.display().to_string();
        assert_eq!(store.load().await, Err(StoreError::Damaged { place }));
    }

    #[test]
    fn the_record_holds_no_secret_and_other_clients_stay_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let one = store(folder.path());
        let two = Store { client_id: "2".to_owned(), ..one.clone() };
        one.record(Some(Kind::Keyring)).unwrap();
        two.record(Some(Kind::File)).unwrap();
        one.record(None).unwrap();
        let text = std::fs::read_to_string(one.record_file()).unwrap();
        assert_eq!(text, "{\n  \"2\": \"file\"\n}");
    }

    fn store(folder: &Path) -> Store {
        let (client_id, patience) = ("1-a.apps".to_owned(), Duration::from_secs(1));
        Store::new(folder.join("deep"), client_id, Some(Kind::File), patience)
    }

    fn login() -> Login {
        let refresh_token = Secret::new("1//token".to_owned());
        Login { client_id: "1-a.apps".to_owned(), refresh_token, scopes: vec!["s".to_owned()] }
    }
}
