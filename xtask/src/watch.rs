//! Running a program under watch: time, peak memory, limits on both.
//!
//! The peak is the kernel's own high-water mark (`VmHWM`), read every few milliseconds while the program runs. It can
//! only miss growth in the very last of them. Linux only; elsewhere the peak reads 0 and no memory limit holds.

use std::fs;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How a watched run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By itself.
    Itself,
    /// Killed by us: it ran too long.
    TooLong,
    /// Killed by us: it took too much memory.
    TooBig,
}

/// What a watched run did.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) status: ExitStatus,
    pub(crate) ended: Ended,
    pub(crate) seconds: f64,
    pub(crate) peak_bytes: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// When to stop a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    pub(crate) memory_bytes: u64,
}

/// No limits worth the name.
pub(crate) const UNLIMITED: Limits = Limits { time: Duration::from_secs(24 * 3600), memory_bytes: u64::MAX };

const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Runs a command to its end, or to a limit.
pub(crate) fn run(command: &mut Command, limits: Limits) -> Result<Watched> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {}", command.get_program().display()))?;
    let stdout = child.stdout.take().map(read_all);
    let stderr = child.stderr.take().map(read_all);
    let mut peak_bytes = 0;
    let mut ended = Ended::Itself;
    let status = loop {
        peak_bytes = peak_bytes.max(peak_so_far(&child));
        if let Some(status) = child.try_wait().context("could not wait for the program")? {
            break status;
        }
        if ended == Ended::Itself && started.elapsed() > limits.time {
            ended = Ended::TooLong;
            child.kill().context("could not end the program")?;
        } else if ended == Ended::Itself && peak_bytes > limits.memory_bytes {
            ended = Ended::TooBig;
            child.kill().context("could not end the program")?;
        }
        thread::sleep(LOOK_EVERY);
    };
    let seconds = started.elapsed().as_secs_f64();
    let text =
        |reader: Option<thread::JoinHandle<String>>| reader.and_then(|r| r.join().ok()).unwrap_or_default();
    Ok(Watched { status, ended, seconds, peak_bytes, stdout: text(stdout), stderr: text(stderr) })
}

fn read_all(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A reading error leaves what was read until then, which is all a caller can use.
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn peak_so_far(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    kilobytes.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_end_a_run_and_output_is_kept() {
        let limits = Limits { time: Duration::from_millis(200), ..UNLIMITED };
        let slow = run(Command::new("sh").args(["-c", "echo begun; exec sleep 20"]), limits).unwrap();
        assert_eq!((slow.ended, slow.stdout.as_str()), (Ended::TooLong, "begun\n"));
        assert!(slow.seconds < 10.0);
        let quick = run(Command::new("sh").args(["-c", "echo no >&2; exit 3"]), UNLIMITED).unwrap();
        assert_eq!(
            (quick.ended, quick.status.code(), quick.stderr.as_str()),
            (Ended::Itself, Some(3), "no\n")
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_is_seen() {
        let limits = Limits { memory_bytes: 1 << 20, ..UNLIMITED };
        let big = run(Command::new("sh").args(["-c", "exec sleep 20"]), limits).unwrap();
        assert_eq!(big.ended, Ended::TooBig);
        assert!(big.peak_bytes > 1 << 20);
    }
}
