//! HTTP to Google: authorisation, retries, quota. Knows no item, no file, no index.

mod clock;

pub use clock::Clock;

/// Why Google did not answer as hoped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {}
