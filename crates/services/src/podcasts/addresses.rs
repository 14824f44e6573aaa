//! Addresses: made whole, and what of them is nobody else's business.
//!
//! An address that the user gave counts as private as soon as anything in it could be a key; those from public directories
//! never do.

pub(super) use ferrotape_domain::{may_hold_a_key, path_of_address as path};
use sha2::{Digest, Sha256};
use url::Url;

/// Longer addresses are none.
const LONGEST: usize = 4096;

/// The `http` or `https` address that stands in a feed of this address; without what is behind `#`.
pub(super) fn resolved(base: &str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut url = match Url::parse(text) {
        Err(url::ParseError::RelativeUrlWithoutBase) => Url::parse(base).ok()?.join(text).ok()?,
        parsed => parsed.ok()?,
    };
    url.set_fragment(None);
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    is_web.then(|| String::from(url)).filter(|url| url.len() <= LONGEST)
}

/// Whether a text is an address that a feed may have: of http or https, and without a name and password in it.
pub fn is_feed_address(text: &str) -> bool {
    let address = resolved(text, text);
    address.is_some_and(|address| without_login(&address).1.is_none()) && !text.contains(char::is_whitespace)
}

/// `https://feeds.example.org` of an address there, with what stands before an `@` left out.
fn origin(address: &str) -> Option<String> {
    let (scheme, _) = address.split_once("://")?;
    Some(format!("{scheme}://{}", authority(address)))
}

/// Host and port.
fn authority(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// The host alone, for people.
pub(super) fn host(address: &str) -> &str {
    let authority = authority(address);
    let end = authority.rfind(':').filter(|at| !authority.get(*at..).unwrap_or_default().contains(']'));
    end.and_then(|end| authority.get(..end)).unwrap_or(authority)
}

/// Without name and password, query and fragment.
pub(super) fn bare(address: &str) -> String {
    origin(address).map_or_else(String::new, |origin| origin + path(address))
}

/// The user's name and password in an address, if there are any, and the address without them.
pub(super) fn without_login(address: &str) -> (String, Option<(String, String)>) {
    let Some((scheme, rest)) = address.split_once("://") else { return (address.to_owned(), None) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    let Some((login, host)) = authority.rsplit_once('@') else { return (address.to_owned(), None) };
    let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (name, password) = login.split_once(':').unwrap_or((login, ""));
    (format!("{scheme}://{host}{behind}"), Some((plain(name), plain(password))))
}

/// A short sum of texts, for what must be told apart and not be read.
pub(super) fn sum(texts: &[&str]) -> String {
    let mut sum = Sha256::new();
    for text in texts {
        sum.update((text.len() as u64).to_le_bytes());
        sum.update(text.as_bytes());
    }
    sum.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_whole() {
        let base = "https://h.example:8080/b/feed.xml?x=1";
        let table = [
            (" HTTP://x.example/a b.mp3#t=1 ", Some("http://x.example/a%20b.mp3")),
            ("//x.example/a", Some("https://x.example/a")),
            ("/a?b=ü&c=%20", Some("https://h.example:8080/a?b=%C3%BC&c=%20")),
            ("a.mp3", Some("https://h.example:8080/b/a.mp3")),
            ("ftp://x.example/a", None),
            ("http://", None),
            ("", None),
            ("javascript:alert(1)", None),
        ];
        for (text, expected) in table {
            assert_eq!(resolved(base, text).as_deref(), expected, "{text}");
        }
        assert_eq!(bare("https://me:pw@h.example/a/b?token=1#x"), "https://h.example/a/b");
        assert_eq!(
            (host("https://me:pw@h.example:80/"), host("http://[::1]:80/a"), host("http://[::1]/a")),
            ("h.example", "[::1]", "[::1]")
        );
    }

    #[test]
    fn a_login_is_taken_out_of_an_address() {
        let (address, login) = without_login("https://me%40home:p%3Aw@h.example/a@b");
        assert_eq!(address, "https://h.example/a@b");
        assert_eq!(login, Some(("me@home".to_owned(), "p:w".to_owned())));
        assert_eq!(without_login("https://h.example/a@b"), ("https://h.example/a@b".to_owned(), None));
    }
}
