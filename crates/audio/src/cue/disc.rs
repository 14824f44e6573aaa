//! Which disc a sheet is of, as far as it says: most rippers write a number into it (`REM DISCID`) that is made of where the
//! tracks of the disc begin, and how long all of it is.

use std::time::Duration;

use crate::cue::sheet::{CueSheet, FRAMES_A_SECOND, Start};

/// What stands before the first track of a usual disc, in 1/75 s.
const LEAD_IN: u64 = 150;

impl CueSheet {
    /// Whether it tells the number of a disc whose sound is in files of these lengths, one for each `FILE`.
    pub fn is_of_disc(&self, lengths: &[Duration]) -> bool {
        let Some(said) = self.disc_id else { return false };
        let Some((starts, end)) = places(self, lengths) else { return false };
        // Before the first track of many a disc is a little more, which no ripper keeps.
        (LEAD_IN..LEAD_IN + FRAMES_A_SECOND).any(|lead| number_of(lead, &starts, end) == u64::from(said))
    }
}

/// Where the tracks begin, and where the last ends; `None` where that is not known of each.
fn places(sheet: &CueSheet, lengths: &[Duration]) -> Option<(Vec<u64>, u64)> {
    if sheet.files.len() != lengths.len() {
        return None;
    }
    let (mut starts, mut passed) = (Vec::new(), Duration::ZERO);
    for (file, length) in sheet.files.iter().zip(lengths) {
        for track in &file.tracks {
            match track.start {
                Some(Start::Frame(start)) if track.is_sound => {
                    starts.push(frames(passed).saturating_add(start));
                }
                _ => return None,
            }
        }
        if file.has_lost {
            return None;
        }
        passed = passed.checked_add(*length)?;
    }
    (!starts.is_empty()).then(|| (starts, frames(passed)))
}

fn frames(length: Duration) -> u64 {
    (length.as_secs_f64() * FRAMES_A_SECOND as f64).round() as u64
}

/// The number of such a disc, as the first register of discs made it.
fn number_of(lead: u64, starts: &[u64], end: u64) -> u64 {
    let second = |place: u64| place.saturating_add(lead) / FRAMES_A_SECOND;
    let first = starts.first().map_or(0, |first| second(*first));
    let sum: u64 = starts.iter().map(|start| digits_of(second(*start))).sum();
    let seconds = second(end).saturating_sub(first) & 0xffff;
    let tracks = starts.len() as u64 & 0xff;
    (sum % 0xff) << 24 | seconds << 8 | tracks
}

/// Their sum.
fn digits_of(number: u64) -> u64 {
    std::iter::successors(Some(number), |rest| Some(rest / 10).filter(|rest| *rest > 0))
        .map(|rest| rest % 10)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_files(number: &str) -> CueSheet {
        let file =
            |at: u32| format!("FILE \"Track0{at}.wav\" WAVE\n  TRACK 0{at} AUDIO\n    INDEX 01 00:00:00\n");
        CueSheet::parse(&format!("REM DISCID {number}\n{}{}{}", file(1), file(2), file(3)))
    }

    fn lasting(milliseconds: u64) -> [Duration; 3] {
        [Duration::from_millis(milliseconds); 3]
    }

    #[test]
    fn the_number_of_a_disc_is_that_of_its_lengths() {
        // Tracks that begin at 2, 12 and 22 s, and 30 s of sound.
        for number in ["09001E03", "09001e03", "\"09001E03\""] {
            assert!(of_files(number).is_of_disc(&lasting(10_000)), "{number}");
            assert!(!of_files(number).is_of_disc(&lasting(12_000)), "{number}");
            assert!(!of_files(number).is_of_disc(&lasting(10_000)[..2]), "{number}");
        }
        let image = "REM DISCID 09001E03\nFILE \"disc.wav\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n  \
                     TRACK 02 AUDIO\n    INDEX 01 00:10:00\n  TRACK 03 AUDIO\n    INDEX 01 00:20:00\n";
        let image = CueSheet::parse(image);
        assert!(image.is_of_disc(&[Duration::from_secs(30)]));
        assert!(!image.is_of_disc(&[Duration::from_secs(45)]));
    }

    #[test]
    fn a_little_more_before_the_first_track_changes_the_number_alone() {
        // With 50/75 s more the tracks begin at 2, 13 and 23 s, and all of it is 32 s; without, 2, 12, 23 and 31 s.
        for (number, is_it) in [("0B002003", true), ("0A001F03", true), ("0C002003", false)] {
            assert_eq!(of_files(number).is_of_disc(&lasting(10_500)), is_it, "{number}");
        }
    }

    #[test]
    fn a_sheet_without_a_number_or_with_what_is_no_sound_tells_nothing() {
        assert!(!of_files("").is_of_disc(&lasting(10_000)));
        let mut with_data = of_files("09001E03");
        with_data.files[2].tracks[0].is_sound = false;
        assert!(!with_data.is_of_disc(&lasting(10_000)));
        let mut with_loss = of_files("09001E03");
        with_loss.files[1].has_lost = true;
        assert!(!with_loss.is_of_disc(&lasting(10_000)));
    }
}
