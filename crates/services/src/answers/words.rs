//! Words to search with, and small values out of texts.

use std::time::Duration;

use unicode_normalization::UnicodeNormalization;

/// A search has no more words, nor longer ones; what is longer is no name.
const MOST_WORDS: usize = 12;
const MOST_CHARS: usize = 40;

/// The words of a name, so that none of them means anything to a search's language.
pub(crate) fn words(text: &str) -> String {
    let plain: String = text
        .chars()
        .take(MOST_WORDS * MOST_CHARS)
        .map(|letter| if letter.is_alphanumeric() || matches!(letter, '\'' | '’') { letter } else { ' ' })
        .collect();
    let words =
        plain.split_whitespace().map(|word| word.trim_matches(['\'', '’'])).filter(|word| !word.is_empty());
    words.filter(|word| word.chars().count() <= MOST_CHARS).take(MOST_WORDS).collect::<Vec<_>>().join(" ")
}

/// The words of a title without what stands behind a dash, a colon or in brackets: versions and guests are written in as
/// many ways as there are places.
pub(crate) fn main_words(title: &str) -> String {
    let main = words(bare(title));
    if main.is_empty() { words(title) } else { main }
}

/// The title up to a dash, a colon or a bracket.
pub(crate) fn bare(title: &str) -> &str {
    let ends = [" - ", " – ", " — ", " (", " [", ": ", "; "];
    let end = ends.iter().filter_map(|end| title.find(end)).min().unwrap_or(title.len());
    title.get(..end).unwrap_or(title).trim()
}

/// The letters and digits of a text alone, without marks and in lower case: equal ones were written as the same words.
pub(crate) fn folded(text: &str) -> String {
    text.nfkd().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A title without `(feat. …)`, which one shop writes into it and another into the artist.
pub(crate) fn without_guests(title: &str) -> String {
    for begin in ["(feat. ", "[feat. ", "(ft. ", "(with "] {
        if let Some((before, rest)) = title.split_once(begin) {
            let after = rest.split_once([')', ']']).map_or("", |(_, after)| after);
            return format!("{before}{after}");
        }
    }
    title.to_owned()
}

/// Whether two titles are of one recording, as far as titles tell: written as the same words but for guests, and for a
/// remaster, which sounds otherwise and is the same performance. `Live`, `Remix` and movements make others, also where
/// they were remastered.
pub(crate) fn same_title(one: &str, other: &str) -> bool {
    let key = |title: &str| folded(&without_remaster(&without_guests(title)));
    let one = key(one);
    !one.is_empty() && one == key(other)
}

/// A title without the parts of it – behind a dash, in brackets – that say nothing but that it is a remaster.
fn without_remaster(title: &str) -> String {
    let main = bare(title);
    let rest = title.get(main.len()..).unwrap_or_default();
    let mut marked = rest.to_owned();
    for end in [" - ", " – ", " — ", ": ", "; ", "/"] {
        marked = marked.replace(end, "\n");
    }
    let parts = marked.split(['(', ')', '[', ']', '\n']).filter(|part| !is_of_a_remaster(part));
    std::iter::once(main).chain(parts).collect::<Vec<_>>().join(" ")
}

fn is_of_a_remaster(part: &str) -> bool {
    const BESIDE: [&str; 7] = ["digital", "digitally", "version", "edition", "new", "the", "in"];
    let part = part.to_lowercase();
    let words = || part.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let says_so = |word: &str| word.starts_with("remaster");
    let is_year = |word: &str| word.len() == 4 && date(word).is_some();
    words().any(says_so) && words().all(|word| says_so(word) || is_year(word) || BESIDE.contains(&word))
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` at the beginning of a text.
pub(crate) fn date(text: &str) -> Option<String> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
    };
    let dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
    let year = digits(0..4).filter(|year| (1000..3000).contains(year))?;
    let Some(month) = digits(5..7).filter(|month| dash(4) && (1..=12).contains(month)) else {
        return Some(format!("{year:04}"));
    };
    match digits(8..10).filter(|day| dash(7) && (1..=31).contains(day)) {
        Some(day) => Some(format!("{year:04}-{month:02}-{day:02}")),
        None => Some(format!("{year:04}-{month:02}")),
    }
}

/// A length as `213.4`, `3:33` or `1:03:33`; none of nothing or of more than two days.
pub(crate) fn seconds(text: &str) -> Option<Duration> {
    let mut whole = 0.0;
    let mut parts = 0;
    for part in text.trim().split(':') {
        let number: f64 = part.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)?;
        whole = whole * 60.0 + number;
        parts += 1;
    }
    let sound = parts <= 3 && whole > 0.0 && whole < 2.0 * 24.0 * 3600.0;
    sound.then(|| Duration::try_from_secs_f64(whole).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_nothing_but_themselves() {
        let table = [
            (r#"Don't "Stop" AND (NOT) a:b*?~^"#, "Don't Stop AND NOT a b"),
            ("AC/DC", "AC DC"),
            ("Sigur Rós – Hoppípolla", "Sigur Rós Hoppípolla"),
            ("???", ""),
            ("'quoted'", "quoted"),
        ];
        for (text, expected) in table {
            assert_eq!(words(text), expected, "{text}");
        }
        assert_eq!(words(&"word ".repeat(100)).split(' ').count(), MOST_WORDS);
        assert_eq!(main_words("Ember Railway (feat. Mara) - Live"), "Ember Railway");
        assert_eq!(main_words("(I Can't)"), "I Can't");
    }

    #[test]
    fn a_remaster_is_the_same_and_any_other_version_is_not() {
        for other in ["Moor - 2009 Remaster", "Moor (Remastered 2011)", "Moor [Digitally Remastered Version]"]
        {
            assert!(same_title("Moor", other), "{other}");
        }
        let others = [
            "Moor - Live at Hull - Remastered",
            "Moor (2015 Remix Remaster)",
            "Moor - Mono / Remastered",
            "Moor (Live)",
        ];
        for other in others {
            assert!(!same_title("Moor", other), "{other}");
        }
        assert!(same_title("Moor - Live - 2011 Remaster", "Moor (Live)"));
        assert!(same_title("Moor (feat. Nia) - Remastered", "Moor"));
        assert!(!same_title("", ""));
    }

    #[test]
    fn dates_and_lengths_are_sound_or_none() {
        let dates = [
            ("1977-05-08", Some("1977-05-08")),
            ("1977-05-08T00:00:00Z", Some("1977-05-08")),
            ("1977-05", Some("1977-05")),
            ("1977-13-01", Some("1977")),
            ("77", None),
            ("0000", None),
        ];
        for (text, expected) in dates {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
        let lengths = [
            ("213.5", Some(213.5)),
            ("3:33", Some(213.0)),
            ("1:00:01", Some(3601.0)),
            ("0", None),
            ("-1", None),
        ];
        for (text, expected) in lengths {
            assert_eq!(seconds(text).map(|length| length.as_secs_f64()), expected, "{text}");
        }
        assert_eq!((seconds("NaN"), seconds("1e99"), seconds("1:2:3:4")), (None, None, None));
    }
}
