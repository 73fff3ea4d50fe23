//! Connections that bring only so many bytes.
//!
//! yup-oauth2 reads a token server's answer whole, of whatever length, and lets nobody stop
//! it. So the connection ends, which is made for one answer alone.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tower_service::Service;

/// The most that a connection brings, in bytes: certificates, headers, and an answer of some
/// thousand.
pub(super) const BYTES_MAX: usize = 256 << 10;

/// A connector whose connections are [`Bounded`].
#[derive(Clone)]
pub(super) struct Bounding<C>(pub(super) C);

/// A connection that fails once it has brought [`BYTES_MAX`].
pub(super) struct Bounded<S> {
    stream: S,
    left: usize,
}

impl<C, D, S> Service<D> for Bounding<C>
where
    C: Service<D, Response = TokioIo<S>>,
    C::Future: Send + 'static,
{
    type Response = TokioIo<Bounded<S>>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, destination: D) -> Self::Future {
        let connecting = self.0.call(destination);
        let bounded = |stream: TokioIo<S>| Bounded { stream: stream.into_inner(), left: BYTES_MAX };
        Box::pin(async move { connecting.await.map(|stream| TokioIo::new(bounded(stream))) })
    }
}

impl<S: Connection> Connection for Bounded<S> {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(task, buffer))?;
        let left = self.left.checked_sub(buffer.filled().len() - before);
        self.left = left.ok_or_else(|| {
            io::Error::new(io::ErrorKind::FileTooLarge, "its answer is longer than any")
        })?;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
