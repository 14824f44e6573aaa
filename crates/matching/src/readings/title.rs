//! A title taken apart: its plain words, subtitles, guests, and what it claims to be.

use std::sync::LazyLock;

use crate::readings::songs::songs_of;
use crate::texts::articles::article_first;
use crate::texts::dashes::plain_dashes;
use crate::texts::normalise::{fold, repair_mojibake};
use crate::texts::numerals::numerals;
use crate::texts::phrases::Words;
use crate::versions::claims::begun_kind;
use crate::versions::table::Claim;
use crate::versions::words::COMMON_NAMES;
use segment::{SAYS_NOTHING, Segment, classify};

mod segment;

static ON_EVERY_ALBUM: LazyLock<Words> = LazyLock::new(|| Words::of(COMMON_NAMES));

/// Whether a title is what tracks of many albums are called: `Intro`, `Main Title`.
pub(crate) fn is_on_every_album(whole: &str) -> bool {
    ON_EVERY_ALBUM.has(whole)
}

/// A title's parts, folded but for the guests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Title {
    /// The plain words, numerals as digits. Never empty for a text that is not blank.
    pub(crate) base: String,
    /// Brackets that are neither guests nor claims nor films: `Better Late Than Never`.
    pub(crate) subtitles: Vec<String>,
    /// Films, shows and games it says it comes from: `From "The Film"`.
    pub(crate) films: Vec<String>,
    /// Guests named in the title, as printed.
    pub(crate) guests: Vec<String>,
    /// Which kind of recording it claims to be.
    pub(crate) claims: Vec<Claim>,
    /// The songs of a track that names several: `Ebb / Slack`. Empty for one.
    pub(crate) songs: Vec<String>,
    /// The last of the subtitles where its bracket is not closed, as tags that are cut off leave it: `Ebb (Karao`.
    pub(crate) cut: String,
}

