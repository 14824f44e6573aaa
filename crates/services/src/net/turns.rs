//! Waiting for one's turn: so many at the same time, and a gap between any two, all processes counted.
//!
//! One turn at a time and no burst: services count over windows, and a burst at the beginning of one breaks the limit.
//!
//! A place among those at the same time is had in this process first, where who frees one wakes the next, and then among
//! all processes, which can only look now and then. A request holds places of its own line alone, so that no two can wait
//! for each other.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ferrotape_domain::{Cancel, Hold, ServiceMemory};

use super::body::{Head, Sink};
use super::request::{Line, Request};
use super::trouble::Trouble;
use super::{Transport, Ways};
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
    /// Waiting for other processes is told of after so long, once for each line.
    told_after: Duration,
    on_wait: Option<fn(&str)>,
    told: Mutex<HashSet<String>>,
    /// After so long nobody is waited for any more on that line: a process that was stopped holds its turn, and asks nothing.
    longest: Duration,
    /// Those lines.
    gave_up: Mutex<HashSet<String>>,
}

/// How often a long wait looks whether to stop, and whether another process has freed a place.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A short one is to lose little.
const LOOK_FIRST: Duration = Duration::from_millis(1);
/// So many times as long as an answer is waited for.
const LONGEST: u32 = 10;
/// So many wait in their order; who comes then is one of them by chance.
const ROW: usize = 2;

impl<T> Turns<T> {
    pub(super) fn new(within: T, memory: Arc<dyn ServiceMemory>, clock: Arc<dyn Clock>, ways: &Ways) -> Self {
        Self {
            within,
            memory,
            clock,
            hurry: ways.stand_in.is_some(),
            busy: Mutex::default(),
            freed: Condvar::new(),
            told_after: ways.patience / 10,
            on_wait: ways.on_wait,
            told: Mutex::default(),
            longest: ways.patience.saturating_mul(LONGEST),
            gave_up: Mutex::default(),
        }
    }

    /// A place among those of this process that ask at the same time; freed when it is dropped.
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

    /// The same among all processes; `None` where they cannot hold anything against each other, or one holds on for too
    /// long. Who waits stands in a row, and the first of it gets what comes free: a process that asks and asks would else
    /// always be there before one that looks now and then.
    fn place_among_all(&self, line: &Line, cancel: &Cancel) -> Result<Option<Hold>, Trouble> {
        let (began, at_once) = (Instant::now(), line.at_once.max(1));
        let mut row = None;
        for number in (1..=ROW).rev() {
            // Those with more places have a row of their own: those with fewer may wait for hours.
            let step = [format!("next-{number}-of-{at_once}")];
            // What was held before is let go once this is held.
            row = self.one_of(&step, line, began, cancel)?;
        }
        // The last first, which are not for those with fewer.
        let places: Vec<String> = (1..=at_once).rev().map(|number| number.to_string()).collect();
        let place = self.one_of(&places, line, began, cancel);
        drop(row);
        place
    }

    /// Holds the first of these names that no other holds.
    fn one_of(
        &self,
        names: &[String],
        line: &Line,
        began: Instant,
        cancel: &Cancel,
    ) -> Result<Option<Hold>, Trouble> {
        loop {
            for name in names {
                match self.memory.hold(&line.name, name) {
                    Ok(Some(hold)) => return Ok(Some(hold)),
                    Ok(None) => {}
                    Err(_) => return Ok(None),
                }
            }
            if cancel.is_stopped() {
                return Err(Trouble::stopped());
            }
            let waited = began.elapsed();
            let mut gave_up = self.gave_up.lock().unwrap_or_else(PoisonError::into_inner);
            if waited >= self.longest {
                gave_up.insert(line.name.clone());
            }
            if gave_up.contains(&line.name) {
                return Ok(None);
            }
            drop(gave_up);
            if waited >= self.told_after {
                self.tell(line);
            }
            thread::sleep((waited / 10).clamp(LOOK_FIRST, LOOK_EVERY));
        }
    }

    fn tell(&self, line: &Line) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(line.name.clone())
            && let Some(on_wait) = self.on_wait
        {
            on_wait(&line.name);
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
        let _here = self.place(&request.line, cancel)?;
        let _among_all = self.place_among_all(&request.line, cancel)?;
        self.wait(&request.line, cancel)?;
        self.within.send(request, sink, cancel)
    }
}
