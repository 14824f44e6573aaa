//! The connected account and Spotify's links, whose word is remembered for `ferrotape status` as that of every service is.
//! They have lines of their own and do not speak through the client.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use ferrotape_domain::{
    AccountSource, AnswerCache, Cancel, Fault, FaultKind, LinkLookup, Progress, Pulled, ServiceMemory,
};

use super::Network;

const LINE: &str = "spotify";

/// The account.
pub struct RememberedAccount<'a> {
    within: &'a dyn AccountSource,
    memory: Arc<dyn ServiceMemory>,
}

/// Its links.
pub struct RememberedLinks {
    within: Box<dyn LinkLookup>,
    memory: Arc<dyn ServiceMemory>,
}

impl Network {
    /// The account, remembering how it answers.
    pub fn remembering_account<'a>(&self, account: &'a dyn AccountSource) -> RememberedAccount<'a> {
        RememberedAccount { within: account, memory: Arc::clone(self.client().memory()) }
    }

    /// The links, remembering how they are answered.
    pub fn remembering_links(&self, links: impl LinkLookup + 'static) -> RememberedLinks {
        RememberedLinks { within: Box::new(links), memory: Arc::clone(self.client().memory()) }
    }
}

/// Only what is the service's own trouble counts: not that there is no such link, or that the user must sign in again.
/// Failing to remember is no failure.
fn take_down<T>(memory: &dyn ServiceMemory, said: &Result<T, Fault>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    match said {
        Err(Fault { kind: FaultKind::Temporary { retry_after_seconds }, reason, .. }) => {
            let rest = retry_after_seconds.and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(0);
            let next = if rest == 0 { 0 } else { now.saturating_add(rest.saturating_mul(1000)) };
            drop(memory.went_wrong(LINE, now, next, reason));
        }
        Ok(_) => drop(memory.went_well(LINE, now)),
        Err(_) => {}
    }
}

impl AccountSource for RememberedAccount<'_> {
    fn pull(
        &self,
        cache: &dyn AnswerCache,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Pulled, Fault> {
        let pulled = self.within.pull(cache, progress, cancel);
        // What nobody was asked says nothing of the service.
        let asked = pulled.as_ref().map_or(true, |pulled| pulled.asked > 0);
        if asked && !cancel.is_stopped() {
            take_down(self.memory.as_ref(), &pulled);
        }
        pulled
    }

    fn recorded(&self, cache: &dyn AnswerCache) -> Result<(), Fault> {
        self.within.recorded(cache)
    }
}

impl LinkLookup for RememberedLinks {
    fn follow(&self, short: &str) -> Result<String, Fault> {
        let said = self.within.follow(short);
        // A link that is long already is followed without asking anybody.
        if said.is_err() {
            take_down(self.memory.as_ref(), &said);
        }
        said
    }

    fn title(&self, address: &str) -> Result<Option<String>, Fault> {
        let said = self.within.title(address);
        take_down(self.memory.as_ref(), &said);
        said
    }
}
