//! Reading the tables of the outside benchmark, row by row: what cannot be understood is counted, named and left
//! empty; no row is lost for it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use csv::ByteRecord;

/// Cells beyond this many bytes are hostile; they are cut.
const LONGEST_CELL: usize = 16 << 10;
/// Examples told of one kind of problem.
const EXAMPLES: usize = 3;

/// An open table with the columns its first line names.
pub(super) struct Table {
    path: PathBuf,
    reader: csv::Reader<File>,
    columns: BTreeMap<String, usize>,
    spoilt: RefCell<Spoilt>,
}

/// What could not be understood: per problem its number and a few examples.
#[derive(Debug, Default)]
pub(super) struct Spoilt(BTreeMap<String, (u64, Vec<String>)>);

impl Spoilt {
    fn add(&mut self, what: &str, line: u64, cell: &str) {
        let (count, examples) = self.0.entry(what.to_owned()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            let cell: String = cell.chars().take(30).collect();
            examples.push(format!("line {line} “{cell}”"));
        }
    }

    /// One line per problem.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let line = |(what, (count, examples)): (&String, &(u64, Vec<String>))| {
            let more = if *count > EXAMPLES as u64 { ", …" } else { "" };
            format!("{name}: {what}: {count} ({}{more})", examples.join(", "))
        };
        self.0.iter().map(line).collect()
    }
}

/// One row: cells by column name.
pub(super) struct Row<'a> {
    cells: &'a ByteRecord,
    columns: &'a BTreeMap<String, usize>,
    spoilt: &'a RefCell<Spoilt>,
    line: u64,
}

impl Table {
    /// Opens a table; `key` is the column without which no row could be answered. Columns that are not known are left
    /// aside; of `known` ones those missing are named.
    pub(super) fn open(path: &Path, key: &str, known: &[&str]) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(path)
            .with_context(|| format!("could not open {}", path.display()))?;
        let header = reader
            .byte_headers()
            .with_context(|| format!("could not read the first line of {}", path.display()))?;
        let mut columns = BTreeMap::new();
        for (at, name) in header.iter().enumerate() {
            let name = String::from_utf8_lossy(name);
            let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
            columns.entry(name).or_insert(at);
        }
        if !columns.contains_key(key) {
            bail!("{} has no column “{key}” – its first line must name it", path.display());
        }
        let missing: Vec<&str> = known.iter().copied().filter(|name| !columns.contains_key(*name)).collect();
        if !missing.is_empty() {
            println!("{}: without the columns {}", path.display(), missing.join(", "));
        }
        Ok(Self { path: path.to_owned(), reader, columns, spoilt: RefCell::default() })
    }

    /// Gives every row to `each`, in the order of the table, and tells what could not be understood.
    pub(super) fn for_each(mut self, mut each: impl FnMut(&Row<'_>)) -> Result<Spoilt> {
        let mut cells = ByteRecord::new();
        let width = self.reader.byte_headers().map_or(0, ByteRecord::len);
        loop {
            let more = self.reader.read_byte_record(&mut cells);
            if !more.with_context(|| format!("could not read {} to its end", self.path.display()))? {
                return Ok(self.spoilt.into_inner());
            }
            let line = cells.position().map_or(0, csv::Position::line);
            if cells.len() != width {
                let told = format!("{} cells", cells.len());
                self.spoilt.borrow_mut().add(
                    &format!("rows without exactly {width} cells (kept)"),
                    line,
                    &told,
                );
            }
            each(&Row { cells: &cells, columns: &self.columns, spoilt: &self.spoilt, line });
        }
    }
}

impl Row<'_> {
    /// A trimmed text; `None` when the cell is empty or missing.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        let cell = self.cells.get(*self.columns.get(column)?)?;
        let cut = cell.get(..LONGEST_CELL).unwrap_or(cell);
        let read = String::from_utf8_lossy(cut);
        if cut.len() < cell.len() {
            self.bad(column, "too long, cut", &read);
        } else if matches!(read, std::borrow::Cow::Owned(_)) {
            self.bad(column, "no UTF-8, read as far as possible", &read);
        }
        let text = read.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A cell as `read` understands it; one that it does not understand is counted and left empty.
    pub(super) fn read<T>(&self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.text(column)?;
        let value = read(&text);
        if value.is_none() {
            self.bad(column, "not understood, left empty", &text);
        }
        value
    }

    /// A whole number above 0; `0` is an empty cell.
    pub(super) fn number<N: TryFrom<u64>>(&self, column: &str) -> Option<N> {
        self.read(column, |text| {
            // Some programs write whole numbers as `170058.0`, and tracks as `3/12`.
            let whole = text.split_once(['.', '/']).map_or(text, |(whole, _)| whole);
            whole.trim().parse::<u64>().ok().and_then(|n| N::try_from(n).ok().map(|small| (n, small)))
        })
        .and_then(|(n, small)| (n > 0).then_some(small))
    }

    /// The cell that names the row; an empty one is counted, and the row kept.
    pub(super) fn key(&self, column: &str) -> String {
        self.text(column).unwrap_or_else(|| {
            self.bad(column, "empty, row kept", "");
            String::new()
        })
    }

    pub(super) fn bad(&self, column: &str, what: &str, cell: &str) {
        self.spoilt.borrow_mut().add(&format!("{column} {what}"), self.line, cell);
    }
}
