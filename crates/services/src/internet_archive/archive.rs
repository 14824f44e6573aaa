//! The three questions that archive.org is asked, for this catalogue and for those whose files lie there.

use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, Fetched, Lookup};

use super::NAME;
use super::wire::{About, Item, Search, told_by_item, told_by_search};
use crate::answers::{Fetching, NEVER, SEARCHED, Steps, ask, no_such_id, own_address};
use crate::net::{Address, Line, Net, Request, Trust};

/// Items that a search names.
const ROWS: &str = "25";
const FIELDS: [&str; 6] =
    ["identifier", "title", "creator", "collection", "licenseurl", "access-restricted-item"];
/// No number is published; people report being refused beyond three or four at once.
const GAP: Duration = Duration::from_secs(1);
const FILES_AT_ONCE: usize = 2;

/// archive.org and its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    net: Net,
}

impl Archive {
    pub(crate) fn new(net: Net) -> Self {
        Self { net }
    }

    fn line(at_once: usize) -> Line {
        Line { name: NAME.to_owned(), gap: GAP, at_once, trust: Trust::Outside }
    }

    /// Questions have one more place than files, or they would wait for hours behind two of those.
    fn question(address: Address) -> Request {
        Request::get(&Self::line(FILES_AT_ONCE + 1), address).kept(SEARCHED)
    }

    pub(super) fn search(&self, query: &str, cancel: &Cancel) -> Result<Vec<About>, Fault> {
        let mut address = own_address(NAME, "https://archive.org/advancedsearch.php")?.with("q", query);
        for field in FIELDS {
            address = address.with("fl[]", field);
        }
        let address = address.with("rows", ROWS).with("page", "1").with("output", "json");
        let request = Self::question(address).unless_told(told_by_search);
        let answer: Option<Search> = ask(&self.net, &request, NEVER, cancel)?;
        Ok(answer.unwrap_or_default().response.docs.0)
    }

    /// What an item is and which files it has; `None` where there is no such item.
    pub(crate) fn item(&self, identifier: &str, cancel: &Cancel) -> Lookup<Item> {
        if !is_identifier(identifier) {
            return Ok(None);
        }
        let address = own_address(NAME, "https://archive.org/metadata")?.below([identifier]);
        let request = Self::question(address).unless_told(told_by_item);
        let item: Option<Item> = ask(&self.net, &request, NEVER, cancel)?;
        // An item that is not there is an empty one, with a good status.
        Ok(item.filter(|item| item.about.identifier.first() == Some(identifier) && !item.is_dark.is_true()))
    }

    /// Fetches a file; the offer's id is `ITEM/FILE`.
    pub(crate) fn fetch(&self, fetching: &Fetching) -> Result<Fetched, Fault> {
        let (identifier, file) = parts_of(&fetching.offer.id).ok_or_else(|| no_such_id(NAME))?;
        let steps = [identifier].into_iter().chain(file.iter());
        // Views are counted by people's interest, which ours is not.
        let address = own_address(NAME, "https://archive.org/download")?.below(steps).with("cnt", "0");
        fetching.from(&self.net, &Self::line(FILES_AT_ONCE), address)
    }
}

/// The id of a file's offer; `None` where its name could lead elsewhere.
pub(crate) fn id_of(identifier: &str, file: &str) -> Option<String> {
    let id = format!("{identifier}/{file}");
    parts_of(&id).is_some().then_some(id)
}

fn parts_of(id: &str) -> Option<(&str, Steps<'_>)> {
    let (identifier, file) = id.split_once('/')?;
    Some((identifier, Steps::of(file)?)).filter(|(identifier, _)| is_identifier(identifier))
}

/// As archive.org gives them.
pub(crate) fn is_identifier(text: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&text.len())
        && text.bytes().all(sound)
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_an_item_and_a_file_of_it() {
        for good in ["fen2003-05-08.flac16/fen01.flac", "a/disc 1/01.flac", "a/ü.mp3"] {
            assert!(parts_of(good).is_some(), "{good}");
        }
        for bad in ["", "a", "/a", "a/", "../a", "./a", "a/../b", "a b/c", "a/b\\c", "a/b//c", "ä/c"] {
            assert!(parts_of(bad).is_none(), "{bad}");
        }
        assert_eq!(id_of("a", "../b"), None);
        assert_eq!(id_of("a", "b/c.flac").as_deref(), Some("a/b/c.flac"));
    }
}
