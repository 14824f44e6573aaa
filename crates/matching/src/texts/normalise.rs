//! Folding: texts that a person would call the same become equal, and nothing is ever wiped to empty.
//!
//! Folding is for comparing, never for showing. It repairs texts read in the wrong encoding, applies NFKC, lower case,
//! drops Latin, Greek, Cyrillic, Hebrew and Arabic marks (not Japanese or Indic ones, which are letters there), reads
//! look-alike letters of other scripts inside a Latin word as Latin, spells `&`, `$`, `!` between letters and the sharps and
//! flats of notes (`C#` as `c sharp`), and turns other punctuation into spaces. A title of punctuation alone (`!!!`) keeps it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

pub(crate) use crate::texts::mojibake::repair_mojibake;
pub(crate) use crate::texts::scripts::{is_unspaced, romanise};
pub(crate) use crate::texts::typos::{are_numbers, counts, edits, only_typos, typo_allowance};

/// Characters of a text that are looked at; hostile tags may hold megabytes.
const LONGEST: usize = 400;

/// Whether folding looks at the whole text.
pub(crate) fn is_seen_whole(text: &str) -> bool {
    clipped(text).len() == text.len()
}

/// The folded form of a text: lower-case words separated by single spaces.
pub(crate) fn fold(text: &str) -> String {
    let text = clipped(text);
    let folded = if text.is_ascii() {
        spell(text.chars().map(|c| c.to_ascii_lowercase()))
    } else {
        fold_unicode(text)
    };
    if !folded.is_empty() {
        return folded;
    }
    let kept: String = text.nfkc().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    kept.to_lowercase()
}

fn fold_unicode(text: &str) -> String {
    let text = repair_mojibake(text);
    let lower = text.nfkc().flat_map(char::to_lowercase);
    let bare = lower.nfd().filter(|c| !is_droppable_mark(*c)).nfc();
    let mut plain = String::with_capacity(text.len());
    for c in bare {
        match special_letter(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    let folded = spell(plain.chars());
    if may_hold_look_alikes(&folded) { without_look_alikes(&folded) } else { folded }
}

/// Spells out signs that stand for letters or words, drops apostrophes, makes other punctuation a space.
fn spell(chars: impl Iterator<Item = char> + Clone) -> String {
    let mut out = String::new();
    let mut previous = ' ';
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '&' => push_word(&mut out, "and"),
            '+' if previous.is_whitespace() && next.is_whitespace() => push_word(&mut out, "and"),
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | '＇' | 'ʹ' | '׳' | '״' => {}
            '$' if previous.is_alphabetic() || next.is_alphabetic() => out.push('s'),
            // `P!nk`: a sign between two letters stands for one.
            '!' | '¡' if previous.is_alphabetic() && next.is_alphabetic() => out.push('i'),
            '@' if previous.is_alphabetic() && next.is_alphabetic() => out.push('a'),
            '#' | '♯' | '♭' if alters_a_note(c, &out, previous, chars.clone()) => {
                push_word(&mut out, if c == '♭' { "flat" } else { "sharp" });
            }
            _ if c.is_alphanumeric() || is_joining_mark(c) => out.push(c),
            _ if is_invisible(c) => {}
            _ if !out.ends_with(' ') && !out.is_empty() => out.push(' '),
            _ => {}
        }
        previous = c;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a sign raises or lowers the note that stands alone before it: `C#`, `E ♭`, `Mi♭`, `F#A#`, `C#m7`. Before a digit `#`
/// counts (`#1`, `A#1`), and within a word it hides a letter (`F#ck`).
fn alters_a_note(sign: char, told: &str, previous: char, mut next: impl Iterator<Item = char>) -> bool {
    const NOTES: [&str; 15] =
        ["a", "b", "c", "d", "e", "f", "g", "do", "ut", "re", "mi", "fa", "sol", "la", "si"];
    let is_beside = previous.is_alphanumeric() || sign != '#' && previous == ' ';
    let note = told.trim_end().rsplit(' ').next().unwrap_or_default();
    if !is_beside || !NOTES.contains(&note) {
        return false;
    }
    let [first, second] = [next.next(), next.next()].map(|c| c.unwrap_or(' '));
    match first {
        _ if sign != '#' => true,
        'a'..='g' => second == '#',
        // `C#m`, `C#maj7`, `C#min`
        'm' => !second.is_alphabetic() || matches!(second, 'a' | 'i'),
        // `F#*k`, `F#@k`
        '*' | '@' | '%' | '$' | '!' | '&' => false,
        _ => !first.is_alphanumeric(),
    }
}

/// `Live @ Oslo` and `Live@Oslo` as `Live at Oslo`, for where a place tells something: folding drops the sign, or takes it
/// for a letter (`C@T`).
pub(crate) fn with_at_spelt(text: &str) -> Cow<'_, str> {
    const BEFORE_PLACES: [&str; 4] = ["live", "concert", "unplugged", "acoustic"];
    let mut pieces = text.split('@');
    let first = pieces.next().unwrap_or_default();
    let mut out = Cow::Borrowed(first);
    for piece in pieces {
        let last = out.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let in_a_word = !last.is_empty() && piece.starts_with(char::is_alphanumeric);
        let is_letter = in_a_word && !BEFORE_PLACES.contains(&last.to_lowercase().as_str());
        // `@maraquill` alone is a name.
        let is_word = !is_letter && !out.trim().is_empty();
        let out = out.to_mut();
        out.push_str(if is_word { " at " } else { "@" });
        out.push_str(piece);
    }
    out
}

fn push_word(out: &mut String, word: &str) {
    if !out.ends_with(' ') && !out.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
    out.push(' ');
}

fn clipped(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    text.char_indices().nth(LONGEST).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Marks whose loss leaves the same word in careless spelling.
fn is_droppable_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x0591..=0x05C7 | 0x064B..=0x065F | 0x0670 | 0x0640)
}

