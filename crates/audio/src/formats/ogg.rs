//! The pages of an Ogg file: where some of them are lost.
//!
//! Each page has a number, a checksum, and the position in the sound at which the last packet that ends in it ends. Readers
//! leave out what is damaged and go on with the next good page without a word; numbers, positions and the bytes that are no
//! page tell that something is missing.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Take};

/// Before the table of a page's segments.
const HEAD: usize = 27;
/// With 255 segments of 255 bytes.
const LONGEST_PAGE: usize = HEAD + 255 + 255 * 255;
/// Bytes read at a time.
const STEP: u64 = 1 << 20;
/// Stretches that may be lost in one file; more are not a file that anybody wants to hear.
const MOST_HOLES: usize = 10_000;
/// Between two recordings of a chain may stand tags; what is longer may have been a recording.
const MOST_BETWEEN: usize = 64 << 10;
/// Bytes of pages whose sum is another: a mark costs four bytes and may promise a page of 64 KB, which is summed before the
/// next mark is tried. Five hundred damaged pages of the longest are not a file that anybody wants to hear either.
const MOST_IN_VAIN: usize = 32 << 20;
/// Streams of one recording: a film with all its languages has fewer.
const MOST_STREAMS: usize = 1_000;

const SUM: crc::Algorithm<u32> = crc::Algorithm {
    width: 32,
    poly: 0x04c1_1db7,
    init: 0,
    refin: false,
    refout: false,
    xorout: 0,
    check: 0x89a1_897f,
    residue: 0,
};
static PAGE_CRC: crc::Crc<u32, crc::Table<16>> = crc::Crc::<u32, crc::Table<16>>::new(&SUM);

/// A stretch of one stream of which pages are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hole {
    /// Which of the recordings that follow each other in the file it is in, the first being 1.
    pub(crate) link: u32,
    /// The stream.
    pub(crate) serial: u32,
    /// The position before it; `None` at the start.
    pub(crate) from: Option<i64>,
    /// The position at the end of the first page behind it that gives a packet.
    pub(crate) to: i64,
}

/// What is lost of a file.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// In the order of the file.
    pub(crate) holes: VecDeque<Hole>,
    /// Whether something is lost of which nobody can tell how long it was.
    pub(crate) is_unclear: bool,
}

/// Looks through the pages of `file` between `start` and `end`.
pub(crate) fn survey(file: &File, start: u64, end: u64) -> io::Result<Survey> {
    let mut pages = Pages::of(file, start, end)?;
    let mut seen = Seen::default();
    while let Some(page) = pages.next()? {
        seen.take(&page);
        seen.survey.is_unclear |= seen.survey.holes.len() > MOST_HOLES || seen.streams.len() > MOST_STREAMS;
        if seen.survey.is_unclear {
            break;
        }
    }
    seen.survey.is_unclear |= pages.is_given_up();
    Ok(seen.survey)
}

/// What is known of one stream so far.
struct Stream {
    number: u32,
    /// That the last packet ended at; `None` before the first that is sound.
    position: Option<i64>,
    /// Whether pages are lost since then.
    has_lost: bool,
    has_ended: bool,
}

#[derive(Default)]
struct Seen {
    survey: Survey,
    link: u32,
    /// Whether the last page began a stream: those of one recording begin together.
    is_beginning: bool,
    /// Whether bytes of this recording were no pages.
    is_damaged: bool,
    streams: HashMap<u32, Stream>,
}

