//! How much of an input is read at most. The numbers lie far above what real exports hold.

/// Limits on one import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file after unpacking. History files have about 12 MB.
    pub file_bytes: u64,
    /// Bytes of all files together after unpacking.
    pub total_bytes: u64,
    /// Files in an archive or folder.
    pub files: usize,
    /// Unpacked bytes per packed byte of one archive entry, checked beyond the first megabyte.
    pub expansion: u64,
    /// Depth of folders.
    pub depth: usize,
    /// Bytes of one text file (CSV, M3U, links), which is held in memory.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            total_bytes: 8 << 30,
            files: 20_000,
            expansion: 500,
            depth: 16,
            text_bytes: 128 << 20,
        }
    }
}
