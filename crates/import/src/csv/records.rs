//! Cuts a CSV into records, so that an unclosed quote costs one row and not the rest of the file.

/// One record's bytes and its row, counted from 1 with the header, as a spreadsheet does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record<'t> {
    pub(crate) row: u64,
    pub(crate) bytes: &'t [u8],
    /// Its quotes do not match.
    pub(crate) unclosed: bool,
}

/// A quoted field spanning more lines than this was never closed.
const LINES_IN_A_FIELD: usize = 40;
/// Nor was one longer than this.
const BYTES_IN_A_RECORD: usize = 256 * 1024;

/// The records in order; blank lines are counted as rows of a spreadsheet but not handed out.
pub(crate) fn records(bytes: &[u8], delimiter: u8) -> Vec<Record<'_>> {
    let mut found = Vec::new();
    let mut rest = bytes;
    let mut row = 0;
    while !rest.is_empty() {
        row += 1;
        let (length, unclosed) = match closed_length(rest, delimiter) {
            Some(length) => (length, false),
            None => (line_length(rest), true),
        };
        let (record, after) = rest.split_at(length);
        rest = after;
        let bytes = record.trim_ascii_end();
        // A record of tabs alone has empty cells; one of line ends is no record.
        let record = if delimiter == b'\t' { record.trim_suffix_line_end() } else { bytes };
        if !bytes.is_empty() {
            found.push(Record { row, bytes: record, unclosed });
        }
    }
    found
}

trait TrimLineEnd {
    fn trim_suffix_line_end(&self) -> &Self;
}

impl TrimLineEnd for [u8] {
    fn trim_suffix_line_end(&self) -> &Self {
        let kept = self.strip_suffix(b"\n").unwrap_or(self);
        kept.strip_suffix(b"\r").unwrap_or(kept)
    }
}

fn line_length(bytes: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', bytes)
        .map_or(bytes.len(), |at| at + if bytes.get(at..at + 2) == Some(b"\r\n") { 2 } else { 1 })
}

/// The length of the first record with its line end; `None` when its quotes do not match.
fn closed_length(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut at = 0;
    let mut field_begins = true;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' && field_begins {
            at = quoted_end(bytes, at + 1)?;
            // Text after a closing quote: that quote opened a later row's field, and this row's was never closed.
            if bytes.get(at).is_some_and(|next| *next != delimiter && !matches!(next, b'\n' | b'\r')) {
                return None;
            }
            field_begins = false;
            continue;
        }
        if byte == b'\n' || byte == b'\r' {
            return Some(at + line_length(&bytes[at..]));
        }
        field_begins = byte == delimiter;
        at += 1;
    }
    Some(at)
}

/// Where the quoted field that began before `at` is over.
fn quoted_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut lines = 0;
    let start = at;
    while let Some(found) = memchr::memchr2(b'"', b'\n', bytes.get(at..)?) {
        at += found + 1;
        if bytes.get(at - 1) == Some(&b'\n') {
            lines += 1;
        } else if bytes.get(at) == Some(&b'"') {
            at += 1;
        } else {
            return Some(at);
        }
        if lines > LINES_IN_A_FIELD || at - start > BYTES_IN_A_RECORD {
            return None;
        }
    }
    None
}

/// Cuts records into cells. One is kept for a whole table: making one costs more than cutting a record.
pub(crate) struct CellReader {
    core: csv_core::Reader,
    /// The unquoted bytes of the cells, one after the other, and where each ends.
    unquoted: Vec<u8>,
    ends: Vec<usize>,
}

impl CellReader {
    pub(crate) fn new(delimiter: u8) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Self { core, unquoted: Vec::new(), ends: Vec::new() }
    }

    /// The cells of one record.
    pub(crate) fn cells(&mut self, record: &str) -> Vec<String> {
        let count = self.cut(record);
        (0..count).map(|at| self.cell(at)).collect()
    }

    /// The cells at some places of a record, and none of the others; empty where there is none.
    pub(crate) fn picked<const N: usize>(&mut self, record: &str, at: [Option<usize>; N]) -> [String; N] {
        let count = self.cut(record);
        at.map(|at| at.filter(|at| *at < count).map_or_else(String::new, |at| self.cell(at)))
    }

    /// Cuts a record and counts its cells.
    fn cut(&mut self, record: &str) -> usize {
        // Unquoting makes no record longer, and a cell more takes a delimiter. One more of each, because full is refused.
        self.unquoted.resize(record.len() + 1, 0);
        self.ends.resize(record.len() + 2, 0);
        self.core.reset();
        let (mut read, mut written, mut count) = (0, 0, 0);
        loop {
            let (result, more_read, more_written, more_cells) = self.core.read_record(
                record.as_bytes().get(read..).unwrap_or_default(),
                self.unquoted.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(count..).unwrap_or_default(),
            );
            (read, written, count) = (read + more_read, written + more_written, count + more_cells);
            // An input that is over is asked for once more, with no bytes, which ends the last cell.
            if !matches!(result, csv_core::ReadRecordResult::InputEmpty) {
                return count;
            }
        }
    }

    fn cell(&self, at: usize) -> String {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or_default());
        let end = self.ends.get(at).copied().unwrap_or_default();
        let bytes = self.unquoted.get(begin..end).unwrap_or_default();
        String::from_utf8_lossy(bytes).trim().to_owned()
    }
}

/// The delimiter that makes most cells of the first line.
pub(crate) fn delimiter_of(first_line: &str) -> u8 {
    let cells = |delimiter: u8| CellReader::new(delimiter).cells(first_line).len();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|delimiter| cells(*delimiter)).unwrap_or(b',')
}