impl Seen {
    fn take(&mut self, page: &Page) {
        if page.begins {
            self.begin(page);
            return;
        }
        self.is_beginning = false;
        self.is_damaged |= page.skipped > 0;
        let Some(stream) = self.streams.get_mut(&page.serial) else {
            // Its first page is lost, and with it everybody passes over the rest.
            self.survey.is_unclear |= self.is_damaged;
            return;
        };
        // Programs that write longer tags into a file do not always number the pages behind them anew.
        let is_gap = page.number != stream.number.wrapping_add(1) && stream.position.is_some();
        stream.has_lost |= is_gap || page.skipped > 0;
        stream.number = page.number;
        stream.has_ended = page.ends;
        // Behind a hole the end of a packet whose beginning is lost gives nothing.
        let useless = usize::from(page.continues && stream.has_lost);
        let Some(to) = page.position.filter(|_| page.packets > useless) else { return };
        if stream.has_lost {
            // In a later recording it may be the headers that are lost, and so all of it.
            let is_headless = stream.position.is_none() && self.link > 1;
            let goes_back = stream.position.is_some_and(|from| to < from);
            self.survey.is_unclear |= self.is_damaged && (is_headless || goes_back);
            let hole = Hole { link: self.link, serial: page.serial, from: stream.position, to };
            // Headers stand at position 0.
            if to > 0 {
                self.survey.holes.push_back(hole);
            }
            stream.has_lost = to <= 0;
        }
        if to > 0 {
            stream.position = Some(to);
        }
    }

    fn begin(&mut self, page: &Page) {
        if !self.is_beginning {
            let have_ended = self.streams.values().all(|stream| stream.has_ended);
            let is_lost = page.skipped > MOST_BETWEEN || (page.skipped > 0 && !have_ended);
            self.survey.is_unclear |= self.link > 0 && is_lost;
            self.link = self.link.saturating_add(1);
            self.streams.clear();
            self.is_damaged = false;
            self.is_beginning = true;
        }
        let stream = Stream { number: page.number, position: None, has_lost: false, has_ended: page.ends };
        self.streams.insert(page.serial, stream);
    }
}

struct Page {
    serial: u32,
    number: u32,
    position: Option<i64>,
    begins: bool,
    continues: bool,
    ends: bool,
    /// That end in it.
    packets: usize,
    /// Bytes before it that belong to no page.
    skipped: usize,
}

/// What stands where a page may begin.
enum Found {
    /// A page, and its length.
    Page(Page, usize),
    /// What looks like one, is so long, and has another sum.
    Damaged(usize),
    Nothing,
}

impl Page {
    /// What `bytes` begin with.
    fn read(bytes: &[u8]) -> Found {
        let Some((head, whole)) = Self::whole(bytes) else { return Found::Nothing };
        match Self::of(head, whole) {
            Some(page) => Found::Page(page, whole.len()),
            None => Found::Damaged(whole.len()),
        }
    }

    /// The bytes of what says that it is a page, as far as it says, and its head.
    fn whole(bytes: &[u8]) -> Option<(&[u8; HEAD], &[u8])> {
        let head: &[u8; HEAD] = bytes.first_chunk()?;
        if !head.starts_with(b"OggS\0") || head[5] & 0xf8 != 0 {
            return None;
        }
        let segments = bytes.get(HEAD..HEAD + usize::from(head[26]))?;
        let len = HEAD + segments.len() + segments.iter().map(|len| usize::from(*len)).sum::<usize>();
        Some((head, bytes.get(..len)?))
    }

    /// `None` where the sum is another.
    fn of(head: &[u8; HEAD], whole: &[u8]) -> Option<Self> {
        let segments = whole.get(HEAD..HEAD + usize::from(head[26]))?;
        let field = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let mut digest = PAGE_CRC.digest();
        digest.update(&head[..22]);
        digest.update(&[0; 4]);
        digest.update(whole.get(26..)?);
        if digest.finalize() != field(22) {
            return None;
        }
        let position = (u64::from(field(10)) << 32 | u64::from(field(6))) as i64;
        Some(Self {
            serial: field(14),
            number: field(18),
            position: Some(position).filter(|position| *position != -1),
            begins: head[5] & 2 != 0,
            continues: head[5] & 1 != 0,
            ends: head[5] & 4 != 0,
            packets: segments.iter().filter(|len| **len < 255).count(),
            skipped: 0,
        })
    }
}

/// The pages of a file, one after the other.
struct Pages<'f> {
    file: Take<&'f File>,
    buffer: Vec<u8>,
    at: usize,
    has_ended: bool,
    /// Bytes that were summed and were no page.
    in_vain: usize,
}

