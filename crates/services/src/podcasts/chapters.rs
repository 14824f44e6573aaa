//! Chapters as the podcast namespace keeps them beside a feed: JSON, with what is not for the table of contents left out.

use std::time::Duration;

use ferrotape_domain::Chapter;
use serde_json::Value;

use super::feed::end_chapters;

/// Bytes that are read.
pub(super) const MOST_BYTES: u64 = 1 << 20;
const MOST_CHAPTERS: usize = 1000;
const LONGEST_TITLE: usize = 512;
/// Nothing plays longer than a week.
const LATEST_S: f64 = 7.0 * 24.0 * 3600.0;

/// Reads them; one that is broken is passed over. Empty where it is no such file.
pub(super) fn read(bytes: &[u8], whole: Option<Duration>) -> Vec<Chapter> {
    let Ok(file) = serde_json::from_slice::<Value>(bytes) else { return Vec::new() };
    let rows = file.get("chapters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut chapters: Vec<Chapter> = rows.iter().take(MOST_CHAPTERS).filter_map(chapter).collect();
    end_chapters(&mut chapters, whole);
    chapters
}

fn chapter(row: &Value) -> Option<Chapter> {
    if row.get("toc") == Some(&Value::Bool(false)) {
        return None;
    }
    let start = row.get("startTime")?;
    let start = start.as_f64().or_else(|| start.as_str()?.trim().parse().ok())?;
    if !(0.0..=LATEST_S).contains(&start) {
        return None;
    }
    let title = row.get("title").and_then(Value::as_str).unwrap_or_default().trim();
    let title = title.get(..title.floor_char_boundary(LONGEST_TITLE)).unwrap_or_default().to_owned();
    let start_ms = (start * 1000.0).round() as u64;
    Some(Chapter { title, start_ms, end_ms: start_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_end_where_the_next_begins() {
        let file = br#"{"version":"1.2.0","chapters":[
            {"startTime":0,"title":"Hello"},{"startTime":"62.5","title":" Oil "},
            {"startTime":30,"title":"A picture","toc":false},{"startTime":-1},{"title":"never"},7,
            {"startTime":1e300},{"startTime":120}]}"#;
        let told: Vec<_> = read(file, Some(Duration::from_secs(180)))
            .into_iter()
            .map(|chapter| (chapter.title, chapter.start_ms, chapter.end_ms))
            .collect();
        let expected = [("Hello", 0, 62_500), ("Oil", 62_500, 120_000), ("", 120_000, 180_000)];
        assert_eq!(told, expected.map(|(title, start, end)| (title.to_owned(), start, end)));
        for other in [b"".as_slice(), b"[]", b"{\"chapters\":{}}", b"<html>"] {
            assert!(read(other, None).is_empty());
        }
    }
}
