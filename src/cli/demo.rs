//! The Google that `--demo` runs against: the sandbox, on a port of its own.

use std::sync::Arc;

use super::auth::SignedIn;
use super::report::{Failure, Stopped};
use crate::google::Secret;
use crate::google::tokens::{Fixed, scope};
use crate::sandbox::{self, Sandbox};

/// A running sandbox with the demo library. It stops when it is dropped.
pub struct Demo {
    sandbox: Sandbox,
}

impl Demo {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// If this machine gives it no port or thread.
    pub fn start() -> Result<Self, Failure> {
        let sandbox = Sandbox::open(sandbox::demo())
            .map_err(|error| Failure::new(Stopped::Unexpected, error))?;
        Ok(Self { sandbox })
    }

    /// Where all calls go.
    pub fn root(&self) -> &str {
        self.sandbox.root()
    }

    /// What signs them: nobody is asked.
    pub fn signed_in(&self) -> SignedIn {
        let token = self.sandbox.access_token(&[scope::DRIVE, scope::PHOTOS, scope::PICKER]);
        let tokens = Arc::new(Fixed::new(Secret::new(token)));
        SignedIn { tokens, lacking: Vec::new() }
    }
}
