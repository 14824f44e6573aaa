//! How much of an input is read at most. Every input is taken for hostile.

/// The limits of one import. The defaults are far above any real export and small enough for a laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, unpacked: 1 GiB. Real files have about 12 MB; JSON is never held as a whole.
    pub file_bytes: u64,
    /// Bytes of one CSV, M3U or text file, which is held as a whole: 64 MiB.
    pub text_file_bytes: u64,
    /// Bytes of all files together, unpacked: 8 GiB.
    pub total_bytes: u64,
    /// Bytes of a zip inside a zip, where one is opened at all: 16 MiB. A library of 100,000 tracks packs to half of it.
    pub inner_zip_bytes: u64,
    /// How many times its packed size one file of a zip may unpack to: 250. Export JSON packs about 20 times.
    pub zip_ratio: u64,
    /// Files in a zip or folder: 20,000.
    pub files: usize,
    /// Folders inside folders: 16.
    pub folder_depth: usize,
    /// Brackets inside brackets in JSON, elements inside elements in XML: 32. Real exports use seven.
    pub json_depth: usize,
    /// Bytes of one JSON element (a history row, or one whole playlist): 64 MiB.
    pub element_bytes: usize,
    /// Rows of all files together: 20,000,000.
    pub rows: u64,
    /// Problems kept per file: 1,000; what comes after is counted and summed up in one more.
    pub problems_per_file: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            text_file_bytes: 64 << 20,
            total_bytes: 8 << 30,
            inner_zip_bytes: 16 << 20,
            zip_ratio: 250,
            files: 20_000,
            folder_depth: 16,
            json_depth: 32,
            element_bytes: 64 << 20,
            rows: 20_000_000,
            problems_per_file: 1_000,
        }
    }
}
