//! The order files are read in: the same for every zip, folder and system.

use std::cmp::Ordering;

/// Compares names as people do: `Playlist2` before `Playlist10`, and without regard to case first.
pub(crate) fn natural(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.to_lowercase(), right.to_lowercase());
    loop {
        let ordering = match (take(&mut a), take(&mut b)) {
            (None, None) => return left.cmp(right),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(Part::Number(a)), Some(Part::Number(b))) => a.len().cmp(&b.len()).then_with(|| a.cmp(&b)),
            (Some(a), Some(b)) => a.text().cmp(b.text()),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

enum Part {
    /// Digits without leading zeros.
    Number(String),
    Text(String),
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Text(text) => text,
        }
    }
}

fn take(rest: &mut String) -> Option<Part> {
    let is_number = rest.bytes().next()?.is_ascii_digit();
    let length = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
    let part: String = rest.drain(..length).collect();
    Some(if is_number { Part::Number(part.trim_start_matches('0').to_owned()) } else { Part::Text(part) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        let mut names = ["Playlist10.json", "playlist2.json", "Playlist1.json", "Playlist002.json"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["Playlist1.json", "Playlist002.json", "playlist2.json", "Playlist10.json"]);
    }
}
