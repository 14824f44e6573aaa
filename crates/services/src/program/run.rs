//! A running program: a line goes in, lines come out, and it ends in time, by its own will or by its handle.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use ferrotape_domain::{Cancel, Fault, FaultKind};

use super::said::{Complaint, Secrets};
use super::wire::{Answer, Task, read};

/// One line, and all of them.
const MOST_LINE: usize = 64 << 10;
const MOST_BYTES: usize = 8 << 20;
/// Lines that wait to be read.
const WAITING: usize = 64;
/// How often a wait looks whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// So long it may tidy up after its last line.
const FAREWELL: Duration = Duration::from_secs(2);
/// Where a script finds its interpreter.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) whole: Duration,
    pub(super) silence: Duration,
}

/// What comes from the thread that reads.
enum Came {
    Line(Vec<u8>),
    TooMuch,
}

/// The program at work; ended when it is dropped.
pub(super) struct Running {
    name: String,
    child: Child,
    is_waited_for: bool,
    lines: Receiver<Came>,
    complaint: Complaint,
    patience: Patience,
    began: Instant,
    heard: Instant,
}

impl Running {
    /// Starts the program and gives it its task. Without a shell; with a path for interpreters and nothing else of ours.
    pub(super) fn start(
        name: &str,
        path: &Path,
        arguments: &[String],
        task: &Task<'_>,
        patience: Patience,
    ) -> Result<Self, Fault> {
        let fault = |kind, reason: String| Fault { source: name.to_owned(), kind, reason };
        let mut command = Command::new(path);
        command.args(arguments).env_clear().env("PATH", PATH).env("LANG", "C.UTF-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = path.parent() {
            command.current_dir(folder);
        }
        of_its_own(&mut command);
        let started = command.spawn();
        let mut child = started.map_err(|error| {
            fault(FaultKind::NeedsUser, format!("{} cannot be started: {}", path.display(), error.kind()))
        })?;
        let complaint = Complaint::listen(child.stderr.take(), Secrets::of(arguments));
        let (send, lines) = sync_channel(WAITING);
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || read_lines(output, &send));
        }
        let mut line = serde_json::to_vec(task).unwrap_or_default();
        line.push(b'\n');
        if let Some(mut input) = child.stdin.take() {
            // On a thread: a program that does not read must not stop us. It may know what to do all the same.
            thread::spawn(move || drop(input.write_all(&line)));
        }
        let (name, now) = (name.to_owned(), Instant::now());
        Ok(Self { name, child, is_waited_for: false, lines, complaint, patience, began: now, heard: now })
    }

    /// It does something, though it says nothing.
    pub(super) fn is_alive(&mut self) {
        self.heard = Instant::now();
    }

    /// What it says next; `None` while it says nothing.
    pub(super) fn next(&mut self, cancel: &Cancel) -> Result<Option<Answer>, Fault> {
        if cancel.is_stopped() {
            return Err(self.fault(FaultKind::Temporary { retry_after_seconds: None }, "stopped"));
        }
        let (whole, silence) = (self.began.elapsed(), self.heard.elapsed());
        if whole > self.patience.whole || silence > self.patience.silence {
            let seconds = if whole > self.patience.whole { whole } else { silence }.as_secs();
            let says = format!("it was ended, for it did not answer within {seconds} s");
            return Err(self.fault(FaultKind::Temporary { retry_after_seconds: None }, &says));
        }
        match self.lines.recv_timeout(LOOK_EVERY) {
            Ok(Came::Line(line)) => {
                self.heard = Instant::now();
                self.read(&line).map(Some)
            }
            Ok(Came::TooMuch) => {
                Err(self.fault(FaultKind::Permanent, "it says more than any program needs to"))
            }
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                let how = self.how_it_ended();
                Err(self.fault(FaultKind::Permanent, &how))
            }
        }
    }

    /// Its last line was not that it is done.
    fn how_it_ended(&mut self) -> String {
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until {
            if let Ok(Some(status)) = self.child.try_wait() {
                self.is_waited_for = true;
                return format!("it ended without being done ({status})");
            }
            thread::sleep(Duration::from_millis(5));
        }
        "it fell silent without being done".to_owned()
    }

    fn read(&self, line: &[u8]) -> Result<Answer, Fault> {
        read(line).map_err(|error| match error {
            Some(error) => {
                let says = self.complaint.plain(&error);
                let kind = FaultKind::Temporary { retry_after_seconds: None };
                Fault { source: self.name.clone(), kind, reason: format!("it says: {says}") }
            }
            None => self.fault(FaultKind::Permanent, "it wrote a line that is none of the protocol's"),
        })
    }

    /// It is done, and may end by itself; then it closes its output.
    pub(super) fn end(self) {
        let until = Instant::now() + FAREWELL;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if matches!(self.lines.recv_timeout(left), Err(RecvTimeoutError::Disconnected)) {
                return;
            }
        }
    }

    /// What went wrong, with the last of what it complained about.
    fn fault(&self, kind: FaultKind, says: &str) -> Fault {
        let reason = match self.complaint.last() {
            Some(complaint) => format!("{says} – its last words: {complaint}"),
            None => says.to_owned(),
        };
        Fault { source: self.name.clone(), kind, reason }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The group's number is its own only as long as it has not been waited for.
        if !self.is_waited_for {
            end_group(&self.child);
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

fn read_lines(output: impl Read, send: &SyncSender<Came>) {
    let mut output = BufReader::new(output).take(MOST_BYTES as u64);
    loop {
        let mut line = Vec::new();
        let read = (&mut output).take(MOST_LINE as u64 + 1).read_until(b'\n', &mut line);
        match read {
            Ok(0) if output.limit() == 0 => return drop(send.send(Came::TooMuch)),
            Ok(0) | Err(_) => return,
            Ok(read) if read > MOST_LINE => return drop(send.send(Came::TooMuch)),
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => {
                if send.send(Came::Line(line)).is_err() {
                    return;
                }
            }
        }
    }
}

/// A group of its own, so that it can be ended with its helpers.
#[cfg(unix)]
fn of_its_own(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn of_its_own(_command: &mut Command) {}

#[cfg(unix)]
fn end_group(child: &Child) {
    let id = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(id) = id {
        // It may have ended in this moment.
        let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_child: &Child) {}
