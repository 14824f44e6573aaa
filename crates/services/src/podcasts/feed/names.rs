//! Names of elements: namespaces by their addresses, or by the prefixes that everybody uses for them.

use quick_xml::events::BytesStart;

/// Prefixes that one feed may declare.
const MOST_PREFIXES: usize = 64;

/// Whose word an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS or Atom itself.
    Plain,
    Itunes,
    Podcast,
    /// Podlove Simple Chapters.
    Chapters,
    Media,
    Content,
    Dublin,
    Atom,
    Other,
}

/// What each prefix stands for.
#[derive(Debug, Default)]
pub(super) struct Spaces(Vec<(String, Space)>);

impl Spaces {
    /// Takes down what an element declares.
    pub(super) fn learn(&mut self, tag: &BytesStart<'_>) {
        if !tag.attributes_raw().contains("xmlns:") {
            return;
        }
        for attribute in tag.html_attributes().with_checks(false).flatten().take(MOST_PREFIXES) {
            let Some(prefix) = attribute.key.as_ref().strip_prefix("xmlns:") else { continue };
            let known = self.0.iter().any(|(known, _)| known == prefix);
            if !known && self.0.len() < MOST_PREFIXES {
                let space = by_address(&attribute.value).unwrap_or_else(|| by_prefix(prefix));
                self.0.push((prefix.to_owned(), space));
            }
        }
    }

    /// The space of an element or attribute, and its name there.
    pub(super) fn of<'n>(&self, name: &'n str) -> (Space, &'n str) {
        let Some((prefix, local)) = name.split_once(':') else { return (Space::Plain, name) };
        let declared = self.0.iter().find(|(known, _)| known == prefix).map(|(_, space)| *space);
        (declared.unwrap_or_else(|| by_prefix(prefix)), local)
    }
}

/// Addresses differ in scheme, case, closing slash and version from feed to feed.
fn by_address(address: &str) -> Option<Space> {
    let address = address.to_ascii_lowercase();
    let known = [
        ("itunes.com/dtds/podcast", Space::Itunes),
        ("podcastindex.org/namespace", Space::Podcast),
        ("podcast-namespace", Space::Podcast),
        ("podlove.org/simple-chapters", Space::Chapters),
        ("search.yahoo.com/mrss", Space::Media),
        ("purl.org/rss/1.0/modules/content", Space::Content),
        ("purl.org/dc/elements", Space::Dublin),
        ("w3.org/2005/atom", Space::Atom),
    ];
    known.into_iter().find(|(part, _)| address.contains(part)).map(|(_, space)| space)
}

fn by_prefix(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "itunes" => Space::Itunes,
        "podcast" => Space::Podcast,
        "psc" => Space::Chapters,
        "media" => Space::Media,
        "content" => Space::Content,
        "dc" => Space::Dublin,
        "atom" | "atom10" => Space::Atom,
        _ => Space::Other,
    }
}
