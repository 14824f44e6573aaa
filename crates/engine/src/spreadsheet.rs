//! Tables that people open in a spreadsheet. What programs read, as the exports of lists, is written as it is.

/// A cell that a spreadsheet does not take for a formula: a title is somebody else's text. Where `;` parts the cells, a
/// formula may begin behind one as well, whatever is quoted.
pub(crate) fn harmless(cell: &str) -> String {
    let parts = cell.split(';').enumerate().map(|(at, part)| {
        let begins = if at == 0 { part } else { part.trim_start_matches([' ', '"']) };
        if begins.starts_with(FORMULA) { format!("'{part}") } else { part.to_owned() }
    });
    parts.collect::<Vec<String>>().join(";")
}

/// The wide ones count in spreadsheets of East Asia.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn cells_are_no_formulas() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("-x", "'-x"),
            ("@a", "'@a"),
            ("+a", "'+a"),
            ("a=1", "a=1"),
            ("＝1+1", "'＝1+1"),
            ("a;=1", "a;'=1"),
            ("a; \"=1", "a;' \"=1"),
            ("a;b", "a;b"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), expected);
        }
    }
}
