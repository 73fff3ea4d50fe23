//! Connections that can be reset from within a handler, and that count what they send.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A listener whose connections can be reset.
pub(super) struct Door {
    pub listener: TcpListener,
    /// How many bytes all its connections have sent, with what HTTP adds.
    pub sent: Arc<AtomicU64>,
}

/// A connection, for the server that reads and writes it.
pub(super) struct Line {
    stream: TcpStream,
    wire: Wire,
    sent: Arc<AtomicU64>,
}

/// The same connection, for the handlers of its requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Wire(Arc<Signals>);

#[derive(Debug, Default)]
struct Signals {
    reset: AtomicBool,
    flushed: Notify,
}

impl Wire {
    /// Resets the connection as soon as anything is written to it.
    pub fn reset(&self) {
        self.0.reset.store(true, Ordering::Relaxed);
    }

    /// Waits until all that was written so far is on its way to the client.
    pub async fn flushed(&self) {
        self.0.flushed.notified().await;
    }
}

impl Line {
    /// Fails if the connection is to be reset. Without lingering, closing it
    /// sends RST in place of FIN.
    fn check(&self) -> io::Result<()> {
        if self.wire.0.reset.load(Ordering::Relaxed) {
            self.stream.set_zero_linger()?;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }

    fn count(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.sent.fetch_add(*bytes as u64, Ordering::Relaxed);
        }
        written
    }
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, from) = Listener::accept(&mut self.listener).await;
        // An answer's last bytes are not to wait until the client has said that it has the
        // others. A connection that is closed already cannot be told, and need not be.
        drop(stream.set_nodelay(true));
        (Line { stream, wire: Wire::default(), sent: Arc::clone(&self.sent) }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Door>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().wire.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.count(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.count(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The server flushes only when it has written all that it holds.
        self.wire.0.flushed.notify_waiters();
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
