//! The one request line: one request at a time, with a gap between them, and patience that has an end.
//!
//! What Spotify asks for with `Retry-After` is waited for. A wait over a minute, or a quota that is used up, is no
//! wait but the end of this run: it says when to go on. Answers that break off and servers in trouble are asked again
//! a few times, each time after a longer wait.

use std::cell::Cell;
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault};
use serde::Deserialize;

use super::addresses::Pace;
use super::client::{NoReply, Reply};
use super::faults;
use crate::clock::Clock;

/// A longer wait ends the run.
const LONGEST_WAIT_S: u64 = 60;
/// One request is tried so often, whatever the trouble.
const TRIES: u32 = 4;

/// Stands between the program and the wire.
pub(super) struct Line<'a> {
    clock: &'a dyn Clock,
    cancel: &'a Cancel,
    pace: Pace,
    last: Cell<Option<Duration>>,
    asked: Cell<u64>,
}

impl<'a> Line<'a> {
    pub(super) fn new(clock: &'a dyn Clock, cancel: &'a Cancel, pace: Pace) -> Self {
        Self { clock, cancel, pace, last: Cell::new(None), asked: Cell::new(0) }
    }

    /// Set when the user wants to stop.
    pub(super) fn cancel(&self) -> &'a Cancel {
        self.cancel
    }

    /// Requests sent so far, those that failed included.
    pub(super) fn asked(&self) -> u64 {
        self.asked.get()
    }

    /// Sends a request until there is an answer that stands; 429 and 5xx do not.
    pub(super) fn ask(&self, send: &dyn Fn() -> Result<Reply, NoReply>) -> Result<Reply, Fault> {
        let mut tries = 0;
        loop {
            self.keep_gap()?;
            self.asked.set(self.asked.get() + 1);
            let answer = send();
            self.last.set(Some(self.clock.running()));
            tries += 1;
            let (wait, trouble) = match answer {
                Ok(reply) if reply.status == 429 => {
                    (self.wait_of_429(&reply, tries)?, "it is asked too often".to_owned())
                }
                Ok(reply) if reply.status >= 500 => {
                    (self.backoff(tries), format!("it has trouble of its own (status {})", reply.status))
                }
                Ok(reply) => return Ok(reply),
                Err(error @ NoReply::TooBig) => return Err(faults::permanent(error.to_string())),
                Err(error) => (self.backoff(tries), error.to_string()),
            };
            if tries >= TRIES {
                return Err(faults::later(format!(
                    "{trouble}, {tries} times in a row – try again later; nothing that came is lost"
                )));
            }
            self.sleep(wait)?;
        }
    }

    /// How long to wait after "too many requests"; a long wait is the end of the run.
    fn wait_of_429(&self, reply: &Reply, tries: u32) -> Result<Duration, Fault> {
        let used_up = reason_of(&reply.body).as_deref() == Some("QUOTA_EXCEEDED");
        match reply.retry_after {
            _ if used_up => {
                // Without a stated time: the quota counts over about a day, so an hour from now is worth a try.
                let seconds = reply.retry_after.unwrap_or(3600);
                Err(faults::after(seconds, "your client id's quota is used up for now"))
            }
            Some(seconds) if seconds > LONGEST_WAIT_S => {
                Err(faults::after(seconds, "it wants a longer pause than a minute"))
            }
            Some(seconds) => Ok(Duration::from_secs(seconds)),
            None => Ok(self.backoff(tries)),
        }
    }

    fn backoff(&self, tries: u32) -> Duration {
        self.pace.backoff * 2_u32.saturating_pow(tries.saturating_sub(1))
    }

    fn keep_gap(&self) -> Result<(), Fault> {
        let since = self.last.get().map(|last| self.clock.running().saturating_sub(last));
        match since {
            Some(since) if since < self.pace.gap => self.sleep(self.pace.gap - since),
            _ => self.sleep(Duration::ZERO),
        }
    }

    fn sleep(&self, time: Duration) -> Result<(), Fault> {
        if !time.is_zero() {
            self.clock.sleep(time, self.cancel);
        }
        if self.cancel.is_stopped() { Err(faults::stopped()) } else { Ok(()) }
    }
}

/// `{"error": {"reason": "QUOTA_EXCEEDED", …}}`.
fn reason_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Outer {
        error: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        reason: String,
    }
    serde_json::from_slice::<Outer>(body).ok().map(|outer| outer.error.reason)
}

#[cfg(test)]
mod tests;
