//! Shops by the hosts of their links.

use crate::net::Address;

/// Ends of hosts, and what people call the shop.
const SHOPS: [(&str, &str); 18] = [
    ("bandcamp.com", "Bandcamp"),
    ("qobuz.com", "Qobuz"),
    ("7digital.com", "7digital"),
    ("beatport.com", "Beatport"),
    ("traxsource.com", "Traxsource"),
    ("boomkat.com", "Boomkat"),
    ("itunes.apple.com", "iTunes Store"),
    ("music.apple.com", "iTunes Store"),
    ("books.apple.com", "Apple Books"),
    ("jamendo.com", "Jamendo"),
    ("librivox.org", "LibriVox"),
    ("archive.org", "Internet Archive"),
    ("soundcloud.com", "SoundCloud"),
    ("ototoy.jp", "OTOTOY"),
    ("recochoku.jp", "RecoChoku"),
    ("mora.jp", "mora"),
    ("e-onkyo.com", "e-onkyo"),
    ("store.tidal.com", "TIDAL store"),
];

/// The shop at an address: its name where it is known here, else its host.
pub(crate) fn shop_of(url: &str) -> Option<String> {
    let address = Address::parse(url).ok()?;
    let host = address.host();
    let is = |end: &str| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let known = SHOPS.iter().find(|(end, _)| is(end)).map(|(_, name)| (*name).to_owned());
    known.or_else(|| Some(host.trim_start_matches("www.").to_owned())).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shops_are_named_by_their_hosts() {
        for (url, name) in [
            ("https://mara.bandcamp.com/track/ebb", Some("Bandcamp")),
            ("https://notbandcamp.com/", Some("notbandcamp.com")),
            ("https://www.shop.example/x", Some("shop.example")),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(shop_of(url).as_deref(), name, "{url}");
        }
    }
}
