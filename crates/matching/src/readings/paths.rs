//! What a file's name and folders say, where tags are missing or cut.

use std::borrow::Cow;

/// The last three parts of a path, the file's without its ending.
#[derive(Debug, Clone)]
pub(crate) struct PathWords<'a> {
    /// File name without ending, underscores as spaces, without a leading track number.
    pub(crate) stem: Cow<'a, str>,
    /// The folder, often the album.
    pub(crate) parent: &'a str,
    /// The folder above, often the artist.
    pub(crate) grandparent: &'a str,
}

/// Folders that say nothing of what they hold.
const GENERIC: &[&str] = &[
    "",
    "_",
    "-",
    "music",
    "musik",
    "musique",
    "musica",
    "downloads",
    "download",
    "incoming",
    "various",
    "various artists",
    "mp3",
    "flac",
    "songs",
    "audio",
    "unknown",
    "unknown artist",
    "unknown album",
    "desktop",
    "documents",
    "home",
    "mnt",
    "media",
];

impl<'a> PathWords<'a> {
    pub(crate) fn of(path: &'a str) -> Self {
        let mut parts = path.rsplit(['/', '\\']);
        let name = parts.next().unwrap_or_default();
        let named = |part: Option<&'a str>| {
            part.filter(|part| !GENERIC.contains(&part.trim().to_lowercase().as_str())).unwrap_or_default()
        };
        let parent = named(parts.next());
        let grandparent = named(parts.next());
        let stem = match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => stem,
            _ => name,
        };
        Self { stem: clean_stem(stem), parent, grandparent }
    }
}

fn clean_stem(stem: &str) -> Cow<'_, str> {
    let spaced: Cow<'_, str> = if stem.contains(' ') || !stem.contains(['_', '-']) {
        Cow::Borrowed(stem)
    } else if stem.contains('_') {
        // "Some_Artist-Some_Title": here a bare dash separates.
        let mut spaced = stem.replace("_-_", " - ").replace('_', " ");
        let bare = |text: &str, at: usize| {
            let before = text.get(..at).is_some_and(|t| !t.ends_with(' '));
            before && text.get(at + 1..).is_some_and(|t| !t.starts_with(' '))
        };
        let tight: Vec<usize> =
            spaced.match_indices('-').map(|(at, _)| at).filter(|at| bare(&spaced, *at)).collect();
        if let [only] = tight.as_slice() {
            spaced.replace_range(*only..=*only, " - ");
        }
        Cow::Owned(spaced)
    } else if stem.matches('-').count() == 1 {
        Cow::Owned(stem.replace('-', " - "))
    } else {
        Cow::Borrowed(stem)
    };
    match spaced {
        Cow::Borrowed(text) => Cow::Borrowed(without_track_number(text)),
        Cow::Owned(text) => Cow::Owned(without_track_number(&text).to_owned()),
    }
}

/// `01 - Name`, `01. Name`, `1-01 Name`, `01 Name` without the number; a name that is only a number stays.
pub(crate) fn without_track_number(text: &str) -> &str {
    let trimmed = text.trim_start();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return text;
    }
    let Some(mut rest) = trimmed.get(digits..) else { return text };
    if let Some(after) = rest.strip_prefix(['-', '.']) {
        let more = after.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=2).contains(&more) && after.as_bytes().get(more).is_some_and(|b| *b == b' ' || *b == b'.') {
            rest = after.get(more..).unwrap_or(rest);
        }
    }
    let named = rest.trim_start_matches(['.', '-', ' ', '_', ')']);
    let separated = rest.len() > named.len();
    // Bare "7 Rings" may be a title; "07 Rings", "7. Rings", "7 - Rings" are not.
    let padded = trimmed.starts_with('0') || digits == 2 || rest.trim_start() != named;
    if separated && padded && !named.is_empty() { named } else { text }
}

/// Whether a title is what a ripper writes when it knows nothing.
pub(crate) fn is_placeholder(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '#');
    matches!(
        bare,
        "" | "track"
            | "audiotrack"
            | "audio track"
            | "untitled"
            | "unknown"
            | "unknown title"
            | "titel"
            | "piste"
            | "pista"
            | "no title"
    ) && (bare != lower || bare.starts_with("unknown") || bare.is_empty())
        && !lower.bytes().all(|b| b.is_ascii_digit())
        || lower.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_numbers_and_underscores() {
        assert_eq!(PathWords::of("Artist/Album/01 - Name.mp3").stem, "Name");
        assert_eq!(PathWords::of("A/B/1-07. Name.flac").stem, "Name");
        assert_eq!(PathWords::of("A/B/Some_Artist-Some_Title.ogg").stem, "Some Artist - Some Title");
        assert_eq!(PathWords::of("A/B/7 Rings.mp3").stem, "7 Rings");
        assert_eq!(PathWords::of("A/B/1979.mp3").stem, "1979");
        assert_eq!(PathWords::of("Music/Name.mp3").parent, "");
    }

    #[test]
    fn rippers_titles_are_recognised() {
        assert!(is_placeholder("Track 01") && is_placeholder("AudioTrack 09") && is_placeholder(""));
        assert!(!is_placeholder("Tracks of Rain") && !is_placeholder("1979"));
    }
}
