//! What is remembered of services, in memory, for tests of the services alone.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ferrotape_domain::{Fault, Hold, Incident, KeptAnswer, ServiceMemory, Standing};

#[derive(Debug, Default)]
struct Held {
    turns: HashMap<String, i64>,
    standings: HashMap<String, Standing>,
    incidents: Vec<Incident>,
    /// With the line that each is kept under.
    answers: HashMap<String, (String, KeptAnswer)>,
    notes: HashMap<(String, String), String>,
}

/// Names that somebody holds now.
type Names = Arc<Mutex<HashSet<String>>>;

/// Forgets all when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryOnly {
    held: Mutex<Held>,
    names: Names,
}

/// A name that is held.
struct Name {
    name: String,
    names: Names,
}

impl Drop for Name {
    fn drop(&mut self) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

impl MemoryOnly {
    /// All that is remembered, as text.
    pub fn everything(&self) -> String {
        let held = self.held();
        let answers = held.answers.iter();
        let answers: String = answers
            .map(|(key, (line, answer))| {
                format!("{line} | {key}\n{}\n", String::from_utf8_lossy(&answer.body))
            })
            .collect();
        let (standings, incidents, notes) = (&held.standings, &held.incidents, &held.notes);
        format!("{answers}{standings:?}\n{incidents:?}\n{notes:?}")
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServiceMemory for MemoryOnly {
    fn take_turn(&self, line: &str, now_ms: i64, gap_ms: i64) -> Result<i64, Fault> {
        let mut held = self.held();
        let next = held.turns.entry(line.to_owned()).or_insert(now_ms);
        let turn = (*next).max(now_ms);
        *next = turn + gap_ms;
        Ok(turn)
    }

    fn hold(&self, line: &str, name: &str) -> Result<Option<Hold>, Fault> {
        let name = format!("{line} {name}");
        let is_free = self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        Ok(is_free.then(|| Box::new(Name { name, names: Arc::clone(&self.names) }) as Hold))
    }

    fn standing(&self, line: &str) -> Result<Option<Standing>, Fault> {
        Ok(self.held().standings.get(line).cloned())
    }

    fn standings(&self) -> Result<Vec<Standing>, Fault> {
        let mut all: Vec<Standing> = self.held().standings.values().cloned().collect();
        all.sort_by(|a, b| a.line.cmp(&b.line));
        Ok(all)
    }

    fn went_well(&self, line: &str, now_ms: i64) -> Result<(), Fault> {
        let standing = Standing {
            line: line.to_owned(),
            down_since: None,
            last_good: Some(now_ms),
            failures: 0,
            not_before: 0,
            reason: String::new(),
        };
        let mut held = self.held();
        held.standings.insert(line.to_owned(), standing);
        let open = held.incidents.iter_mut().filter(|known| known.line == line && known.until.is_none());
        open.for_each(|known| known.until = Some(now_ms));
        Ok(())
    }

    fn went_wrong(&self, line: &str, now_ms: i64, not_before: i64, reason: &str) -> Result<(), Fault> {
        let mut held = self.held();
        let known = held.standings.get(line).cloned();
        let since = known.as_ref().and_then(|known| known.down_since);
        if since.is_none() {
            let (line, reason) = (line.to_owned(), reason.to_owned());
            held.incidents.push(Incident { line, from: now_ms, until: None, reason });
        }
        let standing = Standing {
            line: line.to_owned(),
            down_since: Some(since.unwrap_or(now_ms)),
            last_good: known.as_ref().and_then(|known| known.last_good),
            failures: known.map_or(0, |known| known.failures) + 1,
            not_before,
            reason: reason.to_owned(),
        };
        held.standings.insert(line.to_owned(), standing);
        Ok(())
    }

    fn incidents(&self, most: usize) -> Result<Vec<Incident>, Fault> {
        Ok(self.held().incidents.iter().rev().take(most).cloned().collect())
    }

    fn answer(&self, key: &str) -> Result<Option<KeptAnswer>, Fault> {
        Ok(self.held().answers.get(key).map(|(_, answer)| answer.clone()))
    }

    fn keep(&self, line: &str, key: &str, answer: &KeptAnswer) -> Result<(), Fault> {
        self.held().answers.insert(key.to_owned(), (line.to_owned(), answer.clone()));
        Ok(())
    }

    fn note(&self, line: &str, name: &str) -> Result<Option<String>, Fault> {
        Ok(self.held().notes.get(&(line.to_owned(), name.to_owned())).cloned())
    }

    fn keep_note(&self, line: &str, name: &str, value: &str) -> Result<(), Fault> {
        self.held().notes.insert((line.to_owned(), name.to_owned()), value.to_owned());
        Ok(())
    }
}
