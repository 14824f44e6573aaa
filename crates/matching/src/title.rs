//! A title taken apart: its plain words, subtitles, guests, and what it claims to be.

use crate::normalise::{edits, fold, repair_mojibake};
use crate::version_words::{GUEST_WORDS, PLAIN};
use crate::versions::{Claim, Kind, claims_of_segment};

/// A title's parts, folded but for the guests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Title {
    /// The plain words, numerals as digits. Never empty for a text that is not blank.
    pub(crate) base: String,
    /// Brackets that are neither guests nor claims: `From "The Film"`, `Better Late Than Never`.
    pub(crate) subtitles: Vec<String>,
    /// Guests named in the title, as printed.
    pub(crate) guests: Vec<String>,
    /// Which kind of recording it claims to be.
    pub(crate) claims: Vec<Claim>,
}

enum Segment {
    Guests(String),
    Plain,
    Claims(Vec<Claim>),
    Subtitle(String),
}

impl Title {
    /// Takes a title apart.
    pub(crate) fn parse(text: &str) -> Self {
        let repaired = repair_mojibake(without_noise(text));
        let mut parsed = Self::default();
        let mut rest = parsed.take_bare_guests(&repaired);
        rest = parsed.take_brackets(&rest);
        rest = parsed.take_suffixes(&rest);
        parsed.base = numerals(&fold(&rest));
        if parsed.base.is_empty() {
            parsed.base = parsed.subtitles.pop().unwrap_or_else(|| numerals(&fold(&repaired)));
        }
        parsed
    }

    /// The plain words and subtitles in one text.
    pub(crate) fn whole(&self) -> String {
        let mut whole = self.base.clone();
        for subtitle in &self.subtitles {
            whole.push(' ');
            whole.push_str(subtitle);
        }
        whole
    }

    fn take(&mut self, segment: Segment) {
        match segment {
            Segment::Guests(names) => self.guests.push(names),
            Segment::Plain => {}
            Segment::Claims(claims) => self.claims.extend(claims),
            Segment::Subtitle(text) => self.subtitles.push(text),
        }
    }

    /// `Song feat. Somebody (Live)`: guests outside brackets, up to the next bracket or dash.
    fn take_bare_guests(&mut self, text: &str) -> String {
        let lower = text.to_lowercase();
        if lower.len() != text.len() {
            return text.to_owned();
        }
        for mark in [" feat. ", " feat ", " ft. ", " ft ", " featuring "] {
            let Some(at) = lower.find(mark) else { continue };
            let (Some(before), Some(after)) = (text.get(..at), text.get(at + mark.len()..)) else { continue };
            if before.matches(['(', '[']).count() > before.matches([')', ']']).count() {
                continue;
            }
            let end =
                ["(", "[", " - "].iter().filter_map(|stop| after.find(stop)).min().unwrap_or(after.len());
            if let (Some(names), Some(tail)) = (after.get(..end), after.get(end..)) {
                self.guests.push(names.to_owned());
                return format!("{before} {tail}");
            }
        }
        text.to_owned()
    }

    /// Takes out every bracket; an unclosed one runs to the end.
    fn take_brackets(&mut self, text: &str) -> String {
        let mut outside = String::with_capacity(text.len());
        let mut inside = String::new();
        let mut depth = 0_usize;
        for c in text.chars() {
            match c {
                '(' | '[' | '{' | '（' | '［' | '【' | '〔' | '《' => {
                    depth += 1;
                    if depth > 1 {
                        inside.push(' ');
                    }
                }
                ')' | ']' | '}' | '）' | '］' | '】' | '〕' | '》' if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        self.take(classify(&inside, true));
                        inside.clear();
                        outside.push(' ');
                    } else {
                        inside.push(' ');
                    }
                }
                _ if depth > 0 => inside.push(c),
                _ => outside.push(c),
            }
        }
        if depth > 0 {
            self.take(classify(&inside, true));
        }
        outside
    }

    /// Takes off what stands after a dash or between tildes, from the first piece on that claims something:
    /// `Song - Live at the Barn, Fen - May 1967` has one suffix, not two.
    fn take_suffixes(&mut self, text: &str) -> String {
        let mut rest = text.trim();
        if let Some((before, last)) = split_tight_suffix(rest) {
            match classify(last, false) {
                Segment::Subtitle(_) => {}
                known => {
                    self.take(known);
                    rest = before;
                }
            }
        }
        let starts = dashes(rest);
        for (at, length) in starts {
            let (Some(before), Some(after)) = (rest.get(..at), rest.get(at + length..)) else { continue };
            let piece = dashes(after).first().and_then(|(end, _)| after.get(..*end)).unwrap_or(after);
            let segment = match (classify(piece, false), classify(after, false)) {
                (Segment::Claims(_), Segment::Claims(all)) => Segment::Claims(all),
                (Segment::Plain, whole @ (Segment::Plain | Segment::Claims(_))) => whole,
                (Segment::Guests(names), _) => Segment::Guests(names),
                _ => continue,
            };
            if !before.trim().is_empty() {
                self.take(segment);
                return before.trim().to_owned();
            }
        }
        rest.to_owned()
    }
}

