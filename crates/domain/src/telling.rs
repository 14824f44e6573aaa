//! Titles that say nothing of an episode but what any podcast of the name says: its day, its number, the podcast's name,
//! that it is a trailer or the news. `November 23, 2026` is in every daily show of the world.

use std::collections::BTreeSet;

/// The beginnings of the months' names in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish
/// and Finnish, where they are no month's but this.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "sty", "tammi"],
    &["feb", "fév", "fev", "lut", "helmi"],
    &["mar", "mär", "mrz", "mrt", "maa", "maer"],
    &["apr", "avr", "abr", "kwi", "huhti"],
    &["may", "mai", "maj", "mei", "mag", "touko"],
    &["jun", "juin", "giu", "cze", "kesä"],
    &["jul", "juil", "lug", "lip", "heinä"],
    &["aug", "aoû", "aou", "ago", "sie", "elo"],
    &["sep", "set", "wrz", "syys"],
    &["oct", "okt", "out", "ott", "paź", "loka"],
    &["nov", "lis", "marras"],
    &["dec", "dez", "déc", "dic", "gru", "joulu"],
];

/// Words between dates and numbers, as `day` and `episode` in the languages whose months are read; endings of numbers.
const PLAIN: &[&str] = &[
    "a afl aflevering am and ao at av avsnitt bonus capitulo capítulo chapter d da date day de del",
    "dem den der di dia día do du e el ep epi epis episode épisode episodio episódio er et folge for",
    "fra from i il in intro introduction jakso jour kapitel kausi la le n nd no nº nr num number",
    "numero número numéro o odc odcinek of on osa para part parte partie pilot pm po pour pt rd s",
    "saison season seizoen series sezon st staffel stagione säsong tag teaser teil temporada th the",
    "to today trailer traileri uhr und van vom von voor w y z º ª 年 月 日 第 回 集 話",
];

/// Words of bulletins, in the same languages.
const NEWS: &[&str] = &[
    "news newscast bulletin bulletins nachrichten noticias notícias boletín boletim nouvelles infos",
    "notizie notiziario nieuws nyheter wiadomości uutiset",
];

/// Words beside the hour of a bulletin.
const HOURS: &[&str] = &["am pm at um uhr klo"];

/// Words that name what is published once: a trailer, or a part that has a number.
const ONCE: &[&str] = &[
    "afl aflevering avsnitt capitulo capítulo chapter ep epi epis episode épisode episodio episódio",
    "folge intro introduction jakso kapitel odc odcinek osa part parte partie pilot teaser teil",
    "trailer traileri 回 集 話",
];

/// The days of the week in the same languages.
const WEEKDAYS: &[&str] = &[
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun",
    "sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi",
    "mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica segunda terça quarta quinta sexta",
    "feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag",
    "fredag lördag söndag poniedziałek wtorek środa czwartek piątek sobota niedziela maanantai",
    "tiistai keskiviikko torstai perjantai lauantai sunnuntai",
];

/// The month, from 1 on, that a word is the name of or the beginning of one.
pub fn month_of(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let begins = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
    let at = MONTHS.iter().position(|names| begins(names))?;
    i8::try_from(at + 1).ok()
}

/// Whether a title says no more than a day, a number, or one of these names of the podcast. All come composed (Unicode's
/// form C), as the words here are.
pub fn says_nothing_of_its_own(title: &str, names: &[&str]) -> bool {
    telling_words(title, names).is_empty()
}

/// What a title says beside days, numbers – Roman ones as well – and these names of the podcast: `headlines` of `Headlines for
/// November 23`. Where several titles say the same, it tells none of them from another.
pub fn said_beside_numbers(title: &str, names: &[&str]) -> String {
    let mut words = telling_words(title, names);
    words.retain(|word| !is_roman(word));
    words.join(" ")
}

/// Whether a title that says nothing of its own names what is published once all the same: `Trailer`, `Episode 12`,
/// `November 23`. `News`, `News at 8`, `Monday` and the podcast's own name are new each time.
pub fn is_published_once(title: &str, names: &[&str]) -> bool {
    let mut words = words(title);
    if words.iter().any(|word| stands_in(ONCE, word)) {
        return true;
    }
    let of_names: BTreeSet<String> = names.iter().flat_map(|name| self::words(name)).collect();
    let has_number = words.iter().any(|word| word.chars().all(char::is_numeric));
    words.retain(|word| !of_names.contains(word));
    has_number && !words.iter().any(|word| stands_in(NEWS, word) || stands_in(HOURS, word))
}