/// Soft hyphens, joiners and direction marks, which nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF)
}

/// Marks that belong to letters (Indic vowel signs, kana voicing): they must not split a word.
fn is_joining_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0900..=0x0DFF | 0x0E30..=0x0E4F | 0x0EB0..=0x0ECD | 0x0F71..=0x0F84 | 0x102B..=0x103E | 0x17B4..=0x17D3 | 0x3099..=0x309A)
}

fn special_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        'ς' => "σ",
        'ё' => "е",
        // One letter, three code points in Arabic and Persian keyboards.
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' => "ه",
        '∆' => "δ",
        _ => return None,
    })
}

fn may_hold_look_alikes(folded: &str) -> bool {
    folded.chars().any(|c| matches!(c, '\u{370}'..='\u{52f}'))
        && folded.bytes().any(|b| b.is_ascii_alphabetic())
}

/// `koяn` as `korn`: Greek and Cyrillic letters in a word that also has Latin ones stand for Latin letters.
fn without_look_alikes(folded: &str) -> String {
    let words = folded.split(' ').map(|word| {
        if word.bytes().any(|b| b.is_ascii_alphabetic()) {
            word.chars().map(|c| look_alike(c).unwrap_or(c)).collect()
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The Latin letter a Greek or Cyrillic one is drawn for, by shape.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' | 'λ' | 'δ' | 'д' => 'a',
        'в' | 'β' | 'ь' | 'ъ' => 'b',
        'с' => 'c',
        'е' | 'є' | 'э' | 'з' | 'ε' | 'ξ' => 'e',
        'н' => 'h',
        'і' | 'ї' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'и' | 'п' | 'η' => 'n',
        'о' | 'ο' | 'θ' | 'ф' | 'ω' => 'o',
        'р' | 'ρ' => 'p',
        'я' => 'r',
        'ѕ' | 'σ' => 's',
        'т' | 'τ' => 't',
        'ц' | 'υ' => 'u',
        'ν' => 'v',
        'ш' => 'w',
        'х' | 'χ' => 'x',
        'у' => 'y',
        'ζ' => 'z',
        _ => return None,
    })
}

/// The folded text without its spaces: `AC/DC` and `ACDC` meet here.
pub(crate) fn squash(folded: &str) -> String {
    folded.chars().filter(|c| *c != ' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn careless_spellings_meet() {
        assert_eq!(fold("Don’t  Stop!"), "dont stop");
        assert_eq!(fold("Sigur Rós"), "sigur ros");
        assert_eq!(fold("Ke$ha & A$AP"), "kesha and asap");
        assert_eq!(fold("Straße Øl Łódź"), "strasse ol lodz");
        assert_eq!(squash(&fold("AC/DC")), squash(&fold("ACDC")));
        assert_eq!(fold("ＡＢＣ"), "abc");
    }

    #[test]
    fn sharps_and_flats_of_notes_are_words() {
        for sharp in ["Nocturne in C# minor", "Nocturne in C♯ minor", "nocturne in c-sharp minor"] {
            assert_eq!(fold(sharp), "nocturne in c sharp minor", "{sharp}");
        }
        assert_eq!(fold("Waltz in A♭"), "waltz in a flat");
        assert_eq!(fold("Waltz in A ♭ major"), "waltz in a flat major");
        assert_eq!(fold("Prélude en Mi♭ majeur"), "prelude en mi flat majeur");
        assert_eq!(fold("cis-Moll (C#-moll)"), "cis moll c sharp moll");
        assert_eq!(fold("Jam in C#m7"), "jam in c sharp m7");
        for title in ["F# A# ∞", "F#A#∞", "F♯ A♯ ∞", "F♯A♯∞"] {
            assert_eq!(squash(&fold(title)), "fsharpasharp", "{title}");
        }
        assert_eq!(fold("C#"), "c sharp");
    }

    #[test]
    fn signs_that_alter_no_note_are_no_words() {
        assert_eq!(fold("#1 Crush"), "1 crush");
        assert_eq!(fold("Track #4"), "track 4");
        assert_eq!(fold("Plan B #2"), "plan b 2");
        assert_eq!(fold("A#1"), "a 1");
        assert_eq!(fold("F#ck"), "f ck");
        assert_eq!(fold("F#*k"), fold("F**k"));
        assert_eq!(fold("F#@k"), fold("F@#k"));
        assert_eq!(fold("D#mn"), "d mn");
        assert_eq!(fold("♯1090"), "1090");
        assert_eq!(fold("Hana♭"), "hana");
        assert_eq!(fold("#"), "#");
    }

    #[test]
    fn letters_drawn_for_others_are_read_as_meant() {
        assert_eq!(fold("KoЯn"), "korn");
        assert_eq!(fold("P!nk"), "pink");
        assert_eq!(fold("ＭΛＲＩＮΛ"), "marina");
        assert_eq!(fold("Wham! Bang"), "wham bang", "a sign at a word's end is punctuation");
        assert_eq!(fold("Яна"), "яна", "a word of one script stays as it is");
        assert_eq!(fold("So\u{ad}ng"), "song");
    }

    #[test]
    fn nothing_is_wiped_to_empty() {
        assert_eq!(fold("!!!"), "!!!");
        assert_eq!(fold("恋愛サーキュレーション"), "恋愛サーキュレーション");
        assert_ne!(fold("ガ"), fold("カ"), "voicing marks are letters");
        assert_eq!(fold("Ко́шка"), "кошка");
    }
}
