//! Articles that stand before a name or behind its comma.

use std::borrow::Cow;

/// Articles that catalogues put behind a comma.
const ARTICLES: &[&str] = &[
    "the", "a", "an", "die", "der", "das", "den", "les", "le", "la", "los", "las", "el", "il", "lo", "gli",
    "i", "o", "os", "as", "de", "het", "l'", "det",
];

/// `Lantern, The` as `The Lantern`.
pub(crate) fn article_first(text: &str) -> Cow<'_, str> {
    if let Some((name, article)) = text.rsplit_once(',')
        && article.len() <= 5
        && !name.is_empty()
        && ARTICLES.contains(&article.trim().to_lowercase().as_str())
    {
        let article = article.trim();
        let gap = if article.ends_with('\'') { "" } else { " " };
        return format!("{article}{gap}{name}").into();
    }
    text.into()
}
