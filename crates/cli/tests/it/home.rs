//! One user's home for one test: a library, a player, and the program to run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ferrotape_testkit::{Export, Generation, Track, exportify_csv};
use serde_json::Value;
use tempfile::TempDir;

use crate::collection::{music, wishes};

/// A home folder that is gone after the test.
pub(crate) struct Home {
    dir: TempDir,
}

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap() }
    }

    /// With the owner's export in it, as `wishes.zip`.
    pub(crate) fn with_wishes() -> Self {
        let home = Self::new();
        home.zip("wishes.zip", &wishes());
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn player(&self) -> PathBuf {
        self.path("player")
    }

    pub(crate) fn zip(&self, name: &str, export: &Export) {
        export.write_zip(&self.path(name), Generation::Y2025).unwrap();
    }

    pub(crate) fn csv(&self, name: &str, tracks: &[Track]) {
        let text = exportify_csv(tracks, ferrotape_testkit::CsvDialect::Watsonbox2026);
        fs::write(self.path(name), text).unwrap();
    }

    /// Has libraries bear one mark, so that what they write down on a player is the same to the byte.
    pub(crate) fn of_one_mark(&self, libraries: &[&str]) {
        for library in libraries {
            fs::create_dir_all(self.path(library)).unwrap();
            fs::write(self.path(library).join("library.id"), "0".repeat(32)).unwrap();
        }
    }

    /// The program, in this home and with nothing of the real user's.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ferrotape"));
        command.current_dir(self.dir.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", self.dir.path()).env("PATH", std::env::var_os("PATH").unwrap());
        command.env("LANG", "C.UTF-8");
        command
    }

    /// Runs a script in a mount namespace of its own; `$FERROTAPE` is the program and `$MUSIC` the collection. `None` where it
    /// ends with 99, as it does where it can mount nothing, and where this system lets nobody have such a namespace.
    pub(crate) fn with_own_mounts(&self, script: &str) -> Option<Said> {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script]).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env("FERROTAPE", env!("CARGO_BIN_EXE_ferrotape")).env("MUSIC", music());
        let output = command.env("HOME", self.dir.path()).output().ok().filter(|output| {
            let no_namespace = String::from_utf8_lossy(&output.stderr).contains("unshare:");
            output.status.code() != Some(99) && !no_namespace
        });
        if output.is_none() {
            println!("skipped: this system lets a test mount nothing");
        }
        output.map(|output| said(output, "with mounts of its own"))
    }

    /// Runs `ferrotape` with the words of `line`, and the words `more`, which may hold spaces.
    pub(crate) fn run_with(&self, line: &str, more: &[&str]) -> Said {
        let args = line.split_whitespace().chain(more.iter().copied());
        let args: Vec<&str> = args.map(|word| if word == "MUSIC" { text(music()) } else { word }).collect();
        said(self.command().args(&args).output().unwrap(), &args.join(" "))
    }

    /// Runs `ferrotape` with the words of `line`; `MUSIC` stands for the collection.
    pub(crate) fn run(&self, line: &str) -> Said {
        self.run_with(line, &[])
    }

    /// As [`Home::run`], and it must go well.
    pub(crate) fn well(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, 0, "ferrotape {line}: {said:?}");
        said
    }

    /// Runs with `--json` and gives back the final object; the exit code is in `~code`.
    pub(crate) fn json(&self, line: &str) -> Value {
        self.run(&format!("--json {line}")).last_object()
    }

    /// The main job: `what` from the collection to the player, with `--json`.
    pub(crate) fn fill(&self, what: &str) -> Value {
        let last = self.json(&format!("convert {what} --from MUSIC --to ./player"));
        assert_eq!(last["event"], "result", "{last}");
        last
    }

    /// The finished tracks on the player, by path relative to it.
    pub(crate) fn mp3s(&self) -> Vec<String> {
        files_below(&self.player())
            .into_iter()
            .filter(|p| p.ends_with(".mp3") && !p.starts_with('.'))
            .collect()
    }
}

/// Every file below a folder, by relative path, sorted.
pub(crate) fn files_below(dir: &Path) -> Vec<String> {
    ferrotape_testkit::tree_snapshot(dir).unwrap().into_keys().collect()
}

/// Reads what a run said; whatever it was asked, it must not panic nor write control sequences to a pipe.
pub(crate) fn said(output: Output, asked: &str) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    let said = Said { code, out: text(output.stdout), err: text(output.stderr) };
    assert!(!said.err.contains("panicked"), "ferrotape {asked} panicked: {said:?}");
    assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{asked}: {said:?}");
    assert!((0..=5).contains(&code) || code == 130, "ferrotape {asked} ended with {code}: {said:?}");
    said
}

impl Said {
    /// The last line as JSON; every line must be JSON.
    pub(crate) fn last_object(&self) -> Value {
        let lines: Vec<Value> = self
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line}")))
            .collect();
        let mut last = lines.last().cloned().unwrap_or_else(|| panic!("nothing on stdout: {self:?}"));
        last["~code"] = self.code.into();
        last
    }

    /// Both streams.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The rows of a report, as `(title, outcome)`.
pub(crate) fn outcome_of<'v>(report: &'v Value, title: &str) -> &'v str {
    row_of(report, title)["outcome"].as_str().unwrap()
}

/// The row of a report with this title.
pub(crate) fn row_of<'v>(report: &'v Value, title: &str) -> &'v Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter().find(|row| row["title"] == title).unwrap_or_else(|| panic!("no row {title}: {report:#}"))
}

/// An array of objects.
pub(crate) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no list {pointer}: {value:#}"))
}
