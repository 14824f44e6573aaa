//! What a file is called and when it was published, by its tags and its name.

use std::path::Path;

use ferrotape_domain::{Offer, is_placeholder};

use super::headings::{NumberedTitle, name_key};
use crate::readings::paths::without_track_number;

/// Characters looked at of one name.
const LONGEST: usize = 400;

/// What an episode's or a chapter's file may be called: its title, or where that says nothing its name.
pub fn titles_of(offer: &Offer, show: &str) -> Vec<NumberedTitle> {
    let tag = offer.tags.title.as_deref().unwrap_or_default().trim();
    let known = !is_placeholder(tag) && name_key(tag) != name_key(show);
    // ID3v1 keeps 30 characters of a title.
    let cut = (29..=30).contains(&tag.chars().count());
    let mut titles = Vec::new();
    if known {
        titles.push(NumberedTitle::of(tag, show));
    }
    if !known || cut {
        let stem = clipped(&stem(&offer.path)).replace('_', " ");
        let (_, undated) = date_before(&stem);
        let without_show = |text: &str| NumberedTitle::of(text.trim_start_matches([' ', '-', '–']), show);
        titles.push(without_show(undated));
        titles.push(without_show(without_track_number(undated)));
    }
    titles
}

/// When a file was published, as its tags say, else its name; of two the more exact one.
pub fn published(offer: &Offer) -> Option<String> {
    let named = date_before(&stem(&offer.path)).0;
    match (offer.tags.date.clone(), named) {
        (Some(tag), Some(named)) if tag.len() < named.len() && named.starts_with(&tag) => Some(named),
        (tag, named) => tag.or(named),
    }
}

/// The title in the name of a file that has none in its tags: without a date, and of the parts of a book without the
/// number, before it.
pub fn title_in_name(offer: &Offer, is_part: bool) -> String {
    let name = stem(&offer.path).replace('_', " ");
    let undated = date_before(&name).1;
    let title = if is_part { without_track_number(undated) } else { undated };
    title.trim().to_owned()
}

/// A date at the beginning of a name (`2024-03-05 - Harbour`, `20240305 Harbour`), and what is behind it.
fn date_before(text: &str) -> (Option<String>, &str) {
    let number = |text: &str, range: std::ops::Range<usize>| -> Option<u32> {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mark = |at: usize| text.as_bytes().get(at).is_some_and(|byte| matches!(byte, b'-' | b'.' | b'_'));
    let (month_at, day_at, end) = if mark(4) && mark(7) { (5, 8, 10) } else { (4, 6, 8) };
    let parts = (number(text, 0..4), number(text, month_at..month_at + 2), number(text, day_at..day_at + 2));
    let (Some(year @ 1990..=2100), Some(month @ 1..=12), Some(day @ 1..=31)) = parts else {
        return (None, text);
    };
    let rest = text.get(end..).unwrap_or_default();
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return (None, text);
    }
    let title = rest.trim_start_matches([' ', '-', '_', '.', '–', ':']);
    (Some(format!("{year:04}-{month:02}-{day:02}")), title)
}

/// A book that is one file may be named by its title alone.
pub(super) fn title_key(offer: &Offer) -> String {
    let title = offer.tags.title.as_deref().unwrap_or_default();
    if title.is_empty() { name_key(&clipped(&stem(&offer.path))) } else { name_key(title) }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

pub(super) fn clipped(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_before_titles_are_read() {
        let table = [
            ("2024-03-05 - Harbour", Some("2024-03-05"), "Harbour"),
            ("20240305_Harbour", Some("2024-03-05"), "Harbour"),
            ("2024.03.05 Harbour", Some("2024-03-05"), "Harbour"),
            ("2024 Harbour", None, "2024 Harbour"),
            ("20241305 Harbour", None, "20241305 Harbour"),
            ("202403051 Harbour", None, "202403051 Harbour"),
            ("Harbour", None, "Harbour"),
        ];
        for (text, date, title) in table {
            let found = date_before(text);
            assert_eq!((found.0.as_deref(), found.1), (date, title), "{text}");
        }
    }
}
