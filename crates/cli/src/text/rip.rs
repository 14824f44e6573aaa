//! What became of a disc, as text.

use ferrotape_domain::RipCheck;
use ferrotape_engine::rip::{RipNews, RipReport, TrackNews, check_words};

use crate::output::{counted, line, plain};

pub(crate) fn ripped(report: &RipReport) {
    line(&format!("{} – {}", plain(&report.artist), plain(&report.album)));
    for track in &report.tracks {
        line(&format!("  {:02} {}: {}", track.number, plain(&track.title), one(track)));
    }
    if let Some(why) = &report.no_names {
        line(&format!("No names from {}", plain(why)));
    }
    let ripped = report.tracks.iter().filter(|track| matches!(track.news, RipNews::Ripped { .. })).count();
    line(&format!("{} ripped.", counted(ripped as u64, "track", "tracks")));
    let differs = |track: &&TrackNews| matches!(track.news, RipNews::Ripped { check: RipCheck::Differs, .. });
    if report.tracks.iter().any(|track| differs(&track)) {
        line(
            "Where others read something else, it may be another pressing or the drive's offset (--offset); if only \
             some tracks differ, clean the disc and rip it again.",
        );
    }
    if report.is_another {
        line(
            "A disc whose tracks are as long was ripped before, but this one sounds different: it is kept as a disc of its own.",
        );
    }
    naming(report);
    super::inbox::ticked_off(&report.ticked_off, &report.in_part);
}

/// Which tracks got their names, and how the others get theirs.
fn naming(report: &RipReport) {
    let named = report.tracks.iter().filter(|track| matches!(track.news, RipNews::Named { .. })).count();
    if named > 0 {
        line(&format!("{} named.", counted(named as u64, "track was", "tracks were")));
    }
    if report.left_nameless > 0 {
        let tracks = counted(report.left_nameless as u64, "track", "tracks");
        line(&format!(
            "{tracks} that had no names were moved, renamed or changed since, so they stay as they are. To have them with names, \
             move them out of your music folders and rip the disc again."
        ));
    }
    if report.is_nameless {
        line(
            "The tracks have no names yet. Rip the disc again later: they get them without being ripped anew.",
        );
        if report.no_names.is_some() {
            line(
                "When that is worth while: `ferrotape status`; to have it asked at once: `ferrotape status --retry`.",
            );
        }
    }
}

fn one(track: &TrackNews) -> String {
    let answers = match (track.answers.len(), track.may_answer.len()) {
        (0, 0) => "nobody asked for it".to_owned(),
        (0, _) => "may be what you want, see `ferrotape review`".to_owned(),
        (found, _) => format!("answers {}", counted(found as u64, "wanted thing", "wanted things")),
    };
    match &track.news {
        RipNews::Ripped { check, .. } => format!("{answers}; {}", plain(&check_words(check))),
        RipNews::Named { note, .. } => format!("ripped before, named now; {answers}; {}", plain(note)),
        RipNews::Had { note, called, .. } => {
            let called = called.as_ref().map(|title| format!(" as “{}”", plain(title)));
            let note = if note.is_empty() { String::new() } else { format!("; {}", plain(note)) };
            format!("ripped before{}{note}", called.unwrap_or_default())
        }
        RipNews::Failed(why) => format!("not ripped: {}", plain(why)),
    }
}
