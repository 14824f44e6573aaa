//! Addresses of podcasts' feeds: which of them may be keys.
//!
//! A feed of a paying listener has its key in its address. Nobody says which part of it that is, so an address that the
//! user gave counts as private as soon as anything in it could be a key.

/// A part of a path with so many letters and digits among each other could be a key.
const KEY: usize = 16;

/// The path of an address, without query.
pub fn path_of_address(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Whether anything in an address could be a key.
pub fn may_hold_a_key(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let before_path = rest.split('/').next().unwrap_or_default();
    before_path.contains('@') || rest.contains('?') || path_of_address(address).split('/').any(could_be_a_key)
}

fn could_be_a_key(part: &str) -> bool {
    let is = |kind: fn(&u8) -> bool| part.bytes().filter(kind).count();
    let (letters, digits) = (is(u8::is_ascii_alphabetic), is(u8::is_ascii_digit));
    let capitals = is(u8::is_ascii_uppercase);
    letters + digits >= KEY
        && (digits >= 2 || (capitals * 3 >= letters && letters > capitals))
        && !reads_like_words(part)
}

/// `season-2-of-the-long-way-home-2024`: words between marks, with numbers of their own.
fn reads_like_words(part: &str) -> bool {
    let mut words = part.split(['-', '_', '.', '+', '%', ' ']).filter(|word| !word.is_empty());
    let plain = |word: &str| {
        let has_digits = word.bytes().any(|byte| byte.is_ascii_digit());
        let all_digits = word.bytes().all(|byte| byte.is_ascii_digit());
        (all_digits && word.len() <= 8) || (!has_digits && word.len() < KEY)
    };
    words.all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_key_is_seen() {
        let private = [
            "https://www.example.com/rss/show?auth=abc",
            "https://me:pw@feeds.example.org/show",
            "https://feeds.example.org/0f3ad21c9b77e4d1aa/show.rss",
            "https://feeds.example.org/content/eyJzIjoiYWJjZGVmIiwidCI6Mn0.rss",
            "https://feeds.example.org/AbCdEfGhIjKlMnOpQrSt",
            "https://feeds.example.org/9b024349-ccf0-5f69-a609-6b82873eab3c",
        ];
        let public = [
            "https://feeds.example.org/low-tide/rss",
            "https://example.org/podcasts/season-2-of-the-long-way-home-2024.xml",
            "https://example.org/feed/",
            "https://example.org/TheLongWayHomePodcast",
        ];
        assert_eq!(private.map(may_hold_a_key), [true; 6]);
        assert_eq!(public.map(may_hold_a_key), [false; 4]);
    }

    #[test]
    fn a_private_feed_without_a_name_is_not_called_by_its_address() {
        use crate::{Wanted, WantedKind};
        let of = |feed: &str| Wanted { feed: Some(feed.to_owned()), ..Wanted::of_kind(WantedKind::Show) };
        assert!(!of("https://feeds.example.org/rss?auth=s3cret").label().contains("s3cret"));
        assert_eq!(of("https://feeds.example.org/rss").label(), "https://feeds.example.org/rss");
    }
}
