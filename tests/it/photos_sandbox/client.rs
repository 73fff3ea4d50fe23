//! A client that speaks to the sandbox's Google Photos.

use gphotos_sync::sandbox::Sandbox;
use reqwest::Method;
use serde_json::Value;
use tokio::runtime::Runtime;

pub const LIBRARY: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";
pub const PICKER: &str = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly";

/// A signed-in client.
pub struct Client<'a> {
    pub google: &'a Sandbox,
    pub token: Option<String>,
    pub runtime: Runtime,
    pub http: reqwest::Client,
}

pub struct Answer {
    pub status: u16,
    pub length: Option<u64>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The ids of the items on this page.
    pub fn ids(&self) -> Vec<String> {
        let items = self.json()["mediaItems"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }

    pub fn next(&self) -> Option<String> {
        Some(self.json()["nextPageToken"].as_str()?.to_owned())
    }

    /// The status, and Google's word for it.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.json()["error"]["status"].as_str().unwrap_or_default().to_owned())
    }
}

impl<'a> Client<'a> {
    pub fn new(google: &'a Sandbox, scope: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { google, token: Some(google.access_token(&[scope])), runtime, http }
    }

    pub fn without_token(google: &'a Sandbox) -> Self {
        Self { token: None, ..Self::new(google, LIBRARY) }
    }

    pub fn send(&self, method: Method, url: &str, body: Option<&Value>) -> Answer {
        let mut request = self.http.request(method, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let length = answer.headers().get("content-length");
            let length = length.map(|length| length.to_str().unwrap().parse().unwrap());
            let status = answer.status().as_u16();
            Answer { status, length, body: answer.bytes().await.unwrap().to_vec() }
        })
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, &format!("{}/photoslibrary/v1/{path}", self.google.root()), None)
    }

    pub fn search(&self, body: &Value) -> Answer {
        let url = format!("{}/photoslibrary/v1/mediaItems:search", self.google.root());
        self.send(Method::POST, &url, Some(body))
    }

    pub fn picker(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let url = format!("{}/photospicker/v1/{path}", self.google.root());
        self.send(method, &url, body)
    }

    /// The bytes at a base URL.
    pub fn open(&self, url: &str) -> Answer {
        self.send(Method::GET, url, None)
    }

    pub fn base_url(&self, id: &str) -> String {
        self.get(&format!("mediaItems/{id}")).json()["baseUrl"].as_str().unwrap().to_owned()
    }
}
