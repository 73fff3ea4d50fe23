//! What this module's tests share: a clock that does not wait, and a server.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use chrono::{DateTime, Utc};

use super::{ClientFile, Clock};

/// Waits for nothing, and remembers what it was asked to wait for.
#[derive(Clone, Default)]
pub(super) struct Hasty(Arc<Mutex<Vec<Duration>>>);

impl Hasty {
    /// What it was asked to wait for, one after another.
    pub(super) fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

#[async_trait]
impl Clock for Hasty {
    #[expect(clippy::disallowed_methods, reason = "yup reads the real clock, so this must as well")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.lock().unwrap().push(duration);
    }
}

/// Serves `routes` on a port of their own and returns the root address.
pub(super) async fn serve(routes: Router) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    root
}

/// A client whose token server is at `root`.
pub(super) fn client_file(root: &str) -> ClientFile {
    let text = format!(
        r#"{{"installed":{{"client_id":"id","client_secret":"hush","auth_uri":"{root}/auth","token_uri":"{root}/token"}}}}"#
    );
    ClientFile::parse(&text, Path::new("client_secret.json")).unwrap()
}

/// Writes `text` to the file at `path`.
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
pub(super) fn put(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}
