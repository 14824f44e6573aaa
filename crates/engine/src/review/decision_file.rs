//! Decisions as a readable file: one JSON document, sorted, fit for a backup, a diff or another machine.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ferrotape_domain::{ContentId, Decision, Health, Heard, Verdict};
use serde::{Deserialize, Serialize};

use crate::{Context, EngineError};

/// A hundred thousand decisions are some 40 MB; more is no file of ours.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct DecisionFile {
    ferrotape_decisions: u32,
    decisions: Vec<DecisionRow>,
}

#[derive(Serialize, Deserialize)]
struct DecisionRow {
    /// For the reader; not used when reading back.
    #[serde(default)]
    what: String,
    wanted: String,
    decided_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    use_file: Option<ChosenFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    none_of: Vec<String>,
    /// How the files of `none_of` sounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    none_of_heard: Vec<HeardRow>,
}

#[derive(Serialize, Deserialize)]
struct ChosenFile {
    path: String,
    content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heard: Option<HeardRow>,
}

/// How a file sounded; described in docs/formats.md.
#[derive(Serialize, Deserialize)]
struct HeardRow {
    chromaprint: String,
    duration_ms: u64,
}

impl HeardRow {
    fn of(heard: &Heard) -> Self {
        let duration_ms = u64::try_from(heard.duration.as_millis()).unwrap_or(u64::MAX);
        Self { chromaprint: STANDARD.encode(heard.fingerprint_bytes()), duration_ms }
    }

    /// `None` where somebody damaged the text: the decision holds without it.
    fn heard(&self) -> Option<Heard> {
        let bytes = STANDARD.decode(&self.chromaprint).ok()?;
        Some(Heard {
            fingerprint: Heard::fingerprint_of_bytes(&bytes),
            duration: Duration::from_millis(self.duration_ms),
            health: Health::Sound,
        })
    }
}

/// Writes all decisions to `path`, beside it first and then by rename; tells how many.
pub fn export_decisions(path: &Path, context: &Context) -> Result<usize, EngineError> {
    let mut decisions = context.library.decisions()?;
    decisions.sort_by(|a, b| a.wanted_key.cmp(&b.wanted_key));
    let rows: Vec<DecisionRow> = decisions.into_iter().map(row).collect();
    let count = rows.len();
    let file = DecisionFile { ferrotape_decisions: 1, decisions: rows };
    let text = serde_json::to_string_pretty(&file).map_err(|error| problem(path, &error))?;
    let beside = path.with_extension("part");
    std::fs::write(&beside, text + "\n")
        .and_then(|()| File::open(&beside)?.sync_all())
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| problem(path, &error))?;
    Ok(count)
}

/// Merges the decisions of a file into the library; of two about one thing, the later one stays. Tells how many were
/// taken over.
pub fn import_decisions(path: &Path, context: &Context) -> Result<usize, EngineError> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| problem(path, &error))?;
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(|error| problem(path, &error))?;
    let file: DecisionFile = serde_json::from_str(&text).map_err(|error| problem(path, &error))?;
    if file.ferrotape_decisions != 1 {
        return Err(problem(path, &"made by a newer ferrotape; update this one first"));
    }
    let known = context.library.decisions()?;
    let mut taken = 0;
    for row in file.decisions {
        let decision = decision(row);
        let newer = known
            .iter()
            .any(|known| known.wanted_key == decision.wanted_key && known.decided_at >= decision.decided_at);
        if !newer {
            context.library.save_decision(&decision)?;
            taken += 1;
        }
    }
    Ok(taken)
}

fn problem(path: &Path, reason: &dyn std::fmt::Display) -> EngineError {
    EngineError::DecisionFile { path: path.to_owned(), reason: reason.to_string() }
}

fn row(decision: Decision) -> DecisionRow {
    let mut row = DecisionRow {
        what: decision.label,
        wanted: decision.wanted_key,
        decided_at: decision.decided_at,
        use_file: None,
        none_of: Vec::new(),
        none_of_heard: Vec::new(),
    };
    match decision.verdict {
        Verdict::UseFile { content, path, heard } => {
            let heard = heard.as_ref().map(HeardRow::of);
            row.use_file = Some(ChosenFile { path, content: content.0, heard });
        }
        Verdict::NoneOfThese { refused, heard } => {
            row.none_of = refused.into_iter().map(|content| content.0).collect();
            row.none_of_heard = heard.iter().map(HeardRow::of).collect();
        }
    }
    row
}

fn decision(row: DecisionRow) -> Decision {
    let verdict = match row.use_file {
        Some(file) => {
            let heard = file.heard.as_ref().and_then(HeardRow::heard);
            Verdict::UseFile { content: ContentId(file.content), path: file.path, heard }
        }
        None => Verdict::NoneOfThese {
            refused: row.none_of.into_iter().map(ContentId).collect(),
            heard: row.none_of_heard.iter().filter_map(HeardRow::heard).collect(),
        },
    };
    Decision { wanted_key: row.wanted, label: row.what, verdict, decided_at: row.decided_at }
}
