//! What one bracket or suffix of a title is: guests, a film, a claim, nothing that counts, or a subtitle.

use std::sync::LazyLock;

use crate::readings::labels::{is_label, is_site};
use crate::texts::normalise::{fold, with_at_spelt};
use crate::texts::numerals::{lone_numeral, numbers, numerals, part_at_the_end};
use crate::texts::phrases::Words;
use crate::texts::typos::edits;
use crate::versions::claims::{claims_of_bracket, claims_of_segment};
use crate::versions::table::{Claim, Kind};
use crate::versions::words::{FILM_NOUNS, FROM_FILM, GUEST_WORDS, MAKERS, PLAIN};

static GUESTS: LazyLock<Words> = LazyLock::new(|| Words::of(GUEST_WORDS));
static MADE_BY: LazyLock<Words> = LazyLock::new(|| Words::of(MAKERS));
pub(super) static SAYS_NOTHING: LazyLock<Words> = LazyLock::new(|| Words::of(PLAIN));
static OF_A_FILM: LazyLock<Words> = LazyLock::new(|| Words::of(FROM_FILM));
static FILM: LazyLock<Words> = LazyLock::new(|| Words::of(FILM_NOUNS));

/// From which film a segment says the title is, and what it says beside: `From "The Film" - Instrumental`.
pub(super) struct Film {
    pub(super) name: String,
    pub(super) claims: Vec<Claim>,
    pub(super) numbers: String,
}

/// What one bracket or suffix is.
pub(super) enum Segment {
    Guests(String),
    Plain,
    /// What it claims, and which part of a work it is: `Tarn Remix, Pt. 2`.
    Claims(Vec<Claim>, Option<String>),
    Film(Film),
    Subtitle(String),
}

pub(super) fn classify(raw: &str, bracket: bool) -> Segment {
    let folded = fold(&with_at_spelt(raw));
    let first = folded.split(' ').next().unwrap_or_default();
    let more = folded.contains(' ');
    let claims = || if bracket { claims_of_bracket(&folded, raw) } else { claims_of_segment(&folded, raw) };
    if let Some(names) = guests_in(raw, &folded, bracket)
        && claims().is_empty()
        // `(with lyrics)`
        && !is_label(&folded)
    {
        return Segment::Guests(names.to_owned());
    }
    let web = raw.contains("www.") || raw.contains("http") || bracket && is_site(raw);
    let made_by = more && MADE_BY.has(first);
    if folded.is_empty() || web || made_by || is_plain(&folded) {
        return Segment::Plain;
    }
    if let Some(film) = film_in(raw, &folded) {
        return Segment::Film(film);
    }
    let claims = claims();
    let bare_language = !bracket && !more && claims.iter().all(|claim| claim.kind == Kind::Language);
    if claims.is_empty() || bare_language {
        Segment::Subtitle(lone_numeral(&folded).unwrap_or_else(|| numerals(&folded)))
    } else {
        let part = part_at_the_end(&folded);
        Segment::Claims(claims, part)
    }
}

/// The names after `feat.`, `con`, `с участием` …, as printed.
fn guests_in<'a>(raw: &'a str, folded: &str, bracket: bool) -> Option<&'a str> {
    let trimmed = raw.trim();
    if bracket && let Some(names) = trimmed.strip_prefix(['&', '×']) {
        return Some(names.trim());
    }
    let first = folded.split(' ').next().unwrap_or_default();
    let sure = matches!(first, "feat" | "ft" | "featuring");
    let count = if sure || bracket && GUESTS.has(first) {
        1
    } else {
        let phrase = GUESTS
            .iter()
            .find(|p| p.contains(' ') && folded.strip_prefix(*p).is_some_and(|rest| rest.starts_with(' ')))?;
        phrase.split(' ').count()
    };
    // `feat.Name` is printed without a space.
    let mut rest = trimmed;
    for _ in 0..count {
        rest = rest
            .split_once([' ', '.', '/', ':'])
            .map(|(_, names)| names.trim_start_matches(['.', ' ', ':']))?;
    }
    (!rest.is_empty() && folded.contains(' ')).then_some(rest)
}

