//! A stretch of a file, from one byte to another, gone on with where the connection was cut.
//!
//! Asks for nothing before the first bytes are wanted, and for one range unless something
//! breaks: requests cost more than bytes.

use std::ops::Range;

use bytes::Bytes;

use super::body::Body;
use super::call::Call;
use super::client::Client;
use super::error::Error;

/// The bytes of one range, as they come.
pub struct Stretch {
    client: Client,
    call: Call,
    next_byte: u64,
    until_byte: u64,
    body: Option<Body>,
    /// How many connections in a row brought nothing.
    barren: u32,
}

impl Stretch {
    /// The bytes in `range` of what `call` brings. Sends nothing yet.
    #[must_use]
    pub fn new(client: Client, call: Call, range: Range<u64>) -> Self {
        let call = call.until(range.end);
        Self { client, call, next_byte: range.start, until_byte: range.end, body: None, barren: 0 }
    }

    /// Returns the next bytes; `None` after the last.
    ///
    /// # Errors
    ///
    /// Any [`Error`], after the repetitions that make sense: a broken connection is one only
    /// when several in a row have brought nothing.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        while self.next_byte < self.until_byte {
            let cut = match self.piece().await {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) => error,
            };
            self.body = None;
            let Some(wait) = cut.resume_after(self.barren) else { return Err(cut) };
            self.barren += 1;
            self.client.clock().sleep(wait).await;
        }
        self.body = None;
        Ok(None)
    }

    async fn piece(&mut self) -> Result<Bytes, Error> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.client.bytes(&self.call, self.next_byte).await?,
        };
        // An answer may be shorter than the range.
        let came = body.chunk().await?.ok_or_else(|| self.ended_early())?;
        let left = usize::try_from(self.until_byte - self.next_byte).unwrap_or(usize::MAX);
        let bytes = came.slice(..came.len().min(left));
        self.next_byte += bytes.len() as u64;
        self.barren = 0;
        self.body = Some(body);
        Ok(bytes)
    }

    fn ended_early(&self) -> Error {
        let cause = "it ended before its last byte".to_owned();
        Error::Cut { url: self.call.url.clone(), cause }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use axum::body::Body as Sent;
    use axum::http::{Request, Response, StatusCode};
    use axum::response::IntoResponse as _;
    use axum::routing::any;

    use super::*;
    use crate::google::testing::{Hasty, serve};
    use crate::google::tokens::Fixed;
    use crate::google::{Endpoints, Secret};

    /// The bytes from the first to before the last as an answer that is a part.
    fn part(range: Range<usize>) -> Response<Sent> {
        let told = format!("bytes {}-{}/10", range.start, range.end - 1);
        let headers = [("Content-Range", told)];
        (StatusCode::PARTIAL_CONTENT, headers, &"abcdefghij"[range]).into_response()
    }

    /// What comes of `range` at a server that answers one thing after another, and what it
    /// was asked for.
    async fn read(range: Range<u64>, answers: &[fn() -> Response<Sent>]) -> (Told, Vec<String>) {
        let (answers, next) = (answers.to_vec(), Arc::new(AtomicUsize::new(0)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let answer = move |request: Request<Sent>| {
            let header = request.headers()["range"].to_str().unwrap().to_owned();
            heard.lock().unwrap().push(header);
            let turn = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            std::future::ready(answers[turn]())
        };
        let root = serve(Router::new().fallback(any(answer))).await;
        let endpoints = Endpoints::under(&root).unwrap();
        let tokens = Arc::new(Fixed::new(Secret::new("token".to_owned())));
        let client = Client::new(endpoints, tokens, Arc::new(Hasty::default())).unwrap();
        let mut stretch = Stretch::new(client, Call::get(root), range);
        let mut all = String::new();
        let told = loop {
            match stretch.chunk().await {
                Ok(Some(bytes)) => all.push_str(std::str::from_utf8(&bytes).unwrap()),
                Ok(None) => break Ok(all),
                Err(error) => break Err(error),
            }
        };
        (told, asked.lock().unwrap().clone())
    }

    type Told = Result<String, Error>;

    #[tokio::test]
    async fn a_range_is_asked_for_once() {
        let (told, asked) = read(2..6, &[|| part(2..6)]).await;
        assert_eq!((told.unwrap().as_str(), asked), ("cdef", vec!["bytes=2-5".to_owned()]));
    }

    #[tokio::test]
    async fn no_range_asks_for_nothing() {
        let (told, asked) = read(2..2, &[|| part(2..3)]).await;
        assert_eq!((told.unwrap().as_str(), asked.len()), ("", 0));
    }

    #[tokio::test]
    async fn an_answer_that_is_shorter_is_gone_on_with() {
        let (told, asked) = read(2..9, &[|| part(2..5), || part(5..6), || part(6..9)]).await;
        assert_eq!(told.unwrap(), "cdefghi");
        assert_eq!(asked, ["bytes=2-8", "bytes=5-8", "bytes=6-8"]);
    }

    #[tokio::test]
    async fn the_whole_is_no_answer_unless_it_was_asked_for() {
        let (told, asked) = read(2..6, &[|| "abcdefghij".into_response()]).await;
        assert!(matches!(told, Err(Error::Unreadable { .. })), "{told:?}");
        assert_eq!(asked.len(), 3, "a server that stumbled is asked again");
        let (told, _) = read(0..6, &[|| "abcdefghij".into_response()]).await;
        assert!(matches!(told, Err(Error::Unreadable { .. })), "{told:?}");
        let (told, _) = read(0..10, &[|| "abcdefghij".into_response()]).await;
        assert_eq!(told.unwrap(), "abcdefghij");
    }

    #[tokio::test]
    async fn another_part_is_no_answer() {
        for other in [(|| part(1..6)) as fn() -> Response<Sent>, || part(3..6), || part(2..7)] {
            let (told, _) = read(2..6, &[other]).await;
            assert!(matches!(told, Err(Error::Unreadable { .. })), "{told:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_brings_nothing_is_given_up() {
        let nothing = || {
            let headers = [("Content-Range", "bytes 2-5/10")];
            (StatusCode::PARTIAL_CONTENT, headers, "").into_response()
        };
        let (told, asked) = read(2..6, &[nothing]).await;
        assert!(told.unwrap_err().is_cut());
        assert_eq!(asked.len(), 9);
    }
}
