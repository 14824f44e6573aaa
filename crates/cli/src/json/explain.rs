//! The `--json` forms of what led to an answer, and of policies.

use ferrotape_domain::{Decision, Match, Verdict};
use ferrotape_engine::Allowed;
use ferrotape_engine::explain::{Considered, Explained};
use ferrotape_engine::matching::Answer;
use ferrotape_engine::policies::PolicyOfList;
use ferrotape_engine::report::{Lies, NotCome};
use ferrotape_engine::store::{StoredFact, StoredWanted};
use serde_json::{Value, json};

pub(crate) fn explained(explained: &Explained) -> Value {
    let near: Vec<Value> = explained
        .near
        .iter()
        .map(|near| {
            json!({
                "path": near.offer.path.to_string_lossy(), "score": near.found.score,
                "evidence": evidence(&near.found), "rejected": near.rejected, "is_answer": near.is_answer,
                "substitute": near.found.substitute,
            })
        })
        .collect();
    let lists: Vec<Value> = explained
        .policy
        .lists
        .iter()
        .map(|(name, said)| json!({ "name": name, "allowed": allowed(*said) }))
        .collect();
    let (answer, why) = answer(&explained.answer);
    let not_come = |last: &NotCome| json!({ "target": last.target, "at": last.at, "outcome": last.outcome, "says": last.says });
    let lies = |one: &Lies| json!({ "target": one.target, "at": one.at, "path": one.path });
    json!({
        "on_player": explained.on_player.iter().map(lies).collect::<Vec<_>>(),
        "not_come": explained.not_come.iter().map(not_come).collect::<Vec<_>>(),
        "wanted": wanted(&explained.wanted),
        "listening": super::listening(&explained.listening),
        "descriptions": explained.descriptions.iter().map(super::library::description).collect::<Vec<_>>(),
        "answer": answer, "why": why, "known": explained.known.iter().map(known).collect::<Vec<_>>(),
        "broken": explained.broken,
        "gone": explained.gone.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "decision": explained.decision.as_ref().map(decision),
        "policy": { "allowed": allowed(explained.policy.allowed), "lists": lists },
        "floor": explained.floor, "margin": explained.margin, "near": near, "more": explained.more,
        "next": explained.next(), "would_do": explained.would_do,
    })
}

fn known(known: &StoredFact) -> Value {
    json!({
        "service": known.service, "what": known.fact.word(), "value": known.fact.value(),
        "by": known.known_by.as_str(),
    })
}

/// The things that a text may mean.
pub(crate) fn meant(several: &[StoredWanted]) -> Value {
    several.iter().map(wanted).collect()
}

pub(crate) fn considered(considered: &Considered) -> Value {
    let near: Vec<Value> = considered
        .near
        .iter()
        .map(|near| {
            let (answer, why) = answer(&near.answer);
            let taken =
                matches!(&near.answer, Answer::File(found) if found.file_id == considered.offer.file_id);
            json!({
                "wanted": wanted(&near.wanted), "score": near.found.score, "evidence": evidence(&near.found),
                "rejected": near.rejected, "answer": answer, "why": why, "is_answer": taken,
            })
        })
        .collect();
    json!({ "path": considered.offer.path.to_string_lossy(), "considered_for": near })
}

pub(crate) fn policies(lists: &[PolicyOfList]) -> Value {
    let one = |list: &PolicyOfList| {
        json!({
            "name": list.name, "allowed": allowed(list.allowed), "by_default": !list.said,
            "items": list.things, "held_back": list.held_back, "newest": list.newest,
        })
    };
    lists.iter().map(one).collect()
}

pub(super) fn wanted(stored: &StoredWanted) -> Value {
    let wanted = &stored.wanted;
    let milliseconds = wanted.duration.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    json!({
        "number": stored.id, "kind": wanted.kind.as_str(), "title": wanted.title,
        "artist": wanted.artists.to_string(), "album": wanted.release, "duration_ms": milliseconds,
        "isrc": wanted.isrc.as_ref().map(ToString::to_string),
        "recording_mbid": wanted.recording_mbid.as_ref().map(ToString::to_string),
        "link": wanted.spotify.as_ref().map(|uri| uri.web_address()),
    })
}

fn answer(answer: &Answer) -> (&'static str, Option<&str>) {
    match answer {
        Answer::File(_) => ("chosen", None),
        Answer::Files(_, why) => ("chosen", Some(why)),
        Answer::Review(_, why) => ("review", Some(why)),
        Answer::None(why) => ("none", Some(why)),
        Answer::LeftOut(why) => ("left_out", Some(why)),
        Answer::NotYet(what) => ("not_yet", Some(what)),
    }
}

fn decision(decision: &Decision) -> Value {
    let (says, path) = match &decision.verdict {
        Verdict::UseFile { path, .. } => ("use_file", Some(path)),
        Verdict::NoneOfThese { .. } => ("none_of", None),
        Verdict::LeaveOut => ("leave_out", None),
    };
    json!({ "says": says, "path": path, "at": decision.decided_at })
}

fn allowed(allowed: Allowed) -> Value {
    json!({
        "remaster": allowed.remaster, "edition": allowed.edition, "live": allowed.live,
        "never_clean": allowed.never_clean,
    })
}

fn evidence(found: &Match) -> Vec<Value> {
    let one = |evidence: &ferrotape_domain::Evidence| json!({ "kind": evidence.kind, "weight": evidence.weight, "says": evidence.says });
    found.evidence.iter().map(one).collect()
}
