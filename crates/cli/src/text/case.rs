//! One thing to decide, as text: what is wanted above what it may be, the parts that differ made visible.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;

use crossterm::style::Stylize;
use ferrotape_domain::{Match, Offer};
use ferrotape_engine::review::{Reason, ReviewCase};
use unicode_width::UnicodeWidthStr;

use super::sure;
use crate::output::{counted, line, plain};

/// A column is padded to its widest field, but never beyond this: one long title must not push all else away.
const WIDEST: usize = 44;
/// Playing times this close are one playing time.
const SAME_SECONDS: i64 = 2;

/// How parts that differ are made visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `«so»`.
    Plain,
    /// Bold and coloured.
    Terminal,
}

impl Style {
    /// As standard output can show it.
    pub(crate) fn of_output() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if std::io::stdout().is_terminal() && !is_dumb && !wants_none { Self::Terminal } else { Self::Plain }
    }

    fn mark(self, text: &str) -> String {
        match self {
            Self::Plain => format!("«{text}»"),
            Self::Terminal => text.bold().yellow().to_string(),
        }
    }

    fn strong(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Terminal => text.bold().to_string(),
        }
    }
}

/// A field: how it is shown, and how wide that is without the marks' control characters.
struct Field {
    shown: String,
    width: usize,
}

impl Field {
    fn plain(text: &str) -> Self {
        let shown = plain(text);
        Self { width: shown.width(), shown }
    }
}

/// Every open case, by the kind of reason, with counts.
pub(crate) fn cases(cases: &[&ReviewCase]) {
    if cases.is_empty() {
        line("Nothing waits for a decision.");
        return;
    }
    for reason in Reason::ALL {
        let these: Vec<_> = cases.iter().filter(|case| case.reason == reason).collect();
        if these.is_empty() {
            continue;
        }
        line(&format!("== {}: {} (--reason {})\n", reason.title(), these.len(), reason.word()));
        for one in these {
            case(one, Style::Plain);
            line("");
        }
    }
    let counts = Reason::ALL.iter().filter_map(|reason| {
        let count = cases.iter().filter(|case| case.reason == *reason).count();
        (count > 0).then(|| format!("{count} {}", reason.word()))
    });
    line(&format!(
        "{} for you: {}. Decide with `ferrotape review` or `--pick NUMBER=K`.",
        counted(cases.len() as u64, "question", "questions"),
        counts.collect::<Vec<_>>().join(", ")
    ));
}

/// One case: the reason in a line, then what is wanted and what it may be, field below field.
pub(crate) fn case(case: &ReviewCase, style: Style) {
    line(&format!("{:>5}  {}", case.wanted.id, style.strong(&plain(&case.wanted.wanted.label()))));
    line(&format!("       {}: {}", case.reason.word(), plain(&why(case))));
    if !case.lists.is_empty() {
        line(&format!("       for {}", plain(&case.lists.join(", "))));
    }
    let best = case.candidates.first().map(|(offer, _)| offer);
    let mut rows = vec![wanted_fields(case, best, style)];
    rows.extend(case.candidates.iter().map(|(offer, _)| candidate_fields(case, offer, style)));
    let widths: Vec<usize> = (0..4).map(|at| column_width(&rows, at)).collect();
    for (number, row) in rows.iter().enumerate() {
        let name = if number == 0 { "wanted".to_owned() } else { format!("{number}.") };
        let fields: Vec<String> =
            row.iter().zip(&widths).map(|(field, width)| padded(field, *width)).collect();
        line(format!("{name:>10} {}", fields.join("  ")).trim_end());
        if let Some((offer, found)) = number.checked_sub(1).and_then(|at| case.candidates.get(at)) {
            line(&format!("           {} sure: {}", sure(found.score), plain(&says(found))));
            line(&format!("           {}", plain(&offer.place())));
        }
    }
}

/// Two things that one answer would make a pair.
pub(crate) fn pair(case: &ReviewCase, offer: &Offer, style: Style) {
    let wanted = &case.wanted.wanted;
    let time = wanted.duration.map(|time| format!(" {}", minutes(time.as_secs()))).unwrap_or_default();
    let file = offer.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let [title, .., time_of_file] = candidate_fields(case, offer, style);
    line(&format!("  {}{time}  →  {} {}", plain(&wanted.title), title.shown, time_of_file.shown.trim()));
    line(&format!("       {}", plain(&file)));
}

/// The reason in one line: what agrees, and what keeps it from being taken.
fn why(case: &ReviewCase) -> String {
    let best = case.candidates.first().map(|(_, found)| found);
    match best.filter(|best| best.objection.is_some()) {
        Some(best) => says(best),
        None => case.why.clone(),
    }
}

/// What agrees in a candidate, `but` what speaks against it.
fn says(found: &Match) -> String {
    let objection = found.objection.as_ref().map(|objection| objection.says.as_str()).unwrap_or_default();
    let agrees: Vec<&str> = found
        .evidence
        .iter()
        .filter(|evidence| evidence.weight > 0.0 || objection.is_empty())
        .map(|evidence| evidence.says.as_str())
        .collect();
    match (agrees.is_empty(), objection.is_empty()) {
        (_, true) => agrees.join(", "),
        (true, false) => objection.to_owned(),
        // `but live, but the plain recording is wanted` would stumble.
        (false, false) if objection.contains("but ") => format!("{} – {objection}", agrees.join(", ")),
        (false, false) => format!("{}, but {objection}", agrees.join(", ")),
    }
}

