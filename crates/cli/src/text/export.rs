//! An export for people: what went where, what was left out, what the format does not say.

use std::collections::BTreeMap;
use std::path::Path;

use ferrotape_engine::export::{Cost, Exported, Format, Remark};

use crate::output::{counted, is_private, plain};

/// So many entries are named with a remark; `--json` names them all.
const NAMED: usize = 5;

/// The same remark on more lists than this is one line.
const LISTS: usize = 3;

/// `say` is where the lines go; `places` are the files in the export's order, and whether each was there already.
pub(crate) fn exported(exported: &Exported, format: Format, places: &[(&Path, bool)], say: fn(&str)) {
    let export = &exported.export;
    let (entries, written) =
        export.lists.iter().fold((0, 0), |(all, out), list| (all + list.entries, out + list.written));
    let lists = counted(export.lists.len() as u64, "list", "lists");
    let all = counted(entries, "entry", "entries");
    let of = if written == entries { all } else { format!("{written} of {all}") };
    say(&format!("Exported {lists} as {}: {of}", format.as_str()));
    for (at, (path, unchanged)) in places.iter().enumerate() {
        let inside: u64 =
            export.lists.iter().filter(|list| list.file == Some(at)).map(|list| list.written).sum();
        let was_there = if *unchanged { ", as it was there already" } else { "" };
        say(&format!("  {}: {}{was_there}", path.display(), counted(inside, "entry", "entries")));
    }
    private_feeds(exported, places, say);
    let mut alike: BTreeMap<(Cost, &str), Vec<&Remark>> = BTreeMap::new();
    for remark in export.remarks.iter().filter(|remark| remark.cost != Cost::NotCarried) {
        alike.entry((remark.cost, &remark.reason)).or_default().push(remark);
    }
    for remarks in alike.values() {
        match remarks.as_slice() {
            many if many.len() > LISTS => say(&format!("  {}", of_lists(many))),
            few => few.iter().for_each(|remark| say(&format!("  {}", of_list(remark)))),
        }
    }
    not_carried(&export.remarks, say);
    left_behind(exported, format, say);
}

/// Which files hold addresses that may be keys, and whether others can read them.
fn private_feeds(exported: &Exported, places: &[(&Path, bool)], say: fn(&str)) {
    for (at, file) in exported.export.files.iter().enumerate().filter(|(_, file)| file.private_feeds > 0) {
        let path = places.get(at).map(|(path, _)| *path);
        let named = path.map_or_else(|| file.name.clone(), |path| path.display().to_string());
        let feeds = counted(
            file.private_feeds,
            "private feed, which may be a key",
            "private feeds, which may be keys",
        );
        let addresses = if file.private_feeds == 1 { "the address" } else { "the addresses" };
        let who = if path.is_some_and(is_private) { "only you can read it" } else { "show it to nobody" };
        say(&format!(
            "  {named} holds {addresses} of {feeds}: {who} (--without-private-feeds leaves them out)"
        ));
    }
    if exported.export.private_feeds_left > 0 {
        let count = counted(exported.export.private_feeds_left, "private feed", "private feeds");
        say(&format!("  Left out, as you said: the addresses of {count}"));
    }
}

/// The same of many lists.
fn of_lists(remarks: &[&Remark]) -> String {
    let entries: u64 = remarks.iter().map(|remark| remark.entries).sum();
    let reason = remarks.first().map(|remark| remark.reason.as_str()).unwrap_or_default();
    let is_left_out = remarks.iter().any(|remark| remark.cost == Cost::LeftOut);
    let was = if is_left_out { "are left out" } else { "are not quite the same" };
    let of =
        if entries > 0 { format!("{} of ", counted(entries, "entry", "entries")) } else { String::new() };
    format!("{of}{} lists {was}: {reason} (--json names them)", remarks.len())
}

fn of_list(remark: &Remark) -> String {
    let list = plain(&remark.list);
    let count = counted(remark.entries, "entry", "entries");
    let was = match (remark.cost, remark.entries) {
        (Cost::LeftOut, 0) => return format!("“{list}” is left out: {}", remark.reason),
        (_, 0) => return format!("“{list}”: {}", remark.reason),
        (Cost::LeftOut, 1) => "is left out",
        (Cost::LeftOut, _) => "are left out",
        (_, 1) => "is not quite the same",
        (_, _) => "are not quite the same",
    };
    format!("{count} of “{list}” {was}: {} ({})", remark.reason, rows(remark))
}

fn rows(remark: &Remark) -> String {
    let mut named: Vec<String> =
        remark.rows.iter().take(NAMED).map(|(row, wanted)| format!("row {row} {}", plain(wanted))).collect();
    let more = remark.rows.len().saturating_sub(NAMED);
    named.extend((more > 0).then(|| format!("and {more} more")));
    named.join("; ")
}

/// What the format has no place for, summed up over all lists.
fn not_carried(remarks: &[Remark], say: fn(&str)) {
    let mut fields: BTreeMap<&str, u64> = BTreeMap::new();
    let mut lists: Vec<String> = Vec::new();
    for remark in remarks.iter().filter(|remark| remark.cost == Cost::NotCarried) {
        if remark.entries == 0 {
            lists.push(format!("“{}” ({})", plain(&remark.list), remark.reason));
        } else {
            *fields.entry(remark.reason.as_str()).or_default() += remark.entries;
        }
    }
    if !fields.is_empty() {
        let said =
            fields.iter().map(|(field, count)| format!("{field} ({})", counted(*count, "entry", "entries")));
        say(&format!("  This format has no place for {}", said.collect::<Vec<_>>().join(", ")));
    }
    if !lists.is_empty() {
        say(&format!("  Nor does it say of a list: {}", lists.join(", ")));
    }
}

fn left_behind(exported: &Exported, format: Format, say: fn(&str)) {
    if exported.plays_left > 0 {
        let how = if format == Format::Json {
            "--with-plays adds them"
        } else {
            "only --as json has a place for them"
        };
        say(&format!("  Not in it: {}; {how}", counted(exported.plays_left, "play", "plays")));
    }
    if exported.noted_left > 0 {
        let count = counted(
            exported.noted_left,
            "followed or banned artist or track",
            "followed or banned artists and tracks",
        );
        say(&format!("  Not in it: {count}; the whole library as json has a place for them"));
    }
    if exported.policies_left > 0 {
        let count = counted(exported.policies_left, "list has a policy", "lists have policies");
        say(&format!(
            "  Not in it: {count} (`ferrotape policy`), and what you decided (`ferrotape review --export`)"
        ));
    }
}
