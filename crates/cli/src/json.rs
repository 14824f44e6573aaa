//! The `--json` forms of results. Documented in docs/json.md; domain types have none of their own.

mod explain;
mod export;
mod gather;
mod inbox;
mod library;
mod lookup;
mod player;
mod refresh;
mod rip;
mod shop;

pub(crate) use explain::{considered, explained, meant, policies};
pub(crate) use gather::{came_from, gathered};
pub(crate) use inbox::inbox;
pub(crate) use library::{list_change, list_step, list_then, snapshot};
pub(crate) use lookup::looked_up;
pub(crate) use player::{device, ejected, mtp_player, player};
pub(crate) use refresh::refreshed;
pub(crate) use rip::ripped;
pub(crate) use shop::shopping;

pub(crate) use export::exported;

use std::path::PathBuf;

use ferrotape_domain::{FileAccount, ImportProblem};
use ferrotape_engine::convert::{Conversion, ConversionPlan, Stopped};
use ferrotape_engine::device::WhyRemoved;
use ferrotape_engine::doctor::{Examination, GoneForGood};
use ferrotape_engine::matching::{Answer, Matched, Matching};
use ferrotape_engine::report::ConversionReport;
use ferrotape_engine::review::ReviewCase;
use ferrotape_engine::scan::ScanReport;
use ferrotape_engine::selection::{Imported, LookedInto};
use ferrotape_engine::store::Listening;
use serde_json::{Value, json};

use crate::commands::named::KnownMusic;

pub(crate) fn imported(imports: &[Imported]) -> Value {
    imports.iter().map(one_import).collect()
}

