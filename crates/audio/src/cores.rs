//! The machine's cores, shared between files and between pieces of one file.
//!
//! Whoever works holds a [`Core`], so never more threads work than there are cores, whatever mixture of files, segments
//! and steps they work on. A file waits for its first core; further ones for the same file are only taken when nobody
//! else wants them. Rejected: a work-stealing pool, where a thread that waits for its own segments begins another file
//! and holds back the first.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, PoisonError};

/// How many threads may work at the same time.
#[derive(Debug)]
pub struct Cores {
    free: Mutex<usize>,
    given_back: Condvar,
}

impl Cores {
    /// `count` cores.
    pub fn new(count: NonZeroUsize) -> Self {
        Self { free: Mutex::new(count.get()), given_back: Condvar::new() }
    }

    /// As many as this program may use.
    pub fn all() -> Self {
        Self::new(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// Waits for a core.
    pub(crate) fn take(&self) -> Core<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free =
            self.given_back.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Core(self)
    }

    /// A core that nobody uses, if there is one.
    pub(crate) fn take_spare(&self) -> Option<Core<'_>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Core(self))
    }
}

/// The right to work on one thread, until it is dropped.
#[derive(Debug)]
pub(crate) struct Core<'a>(&'a Cores);

impl Drop for Core<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
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
        assert_eq!(*cores.free.lock().unwrap(), 2);
    }
}
