//! PLS: `File1=`, `Title1=`, `Length1=` in any order. The number is the row.

use std::collections::BTreeMap;

use super::m3u::{Described, entry};
use super::{LONGEST_LINE, file_list, lines};
use crate::collector::Collector;
use crate::text::{TextBytes, list_name};

#[derive(Default)]
struct Row {
    place: String,
    title: String,
    seconds: Option<u64>,
}

pub(super) fn read(text: &TextBytes, file: &str, collector: &mut Collector) {
    let mut tally = collector.open(file, "PLS playlist");
    if let Some(remark) = text.remark() {
        collector.remark(&mut tally, None, remark);
    }
    let list = file_list(&list_name(file), collector);
    let mut rows: BTreeMap<u64, Row> = BTreeMap::new();
    for (number, line) in lines(text).filter(|(_, line)| !line.is_empty() && !line.starts_with(b";")) {
        if line.len() > LONGEST_LINE {
            collector.remark(
                &mut tally,
                Some(number),
                "the line is far too long for an entry; it was left out",
            );
            continue;
        }
        let line = text.decode(line);
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim_end();
        let (word, number) = key.split_at(key.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        let Ok(number) = number.parse() else { continue };
        let value = value.trim();
        match word.to_ascii_lowercase().as_str() {
            "file" => value.clone_into(&mut rows.entry(number).or_default().place),
            "title" => value.clone_into(&mut rows.entry(number).or_default().title),
            "length" => {
                let seconds = value.parse().ok().filter(|seconds| (1..604_800).contains(seconds));
                rows.entry(number).or_default().seconds = seconds;
            }
            _ => {}
        }
    }
    for (number, row) in rows {
        if row.place.is_empty() && row.title.is_empty() {
            collector.refuse(&mut tally, number, "it has neither a file nor a title");
            continue;
        }
        let described = Described { seconds: row.seconds, says: row.title, ..Described::default() };
        match entry(&row.place, &described) {
            Ok(wanted) => collector.entry(&mut tally, list, wanted, None),
            Err(reason) => collector.refuse(&mut tally, number, reason),
        }
    }
    collector.close(tally);
}
