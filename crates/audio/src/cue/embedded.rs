//! The sheet inside of a FLAC: the comment `CUESHEET`, which has names, else the block, which only has places.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use ferrotape_domain::{AudioFormat, Isrc};

use crate::cue::sheet::{CueFile, CueSheet, CueTrack, Start};
use crate::cue::{LARGEST, sheet_of};
use crate::formats::sniff::Recognised;
use crate::formats::watched::read_whole;

/// Blocks of metadata looked at.
const MOST_BLOCKS: usize = 128;
const COMMENTS: u8 = 4;
const CUE_SHEET: u8 = 5;

/// The sheet inside of `file`, if there is one.
pub(crate) fn embedded_sheet(file: &mut File, what: &Recognised) -> io::Result<Option<CueSheet>> {
    if what.format != AudioFormat::Flac {
        return Ok(None);
    }
    let (mut at, mut block_sheet) = (what.start + 4, None);
    for _ in 0..MOST_BLOCKS {
        let mut head = [0; 4];
        file.seek(SeekFrom::Start(at))?;
        if !read_whole(file, &mut head)? {
            break;
        }
        let [kind, a, b, c] = head;
        let len = u64::from(u32::from_be_bytes([0, a, b, c]));
        if matches!(kind & 0x7f, COMMENTS | CUE_SHEET) && len <= 4 * LARGEST {
            let mut body = Vec::new();
            file.by_ref().take(len).read_to_end(&mut body)?;
            if kind & 0x7f == CUE_SHEET {
                block_sheet = of_block(&body);
            } else if let Some(text) = comment(&body) {
                return Ok(Some(sheet_of(text)));
            }
        }
        if kind & 0x80 != 0 {
            break;
        }
        at += 4 + len;
    }
    Ok(block_sheet)
}

/// The value of the comment `CUESHEET`.
fn comment(body: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"CUESHEET=";
    let mut rest = body.get(4 + len_at(body, 0)?..)?;
    let count = len_at(rest, 0)?;
    rest = rest.get(4..)?;
    for _ in 0..count {
        let len = len_at(rest, 0)?;
        let field = rest.get(4..4usize.checked_add(len)?)?;
        if field.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
            return field.get(NAME.len()..).filter(|text| text.len() as u64 <= LARGEST);
        }
        rest = rest.get(4 + len..)?;
    }
    None
}

fn len_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// 396 bytes, then the tracks: 36 bytes each, and 12 for each of their marks.
fn of_block(body: &[u8]) -> Option<CueSheet> {
    let count = usize::from(*body.get(395)?);
    let mut rest = body.get(396..)?;
    let mut file = CueFile::default();
    for _ in 0..count {
        let (track, marks) = (rest.get(..36)?, usize::from(*rest.get(35)?));
        let (offset, number) = (number(track.get(..8)?), *track.get(8)?);
        let marks_end = 36 + marks * 12;
        // Mark 1 is where players begin.
        let of_mark = |mark: &[u8]| (mark.get(8) == Some(&1)).then(|| number_in(mark.get(..8)));
        let first = rest.get(36..marks_end)?.chunks_exact(12).find_map(of_mark).unwrap_or(0);
        rest = rest.get(marks_end..)?;
        // 170 (or 255) is where the disc ends; a track of any other number begins where the one before it ends.
        if !matches!(number, 1..=170 | 255)
            && let Some(before) = file.tracks.last_mut()
        {
            before.has_no_end = true;
        }
        if (1..170).contains(&number) {
            file.tracks.push(CueTrack {
                number: u32::from(number),
                is_sound: track.get(21).is_some_and(|flags| flags & 0x80 == 0),
                isrc: track.get(9..21).and_then(|code| Isrc::parse(std::str::from_utf8(code).ok()?).ok()),
                start: Some(Start::Sample(offset.saturating_add(first))),
                ..CueTrack::default()
            });
        }
    }
    Some(CueSheet { files: vec![file], ..CueSheet::default() })
}

fn number_in(bytes: Option<&[u8]>) -> u64 {
    bytes.map_or(0, number)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_knows_where_a_track_before_one_of_no_number_ends() {
        let track = |start: u64, number: u8| {
            let mut track = [0; 36];
            track[..8].copy_from_slice(&start.to_be_bytes());
            track[8] = number;
            track
        };
        let mut body = vec![0; 395];
        body.push(4);
        for (start, number) in [(0, 1), (10, 200), (20, 3), (30, 170)] {
            body.extend(track(start, number));
        }
        let sheet = of_block(&body).unwrap();
        let ends: Vec<(u32, bool)> =
            sheet.files[0].tracks.iter().map(|track| (track.number, track.has_no_end)).collect();
        assert_eq!(ends, [(1, true), (3, false)]);
    }
}
