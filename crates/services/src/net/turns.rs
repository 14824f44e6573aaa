//! Waiting for one's turn: so many at the same time in this process, and a gap between any two of all processes.
//!
//! One turn at a time and no burst: services count over windows, and a burst at the beginning of one breaks the limit.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ferrotape_domain::{Cancel, ServiceMemory};

use super::Transport;
use super::body::{Head, Sink};
use super::request::{Line, Request};
use super::trouble::Trouble;
use crate::clock::Clock;

/// Holds requests back until it is their turn.
pub(super) struct Turns<T> {
    within: T,
    memory: Arc<dyn ServiceMemory>,
    clock: Arc<dyn Clock>,
    /// A stand-in on this computer needs no gaps.
    hurry: bool,
    busy: Mutex<HashMap<String, usize>>,
    freed: Condvar,
}

/// How often a long wait looks whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);

impl<T> Turns<T> {
    pub(super) fn new(within: T, memory: Arc<dyn ServiceMemory>, clock: Arc<dyn Clock>, hurry: bool) -> Self {
        Self { within, memory, clock, hurry, busy: Mutex::default(), freed: Condvar::new() }
    }

    /// A place among those that ask at the same time; freed when it is dropped.
    fn place(&self, line: &Line, cancel: &Cancel) -> Result<Place<'_, T>, Trouble> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if cancel.is_stopped() {
                return Err(Trouble::stopped());
            }
            let here = busy.entry(line.name.clone()).or_default();
            if *here < line.at_once.max(1) {
                *here += 1;
                return Ok(Place { turns: self, line: line.name.clone() });
            }
            busy = self.freed.wait_timeout(busy, LOOK_EVERY).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn wait(&self, line: &Line, cancel: &Cancel) -> Result<(), Trouble> {
        if !self.hurry && !line.gap.is_zero() {
            let gap = i64::try_from(line.gap.as_millis()).unwrap_or(i64::MAX);
            let now = self.clock.now_ms();
            // Where turns cannot be remembered, a whole gap is waited.
            let at = self.memory.take_turn(&line.name, now, gap).unwrap_or(now.saturating_add(gap));
            let wait = u64::try_from(at.saturating_sub(now)).unwrap_or(0);
            self.clock.sleep(Duration::from_millis(wait), cancel);
        }
        if cancel.is_stopped() { Err(Trouble::stopped()) } else { Ok(()) }
    }
}

struct Place<'a, T> {
    turns: &'a Turns<T>,
    line: String,
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        let mut busy = self.turns.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = busy.get_mut(&self.line) {
            *here = here.saturating_sub(1);
        }
        self.turns.freed.notify_all();
    }
}

impl<T: Transport> Transport for Turns<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let _place = self.place(&request.line, cancel)?;
        self.wait(&request.line, cancel)?;
        self.within.send(request, sink, cancel)
    }
}
