//! Answers: single keys from a terminal, or lines where the input is none.
//!
//! The terminal is in raw mode only while a key is waited for. What is printed needs no care then, and a program that
//! is killed between two keys leaves the terminal as it was.

use std::collections::VecDeque;
use std::io::{BufRead, Write};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ferrotape_domain::Cancel;
use unicode_width::UnicodeWidthChar;

use crate::output;

/// How often a waiting dialogue looks at the player and at the signal to stop.
const TICK: Duration = Duration::from_millis(100);
/// A line that is typed or read is cut here.
const LONGEST: usize = 8 * 1024;

/// Where answers come from.
pub(super) enum Input {
    /// Keys.
    Terminal(Cancel),
    /// Lines; those that were read already come first.
    Lines(VecDeque<String>),
}

/// One order of the user's: a key, and what stood behind it in its line.
pub(super) struct Order {
    pub(super) key: char,
    pub(super) rest: String,
}

/// A key as far as it matters here.
enum Key {
    Char(char),
    Enter,
    Backspace,
    Escape,
    Stop,
}

impl Input {
    /// `None` when nobody answers: the input is no terminal and ends at once.
    pub(super) fn open(cancel: &Cancel) -> Option<Self> {
        if super::someone_is_there() {
            return Some(Self::Terminal(cancel.clone()));
        }
        Some(Self::Lines(VecDeque::from([read_line()?])))
    }

    /// The next order; `None` when the input ended or the user stopped. `tick` is called while waiting.
    pub(super) fn order(&mut self, prompt: &str, tick: &mut dyn FnMut()) -> Option<Order> {
        say(prompt);
        match self {
            Self::Terminal(cancel) => {
                let key = match next_key(cancel, tick) {
                    Key::Char(key) => key,
                    Key::Enter => 's',
                    Key::Backspace => 'u',
                    Key::Escape => ' ',
                    Key::Stop => {
                        say("\n");
                        return None;
                    }
                };
                say(&format!("{}\n", output::plain(&key.to_string())));
                Some(Order { key, rest: String::new() })
            }
            Self::Lines(read) => {
                let line = next_line(read)?;
                let mut letters = line.trim().chars();
                let key = letters.next().unwrap_or('s');
                Some(Order { key, rest: letters.as_str().trim().to_owned() })
            }
        }
    }

    /// A line that belongs to an order; what stood behind the key already is that line. `None` when it was not given.
    pub(super) fn line(&mut self, prompt: &str, rest: &str) -> Option<String> {
        if !rest.is_empty() {
            return Some(rest.to_owned());
        }
        say(prompt);
        match self {
            Self::Terminal(cancel) => typed_line(cancel),
            Self::Lines(read) => next_line(read).map(|line| line.trim().to_owned()),
        }
    }
}

/// For the person who watches, and at once.
fn say(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{text}").and_then(|()| err.flush());
}

fn next_line(read: &mut VecDeque<String>) -> Option<String> {
    read.pop_front().or_else(read_line)
}

fn read_line() -> Option<String> {
    let mut line = Vec::new();
    let input = std::io::stdin().lock();
    let count = std::io::Read::take(input, LONGEST as u64).read_until(b'\n', &mut line).ok()?;
    (count > 0).then(|| String::from_utf8_lossy(&line).into_owned())
}

/// Gives the terminal back whatever happens.
struct Raw;

impl Raw {
    fn on() -> Option<Self> {
        enable_raw_mode().ok().map(|()| Self)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = disable_raw_mode();
    }
}

fn next_key(cancel: &Cancel, tick: &mut dyn FnMut()) -> Key {
    let Some(_raw) = Raw::on() else { return Key::Stop };
    loop {
        if cancel.is_stopped() {
            return Key::Stop;
        }
        tick();
        match poll(TICK) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(_) => return Key::Stop,
        }
        let Ok(event) = read() else { return Key::Stop };
        let Event::Key(key) = event else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let with_control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c' | 'd') if with_control => return Key::Stop,
            KeyCode::Char('j' | 'm') if with_control => return Key::Enter,
            KeyCode::Char('h') if with_control => return Key::Backspace,
            KeyCode::Char(letter) if !with_control => return Key::Char(letter),
            KeyCode::Enter => return Key::Enter,
            KeyCode::Backspace => return Key::Backspace,
            KeyCode::Esc => return Key::Escape,
            _ => {}
        }
    }
}

/// A line typed key by key: reading it from the standard input would lose what was typed ahead.
fn typed_line(cancel: &Cancel) -> Option<String> {
    let mut line = String::new();
    loop {
        match next_key(cancel, &mut || {}) {
            Key::Char(letter) if line.len() < LONGEST => {
                line.push(letter);
                say(&output::plain(&letter.to_string()));
            }
            Key::Char(_) => {}
            Key::Backspace => {
                if let Some(letter) = line.pop() {
                    let width = letter.width().unwrap_or(1);
                    say(&"\u{8} \u{8}".repeat(width));
                }
            }
            Key::Enter => {
                say("\n");
                return Some(line.trim().to_owned());
            }
            Key::Escape | Key::Stop => {
                say("\n");
                return None;
            }
        }
    }
}
