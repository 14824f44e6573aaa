//! Lyrics with times in brackets, as players and taggers keep them in a plain lyrics field (LRC).
//!
//! `[01:02.50]A line`, several times for a line that comes again, `[offset:+100]` in milliseconds. A text of which
//! one line of several begins with a time is plain lyrics that happen to have brackets.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use ferrotape_domain::SyncedLyrics;

use crate::cue::words::text_of;
use crate::probe::read_all_tags;

/// Most lines taken over.
const MOST_LINES: usize = 20_000;

/// Larger files are no lyrics.
const LARGEST: u64 = 1 << 20;

/// The timed lyrics of a file as LRC text, a line each in the order of their times: those in `beside`, a file in that form,
/// else those in the tags of `source`. `None` where there are none.
pub fn timed_lyrics(source: &Path, beside: Option<&Path>) -> Option<String> {
    let found = beside.and_then(read_beside);
    let found = found.or_else(|| read_all_tags(source).ok()?.more?.synced_lyrics)?;
    (!found.lines.is_empty()).then(|| to_text(&found))
}

fn read_beside(path: &Path) -> Option<SyncedLyrics> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= LARGEST).then(|| parse(&text_of(&bytes).0)).flatten()
}

fn to_text(lyrics: &SyncedLyrics) -> String {
    let mut text = String::new();
    for (at, words) in lyrics.lines.iter().take(MOST_LINES) {
        let (seconds, hundredths) = (at / 1_000, at % 1_000 / 10);
        let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.push_str(&format!(
            "[{:02}:{:02}.{hundredths:02}]{}\n",
            seconds / 60,
            seconds % 60,
            words.trim()
        ));
    }
    text
}

/// The timed lines of `text`; `None` when it is plain.
pub fn read_lrc(text: &str) -> Option<SyncedLyrics> {
    parse(text)
}

/// The timed lyrics as the text of an `.lrc` file, a line each in the order of their times.
pub fn lrc_text(lyrics: &SyncedLyrics) -> String {
    to_text(lyrics)
}

/// The timed lines of `text`; `None` when it is plain.
pub(crate) fn parse(text: &str) -> Option<SyncedLyrics> {
    let mut lines = Vec::new();
    let (mut offset_ms, mut has_plain) = (0i64, false);
    for line in text.lines() {
        let (times, words) = times_before(line);
        if let Some(offset) = tagged(line, "offset") {
            offset_ms = offset.trim().parse::<i64>().unwrap_or(0).clamp(-600_000, 600_000);
        }
        has_plain |= times.is_empty() && !line.trim().is_empty() && !is_head(line);
        lines.extend(times.into_iter().map(|at| (at, words.trim().to_owned())));
        if lines.len() > MOST_LINES {
            break;
        }
    }
    // A positive offset makes lyrics come sooner.
    let moved = |at: u32| u32::try_from((i64::from(at) - offset_ms).max(0)).unwrap_or(at);
    lines.iter_mut().for_each(|(at, _)| *at = moved(*at));
    lines.sort_by_key(|(at, _)| *at);
    let is_alone = lines.len() == 1 && !has_plain && lines.iter().all(|(_, words)| !words.is_empty());
    (lines.len() >= 2 || is_alone).then(|| SyncedLyrics { lines, ..SyncedLyrics::default() })
}

/// `text` to be read: without times and without the head that only programs need.
pub fn without_times(text: &str) -> String {
    if parse(text).is_none() {
        return text.to_owned();
    }
    let kept = text.lines().filter(|line| !is_head(line));
    kept.map(|line| times_before(line).1.trim()).collect::<Vec<_>>().join("\n")
}

/// Whether a line is of the head: for programs, not to be sung.
fn is_head(line: &str) -> bool {
    const HEAD: [&str; 11] = ["ti", "ar", "al", "au", "by", "offset", "length", "re", "ve", "la", "id"];
    HEAD.iter().any(|name| tagged(line, name).is_some())
}

/// What stands in a line `[name:…]`.
fn tagged<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.trim().strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    found.eq_ignore_ascii_case(name).then_some(value)
}

/// The times a line begins with, in milliseconds, and the rest of it.
fn times_before(line: &str) -> (Vec<u32>, &str) {
    let mut times = Vec::new();
    let mut rest = line.trim_start();
    while let Some((inside, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let Some(at) = time_ms(inside) else { break };
        times.push(at);
        rest = behind;
    }
    (times, rest)
}

/// `mm:ss`, `mm:ss.xx`, `mm:ss.xxx` or `mm:ss:xx`.
fn time_ms(text: &str) -> Option<u32> {
    let (minutes, rest) = text.split_once(':')?;
    let (seconds, fraction) = rest.split_once(['.', ':']).unwrap_or((rest, ""));
    let digits = |text: &str, most: usize| {
        let fits = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (minutes, seconds) = (digits(minutes, 3)?, digits(seconds, 2).filter(|seconds| *seconds < 60)?);
    let fraction_ms = match fraction.len() {
        0 => 0,
        1 => digits(fraction, 1)? * 100,
        2 => digits(fraction, 2)? * 10,
        _ => digits(fraction, 3)?,
    };
    Some((minutes * 60 + seconds) * 1_000 + fraction_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_milliseconds_in_order_and_leave_the_words() {
        let text = "[ar:Mara Quill]\n[00:12.5][01:40.250]Low water\n[00:03.07] \n[00:59]Gone [home]";
        let lines = parse(text).unwrap().lines;
        let expected = [(3_070, ""), (12_500, "Low water"), (59_000, "Gone [home]"), (100_250, "Low water")];
        assert_eq!(lines, expected.map(|(at, words)| (at, words.to_owned())));
        assert_eq!(without_times(text), "Low water\n\nGone [home]");
    }

    #[test]
    fn a_single_line_with_a_time_is_timed_lyrics() {
        let text = "[ti:Low Water]\n\n[00:07.50]Low water, all of it\n";
        assert_eq!(parse(text).unwrap().lines, [(7_500, "Low water, all of it".to_owned())]);
        assert_eq!(without_times(text), "\nLow water, all of it");
        assert_eq!(parse("[00:10]Chorus\nLa la"), None, "one of several");
    }

    #[test]
    fn brackets_alone_make_no_timed_lyrics() {
        for text in ["[Chorus]\nLa la", "[00:10]\n", "", "[99:99.99]a\n[1:2:3:4]b", "[00:0é.10]x\n[é]"] {
            assert_eq!(parse(text), None, "{text}");
            assert_eq!(without_times(text), text);
        }
    }
}
