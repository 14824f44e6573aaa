//! Lists of files under 32-bit keys, as sorted arrays: small, and found by binary search.

use rayon::prelude::*;

/// Sorted lists of small numbers under 32-bit keys.
#[derive(Debug, Default)]
pub(super) struct Postings {
    keys: Vec<u32>,
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Postings {
    /// From pairs packed as `key << 32 | value`.
    pub(super) fn of(mut pairs: Vec<u64>) -> Self {
        pairs.par_sort_unstable();
        pairs.dedup();
        let mut postings = Self { values: Vec::with_capacity(pairs.len()), ..Self::default() };
        for pair in pairs {
            let (key, value) = ((pair >> 32) as u32, pair as u32);
            if postings.keys.last() != Some(&key) {
                postings.keys.push(key);
                postings.starts.push(u32::try_from(postings.values.len()).unwrap_or(u32::MAX));
            }
            postings.values.push(value);
        }
        postings.starts.push(u32::try_from(postings.values.len()).unwrap_or(u32::MAX));
        postings
    }

    pub(super) fn get(&self, key: u32) -> &[u32] {
        let Ok(at) = self.keys.binary_search(&key) else { return &[] };
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        self.values.get(*start as usize..*end as usize).unwrap_or_default()
    }
}
