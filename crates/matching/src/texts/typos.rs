//! Letters that differ: how many, and whether they can be a slip of the hand rather than another word.

/// Characters of a text that are compared; hostile tags may hold megabytes.
const LONGEST: usize = 400;

/// Edits (insert, delete, replace, swap of neighbours) between two texts, `None` when more than `most`.
pub(crate) fn edits(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        return edits_between(a.as_bytes(), b.as_bytes(), most);
    }
    // A character has at most four bytes: texts too different in bytes need not be taken apart.
    if a.len().abs_diff(b.len()) > most.saturating_mul(4) {
        return None;
    }
    let a: Vec<char> = a.chars().take(LONGEST).collect();
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    edits_between(&a, &b, most)
}

fn edits_between<T: PartialEq>(a: &[T], b: &[T], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(shared..)?, b.get(shared..)?);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(..a.len() - tail)?, b.get(..b.len() - tail)?);
    let found = match (a, b) {
        ([], rest) | (rest, []) => Some(rest.len()),
        ([_], [_]) => Some(1),
        ([x, y], [p, q]) if x == q && y == p => Some(1),
        _ if most <= 1 || a.len().max(b.len()) > LONGEST => None,
        _ => edit_table(a, b, most),
    };
    found.filter(|edits| *edits <= most)
}

/// The textbook table, row by row, left as soon as a row holds nothing small enough.
fn edit_table<T: PartialEq>(a: &[T], b: &[T], most: usize) -> Option<usize> {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    let mut line: Vec<usize> = Vec::with_capacity(width);
    for (row, x) in a.iter().enumerate() {
        line.clear();
        line.push(row + 1);
        let mut least = row + 1;
        for (column, y) in b.iter().enumerate() {
            let mut cost = (above.get(column)? + usize::from(x != y))
                .min(above.get(column + 1)? + 1)
                .min(line.get(column)? + 1);
            let swapped = row > 0 && column > 0 && b.get(column - 1) == Some(x) && a.get(row - 1) == Some(y);
            if swapped {
                cost = cost.min(before.get(column - 1)? + 1);
            }
            least = least.min(cost);
            line.push(cost);
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut line);
    }
    above.last().copied()
}

/// How many edits may be a typo in a text of this many characters.
pub(crate) fn typo_allowance(characters: usize) -> usize {
    match characters {
        0..=3 => 0,
        4..=11 => 1,
        12..=24 => 2,
        _ => 3,
    }
}

/// Letters from which on one edit in a word, or two, may be a typo: most short words have a neighbour that means
/// something else (`lover`, `loser`).
const TYPO_LETTERS: [usize; 2] = [7, 12];

/// Whether two folded texts differ by nothing but typos in long words, word for word. A changed first letter, an
/// ending more (`stranger`, `strangers`), a number word or what counts a part is never a typo.
pub(crate) fn only_typos(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let before = std::iter::once("").chain(a.iter().copied());
    a.len() == b.len()
        && a.iter().zip(&b).zip(before).all(|((x, y), before)| x == y || is_typo(x, y) && !counts(before))
}

fn is_typo(a: &str, b: &str) -> bool {
    let letters = a.chars().count().min(b.chars().count());
    let most = TYPO_LETTERS.iter().filter(|least| letters >= **least).count();
    most > 0
        && a.chars().chain(b.chars()).all(char::is_alphabetic)
        && a.chars().next() == b.chars().next()
        && !(a.starts_with(b) || b.starts_with(a))
        && !are_numbers(a, b)
        && edits(a, b, most).is_some()
}

/// Words after which stands which part it is.
pub(crate) fn counts(word: &str) -> bool {
    matches!(word, "part" | "vol" | "volume" | "no" | "chapter" | "book" | "act" | "scene" | "opus" | "op")
}

/// Whether both are spelt numbers, or both Roman ones: `seventh` is no slip for `seventy`, nor `XIV` for `XVI`.
pub(crate) fn are_numbers(a: &str, b: &str) -> bool {
    let is_roman = |word: &str| !word.is_empty() && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    is_number_word(a) && is_number_word(b) || is_roman(a) && is_roman(b)
}

fn is_number_word(word: &str) -> bool {
    ["seven", "eigh", "nine", "thirt", "fourt", "fift", "sixt", "twent", "eleven", "hundred", "thousand"]
        .iter()
        .any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_bounded() {
        assert_eq!(edits("salvador", "salvaodr", 2), Some(1));
        assert_eq!(edits("keep on it", "kee on it", 1), Some(1));
        assert_eq!(edits("love", "loveless", 2), None);
        assert_eq!(edits("", "", 0), Some(0));
        assert_eq!(edits("abcd", "wxyz", 3), None);
    }

    #[test]
    fn typos_are_found_in_long_words_only() {
        assert!(only_typos("ember staircase", "ember stiarcase"));
        assert!(only_typos("extraordinarily", "extraodrinarly"));
        assert!(!only_typos("lover", "loser"));
        assert!(!only_typos("stranger", "strangers"));
        assert!(!only_typos("mission", "fission"));
        assert!(!only_typos("chapter seventh", "chapter seventy"));
        assert!(!only_typos("ember staircase", "ember stair case"));
        assert!(are_numbers("xiv", "xvi") && are_numbers("i", "ii") && !are_numbers("ii", "in"));
    }
}
