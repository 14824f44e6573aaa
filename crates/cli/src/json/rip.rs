//! The `--json` form of a rip.

use ferrotape_domain::RipCheck;
use ferrotape_engine::rip::{RipNews, RipReport, TrackNews};
use serde_json::{Value, json};

use super::inbox::things;
use super::scan;

pub(crate) fn ripped(report: &RipReport) -> Value {
    json!({
        "disc_id": report.disc_id, "artist": report.artist, "album": report.album,
        "tracks": report.tracks.iter().map(one).collect::<Vec<_>>(),
        "no_names": report.no_names, "is_nameless": report.is_nameless, "left_nameless": report.left_nameless,
        "is_another": report.is_another,
        "ticked_off": things(&report.ticked_off), "in_part": things(&report.in_part),
        "scan": report.scan.as_ref().map(scan),
    })
}

fn one(track: &TrackNews) -> Value {
    let (word, check, reason) = match &track.news {
        RipNews::Ripped { check, .. } => ("ripped", Some(check), None),
        RipNews::Had { .. } => ("had", None, None),
        RipNews::Named { .. } => ("named", None, None),
        RipNews::Failed(why) => ("failed", None, Some(why)),
    };
    let called = match &track.news {
        RipNews::Had { called, .. } => called.as_deref(),
        _ => None,
    };
    json!({
        "number": track.number, "title": track.title, "news": word, "called": called, "reason": reason,
        "path": track.path().map(|path| path.to_string_lossy()), "check": check.map(of_check),
        "answers": things(&track.answers), "may_answer": things(&track.may_answer),
    })
}

fn of_check(check: &RipCheck) -> Value {
    match check {
        RipCheck::Same { confidence, version } => {
            json!({ "verdict": "same", "confidence": confidence, "version": version })
        }
        RipCheck::Differs => json!({ "verdict": "differs" }),
        RipCheck::Unknown => json!({ "verdict": "unknown" }),
        RipCheck::NotChecked(why) => json!({ "verdict": "not_checked", "reason": why }),
    }
}
