//! Running a program that tells what it does: its lines as they come, ended when the user wants to stop or when it says
//! nothing for too long. It is ended by its own handle.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use ferrotape_domain::Cancel;

/// Longer lines are cut.
const LONGEST_LINE: u64 = 2_000;
/// Lines kept for messages.
const KEPT: usize = 5;
/// Lines of one run; an hour of music has 400,000 of them.
const MOST_LINES: usize = 20_000_000;
const STEP: Duration = Duration::from_millis(100);

pub(super) enum Ended {
    /// By itself; and its last lines.
    Done {
        /// Whether it says that all went well.
        well: bool,
        said: Vec<String>,
    },
    Stopped,
    Silent,
    NotThere,
    Failed(String),
}

/// Runs it; `line` gets every line of both its outputs.
pub(super) fn run(
    mut command: Command,
    silence: Duration,
    cancel: &Cancel,
    line: &mut dyn FnMut(&str),
) -> Ended {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ended::NotThere,
        Err(error) => return Ended::Failed(error.to_string()),
    };
    let (sender, lines) = channel();
    for output in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)].into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || listen(output, &sender));
    }
    drop(sender);
    let mut said: Vec<String> = Vec::new();
    let (mut last, mut count) = (Instant::now(), 0);
    loop {
        if cancel.is_stopped() {
            end(&mut child);
            return Ended::Stopped;
        }
        match lines.recv_timeout(STEP) {
            Ok(text) => {
                (last, count) = (Instant::now(), count + 1);
                line(&text);
                keep(&mut said, text);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if last.elapsed() > silence || count > MOST_LINES {
            end(&mut child);
            return Ended::Silent;
        }
    }
    match child.wait() {
        Ok(status) => Ended::Done { well: status.success(), said },
        Err(error) => Ended::Failed(error.to_string()),
    }
}

fn boxed(output: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(output)
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn listen(output: Box<dyn Read + Send>, sender: &Sender<String>) {
    let mut reader = BufReader::new(output);
    loop {
        let mut bytes = Vec::new();
        match (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if sender.send(String::from_utf8_lossy(&bytes).trim_end().to_owned()).is_err() {
            return;
        }
    }
}

/// What it said last, without its progress; nothing that moves a cursor.
fn keep(said: &mut Vec<String>, text: String) {
    if text.trim().is_empty() || text.starts_with("##:") || text.trim() == "Done." {
        return;
    }
    if said.len() == KEPT {
        said.remove(0);
    }
    said.push(text.chars().filter(|c| !c.is_control()).collect());
}
