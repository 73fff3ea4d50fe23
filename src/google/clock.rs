//! Time, as something that is passed in.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Tells the time and waits. The command line makes the only real one.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;

    /// Returns after `duration`.
    async fn sleep(&self, duration: Duration);

    /// How long a library is to wait that knows no clock but the machine's, where it is to
    /// wait for `duration` of this one.
    fn by_the_machine(&self, duration: Duration) -> Duration {
        duration
    }
}