impl Title {
    /// Takes a title apart.
    pub(crate) fn parse(text: &str) -> Self {
        let repaired = repair_mojibake(without_noise(text));
        let repaired = plain_dashes(&repaired);
        let mut parsed = Self::default();
        let mut rest = parsed.take_bare_guests(&repaired);
        rest = parsed.take_brackets(&rest);
        rest = parsed.take_suffixes(&rest);
        parsed.base = numerals(&fold(&article_first(rest.trim())));
        parsed.songs = songs_of(&rest);
        // `Ember (Ember)` has no subtitle.
        let base = parsed.base.clone();
        parsed.subtitles.retain(|subtitle| *subtitle != base);
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

    /// What the bracket that is cut off begins to claim.
    pub(crate) fn begun_claim(&self) -> Option<Claim> {
        let may_be_plain = SAYS_NOTHING.iter().any(|plain| plain.starts_with(&self.cut));
        let kind = begun_kind(&self.cut).filter(|_| !may_be_plain)?;
        Some(Claim { kind, particulars: Vec::new() })
    }

    fn take(&mut self, segment: Segment) {
        match segment {
            Segment::Guests(names) => self.guests.push(names),
            Segment::Plain => {}
            Segment::Claims(claims, part) => {
                self.claims.extend(claims);
                self.subtitles.extend(part);
            }
            Segment::Film(film) => {
                self.films.push(film.name);
                self.claims.extend(film.claims);
                self.subtitles.extend(Some(film.numbers).filter(|numbers| !numbers.is_empty()));
            }
            Segment::Subtitle(text) => self.subtitles.push(text),
        }
    }

    /// `Song feat. Somebody (Live)`: guests outside brackets, up to the next bracket or dash.
    fn take_bare_guests(&mut self, text: &str) -> String {
        let lower = text.to_lowercase();
        if lower.len() != text.len() {
            return text.to_owned();
        }
        for mark in [" feat. ", " feat ", " feat.", " ft. ", " ft ", " ft.", " featuring ", " f/ ", " w/ "] {
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
            let segment = classify(&inside, true);
            if let Segment::Subtitle(text) = &segment {
                self.cut.clone_from(text);
            }
            self.take(segment);
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
                (Segment::Claims(..), Segment::Claims(all, part)) => {
                    Segment::Claims(with_later_claims(all, after), part)
                }
                (Segment::Plain, whole @ (Segment::Plain | Segment::Claims(..))) => whole,
                (Segment::Guests(names), _) if !before.trim().is_empty() => {
                    // What stands behind the guests counts as well: `Song - feat. Guest - Live`.
                    self.take(Segment::Guests(names));
                    let behind = after.get(piece.len()..).unwrap_or_default();
                    return self.take_suffixes(&format!("{before}{behind}"));
                }
                (Segment::Film(_), Segment::Film(all)) => Segment::Film(all),
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

/// The claims of a suffix and of its later pieces: `2010 Remaster - Symphonic` is both.
fn with_later_claims(mut all: Vec<Claim>, suffix: &str) -> Vec<Claim> {
    for (at, length) in dashes(suffix) {
        let Some(Segment::Claims(later, _)) = suffix.get(at + length..).map(|piece| classify(piece, false))
        else {
            continue;
        };
        all.extend(
            later
                .into_iter()
                .filter(|claim| all.iter().all(|known| known.kind != claim.kind))
                .collect::<Vec<_>>(),
        );
    }
    all
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::versions::table::Kind;

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
    fn a_bracket_that_is_cut_off_begins_a_claim() {
        let begun = |title: &str| Title::parse(title).begun_claim().map(|claim| claim.kind);
        for (title, kind) in [
            ("Song (Karao", Kind::Karaoke),
            ("Song (Rerecorde", Kind::ReRecording),
            ("Song (Acous", Kind::Acoustic),
            ("Song [Instrume", Kind::Instrumental),
        ] {
            assert_eq!(begun(title), Some(kind), "{title}");
        }
        for title in ["Song (Orig", "Song (Album V", "Song (Kar", "Song (Lant", "Song (Karao)", "Song"] {
            assert_eq!(begun(title), None, "{title}");
        }
    }

    #[test]
    fn an_at_sign_before_a_place_is_the_word() {
        let told = Title::parse("Song (Live at Oslo)");
        for title in ["Song (Live @ Oslo)", "Song (Live@Oslo)", "Song - Live @Oslo"] {
            assert_eq!(Title::parse(title), told, "{title}");
        }
        assert_eq!(Title::parse("Song (C@T)").subtitles, ["cat"]);
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
        for dash in ['‐', '‑', '‒', '–', '—', '−', '－'] {
            for title in ["Song -live-", "Song - Live"] {
                let other = Title::parse(&title.replace('-', &dash.to_string()));
                assert_eq!(other, Title::parse(title), "{dash}");
            }
        }
        assert_eq!(Title::parse("Song 〜live〜"), Title::parse("Song ~live~"));
        assert_eq!(Title::parse("Song (Original Mix)").claims, []);
        assert_eq!(Title::parse("Song (feat. A & B)").guests, ["A & B"]);
    }

    #[test]
    fn parts_and_articles_are_brought_to_one_form() {
        let whole = |title: &str| Title::parse(title).whole();
        for part in [
            "Song, Pt. 1",
            "Song (Part One)",
            "Song - Part 1",
            "Song Part I",
            "Song (Teil 1)",
            "Song, часть 1",
        ] {
            assert_eq!(whole(part), "song part 1", "{part}");
        }
        assert_eq!(whole("Song (I)"), "song 1");
        assert_eq!(whole("Song (II)"), whole("Song 2"));
        assert_ne!(whole("Song Vol. 4"), whole("Song Vol. 4.5"));
        assert_eq!(whole("Lantern, The"), "the lantern");
        assert_eq!(whole("Brücke, Die"), "die brucke");
        assert_eq!(whole("Eye, I"), "i eye", "an article of Italian");
    }
}
