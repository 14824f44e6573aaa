//! The order in which a person would put file names: `Part 9` before `Part 10`.

use std::cmp::Ordering;

/// Compares two names; runs of digits count as numbers, upper and lower case are one.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (one, other) = (piece(left), piece(right));
        if one.is_empty() || other.is_empty() {
            // What is equal but for case or zeros still has one order.
            return one.len().cmp(&other.len()).then_with(|| a.cmp(b));
        }
        match compare(one, other) {
            Ordering::Equal => {
                left = left.get(one.len()..).unwrap_or_default();
                right = right.get(other.len()..).unwrap_or_default();
            }
            unequal => return unequal,
        }
    }
}

/// A run of digits, or one other character.
fn piece(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = if digits > 0 { digits } else { text.chars().next().map_or(0, char::len_utf8) };
    text.get(..length).unwrap_or_default()
}

fn compare(one: &str, other: &str) -> Ordering {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if number(one) && number(other) {
        let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
        return one.len().cmp(&other.len()).then_with(|| one.cmp(other));
    }
    one.to_lowercase().cmp(&other.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        let mut names = ["Part 10", "part 9", "Part 09b", "Part 1", "Part 1 - 2", "Zed", "Änne"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["Part 1", "Part 1 - 2", "part 9", "Part 09b", "Part 10", "Zed", "Änne"]);
    }
}
