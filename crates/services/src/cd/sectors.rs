//! Whether an image is what `cd-paranoia` takes every image for: sectors of 2352 bytes, all of them there.
//!
//! libcdio reckons where a track begins by that size whatever the sheet says. Another size would give the sound of other
//! places under the tracks' titles, and a copy that was cut off would be filed as whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::SECTOR_BYTES;
use super::image::command;

/// A sector with the 96 bytes of its subchannels.
const WITH_SUBCHANNELS: u64 = 2448;
const WHOLE: [&str; 4] = ["AUDIO", "CDG", "MODE1/2352", "MODE2/2352"];

/// The error says what to do.
pub(super) fn check(sheet: &[u8], bytes: u64) -> io::Result<()> {
    let mut track = String::new();
    let mut starts: Vec<(String, u64)> = Vec::new();
    for line in sheet.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let (word, rest) = command(line);
        let rest = String::from_utf8_lossy(rest);
        let mut words = rest.split_whitespace();
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match word.to_ascii_uppercase().as_slice() {
            b"TRACK" => {
                track = first.to_owned();
                check_mode(first, second)?;
            }
            b"INDEX" if first.parse() == Ok(1_u32) => {
                starts.extend(sectors(second).map(|start| (track.clone(), start)));
            }
            _ => {}
        }
    }
    check_length(bytes, &starts)
}

fn check_mode(track: &str, mode: &str) -> io::Result<()> {
    if mode.is_empty() || WHOLE.iter().any(|whole| mode.eq_ignore_ascii_case(whole)) {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "track {track} is {mode}, and only images whose sectors are all of {SECTOR_BYTES} bytes (AUDIO, MODE1/2352, \
         MODE2/2352) can be read; make the image anew as a raw one, or rip the disc itself"
    )))
}

fn check_length(bytes: u64, starts: &[(String, u64)]) -> io::Result<()> {
    if !bytes.is_multiple_of(SECTOR_BYTES) {
        let why = if bytes.is_multiple_of(WITH_SUBCHANNELS) {
            "it seems to hold subchannels, too (sectors of 2448 bytes); make the image anew without them"
        } else {
            "it was cut off or is no raw image; copy it again"
        };
        return Err(io::Error::other(format!(
            "its file has {bytes} bytes, which are no whole sectors of {SECTOR_BYTES}: {why}, or rip the disc itself"
        )));
    }
    match starts.iter().find(|(_, start)| start.saturating_mul(SECTOR_BYTES) >= bytes) {
        Some((track, _)) => Err(io::Error::other(format!(
            "its file ends before track {track} begins: it is not all there; copy it again"
        ))),
        None => Ok(()),
    }
}

/// Refuses a file of nothing but zeros, as a download has its place kept before anything came.
pub(super) fn check_sound(file: &Path) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(file)?);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        if bytes.iter().any(|byte| *byte != 0) {
            return Ok(());
        }
        let count = bytes.len();
        reader.consume(count);
    }
    Err(io::Error::other("its file holds nothing but zeros: it was not copied or downloaded; copy it again"))
}

/// `01:05:30`, in sectors; `None` where it is no time, which is for the ripper to tell.
fn sectors(time: &str) -> Option<u64> {
    let parts: Vec<u64> = time.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    match parts.as_slice() {
        [minutes, seconds, frames] if *minutes < 1000 && *seconds < 60 && *frames < 75 => {
            Some((minutes * 60 + seconds) * 75 + frames)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn refusal(mode: &str, start: &str, bytes: u64) -> Option<String> {
        let sheet = format!("FILE \"a.bin\" BINARY\r\n  track 01 {mode}\r\n    INDEX 01 {start}\r\n");
        check(sheet.as_bytes(), bytes).err().map(|error| error.to_string())
    }

    #[test]
    fn only_whole_raw_sectors_are_read() {
        for mode in ["AUDIO", "audio", "CDG", "MODE1/2352", "MODE2/2352"] {
            assert_eq!(refusal(mode, "00:00:00", 2352 * 300), None, "{mode}");
        }
        for mode in ["MODE1/2048", "MODE2/2336", "CDI/2336"] {
            let said = refusal(mode, "00:00:00", 2352 * 300).unwrap();
            assert!(said.starts_with(&format!("track 01 is {mode}, and only")), "{said}");
        }
        assert!(refusal("AUDIO", "00:00:00", 2448 * 301).unwrap().contains("subchannels"));
        assert!(refusal("AUDIO", "00:00:00", 2352 * 300 + 1001).unwrap().contains("cut off"));
        assert!(refusal("AUDIO", "00:04:00", 2352 * 300).unwrap().contains("ends before track 01"));
        assert_eq!(refusal("AUDIO", "00:03:74", 2352 * 300), None);
    }
}
