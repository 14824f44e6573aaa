//! Scripts, and names and titles spelt in Latin letters.
//!
//! A romanised text has as many spellings as there are systems and countries: `Чайковский` is Tchaikovsky, Tschaikowski
//! and Chaykovskiy. [`latin_likeness`] therefore compares *sounds*: both spellings are brought to one key by rules of
//! the script they come from. Texts of one and the same script are never compared so; there a differing letter is a
//! differing letter.

use crate::texts::normalise::{fold, squash};

/// The scripts told apart here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Kana,
    Han,
    Hangul,
    Other,
}

/// How sure it is that two spellings are one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LatinLikeness {
    /// Only the consonants agree, as in scripts written without vowels; or characters that merely sound alike.
    Skeleton,
    /// They sound the same.
    Sound,
}

/// The script of a letter; everything that is no letter counts as Latin.
pub(crate) fn script_of(c: char) -> Script {
    match u32::from(c) {
        0..=0x24F | 0x1E00..=0x1EFF | 0x2000..=0x2BFF => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x590..=0x5FF => Script::Hebrew,
        0x600..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Script::Arabic,
        0x3040..=0x30FF | 0x31F0..=0x31FF => Script::Kana,
        0x3005..=0x3007 | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => Script::Han,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF => Script::Hangul,
        _ => Script::Other,
    }
}

