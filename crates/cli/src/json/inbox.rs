//! The `--json` form of a look into the inboxes.

use std::path::Path;

use ferrotape_engine::inbox::{Closed, DropReport, FileNews, InboxReport, News, Unopened};
use serde_json::{Value, json};

use super::scan;

pub(crate) fn inbox(report: &InboxReport) -> Value {
    let unreadable = report.unreadable.iter();
    json!({
        "folders": report.folders.iter().map(|folder| text(folder)).collect::<Vec<_>>(),
        "drops": report.drops.iter().map(one_drop).collect::<Vec<_>>(),
        "as_before": report.as_before,
        "waiting": report.waiting.iter().map(|path| text(path)).collect::<Vec<_>>(),
        "unreadable": unreadable
            .map(|place| json!({ "path": text(&place.path), "reason": place.reason }))
            .collect::<Vec<_>>(),
        "unopened": report.unopened.iter().map(unopened).collect::<Vec<_>>(),
        "filed": report.filed(),
        "not_taken": report.not_taken(),
        "ticked_off": things(&report.ticked_off), "in_part": things(&report.in_part),
        "scan": report.scan.as_ref().map(scan),
    })
}

fn unopened(one: &Unopened) -> Value {
    let kind = match one.kind {
        Closed::NoZip => "no_zip",
        Closed::Parts => "parts",
        Closed::Archive => "archive",
        Closed::Image => "image",
        Closed::Video => "video",
    };
    json!({ "path": text(&one.path), "kind": kind, "reason": one.reason })
}

fn one_drop(drop: &DropReport) -> Value {
    let stays: Vec<String> = drop.stays.iter().map(|path| text(path)).collect();
    json!({
        "path": text(&drop.path), "kind": if drop.is_zip { "zip" } else { "folder" }, "moved": drop.moved,
        "stays": stays, "folder_stays": drop.folder_stays, "trouble": drop.trouble, "files": drop.files.iter().map(one_file).collect::<Vec<_>>(),
    })
}

fn one_file(file: &FileNews) -> Value {
    let (word, path, reason) = match &file.news {
        News::Filed(path) => ("filed", Some(text(path)), None),
        News::Had(path) => ("had", Some(text(path)), None),
        News::Refused(why) => ("refused", None, Some(why)),
        News::Broken(why) => ("broken", None, Some(why)),
    };
    json!({
        "name": file.name, "news": word, "path": path, "reason": reason, "beside": file.is_beside, "moved": file.moved,
        "answers": things(&file.answers), "may_answer": things(&file.may_answer),
        "had_already": things(&file.had_already),
    })
}

pub(super) fn things(things: &[(i64, String)]) -> Value {
    things.iter().map(|(number, wanted)| json!({ "number": number, "wanted": wanted })).collect()
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
