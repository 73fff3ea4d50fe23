//! The system's keyring: the Secret Service on Linux, the Keychain on macOS.
//!
//! Its calls block, and a locked keyring may ask a person who is not there. So each
//! runs in a thread of its own that nobody waits for longer than the patience
//! given; the thread of a call that hangs ends with the process.

use std::time::Duration;

use keyring::{Entry, Error};
use tokio::sync::oneshot;

use super::StoreError;
use crate::google::secret::Secret;

/// The keyring's word for whose entry it is.
const SERVICE: &str = "gphotos-sync";
/// An entry that is made and removed to see whether the keyring works.
const PROBE: &str = "probe";

/// Finds out whether the keyring keeps what it is given: one that is locked lets
/// read as if it were empty, and only writing fails.
///
/// # Errors
///
/// [`StoreError::KeyringAway`], [`StoreError::KeyringLocked`].
pub(super) async fn probe(patience: Duration) -> Result<(), StoreError> {
    run(patience, || {
        let entry = entry(PROBE)?;
        entry.set_password(PROBE)?;
        entry.get_password()?;
        entry.delete_credential()
    })
    .await
}

/// Reads the entry `name`; `None` if there is none.
///
/// # Errors
///
/// As [`probe`].
pub(super) async fn get(name: &str, patience: Duration) -> Result<Option<Secret>, StoreError> {
    let name = name.to_owned();
    run(patience, move || match entry(&name)?.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

/// Puts `text` into the entry `name`.
///
/// # Errors
///
/// As [`probe`].
pub(super) async fn set(name: &str, text: Secret, patience: Duration) -> Result<(), StoreError> {
    let name = name.to_owned();
    run(patience, move || entry(&name)?.set_password(text.expose())).await
}

/// Removes the entry `name`, if there is one.
///
/// # Errors
///
/// As [`probe`].
pub(super) async fn delete(name: &str, patience: Duration) -> Result<(), StoreError> {
    let name = name.to_owned();
    run(patience, move || match entry(&name)?.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        deleted => deleted,
    })
    .await
}

fn entry(name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, name)
}

async fn run<T: Send + 'static>(
    patience: Duration,
    call: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, answer) = oneshot::channel();
    let spawned = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // Whoever asked may have lost patience.
        done.send(call()).ok();
    });
    let away = |cause: String| StoreError::KeyringAway { cause };
    spawned.map_err(|error| away(error.to_string()))?;
    match tokio::time::timeout(patience, answer).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(error))) => Err(why(error)),
        Ok(Err(_)) => Err(away("it broke off".to_owned())),
        Err(_) => Err(StoreError::KeyringLocked { cause: "nobody unlocked it".to_owned() }),
    }
}

fn why(error: Error) -> StoreError {
    let cause = match error {
        // Not `to_string`: some kinds show the bytes that were read.
        Error::NoStorageAccess(cause) => {
            return StoreError::KeyringLocked { cause: cause.to_string() };
        }
        Error::PlatformFailure(cause) => cause.to_string(),
        Error::NoDefaultStore => match Entry::store_status() {
            Err(Error::PlatformFailure(cause)) => cause.to_string(),
            _ => "there is none".to_owned(),
        },
        Error::NoEntry => "it forgot what it was given".to_owned(),
        _ => "it cannot hold this".to_owned(),
    };
    StoreError::KeyringAway { cause }
}
