//! Names that every FAT32 and exFAT player takes, and the key under which two names are one.
//!
//! Measured on real file systems (see the decision file): forbidden characters are refused, trailing dots vanish
//! silently, trailing spaces are refused or kept, case twins clash, NFC and NFD twins look alike, DOS device
//! names break Windows with or without an extension.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::profile::{Characters, NameRules};

/// Tags longer than this are cut before anything else; no name can be longer.
const LONGEST_INPUT: usize = 2_000;

/// Makes one file or folder name (without extension) from any text; empty when nothing of it can be kept.
///
/// The result is NFC, has no characters that FAT or exFAT refuse, no control or invisible direction marks, no
/// leading or trailing dots or spaces, is no DOS device name, and has at most `max_units` UTF-16 units and
/// `max_bytes` bytes.
pub fn safe_name(text: &str, rules: &NameRules, max_units: usize, max_bytes: usize) -> String {
    let whole = composed(beginning(text));
    let written = in_letters_of(&whole, rules);
    let kept: String = written.chars().filter_map(|c| keep(c, rules)).collect();
    // Composed again: a dropped character may have stood between a letter and its accent.
    let spaced = collapse_spaces(&composed(&kept));
    let cut = cut_to(trim_ends(&spaced), max_units, max_bytes);
    let name = trim_ends(cut);
    if is_device_name(name) {
        let room = cut_to(name, max_units.saturating_sub(1), max_bytes.saturating_sub(1));
        return defuse_short_names(&mark_device_name(room, rules.otherwise));
    }
    defuse_short_names(name)
}

/// As much of a text as is looked at.
fn beginning(text: &str) -> &str {
    // No text has more characters than bytes.
    let end = (text.len() > LONGEST_INPUT).then(|| text.char_indices().nth(LONGEST_INPUT)).flatten();
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// With each letter and its accents as one character. In ASCII there are no accents, and most names are ASCII.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// The name for the `copy`-th of equal names: `stem`, `stem (2)`, … with `tail` (the extension with its dot)
/// kept whole and the stem cut as needed.
pub(crate) fn numbered(stem: &str, copy: u32, tail: &str, max_units: usize, max_bytes: usize) -> String {
    let mark = if copy < 2 { String::new() } else { format!(" ({copy})") };
    let extra = mark.len() + tail.len();
    let cut = cut_to(stem, max_units.saturating_sub(extra), max_bytes.saturating_sub(extra));
    format!("{}{mark}{tail}", trim_ends(cut))
}

/// The key under which two paths are one file on some file system: case and Unicode form do not count.
///
/// It is coarser than any one file system on purpose (`ß` equals `ss` here), so that a folder can be copied
/// from one to the other without loss.
pub fn clash_key(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    // Small first: a capital sharp s is a small one, and that two capitals.
    let upper: String = path.nfd().flat_map(char::to_lowercase).flat_map(char::to_uppercase).collect();
    upper.chars().flat_map(char::to_lowercase).nfc().collect()
}

/// Length in UTF-16 units, as FAT and exFAT count.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text in the letters that the player knows: `Bjørk` as `Bjork` where that is ASCII.
fn in_letters_of<'t>(text: &'t str, rules: &NameRules) -> Cow<'t, str> {
    let last_kept = match rules.characters {
        Characters::All | Characters::Bmp => return Cow::Borrowed(text),
        Characters::Latin1 => '\u{ff}',
        Characters::Ascii | Characters::Iso9660 => '\u{7f}',
    };
    if text.chars().all(|c| c <= last_kept) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // A player's own stand-in for it comes first.
            _ if c <= last_kept || rules.replacements.contains_key(&c) => written.push(c),
            // Written in letters they would be `:musical_note:`.
            _ if u32::from(c) > 0xffff => written.push(rules.otherwise),
            _ => written.push_str(any_ascii::any_ascii_char(c)),
        }
    }
    Cow::Owned(written)
}

