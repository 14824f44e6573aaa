//! A text that somebody typed: `Artist - Title` on each line, with or without a number before.

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

use super::names::without_number;
use super::{file_list, lines};
use crate::collector::Collector;
use crate::text::{TextBytes, list_name};

/// Nobody types a longer one.
const LONGEST: usize = 300;
/// What stands between artist and title.
const DASHES: [&str; 3] = [" - ", " – ", " — "];

/// Whether most of the first lines are `Artist - Title`.
pub(crate) fn are_titles(head: &TextBytes) -> bool {
    let text = head.decode(head.bytes());
    let said: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)).take(20).collect();
    let good = said.iter().filter(|line| wanted(line).is_some()).count();
    good > 0 && good * 3 >= said.len() * 2
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}

/// The first dash parts the two; a title may have more of them.
fn wanted(line: &str) -> Option<Wanted> {
    if line.len() > LONGEST {
        return None;
    }
    let (_, line) = without_number(line);
    let at = DASHES.iter().filter_map(|dash| Some((line.find(dash)?, dash.len()))).min()?;
    let (artist, title) = (line.get(..at.0)?.trim(), line.get(at.0 + at.1..)?.trim());
    let says = |text: &str| text.chars().any(char::is_alphanumeric);
    (says(artist) && says(title)).then(|| Wanted {
        title: title.to_owned(),
        artists: ArtistCredit::printed(artist),
        ..Wanted::of_kind(WantedKind::Recording)
    })
}

pub(super) fn read(text: &TextBytes, file: &str, collector: &mut Collector) {
    let mut tally = collector.open(file, "text with “Artist - Title” lines");
    if let Some(remark) = text.remark() {
        collector.remark(&mut tally, None, remark);
    }
    let list = file_list(&list_name(file), collector);
    for (number, line) in lines(text).filter(|(_, line)| !line.is_empty()) {
        let line = text.decode(line);
        if is_comment(&line) {
            continue;
        }
        match wanted(&line) {
            Some(wanted) => collector.entry(&mut tally, list, wanted, None),
            None => collector.refuse(&mut tally, number, "it is not “Artist - Title”"),
        }
    }
    collector.close(tally);
}
