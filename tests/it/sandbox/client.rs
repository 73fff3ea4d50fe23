//! A client that knows nothing but HTTP.

use std::error::Error as _;

use gphotos_sync::sandbox::Sandbox;
use reqwest::header::{HeaderMap, RANGE};
use serde_json::Value;
use tokio::runtime::Runtime;

pub const READ: &str = "https://www.googleapis.com/auth/drive.readonly";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The bytes that came, all of them unless `broken`.
    pub body: Vec<u8>,
    /// Whether the body ended before it should.
    pub broken: bool,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn reason(&self) -> String {
        self.json()["error"]["errors"][0]["reason"].as_str().unwrap().to_owned()
    }
}

/// A signed-in client of a sandbox.
pub struct Client<'a> {
    pub google: &'a Sandbox,
    pub token: String,
    runtime: Runtime,
    http: reqwest::Client,
}

impl<'a> Client<'a> {
    pub fn new(google: &'a Sandbox) -> Self {
        Self::with_scopes(google, &[READ])
    }

    pub fn with_scopes(google: &'a Sandbox, scopes: &[&str]) -> Self {
        let http =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self {
            google,
            token: google.access_token(scopes),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            http: http.build().unwrap(),
        }
    }

    /// GET below `ROOT/drive/v3`.
    pub fn get(&self, path: &str) -> Answer {
        self.try_get(path).unwrap()
    }

    pub fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.send(self.http.get(self.drive(path)).bearer_auth(&self.token))
    }

    pub fn get_range(&self, path: &str, range: &str) -> Answer {
        let request = self.http.get(self.drive(path)).bearer_auth(&self.token);
        self.send(request.header(RANGE, range)).unwrap()
    }

    /// GET of a whole address, without a token.
    pub fn open(&self, url: &str) -> Answer {
        self.send(self.http.get(url)).unwrap()
    }

    pub fn request(&self, method: reqwest::Method, path: &str) -> Answer {
        let url = format!("{}{path}", self.google.root());
        self.send(self.http.request(method, url).bearer_auth(&self.token)).unwrap()
    }

    pub fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.google.root());
        self.send(self.http.post(url).form(form)).unwrap()
    }

    /// All pages of a list, each with what stands in `field`.
    pub fn pages(&self, path: &str, field: &str) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut token = String::new();
        loop {
            let page = self.get(&format!("{path}{token}")).json();
            pages.push(page[field].as_array().unwrap().clone());
            let Some(next) = page["nextPageToken"].as_str() else { return pages };
            token = format!("&pageToken={next}");
        }
    }

    fn drive(&self, path: &str) -> String {
        format!("{}/drive/v3/{path}", self.google.root())
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        self.runtime.block_on(async {
            let mut response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let mut body = Vec::new();
            let broken = loop {
                match response.chunk().await {
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    end => break end.is_err(),
                }
            };
            Ok(Answer { status, headers, body, broken })
        })
    }
}

/// The error and all its causes, in one line.
pub fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// The ids of files.
pub fn ids(files: &[Value]) -> Vec<&str> {
    files.iter().map(|file| file["id"].as_str().unwrap()).collect()
}
