//! HTTP to Google: sign-in, the one retry rule, quota pacing, ranges.
//!
//! Knows no item, no file and no index. [`Client`] is what the sources use; a
//! [`Tokens`] signs its requests.

mod body;
mod call;
mod client;
mod client_file;
mod clock;
mod connection;
pub mod consent;
mod endpoints;
mod error;
mod exposure;
#[doc(hidden)]
pub mod fuzzed;
mod json;
mod lanes;
pub mod oauth;
mod pace;
mod refusal;
mod retry;
mod secret;
pub mod small_file;
pub mod store;
mod stretch;
#[cfg(test)]
mod testing;
pub mod tokens;

pub use body::Body;
pub use call::Call;
pub use client::Client;
pub use client_file::{ClientFile, ClientFileError};
pub use clock::Clock;
pub use endpoints::{BadRoot, Endpoints};
pub use error::{Error, SignInError};
pub use exposure::exposure;
pub use pace::units;
pub use refusal::one_line;
pub use secret::Secret;
pub use stretch::Stretch;
pub use tokens::Tokens;
