//! Whether a line may be asked at all: after three failures in a row, when nobody is there, or as long as a service asked
//! for, it rests.
//!
//! Remembered, so that the next run does not knock again at once.

use std::sync::Arc;
use std::time::Duration;

use ferrotape_domain::{Cancel, ServiceMemory};

use super::Transport;
use super::body::{Head, Sink};
use super::request::Request;
use super::retries::jittered;
use super::trouble::{Trouble, TroubleKind};
use crate::clock::Clock;

/// So many failures in a row are bad luck.
pub(super) const BAD_LUCK: u32 = 2;
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Lets lines rest.
pub(super) struct Breaker<T> {
    within: T,
    memory: Arc<dyn ServiceMemory>,
    clock: Arc<dyn Clock>,
    /// Whether also lines that rest are asked.
    open: bool,
}

impl<T> Breaker<T> {
    pub(super) fn new(within: T, memory: Arc<dyn ServiceMemory>, clock: Arc<dyn Clock>) -> Self {
        Self { within, memory, clock, open: false }
    }

    /// The same letting all through, where that is wanted.
    pub(super) fn open_if(self, open: bool) -> Self {
        Self { open, ..self }
    }
}

impl<T: Transport> Transport for Breaker<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let line = &request.line.name;
        if !self.open {
            may_be_asked(&*self.memory, line, self.clock.now_ms())?;
        }
        let answer = self.within.send(request, sink, cancel);
        take_down(&*self.memory, line, self.clock.now_ms(), answer.as_ref().err());
        answer
    }
}

/// Refuses while a line rests.
pub(super) fn may_be_asked(memory: &dyn ServiceMemory, line: &str, now_ms: i64) -> Result<(), Trouble> {
    // What is not known does not stop anything.
    let Some(standing) = memory.standing(line).ok().flatten() else { return Ok(()) };
    let left = standing.not_before.saturating_sub(now_ms);
    // A clock that was set back must not make a line rest for years.
    let longest = i64::try_from(LONGEST_REST.as_millis()).unwrap_or(i64::MAX).saturating_mul(24 * 7);
    if left <= 0 || left > longest {
        return Ok(());
    }
    let rest = Duration::from_millis(left.unsigned_abs());
    let says = format!("it is not asked now, for {}", standing.reason);
    Err(Trouble::new(TroubleKind::Resting(rest), says))
}

/// Remembers how it went. Failing to remember is no failure.
pub(super) fn take_down(memory: &dyn ServiceMemory, line: &str, now_ms: i64, trouble: Option<&Trouble>) {
    match trouble {
        None => drop(memory.went_well(line, now_ms)),
        Some(trouble) if trouble.is_the_lines() => {
            let failures = memory.standing(line).ok().flatten().map_or(0, |standing| standing.failures);
            let rest = rest(trouble, failures.saturating_add(1));
            let until = now_ms.saturating_add(i64::try_from(rest.as_millis()).unwrap_or(i64::MAX));
            let not_before = if rest.is_zero() { 0 } else { until };
            drop(memory.went_wrong(line, now_ms, not_before, &trouble.says));
        }
        Some(_) => {}
    }
}

fn rest(trouble: &Trouble, failures: u32) -> Duration {
    match trouble.kind {
        TroubleKind::Busy(Some(asked)) => asked,
        // That was tried some times already.
        TroubleKind::Unreachable => longer(failures - 1),
        _ if failures <= BAD_LUCK => Duration::ZERO,
        _ => longer(failures - BAD_LUCK - 1),
    }
}

/// Each rest in a row is twice as long.
fn longer(before: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(before.min(16));
    jittered(FIRST_REST.saturating_mul(doubled).min(LONGEST_REST))
}
