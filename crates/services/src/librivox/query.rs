//! The question: how the title begins, and the author's last name.

use ferrotape_domain::{Fault, Wanted};

use super::NAME;
use crate::answers::{bare, own_address, words};
use crate::net::Address;

/// Books that an answer may hold.
const LIMIT: &str = "50";
/// Titles stand there without these.
const ARTICLES: [&str; 3] = ["the ", "a ", "an "];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Query {
    /// As it stands there: without its article, and without a subtitle.
    pub(super) title: String,
    /// Empty where no author is known.
    pub(super) last_name: String,
}

/// The question for a book, or for the book of a chapter; `None` where no title is known.
pub(super) fn of(wanted: &Wanted) -> Option<Query> {
    let book = book(wanted);
    // Titles are compared letter by letter there, and written with plain signs.
    let plain = |letter: char| if matches!(letter, '’' | '‘') { '\'' } else { letter };
    let title: String = without_article(bare(book)).chars().map(plain).take(200).collect();
    let author = if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists };
    let last_name = last_name(author.first().unwrap_or_default());
    (!words(&title).is_empty()).then_some(Query { title, last_name })
}

/// The title of the wanted book, or of that which a chapter is wanted of.
pub(super) fn book(wanted: &Wanted) -> &str {
    wanted.release.as_deref().filter(|book| !book.trim().is_empty()).unwrap_or(&wanted.title)
}

pub(super) fn address(query: &Query) -> Result<Address, Fault> {
    let address = own_address(NAME, "https://librivox.org/api/feed/audiobooks/")?
        .with("format", "json")
        // Without the sign in front it would have to be the whole title.
        .with("title", &format!("^{}", query.title))
        .with("extended", "1")
        .with("limit", LIMIT);
    Ok(if query.last_name.is_empty() { address } else { address.with("author", &query.last_name) })
}

/// A title as it stands there.
pub(super) fn without_article(title: &str) -> &str {
    let title = title.trim();
    let is =
        |article: &&&str| title.get(..article.len()).is_some_and(|start| start.eq_ignore_ascii_case(article));
    let rest = ARTICLES.iter().find(is).and_then(|article| title.get(article.len()..));
    rest.map(str::trim).filter(|rest| !rest.is_empty()).unwrap_or(title)
}

/// `Conan Doyle, Arthur` and `Sir Arthur Conan Doyle` are both looked for as `Doyle`.
fn last_name(author: &str) -> String {
    let name = author.split([',', ';', '&']).next().unwrap_or_default();
    let words = words(name);
    let mut all = words.split(' ').filter(|word| !matches!(*word, "Jr" | "Sr" | "II" | "III"));
    all.next_back().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferrotape_domain::{ArtistCredit, WantedKind};

    #[test]
    fn titles_and_authors_are_asked_for_as_they_stand_there() {
        let table = [
            ("The Salt Road", "", "Mara Quill", "Salt Road", "Quill"),
            ("Salt; or, The Fog", "", "Sir Arthur Conan Doyle", "Salt", "Doyle"),
            ("Chapter 3", "A Salt Road (Unabridged)", "Quill, Mara", "Salt Road", "Quill"),
            ("The", "", "", "The", ""),
            ("Mara’s Salt", "", "Mara Quill Jr", "Mara's Salt", "Quill"),
        ];
        for (title, book, author, expected, last) in table {
            let mut wanted = Wanted::of_kind(WantedKind::Audiobook);
            wanted.title = title.to_owned();
            wanted.release = Some(book.to_owned());
            wanted.artists = ArtistCredit::printed(author);
            let expected = Query { title: expected.to_owned(), last_name: last.to_owned() };
            assert_eq!(of(&wanted), Some(expected), "{title}");
        }
        assert_eq!(of(&Wanted::of_kind(WantedKind::Audiobook)), None);
    }
}
