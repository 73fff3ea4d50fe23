//! The OAuth client that each person makes for themselves: `client_secret.json`.
//!
//! Reads and checks it. Every way in which it is commonly wrong has an error of
//! its own, since a person's first hour with this program is spent here.

use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use url::Url;

use super::endpoints::is_for_secrets;
use super::secret::Secret;
use super::small_file;

/// No such file is longer, in bytes: Google's have some four hundred.
const LENGTH_MAX: u64 = 64 << 10;

/// An OAuth client of the type "Desktop app".
#[derive(Clone, Debug)]
pub struct ClientFile {
    /// Its public name.
    pub client_id: String,
    /// What proves that a token request comes from it. Google gives it to every
    /// desktop client and does not count on it staying secret; we keep it anyway.
    pub client_secret: Secret,
    /// Where a person consents.
    pub auth_uri: Url,
    /// Where codes and refresh tokens are turned into access tokens.
    pub token_uri: Url,
}

/// Why the file cannot be used. Each text says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientFileError {
    /// There is none.
    #[error(
        "there is no OAuth client at {path}: make one of the type \"Desktop app\" at \
         https://console.cloud.google.com/auth/clients, download its JSON to that place, then run \
         `gphotos-sync auth login`"
    )]
    Missing {
        /// Where it was looked for.
        path: String,
    },
    /// The system does not hand it out.
    #[error(
        "{path} cannot be read ({cause}): make it readable to you, then run `gphotos-sync auth login`"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// It is something else, or was cut short.
    #[error(
        "{path} is not the JSON that Google offers for download ({cause}): download it again at \
         https://console.cloud.google.com/auth/clients, then run `gphotos-sync auth login`"
    )]
    NotJson {
        /// The file.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A client for web servers, which cannot send the browser back to this machine.
    #[error(
        "{path} holds an OAuth client of the type \"Web application\": make one of the type \
         \"Desktop app\" at https://console.cloud.google.com/auth/clients, put its JSON there \
         instead, then run `gphotos-sync auth login`"
    )]
    Web {
        /// The file.
        path: String,
    },
    /// A service account's key.
    #[error(
        "{path} is the key of a service account, which signs in without a person: pass it with \
         --service-account, or put the JSON of an OAuth client of the type \"Desktop app\" there \
         and run `gphotos-sync auth login`"
    )]
    ServiceKey {
        /// The file.
        path: String,
    },
    /// JSON, and not of a client.
    #[error(
        "{path} has no {field}: it is not the JSON of an OAuth client of the type \"Desktop \
         app\". Download that at https://console.cloud.google.com/auth/clients, then run \
         `gphotos-sync auth login`"
    )]
    Lacks {
        /// The file.
        path: String,
        /// What is not in it.
        field: &'static str,
    },
    /// An address that would show the sign-in to others.
    #[error(
        "{path}: its {field} must be an https address of Google's: download the file again at \
         https://console.cloud.google.com/auth/clients, then run `gphotos-sync auth login`"
    )]
    Address {
        /// The file.
        path: String,
        /// Which address.
        field: &'static str,
    },
}

#[derive(Deserialize)]
struct Json {
    #[serde(rename = "type")]
    kind: Option<String>,
    installed: Option<Installed>,
    web: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(default)]
struct Installed {
    client_id: String,
    client_secret: Secret,
    auth_uri: String,
    token_uri: String,
}

impl Default for Installed {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            client_secret: Secret::default(),
            auth_uri: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token_uri: "https://oauth2.googleapis.com/token".to_owned(),
        }
    }
}

impl ClientFile {
    /// Reads the client in the file at `path`.
    ///
    /// # Errors
    ///
    /// Any [`ClientFileError`].
    pub fn read(path: &Path) -> Result<Self, ClientFileError> {
        let text = small_file::read(path, LENGTH_MAX).map(Secret::new).map_err(|error| {
            let (path, cause) = (path.display().to_string(), error.to_string());
            match error.kind() {
                ErrorKind::NotFound => ClientFileError::Missing { path },
                ErrorKind::InvalidData | ErrorKind::FileTooLarge => {
                    ClientFileError::NotJson { path, cause }
                }
                _ => ClientFileError::Unreadable { path, cause },
            }
        })?;
        Self::parse(text.expose(), path)
    }

