//! Where bearer tokens come from.

mod bounded;
mod connect;
mod installed;
mod service_account;

use async_trait::async_trait;

use super::error::{Error, SignInError};
use super::secret::Secret;

pub use installed::Installed;
pub use service_account::ServiceAccount;

/// What this program may ask a person for. All of it only reads.
pub mod scope {
    /// Everything in Drive.
    pub const DRIVE: &str = "https://www.googleapis.com/auth/drive.readonly";
    /// What this app has uploaded to Photos: all that the Library API shows.
    pub const PHOTOS: &str =
        "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";
    /// What is chosen in the Picker.
    pub const PICKER: &str = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly";
}

/// A source of bearer tokens. Never waits for a person.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Returns a token that is good now, as far as is known.
    ///
    /// # Errors
    ///
    /// [`Error::SignIn`] if a person must act; [`Error::Unreachable`].
    async fn bearer(&self) -> Result<Secret, Error>;

    /// Returns a token other than `refused`, which Google answered with 401.
    /// Callers that come together with one refused token cause one request.
    ///
    /// # Errors
    ///
    /// As [`Tokens::bearer`].
    async fn renew(&self, refused: &Secret) -> Result<Secret, Error>;

    /// Whose client the tokens are: the OAuth client's id, or a service account.
    fn client_id(&self) -> &str;

    /// How many requests for tokens were sent.
    fn requests(&self) -> u64;
}

/// One token that was given from outside and is never renewed: the sandbox's.
#[derive(Clone, Debug)]
pub struct Fixed {
    token: Secret,
}

impl Fixed {
    /// Signs everything with `token`.
    #[must_use]
    pub const fn new(token: Secret) -> Self {
        Self { token }
    }
}

#[async_trait]
impl Tokens for Fixed {
    async fn bearer(&self) -> Result<Secret, Error> {
        Ok(self.token.clone())
    }

    async fn renew(&self, _refused: &Secret) -> Result<Secret, Error> {
        let said = "the token is fixed and has expired".to_owned();
        Err(SignInError::Rejected { said }.into())
    }

    fn client_id(&self) -> &'static str {
        "fixed"
    }

    fn requests(&self) -> u64 {
        0
    }
}
