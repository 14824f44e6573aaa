//! Stores to search in: templates of addresses, the user's own to edit.

use ferrotape_domain::{ShopLink, ShopLinkKind, WantedKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Purchase;
use super::asking::is_web;

const MOST_NAME: usize = 60;
const MOST_ADDRESS: usize = 500;
/// Characters of an artist or title in an address; names have fewer.
const MOST_TEXT: usize = 150;
const PLACES: [&str; 3] = ["{q}", "{artist}", "{title}"];

/// A store whose search has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    name: String,
    template: String,
    kinds: Vec<WantedKind>,
}

/// Why there is no such store, as a sentence without full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAStore(String);

impl Store {
    /// A store by its name, the address of its search with `{q}`, `{artist}` or `{title}` in it, and what it sells: music
    /// where no kind is given.
    pub fn new(name: &str, template: &str, kinds: &[WantedKind]) -> Result<Self, NotAStore> {
        let (name, template) = (name.trim(), template.trim());
        let no = |says: String| Err(NotAStore(says));
        if name.is_empty() || name.chars().count() > MOST_NAME || name.chars().any(char::is_control) {
            return no(format!("a store's name has 1 to {MOST_NAME} characters, on one line"));
        }
        let odd = template.chars().any(|letter| letter.is_control() || letter.is_whitespace());
        if !is_web(template) || template.len() > MOST_ADDRESS || odd {
            return no(format!("{name}: the address should begin with https:// and have no spaces"));
        }
        let after_scheme = template.split_once("://").map_or("", |(_, rest)| rest);
        let host = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
        if host.is_empty() || host.contains(['{', '@']) {
            return no(format!("{name}: what is looked for may not stand in the name of the server"));
        }
        let rest = PLACES.iter().fold(template.to_owned(), |rest, place| rest.replace(place, ""));
        if rest == template || rest.contains(['{', '}']) {
            return no(format!(
                "{name}: the address needs {{q}}, or {{artist}} and {{title}}, and no other braces"
            ));
        }
        let music = [WantedKind::Recording, WantedKind::Release];
        let kinds = if kinds.is_empty() { music.to_vec() } else { kinds.to_vec() };
        Ok(Self { name: name.to_owned(), template: template.to_owned(), kinds })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address of its search for a purchase.
    fn search(&self, purchase: &Purchase) -> String {
        let clipped = |text: &str| -> String { text.chars().take(MOST_TEXT).collect() };
        let (artist, title) = (clipped(&purchase.artist), clipped(&purchase.title));
        let both = format!("{artist} {title}");
        let coded = |text: &str| utf8_percent_encode(text.trim(), NON_ALPHANUMERIC).to_string();
        // Coded texts have no braces, so nothing is put into what was put in.
        self.template
            .replace("{q}", &coded(&both))
            .replace("{artist}", &coded(&artist))
            .replace("{title}", &coded(&title))
    }
}

pub(super) fn add_searches(purchase: &mut Purchase, stores: &[Store]) {
    for store in stores.iter().filter(|store| store.kinds.contains(&purchase.kind)) {
        let (shop, url) = (store.name.clone(), store.search(purchase));
        let origin = "stores".to_owned();
        purchase.links.push(ShopLink { shop, url, what: ShopLinkKind::Search, price: None, origin });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shop_searches_hold_any_text_and_templates_only_what_they_should() {
        let store =
            Store::new("Shop", "https://shop.example/{artist}/find?q={q}&t={title}#{q}", &[]).unwrap();
        let purchase = Purchase {
            kind: WantedKind::Recording,
            artist: "AC/DC & {title}".to_owned(),
            title: "\"><script>é".to_owned(),
            fills: Vec::new(),
            mbid: None,
            links: Vec::new(),
        };
        let url = store.search(&purchase);
        assert!(url.starts_with("https://shop.example/AC%2FDC%20%26%20%7Btitle%7D/find?q=AC%2FDC"), "{url}");
        assert!(url.contains("&t=%22%3E%3Cscript%3E%C3%A9#") && !url.contains('<'), "{url}");
        for (name, template) in [
            ("", "https://shop.example/{q}"),
            ("a\nb", "https://shop.example/{q}"),
            ("a", "javascript:alert({q})"),
            ("a", "https://{q}/"),
            ("a", "https://{q}.example/"),
            ("a", "https://user@shop.example/{q}"),
            ("a", "https://shop.example/"),
            ("a", "https://shop.example/{q}/{album}"),
            ("a", "https://shop.example/ {q}"),
        ] {
            assert!(Store::new(name, template, &[]).is_err(), "{name} {template}");
        }
    }
}
