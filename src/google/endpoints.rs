//! Where Google's APIs are, and which servers may see a token.

use url::{Host, Url};

/// The bases of Google's APIs, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Drive v3.
    pub drive: String,
    /// Photos Library v1.
    pub photos: String,
    /// Photos Picker v1.
    pub picker: String,
    /// The one server that stands in for Google, in tests.
    root: Option<Url>,
}

/// The address cannot stand in for Google.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be used as the API's address: give https://HOST, or http://127.0.0.1:PORT for a \
     server on this machine"
)]
pub struct BadRoot(String);

/// The domains that belong to Google and that the APIs hand out addresses in.
const GOOGLE: [&str; 3] = ["google.com", "googleapis.com", MEDIA];

/// The domain of Google's media servers.
const MEDIA: &str = "googleusercontent.com";

impl Endpoints {
    /// Google itself.
    #[must_use]
    pub fn google() -> Self {
        Self {
            drive: "https://www.googleapis.com/drive/v3".to_owned(),
            photos: "https://photoslibrary.googleapis.com/v1".to_owned(),
            picker: "https://photospicker.googleapis.com/v1".to_owned(),
            root: None,
        }
    }

    /// One server for every API, at `root` such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    ///
    /// [`BadRoot`] if `root` is no address, or is plain http to another machine:
    /// tokens would be readable on the way.
    pub fn under(root: &str) -> Result<Self, BadRoot> {
        let bad = || BadRoot(root.to_owned());
        let url = Url::parse(root).map_err(|_| bad())?;
        let extra = url.query().is_some() || url.fragment().is_some() || !url.username().is_empty();
        if extra || !is_private(&url) {
            return Err(bad());
        }
        let base = root.trim_end_matches('/');
        Ok(Self {
            drive: format!("{base}/drive/v3"),
            photos: format!("{base}/photoslibrary/v1"),
            picker: format!("{base}/photospicker/v1"),
            root: Some(url),
        })
    }

    /// Whether these are Google's own.
    #[must_use]
    pub fn are_googles(&self) -> bool {
        self.root.is_none()
    }

    /// Whether a token may be sent to `url`: only to Google, or to the one server
    /// that stands in for it.
    pub(super) fn trusts(&self, url: &Url) -> bool {
        match &self.root {
            Some(root) => url.origin() == root.origin(),
            None => is_google(url),
        }
    }

    /// Whether a token may be sent to `url` for an item's bytes: only to Google's media
    /// servers, or to the one server that stands in for Google.
    pub(super) fn serves_media(&self, url: &Url) -> bool {
        let is_media = |host: &str| is_within(host.trim_end_matches('.'), MEDIA);
        self.trusts(url) && (self.root.is_some() || url.host_str().is_some_and(is_media))
    }

    /// Whether the stand-in is on this machine, where no proxy leads.
    pub(super) fn are_local(&self) -> bool {
        self.root.as_ref().is_some_and(is_loopback)
    }
}

/// Whether what is sent to `url` cannot be read on the way: https, or plain http
/// that does not leave this machine.
pub(super) fn is_private(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether a secret may be sent to `url`, which stands in a file that a person was given:
/// to Google, or to a stand-in on this machine.
pub(super) fn is_for_secrets(url: &Url) -> bool {
    is_private(url) && (is_loopback(url) || is_google(url))
}

fn is_google(url: &Url) -> bool {
    url.scheme() == "https"
        && url.port().is_none()
        && matches!(url.host(), Some(Host::Domain(host)) if is_googles(host))
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_googles(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    GOOGLE.iter().any(|domain| is_within(host, domain))
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for root in
            ["http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:9", "https://x.y"]
        {
            assert!(Endpoints::under(root).is_ok(), "{root}");
        }
        for root in [
            "http://example.org",
            "http://127.0.0.1.example.org",
            "http://10.0.0.1:80",
            "ftp://127.0.0.1",
            "http://user@127.0.0.1:1",
            "http://127.0.0.1:1/?a=b",
            "127.0.0.1:8080",
            "",
        ] {
            assert_eq!(Endpoints::under(root), Err(BadRoot(root.to_owned())));
        }
    }

    #[test]
    fn a_token_goes_to_google_and_nowhere_else() {
        let google = Endpoints::google();
        let stand_in = Endpoints::under("http://127.0.0.1:8080").unwrap();
        //     address                                          Google  stand-in
        for (url, with_google, with_stand_in) in [
            ("https://www.googleapis.com/drive/v3/files", true, false),
            ("https://docs.google.com/feeds/download", true, false),
            ("https://lh3.googleusercontent.com/p/x", true, false),
            ("https://google.com/", true, false),
            ("http://www.googleapis.com/drive/v3", false, false),
            ("https://www.googleapis.com:8443/drive/v3", false, false),
            ("https://evilgoogle.com/", false, false),
            ("https://google.com.evil.org/", false, false),
            ("https://evil.org/google.com", false, false),
            ("https://google.com@evil.org/", false, false),
            ("http://127.0.0.1:8080/drive/v3/files", false, true),
            ("http://127.0.0.1:8081/drive/v3/files", false, false),
            ("http://localhost:8080/drive/v3/files", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(google.trusts(&url), with_google, "{url}");
            assert_eq!(stand_in.trusts(&url), with_stand_in, "{url}");
        }
    }

    #[test]
    fn for_bytes_a_token_goes_to_googles_media_servers_alone() {
        let google = Endpoints::google();
        let stand_in = Endpoints::under("http://127.0.0.1:8080").unwrap();
        for (url, with_google, with_stand_in) in [
            ("https://lh3.googleusercontent.com/ppa/x=d", true, false),
            ("https://video-downloads.googleusercontent.com/x", true, false),
            ("https://www.googleapis.com/x", false, false),
            ("https://sites.google.com/x", false, false),
            ("http://lh3.googleusercontent.com/x", false, false),
            ("https://googleusercontent.com.example.org/x", false, false),
            ("https://evilgoogleusercontent.com/x", false, false),
            ("http://127.0.0.1:8080/media/x=d", false, true),
            ("http://127.0.0.1:8081/media/x=d", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(google.serves_media(&url), with_google, "{url}");
            assert_eq!(stand_in.serves_media(&url), with_stand_in, "{url}");
        }
    }

    #[test]
    fn a_secret_goes_to_google_or_stays_on_this_machine() {
        for (url, expected) in [
            ("https://oauth2.googleapis.com/token", true),
            ("http://127.0.0.1:9/token", true),
            ("http://oauth2.googleapis.com/token", false),
            ("https://oauth2.googleapis.com:8443/token", false),
            ("https://oauth2.googleapis.com.example.org/token", false),
            ("https://example.org/token", false),
        ] {
            assert_eq!(is_for_secrets(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn a_root_with_a_slash_at_the_end_is_the_same_root() {
        let endpoints = Endpoints::under("http://127.0.0.1:8080/").unwrap();
        assert_eq!(endpoints.drive, "http://127.0.0.1:8080/drive/v3");
        assert_eq!(endpoints.photos, "http://127.0.0.1:8080/photoslibrary/v1");
        assert_eq!(endpoints.picker, "http://127.0.0.1:8080/photospicker/v1");
    }
}
