//! How a file's row keeps the parts of the file.

use diesel::result::Error as QueryError;
use ferrotape_domain::Part;
use serde::{Deserialize, Serialize};

use crate::json::{from_text, tags_from_text, tags_to_text, to_text};
use crate::model::ScannedPart;

#[derive(Serialize, Deserialize)]
struct PartJson {
    number: u32,
    rate: u32,
    start: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<u64>,
    tags: String,
    /// Why it cannot be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
}

/// Empty for a file without parts.
pub(crate) fn parts_to_text(parts: &[ScannedPart]) -> Result<String, QueryError> {
    if parts.is_empty() {
        return Ok(String::new());
    }
    let rows = parts.iter().map(|found| {
        let Part { number, sample_rate: rate, start, end } = found.part;
        Ok(PartJson { number, rate, start, end, tags: tags_to_text(&found.tags)?, broken: None })
    });
    to_text(&rows.collect::<Result<Vec<_>, QueryError>>()?)
}

/// The parts that can be used and the others with the reason, each with its place in the row.
pub(crate) struct Parts {
    pub(crate) sound: Vec<(usize, ScannedPart)>,
    pub(crate) broken: Vec<(usize, ScannedPart, String)>,
}

pub(crate) fn parts_from_text(text: &str) -> Result<Parts, QueryError> {
    let mut parts = Parts { sound: Vec::new(), broken: Vec::new() };
    let rows: Vec<PartJson> = if text.is_empty() { Vec::new() } else { from_text(text)? };
    for (place, row) in rows.into_iter().enumerate() {
        let part = Part { number: row.number, sample_rate: row.rate, start: row.start, end: row.end };
        let part = ScannedPart { part, tags: tags_from_text(&row.tags)? };
        match row.broken {
            Some(reason) => parts.broken.push((place, part, reason)),
            None => parts.sound.push((place, part)),
        }
    }
    Ok(parts)
}

/// The same parts, with `part` set aside.
pub(crate) fn with_broken(text: &str, part: &Part, reason: &str) -> Result<String, QueryError> {
    let mut rows: Vec<PartJson> = from_text(text)?;
    for row in rows.iter_mut().filter(|row| row.start == part.start && row.end == part.end) {
        row.broken = Some(reason.to_owned());
    }
    to_text(&rows)
}
