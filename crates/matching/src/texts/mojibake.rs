//! Text that was written in one encoding and read in another, put right where that is certain.
//!
//! UTF-8 read as Latin-1, Windows-1252 or MacRoman betrays itself: hardly any sound text is valid UTF-8 when its letters
//! are taken for bytes. Older encodings (Windows-1251, Shift-JIS, GBK, EUC-KR) do not, so they are tried only for texts
//! with no sense as they stand, such as a word of accented capitals and small letters mixed or control characters,
//! and only when the result is nothing but letters of the one script. Sound text is never touched.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, WINDOWS_1251};

use crate::texts::scripts::{Script, script_of};

/// Undoes one or two rounds of wrong reading, where the result is sound text.
pub(crate) fn repair_mojibake(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut current = Cow::Borrowed(text);
    for _ in 0..2 {
        match undo_once(&current) {
            Some(better) => current = Cow::Owned(better),
            None => break,
        }
    }
    match legacy(&current) {
        Some(better) => Cow::Owned(better),
        None => current,
    }
}

/// UTF-8 bytes that were read as Windows-1252 or as MacRoman.
fn undo_once(text: &str) -> Option<String> {
    if text.chars().any(|c| matches!(c, 'Â'..='ô')) {
        let bytes: Option<Vec<u8>> = text.chars().map(windows_1252_byte).collect();
        if let Some(better) = bytes.and_then(|bytes| sound(bytes, text)) {
            return Some(better);
        }
    }
    // `√©`, `‚Äì`: what MacRoman makes of the bytes that begin a character in UTF-8.
    let mac = text.chars().any(|c| matches!(c, '√' | '‚' | '„' | '∆' | '≈' | 'ƒ' | '–' | '—' | '“' | '”'));
    if !mac {
        return None;
    }
    let (bytes, _, lost) = MACINTOSH.encode(text);
    if lost { None } else { sound(bytes.into_owned(), text) }
}

fn sound(bytes: Vec<u8>, text: &str) -> Option<String> {
    let better = String::from_utf8(bytes).ok()?;
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

/// Text of an old single- or double-byte encoding that was read as Latin-1.
fn legacy(text: &str) -> Option<String> {
    let bytes: Vec<u8> = text.chars().map(windows_1252_byte).collect::<Option<_>>()?;
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    if high < 2 {
        return None;
    }
    // `Êèíî`: whole words of accented letters; no language writes so, and Windows-1251 Cyrillic reads so.
    let accented = |word: &str| word.chars().filter(|c| matches!(*c, 'À'..='ÿ' | '¸' | '¨')).count();
    let mut words = text.split(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
    let cyrillic = words.any(|word| {
        let letters = word.chars().count();
        let loud = word.chars().all(char::is_uppercase);
        letters >= if loud { 6 } else { 4 } && accented(word) == letters
    });
    if cyrillic && let Some(better) = decode(WINDOWS_1251, &bytes, &[Script::Cyrillic]) {
        return Some(better).filter(|better| cased_soundly(better));
    }
    // Bytes 80–9F are control characters in Latin-1: no sound text has them, and Shift-JIS is full of them.
    let controls = text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}'));
    if controls && let Some(better) = decode(SHIFT_JIS, &bytes, &[Script::Kana, Script::Han]) {
        return Some(better);
    }
    // Pairs of high bytes with signs between them that no word has.
    let odd = text.chars().filter(|c| matches!(*c, '¡'..='¿' | '×' | '÷')).count();
    if odd >= 1 && high * 2 >= bytes.len() && high % 2 == 0 {
        return decode(EUC_KR, &bytes, &[Script::Hangul])
            .or_else(|| decode(GBK, &bytes, &[Script::Han]).filter(|text| common_han(text)));
    }
    None
}

/// The bytes in this encoding, when every letter beyond ASCII is of one of these scripts.
fn decode(encoding: &'static Encoding, bytes: &[u8], scripts: &[Script]) -> Option<String> {
    let better = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let fits = |c: char| c.is_ascii() && !c.is_control() || scripts.contains(&script_of(c)) || is_sign(c);
    let some = better.chars().any(|c| scripts.contains(&script_of(c)));
    (some && better.chars().all(fits)).then(|| better.into_owned())
}

fn is_sign(c: char) -> bool {
    matches!(
        c,
        '№' | '–'
            | '—'
            | '«'
            | '»'
            | '…'
            | '’'
            | '“'
            | '”'
            | '、'
            | '。'
            | '「'
            | '」'
            | '・'
            | '～'
            | '！'
            | '？'
            | '（'
            | '）'
            | '\u{3000}'
    )
}

/// Whether capitals stand only at words' beginnings, or everywhere, as in text a person wrote.
fn cased_soundly(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).all(|word| {
        let upper = word.chars().skip(1).filter(|c| c.is_uppercase()).count();
        upper == 0 || upper + 1 >= word.chars().count()
    })
}

/// Whether the characters are from the everyday part of Unicode's Han block, not its fringe.
fn common_han(text: &str) -> bool {
    text.chars().filter(|c| !c.is_ascii()).all(|c| matches!(u32::from(c), 0x4E00..=0x9FA5 | 0x3000..=0x3002))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program makes of this text when it takes the bytes of `encoding` for Latin-1.
    fn misread(text: &str, encoding: &'static Encoding) -> String {
        encoding.encode(text).0.iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn utf8_misread_is_repaired() {
        assert_eq!(repair_mojibake("VersiÃ³n en espaÃ±ol"), "Versión en español");
        assert_eq!(repair_mojibake("Tras SalomÃ©"), "Tras Salomé");
        assert_eq!(repair_mojibake("Salom√© na√Øve"), "Salomé naïve");
        let (mac, _, _) = MACINTOSH.decode("Łąka – łódź".as_bytes());
        assert_eq!(repair_mojibake(&mac), "Łąka – łódź");
    }

    #[test]
    fn old_encodings_misread_are_repaired() {
        for (text, encoding) in [
            ("Тихая Река", WINDOWS_1251),
            ("夜の庭", SHIFT_JIS),
            ("さくら", SHIFT_JIS),
            ("夜色花园", GBK),
            ("소녀의 정원", EUC_KR),
        ] {
            assert_eq!(repair_mojibake(&misread(text, encoding)), text, "{}", encoding.name());
        }
    }

    #[test]
    fn sound_text_is_left_alone() {
        for text in [
            "Ãine",
            "Björk Ágætis",
            "Þór",
            "ÆØÅ",
            "Été",
            "Où es-tu ?",
            "Ça ira",
            "Áéí",
            "Ødegård",
            "Mañana – ¿Qué?",
            "¡Ándale!",
            "Vüü ööò",
            "√2 Is Irrational",
            "Ångström",
            "Naïve “Song”",
            "тест",
            "夜の庭",
            "Žižkov",
            "ÑÁÑÁ",
            "«Été» à ½",
            "¿¡Qué!?",
            "100°",
            "Øø Åå",
        ] {
            assert_eq!(repair_mojibake(text), text);
        }
    }
}
