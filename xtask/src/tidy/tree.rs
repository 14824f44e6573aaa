//! Rules about the tracked files.

use std::collections::BTreeSet;

use super::{Finding, SourceFile};

/// A file beyond this many lines must be taken apart.
const LINES_ALLOWED: usize = 600;
/// From here on it is pointed out.
const LINES_NOTED: usize = 400;

/// Files whose words are not ours to choose.
const NOT_OURS: &[&str] = &["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT"];

pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = too_long(files);
    findings.extend(leftovers(files));
    findings.extend(forgotten_tests(files));
    findings.extend(unlinked_decisions(files));
    findings.extend(change_notes(files));
    findings
}

/// Files that grow long, longest first; no error yet.
pub(crate) fn long_files(files: &[SourceFile]) -> Vec<String> {
    let mut long: Vec<(usize, &str)> = code(files)
        .map(|file| (file.text.lines().count(), file.path.as_str()))
        .filter(|(lines, _)| (LINES_NOTED + 1..=LINES_ALLOWED).contains(lines))
        .collect();
    long.sort_unstable_by(|a, b| b.cmp(a));
    long.into_iter()
        .map(|(lines, path)| format!("{path} has {lines} lines – about 300 is our measure"))
        .collect()
}

fn code(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    files.iter().filter(|file| file.path.ends_with(".rs"))
}

fn too_long(files: &[SourceFile]) -> Vec<Finding> {
    code(files)
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let says = format!("has {lines} lines, {LINES_ALLOWED} are allowed – split it by what it does");
            (lines > LINES_ALLOWED).then(|| Finding { rule: "length", place: file.path.clone(), says })
        })
        .collect()
}

/// Paths of one machine and reminders to oneself. Put together here so that this file passes its own check.
fn leftover_words() -> [(String, &'static str); 5] {
    let path = "a path of one machine – derive it, or take it as an argument";
    let reminder = "a reminder – do it now, or open an issue";
    [
        (["/wo", "rk/"].concat(), path),
        (["/ro", "ot/"].concat(), path),
        (["TO", "DO"].concat(), reminder),
        (["FIX", "ME"].concat(), reminder),
        (["todo", "!("].concat(), reminder),
    ]
}

fn leftovers(files: &[SourceFile]) -> Vec<Finding> {
    let words = leftover_words();
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !NOT_OURS.contains(&file.path.as_str())) {
        for (index, line) in file.text.lines().enumerate() {
            for (word, what) in words.iter().filter(|(word, _)| holds_word(line, word)) {
                let place = format!("{}:{}", file.path, index + 1);
                findings.push(Finding { rule: "leftover", place, says: format!("“{word}” is {what}") });
            }
        }
    }
    findings
}

/// Whether the word stands in the line on its own: `method()` holds no reminder, `example.org/…` no machine's path.
fn holds_word(line: &str, word: &str) -> bool {
    let alone = |at: usize| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|rest| rest.chars().next());
        let ends_open = word.ends_with(|c: char| !c.is_alphanumeric());
        before.is_none_or(|c| !c.is_alphanumeric())
            && (ends_open || after.is_none_or(|c| !c.is_alphanumeric()))
    };
    line.match_indices(word).any(|(at, _)| alone(at))
}

/// A file below `tests/it/` that no `mod` names is never compiled, so it never fails.
fn forgotten_tests(files: &[SourceFile]) -> Vec<Finding> {
    let mods: BTreeSet<String> = code(files).flat_map(declared_mods).collect();
    code(files)
        .filter(|file| file.path.contains("/tests/it/") && !file.path.ends_with("/tests/it/main.rs"))
        .filter(|file| !mods.contains(file.path.trim_end_matches(".rs").trim_end_matches("/mod")))
        .map(|file| {
            let says = "is in no mod line, so its tests never run – add it to tests/it/main.rs".to_owned();
            Finding { rule: "forgotten test", place: file.path.clone(), says }
        })
        .collect()
}

/// The modules a file declares, as paths without ending.
fn declared_mods(file: &SourceFile) -> Vec<String> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let base = match name {
        "main.rs" | "lib.rs" | "mod.rs" => folder.to_owned(),
        _ => file.path.trim_end_matches(".rs").to_owned(),
    };
    file.text
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            let rest = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
            Some(format!("{base}/{}", rest.strip_prefix("mod ")?.strip_suffix(';')?.trim()))
        })
        .collect()
}

fn unlinked_decisions(files: &[SourceFile]) -> Vec<Finding> {
    const FOLDER: &str = "docs/decisions/";
    let index = files.iter().find(|file| file.path == format!("{FOLDER}README.md"));
    let links = index.map(|file| file.text.as_str()).unwrap_or_default();
    files
        .iter()
        .filter_map(|file| file.path.strip_prefix(FOLDER))
        .filter(|name| *name != "README.md" && name.ends_with(".md"))
        .filter(|name| !links.contains(&format!("({name})")) && !links.contains(&format!("(./{name})")))
        .map(|name| Finding {
            rule: "decision",
            place: format!("{FOLDER}{name}"),
            says: format!("is not linked from {FOLDER}README.md – add a line there"),
        })
        .collect()
}

/// Users read what changed in `changes/`, one small file per change.
fn change_notes(files: &[SourceFile]) -> Vec<Finding> {
    let notes: Vec<&SourceFile> = files
        .iter()
        .filter(|f| {
            f.path.starts_with("changes/") && f.path.ends_with(".md") && f.path != "changes/README.md"
        })
        .collect();
    if notes.is_empty() {
        let says = "has no change note – say in changes/NAME.md what a user will notice".to_owned();
        return vec![Finding { rule: "change note", place: "changes/".to_owned(), says }];
    }
    notes
        .into_iter()
        .filter(|note| note.text.trim().is_empty())
        .map(|note| {
            let says = "is empty – say what a user will notice".to_owned();
            Finding { rule: "change note", place: note.path.clone(), says }
        })
        .collect()
}

#[cfg(test)]
mod tests;
