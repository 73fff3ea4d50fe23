//! Waits for the browser to come back with a person's consent.
//!
//! Listens on this machine's loopback only, takes one answer, and holds the
//! browser's request open until the sign-in is known to be good, so that the page
//! the person sees tells the truth.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;

use super::error::SignInError;
use super::oauth::{Answer, Request};
use super::secret::Secret;

/// No browser's request has longer headers, in bytes.
const REQUEST_MAX: usize = 32 << 10;
/// No browser opens more connections: whoever does must wait for those before to end.
const CONNECTIONS_MAX: usize = 256;
/// A browser opens connections on suspicion and sends nothing on them.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// A place on this machine where the browser's answer can arrive.
#[derive(Debug)]
pub struct Listener {
    tcp: TcpListener,
    port: u16,
}

/// A code that arrived, and the browser that waits to be told how it went.
#[derive(Debug)]
pub struct Arrived {
    /// What [`super::oauth::TokenServer::exchange`] takes.
    pub code: Secret,
    browser: Browser,
}

#[derive(Debug)]
struct Browser(TcpStream);

impl Listener {
    /// Takes a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// The system's, if it has none to give.
    pub async fn bind() -> io::Result<Self> {
        let tcp = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = tcp.local_addr()?.port();
        Ok(Self { tcp, port })
    }

