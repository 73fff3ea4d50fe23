//! Why Google did not answer as hoped, in a form that callers can branch on.
//!
//! No message holds a token, a secret or an address's query. What only a person
//! can mend says how in its own text.

use std::error::Error as _;
use std::time::Duration;

use url::Url;

use super::client_file::ClientFileError;
use super::store::StoreError;

/// Why Google did not answer as hoped, after every repetition that made sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Only a person can mend it, by signing in or at Google's console.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// No answer: no network, no such host, no connection, no byte in time.
    #[error("{host} could not be reached: {cause}")]
    Unreachable {
        /// The server that was asked.
        host: String,
        /// What the system said.
        cause: String,
    },
    /// Google answered, and said no.
    #[error("{url} answered {status} ({reason}): {message}{}", patience(*wait))]
    Refused {
        /// What was asked for, without its query.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Google's word for it, such as `downloadQuotaExceeded`.
        reason: String,
        /// Google's sentence.
        message: String,
        /// For how long Google asks not to be asked again.
        wait: Option<Duration>,
    },
    /// As many requests were sent as may be in a day, so this one was not.
    #[error("the requests that may be sent in a day are spent")]
    Spent,
    /// The answer was a web page where none belongs: somebody stands between us
    /// and Google.
    #[error(
        "{url} answered with a web page instead of data: is this network waiting for you to log \
         in to it in a browser?"
    )]
    WebPage {
        /// What was asked for, without its query.
        url: String,
    },
    /// The answer was whole, and not what Google's documentation says.
    #[error("the answer of {url} could not be understood: {cause}")]
    Unreadable {
        /// What was asked for, without its query.
        url: String,
        /// What was wrong with it.
        cause: String,
    },
    /// The answer began and did not end: ask again from the byte it came to.
    #[error("the answer of {url} was cut off: {cause}")]
    Cut {
        /// What was asked for, without its query.
        url: String,
        /// What the system said.
        cause: String,
    },
    /// The address is not Google's, so it was not asked.
    #[error("{url} is not an address of Google's: no token is sent there")]
    Foreign {
        /// The address, without its query.
        url: String,
    },
    /// This machine cannot make connections at all.
    #[error(
        "no connection can be made: {cause}. If certificates are missing, install the package \
         ca-certificates, or name a file of them in SSL_CERT_FILE"
    )]
    Setup {
        /// What the library said.
        cause: String,
    },
}

/// What only a person can mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// There is no saved sign-in.
    #[error("not signed in to Google yet: run `gphotos-sync auth login`")]
    NotSignedIn,
    /// The refresh token is no longer good.
    #[error(
        "Google no longer accepts the saved sign-in ({said}): run `gphotos-sync auth login`. If \
         this happens every seven days, your OAuth consent screen is still in \"Testing\": press \
         \"Publish app\" at https://console.cloud.google.com/auth/audience first"
    )]
    Revoked {
        /// Google's words.
        said: String,
    },
    /// Google answers 401 even to a token that it has just given.
    #[error(
        "Google refuses the token that it has just given ({said}): run `gphotos-sync auth login`"
    )]
    Rejected {
        /// Google's words.
        said: String,
    },
    /// The person or the saved sign-in has not given this permission.
    #[error(
        "the permission to {} is missing ({scope}): run `gphotos-sync auth login{}` and leave every \
         box ticked",
        what_it_allows(scope),
        how_it_is_asked_for(scope)
    )]
    ScopeMissing {
        /// The scope, as Google writes it.
        scope: String,
    },
    /// The API is not switched on in the person's own Cloud project.
    #[error(
        "the {api} is not enabled in your Google Cloud project: enable it at {console}, wait a \
         few minutes, then run this again (no new `gphotos-sync auth login` is needed)"
    )]
    ApiDisabled {
        /// Its name, as the console shows it.
        api: String,
        /// The page with the button.
        console: String,
    },
    /// Google does not know the OAuth client, or its secret is wrong.
    #[error(
        "Google does not accept the OAuth client of client_secret.json ({said}): download the \
         file again at https://console.cloud.google.com/auth/clients, then run `gphotos-sync auth \
         login`"
    )]
    BadClient {
        /// Google's words.
        said: String,
    },
    /// The person pressed Cancel.
    #[error("the consent was refused in the browser: run `gphotos-sync auth login` to try again")]
    Denied,
    /// Google ended the sign-in with another error.
    #[error("Google ended the sign-in with {said:?}: run `gphotos-sync auth login` to try again")]
    Ended {
        /// Google's word for it.
        said: String,
    },
    /// The service account's key does not give a token.
    #[error(
        "Google gives the service account no token ({said}): check the key file, and with \
         --impersonate that the account has domain-wide delegation for the scope \
         https://www.googleapis.com/auth/drive.readonly; `gphotos-sync auth login` signs in a \
         person instead"
    )]
    ServiceAccount {
        /// Google's words.
        said: String,
    },
    /// The OAuth client's file.
    #[error(transparent)]
    ClientFile(#[from] ClientFileError),
    /// The place where the sign-in is kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ClientFileError> for Error {
    fn from(error: ClientFileError) -> Self {
        Self::SignIn(error.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::SignIn(error.into())
    }
}

/// For how long Google asks not to be asked, in words.
fn patience(wait: Option<Duration>) -> String {
    let words = match wait.map(|wait| wait.as_secs()) {
        None | Some(0) => return String::new(),
        Some(seconds @ 1..120) => format!("{seconds} seconds"),
        Some(seconds @ 120..7200) => format!("{} minutes", seconds.div_ceil(60)),
        Some(seconds @ 7200..172_800) => format!("{} hours", seconds.div_ceil(3600)),
        Some(seconds) => format!("{} days", seconds.div_ceil(86_400)),
    };
    format!("; it asks not to be asked again for {words}")
}

/// The option of `auth login` without which a permission is not asked for.
fn how_it_is_asked_for(scope: &str) -> &'static str {
    if scope.ends_with("/photospicker.mediaitems.readonly") { " --picker" } else { "" }
}

