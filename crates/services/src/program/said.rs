//! What a program writes to its standard error: the end of it, shortened, and without the secrets it was given.

use std::io::Read;
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// So much of the end is kept.
const KEPT: usize = 4 << 10;
/// Characters that a message shows.
const SHOWN: usize = 200;
/// Shorter arguments are options, not secrets.
const SECRET: usize = 6;
/// What was written just before the end may come a moment after it.
const MOMENT: Duration = Duration::from_millis(50);

/// Texts that messages must not show.
#[derive(Clone)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Any argument may be one, but for paths; of `--key=VALUE` only the value.
    pub(super) fn of(arguments: &[String]) -> Self {
        let value = |argument: &String| {
            let option = argument.starts_with('-').then(|| argument.split_once('=')).flatten();
            option.map_or(argument.as_str(), |(_, value)| value).to_owned()
        };
        let is_secret = |text: &String| text.len() >= SECRET && !text.starts_with(['/', '-']);
        Self(arguments.iter().map(value).filter(is_secret).collect())
    }

    fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"))
    }
}

/// What it complains about.
pub(super) struct Complaint {
    end: Arc<Mutex<Vec<u8>>>,
    secrets: Secrets,
}

impl Complaint {
    /// Listens on a thread, which ends with the program.
    pub(super) fn listen(errors: Option<ChildStderr>, secrets: Secrets) -> Self {
        let end = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&end);
        if let Some(mut errors) = errors {
            thread::spawn(move || {
                let mut buffer = [0; 1024];
                while let Ok(read @ 1..) = errors.read(&mut buffer) {
                    let mut end = of_thread.lock().unwrap_or_else(PoisonError::into_inner);
                    end.extend_from_slice(buffer.get(..read).unwrap_or_default());
                    let over = end.len().saturating_sub(KEPT);
                    end.drain(..over);
                }
            });
        }
        Self { end, secrets }
    }

    /// The last line of it.
    pub(super) fn last(&self) -> Option<String> {
        thread::sleep(MOMENT);
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&end).into_owned();
        let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
        Some(self.plain(line))
    }

    /// A text of the program's as a message shows it.
    pub(super) fn plain(&self, text: &str) -> String {
        let hidden = self.secrets.hide(text);
        let mut letters = hidden.chars().filter(|letter| !letter.is_control());
        let mut shown: String = letters.by_ref().take(SHOWN).collect();
        if letters.next().is_some() {
            shown.push('…');
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_words_shortened() {
        let arguments =
            ["--key=geheim123", "swordfish", "-v", "/home/mara/music", "short"].map(str::to_owned);
        let complaint = Complaint::listen(None, Secrets::of(&arguments));
        let plain = complaint.plain("no geheim123 or swordfish in /home/mara/music\u{1b}[0m");
        assert_eq!(plain, "no … or … in /home/mara/music[0m");
        assert_eq!(complaint.plain(&"ä".repeat(1000)).chars().count(), SHOWN + 1);
    }
}