fn wanted_fields(case: &ReviewCase, best: Option<&Offer>, style: Style) -> [Field; 4] {
    let wanted = &case.wanted.wanted;
    let artists = wanted.artists.to_string();
    let album = wanted.release.as_deref().unwrap_or_default();
    let time = wanted.duration.map(|time| minutes(time.as_secs())).unwrap_or_default();
    let Some(best) = best else {
        return [&wanted.title, &artists, album, &time].map(Field::plain);
    };
    let [title, artist, its_album] = texts_of(best);
    [
        marked(&wanted.title, &title, style),
        marked(&artists, &artist, style),
        marked(album, &its_album, style),
        Field::plain(&time),
    ]
}

fn candidate_fields(case: &ReviewCase, offer: &Offer, style: Style) -> [Field; 4] {
    let wanted = &case.wanted.wanted;
    let [title, artist, album] = texts_of(offer);
    [
        marked(&title, &wanted.title, style),
        marked(&artist, &wanted.artists.to_string(), style),
        marked(&album, wanted.release.as_deref().unwrap_or_default(), style),
        time_and_sound(case, offer, style),
    ]
}

/// Title, artist and album of a file; without tags its name and its folder speak.
fn texts_of(offer: &Offer) -> [String; 3] {
    let name_of = |path: Option<&Path>| {
        path.and_then(Path::file_stem).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let tags = &offer.tags;
    let artists = if tags.artists.is_empty() { &tags.album_artists } else { &tags.artists };
    [
        tags.title.clone().unwrap_or_else(|| name_of(Some(&offer.path))),
        artists.join(", "),
        tags.album.clone().unwrap_or_default(),
    ]
}

fn time_and_sound(case: &ReviewCase, offer: &Offer, style: Style) -> Field {
    let format = offer.facts.format.as_str();
    let sound = match offer.facts.bitrate_kbps {
        Some(kbps) if !offer.facts.format.is_lossless() => format!("{format} {kbps}"),
        _ => format.to_owned(),
    };
    let Some(time) = offer.facts.duration else { return Field::plain(&sound) };
    let seconds = |time: std::time::Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX) / 1_000;
    let apart = case.wanted.wanted.duration.map_or(0, |wanted| seconds(time) - seconds(wanted));
    let own = minutes(time.as_secs());
    if apart.abs() <= SAME_SECONDS {
        return Field::plain(&format!("{own}  {sound}"));
    }
    let text = format!("{own} ({apart:+} s)");
    Field { width: text.width(), shown: format!("{}  {sound}", style.mark(&text)) }
}

/// `text` with the words marked that `other` does not have.
fn marked(text: &str, other: &str, style: Style) -> Field {
    let (text, other) = (plain(text), plain(other));
    let mut there: HashMap<String, usize> = HashMap::new();
    for word in other.split_whitespace() {
        *there.entry(bare(word)).or_default() += 1;
    }
    let mut parts: Vec<(bool, Vec<&str>)> = Vec::new();
    for word in text.split_whitespace() {
        let same = match there.get_mut(&bare(word)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            // Punctuation alone makes no difference.
            _ => bare(word).is_empty(),
        };
        match parts.last_mut() {
            Some((kind, words)) if *kind == same => words.push(word),
            _ => parts.push((same, vec![word])),
        }
    }
    let shown: Vec<String> = parts
        .iter()
        .map(
            |(same, words)| {
                if *same || other.is_empty() { words.join(" ") } else { style.mark(&words.join(" ")) }
            },
        )
        .collect();
    let marks = if style == Style::Plain && !other.is_empty() {
        2 * parts.iter().filter(|(same, _)| !same).count()
    } else {
        0
    };
    let width = text.split_whitespace().collect::<Vec<_>>().join(" ").width() + marks;
    Field { shown: shown.join(" "), width }
}

/// A word as it is compared: letters and digits in lower case.
fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn column_width(rows: &[[Field; 4]], at: usize) -> usize {
    let widths = rows.iter().filter_map(|row| row.get(at)).map(|field| field.width);
    widths.max().unwrap_or(0).min(WIDEST)
}

fn padded(field: &Field, width: usize) -> String {
    format!("{}{}", field.shown, " ".repeat(width.saturating_sub(field.width)))
}

/// `3:45`.
pub(super) fn minutes(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_the_other_side_lacks_are_marked_once_each() {
        let shown = |text, other| marked(text, other, Style::Plain).shown;
        assert_eq!(shown("Undertow (Live at Quay)", "Undertow"), "Undertow «(Live at Quay)»");
        assert_eq!(shown("undertow", "Undertow!"), "undertow");
        assert_eq!(shown("Go Go Go", "Go, Go"), "Go Go «Go»");
        assert_eq!(shown("Undertow - Live", "Undertow"), "Undertow - «Live»");
        assert_eq!(shown("Brass", ""), "Brass", "nothing to compare with");
    }
}
