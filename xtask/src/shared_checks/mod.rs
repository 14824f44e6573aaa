//! `cargo xtask shared-checks`: the program against data that is not part of the project.
//!
//! Real-shaped exports and CSV headers must import with no lost row: the rows of every file equal the sum of what
//! became of them. Broken audio must be scanned to the end: no panic, no hang, no memory eaten.
//! Matching must take no wrong file. The account's client and its made-up Spotify must fit Spotify's schema.

mod account;
mod sound;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::args::Args;
use crate::bench::matching::outside;
use crate::watch::{self, Ended, Limits, Watched};
use crate::workspace::{self, Build};

const IMPORT: Limits = Limits { time: Duration::from_secs(60), memory_bytes: 512 << 20 };
const SCAN: Limits = Limits { time: Duration::from_secs(120), memory_bytes: 1 << 30 };

pub(crate) fn run(mut args: Args) -> Result<()> {
    let shared: PathBuf = args.required("--shared")?;
    let binary = args.option("--binary")?;
    let prism: Option<PathBuf> = args.option("--prism")?;
    args.finish()?;
    if !shared.is_dir() {
        println!("shared-checks: skipped ({} is not there)", shared.display());
        return Ok(());
    }
    let program = workspace::ferrotape(binary, Build::Debug)?;
    let mut wrong = Vec::new();
    let mut rows = 0;
    let inputs = inputs(&shared.join("data/spotify"))?;
    for input in &inputs {
        match import(&program, input) {
            Ok(counted) => rows += counted,
            Err(error) => wrong.push(format!("{}: {error:#}", input.display())),
        }
    }
    println!(
        "shared-checks: {} inputs imported, {rows} rows, every one accounted for or named below",
        inputs.len()
    );
    let broken = shared.join("data/malformed-audio");
    if broken.is_dir() {
        match scan(&program, &broken) {
            Ok(told) => println!("shared-checks: {told}"),
            Err(error) => wrong.push(format!("{}: {error:#}", broken.display())),
        }
    } else {
        println!("shared-checks: the scan of broken audio is skipped ({} is not there)", broken.display());
    }
    if broken.is_dir() {
        println!("shared-checks: {}", sound::check(&broken, &mut wrong)?);
    }
    match matching(&shared.join("data/matching-dev")) {
        Ok(told) => println!("shared-checks: {told}"),
        Err(error) => wrong.push(format!("matching: {error:#}")),
    }
    match account::check(&program, &shared, prism.as_deref()) {
        Ok(told) => println!("shared-checks: {told}"),
        Err(error) => wrong.push(format!("account: {error:#}")),
    }
    for one in &wrong {
        eprintln!("error: {one}");
    }
    if !wrong.is_empty() {
        bail!("{} of the shared checks failed", wrong.len());
    }
    Ok(())
}

