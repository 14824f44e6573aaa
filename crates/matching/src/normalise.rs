//! Folding: texts that a person would call the same become equal, and nothing is ever wiped to empty.
//!
//! Folding is for comparing, never for showing. It repairs UTF-8 that was read as Latin-1, applies NFKC, lower case,
//! drops Latin, Greek, Cyrillic, Hebrew and Arabic marks (not Japanese or Indic ones, which are letters there), spells
//! `&` and `$`, and turns other punctuation into spaces. A title of punctuation alone (`!!!`) keeps it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Characters of a text that are looked at; hostile tags may hold megabytes.
const LONGEST: usize = 400;

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
    spell(plain.chars())
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
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | '＇' => {}
            '$' if previous.is_alphabetic() || next.is_alphabetic() => out.push('s'),
            _ if c.is_alphanumeric() || is_joining_mark(c) => out.push(c),
            _ if !out.ends_with(' ') && !out.is_empty() => out.push(' '),
            _ => {}
        }
        previous = c;
    }
    out.truncate(out.trim_end().len());
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
        _ => return None,
    })
}

/// Undoes one or two rounds of "UTF-8 bytes read as Windows-1252", where the result is sound text.
pub(crate) fn repair_mojibake(text: &str) -> Cow<'_, str> {
    let mut current = Cow::Borrowed(text);
    for _ in 0..2 {
        match undo_once(&current) {
            Some(better) => current = Cow::Owned(better),
            None => break,
        }
    }
    current
}

fn undo_once(text: &str) -> Option<String> {
    let suspicious = text.chars().any(|c| matches!(c, 'Â'..='ô'));
    if !suspicious {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(windows_1252_byte).collect();
    let better = String::from_utf8(bytes?).ok()?;
    (better.chars().count() < text.chars().count() && !better.chars().any(char::is_control)).then_some(better)
}

fn windows_1252_byte(c: char) -> Option<u8> {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match u32::from(c) {
        code @ 0..=0xFF => u8::try_from(code).ok(),
        _ => UPPER.iter().position(|u| *u == c).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

/// The folded text without its spaces: `AC/DC` and `ACDC` meet here.
pub(crate) fn squash(folded: &str) -> String {
    folded.chars().filter(|c| *c != ' ').collect()
}

/// Latin letters for a folded text of another script, or `None` where it is Latin already. Weaker evidence.
pub(crate) fn romanise(folded: &str) -> Option<String> {
    if folded.is_ascii() {
        return None;
    }
    let latin = any_ascii::any_ascii(folded);
    let latin = fold(&latin);
    (latin.chars().any(char::is_alphanumeric) && latin != folded).then_some(latin)
}

/// Whether a character belongs to a script written without spaces.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Edits (insert, delete, replace, swap of neighbours) between two texts, `None` when more than `most`.
pub(crate) fn edits(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        return edits_between(a.as_bytes(), b.as_bytes(), most);
    }
    // A character has at most four bytes: texts too different in bytes need not be taken apart.
    if a.len().abs_diff(b.len()) > most.saturating_mul(4) {
        return None;
    }
    let a: Vec<char> = a.chars().take(LONGEST).collect();
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    edits_between(&a, &b, most)
}

fn edits_between<T: PartialEq>(a: &[T], b: &[T], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(shared..)?, b.get(shared..)?);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(..a.len() - tail)?, b.get(..b.len() - tail)?);
    let found = match (a, b) {
        ([], rest) | (rest, []) => Some(rest.len()),
        ([_], [_]) => Some(1),
        ([x, y], [p, q]) if x == q && y == p => Some(1),
        _ if most <= 1 || a.len().max(b.len()) > LONGEST => None,
        _ => edit_table(a, b, most),
    };
    found.filter(|edits| *edits <= most)
}

/// The textbook table, row by row, left as soon as a row holds nothing small enough.
fn edit_table<T: PartialEq>(a: &[T], b: &[T], most: usize) -> Option<usize> {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    let mut line: Vec<usize> = Vec::with_capacity(width);
    for (row, x) in a.iter().enumerate() {
        line.clear();
        line.push(row + 1);
        let mut least = row + 1;
        for (column, y) in b.iter().enumerate() {
            let mut cost = (above.get(column)? + usize::from(x != y))
                .min(above.get(column + 1)? + 1)
                .min(line.get(column)? + 1);
            let swapped = row > 0 && column > 0 && b.get(column - 1) == Some(x) && a.get(row - 1) == Some(y);
            if swapped {
                cost = cost.min(before.get(column - 1)? + 1);
            }
            least = least.min(cost);
            line.push(cost);
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut line);
    }
    above.last().copied()
}

