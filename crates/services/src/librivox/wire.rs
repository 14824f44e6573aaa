//! The shapes that LibriVox answers in; numbers are texts.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::answers::{Many, Texts, has_words, said, unless};
use crate::internet_archive::is_identifier;
use crate::net::Told;

const MOST_BOOKS: usize = 50;
/// The longest books have some 500 sections.
const MOST_SECTIONS: usize = 2000;
const MOST_AUTHORS: usize = 10;
const MOST_READERS: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub(super) books: Many<Book, MOST_BOOKS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Book {
    pub(super) id: Texts,
    pub(super) title: Texts,
    pub(super) language: Texts,
    pub(super) copyright_year: Texts,
    /// How many sections it has.
    pub(super) num_sections: Texts,
    pub(super) url_iarchive: Texts,
    pub(super) url_librivox: Texts,
    pub(super) authors: Many<Author, MOST_AUTHORS>,
    pub(super) sections: Sections,
}

/// The sections that are told of, and whether all that are listed are.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) told: Vec<Section>,
    /// Entries that say nothing, or are too many.
    pub(super) untold: usize,
}

impl<'de> Deserialize<'de> for Sections {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let listed = Value::deserialize(from)?;
        let count = listed.as_array().map_or(0, Vec::len);
        let told: Many<Section, MOST_SECTIONS> = serde_json::from_value(listed).unwrap_or_default();
        Ok(Self { untold: count.saturating_sub(told.0.len()), told: told.0 })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Author {
    pub(super) first_name: Texts,
    pub(super) last_name: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Section {
    pub(super) section_number: Texts,
    pub(super) title: Texts,
    pub(super) listen_url: Texts,
    pub(super) playtime: Texts,
    pub(super) file_name: Texts,
    pub(super) readers: Many<Reader, MOST_READERS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reader {
    pub(super) display_name: Texts,
}

impl Book {
    /// The item that its files are in: `https://archive.org/details/ITEM`.
    pub(super) fn identifier(&self) -> Option<&str> {
        let address = self.url_iarchive.first()?;
        let behind = address.split_once("archive.org/details/")?.1;
        behind.split(['/', '?', '#']).next().filter(|text| is_identifier(text))
    }

    /// Those who wrote it, as people write names.
    pub(super) fn author_names(&self) -> Vec<String> {
        let name = |author: &Author| {
            let names = [author.first_name.first(), author.last_name.first()];
            names.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        self.authors.0.iter().map(name).filter(|name| !name.is_empty()).collect()
    }
}

/// The trouble in an answer: each has a list of books.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, said.get("books").is_some_and(Value::is_array))
}

/// That there is no such book comes with status 404, and in these words.
pub(super) fn says_none(body: &[u8]) -> bool {
    has_words(&said(body), "error", "not be found")
}
