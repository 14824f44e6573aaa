//! What became of the inboxes, as text.

use std::collections::BTreeMap;
use std::path::Path;

use ferrotape_engine::inbox::{Closed, DropReport, FileNews, InboxReport, News, Unopened};

use crate::output::{counted, line, plain};

pub(crate) fn inbox(report: &InboxReport) {
    for drop in &report.drops {
        one_drop(drop);
    }
    for path in &report.waiting {
        line(&format!("{}: still being written, or was just now; it waits", shown(path)));
    }
    for place in &report.unreadable {
        line(&format!("{}: {}", shown(&place.path), plain(&place.reason)));
    }
    unopened(&report.unopened);
    if report.drops.is_empty() && report.waiting.is_empty() && report.unopened.is_empty() {
        let folders: Vec<String> = report.folders.iter().map(|folder| shown(folder)).collect();
        let nothing = if report.as_before > 0 { "Nothing new" } else { "Nothing" };
        line(&format!("{nothing} in {}.", folders.join(", ")));
        return;
    }
    sum(report);
}

/// So many of a kind are told of: a folder of downloads holds much that is no music.
const TOLD: usize = 5;

fn unopened(all: &[Unopened]) {
    let mut by_kind: BTreeMap<Closed, Vec<&Unopened>> = BTreeMap::new();
    for one in all {
        by_kind.entry(one.kind).or_default().push(one);
    }
    for (kind, those) in by_kind {
        for one in those.iter().take(TOLD) {
            line(&format!("{}: {}", shown(&one.path), plain(&one.reason)));
        }
        if let Some(more) = those.len().checked_sub(TOLD).filter(|more| *more > 0) {
            let what = match kind {
                Closed::NoZip => "that are called zips and are none",
                Closed::Parts => "split archives",
                Closed::Archive => "archives",
                Closed::Image => "images of CDs",
                Closed::Video => "videos",
            };
            line(&format!("and {more} more {what}"));
        }
    }
}

fn one_drop(drop: &DropReport) {
    let name = if drop.is_zip { drop.path.file_name().map(Path::new) } else { None };
    let moved = if drop.moved { " (moved)" } else { "" };
    line(&format!("{}{moved}", shown(name.unwrap_or(&drop.path))));
    // What went as a whole is marked once.
    let went = |file: &FileNews| if file.moved && !drop.moved { " (moved)" } else { "" };
    for file in drop.files.iter().filter(|file| !file.is_beside) {
        line(&format!("  {}{}: {}", plain(&file.name), went(file), one_file(file)));
    }
    let beside = || drop.files.iter().filter(|file| file.is_beside);
    pictures_and_texts(beside().filter(|file| matches!(file.news, News::Filed(_))), "filed with it");
    // What stays where it was is no news.
    pictures_and_texts(
        beside().filter(|file| file.moved && matches!(file.news, News::Had(_))),
        "had already",
    );
    for path in &drop.stays {
        let name = path.strip_prefix(&drop.path).unwrap_or(path);
        line(&format!("  {}: stays; it belongs to no music that was filed", shown(name)));
    }
    if let Some(why) = &drop.folder_stays {
        line(&format!("  its folder stays: {}", plain(why)));
    }
    match &drop.trouble {
        Some(why) => line(&format!("  {}", plain(why))),
        None if drop.files.is_empty() => line("  no music in it"),
        None => {}
    }
}

/// What went with the music is named: a paper of the user's may be among it.
fn pictures_and_texts<'a>(files: impl Iterator<Item = &'a FileNews>, how: &str) {
    let files: Vec<&FileNews> = files.collect();
    if files.is_empty() {
        return;
    }
    let count = counted(files.len() as u64, "picture or text", "pictures and texts");
    let went: Vec<String> = files.iter().filter(|file| file.moved).map(|file| plain(&file.name)).collect();
    let went = if went.is_empty() { String::new() } else { format!(", moved: {}", went.join(", ")) };
    line(&format!("  {count} {how}{went}"));
}

fn one_file(file: &FileNews) -> String {
    let named = |things: &[(i64, String)]| {
        let names: Vec<String> = things.iter().map(|(_, name)| plain(name)).collect();
        names.join("; ")
    };
    match &file.news {
        News::Had(path) => format!("already had (same content): {}", shown(path)),
        News::Refused(why) => format!("refused: {}", plain(why)),
        News::Broken(why) => format!("not taken: {}", plain(why)),
        News::Filed(_) if !file.answers.is_empty() => {
            let things = counted(file.answers.len() as u64, "wanted thing", "wanted things");
            format!("answers {things}: {}", named(&file.answers))
        }
        News::Filed(_) if !file.may_answer.is_empty() => {
            format!("may be what you want, see `ferrotape review`: {}", named(&file.may_answer))
        }
        News::Filed(_) if !file.had_already.is_empty() => {
            format!("you have it already: {}", named(&file.had_already))
        }
        News::Filed(_) => "nobody asked for it".to_owned(),
    }
}

fn sum(report: &InboxReport) {
    let files = || report.drops.iter().flat_map(|drop| &drop.files).filter(|file| !file.is_beside);
    let had = files().filter(|file| matches!(file.news, News::Had(_))).count();
    let trouble = report.not_taken();
    let mut sums = vec![format!("{} filed", counted(report.filed() as u64, "file", "files"))];
    if had > 0 {
        sums.push(format!("{had} already had"));
    }
    if trouble > 0 {
        sums.push(format!("{trouble} not taken"));
    }
    line(&format!("{}.", sums.join(", ")));
    ticked_off(&report.ticked_off, &report.in_part);
    let gone = report.scan.as_ref().map_or(0, |scan| scan.missing);
    if gone > 0 {
        let files =
            counted(gone, "file that was in the collection is", "files that were in the collection are");
        line(&format!("{files} gone since last time (kept on record). If its disk is away, plug it in."));
    }
    for fault in report.scan.iter().flat_map(|scan| &scan.faults) {
        line(&plain(&fault.to_string()));
    }
}

/// What is not wanted any more, and of which albums only a part came: these stay on the shopping list.
pub(super) fn ticked_off(things: &[(i64, String)], in_part: &[(i64, String)]) {
    let names = |things: &[(i64, String)]| {
        let names: Vec<String> = things.iter().map(|(_, name)| plain(name)).collect();
        names.join("; ")
    };
    if !things.is_empty() {
        let count = counted(things.len() as u64, "wanted thing is", "wanted things are");
        line(&format!("{count} ticked off now: {}", names(things)));
    }
    if !in_part.is_empty() {
        let count = counted(in_part.len() as u64, "wanted album is", "wanted albums are");
        line(&format!("{count} here in part, and still to be had: {}", names(in_part)));
    }
}

fn shown(path: &Path) -> String {
    plain(&path.display().to_string())
}
