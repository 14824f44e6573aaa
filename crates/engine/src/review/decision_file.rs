//! Decisions as a readable file: one JSON document, sorted, fit for a backup, a diff or another machine. It holds the
//! whole record, words taken back included, so that files merge to the same in any order.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ferrotape_domain::{ContentId, Health, Heard, Verdict};
use ferrotape_store::{Said, Word};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::{Context, EngineError};

/// A hundred thousand decisions are some 40 MB; more is no file of ours.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// The first version held only what was in force, and could not leave out or take back.
const VERSION: u32 = 2;
/// A line from the far future could never be overruled.
const CLOCKS_APART: i64 = 2 * 24 * 3600;

#[derive(Serialize, Deserialize)]
struct DecisionFile {
    ferrotape_decisions: u32,
    decisions: Vec<DecisionRow>,
}

#[derive(Serialize, Deserialize)]
struct DecisionRow {
    /// For the reader; identifies nothing.
    #[serde(default)]
    what: String,
    wanted: String,
    decided_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    use_file: Option<ChosenFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    none_of: Option<Vec<String>>,
    /// How the files of `none_of` sounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    none_of_heard: Vec<HeardRow>,
    #[serde(default, skip_serializing_if = "is_false")]
    leave_out: bool,
    /// `decided_at` of the row that does not hold any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    takes_back: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
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
    /// Left away where nothing is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    health: Option<String>,
}

impl HeardRow {
    fn of(heard: &Heard) -> Self {
        let duration_ms = u64::try_from(heard.duration.as_millis()).unwrap_or(u64::MAX);
        let health = (heard.health != Health::Sound).then(|| heard.health.as_str().to_owned());
        Self { chromaprint: STANDARD.encode(heard.fingerprint_bytes()), duration_ms, health }
    }

    /// `None` where somebody damaged the text: the decision holds without it.
    fn heard(&self) -> Option<Heard> {
        let bytes = STANDARD.decode(&self.chromaprint).ok()?;
        Some(Heard {
            fingerprint: Heard::fingerprint_of_bytes(&bytes),
            duration: Duration::from_millis(self.duration_ms),
            health: self.health.as_deref().and_then(Health::from_word).unwrap_or(Health::Sound),
        })
    }
}

/// Writes the record of all decisions to `path`, beside it first and then by rename; tells how many lines.
pub fn export_decisions(path: &Path, context: &Context) -> Result<usize, EngineError> {
    let rows: Vec<DecisionRow> = context.library.decision_record()?.into_iter().map(row).collect();
    let count = rows.len();
    let file = DecisionFile { ferrotape_decisions: VERSION, decisions: rows };
    let text = serde_json::to_string_pretty(&file).map_err(|error| problem(path, &error))?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = std::path::PathBuf::from(beside);
    std::fs::write(&beside, text + "\n")
        .and_then(|()| File::open(&beside)?.sync_all())
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| problem(path, &error))?;
    Ok(count)
}

/// Merges the decisions of a file into the library; of two about one thing, the later one holds, and of two of one
/// second always the same. Tells how many lines were new.
pub fn import_decisions(path: &Path, context: &Context) -> Result<usize, EngineError> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| problem(path, &unopened(&error)))?;
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(|error| problem(path, &unopened(&error)))?;
    let file: DecisionFile =
        serde_json::from_str(&text).map_err(|error| problem(path, &misread(&text, &error)))?;
    if !(1..=VERSION).contains(&file.ferrotape_decisions) {
        return Err(problem(path, &"made by a newer ferrotape; update this one first"));
    }
    let first_version = file.ferrotape_decisions == 1;
    let mut record = Vec::with_capacity(file.decisions.len());
    for (number, row) in (1..).zip(file.decisions) {
        let at = row.decided_at;
        if !(0..=context.now.saturating_add(CLOCKS_APART)).contains(&at) {
            return Err(problem(path, &format!("decision {number} bears no possible time ({at})")));
        }
        record.push(said(row, first_version).ok_or_else(|| {
            problem(
                path,
                &format!("decision {number} must say one of use_file, none_of, leave_out, takes_back"),
            )
        })?);
    }
    Ok(context.library.merge_decisions(&record)?)
}

/// The system's words for it are for programmers.
fn unopened(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::InvalidData => format!("it is no text. {WRITTEN_BY}"),
        _ => error.to_string(),
    }
}

const WRITTEN_BY: &str = "A file of decisions is one that `ferrotape review --export FILE` wrote";

fn misread(text: &str, error: &serde_json::Error) -> String {
    let line = error.line();
    if !text.trim_start().starts_with('{') || !text.contains("\"ferrotape_decisions\"") {
        return format!("line 1: there are no decisions in it. {WRITTEN_BY}");
    }
    match error.classify() {
        Category::Eof => format!("it ends in line {line}, in the middle. Get it whole, or export it anew"),
        Category::Syntax => {
            format!("line {line}: this cannot be read; a mark is missing there, or one too many")
        }
        _ => format!(
            "line {line}: up to here a decision lacks something, or says it in another form; each has wanted, decided_at, and \
             one of use_file, none_of, leave_out, takes_back"
        ),
    }
}

fn problem(path: &Path, reason: &dyn std::fmt::Display) -> EngineError {
    EngineError::DecisionFile { path: path.to_owned(), reason: reason.to_string() }
}

fn row(said: Said) -> DecisionRow {
    let mut row = DecisionRow {
        what: said.label,
        wanted: said.wanted_key,
        decided_at: said.at,
        use_file: None,
        none_of: None,
        none_of_heard: Vec::new(),
        leave_out: false,
        takes_back: None,
    };
    match said.word {
        Word::Said(Verdict::UseFile { content, path, heard }) => {
            let heard = heard.as_ref().map(HeardRow::of);
            row.use_file = Some(ChosenFile { path, content: content.0, heard });
        }
        Word::Said(Verdict::NoneOfThese { refused, heard }) => {
            row.none_of = Some(refused.into_iter().map(|content| content.0).collect());
            row.none_of_heard = heard.iter().map(HeardRow::of).collect();
        }
        Word::Said(Verdict::LeaveOut) => row.leave_out = true,
        Word::TakenBack { said_at } => row.takes_back = Some(said_at),
    }
    row
}

/// `None` unless the row says exactly one thing. The first version left an empty `none_of` away.
fn said(row: DecisionRow, first_version: bool) -> Option<Said> {
    let word = match (row.use_file, row.none_of, row.leave_out, row.takes_back) {
        (Some(file), None, false, None) => {
            let heard = file.heard.as_ref().and_then(HeardRow::heard);
            Word::Said(Verdict::UseFile { content: ContentId(file.content), path: file.path, heard })
        }
        (None, Some(refused), false, None) => refusal(refused, &row.none_of_heard),
        (None, None, true, None) => Word::Said(Verdict::LeaveOut),
        (None, None, false, Some(said_at)) => Word::TakenBack { said_at },
        (None, None, false, None) if first_version => refusal(Vec::new(), &[]),
        _ => return None,
    };
    Some(Said { wanted_key: row.wanted, label: row.what, at: row.decided_at, word })
}

fn refusal(refused: Vec<String>, heard: &[HeardRow]) -> Word {
    Word::Said(Verdict::NoneOfThese {
        refused: refused.into_iter().map(ContentId).collect(),
        heard: heard.iter().filter_map(HeardRow::heard).collect(),
    })
}
