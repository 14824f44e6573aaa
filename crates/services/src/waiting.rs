//! Waiting for what cannot be interrupted, such as a server that says nothing: it runs on a thread of its own, which is left
//! behind when the user stops. It ends by its own time limits, or with the program.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use ferrotape_domain::Cancel;

/// How often it is looked whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What comes from such a thread.
pub(crate) struct Coming<T>(Receiver<T>);

impl<T: Send + 'static> Coming<T> {
    /// Lets `work` send what comes; it should end when nobody takes that any more. Where no thread can be had, nothing comes.
    pub(crate) fn from(work: impl FnOnce(&SyncSender<T>) + Send + 'static) -> Self {
        let (came, coming) = sync_channel(1);
        drop(thread::Builder::new().spawn(move || work(&came)));
        Self(coming)
    }

    /// The next that comes; `None` where nothing comes any more, or the user stopped.
    pub(crate) fn next(&self, cancel: &Cancel) -> Option<T> {
        loop {
            if cancel.is_stopped() {
                return None;
            }
            match self.0.recv_timeout(LOOK_EVERY) {
                Ok(came) => return Some(came),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}
