//! The drill: services that are refused as if they were down, without anything of it being remembered.

use std::collections::BTreeSet;
use std::sync::Arc;

use ferrotape_domain::{Cancel, Fault, Hold, Incident, KeptAnswer, ServiceMemory, Standing};

use super::Transport;
use super::body::{Head, Sink};
use super::request::Request;
use super::trouble::{Trouble, TroubleKind};

/// Stands before the turns, since what is refused need not wait for one, and is shut for some.
pub(super) struct Door<T> {
    within: T,
    down: BTreeSet<String>,
}

impl<T> Door<T> {
    pub(super) fn new(within: T, down: BTreeSet<String>) -> Self {
        Self { within, down }
    }
}

impl<T: Transport> Transport for Door<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let service = request.line.service();
        // `subsonic` shuts every server of that kind.
        let kind = service.split(':').next().unwrap_or_default();
        if [service, kind, request.line.name.as_str(), "all"].iter().any(|name| self.down.contains(*name)) {
            return Err(Trouble::new(TroubleKind::Shut, "it is down, says the drill"));
        }
        self.within.send(request, sink, cancel)
    }
}

/// Reads what `memory` knows and keeps nothing.
pub(super) fn forgetful(memory: Arc<dyn ServiceMemory>) -> Arc<dyn ServiceMemory> {
    Arc::new(Forgetful(memory))
}

struct Forgetful(Arc<dyn ServiceMemory>);

impl ServiceMemory for Forgetful {
    fn take_turn(&self, line: &str, now_ms: i64, gap_ms: i64) -> Result<i64, Fault> {
        // Services that are not down are asked in earnest, and politely.
        self.0.take_turn(line, now_ms, gap_ms)
    }

    fn hold(&self, line: &str, name: &str) -> Result<Option<Hold>, Fault> {
        self.0.hold(line, name)
    }

    fn standing(&self, line: &str) -> Result<Option<Standing>, Fault> {
        self.0.standing(line)
    }

    fn standings(&self) -> Result<Vec<Standing>, Fault> {
        self.0.standings()
    }

    fn went_well(&self, _line: &str, _now_ms: i64) -> Result<(), Fault> {
        Ok(())
    }

    fn went_wrong(&self, _line: &str, _now_ms: i64, _not_before: i64, _reason: &str) -> Result<(), Fault> {
        Ok(())
    }

    fn incidents(&self, most: usize) -> Result<Vec<Incident>, Fault> {
        self.0.incidents(most)
    }

    fn answer(&self, key: &str) -> Result<Option<KeptAnswer>, Fault> {
        self.0.answer(key)
    }

    fn keep(&self, _line: &str, _key: &str, _answer: &KeptAnswer) -> Result<(), Fault> {
        Ok(())
    }

    fn note(&self, line: &str, name: &str) -> Result<Option<String>, Fault> {
        self.0.note(line, name)
    }

    fn keep_note(&self, _line: &str, _name: &str, _value: &str) -> Result<(), Fault> {
        Ok(())
    }
}
