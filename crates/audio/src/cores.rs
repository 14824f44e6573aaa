//! The machine's cores, shared between files and between pieces of one file.
//!
//! Whoever works holds a [`Core`], so never more threads work than there are cores, whatever mixture of files, segments
//! and steps they work on. A file waits for its first core; further ones for the same file are only taken when nobody
//! else wants them, and given back as soon as somebody does: a file of its own keeps a core busier than a second thread
//! of another. Rejected: a work-stealing pool, where a thread that waits for its own segments begins another file and
//! holds back the first.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many threads may work at the same time.
#[derive(Debug)]
pub struct Cores {
    counts: Mutex<Counts>,
    given_back: Condvar,
}

#[derive(Debug)]
struct Counts {
    free: usize,
    /// Files that wait for their first core.
    waiting: usize,
}

impl Cores {
    /// `count` cores.
    pub fn new(count: NonZeroUsize) -> Self {
        let counts = Counts { free: count.get(), waiting: 0 };
        Self { counts: Mutex::new(counts), given_back: Condvar::new() }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As many as this program may use.
    pub fn all() -> Self {
        Self::new(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// Waits for a core.
    pub(crate) fn take(&self) -> Core<'_> {
        let mut counts = self.counts();
        counts.waiting += 1;
        let none = |counts: &mut Counts| counts.free == 0;
        let mut counts = self.given_back.wait_while(counts, none).unwrap_or_else(PoisonError::into_inner);
        counts.waiting -= 1;
        counts.free -= 1;
        Core(self)
    }

    /// A core that nobody uses and nobody waits for, if there is one.
    pub(crate) fn take_spare(&self) -> Option<Core<'_>> {
        let mut counts = self.counts();
        if counts.waiting > 0 {
            return None;
        }
        counts.free = counts.free.checked_sub(1)?;
        Some(Core(self))
    }

    /// Whether a file waits for a core, so that a spare one should be given back.
    pub(crate) fn are_wanted(&self) -> bool {
        self.counts().waiting > 0
    }
}

/// The right to work on one thread, until it is dropped.
#[derive(Debug)]
pub(crate) struct Core<'a>(&'a Cores);

impl Drop for Core<'_> {
    fn drop(&mut self) {
        self.0.counts().free += 1;
        self.0.given_back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_cores_are_given_than_there_are() {
        let cores = Cores::new(NonZeroUsize::new(2).unwrap());
        let first = cores.take();
        let second = cores.take_spare();
        assert!(second.is_some() && cores.take_spare().is_none());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| drop(cores.take()));
            drop(first);
            waiting.join().unwrap();
        });
        drop(second);
        assert_eq!(cores.counts().free, 2);
    }

    #[test]
    fn a_spare_core_is_given_back_to_a_file_that_waits() {
        let cores = Cores::new(NonZeroUsize::new(2).unwrap());
        let (first, spare) = (cores.take(), cores.take_spare().unwrap());
        assert!(!cores.are_wanted());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| cores.take());
            while !cores.are_wanted() {
                std::thread::yield_now();
            }
            drop(spare);
            let second = waiting.join().unwrap();
            assert!(!cores.are_wanted() && cores.take_spare().is_none());
            drop(second);
        });
        assert!(cores.take_spare().is_some());
        drop(first);
    }
}