/// Whether a title names a day of the week.
pub fn names_a_weekday(title: &str) -> bool {
    words(title).iter().any(|word| stands_in(WEEKDAYS, word))
}

/// The words of a title that are no days, numbers or names of the podcast.
fn telling_words(title: &str, names: &[&str]) -> Vec<String> {
    let mut words = words(title);
    let of_names: BTreeSet<String> = names.iter().flat_map(|name| self::words(name)).collect();
    let is_number = |word: &str| word.chars().all(char::is_numeric);
    // `May` and `Marathon` are no months where no day is told.
    let has_number = words.iter().any(|word| is_number(word));
    words.retain(|word| {
        !(is_number(word)
            || stands_in(PLAIN, word)
            || stands_in(WEEKDAYS, word)
            || stands_in(NEWS, word)
            || (has_number && month_of(word).is_some())
            || of_names.contains(word))
    });
    words
}

/// Up to 89, for `mix` and `mild` are words.
fn is_roman(word: &str) -> bool {
    let tens = word.trim_start_matches(['x', 'l']);
    let tens_are = word.get(..word.len() - tens.len()).unwrap_or_default();
    matches!(tens_are, "" | "x" | "xx" | "xxx" | "xl" | "l" | "lx" | "lxx" | "lxxx")
        && matches!(tens, "" | "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix")
}

/// Whether a word stands in rows of words.
fn stands_in(rows: &[&str], word: &str) -> bool {
    rows.iter().any(|row| row.split(' ').any(|one| one == word))
}

/// Runs of letters and runs of digits: `S1E2`, `23rd` and `11月` are several.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<bool> = None;
    for letter in text.chars().flat_map(char::to_lowercase) {
        let kind = letter.is_alphanumeric().then(|| letter.is_numeric());
        match (kind, words.last_mut()) {
            (Some(_), Some(word)) if kind == before => word.push(letter),
            (Some(_), _) => words.push(letter.to_string()),
            (None, _) => {}
        }
        before = kind;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_in_any_language_say_nothing_of_their_own() {
        let bare = [
            "November 23, 2026",
            "Monday, Nov 23rd",
            "2026-11-23",
            "23.11.2026, 08:00 Uhr",
            "Montag, 23. November 2026",
            "23 março 2026",
            "le 9 décembre 2026",
            "9 de diciembre de 2026",
            "23 października 2026",
            "5. kesäkuuta 2026",
            "2026年11月23日",
            "Episode 12",
            "S01E02",
            "#12",
            "Folge 7, Teil 1",
            "Part 1",
            "Trailer",
            "Morning News #12",
            "The Morning News for Sunday",
            "News",
            "Nachrichten",
            "News at 8",
            "Nachrichten, 8 Uhr",
        ];
        for title in bare {
            assert!(says_nothing_of_its_own(title, &["Morning News"]), "{title}");
        }
        let telling = [
            "Harbour",
            "12: Salt & Sons",
            "Fog, Part 2",
            "Marathon",
            "May",
            "Evening News #12",
            "November Rain",
        ];
        for title in telling {
            assert!(!says_nothing_of_its_own(title, &["Morning News"]), "{title}");
        }
    }

    #[test]
    fn bulletins_are_new_each_time_and_trailers_are_not() {
        let once = |title: &str| is_published_once(title, &["Morning News"]);
        for title in ["Trailer", "Episode 12", "Part 1", "#12", "Morning News #12", "November 23, 2026"] {
            assert!(once(title), "{title}");
        }
        for title in ["News", "Nachrichten", "Morning News", "Monday", "Bulletin 8", "8 Uhr", "8 AM", ""] {
            assert!(!once(title), "{title}");
        }
        assert!(names_a_weekday("News of Monday") && !names_a_weekday("News"));
    }

    #[test]
    fn what_is_said_beside_days_and_numbers_is_left() {
        for (title, said) in [
            ("Headlines for November 23", "headlines"),
            ("Nov 23 AM Update", "update"),
            ("Mon morning briefing", "morning briefing"),
            ("Daily Mass - November 23, 2026", "daily mass"),
            ("Monday, November 23 2026 - Evening News", "evening"),
            ("Day 23: Devotional", "devotional"),
            ("Wordle 1223", "wordle"),
            ("Part XXI", ""),
            ("Salt XIX", "salt"),
            ("The Mix", "mix"),
            ("Harbour", "harbour"),
            ("12: Salt & Sons", "salt sons"),
        ] {
            assert_eq!(said_beside_numbers(title, &["Zed News"]), said, "{title}");
        }
    }
}