/// The script of a text's first letter that is not Latin.
fn foreign_script(text: &str) -> Option<Script> {
    text.chars().filter(|c| c.is_alphabetic()).map(script_of).find(|script| *script != Script::Latin)
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

/// Whether two folded texts are one text in two scripts, or in two spellings of an umlaut.
pub(crate) fn latin_likeness(a: &str, b: &str) -> Option<LatinLikeness> {
    if a.is_ascii() && b.is_ascii() {
        return same_but_for_umlauts(a, b).then_some(LatinLikeness::Sound);
    }
    let (script_a, script_b) = (foreign_script(a), foreign_script(b));
    match (script_a, script_b) {
        (None, None) => same_but_for_umlauts(a, b).then_some(LatinLikeness::Sound),
        // Simplified and traditional characters sound alike, and so do many unlike ones: only a person can say.
        (Some(Script::Han), Some(Script::Han)) => (a.chars().count() == b.chars().count()
            && romanise(a) == romanise(b))
        .then_some(LatinLikeness::Skeleton),
        (Some(x), Some(y)) if x == y && x != Script::Kana => None,
        (Some(x), other) => likeness_by(x, other, a, b),
        (None, Some(y)) => likeness_by(y, None, a, b),
    }
}

fn likeness_by(script: Script, other: Option<Script>, a: &str, b: &str) -> Option<LatinLikeness> {
    let (a, b) = (latin_letters(a), latin_letters(b));
    let schemes = [Some(script), other];
    for scheme in schemes.into_iter().flatten() {
        if matches!(scheme, Script::Hebrew | Script::Arabic) {
            let (a, b) = (skeleton(&a), skeleton(&b));
            if a == b && a.chars().count() >= 3 {
                return Some(LatinLikeness::Skeleton);
            }
            continue;
        }
        let (of_a, of_b) = (sound_keys(scheme, &a), sound_keys(scheme, &b));
        if of_a.iter().any(|key| !key.is_empty() && of_b.contains(key)) {
            return Some(LatinLikeness::Sound);
        }
    }
    None
}

fn latin_letters(folded: &str) -> String {
    squash(&romanise(folded).unwrap_or_else(|| folded.to_owned()))
}

/// The sound keys a Latin text may have been written for, for finding texts of other scripts.
pub(crate) fn all_sound_keys(folded: &str) -> Vec<String> {
    let latin = latin_letters(folded);
    let mut keys: Vec<String> = match foreign_script(folded) {
        Some(Script::Hebrew | Script::Arabic) => vec![skeleton(&latin)],
        Some(script) => sound_keys(script, &latin),
        None => {
            let mut keys = sound_keys(Script::Cyrillic, &latin);
            for script in [Script::Greek, Script::Kana, Script::Hangul] {
                keys.extend(sound_keys(script, &latin));
            }
            keys.push(skeleton(&latin));
            keys
        }
    };
    keys.retain(|key| key.len() >= 3);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A sound key in the commonest Latin spelling.
pub(crate) fn spelt_sound(key: &str) -> String {
    key.replace('S', "sh").replace('C', "ch").replace('Z', "zh")
}

/// Spellings of one sound, longest first; capitals stand for sounds that Latin writes with two letters.
type Spellings = &'static [(&'static str, &'static str)];

const CYRILLIC: Spellings = &[
    ("schtsch", "S"),
    ("shch", "S"),
    ("tsch", "C"),
    ("tch", "C"),
    ("sch", "S"),
    ("sh", "S"),
    ("sz", "S"),
    ("ch", "C"),
    ("cz", "C"),
    ("zh", "Z"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("ph", "f"),
    ("ck", "k"),
    ("ks", "x"),
    ("ye", "e"),
    ("ie", "e"),
    ("je", "e"),
    ("w", "v"),
    ("y", "i"),
];
const GREEK: Spellings = &[
    ("ph", "f"),
    ("kh", "h"),
    ("ch", "h"),
    ("dh", "d"),
    ("ou", "u"),
    ("oy", "u"),
    ("ei", "i"),
    ("oi", "i"),
    ("ks", "x"),
    ("nt", "d"),
    ("mp", "b"),
    ("gk", "g"),
    ("y", "i"),
    ("c", "k"),
];
const KANA: Spellings = &[
    ("shiy", "S"),
    ("chiy", "C"),
    ("jiy", "j"),
    ("tchiy", "C"),
    ("tchi", "Ci"),
    ("cch", "C"),
    ("tch", "C"),
    ("sh", "S"),
    ("ch", "C"),
    ("jy", "j"),
    ("iyou", "yo"),
    ("iya", "ya"),
    ("iyu", "yu"),
    ("iyo", "yo"),
    ("ou", "o"),
    ("ei", "e"),
    ("mb", "nb"),
    ("mp", "np"),
    ("dzu", "zu"),
    ("wo", "o"),
];
const HANGUL: Spellings = &[
    ("yeo", "io"),
    ("yae", "ie"),
    ("eo", "o"),
    ("eu", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ae", "e"),
    ("ch", "C"),
    ("sh", "s"),
    ("g", "k"),
    ("d", "t"),
    ("b", "p"),
    ("j", "C"),
    ("r", "l"),
    ("y", "i"),
];
const CONSONANTS: Spellings = &[
    ("sh", "s"),
    ("sch", "s"),
    ("kh", "h"),
    ("ch", "h"),
    ("th", "t"),
    ("dh", "d"),
    ("gh", "g"),
    ("ph", "f"),
    ("tz", "s"),
    ("ts", "s"),
    ("ck", "k"),
    ("q", "k"),
    ("c", "k"),
    ("p", "f"),
    ("a", ""),
    ("e", ""),
    ("i", ""),
    ("o", ""),
    ("u", ""),
    ("y", ""),
    ("v", ""),
    ("w", ""),
];

/// One key per way to read the letters: `j` is a vowel in one spelling of Russian and `zh` in another.
fn sound_keys(script: Script, latin: &str) -> Vec<String> {
    match script {
        Script::Cyrillic => {
            let key = respelt(latin, CYRILLIC);
            if key.contains('j') {
                vec![doubled_once(&key.replace('j', "i")), key.replace('j', "Z")]
            } else {
                vec![key]
            }
        }
        Script::Greek => vec![respelt(latin, GREEK)],
        Script::Kana => vec![respelt(latin, KANA)],
        Script::Hangul => vec![respelt(latin, HANGUL)],
        _ => vec![latin.to_owned()],
    }
}

/// The consonants of a Latin spelling, for scripts that leave out the vowels.
fn skeleton(latin: &str) -> String {
    respelt(latin, CONSONANTS)
}

fn respelt(latin: &str, spellings: Spellings) -> String {
    let mut out = String::with_capacity(latin.len());
    let mut rest = latin;
    while let Some(c) = rest.chars().next() {
        let known = spellings.iter().find(|(from, _)| rest.starts_with(from));
        let length = match known {
            Some((from, to)) => {
                out.push_str(to);
                from.len()
            }
            None => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    doubled_once(&out)
}

/// Every run of one letter as a single one; digits stay.
fn doubled_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !out.ends_with(c) || c.is_ascii_digit() {
            out.push(c);
        }
    }
    out
}

/// `Koeln` and `Koln` (folded `Köln`): an umlaut spelt with an e.
fn same_but_for_umlauts(a: &str, b: &str) -> bool {
    let spelt =
        |text: &str| text.as_bytes().windows(2).any(|pair| matches!(pair, [b'a' | b'o' | b'u', b'e']));
    if a.len() == b.len() || a.len().abs_diff(b.len()) > 4 || !(spelt(a) || spelt(b)) {
        return false;
    }
    let plain = |text: &str| text.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let (a, b) = (words(a), words(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|(x, y)| {
            // Short words have neighbours: `Blue` is not `Blu`.
            x == y || (x.len().min(y.len()) >= 4 && plain(x) == plain(y))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> Option<LatinLikeness> {
        let (one, other) = (latin_likeness(&fold(a), &fold(b)), latin_likeness(&fold(b), &fold(a)));
        assert_eq!(one, other, "{a} / {b}");
        one
    }

    #[test]
    fn spellings_of_one_sound_meet() {
        for (foreign, latin) in [
            ("Кино", "Kino"),
            ("Тихая Река", "Tikhaya Reka"),
            ("Чайковский", "Tschaikowski"),
            ("Чайковский", "Tchaikovsky"),
            ("Жанна", "Janna"),
            ("Щука", "Schuka"),
            ("Юлия", "Julia"),
            ("とうきょう", "Tokyo"),
            ("ラーメン", "Raamen"),
            ("しんぶん", "Shimbun"),
            ("がっちゃ", "Gaccha"),
            ("소녀", "Sonyeo"),
            ("바다", "Pada"),
            ("Θάλασσα", "Thalassa"),
            ("Köln Brücke", "Koeln Bruecke"),
        ] {
            assert_eq!(likeness(foreign, latin), Some(LatinLikeness::Sound), "{foreign} / {latin}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (a, b) in [
            ("Кино", "Kina"),
            ("Река", "Рука"),
            ("とうきょう", "Kyoto"),
            ("바다", "Pado"),
            ("Blue", "Blu"),
            ("Жанна", "Yanna"),
            ("夜の庭", "Yoru"),
        ] {
            assert_eq!(likeness(a, b), None, "{a} / {b}");
        }
    }

    #[test]
    fn scripts_without_vowels_are_only_alike() {
        assert_eq!(likeness("שלום", "Shalom"), Some(LatinLikeness::Skeleton));
        assert_eq!(likeness("فيروز", "Fairuz"), Some(LatinLikeness::Skeleton));
        assert_eq!(likeness("愛", "爱"), Some(LatinLikeness::Skeleton));
        assert_eq!(likeness("שלום", "Shabat"), None);
    }

    #[test]
    fn other_scripts_get_a_latin_spelling() {
        assert!(romanise(&fold("Кино")).is_some_and(|latin| latin == "kino"));
        assert_eq!(romanise("plain"), None);
    }
}
