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
/// The note of how many failures there were when no way led to a line, behind the time since when it is down: they say
/// little of the line itself.
const NO_WAY: &str = "failures without a way";

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
        if !answer.as_ref().is_ok_and(|head| self.is_down_all_the_same(line, head)) {
            take_down(&*self.memory, line, self.clock.now_ms(), answer.as_ref().err());
        }
        answer
    }
}

impl<T> Breaker<T> {
    /// A line that is down is not up again because it refuses: who asked judges that.
    fn is_down_all_the_same(&self, line: &str, head: &Head) -> bool {
        let refuses = (400..500).contains(&head.status) && !matches!(head.status, 404 | 410);
        let standing = || self.memory.standing(line).ok().flatten();
        refuses && standing().is_some_and(|standing| standing.down_since.is_some())
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
            let standing = memory.standing(line).ok().flatten();
            let failures = standing.as_ref().map_or(0, |standing| standing.failures).saturating_add(1);
            let since = standing.and_then(|standing| standing.down_since).unwrap_or(now_ms);
            let counted = failures.saturating_sub(without_a_way(memory, line, since)).max(1);
            let rest = rest(trouble, counted);
            let until = now_ms.saturating_add(i64::try_from(rest.as_millis()).unwrap_or(i64::MAX));
            let not_before = if rest.is_zero() { 0 } else { until };
            drop(memory.went_wrong(line, now_ms, not_before, &trouble.says));
            if trouble.kind == TroubleKind::NoWay {
                drop(memory.keep_note(line, NO_WAY, &format!("{since} {failures}")));
            }
        }
        Some(_) => {}
    }
}

/// How many of the failures since then were before a way led to the line again.
fn without_a_way(memory: &dyn ServiceMemory, line: &str, since: i64) -> u32 {
    let note = memory.note(line, NO_WAY).ok().flatten().unwrap_or_default();
    match note.split_once(' ') {
        Some((of, failures)) if of == since.to_string() => failures.parse().unwrap_or(0),
        _ => 0,
    }
}

fn rest(trouble: &Trouble, failures: u32) -> Duration {
    match trouble.kind {
        TroubleKind::Busy(Some(asked)) => asked,
        // That was tried some times already.
        TroubleKind::Unreachable => longer(failures.saturating_sub(1)),
        // Without a network here nobody can be reached, however often that is tried; that is no reason to rest for long.
        TroubleKind::NoWay => longer(0),
        _ if failures <= BAD_LUCK => Duration::ZERO,
        _ => longer(failures - BAD_LUCK - 1),
    }
}

/// Each rest in a row is twice as long.
fn longer(before: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(before.min(16));
    jittered(FIRST_REST.saturating_mul(doubled).min(LONGEST_REST))
}

#[cfg(test)]
mod tests {
    use ferrotape_testkit::MemoryOnly;

    use super::*;

    /// How long the line rests after that, in milliseconds.
    fn rests(memory: &MemoryOnly, now_ms: i64, trouble: &Trouble) -> i64 {
        take_down(memory, "line", now_ms, Some(trouble));
        let standing = memory.standing("line").ok().flatten();
        standing.map_or(0, |standing| standing.not_before.saturating_sub(now_ms).max(0))
    }

    #[test]
    fn a_time_without_a_network_does_not_double_the_rest() {
        let memory = MemoryOnly::default();
        let first = 20_000..=40_000;
        for now in 1..=20 {
            let rest = rests(&memory, now * 1_000_000, &Trouble::no_way("no way"));
            assert!(first.contains(&rest), "{rest} after {now} times");
        }
        // What comes then is counted from its own beginning.
        let refused = Trouble::unreachable("refused");
        let rest = rests(&memory, 30_000_000, &refused);
        assert!(first.contains(&rest), "{rest}");
        let rest = rests(&memory, 31_000_000, &refused);
        assert!((45_000..=75_000).contains(&rest), "{rest}");
        // And so is what comes after a good answer.
        take_down(&memory, "line", 40_000_000, None);
        let after = [41_000_000, 42_000_000, 43_000_000];
        let rests = after.map(|now| rests(&memory, now, &Trouble::passing("500")));
        assert!(rests[..2] == [0, 0] && first.contains(&rests[2]), "{rests:?}");
    }

    #[test]
    fn a_server_where_nobody_is_rests_at_once_and_ever_longer() {
        let memory = MemoryOnly::default();
        let refused = Trouble::unreachable("refused");
        let rests = [1, 2, 3, 4, 5].map(|now| rests(&memory, now * 1_000_000, &refused));
        assert!(rests[0] >= 20_000 && rests[4] >= 300_000, "{rests:?}");
    }
}