fn one_import(imported: &Imported) -> Value {
    let receipt = &imported.receipt;
    let playlists: Vec<Value> = receipt
        .playlists
        .iter()
        .map(|change| {
            json!({
                "name": change.name, "kind": change.kind.as_str(), "entries": change.entries,
                "added": change.added, "removed": change.removed, "kept_back": change.kept_back.as_ref().map(|kept| &kept.reason), "incomplete": change.incomplete,
            })
        })
        .collect();
    json!({
        "path": imported.path.to_string_lossy(),
        "unchanged": receipt.unchanged,
        "wanted_new": receipt.wanted_new,
        "wanted_known": receipt.wanted_known,
        "plays_new": receipt.plays_new,
        "playlists": playlists,
        "accounts": imported.accounts.iter().map(account).collect::<Vec<_>>(),
        "problems": imported.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

pub(crate) fn looked_into(seen: &[LookedInto]) -> Value {
    let one = |seen: &LookedInto| {
        let lists = seen
            .lists
            .iter()
            .map(|(kind, name, entries)| json!({ "kind": kind.as_str(), "name": name, "entries": entries }));
        json!({
            "path": seen.path.to_string_lossy(),
            "lists": lists.collect::<Vec<_>>(),
            "accounts": seen.accounts.iter().map(account).collect::<Vec<_>>(),
            "problems": seen.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    };
    seen.iter().map(one).collect()
}

fn listening(heard: &Listening) -> Value {
    json!({ "plays": heard.plays, "played_ms": heard.played_ms, "first": heard.first, "last": heard.last })
}

fn account(account: &FileAccount) -> Value {
    json!({
        "file": account.file, "format": account.format, "rows": account.rows, "entries": account.entries,
        "plays": account.plays, "noted": account.noted, "problems": account.problems,
    })
}

fn problem(problem: &ImportProblem) -> Value {
    json!({ "file": problem.file, "row": problem.row, "reason": problem.reason })
}

pub(crate) fn scan(report: &ScanReport) -> Value {
    let unreadable: Vec<Value> = report
        .unreadable
        .iter()
        .map(|file| json!({ "path": file.path.to_string_lossy(), "reason": file.reason }))
        .collect();
    let faults: Vec<Value> =
        report.faults.iter().map(|fault| json!({ "source": fault.source, "reason": fault.reason })).collect();
    json!({
        "listed": report.listed, "opened": report.opened, "audio": report.audio, "moved": report.moved,
        "missing": report.missing, "unreadable": unreadable, "faults": faults,
    })
}

pub(crate) fn matching(matching: &Matching) -> Value {
    matching.matched.iter().map(|matched| one_match(matched, matching)).collect()
}

fn one_match(matched: &Matched, matching: &Matching) -> Value {
    let path = |id: i64| matching.offer(id).map(|offer| offer.path.to_string_lossy().into_owned());
    let candidate = |found: &ferrotape_domain::Match| {
        let evidence: Vec<Value> = found
            .evidence
            .iter()
            .map(
                |evidence| json!({ "kind": evidence.kind, "weight": evidence.weight, "says": evidence.says }),
            )
            .collect();
        json!({
            "path": path(found.file_id), "score": found.score, "evidence": evidence,
            "substitute": found.substitute, "objection": found.objection.as_ref().map(|one| &one.says),
        })
    };
    let (answer, candidates, why): (&str, Vec<Value>, &str) = match &matched.answer {
        Answer::File(found) => ("chosen", vec![candidate(found)], ""),
        Answer::Files(files, why) => {
            ("chosen", files.iter().map(|id| json!({ "path": path(*id) })).collect(), why)
        }
        Answer::Review(found, why) => ("review", found.iter().map(candidate).collect(), why),
        Answer::None(why) => ("none", Vec::new(), why),
        Answer::LeftOut(why) => ("left_out", Vec::new(), why),
        Answer::NotYet(what) => ("not_yet", Vec::new(), what),
    };
    json!({
        "number": matched.wanted.id, "wanted": matched.wanted.wanted.label(),
        "kind": matched.wanted.wanted.kind.as_str(), "answer": answer, "decided": matched.decided,
        "candidates": candidates, "why": why, "broken": matching.broken.get(&matched.wanted.id),
    })
}

pub(crate) fn reviews(cases: &[&ReviewCase]) -> Value {
    let case = |case: &&ReviewCase| {
        let candidates: Vec<Value> = case
            .candidates
            .iter()
            .map(|(offer, found)| {
                let says: Vec<&str> = found.evidence.iter().map(|evidence| evidence.says.as_str()).collect();
                json!({
                    "path": offer.path.to_string_lossy(), "score": found.score, "evidence": says,
                    "objection": found.objection.as_ref().map(|objection| &objection.says),
                })
            })
            .collect();
        json!({
            "number": case.wanted.id, "wanted": case.wanted.wanted.label(), "reason": case.reason.word(),
            "why": case.why, "lists": case.lists, "candidates": candidates,
        })
    };
    cases.iter().map(case).collect()
}

pub(crate) fn plan(plan: &ConversionPlan) -> Value {
    let sync = &plan.sync;
    let writes: Vec<Value> = sync
        .writes
        .iter()
        .map(|write| json!({ "path": write.path, "why": format!("{:?}", write.why).to_lowercase(), "bytes": write.expected_bytes }))
        .collect();
    let removals: Vec<Value> = sync
        .removals
        .iter()
        .chain(&sync.playlist_removals)
        .chain(&sync.companion_removals)
        .map(|removal| {
            let why = match removal.why {
                WhyRemoved::NotWanted => "not_wanted",
                WhyRemoved::Replaced => "replaced",
                WhyRemoved::LaterList => "later_list",
            };
            json!({ "path": removal.path, "why": why, "bytes": removal.bytes, "to_trash": removal.to_trash })
        })
        .collect();
    let renames: Vec<Value> =
        sync.renames.iter().map(|rename| json!({ "from": rename.from, "to": rename.to })).collect();
    let playlists: Vec<Value> = sync
        .playlist_writes
        .iter()
        .map(|playlist| json!({ "name": playlist.name, "path": playlist.path, "entries": playlist.entries }))
        .collect();
    let of_others = sync.lists_of_others.iter().map(|list| {
        json!({
            "name": list.name, "tracks": list.tracks, "shared": list.shared, "shares_little": list.shares_little,
            "removed": list.removed,
        })
    });
    let of_others: Vec<Value> = of_others.collect();
    let in_doubt = plan.in_doubt.iter().map(|(number, place)| json!({ "number": number, "place": place }));
    let in_doubt: Vec<Value> = in_doubt.collect();
    let beyond_shown = sync.beyond_shown.as_ref().map(
        |beyond| json!({ "most_tracks": beyond.most_tracks, "beyond": beyond.beyond, "least": beyond.least }),
    );
    json!({
        "loudness": plan.loudness.to_string(), "albums": plan.albums.len(),
        "unchanged": sync.unchanged.len(), "writes": writes, "removals": removals, "renames": renames, "reorders": sync.reorders,
        "playlists": playlists, "playlists_left_out": sync.playlists_left_out, "playlists_edited": sync.playlists_edited, "lists_of_others": of_others, "companions": sync.companions.iter().map(|one| &one.path).collect::<Vec<_>>(),
        "in_doubt": in_doubt, "held_back": plan.held_back, "bytes_needed": sync.bytes_needed, "bytes_reserved": sync.bytes_reserved, "bytes_freed": sync.bytes_freed,
        "bytes_free": sync.bytes_free, "bytes_total": sync.bytes_total,
        "does_not_fit": sync.does_not_fit.len(), "kept_older": sync.kept_older.len(),
        "bytes_to_begin": sync.bytes_to_begin, "trash_bytes": sync.trash_bytes,
        "fits_with_delete": sync.does_not_fit.iter().filter(|one| one.with_delete).count(),
        "later_lists": sync.later_lists, "beyond_shown": beyond_shown,
        "stays_unwanted": sync.stays_unwanted.iter().map(|removal| &removal.path).collect::<Vec<_>>(),
        "trash_removals": sync.trash_removals.iter().map(|file| &file.path).collect::<Vec<_>>(),
    })
}

pub(crate) fn report(report: &ConversionReport) -> Value {
    let counts: serde_json::Map<String, Value> =
        report.counts().iter().map(|(word, count)| ((*word).to_owned(), json!(count.things))).collect();
    let rows: Vec<Value> = report
        .rows
        .iter()
        .map(|row| {
            json!({
                "number": row.wanted_id, "kind": row.kind.as_str(), "artist": row.artist, "title": row.title,
                "album": row.album, "link": row.link, "lists": row.lists, "outcome": row.outcome.word(),
                "says": row.says(), "substitute": row.substitute(), "plays": row.listening.plays, "played_ms": row.listening.played_ms,
                "first_played": row.listening.first, "last_played": row.listening.last,
            })
        })
        .collect();
    let lists: Vec<Value> = report
        .lists
        .iter()
        .map(|list| json!({ "name": list.name, "entries": list.entries, "on_player": list.on_player }))
        .collect();
    json!({
        "target": report.target, "at": report.at, "items": report.rows.len(), "entries": report.entries(),
        "outcomes": counts, "substitutes": report.substitutes().iter().map(|(_, count)| count).sum::<u64>(),
        "lists": lists, "rows": rows, "came_from": report.came_from.iter().map(came_from).collect::<Vec<_>>(),
    })
}

pub(crate) fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
}

/// `player` is the one that was looked for.
pub(crate) fn conversion(
    conversion: &Conversion,
    known: Option<&KnownMusic>,
    player: Option<Value>,
) -> Value {
    let performed = conversion.performed.as_ref().map(|performed| {
        let stopped = performed.stopped.map(|stopped| match stopped {
            Stopped::ByUser => "by_user",
            Stopped::PlayerFull => "player_full",
            Stopped::PlayerGone => "player_gone",
        });
        json!({
            "written": performed.written(), "encoded": performed.encoded,
            "from_cache": performed.from_cache, "copied": performed.copied, "stopped": stopped,
            "has_ended": performed.receipt.is_some(), "not_agreed_further": performed.not_agreed_further,
            "companions": performed.receipt.as_ref().map_or(0, |receipt| receipt.companions_written),
        })
    });
    json!({
        "player": player,
        "imports": imported(&conversion.selection.imports),
        "scan": conversion.scan.as_ref().map(scan),
        "known_music": known.map(|known| {
            let away = known.away.iter().map(|(folder, files)| json!({ "folder": folder.to_string_lossy(), "files": files }));
            json!({
                "files": known.files, "folders": paths(&known.folders), "looked_at": known.looked_at,
                "away": away.collect::<Vec<Value>>(),
            })
        }),
        "gathered": conversion.gathered.as_ref().map(gathered),
        "plan": plan(&conversion.plan),
        "performed": performed,
        "report": report(&conversion.report),
        "from_other_albums": (!conversion.as_before).then_some(conversion.from_other_albums),
        "as_before": conversion.as_before,
    })
}

pub(crate) fn examination(examination: &Examination) -> Value {
    let findings: Vec<Value> = examination
        .findings
        .iter()
        .map(|finding| json!({ "good": finding.good, "subject": finding.subject, "says": finding.says }))
        .collect();
    let counts = &examination.counts;
    json!({
        "counts": {
            "wanted": counts.wanted, "playlists": counts.playlists, "entries": counts.entries,
            "plays": counts.plays, "files": counts.files, "missing": counts.missing,
            "unreadable": counts.unreadable, "decisions": counts.decisions,
        },
        "findings": findings,
    })
}

pub(crate) fn gone_for_good(gone: &GoneForGood) -> Value {
    let lost = gone.lost.iter();
    let lost = lost.map(|lost| {
        json!({
            "number": lost.number, "wanted": lost.wanted, "path": lost.path.to_string_lossy(),
            "left": lost.left.as_str(), "tracks": lost.left.tracks(),
        })
    });
    json!({
        "files": gone.files.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "said_before": gone.said_before, "lost": lost.collect::<Vec<Value>>(),
    })
}

/// The one final object of a command.
pub(crate) fn result(command: &str, mut result: Value) -> String {
    if let Value::Object(fields) = &mut result {
        fields.insert("event".to_owned(), json!("result"));
        fields.insert("command".to_owned(), json!(command));
    }
    result.to_string()
}
