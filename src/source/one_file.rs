//! A reading of one item, for sources that have no request which reads several.

use async_trait::async_trait;
use bytes::Bytes;

use super::{Entry, Error, Reading};
use crate::google::Body;

/// One file's bytes, or none at all.
pub(super) struct OneFile {
    body: Option<Body>,
    told: bool,
}

impl OneFile {
    pub(super) const fn new(body: Option<Body>) -> Self {
        Self { body, told: false }
    }
}

#[async_trait]
impl Reading for OneFile {
    async fn entry(&mut self) -> Result<Option<Entry>, Error> {
        let told = std::mem::replace(&mut self.told, true);
        let body = self.body.as_ref().filter(|_| !told);
        Ok(body.map(|body| Entry {
            index: 0,
            from_byte: body.from_byte(),
            size_bytes: body.size_bytes(),
        }))
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match &mut self.body {
            Some(body) => Ok(body.chunk().await?),
            None => Ok(None),
        }
    }
}
