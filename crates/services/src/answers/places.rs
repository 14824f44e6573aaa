//! Names of files and pages that others give: taken only where they cannot lead anywhere else.

use crate::net::Address;

const MOST_BYTES: usize = 600;
/// Parameters that tell who asked.
const OF_THE_ASKER: [&str; 2] = ["from=", "client_id="];

/// A path of plain steps, `/` between them, as a name for a file at a place elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Steps<'a>(&'a str);

impl<'a> Steps<'a> {
    /// `None` where a step is empty, leads up, or holds what no name needs.
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        let is_step = |step: &str| {
            !matches!(step.trim(), "" | "." | "..")
                && !step.contains(|letter: char| letter.is_control() || letter == '\\')
        };
        (path.len() <= MOST_BYTES && path.split('/').all(is_step)).then_some(Self(path))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        self.0.split('/')
    }

    /// The last step.
    pub(crate) fn name(self) -> &'a str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// A page for people, where it is at a plain web address; without the parameters that tell who asked.
pub(crate) fn web_page(text: &str) -> Option<String> {
    let address = Address::parse(text).ok()?;
    let revealed = address.reveal();
    let (before, query) = revealed.split_once('?').unwrap_or((revealed, ""));
    let tells = |pair: &&str| OF_THE_ASKER.iter().any(|name| pair.starts_with(name));
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !tells(pair)).collect();
    let page = if kept.is_empty() { before.to_owned() } else { format!("{before}?{}", kept.join("&")) };
    (page.len() <= MOST_BYTES).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_nowhere_else() {
        for good in ["a.flac", "disc 1/01 – Ember.flac", "..a/b..", "ü"] {
            assert!(Steps::of(good).is_some(), "{good}");
        }
        for bad in ["", "../a", "a/../b", "/a", "a//b", "a/", "a\\b", "a/./b", "a\nb", " /a", ".. /a"] {
            assert!(Steps::of(bad).is_none(), "{bad}");
        }
        assert!(Steps::of(&"a".repeat(700)).is_none());
    }

    #[test]
    fn pages_are_web_pages_and_tell_nothing_of_the_asker() {
        assert_eq!(web_page("https://example.org/a?from=app-1"), Some("https://example.org/a".to_owned()));
        assert_eq!(
            web_page("https://example.org/a?b=1&from=app-1"),
            Some("https://example.org/a?b=1".to_owned())
        );
        assert_eq!(
            web_page("https://example.org/a?client_id=9c0f&from=app-9c0f"),
            Some("https://example.org/a".to_owned())
        );
        assert_eq!(web_page("javascript:alert(1)"), None);
        assert_eq!(web_page("file:///etc/passwd"), None);
    }
}