/// How many edits may be a typo in a text of this many characters.
pub(crate) fn typo_allowance(characters: usize) -> usize {
    match characters {
        0..=3 => 0,
        4..=11 => 1,
        12..=24 => 2,
        _ => 3,
    }
}

/// Letters from which on one edit in a word, or two, may be a typo: most short words have a neighbour that means
/// something else (`lover`, `loser`).
const TYPO_LETTERS: [usize; 2] = [7, 12];

/// Whether two folded texts differ by nothing but typos in long words, word for word. A changed first letter, an
/// ending more (`stranger`, `strangers`), a number word or what counts a part is never a typo.
pub(crate) fn only_typos(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let before = std::iter::once("").chain(a.iter().copied());
    a.len() == b.len()
        && a.iter().zip(&b).zip(before).all(|((x, y), before)| x == y || is_typo(x, y) && !counts(before))
}

fn is_typo(a: &str, b: &str) -> bool {
    let letters = a.chars().count().min(b.chars().count());
    let most = TYPO_LETTERS.iter().filter(|least| letters >= **least).count();
    most > 0
        && a.chars().chain(b.chars()).all(char::is_alphabetic)
        && a.chars().next() == b.chars().next()
        && !(a.starts_with(b) || b.starts_with(a))
        && !are_numbers(a, b)
        && edits(a, b, most).is_some()
}

/// Words after which stands which part it is.
pub(crate) fn counts(word: &str) -> bool {
    matches!(word, "part" | "vol" | "volume" | "no" | "chapter" | "book" | "act" | "scene" | "opus" | "op")
}

/// Whether both are spelt numbers: `seventh` is no slip for `seventy`.
pub(crate) fn are_numbers(a: &str, b: &str) -> bool {
    is_number_word(a) && is_number_word(b)
}

fn is_number_word(word: &str) -> bool {
    ["seven", "eigh", "nine", "thirt", "fourt", "fift", "sixt", "twent", "eleven", "hundred", "thousand"]
        .iter()
        .any(|start| word.starts_with(start))
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
    fn nothing_is_wiped_to_empty() {
        assert_eq!(fold("!!!"), "!!!");
        assert_eq!(fold("恋愛サーキュレーション"), "恋愛サーキュレーション");
        assert_ne!(fold("ガ"), fold("カ"), "voicing marks are letters");
        assert_eq!(fold("Ко́шка"), "кошка");
    }

    #[test]
    fn mojibake_is_repaired_and_sound_text_left_alone() {
        assert_eq!(repair_mojibake("VersiÃ³n en espaÃ±ol"), "Versión en español");
        assert_eq!(repair_mojibake("Tras SalomÃ©"), "Tras Salomé");
        assert_eq!(repair_mojibake("Ãine"), "Ãine");
        assert_eq!(repair_mojibake("Björk Ágætis"), "Björk Ágætis");
    }

    #[test]
    fn edits_are_bounded() {
        assert_eq!(edits("salvador", "salvaodr", 2), Some(1));
        assert_eq!(edits("keep on it", "kee on it", 1), Some(1));
        assert_eq!(edits("love", "loveless", 2), None);
        assert_eq!(edits("", "", 0), Some(0));
        assert_eq!(edits("abcd", "wxyz", 3), None);
    }

    #[test]
    fn typos_are_found_in_long_words_only() {
        assert!(only_typos("ember staircase", "ember stiarcase"));
        assert!(only_typos("extraordinarily", "extraodrinarly"));
        assert!(!only_typos("lover", "loser"));
        assert!(!only_typos("stranger", "strangers"));
        assert!(!only_typos("mission", "fission"));
        assert!(!only_typos("chapter seventh", "chapter seventy"));
        assert!(!only_typos("ember staircase", "ember stair case"));
    }

    #[test]
    fn other_scripts_get_a_latin_spelling() {
        assert!(romanise(&fold("Кино")).is_some_and(|latin| latin == "kino"));
        assert_eq!(romanise("plain"), None);
    }
}
