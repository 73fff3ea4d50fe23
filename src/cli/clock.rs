//! The one real clock. Everything below is given it, or the time it told.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::environment::Environment;
use crate::google::Clock;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one real clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Returns the clock of this process: the machine's, unless a test asks for another.
#[cfg(not(debug_assertions))]
pub fn of(_: &Environment) -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// Returns the clock of this process: the machine's, unless a test asks for another.
#[cfg(debug_assertions)]
pub fn of(env: &Environment) -> Arc<dyn Clock> {
    match &env.clock {
        Some(ahead) => Arc::new(hasty::HastyClock::new(*ahead)),
        None => Arc::new(SystemClock),
    }
}

#[cfg(debug_assertions)]
mod hasty {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{Clock, DateTime, Duration, SystemClock, Utc, async_trait};

    /// A minute is a second for those who know the machine's clock alone.
    const FASTER: u32 = 60;

    /// A clock for tests: nobody waits by it, and it moves on by what they would have.
    #[derive(Debug)]
    pub struct HastyClock {
        ahead_ms: AtomicU64,
    }

    impl HastyClock {
        /// One that is `ahead` of the machine's from the first.
        pub fn new(ahead: Duration) -> Self {
            Self { ahead_ms: AtomicU64::new(in_ms(ahead)) }
        }
    }

    #[async_trait]
    impl Clock for HastyClock {
        fn now(&self) -> DateTime<Utc> {
            SystemClock.now() + Duration::from_millis(self.ahead_ms.load(Ordering::Relaxed))
        }

        async fn sleep(&self, duration: Duration) {
            self.ahead_ms.fetch_add(in_ms(duration), Ordering::Relaxed);
            tokio::task::yield_now().await;
        }

        fn by_the_machine(&self, duration: Duration) -> Duration {
            duration / FASTER
        }
    }

    fn in_ms(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }
}
