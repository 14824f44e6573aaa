//! What programs put behind the name of a second copy: `Ebb (1)`, `Ebb - Copy`, `Ebb_1`, `Ebb copy 2`.
//!
//! Such a mark may as well be the title's own – `Ebb (2)` is a second part, `Carbon Copy` a song –, so a name without it only
//! stands beside the whole one.

/// How Windows and Linux call a copy, behind a dash.
const AFTER_DASH: &[&str] = &[" - copy", " - kopie", " - copie", " - copia", " - kopia", " - kopi"];
/// How macOS and file managers call one.
const BARE: &[&str] = &[" copy", " kopie"];

/// A name without the mark of a copy, and whether it surely is one; `None` where it has none.
pub(crate) fn without_copy_mark(stem: &str) -> Option<(&str, bool)> {
    let stem = stem.trim_end();
    let (text, number) = match without_number_in_brackets(stem) {
        Some((text, number)) => (text, Some(number)),
        None => (stem, None),
    };
    let word = |words: &[&str], text| words.iter().find_map(|word| without_ending(text, word));
    let found = if let Some(name) = word(AFTER_DASH, text) {
        Some((name, true))
    } else if let Some(number) = number {
        // Browsers begin with 1, parts hardly stop there.
        Some((text, number == "1"))
    } else {
        let counted = without_last_digit(text, ' ').and_then(|text| word(BARE, text));
        let name = word(BARE, text).or(counted).or_else(|| without_last_digit(text, '_'));
        name.map(|name| (name, false))
    };
    found.map(|(name, is_sure)| (name.trim_end(), is_sure)).filter(|(name, _)| !name.is_empty())
}

/// `Ebb (2)` and `Ebb(2)` as `Ebb` and `2`.
fn without_number_in_brackets(text: &str) -> Option<(&str, &str)> {
    let (name, number) = text.strip_suffix(')')?.rsplit_once('(')?;
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    (is_number && !number.starts_with('0')).then(|| (name.trim_end(), number))
}

/// `Ebb_1` without one digit and what stands before it.
fn without_last_digit(text: &str, before: char) -> Option<&str> {
    text.strip_suffix(|c: char| matches!(c, '1'..='9'))?.strip_suffix(before)
}

fn without_ending<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let (name, last) = text.split_at_checked(text.len().checked_sub(ending.len())?)?;
    last.eq_ignore_ascii_case(ending).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_copies_are_cut_off_and_most_may_be_the_titles_own() {
        for (name, is_sure) in [
            ("Ebb (1)", true),
            ("Ebb(1)", true),
            ("Ebb - Copy", true),
            ("Ebb - Copy (2)", true),
            ("Ebb - Kopie", true),
            ("Ebb (2)", false),
            ("Ebb copy", false),
            ("Ebb copy 2", false),
            ("Ebb_1", false),
        ] {
            assert_eq!(without_copy_mark(name), Some(("Ebb", is_sure)), "{name}");
        }
        for name in [
            "Ebb",
            "Ebb 1",
            "Ebb (01)",
            "Ebb (1979)",
            "Copy",
            "(1)",
            "_1",
            "Ebb_12",
            "Ebb (Copy)",
            "Photocopy",
        ] {
            assert_eq!(without_copy_mark(name), None, "{name}");
        }
    }
}
