//! Whether the catalogue tells of all sections of a book: of one with a gap the rest would be numbered as if it were all.

use std::collections::BTreeSet;

use super::wire::Book;
use crate::answers::Texts;

/// More sections than any book has; a number beyond is no number.
const MOST_NUMBERS: u64 = 10_000;
/// So many missing sections are named.
const NAMED: usize = 6;

/// Which sections are not told of, as a sentence without full stop; `None` where nothing says that one is missing.
pub(super) fn missing(book: &Book) -> Option<String> {
    let told = &book.sections.told;
    let numbers: Option<BTreeSet<u64>> = told.iter().map(|one| number(&one.section_number)).collect();
    let have = told.len() as u64;
    let said = book.num_sections.number().filter(|said| *said <= MOST_NUMBERS).unwrap_or(0);
    let listed = (have + book.sections.untold as u64).min(MOST_NUMBERS);
    let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else {
        let of = said.max(listed);
        return (have < of).then(|| format!("it lists {have} of {of} sections"));
    };
    // Some begin at 0, for a preface; where the first is missing, it cannot be told from those.
    let first = numbers.first().copied().unwrap_or(1).min(1);
    let last = numbers.last().copied().unwrap_or(0).max((said.max(listed) + first).saturating_sub(1));
    let missing: Vec<String> =
        (first..=last).filter(|number| !numbers.contains(number)).map(|number| number.to_string()).collect();
    match missing.as_slice() {
        [] => None,
        [one] => Some(format!("section {one} of {last} is not in its list")),
        few if few.len() <= NAMED => {
            Some(format!("sections {} of {last} are not in its list", few.join(", ")))
        }
        many => Some(format!("{} of its {} sections are not in its list", many.len(), last + 1 - first)),
    }
}

fn number(text: &Texts) -> Option<u64> {
    text.number().filter(|number| *number <= MOST_NUMBERS)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_book_says_itself_that_it_is_not_whole() -> serde_json::Result<()> {
        let numbered = |numbers: &[u64]| -> Vec<Value> {
            numbers.iter().map(|number| json!({"section_number": number.to_string()})).collect()
        };
        let with_a_null = [numbered(&[1, 2]), vec![Value::Null], numbered(&[4, 5])].concat();
        let ends_in_a_null = [numbered(&[1, 2]), vec![Value::Null]].concat();
        let table = [
            (json!("5"), numbered(&[1, 2, 3, 4, 5]), None),
            (json!(null), numbered(&[1, 2]), None),
            (json!("5"), numbered(&[0, 1, 2, 3, 4]), None),
            (json!(3), numbered(&[1, 2, 3, 4]), None),
            (json!("5"), numbered(&[1, 2, 4, 5]), Some("section 3 of 5 is not in its list")),
            (json!(null), numbered(&[1, 2, 4, 5]), Some("section 3 of 5 is not in its list")),
            (json!("5"), with_a_null, Some("section 3 of 5 is not in its list")),
            (json!(null), ends_in_a_null, Some("section 3 of 3 is not in its list")),
            (json!("5"), numbered(&[1, 2, 3]), Some("sections 4, 5 of 5 are not in its list")),
            (json!("5"), numbered(&[2, 3, 4, 5]), Some("section 1 of 5 is not in its list")),
            (json!("9"), numbered(&[1]), Some("8 of its 9 sections are not in its list")),
            (json!("2"), vec![json!({})], Some("it lists 1 of 2 sections")),
        ];
        for (said, sections, expected) in table {
            let book: Book = serde_json::from_value(json!({"num_sections": said, "sections": sections}))?;
            assert_eq!(missing(&book).as_deref(), expected, "{said}");
        }
        Ok(())
    }
}
