//! Signing in: `auth login`, `auth status`, `auth logout`, and [`sign_in`], which
//! every command that talks to Google begins with.
//!
//! How a browser is asked and answered is in `auth/login.rs`, the exchange itself
//! in `google::oauth`.

mod login;

use std::sync::Arc;
use std::time::Duration;

use super::Session;
use super::args::{Auth, TokenStore};
use super::client::client;
use super::report::{Failure, Stopped};
use super::screen::{Lines, Stdout};
use super::settings::SignIn;
use crate::google::oauth::TokenServer;
use crate::google::store::{Kind, Login, Store, StoreError};
use crate::google::tokens::{Installed, ServiceAccount, scope};
use crate::google::{self, ClientFile, Clock, SignInError, Tokens};
use crate::model::printable;
use crate::source;
use crate::source::drive::Drive;

/// How long a person may take to unlock the keyring.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a keyring may take that no person will unlock.
const NO_PATIENCE: Duration = Duration::from_secs(15);

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Google, the client's file, or the place where the sign-in is kept.
    #[error(transparent)]
    Google(#[from] google::Error),
    /// This machine gives us no port for the browser to come back to.
    #[error("no port of 127.0.0.1 can be listened on")]
    Port(#[source] std::io::Error),
    /// The person pressed Ctrl-C.
    #[error("interrupted: nobody has been signed in")]
    Interrupted,
    /// This machine does not let us run anything.
    #[error("the system refuses what signing in needs")]
    System(#[source] std::io::Error),
}

impl From<SignInError> for Error {
    fn from(error: SignInError) -> Self {
        Self::Google(error.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Google(error.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let stopped = match &error {
            Error::Google(error) if error.is_sign_in() => Stopped::SignIn,
            Error::Google(_) => Stopped::Google,
            Error::Interrupted => Stopped::Interrupted,
            Error::Port(_) | Error::System(_) => Stopped::Unexpected,
        };
        Self::new(stopped, error)
    }
}

/// What signing in works with.
pub(super) struct Desk<'a> {
    wish: &'a SignIn,
    client: ClientFile,
    pub(super) store: Store,
    clock: &'a Arc<dyn Clock>,
}

/// Does what `command` says about the sign-in.
///
/// # Errors
///
/// [`Failure`], for the person and the exit code.
pub fn run(session: &Session, command: &Auth) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Error::System)?;
    let (wish, clock) = (&session.settings.sign_in, &session.clock);
    let ended = runtime.block_on(async {
        match command {
            Auth::Login(_) => log_in(wish, clock).await,
            Auth::Status => status(wish, clock).await,
            Auth::Logout => log_out(wish, clock).await,
        }
    });
    Ok(ended?)
}

/// What a run works with.
pub struct SignedIn {
    /// What signs its calls.
    pub tokens: Arc<dyn Tokens>,
    /// The scopes that it wants and has no leave for; never all that it wants.
    pub lacking: Vec<String>,
}

impl SignedIn {
    fn with_all(tokens: impl Tokens + 'static) -> Self {
        Self { tokens: Arc::new(tokens), lacking: Vec::new() }
    }
}

/// Returns what signs the calls of a run. With a person there, starts the
/// sign-in where it is missing or no longer good; without one, never waits, and makes do
/// with a part of what is wanted. What is said to the person goes to `lines`.
///
/// # Errors
///
/// Any [`Error`].
pub async fn sign_in(
    wish: &SignIn,
    lines: &dyn Lines,
    clock: &Arc<dyn Clock>,
) -> Result<SignedIn, Error> {
    let secret = wish.service_account.as_deref().unwrap_or(&wish.secret);
    if let Some(exposed) = google::exposure(secret) {
        lines.line(&printable(&exposed));
    }
    if let Some(key) = &wish.service_account {
        let subject = wish.impersonate.as_deref();
        let account = ServiceAccount::read(key, subject, scope::DRIVE).await?;
        return Ok(SignedIn::with_all(account));
    }
    let desk = Desk::new(wish, clock)?;
    let kept = if wish.asking.anew { None } else { desk.kept().await? };
    let login = match kept {
        Some(login) => login,
        None => desk.ask(lines, Vec::new(), SignInError::NotSignedIn).await?,
    };
    let mut lacking = desk.lacking(&login);
    let login = match lacking.first().cloned() {
        Some(scope) if wish.asking.person || lacking.len() == desk.wanted().len() => {
            let why = SignInError::ScopeMissing { scope };
            lacking.clear();
            desk.ask(lines, login.scopes, why).await?
        }
        _ => login,
    };
    let tokens = desk.tokens(login).await?;
    if wish.asking.person
        && let Err(google::Error::SignIn(ended @ SignInError::Revoked { .. })) =
            tokens.bearer().await
    {
        let login = desk.ask(lines, Vec::new(), ended).await?;
        return Ok(SignedIn::with_all(desk.tokens(login).await?));
    }
    // Every other error is left to the first call, which knows how to repeat.
    Ok(SignedIn { tokens: Arc::new(tokens), lacking })
}

async fn log_in(wish: &SignIn, clock: &Arc<dyn Clock>) -> Result<(), Error> {
    let desk = Desk::new(wish, clock)?;
    let login = login::by_browser(&desk, &Stdout, desk.wanted()).await?;
    let drive = login.scopes.iter().any(|scope| scope == scope::DRIVE);
    let tokens = desk.tokens(login).await?;
    if !drive {
        return Ok(());
    }
    match account(wish, Arc::new(tokens), clock).await {
        Ok(name) => Stdout.line(&format!("Signed in as {name}.")),
        // The sign-in is good and kept; this is the next thing to mend.
        Err(source::Error::Google(error)) if error.is_sign_in() => return Err(error.into()),
        Err(error) => tracing::debug!(%error, "whose account it is cannot be asked now"),
    }
    Ok(())
}

async fn status(wish: &SignIn, clock: &Arc<dyn Clock>) -> Result<(), Error> {
    if let Some(key) = &wish.service_account {
        Stdout.line(&format!("Service account:  {}", key.display()));
        sign_in(wish, &Stdout, clock).await?.tokens.bearer().await?;
        Stdout.line("Works now:        yes");
        return Ok(());
    }
    let desk = Desk::new(wish, clock)?;
    Stdout.line(&format!("OAuth client:  {}", desk.client.client_id));
    let place = desk.store.place()?;
    let (Some(place), Some(login)) = (place, desk.kept().await?) else {
        Stdout.line("Signed in:     no");
        return Err(SignInError::NotSignedIn.into());
    };
    Stdout.line(&format!("Kept in:       {place}"));
    for scope in &login.scopes {
        Stdout.line(&format!("Permission:    {scope}"));
    }
    let tokens = desk.tokens(login).await?;
    match tokens.bearer().await {
        Ok(_) => Stdout.line("Works now:     yes"),
        Err(error) => {
            Stdout.line("Works now:     no");
            return Err(error.into());
        }
    }
    if let Ok(name) = account(wish, Arc::new(tokens), clock).await {
        Stdout.line(&format!("Account:       {name}"));
    }
    Ok(())
}

async fn log_out(wish: &SignIn, clock: &Arc<dyn Clock>) -> Result<(), Error> {
    let desk = Desk::new(wish, clock)?;
    let revoked = match desk.store.load().await {
        Ok(None) | Err(StoreError::KeyringEmpty) => {
            desk.store.forget().await?;
            Stdout.line("Nobody was signed in.");
            return Ok(());
        }
        Ok(Some(login)) => {
            let server = TokenServer::new(desk.client, Arc::clone(clock))?;
            server.revoke(&login.refresh_token).await.map_err(|error| error.to_string())
        }
        // What cannot be read can still be removed.
        Err(error @ (StoreError::Damaged { .. } | StoreError::Exposed { .. })) => {
            Err(error.to_string())
        }
        Err(error) => return Err(error.into()),
    };
    desk.store.forget().await?;
    match revoked {
        Ok(()) => Stdout.line("Signed out: Google has taken the permission back."),
        Err(cause) => Stdout.line(&format!(
            "Signed out on this machine. Google could not be told ({cause}): take the permission \
             back at https://myaccount.google.com/connections"
        )),
    }
    Ok(())
}

/// Returns the e-mail address of the account that `tokens` are for, so that a person
/// sees that it is the right one.
async fn account(
    wish: &SignIn,
    tokens: Arc<dyn Tokens>,
    clock: &Arc<dyn Clock>,
) -> Result<String, source::Error> {
    let client = client(wish.api_root.as_deref(), tokens, clock)?;
    let account = Drive::new(client).account().await?;
    Ok(printable(&account.name).into_owned())
}

impl<'a> Desk<'a> {
    pub(super) fn new(wish: &'a SignIn, clock: &'a Arc<dyn Clock>) -> Result<Self, Error> {
        let client = ClientFile::read(&wish.secret).map_err(SignInError::from)?;
        let kind = wish.token_store.map(|place| match place {
            TokenStore::Keyring => Kind::Keyring,
            TokenStore::File => Kind::File,
        });
        let patience = if wish.asking.person { PATIENCE } else { NO_PATIENCE };
        let (folder, id) = (wish.config_folder.clone(), client.client_id.clone());
        Ok(Self { wish, store: Store::new(folder, id, kind, patience), client, clock })
    }

    /// The scopes that the person's options ask for.
    fn wanted(&self) -> Vec<String> {
        let scopes = self.wish.scopes;
        let asked = [
            (scopes.drive, scope::DRIVE),
            (scopes.photos, scope::PHOTOS),
            (scopes.picker, scope::PICKER),
        ];
        asked.iter().filter(|(asked, _)| *asked).map(|(_, scope)| (*scope).to_owned()).collect()
    }

    /// The sign-in that is kept. With a person there, one that is merely damaged
    /// counts as none: they can give a new one at once.
    pub(super) async fn kept(&self) -> Result<Option<Login>, Error> {
        match self.store.load().await {
            Err(StoreError::Damaged { .. } | StoreError::KeyringEmpty)
                if self.wish.asking.person =>
            {
                Ok(None)
            }
            loaded => Ok(loaded?),
        }
    }

    /// The scopes that the person's options ask for and `login` does not have.
    pub(super) fn lacking(&self, login: &Login) -> Vec<String> {
        let wanted = self.wanted().into_iter();
        wanted.filter(|scope| !login.scopes.contains(scope)).collect()
    }

    /// Asks the person to sign in because of `why`; keeps the `held` scopes. Without
    /// a person, `why` is the error.
    async fn ask(
        &self,
        lines: &dyn Lines,
        held: Vec<String>,
        why: SignInError,
    ) -> Result<Login, Error> {
        if !self.wish.asking.person {
            return Err(why.into());
        }
        lines.line(match why {
            SignInError::NotSignedIn => "You are not signed in to Google yet.",
            SignInError::ScopeMissing { .. } => "This run needs one more permission of yours.",
            _ => "Google no longer accepts the saved sign-in.",
        });
        let mut scopes = self.wanted();
        scopes.extend(held);
        scopes.sort_unstable();
        scopes.dedup();
        login::by_browser(self, lines, scopes).await
    }

    pub(super) async fn tokens(&self, login: Login) -> Result<Installed, Error> {
        let server = TokenServer::new(self.client.clone(), Arc::clone(self.clock))?;
        let (store, clock) = (self.store.clone(), Arc::clone(self.clock));
        Ok(Installed::new(server, login, store, clock).await?)
    }
}