/// Every export folder (its generation's top folder) and every CSV, in order.
fn inputs(spotify: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in ["export-deidentified", "csv-headers"] {
        let folder = spotify.join(folder);
        if !folder.is_dir() {
            println!("shared-checks: {} is not there, so it is skipped", folder.display());
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry.with_context(|| folder.display().to_string())?.path();
            if path.is_dir() || path.extension().is_some_and(|extension| extension == "csv") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Imports into a fresh library; gives the number of rows, all of which are accounted for.
fn import(program: &Path, input: &Path) -> Result<u64> {
    let library = tempfile::tempdir().context("could not make a folder for a library")?;
    let mut command = Command::new(program);
    command.arg("--json").arg("--library").arg(library.path()).arg("import").arg(input);
    let ran = watch::run(&mut command, IMPORT)?;
    sound(&ran)?;
    let last = ran.stdout.lines().rfind(|line| !line.trim().is_empty()).context("it printed no JSON")?;
    let last: Value =
        serde_json::from_str(last).with_context(|| format!("its last line is no JSON: {last}"))?;
    let accounts =
        last.get("accounts").and_then(Value::as_array).context("its final object has no accounts")?;
    if ran.status.code() != Some(0) && accounts.is_empty() {
        bail!("it ended with {:?} – it said: {}", ran.status.code(), ran.stderr.trim());
    }
    let told: u64 = accounts.iter().map(rows_of).sum::<Result<u64>>()?;
    let inside = if input.is_dir() { rows_inside(input)? } else { told };
    if told == inside { Ok(told) } else { bail!("{inside} rows are in it, but {told} are accounted for") }
}

/// The rows of an export folder, counted without the program: entries of every list that names something.
fn rows_inside(folder: &Path) -> Result<u64> {
    let mut rows = 0;
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        if path.is_dir() {
            rows += rows_inside(&path)?;
            continue;
        }
        // Some files of real packages are no JSON in spite of their names; they hold no rows.
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        rows += serde_json::from_slice(&bytes).map(|json| rows_of_file(&json)).unwrap_or(0);
    }
    Ok(rows)
}

fn rows_of_file(json: &Value) -> u64 {
    let length = |value: &Value| value.as_array().map_or(0, |list| list.len() as u64);
    match json {
        Value::Array(_) => length(json),
        Value::Object(fields) => match fields.get("playlists").and_then(Value::as_array) {
            Some(playlists) => playlists.iter().filter_map(|one| one.get("items")).map(length).sum(),
            None => fields.values().map(length).sum(),
        },
        _ => 0,
    }
}

/// The rows of one file's account, when they add up.
fn rows_of(account: &Value) -> Result<u64> {
    let count = |key: &str| {
        account
            .get(key)
            .and_then(Value::as_u64)
            .with_context(|| format!("an account has no {key}: {account}"))
    };
    let rows = count("rows")?;
    let sum = count("entries")? + count("plays")? + count("noted")? + count("problems")?;
    if rows == sum { Ok(rows) } else { bail!("{rows} rows went in and {sum} are accounted for: {account}") }
}

fn scan(program: &Path, broken: &Path) -> Result<String> {
    let library = tempfile::tempdir().context("could not make a folder for a library")?;
    let mut command = Command::new(program);
    command.arg("--library").arg(library.path()).arg("scan").arg(broken);
    let ran = watch::run(&mut command, SCAN)?;
    sound(&ran)?;
    if ran.status.code() != Some(0) {
        bail!("it ended with {:?} – it said: {}", ran.status.code(), ran.stderr.trim());
    }
    let peak = ran.peak_bytes >> 20;
    Ok(format!("broken audio scanned in {:.1} s with at most {peak} MiB", ran.seconds))
}

/// Least share of the present recordings of the shared benchmark that must be found without asking; nothing wrong may be.
const RECALL: f64 = 0.985;

/// The shared matching benchmark, judged by a program that is not ours.
fn matching(folder: &Path) -> Result<String> {
    if !folder.is_dir() {
        return Ok(format!("the matching benchmark is skipped ({} is not there)", folder.display()));
    }
    let scratch = tempfile::tempdir().context("could not make a folder for the answers")?;
    let answers = scratch.path().join("answers.csv");
    let (wanted, files) = (folder.join("wanted.csv"), folder.join("files.csv"));
    let took = outside::run(&outside::Paths { wanted, files, answers: answers.clone(), review: None })?;
    let judge = Command::new("python3")
        .arg(folder.join("judge.py"))
        .args([folder, &answers])
        .output()
        .context("could not run python3")?;
    let said = String::from_utf8_lossy(&judge.stdout).into_owned();
    let (wrong, recall) = judged(&said)
        .with_context(|| format!("the judge said: {said}{}", String::from_utf8_lossy(&judge.stderr)))?;
    if wrong > 0 || recall < RECALL {
        bail!(
            "{wrong} wrong picks (0 are allowed), recall {recall} (at least {RECALL}) – see bench matching"
        );
    }
    Ok(format!("matching: no wrong pick, recall {recall}; {}", took.told()))
}

/// Wrong picks and recall at the program's own decisions, from the judge's line.
fn judged(said: &str) -> Option<(u32, f64)> {
    let line = said.lines().find(|line| line.contains("DEFAULT"))?;
    let number = |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name));
    Some((number("wrong=")?.parse().ok()?, number("recall=")?.parse().ok()?))
}

/// No panic, and within the limits.
fn sound(ran: &Watched) -> Result<()> {
    match ran.ended {
        Ended::TooLong => bail!("it ran for {:.0} s and had to be ended", ran.seconds),
        Ended::TooBig => bail!("it took {} MiB and had to be ended", ran.peak_bytes >> 20),
        Ended::Itself => {}
    }
    if let Some(line) = ran.stderr.lines().find(|line| line.contains("panicked at")) {
        bail!("it panicked: {line}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_does_not_add_up_is_refused() {
        let account = |rows: u64| serde_json::json!({"rows": rows, "entries": 2, "plays": 1, "noted": 0, "problems": 1});
        assert_eq!(rows_of(&account(4)).unwrap(), 4);
        assert!(rows_of(&account(5)).is_err());
        assert!(rows_of(&serde_json::json!({"rows": 0})).is_err());
    }

    #[test]
    fn the_judges_line_is_read() {
        let line = " DEFAULT th=0.000 accepted=9 right=8 wrong=1 precision=0.8 [0.1,0.9] recall=0.7500 wrong-song-rate=0.1";
        assert_eq!(judged(line), Some((1, 0.75)));
        assert_eq!(judged("no line of that kind"), None);
    }

    #[test]
    fn rows_are_counted_without_the_program() {
        let library = serde_json::json!({"tracks": [1, 2], "albums": [3], "other": []});
        let playlists = serde_json::json!({"playlists": [{"name": "a", "items": [1, 2]}, {"items": []}]});
        assert_eq!((rows_of_file(&library), rows_of_file(&playlists)), (3, 2));
        assert_eq!(rows_of_file(&serde_json::json!([1, 2, 3, 4])), 4);
    }
}
