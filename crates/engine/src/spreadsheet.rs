//! Tables that people open in a spreadsheet. What programs read, as the exports of lists, is written as it is.

/// A cell that a spreadsheet does not take for a formula: a title is somebody else's text.
pub(crate) fn harmless(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn cells_are_no_formulas() {
        for (cell, expected) in
            [("=1+1", "'=1+1"), ("-x", "'-x"), ("@a", "'@a"), ("+a", "'+a"), ("a=1", "a=1"), ("", "")]
        {
            assert_eq!(harmless(cell), expected);
        }
    }
}