/// The film, show or game a segment says the title comes from: `From "The Film"`, `Original Soundtrack`.
fn film_in(raw: &str, folded: &str) -> Option<Film> {
    let opening = OF_A_FILM.iter().filter(|phrase| {
        folded.strip_prefix(*phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    let opening = opening.max_by_key(|phrase| phrase.len())?;
    let quoted = quoted(raw);
    // `From the Heart` and `From Me` are subtitles.
    if quoted.is_none() && !folded.split(' ').any(|word| FILM.has(word)) {
        return None;
    }
    let (name, rest) = match quoted {
        Some((name, rest)) => (fold(name), fold(rest)),
        None => (String::new(), folded.get(opening.len()..).unwrap_or_default().trim().to_owned()),
    };
    let told = rest.replace("soundtrack version", "").replace("album version", "");
    let claims = claims_of_segment(told.trim(), told.trim());
    let name = if name.is_empty() {
        rest.split(' ').filter(|word| !FILM.has(word) && *word != "the").collect::<Vec<_>>().join(" ")
    } else {
        name
    };
    let numbers = if quoted.is_some() { numbers(&rest).join(" ") } else { String::new() };
    Some(Film { name, claims, numbers })
}

/// What stands in quotes, and what comes behind.
fn quoted(raw: &str) -> Option<(&str, &str)> {
    const MARKS: [char; 13] = ['"', '“', '”', '„', '«', '»', '‘', '’', '「', '」', '『', '』', '\''];
    let (_, after) = raw.split_once(MARKS)?;
    let end = after.rfind(MARKS)?;
    let rest = after.get(end..)?.trim_start_matches(MARKS);
    after.get(..end).map(|name| (name, rest))
}

fn is_plain(folded: &str) -> bool {
    SAYS_NOTHING.has(folded)
        || is_label(folded)
        || (8..=24).contains(&folded.len())
            && SAYS_NOTHING.iter().any(|plain| plain.len() >= 8 && edits(plain, folded, 1).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readings::title::Title;

    #[test]
    fn guests_are_named_in_many_ways() {
        for title in [
            "Song (feat. Mara Quill)",
            "Song (ft Mara Quill)",
            "Song feat. Mara Quill",
            "Song Ft.Mara Quill",
            "Song featuring Mara Quill",
            "Song [Featuring Mara Quill]",
            "Song (with Mara Quill)",
            "Song (con Mara Quill)",
            "Song (avec Mara Quill)",
            "Song (mit Mara Quill)",
            "Song (с участием Mara Quill)",
            "Song (& Mara Quill)",
            "Song (× Mara Quill)",
            "Song - feat. Mara Quill",
            "Song w/ Mara Quill",
            "Song (w/ Mara Quill)",
        ] {
            let parsed = Title::parse(title);
            assert_eq!((parsed.base.as_str(), parsed.guests.len()), ("song", 1), "{title}: {parsed:?}");
            assert_eq!(fold(&parsed.guests[0]), "mara quill", "{title}");
        }
        assert_eq!(Title::parse("Dance (With the Wind)").guests.len(), 1, "cannot be told from a guest");
        assert_eq!(Title::parse("Dancing with Mara").guests.len(), 0);
        assert_eq!(Title::parse("Con Mara").base, "con mara");
    }

    #[test]
    fn films_are_no_subtitles() {
        for title in [
            "Song (From \"The Fen\")",
            "Song [From the Motion Picture The Fen]",
            "Song - From \"The Fen\"",
            "Song - From \"The Fen\"/Soundtrack Version",
            "Song (Original Motion Picture Soundtrack)",
            "Song (aus dem Film „The Fen“)",
            "Song (из фильма «Топь»)",
            "Song (De la película The Fen)",
        ] {
            let parsed = Title::parse(title);
            assert_eq!((parsed.base.as_str(), parsed.films.len()), ("song", 1), "{title}: {parsed:?}");
            assert!(parsed.claims.is_empty() && parsed.subtitles.is_empty(), "{title}: {parsed:?}");
        }
        assert_eq!(Title::parse("Song (From the Heart)").subtitles, ["from the heart"]);
        assert_eq!(Title::parse("Song (Theme)").films.len(), 0);
    }
}
