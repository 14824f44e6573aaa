//! `ferrotape install-timer`: a timer of the user's own that runs `refresh`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use etcetera::BaseStrategy;
use serde_json::json as json_value;

use crate::args::{Args, InstallTimer};
use crate::error::CliError;
use crate::session::library_folder;
use crate::{json, output};

const SERVICE: &str = "ferrotape-refresh.service";
const TIMER: &str = "ferrotape-refresh.timer";

pub(crate) fn run(args: &Args, install: &InstallTimer) -> Result<ExitCode, CliError> {
    let folder = units_folder()?;
    if install.remove {
        return remove(args, &folder);
    }
    let program = std::env::current_exe()
        .map_err(|error| CliError::new(format!("where ferrotape itself lies cannot be told ({error})")))?;
    let library = std::path::absolute(library_folder(args)?)
        .map_err(|error| CliError::new(format!("the library's folder cannot be told ({error})")))?;
    let words = [plain_path(&program)?, "--quiet", "--library", plain_path(&library)?, "refresh"];
    if install.cron {
        let line = format!("{} {} * * * {}", install.at.minute(), install.at.hour(), cron_command(&words));
        say(args, &json_value!({ "crontab": line }), || output::line(&line));
        return Ok(ExitCode::SUCCESS);
    }
    std::fs::create_dir_all(&folder).map_err(|error| CliError::writing(&folder, &error))?;
    output::write_file(&folder.join(SERVICE), &service(&words))?;
    let at = format!("{:02}:{:02}", install.at.hour(), install.at.minute());
    output::write_file(&folder.join(TIMER), &timer(&at))?;
    let started = install.start && start()?;
    let result = json_value!({ "folder": folder.to_string_lossy(), "at": at, "started": started });
    say(args, &result, || {
        output::line(&format!("Wrote {SERVICE} and {TIMER} into {}.", folder.display()));
        if started {
            output::line(&format!(
                "The timer runs: each day at {at}. `systemctl --user list-timers` shows it."
            ));
        } else {
            output::line("Start it with:");
            output::line("  systemctl --user daemon-reload");
            output::line(&format!("  systemctl --user enable --now {TIMER}"));
        }
    });
    Ok(ExitCode::SUCCESS)
}

fn say(args: &Args, result: &serde_json::Value, text: impl FnOnce()) {
    if args.json {
        output::line(&json::result("install-timer", result.clone()));
    } else {
        text();
    }
}

fn units_folder() -> Result<PathBuf, CliError> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|_| CliError::usage("your home folder is not known, so a timer has no place"))?;
    Ok(strategy.config_dir().join("systemd/user"))
}

/// Unit files and crontabs are lines of text: a path that is none cannot stand in them.
fn plain_path(path: &Path) -> Result<&str, CliError> {
    path.to_str().filter(|text| !text.chars().any(char::is_control)).ok_or_else(|| {
        CliError::new(format!("{} cannot be written into a timer: its name is no plain text", path.display()))
    })
}

fn service(words: &[&str]) -> String {
    let command: Vec<String> = words.iter().map(|word| unit_word(word)).collect();
    format!(
        "# Written by `ferrotape install-timer`; `ferrotape install-timer --remove` takes it away.\n\
         [Unit]\nDescription=Look again at what ferrotape read before\n\n\
         [Service]\nType=oneshot\nExecStart={}\nNice=10\nIOSchedulingClass=idle\n\
         # 3: done, but a place could not be read. It is told in the journal and tried again next time.\n\
         SuccessExitStatus=3\n",
        command.join(" ")
    )
}

fn timer(at: &str) -> String {
    format!(
        "# Written by `ferrotape install-timer`; `ferrotape install-timer --remove` takes it away.\n\
         [Unit]\nDescription=Look again at what ferrotape read before, each day\n\n\
         [Timer]\nOnCalendar=*-*-* {at}:00\nPersistent=true\nRandomizedDelaySec=10min\n\n\
         [Install]\nWantedBy=timers.target\n"
    )
}

/// A word of a command in a unit file: quoted, with what systemd would replace written twice.
fn unit_word(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{escaped}\"")
}

/// A command in a crontab: quoted for a shell; a bare `%` would end the line.
fn cron_command(words: &[&str]) -> String {
    let quoted = words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''").replace('%', "\\%")));
    quoted.collect::<Vec<_>>().join(" ")
}

/// Whether systemd took the timer in.
fn start() -> Result<bool, CliError> {
    for words in [&["daemon-reload"][..], &["enable", "--now", TIMER]] {
        let ran = Command::new("systemctl").arg("--user").args(words).stdin(Stdio::null()).output();
        let failed = |why: String| {
            CliError::new(format!(
                "the timer was written, but `systemctl --user {}` failed: {why}",
                words.join(" ")
            ))
            .hint("where there is no systemd, `ferrotape install-timer --cron` prints a line for crontab")
        };
        let ran = ran.map_err(|error| failed(error.to_string()))?;
        if !ran.status.success() {
            return Err(failed(String::from_utf8_lossy(&ran.stderr).trim().to_owned()));
        }
    }
    Ok(true)
}

fn remove(args: &Args, folder: &Path) -> Result<ExitCode, CliError> {
    // Nothing to stop where it never ran; what could not be stopped has no file to start from again.
    let stop = ["--user", "disable", "--now", TIMER];
    let stopped = Command::new("systemctl").args(stop).stdin(Stdio::null()).output();
    let stopped = stopped.is_ok_and(|ran| ran.status.success());
    let mut removed = Vec::new();
    for name in [TIMER, SERVICE] {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Ok(()) => removed.push(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(CliError::writing(&path, &error)),
        }
    }
    let names: Vec<String> = removed.iter().map(|path| path.display().to_string()).collect();
    say(args, &json_value!({ "removed": names, "stopped": stopped }), || {
        if names.is_empty() {
            output::line("There was no timer.");
        }
        names.iter().for_each(|name| output::line(&format!("Took away {name}.")));
    });
    Ok(ExitCode::SUCCESS)
}