fn what_it_allows(scope: &str) -> &'static str {
    match scope.rsplit('/').next() {
        Some("drive.readonly") => "read Google Drive",
        Some("photoslibrary.readonly.appcreateddata") => "read Google Photos",
        Some("photospicker.mediaitems.readonly") => "read the photos picked",
        _ => "do this",
    }
}

impl Error {
    /// Google's word for what was wrong, such as `notFound`.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Refused { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// The HTTP status of a refusal.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// For how long Google asks not to be asked again.
    #[must_use]
    pub const fn wait(&self) -> Option<Duration> {
        match self {
            Self::Refused { wait, .. } => *wait,
            _ => None,
        }
    }

    /// Whether Google itself says that there is no such thing. A page that merely bears the
    /// status 404 may be anybody's.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) && matches!(self.reason(), Some("notFound" | "NOT_FOUND"))
    }

    /// Whether only a person can mend it, at Google.
    #[must_use]
    pub const fn is_sign_in(&self) -> bool {
        matches!(self, Self::SignIn(_))
    }

    /// Whether the bytes that came are good and the rest may be asked for.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::Cut { .. })
    }

    /// Whether a limit per day is reached: nothing more is to be had before tomorrow.
    #[must_use]
    pub fn is_daily_limit(&self) -> bool {
        matches!(self, Self::Spent)
            || matches!(self.reason(), Some("dailyLimitExceeded" | "quotaExceeded"))
    }

    /// The error for a request to `url` that brought no whole answer.
    pub(super) fn of_request(url: &Url, error: reqwest::Error) -> Self {
        if error.is_redirect() {
            return Self::WebPage { url: shown(url) };
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Self::Unreachable { host, cause: cause_of(error) }
    }

    /// The error for an answer of `url` that broke off.
    pub(super) fn of_body(url: &str, error: reqwest::Error) -> Self {
        Self::Cut { url: url.to_owned(), cause: cause_of(error) }
    }
}

/// The innermost cause, which is the one that says something; no address in it.
pub(super) fn cause_of(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no byte came for too long".to_owned();
    }
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    if error.source().is_none() { error.to_string() } else { innermost.to_string() }
}

/// `url` as an error may show it: without its query, and without the path where
/// the path alone is the permission to read a picture.
pub(super) fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    if host.ends_with("googleusercontent.com") {
        return format!("{}://{host}/…", url.scheme());
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_could_be_used() {
        for (url, expected) in [
            (
                "https://www.googleapis.com/drive/v3/files?q=1&key=k",
                "https://www.googleapis.com/drive/v3/files",
            ),
            ("http://127.0.0.1:80/x?token=t#f", "http://127.0.0.1/x"),
            ("http://user:pass@127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            (
                "https://lh3.googleusercontent.com/lr/secret=d",
                "https://lh3.googleusercontent.com/…",
            ),
        ] {
            assert_eq!(shown(&Url::parse(url).unwrap()), expected);
        }
    }

    #[test]
    fn what_only_a_person_can_mend_says_how() {
        let said = || "said".to_owned();
        for error in [
            SignInError::NotSignedIn,
            SignInError::Revoked { said: said() },
            SignInError::Rejected { said: said() },
            SignInError::ScopeMissing { scope: said() },
            SignInError::ApiDisabled { api: said(), console: said() },
            SignInError::BadClient { said: said() },
            SignInError::Denied,
            SignInError::Ended { said: said() },
            SignInError::ServiceAccount { said: said() },
        ] {
            assert!(error.to_string().contains("`gphotos-sync auth login`"), "{error}");
            assert!(Error::from(error).is_sign_in());
        }
    }

    #[test]
    fn a_missing_permission_is_named_in_plain_words() {
        let scope = "https://www.googleapis.com/auth/drive.readonly".to_owned();
        let error = SignInError::ScopeMissing { scope }.to_string();
        assert!(error.starts_with("the permission to read Google Drive is missing"), "{error}");
        let scope = crate::google::tokens::scope::PICKER.to_owned();
        let error = SignInError::ScopeMissing { scope }.to_string();
        assert!(error.contains("`gphotos-sync auth login --picker`"), "{error}");
    }
}