    /// The port that was taken.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the answer to `request` when it arrives. Requests that are none are
    /// told so, and the waiting goes on: for ever, if need be.
    ///
    /// # Errors
    ///
    /// [`SignInError::Denied`] or [`SignInError::Ended`], as the browser says.
    pub async fn answer(&self, request: &Request) -> Result<Arrived, SignInError> {
        let mut connections = JoinSet::new();
        let (found, mut asked) = mpsc::channel(8);
        loop {
            tokio::select! {
                accepted = self.tcp.accept(), if connections.len() < CONNECTIONS_MAX => if let Ok((stream, _)) = accepted {
                    let found = found.clone();
                    connections.spawn(async move {
                        let read = tokio::time::timeout(REQUEST_TIMEOUT, target(stream)).await;
                        if let Ok(Ok((url, browser))) = read {
                            // The receiver is gone when the answer has been found.
                            found.send((url, browser)).await.ok();
                        }
                    });
                },
                Some((url, browser)) = asked.recv() => {
                    if let Some(arrived) = weigh(request, &url, browser).await {
                        return arrived;
                    }
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

impl Arrived {
    /// Shows in the browser that the sign-in is good.
    pub async fn tell_success(self) {
        self.browser
            .show("200 OK", SUCCESS, "You can close this page. Your backup can begin.")
            .await;
    }

    /// Shows in the browser what went wrong.
    pub async fn tell_failure(self, text: &str) {
        self.browser.show("400 Bad Request", FAILURE, text).await;
    }
}

const SUCCESS: &str = "Signed in";
const FAILURE: &str = "Not signed in";

/// `None` if `url` answers nothing: the browser has then been told.
async fn weigh(
    request: &Request,
    url: &Url,
    browser: Browser,
) -> Option<Result<Arrived, SignInError>> {
    match request.answer(url) {
        Answer::Code(code) => Some(Ok(Arrived { code, browser })),
        Answer::No(error) => {
            let text = "gphotos-sync was given no access. The terminal says how to try again.";
            browser.show("400 Bad Request", FAILURE, text).await;
            Some(Err(error))
        }
        Answer::Stranger => {
            let text = "This answer does not belong to the sign-in that is waiting. Open the \
                        address that the terminal shows now.";
            browser.show("400 Bad Request", FAILURE, text).await;
            None
        }
        Answer::Nothing => {
            browser
                .show("404 Not Found", "Nothing here", "gphotos-sync waits here for Google.")
                .await;
            None
        }
    }
}

/// Reads what address a browser asks for.
async fn target(mut stream: TcpStream) -> io::Result<(Url, Browser)> {
    let mut text = Vec::new();
    while !text.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read_buf(&mut text).await?;
        if read == 0 || text.len() > REQUEST_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    let url = asked(&text).ok_or(io::ErrorKind::InvalidData)?;
    Ok((url, Browser(stream)))
}

/// The address in a request's first line, if it is a GET.
pub(super) fn asked(request: &[u8]) -> Option<Url> {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let path = line.strip_prefix("GET ")?.split(' ').next().unwrap_or_default();
    Url::parse("http://127.0.0.1/").and_then(|base| base.join(path)).ok()
}

impl Browser {
    async fn show(mut self, status: &str, title: &str, text: &str) {
        let page = page(title, text);
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}",
            page.len()
        );
        // A browser that left does not need to be told.
        self.0.write_all(answer.as_bytes()).await.ok();
        self.0.shutdown().await.ok();
    }
}

fn page(title: &str, text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
         content='width=device-width'><title>gphotos-sync: {title}</title><style>body{{font:18px/1.5 \
         system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em;color-scheme:light \
         dark}}</style><h1>{title}</h1><p>{safe}</p></html>\n"
    )
}

/// Reads what a person pasted: the address that the browser could not open.
///
/// # Errors
///
/// What is wrong with it, as a sentence for that person; the waiting goes on.
pub fn pasted(request: &Request, line: &str) -> Result<Result<Secret, SignInError>, &'static str> {
    let line = line.trim().trim_matches(['"', '\'', '<', '>']);
    let Ok(url) = Url::parse(line) else {
        return Err(
            "That is not an address. Paste the whole line from the browser's address bar; \
                    it begins with http://127.0.0.1",
        );
    };
    match request.answer(&url) {
        Answer::Code(code) => Ok(Ok(code)),
        Answer::No(error) => Ok(Err(error)),
        Answer::Stranger => {
            Err("That address belongs to another sign-in. Open the address above, \
                                 and paste where it leads to.")
        }
        Answer::Nothing => Err("There is no code in that address. Paste the one that the browser \
                                shows after you have pressed Continue; it begins with \
                                http://127.0.0.1"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::google::client_file::ClientFile;

    #[tokio::test]
    async fn only_the_answer_to_this_sign_in_ends_the_waiting() {
        let listener = Listener::bind().await.unwrap();
        let request = Request::new(Vec::new(), listener.port());
        let (port, state) = (listener.port(), state(&request));
        let browser = async move {
            let silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            assert!(get(port, "/favicon.ico").await.starts_with("HTTP/1.1 404"));
            assert!(get(port, "/?code=c&state=forged").await.starts_with("HTTP/1.1 400"));
            let page = get(port, &format!("/?code=c&state={state}")).await;
            drop(silent);
            page
        };
        let waiting = async {
            let arrived = listener.answer(&request).await.unwrap();
            assert_eq!(arrived.code.expose(), "c");
            arrived.tell_success().await;
        };
        let ((), page) = tokio::join!(waiting, browser);
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("Signed in"), "{page}");
    }

    #[tokio::test]
    async fn a_refusal_ends_the_waiting_and_is_shown() {
        let listener = Listener::bind().await.unwrap();
        let request = Request::new(Vec::new(), listener.port());
        let path = format!("/?error=access_denied&state={}", state(&request));
        let browser = get(listener.port(), &path);
        let (answer, page) = tokio::join!(listener.answer(&request), browser);
        assert_eq!(answer.map(|_| ()), Err(SignInError::Denied));
        assert!(page.contains("Not signed in"), "{page}");
    }

    #[test]
    fn what_is_pasted_wrongly_is_explained() {
        let request = Request::new(Vec::new(), 1);
        let state = state(&request);
        for (line, expected) in [
            ("4/0Ab-code".to_owned(), "That is not an address"),
            ("https://accounts.google.com/o/oauth2/auth".to_owned(), "There is no code"),
            ("http://127.0.0.1:1/?code=c&state=x".to_owned(), "That address belongs to another"),
        ] {
            let told = pasted(&request, &line).unwrap_err();
            assert!(told.starts_with(expected), "{line}: {told}");
        }
        let line = format!("  http://127.0.0.1:1/?state={state}&code=c&scope=a%20b \n");
        assert_eq!(pasted(&request, &line), Ok(Ok(Secret::new("c".to_owned()))));
        let line = format!("http://127.0.0.1:1/?error=access_denied&state={state}");
        assert_eq!(pasted(&request, &line), Ok(Err(SignInError::Denied)));
    }

    async fn get(port: u16, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    fn state(request: &Request) -> String {
        let text = r#"{"installed":{"client_id":"id","client_secret":"s"}}"#;
        let client = ClientFile::parse(text, Path::new("c")).unwrap();
        let url = request.address(&client);
        url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    }
}