/// What becomes of one character; `None` drops it.
fn keep(c: char, rules: &NameRules) -> Option<char> {
    if let Some(stand_in) = rules.replacements.get(&c) {
        return Some(*stand_in);
    }
    if rules.characters == Characters::Iso9660 && !c.is_control() {
        let upper = c.to_ascii_uppercase();
        return Some(if upper.is_ascii_alphanumeric() { upper } else { '_' });
    }
    match c {
        '\t' | '\n' | '\r' | '\u{a0}' | '\u{2028}' | '\u{2029}' => Some(' '),
        _ if c.is_control() => None,
        // Invisible: byte order mark, zero-width space, soft hyphen, direction marks. The joiners stay; Persian and
        // emoji need them.
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}' | '\u{180e}' => None,
        '\u{fff0}'..='\u{ffff}' => Some(rules.otherwise),
        // Some drivers map these to the forbidden characters and back.
        '\u{f000}'..='\u{f0ff}' => Some(rules.otherwise),
        '"' | '*' | '/' | ':' | '<' | '>' | '?' | '\\' | '|' => Some(rules.otherwise),
        _ if u32::from(c) > 0xffff && (rules.characters != Characters::All || is_noncharacter(c)) => {
            Some(rules.otherwise)
        }
        _ => Some(c),
    }
}

fn is_noncharacter(c: char) -> bool {
    u32::from(c) & 0xfffe == 0xfffe
}

fn collapse_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// Leading dots hide a file and trailing ones vanish on FAT; spaces at the ends are refused or trimmed by players.
fn trim_ends(text: &str) -> &str {
    text.trim_matches(|c: char| c == '.' || c.is_whitespace())
}

/// The longest beginning within both limits that ends between two visible characters.
fn cut_to(text: &str, max_units: usize, max_bytes: usize) -> &str {
    let fits = |piece: &str| piece.len() <= max_bytes && units(piece) <= max_units;
    if fits(text) {
        return text;
    }
    let end =
        longest(text.grapheme_indices(true).map(|(at, piece)| at + piece.len()), text, max_units, max_bytes);
    // One "character" of a thousand stacked accents is larger than any name: cut inside it.
    let end = if end > 0 {
        end
    } else {
        longest(text.char_indices().map(|(at, c)| at + c.len_utf8()), text, max_units, max_bytes)
    };
    text.get(..end).unwrap_or_default()
}

fn longest(ends: impl Iterator<Item = usize>, text: &str, max_units: usize, max_bytes: usize) -> usize {
    let (mut best, mut used) = (0, 0);
    for end in ends {
        used += units(text.get(best..end).unwrap_or_default());
        if end > max_bytes || used > max_units {
            break;
        }
        best = end;
    }
    best
}

/// The part DOS looks at: up to the first dot, without trailing spaces.
fn device_part(name: &str) -> &str {
    name.split('.').next().unwrap_or_default().trim_end()
}

