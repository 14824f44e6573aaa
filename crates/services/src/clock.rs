//! Time, as a port of its own, so that tests need not wait.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ferrotape_domain::Cancel;

/// Tells the time and waits.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64;

    /// Seconds since 1970 UTC.
    fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Time since some fixed moment; never goes back.
    fn running(&self) -> Duration;

    /// Waits, or returns early when `cancel` is set.
    fn sleep(&self, time: Duration, cancel: &Cancel);
}

/// The computer's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

/// How often a long wait looks whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
    }

    fn running(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration, cancel: &Cancel) {
        let until = Instant::now() + time;
        while !cancel.is_stopped() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(LOOK_EVERY));
        }
    }
}