impl<'f> Pages<'f> {
    fn of(mut file: &'f File, start: u64, end: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        let file = file.take(end.saturating_sub(start));
        Ok(Self { file, buffer: Vec::new(), at: 0, has_ended: false, in_vain: 0 })
    }

    /// Whether there is so much that only looks like pages that the rest was not looked at.
    fn is_given_up(&self) -> bool {
        self.in_vain > MOST_IN_VAIN
    }

    fn next(&mut self) -> io::Result<Option<Page>> {
        let mut skipped = 0;
        loop {
            self.fill()?;
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            if rest.is_empty() || self.is_given_up() {
                return Ok(None);
            }
            match Page::read(rest) {
                Found::Page(page, len) => {
                    self.at += len;
                    return Ok(Some(Page { skipped, ..page }));
                }
                Found::Damaged(len) => self.in_vain += len,
                Found::Nothing => {}
            }
            let behind = rest.get(1..).unwrap_or_default();
            let next = behind.windows(4).position(|four| four == b"OggS");
            // The last bytes may be the beginning of a mark.
            let step = next.map_or(rest.len().saturating_sub(3), |next| next + 1).max(1);
            self.at += step;
            skipped += step;
        }
    }

    /// Reads on until a whole page must lie in the buffer, or the file ends.
    fn fill(&mut self) -> io::Result<()> {
        while !self.has_ended && self.buffer.len().saturating_sub(self.at) < LONGEST_PAGE {
            self.buffer.drain(..self.at);
            self.at = 0;
            self.has_ended = self.file.by_ref().take(STEP).read_to_end(&mut self.buffer)? == 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A page of one packet of ten bytes. `kind` is 2 for the first page of a stream, 4 for the last, 1 where it goes on.
    fn page(serial: u32, number: u32, kind: u8, position: i64) -> Vec<u8> {
        let mut bytes = b"OggS\0".to_vec();
        bytes.push(kind);
        bytes.extend(position.to_le_bytes());
        bytes.extend(serial.to_le_bytes());
        bytes.extend(number.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend([1, 10]);
        bytes.extend([number as u8; 10]);
        let sum = PAGE_CRC.checksum(&bytes).to_le_bytes();
        bytes[22..26].copy_from_slice(&sum);
        bytes
    }

    /// A stream of two headers and six pages of sound, 1000 samples each.
    fn stream(serial: u32) -> Vec<Vec<u8>> {
        let mut pages = vec![page(serial, 0, 2, 0), page(serial, 1, 0, 0)];
        pages.extend((2..8u32).map(|number| {
            let kind = if number == 7 { 4 } else { 0 };
            page(serial, number, kind, i64::from(number - 1) * 1000)
        }));
        pages
    }

    fn survey_of(pages: &[Vec<u8>]) -> Survey {
        let mut file = tempfile::tempfile().unwrap();
        let bytes = pages.concat();
        file.write_all(&bytes).unwrap();
        survey(&file, 0, bytes.len() as u64).unwrap()
    }

    fn hole(link: u32, serial: u32, from: Option<i64>, to: i64) -> Hole {
        Hole { link, serial, from, to }
    }

    #[test]
    fn the_sum_is_ogg_s() {
        assert_eq!(PAGE_CRC.checksum(b"123456789"), SUM.check);
    }

    #[test]
    fn a_whole_file_has_no_holes_and_neither_have_recordings_that_follow_each_other() {
        for pages in [stream(7), [stream(7), stream(8), stream(8)].concat()] {
            let found = survey_of(&pages);
            assert!(found.holes.is_empty() && !found.is_unclear, "{found:?}");
        }
    }

    #[test]
    fn lost_pages_show_whether_they_are_cut_out_or_spoilt() {
        let mut cut = stream(7);
        cut.drain(4..6);
        assert_eq!(survey_of(&cut).holes, [hole(1, 7, Some(2000), 5000)]);
        let mut spoilt = stream(7);
        spoilt[4][30] ^= 1;
        spoilt[5].fill(0);
        assert_eq!(survey_of(&spoilt).holes, [hole(1, 7, Some(2000), 5000)]);
        // Behind it the end of a packet that began in the hole is no packet.
        spoilt[6] = page(7, 6, 1, 5000);
        assert_eq!(survey_of(&spoilt).holes, [hole(1, 7, Some(2000), 6000)]);
        let mut first = stream(7);
        first[2].fill(0);
        assert_eq!(survey_of(&first).holes, [hole(1, 7, None, 2000)]);
    }

    #[test]
    fn pages_that_were_numbered_otherwise_behind_the_tags_are_no_hole() {
        let mut pages = stream(7);
        pages[2..].iter_mut().zip(9u32..).for_each(|(one, number)| {
            let position = i64::from(number - 8) * 1000;
            *one = page(7, number, if number == 14 { 4 } else { 0 }, position);
        });
        // A stream that somebody joined late begins late, and nothing of it is lost.
        let mut late = stream(7);
        late.drain(2..5);
        for pages in [pages, late] {
            let found = survey_of(&pages);
            assert!(found.holes.is_empty() && !found.is_unclear, "{found:?}");
        }
    }

    #[test]
    fn a_recording_of_a_chain_that_lost_its_headers_or_its_end_is_unclear() {
        let whole = || [stream(7), stream(8)].concat();
        assert!(!survey_of(&whole()).is_unclear);
        // The last page of the first, and all headers of the second, one after the other.
        for lost in [7, 8, 9] {
            let mut pages = whole();
            pages[lost].fill(0);
            assert!(survey_of(&pages).is_unclear, "page {lost}");
        }
        // Tags between two of them are nobody's loss.
        let mut tagged = whole();
        tagged[7].extend([b'x'; 128]);
        assert!(!survey_of(&tagged).is_unclear);
    }

    /// Marks one behind the other, each of which promises the longest page there is.
    fn false_marks(bytes: usize) -> Vec<u8> {
        let mark = [b"OggS\0\0".as_slice(), &[0xff; 26]].concat();
        mark.repeat(bytes / mark.len())
    }

    #[test]
    fn what_only_looks_like_pages_is_given_up_before_much_is_summed() {
        let mut pages = stream(7);
        pages[4].extend(false_marks(1 << 20));
        let bytes = pages.concat();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let mut read = Pages::of(&file, 0, bytes.len() as u64).unwrap();
        let mut good = 0;
        while read.next().unwrap().is_some() {
            good += 1;
        }
        assert_eq!(good, 5, "what stands behind them is not looked at");
        assert!(read.is_given_up());
        assert!(read.in_vain <= MOST_IN_VAIN + LONGEST_PAGE, "{} bytes", read.in_vain);
        assert!(survey_of(&pages).is_unclear);
    }

    #[test]
    fn a_few_false_marks_cost_the_pages_behind_them_nothing() {
        let mut pages = stream(7);
        pages[4].extend(false_marks(64 << 10));
        let found = survey_of(&pages);
        assert_eq!((found.holes, found.is_unclear), (VecDeque::from([hole(1, 7, Some(3000), 4000)]), false));
    }

    #[test]
    fn a_recording_of_more_streams_than_any_has_is_unclear() {
        let begin = |serial: u32| page(serial, 0, 2, 0);
        for (streams, is_unclear) in [(MOST_STREAMS as u32, false), (MOST_STREAMS as u32 + 1, true)] {
            let pages: Vec<Vec<u8>> = (0..streams).map(begin).collect();
            assert_eq!(survey_of(&pages).is_unclear, is_unclear, "{streams}");
        }
    }

    #[test]
    fn bytes_that_are_no_ogg_are_read_to_their_end() {
        for bytes in [vec![b"OggS".repeat(40_000)], vec![vec![0; 3 << 20]], vec![b"Ogg".to_vec()], vec![]] {
            let found = survey_of(&bytes);
            assert!(found.holes.is_empty() && !found.is_unclear);
        }
    }
}