fn is_device_name(name: &str) -> bool {
    let part = device_part(name).to_ascii_uppercase();
    if matches!(part.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let port = part.strip_prefix("COM").or_else(|| part.strip_prefix("LPT")).unwrap_or_default();
    let mut digits = port.chars();
    matches!((digits.next(), digits.next()), (Some('0'..='9' | '\u{b9}' | '\u{b2}' | '\u{b3}'), None))
}

fn mark_device_name(name: &str, mark: char) -> String {
    let part = device_part(name);
    let rest = name.get(part.len()..).unwrap_or_default();
    format!("{part}{mark}{rest}")
}

/// `PROGRA~1` opens another file by its short FAT name: the tilde before a digit becomes a hyphen.
fn defuse_short_names(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(char::is_ascii_digit);
        out.push(if c == '~' && next_is_digit { '-' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn safe(text: &str) -> String {
        safe_name(text, &Profile::generic().names, 64, 255)
    }

    #[test]
    fn forbidden_characters_are_replaced_and_the_look_kept() {
        assert_eq!(safe("AC/DC: \"Live\" <?>"), "AC-DC- 'Live' (_)");
        assert_eq!(safe("a\tb\0c\u{202e}d\u{7f}"), "a bcd");
        assert_eq!(safe("..."), "");
        assert_eq!(safe("../../etc"), "-..-etc");
        assert_eq!(safe(".hidden. . "), "hidden");
        assert_eq!(safe("E\u{301}te"), "\u{c9}te");
        assert_eq!(safe("🎵 ünï"), "🎵 ünï");
    }

    #[test]
    fn a_letter_and_its_accent_are_one_wherever_they_stood() {
        assert_eq!(safe("E\u{200b}\u{301}te"), "\u{c9}te", "what stood between them is dropped");
        assert_eq!(composed("Low Water"), "Low Water");
        assert_eq!(composed("E\u{301}te"), "\u{c9}te");
    }

    #[test]
    fn so_many_characters_are_looked_at_and_no_more() {
        for letter in ["x", "é", "🎵"] {
            let longest = letter.repeat(LONGEST_INPUT);
            assert_eq!(beginning(&longest), longest);
            assert_eq!(beginning(&format!("{longest}{letter}")), longest);
        }
        assert_eq!(beginning(""), "");
    }

    #[test]
    fn names_are_written_in_the_letters_of_the_player() {
        let with = |characters| NameRules { characters, ..Profile::generic().names };
        let name = |text: &str, characters| safe_name(text, &with(characters), 64, 255);
        assert_eq!(name("Björk – Jóga 🎵 ½", Characters::Bmp), "Björk – Jóga _ ½");
        assert_eq!(name("Björk – Łódź 🎵", Characters::Latin1), "Björk - Lódz _");
        assert_eq!(name("Björk ½ “Tęcza” Кино", Characters::Ascii), "Bjork 1-2 'Tecza' Kino");
        assert_eq!(name("E\u{301}te\u{301} & Co", Characters::Iso9660), "ETE___CO");
    }

    #[test]
    fn device_names_are_marked() {
        assert_eq!(safe("con"), "con_");
        assert_eq!(safe("Aux.live"), "Aux_.live");
        assert_eq!(safe("LPT1 .x"), "LPT1_ .x");
        assert_eq!(safe("COM¹"), "COM¹_");
        assert_eq!(safe("Confide"), "Confide");
        assert_eq!(safe("COM10"), "COM10");
    }

    #[test]
    fn long_names_are_cut_between_characters_within_both_limits() {
        assert_eq!(units(&safe(&"x".repeat(10_000))), 64);
        let flags = safe(&"🏳️‍🌈".repeat(100));
        assert!(units(&flags) <= 64 && flags.ends_with('🌈'), "{flags}");
        let cjk = safe_name(&"曲".repeat(300), &Profile::generic().names, 255, 255);
        assert_eq!(cjk.len(), 255);
        let stacked = safe(&format!("Z{}", "\u{335}".repeat(5_000)));
        assert!(!stacked.is_empty() && units(&stacked) <= 64);
        assert_eq!(numbered(&"y".repeat(300), 12, ".mp3", 255, 255).len(), 255);
        assert_eq!(numbered("A.", 1, ".mp3", 255, 255), "A.mp3");
    }

    #[test]
    fn short_fat_names_are_defused() {
        assert_eq!(safe("PROGRA~1"), "PROGRA-1");
        assert_eq!(safe("~ Interlude ~"), "~ Interlude ~");
        assert_eq!(safe("CON.x~1"), "CON_.x-1");
    }

    #[test]
    fn case_and_form_twins_share_a_key() {
        assert_eq!(clash_key("\u{c9}t"), clash_key("e\u{301}T"));
        assert_eq!(clash_key("Straße"), clash_key("STRASSE"));
        assert_eq!(clash_key("STRA\u{1e9e}E"), clash_key("strasse"));
        assert_eq!(clash_key("АБ"), clash_key("аб"));
        assert_eq!(
            (clash_key("Ebb.MP3"), clash_key("Ebb \u{dc}")),
            ("ebb.mp3".to_owned(), "ebb \u{fc}".to_owned())
        );
        assert_ne!(clash_key("a"), clash_key("b"));
    }
}
