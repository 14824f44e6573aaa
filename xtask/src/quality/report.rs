//! The grades as a table per preset and encoder, and as JSON with every single grade.

use std::fmt::Write;

use anyhow::Result;
use ferrotape_audio::Preset;
use serde_json::{Value, json};

use super::encoders::Encoder;
use super::items::Kind;
use super::peaq::Grade;
use crate::bench::median;

/// One sound by one encoder at one preset.
pub(super) struct Cell {
    pub(super) item: String,
    pub(super) kind: Kind,
    pub(super) preset: Preset,
    pub(super) encoder: &'static str,
    pub(super) kbps: f64,
    pub(super) grade: Grade,
}

/// What one encoder does at one preset.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) preset: String,
    pub(super) encoder: &'static str,
    pub(super) kbps: f64,
    pub(super) mean: f64,
    pub(super) music: Option<f64>,
    pub(super) killers: Option<f64>,
    pub(super) median: f64,
    pub(super) worst: f64,
    pub(super) worst_item: String,
}

/// A row per preset and encoder, in that order; none where nothing was graded.
pub(super) fn rows(cells: &[Cell], presets: &[Preset], encoders: &[Encoder]) -> Vec<Row> {
    let pairs = presets.iter().flat_map(|preset| encoders.iter().map(move |encoder| (*preset, encoder.name)));
    pairs
        .filter_map(|(preset, encoder)| {
            let ours = cells.iter().filter(|cell| cell.preset == preset && cell.encoder == encoder);
            row(preset, encoder, &ours.collect::<Vec<_>>())
        })
        .collect()
}

fn row(preset: Preset, encoder: &'static str, cells: &[&Cell]) -> Option<Row> {
    let worst = cells.iter().min_by(|a, b| a.grade.odg.total_cmp(&b.grade.odg))?;
    let of = |kind| mean(cells.iter().filter(|cell| cell.kind == kind).map(|cell| cell.grade.odg));
    let grades: Vec<f64> = cells.iter().map(|cell| cell.grade.odg).collect();
    Some(Row {
        preset: preset.to_string(),
        encoder,
        kbps: mean(cells.iter().map(|cell| cell.kbps))?,
        mean: mean(grades.iter().copied())?,
        music: of(Kind::Music),
        killers: of(Kind::Killer),
        median: median(&grades),
        worst: worst.grade.odg,
        worst_item: worst.item.clone(),
    })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// Markdown, as it stands in docs/performance.md.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| preset | encoded by | kbit/s | mean grade | of music | of killers | median | worst |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let or_none = |grade: Option<f64>| grade.map_or("–".to_owned(), signed);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {:.0} | {} | {} | {} | {} | {} ({}) |",
            row.preset,
            row.encoder,
            row.kbps,
            signed(row.mean),
            or_none(row.music),
            or_none(row.killers),
            signed(row.median),
            signed(row.worst),
            row.worst_item
        );
    }
    text
}

/// With a true minus, and none before a zero.
fn signed(grade: f64) -> String {
    let text = format!("{:.3}", grade.abs());
    if grade < 0.0 && text != "0.000" { format!("−{text}") } else { text }
}

pub(super) fn json(rows: &[Row], cells: &[Cell]) -> Result<String> {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "preset": row.preset, "encoder": row.encoder, "kbps": row.kbps, "mean": row.mean,
                "music": row.music, "killers": row.killers, "median": row.median,
                "worst": row.worst, "worst_item": row.worst_item,
            })
        })
        .collect();
    let cells: Vec<Value> = cells
        .iter()
        .map(|cell| {
            let variables: serde_json::Map<String, Value> =
                cell.grade.variables.named().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
            json!({
                "item": cell.item, "preset": cell.preset.to_string(), "encoder": cell.encoder, "kbps": cell.kbps,
                "odg": cell.grade.odg, "distortion_index": cell.grade.distortion_index, "variables": variables,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&json!({ "rows": rows, "grades": cells }))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_shows_means_and_the_worst() {
        let row = Row {
            preset: "v2".to_owned(),
            encoder: "ferrotape, one pass",
            kbps: 196.6,
            mean: -0.1254,
            music: Some(0.02),
            killers: None,
            median: -0.0001,
            worst: -1.5,
            worst_item: "castanets".to_owned(),
        };
        let text = table(&[row]);
        let last = text.lines().last().unwrap();
        assert_eq!(
            last,
            "| v2 | ferrotape, one pass | 197 | −0.125 | 0.020 | – | 0.000 | −1.500 (castanets) |"
        );
    }
}