/// Where dashes with a space on both sides stand, and how long each is.
fn dashes(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = [" - ", " – ", " — ", " ‐ ", " ~ "]
        .iter()
        .flat_map(|mark| text.match_indices(mark).map(|(at, mark)| (at, mark.len())))
        .collect();
    found.sort_unstable();
    found
}

/// `TOP -Japanese ver.-`, `Song ~Live~`.
fn split_tight_suffix(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(['-', '~'])?;
    let at = [" -", " ~"].iter().filter_map(|mark| inner.rfind(mark)).max()?;
    let (before, suffix) = (inner.get(..at)?.trim(), inner.get(at + 2..)?.trim());
    (!before.is_empty() && !suffix.is_empty()).then_some((before, suffix))
}

fn classify(raw: &str, bracket: bool) -> Segment {
    let folded = fold(raw);
    let mut words = folded.split(' ');
    let first = words.next().unwrap_or_default();
    let more = words.next().is_some();
    let guests = GUEST_WORDS.contains(&first) && (bracket || matches!(first, "feat" | "ft" | "featuring"));
    if guests && more && claims_of_segment(&folded, raw).is_empty() {
        let names = raw.trim().split_once([' ', '.']).map_or(raw, |(_, names)| names);
        return Segment::Guests(names.trim_start_matches(['.', ' ']).to_owned());
    }
    let web = raw.contains("www.") || raw.contains("http");
    if folded.is_empty() || web || is_plain(&folded) {
        return Segment::Plain;
    }
    let claims = claims_of_segment(&folded, raw);
    let bare_language = !bracket && !more && claims.iter().all(|claim| claim.kind == Kind::Language);
    if claims.is_empty() || bare_language {
        Segment::Subtitle(numerals(&folded))
    } else {
        Segment::Claims(claims)
    }
}

fn is_plain(folded: &str) -> bool {
    PLAIN.iter().any(|plain| *plain == folded || (plain.len() >= 8 && edits(plain, folded, 1).is_some()))
}

/// Cuts off what download sites and encoders append: a web address, a bitrate.
fn without_noise(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some((before, last)) = rest.rsplit_once([' ', '_']) {
        let lower = last.to_lowercase();
        let rate = lower.trim_start_matches('-').trim_end_matches("bps").strip_suffix('k');
        let noise = lower.starts_with("www.")
            || rate.is_some_and(|rate| rate.len() == 3 && rate.bytes().all(|b| b.is_ascii_digit()));
        if !noise || before.trim().is_empty() {
            break;
        }
        rest = before.trim_end();
    }
    rest
}

/// Roman numerals from II on, spelt numbers after `part`, and the words for `part` in one form.
fn numerals(folded: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for (at, word) in folded.split(' ').enumerate() {
        let after_part = out.last().is_some_and(|w| matches!(*w, "part" | "vol" | "no" | "chapter" | "book"));
        out.push(match word {
            "pt" | "pts" | "parte" | "teil" | "partie" | "del" if at > 0 => "part",
            "volume" => "vol",
            "nr" | "number" | "num" if at > 0 => "no",
            "ii" => "2",
            "iii" => "3",
            "iv" => "4",
            "vi" => "6",
            "vii" => "7",
            "viii" => "8",
            "ix" => "9",
            "i" | "one" if after_part => "1",
            "v" | "five" if after_part => "5",
            "x" | "ten" if after_part => "10",
            "two" if after_part => "2",
            "three" if after_part => "3",
            "four" if after_part => "4",
            other => other,
        });
    }
    out.join(" ")
}

/// The numbers in a folded text, in order; two titles that count differently are two titles.
pub(crate) fn numbers(folded: &str) -> Vec<&str> {
    let is_number = |word: &&str| word.bytes().any(|b| b.is_ascii_digit());
    folded.split(' ').filter(is_number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_come_apart() {
        let title = Title::parse("So Crazy (Part II) Feat. Lil Ann [Live] - 2011 Remaster");
        assert_eq!(title.base, "so crazy");
        assert_eq!(title.subtitles, ["part 2"]);
        assert_eq!(title.guests, ["Lil Ann "]);
        let kinds: Vec<Kind> = title.claims.iter().map(|c| c.kind).collect();
        assert!(kinds.contains(&Kind::Live) && kinds.contains(&Kind::Remaster), "{kinds:?}");
    }

    #[test]
    fn plain_titles_stay_whole() {
        assert_eq!(Title::parse("Live Forever").base, "live forever");
        assert_eq!(Title::parse("(Nice Dream)").base, "nice dream");
        assert_eq!(Title::parse("Live and Let Die").claims, []);
        assert_eq!(Title::parse("Quartet: I. Allegro - Andante").base, "quartet i allegro andante");
        assert_eq!(Title::parse("!!!").base, "!!!");
    }

    #[test]
    fn dash_and_bracket_say_the_same() {
        assert_eq!(Title::parse("Song - Acoustic").claims, Title::parse("Song (Acoustic)").claims);
        assert_eq!(Title::parse("TOP -Japanese ver.-").claims.len(), 1);
        assert_eq!(Title::parse("Song (Original Mix)").claims, []);
        assert_eq!(Title::parse("Song (feat. A & B)").guests, ["A & B"]);
    }
}
