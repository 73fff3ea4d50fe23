//! Temporary.
use async_trait::async_trait;
use bytes::Bytes;

use super::Trouble;
use crate::model::{Packed, Part, SidecarKind};
use crate::source::Error;

/// t
pub enum Streamed {
    /// t
    Entry(Packed),
    /// t
    Trouble(Trouble),
}

/// t
#[async_trait]
pub trait Streaming: Send {
    /// t
    async fn entry(&mut self) -> Result<Option<Streamed>, Error>;
    /// t
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error>;
}

/// t
pub fn read_sidecar(_: &[u8]) -> Result<SidecarKind, String> {
    Err(String::new())
}

impl super::Takeout {
    /// t
    pub async fn stream(&self, _: &Part, _: u64) -> Result<Box<dyn Streaming>, Error> {
        Err(Error::Gone)
    }
}
