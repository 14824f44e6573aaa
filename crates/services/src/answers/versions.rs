//! Words by which a place says of a recording that it is another version: of a concert, of covers, of demos.
//!
//! They stand where tags do not: in the name of an item, of its creator, of a file. What they say is put behind an album's name
//! in words that matching reads there as surely, wherever in the name they stand. A word too many asks about a file that is the
//! wanted one; a word too few takes another recording for it. So only plain words count, and each of them does.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is said, and the words or phrases that say it, folded. `Live` stands last: of all of these it alone is read at the end
/// only.
const VERSIONS: [(&str, &[&str]); 11] = [
    (
        "Remixes",
        &["remix", "remixes", "remixed", "rmx", "rework", "reworks", "reworked", "mashup", "mashups"],
    ),
    ("Karaoke", &["karaoke"]),
    ("Cover Versions", &["cover", "covers", "covered", "tribute", "tributo", "hommage", "omaggio"]),
    ("Demos", &["demo", "demos", "outtake", "outtakes", "rehearsal", "rehearsals", "maquetas"]),
    ("Acoustic Versions", &["acoustic", "acustico", "acoustique", "akustik", "akustisch"]),
    ("Instrumentals", &["instrumental", "instrumentals"]),
    ("Nightcore", &["nightcore", "slowed", "sped"]),
    ("Reimagined", &["reimagined", "reimagining", "reimaginings", "reinterpreted"]),
    ("Lofi Versions", &["lofi"]),
    ("8 Bit Versions", &["8 bit", "8bit"]),
    (
        "Live",
        &[
            "live",
            "unplugged",
            "concert",
            "concerts",
            "session",
            "sessions",
            "bootleg",
            "broadcast",
            "soundboard",
            "sbd",
            "vivo",
            "konzert",
            "konzertmitschnitt",
            "concierto",
            "konsert",
            "koncert",
        ],
    ),
];

/// What `said` says of versions by words that `known` does not have, as it is put behind an album's name.
pub(crate) fn versions_beyond<'s, 'k>(
    said: impl IntoIterator<Item = &'s str>,
    known: impl IntoIterator<Item = &'k str>,
) -> Vec<&'static str> {
    let known: HashSet<String> = known.into_iter().flat_map(folded_words).collect();
    let beyond: Vec<String> = said.into_iter().flat_map(folded_words).collect();
    let beyond: Vec<String> = beyond.into_iter().filter(|word| !known.contains(word)).collect();
    let beyond = format!(" {} ", beyond.join(" "));
    let is_said = |words: &[&str]| words.iter().any(|word| beyond.contains(&format!(" {word} ")));
    VERSIONS.iter().filter(|(_, words)| is_said(words)).map(|(name, _)| *name).collect()
}

/// An album's name with what was said beyond it.
pub(crate) fn with_versions(album: &str, said: &[&str]) -> String {
    if said.is_empty() { album.to_owned() } else { format!("{album} ({})", said.join(", ")) }
}

/// The words of a text without marks and in lower case.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    let plain: String = letters
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_beyond_what_is_known_counts() {
        let table: [(&str, &str, &str); 17] = [
            ("Mara Quill - Live at Oslo", "Oslo 2004", "Oslo 2004 (Live)"),
            ("Mara Quill - Live at Oslo", "Live at Oslo", "Live at Oslo"),
            ("Mara Quill Unplugged on Radio Fen", "Radio Fen", "Radio Fen (Live)"),
            ("Mara Quill demos 2001", "fen017", "fen017 (Demos)"),
            ("Low Water remixed", "Low Water", "Low Water (Remixes)"),
            ("Tribute to Mara Quill", "Fen Comp 3", "Fen Comp 3 (Cover Versions)"),
            ("Karaoke party", "Fen Comp 3", "Fen Comp 3 (Karaoke)"),
            ("Demos & live cuts", "fen017", "fen017 (Demos, Live)"),
            ("Mara Quill en acústico", "fen017", "fen017 (Acoustic Versions)"),
            ("[fen017] Mara Quill - Low Water EP", "Low Water", "Low Water"),
            ("Low Water - reimagined by Bob", "Low Water", "Low Water (Reimagined)"),
            ("Mara Quill lofi chill mix", "Low Water", "Low Water (Lofi Versions)"),
            ("Mara Quill 8-bit", "Low Water", "Low Water (8 Bit Versions)"),
            ("mq2004.sbd.flac16", "Low Water", "Low Water (Live)"),
            ("24-bit", "Low Water", "Low Water"),
            ("Livestock", "fen017", "fen017"),
            ("", "fen017", "fen017"),
        ];
        for (said, album, expected) in table {
            assert_eq!(with_versions(album, &versions_beyond([said], [album])), expected, "{said}");
        }
        assert!(versions_beyond(["The Covers"], ["fen017", "The Covers"]).is_empty(), "it is their name");
    }

    #[test]
    fn words_are_compared_without_marks() {
        assert_eq!(folded_words("Élan – vi\u{301}vo, AC/DC"), ["elan", "vivo", "ac", "dc"]);
    }
}
