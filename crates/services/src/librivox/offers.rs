//! From a book to offers: every section with its file of 128 kbit/s, or nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use ferrotape_domain::{RemoteOffer, Rights, TagSet};

use super::NAME;
use super::query::{Query, without_article};
use super::reading::{Wish, name_of};
use super::wire::{Book, Section};
use crate::answers::{date, seconds, web_page, words};
use crate::internet_archive::{File, Item, file_facts, id_of};

/// What matching knows audiobooks by.
const GENRE: &str = "Audiobook";
const LICENCE: &str = "https://creativecommons.org/publicdomain/mark/1.0/";

/// Lengths that differ by more are of two recordings; the catalogue's are whole seconds, taken before the last touches.
const NEAR: Duration = Duration::from_secs(5);

/// The readings that may be the wanted book, those called like it first: of these the ones in its language, and shortened as it
/// is or not, then plain ones before second and dramatic ones, those whose title agrees in every word, the older ones.
pub(super) fn in_order<'a>(books: &'a [Book], query: &Query, wish: &Wish) -> Vec<&'a Book> {
    let wanted = words(&query.title).to_lowercase();
    let key = |book: &Book| {
        let title = book.title.first().unwrap_or_default();
        let own = words(without_article(title)).to_lowercase();
        let said = own.strip_prefix(&wanted).unwrap_or(&own).trim().to_owned();
        let other = ["version", "dramatic", "selections", "excerpts"];
        let is_other = said.split(' ').any(|word| other.contains(&word));
        (
            name_of(book) != wanted,
            wish.distance(book),
            is_other,
            own != wanted,
            book.id.number().unwrap_or(u64::MAX),
        )
    };
    let mut all: Vec<&Book> = books.iter().filter(|book| !wish.excludes(book)).collect();
    all.sort_by_cached_key(|book| key(book));
    all
}

/// Why a reading of the wanted book is not offered; nothing of a book that only begins like it.
pub(super) fn not_whole(book: &Book, query: &Query, missing: &str) -> Option<String> {
    let title = book.title.first()?;
    (name_of(book) == words(&query.title).to_lowercase()).then(|| {
        format!("{NAME} has “{title}”, but not all of it: {missing}; a book is taken whole or not at all")
    })
}

/// Every section of the book; empty where the item has not all of them. What must be said of the reading stands behind
/// the title.
pub(super) fn of_book(book: &Book, identifier: &str, item: &Item, said: Option<&str>) -> Vec<RemoteOffer> {
    let mut sections: Vec<&Section> = book.sections.told.iter().collect();
    sections.sort_by_key(|section| section.section_number.number().unwrap_or(u64::MAX));
    let files = files(item);
    let named: Option<Vec<&File>> = sections
        .iter()
        .map(|section| file_name_of(section).and_then(|name| files.get(name)).copied())
        .collect();
    let Some(found) = named.or_else(|| by_order(&files, &sections)) else { return Vec::new() };
    let total = u32::try_from(sections.len()).unwrap_or(u32::MAX);
    let title = title(book, item).map(|title| match said {
        Some(said) => format!("{title} ({said})"),
        None => title.to_owned(),
    });
    let numbered = sections.iter().zip(found).zip(1..);
    let offers: Option<Vec<RemoteOffer>> = numbered
        .map(|((section, file), number)| {
            offer(book, title.as_deref(), section, (identifier, file), (number, total))
        })
        .collect();
    offers.unwrap_or_default()
}

/// Files that were renamed, by their order; `None` where there are more or fewer than sections, or one that plays for another
/// time than its section: a chapter under another's name is a wrong recording.
fn by_order<'a>(files: &BTreeMap<&str, &'a File>, sections: &[&Section]) -> Option<Vec<&'a File>> {
    if files.len() != sections.len() {
        return None;
    }
    let mut ordered: Vec<(&str, &File)> = files.iter().map(|(name, file)| (*name, *file)).collect();
    ordered.sort_by_cached_key(|(name, _)| natural(name));
    let agrees = |((_, file), section): (&(&str, &File), &&Section)| {
        let lengths = file.length.first().and_then(seconds).zip(section.playtime.first().and_then(seconds));
        lengths.is_none_or(|(file, section)| file.abs_diff(section) <= NEAR)
    };
    let all_agree = ordered.iter().zip(sections).all(agrees);
    all_agree.then(|| ordered.into_iter().map(|(_, file)| file).collect())
}

/// Orders names as people count: `salt_2` before `salt_10`.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (text, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let (digits, behind) = behind.split_at(end);
        let number = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
        parts.push((text.to_lowercase(), number));
        rest = behind;
    }
    parts
}

/// The title with its article, which the catalogue leaves out and the item has.
fn title<'a>(book: &'a Book, item: &'a Item) -> Option<&'a str> {
    let title = book.title.first()?;
    let whole = item.about.title.first().filter(|whole| without_article(whole).eq_ignore_ascii_case(title));
    whole.or(Some(title))
}

/// The files of an item by the name of their section; of each the best of those that are MP3.
fn files(item: &Item) -> BTreeMap<&str, &File> {
    let mut best: BTreeMap<&str, (u8, &File)> = BTreeMap::new();
    for file in &item.files.0 {
        let Some(rank) = rank(file) else { continue };
        let known = best.entry(bare_name(file.name())).or_insert((rank, file));
        if rank < known.0 {
            *known = (rank, file);
        }
    }
    best.into_iter().map(|(name, (_, file))| (name, file)).collect()
}

fn rank(file: &File) -> Option<u8> {
    if file.private.is_true() {
        return None;
    }
    match file.format.first()?.to_ascii_lowercase().as_str() {
        "128kbps mp3" => Some(0),
        "vbr mp3" | "mp3" => Some(1),
        // Speech, and better than no book.
        "64kbps mp3" => Some(2),
        _ => None,
    }
}

/// `salt_01_quill` of `salt_01_quill_128kb.mp3`.
fn bare_name(name: &str) -> &str {
    let stem = name.strip_suffix(".mp3").unwrap_or(name);
    ["_128kb", "_64kb", "_vbr"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem)
}

fn file_name_of(section: &Section) -> Option<&str> {
    let of_address = || section.listen_url.first()?.rsplit('/').next();
    section.file_name.first().or_else(of_address).map(bare_name)
}

fn offer(
    book: &Book,
    title: Option<&str>,
    section: &Section,
    (identifier, file): (&str, &File),
    (number, total): (u32, u32),
) -> Option<RemoteOffer> {
    let album = title.map(str::to_owned);
    let rights = Rights::Licence { name: "public domain".to_owned(), url: Some(LICENCE.to_owned()) };
    let tags = TagSet {
        title: section.title.first().map(str::to_owned).or_else(|| album.clone()),
        artists: book.author_names(),
        album_artists: book.author_names(),
        album,
        // Nothing is missing (`whole`), so these are their own, but of books that begin at 0, for a preface.
        track_number: Some(number),
        track_total: Some(total),
        date: book.copyright_year.first().and_then(date),
        genres: vec![GENRE.to_owned()],
        ..TagSet::default()
    };
    let length = || file.length.first().and_then(seconds);
    let page = book.url_librivox.first().and_then(web_page);
    let facts = file_facts(file, identifier, &rights);
    Some(RemoteOffer {
        id: id_of(identifier, file.name())?,
        file_name: file.name().rsplit('/').next().unwrap_or_default().to_owned(),
        duration: section.playtime.first().and_then(seconds).or_else(length),
        tags,
        page: page.or_else(|| facts.page.clone()),
        ..facts
    })
}
