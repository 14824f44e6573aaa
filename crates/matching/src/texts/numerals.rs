//! Numbers in titles, brought to one form: `Pt. II`, `Part Two` and `часть 2` are one part.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::texts::phrases::listed;

/// The months in English, as live recordings and bootlegs are dated.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words for a part, and their form here. The others say so only before a number (`del` is also "of the").
const PARTS: &[(&str, &str)] = &[("pt", "part"), ("pts", "part"), ("volume", "vol")];
const PARTS_BEFORE_A_NUMBER: &[(&str, &str)] = &[
    (
        "part",
        "pt, pts, parts, parte, teil, partie, deel, del, osa, część, cz, część, část, časť, rész, bölüm, часть, ч, частина, \
        μέρος, חלק, الجزء, दूसरा भाग, bagian",
    ),
    ("vol", "volume, vols, volumen, volumi, band, том"),
    ("no", "nr, number, num, numero, nº, n, №, номер"),
    ("chapter", "kapitel, capítulo, chapitre, capitolo, глава"),
    ("act", "acte, acto, akt"),
];

/// Numbers spelt out, read so only after a word for a part.
const SPELT: &[(&str, &str)] = &[
    ("1", "i, one, eins, uno, un, une, um, first, первая, один"),
    ("2", "ii, two, zwei, dos, due, deux, dois, second, вторая, два"),
    ("3", "iii, three, drei, tres, tre, trois, três, third, третья, три"),
    ("4", "iv, four, vier, cuatro, quattro, quatre, quatro, fourth"),
    ("5", "v, five, fünf, cinco, cinque, cinq, fifth"),
    ("6", "vi, six, sechs, seis, sei, sixth"),
    ("7", "vii, seven, sieben, siete, sette, sept, sete, seventh"),
    ("8", "viii, eight, acht, ocho, otto, huit, oito, eighth"),
    ("9", "ix, nine, neun, nueve, nove, neuf, ninth"),
    ("10", "x, ten, zehn, diez, dieci, dix, dez, tenth"),
    ("11", "xi, eleven"),
    ("12", "xii, twelve"),
];

/// Roman numerals that are hardly anything else, read as numbers everywhere.
const ROMAN: &[(&str, &str)] = &[
    ("ii", "2"),
    ("iii", "3"),
    ("iv", "4"),
    ("vi", "6"),
    ("vii", "7"),
    ("viii", "8"),
    ("ix", "9"),
    ("xi", "11"),
    ("xii", "12"),
];

static BEFORE_A_NUMBER: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| by_word(PARTS_BEFORE_A_NUMBER));
static NUMBERS: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| by_word(SPELT));

/// Words after which a number at the end of a suffix counts parts: `Acoustic 2`, `Tarn Remix II`.
const COUNTED: &[&str] = &[
    "remix",
    "mix",
    "version",
    "edit",
    "acoustic",
    "instrumental",
    "inst",
    "live",
    "demo",
    "session",
    "remaster",
    "remastered",
    "karaoke",
    "dub",
];

/// Which part a version suffix says it is: `tarn remix pt 2`, `acoustic 2`, `live in fenmoor ii`.
pub(crate) fn part_at_the_end(folded: &str) -> Option<String> {
    let (_, last) = folded.rsplit_once(' ')?;
    let counted = numerals(folded);
    let (before, number) = counted.rsplit_once(' ')?;
    let small = (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && !number.starts_with('0');
    let word = before.rsplit(' ').next().unwrap_or_default();
    let year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let named = matches!(word, "part" | "vol" | "chapter") || COUNTED.contains(&word) || year;
    (small && (named || plain(ROMAN, last).is_some())).then(|| format!("part {number}"))
}

fn by_word(table: &[(&'static str, &str)]) -> FxHashMap<String, &'static str> {
    table.iter().flat_map(|(form, words)| listed(words).map(|word| (word, *form))).collect()
}

fn plain(table: &'static [(&str, &str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == word).map(|(_, form)| *form)
}

/// Roman numerals from II on, spelt numbers after `part`, and the words for `part` in one form.
pub(crate) fn numerals(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    // What is counted up to behind a word for a part: 0 for nothing yet.
    let mut reached: Option<u8> = None;
    let mut words = folded.split(' ').peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        let counted = || next.is_some_and(|next| is_number(next) || NUMBERS.contains_key(next));
        let part = match word {
            "part" | "vol" | "chapter" | "book" => Some(word),
            "no" if next.is_some_and(is_number) => Some(word),
            _ => plain(PARTS, word)
                .filter(|_| !out.is_empty())
                .or_else(|| BEFORE_A_NUMBER.get(word).copied().filter(|_| counted())),
        };
        let form = part
            .or_else(|| plain(ROMAN, word))
            .or_else(|| NUMBERS.get(word).copied().filter(|number| goes_on(reached, word, number)))
            .unwrap_or(word);
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(form);
        reached = match reached {
            _ if part.is_some() => Some(0),
            Some(0) => form.parse().ok(),
            _ => None,
        };
    }
    out
}

/// Whether a word counts parts: right behind the word for them, or as the end of `Parts I–V`.
fn goes_on(reached: Option<u8>, word: &str, number: &str) -> bool {
    let is_roman = word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    match reached {
        Some(0) => true,
        Some(first) => is_roman && number.parse::<u8>().is_ok_and(|last| last > first),
        None => false,
    }
}

/// A bracket that holds only a Roman numeral: `Song (I)`.
pub(crate) fn lone_numeral(folded: &str) -> Option<String> {
    (folded.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')))
        .then(|| NUMBERS.get(folded).map(|number| (*number).to_owned()))
        .flatten()
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// The numbers in a folded text, in order; two titles that count differently are two titles.
pub(crate) fn numbers(folded: &str) -> Vec<&str> {
    let is_number = |word: &&str| word.bytes().any(|b| b.is_ascii_digit());
    folded.split(' ').filter(is_number).collect()
}

/// The text without the words that only announce a number (`part 2` as `2`).
pub(crate) fn without_part_words(folded: &str) -> String {
    let mut words = folded.split(' ').peekable();
    let mut kept: Vec<&str> = Vec::new();
    while let Some(word) = words.next() {
        let announces = matches!(word, "part" | "vol" | "no" | "chapter" | "book");
        if !(announces && words.peek().is_some_and(|next| is_number(next))) {
            kept.push(word);
        }
    }
    kept.join(" ")
}
