//! Which of a book's readings may be meant, and what is said of one that only may be: its language and who reads it.
//!
//! A wish says no language, so its title tells; where that tells none, English is no surprise, unless there are readings in several
//! languages. Titles are often not translated (`Les Misérables`): one that has readings in several languages tells none, unless it
//! is English. What is said stands behind the title, `Salt (in German, read by Oda Brenn)`: matching asks about such a book, before
//! it was fetched and after.

use super::languages::{ENGLISH, behind, named, written_in};
use super::query::without_article;
use super::wire::Book;
use crate::answers::words;

/// What a wish says beyond title and author.
#[derive(Debug, Default)]
pub(super) struct Wish {
    /// The language of its title.
    language: Option<&'static str>,
    /// Whether it names that itself.
    is_named: bool,
    is_abridged: bool,
    /// Who is to read it, in small letters.
    reader: Option<String>,
}

impl Wish {
    pub(super) fn of(title: &str) -> Self {
        let named = named(title);
        let more = words(behind(title)).to_lowercase();
        Self {
            language: named.or_else(|| written_in(title)),
            is_named: named.is_some(),
            is_abridged: is_abridged(title),
            reader: ["read by ", "narrated by "]
                .iter()
                .find_map(|by| Some(more.split_once(by)?.1.to_owned())),
        }
    }

    /// Whether a reading is surely not meant: the wish names another language.
    pub(super) fn excludes(&self, book: &Book) -> bool {
        self.is_named && self.is_in_another_language(book)
    }

    /// Smaller for what is more likely meant.
    pub(super) fn distance(&self, book: &Book) -> (bool, bool) {
        (self.is_in_another_language(book), self.is_abridged != is_abridged(title_of(book)))
    }

    /// What must be said of a reading of which a person is to say whether it is meant; `None` where nothing speaks against it.
    pub(super) fn says_of(&self, book: &Book, all: &[Book]) -> Option<String> {
        let differs = |other: &Book| other.language.first() != book.language.first();
        let is_same = |other: &Book| name_of(other) == name_of(book);
        let several = || all.iter().any(|other| is_same(other) && differs(other));
        let (other_language, other_length) = self.distance(book);
        let is_told = self.is_named || self.language == Some(ENGLISH);
        // Whose language the catalogue does not say may be read in any.
        let is_silent = book.language.first().is_none_or(|language| language.trim().is_empty());
        let is_unsure = other_language || other_length || is_silent || (!is_told && several());
        let readers = readers(book);
        let is_wanted = |name: &String| Some(words(name).to_lowercase()) == self.reader;
        if !is_unsure && readers.len() == 1 && readers.iter().all(is_wanted) {
            return Some(read_by(&readers));
        }
        let language = match book.language.first().map(plain).filter(|language| !language.is_empty()) {
            Some(language) => Some(format!("in {language}")),
            None => Some("in a language that is not told".to_owned()),
        };
        let read_by = Some(read_by(&readers)).filter(|_| !readers.is_empty());
        let said: Vec<String> = language.into_iter().chain(read_by).collect();
        ((is_unsure || self.reader.is_some()) && !said.is_empty()).then(|| said.join(", "))
    }

    fn is_in_another_language(&self, book: &Book) -> bool {
        let wanted = self.language.unwrap_or(ENGLISH);
        let own = book.language.first().map(|own| own.trim()).filter(|own| !own.is_empty());
        own.is_some_and(|own| !own.eq_ignore_ascii_case(wanted))
    }
}

fn title_of(book: &Book) -> &str {
    book.title.first().unwrap_or_default()
}

/// The title without what tells its readings apart.
pub(super) fn name_of(book: &Book) -> String {
    let title = without_article(title_of(book));
    words(title.strip_suffix(behind(title)).unwrap_or(title)).to_lowercase()
}

fn is_abridged(title: &str) -> bool {
    words(title).to_lowercase().split(' ').any(|word| matches!(word, "abridged" | "gekürzt" | "gekürzte"))
}

fn readers(book: &Book) -> Vec<String> {
    let mut readers: Vec<String> = Vec::new();
    let all = book.sections.told.iter().flat_map(|section| &section.readers.0);
    for name in all.filter_map(|reader| reader.display_name.first()).map(plain) {
        if !name.is_empty() && !readers.contains(&name) {
            readers.push(name);
        }
    }
    readers
}

fn read_by(readers: &[String]) -> String {
    match readers {
        [] => String::new(),
        [one] => format!("read by {one}"),
        [one, other] => format!("read by {one} and {other}"),
        [one, other, ..] => format!("read by {one}, {other} and others"),
    }
}

/// Without brackets, for it stands in some.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| !matches!(letter, '(' | ')' | '[' | ']'))
        .take(60)
        .collect::<String>()
        .trim()
        .to_owned()
}