    /// Reads the client in `text`, which stands in the file at `path`.
    ///
    /// # Errors
    ///
    /// Any [`ClientFileError`] but those of reading.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ClientFileError> {
        let path = || path.display().to_string();
        let json: Json = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(
            // The parser's own words could quote the secret.
            |error| ClientFileError::NotJson {
                path: path(),
                cause: format!("line {}, column {}", error.line(), error.column()),
            },
        )?;
        if json.kind.as_deref() == Some("service_account") {
            return Err(ClientFileError::ServiceKey { path: path() });
        }
        let Some(found) = json.installed else {
            return Err(match json.web {
                Some(_) => ClientFileError::Web { path: path() },
                None => ClientFileError::Lacks { path: path(), field: "\"installed\" part" },
            });
        };
        let secret = found.client_secret.expose();
        for (field, text) in [("client_id", found.client_id.as_str()), ("client_secret", secret)] {
            if text.trim().is_empty() {
                return Err(ClientFileError::Lacks { path: path(), field });
            }
        }
        let address = |field, text: &str| {
            let url = Url::parse(text).ok().filter(is_for_secrets);
            url.ok_or_else(|| ClientFileError::Address { path: path(), field })
        };
        Ok(Self {
            auth_uri: address("auth_uri", &found.auth_uri)?,
            token_uri: address("token_uri", &found.token_uri)?,
            client_id: found.client_id.trim().to_owned(),
            client_secret: Secret::new(secret.trim().to_owned()),
        })
    }

    /// Where a token is taken back. The file does not say: it is Google's one
    /// (<https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke>),
    /// or beside a stand-in's token address.
    pub(super) fn revoke_uri(&self) -> Url {
        let mut url = self.token_uri.clone();
        let host = url.host_str().unwrap_or_default();
        if host.ends_with("googleapis.com") || host.ends_with("google.com") {
            let google = Url::parse("https://oauth2.googleapis.com/revoke");
            return google.unwrap_or(url);
        }
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop().push("revoke");
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"installed":{"client_id":"1-a.apps.googleusercontent.com","project_id":"p",
        "auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token",
        "client_secret":"GOCSPX-x","redirect_uris":["http://localhost"]}}"#;

    #[test]
    fn a_desktop_client_is_read() {
        let client = parse(GOOD).unwrap();
        assert_eq!(client.client_id, "1-a.apps.googleusercontent.com");
        assert_eq!(client.client_secret.expose(), "GOCSPX-x");
        assert_eq!(client.revoke_uri().as_str(), "https://oauth2.googleapis.com/revoke");
        assert!(parse(&format!("\u{feff}{GOOD}")).is_ok(), "with a byte order mark");
    }

    #[test]
    fn each_wrong_file_is_told_from_the_others() {
        let path = || "/c.json".to_owned();
        for (text, expected) in [
            ("", ClientFileError::NotJson { path: path(), cause: "line 1, column 0".to_owned() }),
            ("{", ClientFileError::NotJson { path: path(), cause: "line 1, column 1".to_owned() }),
            (
                r#"{"web":{"client_id":"1","client_secret":"s"}}"#,
                ClientFileError::Web { path: path() },
            ),
            (
                r#"{"type":"service_account","private_key":"k"}"#,
                ClientFileError::ServiceKey { path: path() },
            ),
            ("{}", ClientFileError::Lacks { path: path(), field: "\"installed\" part" }),
            (
                r#"{"installed":{"client_secret":"s"}}"#,
                ClientFileError::Lacks { path: path(), field: "client_id" },
            ),
            (
                r#"{"installed":{"client_id":" ","client_secret":"s"}}"#,
                ClientFileError::Lacks { path: path(), field: "client_id" },
            ),
            (
                r#"{"installed":{"client_id":"1"}}"#,
                ClientFileError::Lacks { path: path(), field: "client_secret" },
            ),
            (
                r#"{"installed":{"client_id":"1","client_secret":"s","token_uri":"http://example.org/token"}}"#,
                ClientFileError::Address { path: path(), field: "token_uri" },
            ),
            (
                r#"{"installed":{"client_id":"1","client_secret":"s","token_uri":"https://oauth2.googleapis.com.example.org/token"}}"#,
                ClientFileError::Address { path: path(), field: "token_uri" },
            ),
            (
                r#"{"installed":{"client_id":"1","client_secret":"s","auth_uri":"https://accounts.google.com@example.org/"}}"#,
                ClientFileError::Address { path: path(), field: "auth_uri" },
            ),
        ] {
            assert_eq!(parse(text).map(|_| ()), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_broken_file_is_not_quoted() {
        let error = parse(r#"{"installed":{"client_secret":GOCSPX-secret}}"#).unwrap_err();
        assert!(!error.to_string().contains("GOCSPX"), "{error}");
        let error = parse(r#"{"installed":"GOCSPX-secret"}"#).unwrap_err();
        assert!(!error.to_string().contains("GOCSPX"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_told_from_one_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let missing = ClientFile::read(&folder.path().join("client_secret.json")).unwrap_err();
        assert!(matches!(missing, ClientFileError::Missing { .. }), "{missing}");
        let unreadable = ClientFile::read(folder.path()).unwrap_err();
        assert!(matches!(unreadable, ClientFileError::Unreadable { .. }), "{unreadable}");
    }

    #[test]
    fn a_stand_in_takes_tokens_back_beside_where_it_gives_them() {
        let text =
            GOOD.replace("https://oauth2.googleapis.com/token", "http://127.0.0.1:9/oauth2/token");
        assert_eq!(parse(&text).unwrap().revoke_uri().as_str(), "http://127.0.0.1:9/oauth2/revoke");
    }

    fn parse(text: &str) -> Result<ClientFile, ClientFileError> {
        ClientFile::parse(text, Path::new("/c.json"))
    }
}
