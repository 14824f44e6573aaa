//! What services know, as text.

use ferrotape_engine::lookup::{LookedUp, Question, ServiceAsked};

use super::NAMED;
use crate::output::{counted, line, moment, plain};

/// `stale`: who was answered for from what was kept, from when, and why.
pub(crate) fn looked_up(all: &LookedUp, stale: &[(String, i64, String)]) {
    for service in &all.services {
        line(&plain(&one(service)));
        for (what, why) in service.unusable.iter().take(NAMED) {
            line(&plain(&format!("  {what}: {why}")));
        }
    }
    for (service, at, because) in stale {
        line(&plain(&format!("{service}: {because}; what it said on {} was used.", moment(*at))));
    }
    let found: u64 = all.services.iter().map(|service| service.found).sum();
    if found > 0 {
        line("The next `ferrotape convert` uses it.");
    }
}

fn one(service: &ServiceAsked) -> String {
    let (one, more, knows) = match service.question {
        Question::Recordings => ("thing", "things", "it knows"),
        Question::Sounds => ("file", "files", "it knows the sound of"),
        Question::Covers => ("album", "albums", "it has covers of"),
        Question::Lyrics => ("track", "tracks", "it has lyrics of"),
    };
    let mut text = match (service.asked, service.left) {
        (0, 0) => format!("{}: nothing new to ask", service.name),
        (0, _) => format!("{}: nothing was asked", service.name),
        _ => format!(
            "{}: asked of {}, {knows} {}",
            service.name,
            counted(service.asked, one, more),
            service.found
        ),
    };
    if service.left > 0 {
        text += &format!("; {} still to be asked of", counted(service.left, one, more));
    }
    for (lacks, count) in &service.cannot {
        let have = if *count == 1 { "it has" } else { "they have" };
        text += &format!("; {} cannot be asked of, as {have} no {lacks}", counted(*count, one, more));
    }
    if !service.unusable.is_empty() {
        let answers = counted(service.unusable.len() as u64, "answer", "answers");
        text += &format!("; {answers} could not be used, and will be asked for again");
    }
    if let Some(fault) = &service.fault {
        text += &format!(" – {}", fault.reason);
    }
    text
}
