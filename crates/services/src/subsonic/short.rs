//! Lists that come shorter than what the server counts. A page that was cut looks like the end, and the mark does not change
//! when it is given whole later: so the mark of such a list is another one every day, and the list is asked for again.
//!
//! To believe it for ever was rejected for what it hides, to refuse it as well: some servers count more than they list, such
//! as what they no longer have.

use std::sync::atomic::Ordering;

use super::calls::Server;

/// Under which name it is remembered how much came of how many; empty where nothing is missing.
const NOTE: &str = "short-list";
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Whether so many are fewer than the server counts.
pub(super) fn is_short(server: &Server, seen: usize) -> bool {
    (seen as u64) < server.counted.load(Ordering::Relaxed)
}

/// Remembers how a list came out. Where nobody counted, nothing is known of it.
pub(super) fn take_down(server: &Server, seen: usize) {
    let counted = server.counted.load(Ordering::Relaxed);
    if counted == 0 {
        return;
    }
    let now = if is_short(server, seen) { format!("{seen} of the {counted}") } else { String::new() };
    if known(server) != now {
        drop(server.net.memory().keep_note(&server.line.name, NOTE, &now));
    }
}

/// What makes the mark of a short list another one every day; empty where the list was whole.
pub(super) fn today(server: &Server) -> String {
    match known(server).is_empty() {
        true => String::new(),
        false => format!(" short on day {}", server.net.now_ms().div_euclid(DAY_MS)),
    }
}

/// What is to be said where a thing is not in such a list.
pub(super) fn says(server: &Server) -> Option<String> {
    let known = known(server);
    let name = &server.line.name;
    (!known.is_empty())
        .then(|| format!("{name} lists {known} tracks that it counts, and is listed again once a day"))
}

fn known(server: &Server) -> String {
    server.net.memory().note(&server.line.name, NOTE).ok().flatten().unwrap_or_default()
}
