//! Tags that programs write where they know nothing. They say no more than none, and so whoever gave the file is believed.

use crate::letters_of;

/// Endings of files that stand in titles which are the file's name.
const ENDINGS: [&str; 12] =
    ["aac", "aif", "aiff", "ape", "flac", "m4a", "mp3", "ogg", "opus", "wav", "wma", "wv"];

const NO_ARTISTS: [&str; 16] = [
    "unknown",
    "unknown artist",
    "unknown artists",
    "<unknown>",
    "[unknown]",
    "artist",
    "no artist",
    "unbekannt",
    "unbekannter interpret",
    "unbekannter künstler",
    "artiste inconnu",
    "artista desconocido",
    "artista desconhecido",
    "artista sconosciuto",
    "onbekende artiest",
    "неизвестный исполнитель",
];

const NO_ALBUMS: [&str; 10] = [
    "unknown",
    "unknown album",
    "<unknown>",
    "[unknown]",
    "unbekanntes album",
    "album inconnu",
    "álbum desconocido",
    "álbum desconhecido",
    "album sconosciuto",
    "onbekend album",
];

/// Whether a title is what a ripper writes when it knows nothing.
pub fn is_placeholder(title: &str) -> bool {
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

/// Whether a file's title says nothing beside what it is said to be: it is a placeholder, or the name of a file that is
/// called so.
pub fn says_no_title(own: &str, said: &str) -> bool {
    is_placeholder(own) || is_file_name_of(own, said)
}

/// `16_quince.mp3` of what is said to be `Quince`. One that is called otherwise says that it is something else.
fn is_file_name_of(own: &str, said: &str) -> bool {
    let Some((stem, ending)) = own.trim().rsplit_once('.') else { return false };
    let is_of_file = ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
    let named = stem.trim_start_matches(|char: char| char.is_ascii_digit() || " _-.".contains(char));
    let said = letters_of(said);
    is_of_file && !said.is_empty() && (letters_of(named) == said || letters_of(stem) == said)
}

/// Whether artists name nobody.
pub fn says_no_artist(own: &[String]) -> bool {
    own.iter().all(|name| is_among(name, &NO_ARTISTS))
}

/// Whether artists are others than those, as far as both are named. Servers take `Mara Quill feat. Bo Fen` apart, and leave out
/// articles and who only plays along: one name of both is enough.
pub fn are_other_artists(own: &[String], said: &[String]) -> bool {
    let named = |artists: &[String]| -> Vec<String> {
        artists.iter().map(|name| letters_of(name)).filter(|name| !name.is_empty()).collect()
    };
    let is_named_otherwise = letters_of(&own.concat()) != letters_of(&said.concat());
    let (ours, theirs) = (named(own), named(said));
    let is_of_both = |one: &String| theirs.iter().any(|other| one.contains(other) || other.contains(one));
    !says_no_artist(own) && !says_no_artist(said) && is_named_otherwise && !ours.iter().any(is_of_both)
}

/// Whether an album is none.
pub fn says_no_album(own: &str) -> bool {
    is_among(own, &NO_ALBUMS)
}

fn is_among(text: &str, words: &[&str]) -> bool {
    let lower = text.trim().to_lowercase();
    lower.is_empty() || words.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rippers_titles_are_recognised() {
        assert!(is_placeholder("Track 01") && is_placeholder("AudioTrack 09") && is_placeholder(""));
        assert!(!is_placeholder("Tracks of Rain") && !is_placeholder("1979"));
    }

    #[test]
    fn only_what_names_nothing_is_silent() {
        for own in ["", " ", "Track 14", "Unknown", "16_quince.mp3", "Quince.FLAC", "03 - Quince.ogg"] {
            assert!(says_no_title(own, "Quince"), "{own}");
        }
        for own in ["Quince", "16_birch.mp3", "Tracks of Rain", "1979", "Quince.2", "Quince (Live).mp3"] {
            assert!(!says_no_title(own, "Quince"), "{own}");
        }
        assert!(!says_no_title("….mp3", "…"), "nothing can be compared");
        let artist = |name: &str| says_no_artist(&[name.to_owned()]);
        assert!(says_no_artist(&[]) && artist("Unknown Artist") && artist(" ") && artist("<unknown>"));
        assert!(!artist("Various Artists") && !artist("The Unknown Artists Club"));
        let others = |own: &str, said: &[&str]| {
            let said: Vec<String> = said.iter().map(|name| (*name).to_owned()).collect();
            are_other_artists(&[own.to_owned()], &said)
        };
        assert!(others("The Alloys", &["Mara Quill"]), "somebody else's");
        assert!(!others("The Mara Quill", &["Bo Fen", "Mara Quill"]) && !others("", &["Mara Quill"]));
        assert!(!others("The Alloys", &[]) && !others("Unknown Artist", &["Mara Quill"]), "nobody is named");
        assert!(says_no_album("Unknown Album") && says_no_album("") && !says_no_album("The Unknown Album"));
    }
}
