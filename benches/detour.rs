//! A proxy that ends TLS and hands what is meant for one host to the sandbox: for programs
//! that can only talk to Google's own address. `benches/peers.sh` starts it.
//!
//! ```text
//! detour HOST SANDBOX CERTIFICATE KEY     prints its address; runs until its stdin is closed
//! ```
//!
//! It passes bytes on as they come and knows nothing of HTTP beyond CONNECT, so that it
//! costs whoever is measured as little as can be. Any other host is refused.

use std::error::Error;
use std::io::Read as _;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional_with_sizes};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How much is passed on at once: a whole chunk of the sandbox's.
const BUFFER_BYTES: usize = 64 * 1024;

/// A CONNECT with its headers is shorter.
const HEAD_BYTES_MAX: usize = 8 * 1024;

type Failure = Box<dyn Error + Send + Sync>;

/// Where what goes.
struct Detour {
    /// `www.googleapis.com:443`
    host: String,
    /// `127.0.0.1:PORT`
    sandbox: String,
    tls: TlsAcceptor,
}

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [host, sandbox, certificate, key] = words.as_slice() else {
        return Err("usage: detour HOST SANDBOX CERTIFICATE KEY".into());
    };
    let detour =
        Detour { host: host.clone(), sandbox: sandbox.clone(), tls: acceptor(certificate, key)? };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(|| {
        let ended = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(i32::from(ended.is_err()));
    });
    runtime.block_on(serve(Arc::new(detour)))
}

fn acceptor(certificate: &str, key: &str) -> Result<TlsAcceptor, Failure> {
    let certificates = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn serve(detour: Arc<Detour>) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    #[expect(clippy::print_stdout, reason = "whoever started it reads the address there")]
    {
        println!("http://{}", listener.local_addr()?);
    }
    loop {
        let (stream, _) = listener.accept().await?;
        let detour = Arc::clone(&detour);
        tokio::spawn(async move {
            // Either end may go away at any time; the other sees that its connection ends.
            drop(detour.pass(stream).await);
        });
    }
}

impl Detour {
    /// One connection, from its CONNECT to its end.
    async fn pass(&self, mut stream: TcpStream) -> Result<(), Failure> {
        stream.set_nodelay(true)?;
        if target(&mut stream).await? != self.host {
            stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await?;
            return Ok(());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        let mut client = self.tls.accept(stream).await?;
        let mut sandbox = TcpStream::connect(&self.sandbox).await?;
        sandbox.set_nodelay(true)?;
        copy_bidirectional_with_sizes(&mut client, &mut sandbox, BUFFER_BYTES, BUFFER_BYTES)
            .await?;
        Ok(())
    }
}

/// Reads a CONNECT and says where to.
async fn target(stream: &mut TcpStream) -> Result<String, Failure> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= HEAD_BYTES_MAX {
            return Err("the request has no end".into());
        }
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head)?;
    let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    Ok(target.unwrap_or_default().to_owned())
}
