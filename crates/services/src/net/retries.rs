//! Asking again, where that may help: after the pause that the service asks for, else after one that doubles.

use std::sync::Arc;
use std::time::Duration;

use ferrotape_domain::Cancel;
use serde::de::IgnoredAny;

use super::Transport;
use super::body::{Head, Sink, Whole};
use super::request::{Request, Told};
use super::trouble::{Trouble, TroubleKind};
use crate::clock::Clock;

/// One request is sent so often.
pub(super) const TRIES: u32 = 4;
/// So often where nobody is there.
const TRIES_UNREACHABLE: u32 = 3;
/// So often where no answer comes in time: all that waits for it has waited for half a minute then, each time.
const TRIES_SLOW: u32 = 2;
/// A longer pause than this is not waited for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A pause longer than this is none that a service means.
const LONGEST_PAUSE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Asks what is within again.
pub(super) struct Retries<T> {
    within: T,
    clock: Arc<dyn Clock>,
    hurry: bool,
    most: u32,
}

impl<T> Retries<T> {
    pub(super) fn new(within: T, clock: Arc<dyn Clock>, hurry: bool) -> Self {
        Self { within, clock, hurry, most: TRIES }
    }

    /// The same without asking again, where that is wanted.
    pub(super) fn once_if(self, once: bool) -> Self {
        Self { most: if once { 1 } else { self.most }, ..self }
    }
}

impl<T: Transport> Transport for Retries<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let mut tries = 0;
        loop {
            let mut whole = Whole::new(request.max_bytes);
            let answer = self.within.send(request, &mut whole, cancel);
            let trouble = match answer.and_then(|head| stands(head, request, &whole, self.clock.now_ms())) {
                Ok(head) => {
                    if sink.begin(&head)? {
                        sink.take(&whole.bytes)?;
                    }
                    return Ok(head);
                }
                Err(trouble) => trouble,
            };
            tries += 1;
            let most = if trouble.kind == TroubleKind::Slow { TRIES_SLOW.min(self.most) } else { self.most };
            let wait = pause(&trouble, tries, self.hurry).filter(|_| tries < most);
            let Some(wait) = wait else { return Err(given_up(trouble, tries)) };
            self.clock.sleep(wait, cancel);
            if cancel.is_stopped() {
                return Err(Trouble::stopped());
            }
        }
    }
}

fn given_up(trouble: Trouble, tries: u32) -> Trouble {
    match (tries, trouble.kind) {
        (TRIES, _)
        | (TRIES_UNREACHABLE, TroubleKind::Unreachable | TroubleKind::NoWay)
        | (TRIES_SLOW, TroubleKind::Slow) => {
            Trouble { says: format!("{}, {tries} times in a row", trouble.says), ..trouble }
        }
        _ => trouble,
    }
}

/// Whether the answer is one, and not a sign of trouble.
fn stands(head: Head, request: &Request, whole: &Whole, now_ms: i64) -> Result<Head, Trouble> {
    if let Some(trouble) = trouble_of(&head, now_ms).or_else(|| too_often(&head, request, now_ms)) {
        return Err(trouble);
    }
    let wants_json =
        request.headers.iter().any(|(name, value)| *name == "accept" && value == "application/json");
    let is_json = || serde_json::from_slice::<IgnoredAny>(&whole.bytes).is_ok();
    if wants_json && matches!(head.status, 200..=203) && !is_json() {
        return Err(Trouble::passing(match is_web_page(&whole.bytes) {
            true => "it answers with a web page instead (maintenance?)",
            false => "it answers with something else than it should",
        }));
    }
    let told = request.told.filter(|_| matches!(head.status, 200..=203)).and_then(|told| told(&whole.bytes));
    match told {
        Some(told) => Err(of_told(told, &head, now_ms)),
        None => Ok(head),
    }
}

/// Errors may be XML as well; a page says that it is one.
fn is_web_page(bytes: &[u8]) -> bool {
    let begins = |with: &[u8]| {
        bytes.trim_ascii_start().get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
    };
    begins(b"<!doctype html") || begins(b"<html")
}

fn of_told(told: Told, head: &Head, now_ms: i64) -> Trouble {
    match told {
        Told::Passing(says) => Trouble::passing(says),
        Told::Busy => {
            let asked = head.header("retry-after").and_then(|value| retry_after(value, now_ms));
            Trouble::new(TroubleKind::Busy(asked), "it is asked too often")
        }
        Told::Hopeless(says) => Trouble::hopeless(says),
        Told::NeedsUser(says) => Trouble::new(TroubleKind::NeedsUser, says),
    }
}

/// What a status says of a service in trouble.
pub(super) fn trouble_of(head: &Head, now_ms: i64) -> Option<Trouble> {
    let status = head.status;
    let asked = head.header("retry-after").and_then(|value| retry_after(value, now_ms));
    match status {
        429 => Some(Trouble::new(TroubleKind::Busy(asked), "it is asked too often")),
        503 | 504 if asked.is_some() => {
            Some(Trouble::new(TroubleKind::Busy(asked), format!("it asks for a pause (status {status})")))
        }
        408 | 425 | 500..=599 => {
            Some(Trouble::passing(format!("it has trouble of its own (status {status})")))
        }
        _ => None,
    }
}

/// What a status says that means this of one service alone.
fn too_often(head: &Head, request: &Request, now_ms: i64) -> Option<Trouble> {
    let (status, rest) = request.busy.filter(|(status, _)| *status == head.status)?;
    let asked = head.header("retry-after").and_then(|value| retry_after(value, now_ms));
    let says = format!("it is asked too often (status {status})");
    Some(Trouble::new(TroubleKind::Busy(Some(asked.unwrap_or(rest))), says))
}

/// Seconds, or a date.
fn retry_after(value: &str, now_ms: i64) -> Option<Duration> {
    let value = value.trim();
    let pause = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
            Duration::from_millis(u64::try_from(at.as_millisecond().saturating_sub(now_ms)).unwrap_or(0))
        }
    };
    Some(pause.min(LONGEST_PAUSE))
}

/// How long to wait before the next try; `None` where there is to be none.
pub(super) fn pause(trouble: &Trouble, tries: u32, hurry: bool) -> Option<Duration> {
    match trouble.kind {
        TroubleKind::Busy(Some(asked)) => (asked <= LONGEST_WAIT).then_some(asked),
        TroubleKind::Unreachable | TroubleKind::NoWay if tries >= TRIES_UNREACHABLE => None,
        TroubleKind::Busy(None)
        | TroubleKind::Passing
        | TroubleKind::Slow
        | TroubleKind::Unreachable
        | TroubleKind::NoWay => {
            let first = Duration::from_millis(if hurry { 10 } else { 1000 });
            Some(jittered(first * 2_u32.saturating_pow(tries.saturating_sub(1))))
        }
        _ => None,
    }
}

/// Between four and six fifths of it, so that many who fail together do not come back together.
pub(super) fn jittered(time: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    // Without randomness there is no jitter, and no harm.
    let random = getrandom::fill(&mut byte).map_or(0.5, |()| f64::from(byte[0]) / 255.0);
    time.mul_f64(0.8 + 0.4 * random)
}
