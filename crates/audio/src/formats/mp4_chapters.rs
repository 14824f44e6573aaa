//! The chapters of an MP4 file, as audiobooks have them: QuickTime's, a track of texts that the sound track names, else
//! Nero's list. lofty reads neither, Symphonia only the list.
//!
//! Where both are there the track wins: the list has room for 255 chapters and 255 bytes of a title.

use std::io::{self, Read, Seek, SeekFrom};

use ferrotape_domain::Chapter;

use crate::formats::mp4::{be32, be64};

/// Chapters read, and boxes looked at on one level.
const MOST_CHAPTERS: usize = 4_000;
const MOST_BOXES: usize = 4_096;
/// Largest table read, and longest title in bytes.
const MOST_BYTES: u64 = 1 << 20;
const LONGEST_TITLE: u64 = 4_000;
/// For the last chapter: to the end of the sound.
const OPEN_END_MS: u64 = u32::MAX as u64;
/// Ticks of Nero's list in a millisecond.
const NERO_TICKS: u64 = 10_000;

/// The chapters of `file`, `len` bytes long, by their beginning. None where there are none or they make no sense.
pub(crate) fn read_chapters<R: Read + Seek>(file: &mut R, len: u64) -> io::Result<Vec<Chapter>> {
    let mut boxes = Boxes { file };
    let whole = Place { start: 0, end: len };
    let Some(movie) = boxes.child(whole, b"moov")? else { return Ok(Vec::new()) };
    let mut chapters = boxes.quicktime(movie)?;
    if chapters.is_empty() {
        chapters = boxes.nero(movie)?;
    }
    chapters.sort_by_key(|(start_ms, _)| *start_ms);
    chapters.dedup_by_key(|(start_ms, _)| *start_ms);
    let ends: Vec<u64> =
        chapters.iter().skip(1).map(|(start_ms, _)| *start_ms).chain([OPEN_END_MS]).collect();
    let chapters = chapters.into_iter().zip(ends);
    Ok(chapters.map(|((start_ms, title), end_ms)| Chapter { title, start_ms, end_ms }).collect())
}

/// Where the body of a box is.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u64,
    end: u64,
}

struct Boxes<'f, R> {
    file: &'f mut R,
}

type Titles = Vec<(u64, String)>;

impl<R: Read + Seek> Boxes<'_, R> {
    fn children(&mut self, parent: Place) -> io::Result<Vec<([u8; 4], Place)>> {
        let mut found = Vec::new();
        let mut at = parent.start;
        while at + 8 <= parent.end && found.len() < MOST_BOXES {
            let head = self.bytes(Place { start: at, end: parent.end.min(at + 16) })?;
            let (size, header) = match be32(&head, 0) {
                0 => (parent.end - at, 8),
                1 => (be64(&head, 8), 16),
                size => (u64::from(size), 8),
            };
            let kind = head.get(4..8).and_then(|kind| kind.try_into().ok());
            let (Some(kind), true) = (kind, size >= header) else { break };
            let next = at.saturating_add(size).min(parent.end);
            found.push((kind, Place { start: at + header, end: next.max(at + header) }));
            at = next;
        }
        Ok(found)
    }

    fn child(&mut self, parent: Place, kind: &[u8; 4]) -> io::Result<Option<Place>> {
        Ok(self.children(parent)?.into_iter().find(|(found, _)| found == kind).map(|(_, place)| place))
    }

    /// The box that is reached by these kinds, one inside the other.
    fn inside(&mut self, parent: Place, path: &[&[u8; 4]]) -> io::Result<Option<Place>> {
        let mut place = parent;
        for kind in path {
            match self.child(place, kind)? {
                Some(child) => place = child,
                None => return Ok(None),
            }
        }
        Ok(Some(place))
    }

    fn bytes(&mut self, place: Place) -> io::Result<Vec<u8>> {
        let len = place.end.saturating_sub(place.start).min(MOST_BYTES);
        self.file.seek(SeekFrom::Start(place.start))?;
        let mut bytes = Vec::new();
        self.file.by_ref().take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn table(&mut self, parent: Place, kind: &[u8; 4]) -> io::Result<Vec<u8>> {
        self.child(parent, kind)?.map_or(Ok(Vec::new()), |place| self.bytes(place))
    }

    fn nero(&mut self, movie: Place) -> io::Result<Titles> {
        let Some(place) = self.inside(movie, &[b"udta", b"chpl"])? else { return Ok(Vec::new()) };
        let body = self.bytes(place)?;
        // Version and flags; the first version also has four bytes that nobody explains.
        let mut rest = body.get(if body.first() == Some(&0) { 4 } else { 8 }..).unwrap_or_default();
        let Some((count, entries)) = rest.split_first() else { return Ok(Vec::new()) };
        rest = entries;
        let mut chapters = Titles::new();
        for _ in 0..*count {
            let Some(title) = rest.get(8).and_then(|len| rest.get(9..9 + usize::from(*len))) else { break };
            chapters.push((be64(rest, 0) / NERO_TICKS, text(title)));
            rest = rest.get(9 + title.len()..).unwrap_or_default();
        }
        Ok(chapters)
    }

    fn quicktime(&mut self, movie: Place) -> io::Result<Titles> {
        let tracks = self.children(movie)?.into_iter().filter(|(kind, _)| kind == b"trak");
        let tracks: Vec<Place> = tracks.map(|(_, place)| place).collect();
        let mut named = Vec::new();
        for track in &tracks {
            if let Some(place) = self.inside(*track, &[b"tref", b"chap"])? {
                named.extend(self.bytes(place)?.chunks_exact(4).map(|id| be32(id, 0)));
            }
        }
        for track in tracks {
            let header = self.table(track, b"tkhd")?;
            let id = be32(&header, if header.first() == Some(&1) { 20 } else { 12 });
            if !named.contains(&id) {
                continue;
            }
            // Another track it names may be of pictures.
            let handler = self.inside(track, &[b"mdia", b"hdlr"])?;
            let handler = handler.map_or(Ok(Vec::new()), |place| self.bytes(place))?;
            if matches!(handler.get(8..12), Some(b"text" | b"sbtl")) {
                return self.texts(track);
            }
        }
        Ok(Vec::new())
    }

    /// The samples of a track of texts, with their times.
    fn texts(&mut self, track: Place) -> io::Result<Titles> {
        let (Some(media), Some(samples)) =
            (self.child(track, b"mdia")?, self.inside(track, &[b"mdia", b"minf", b"stbl"])?)
        else {
            return Ok(Vec::new());
        };
        let header = self.table(media, b"mdhd")?;
        let scale = u64::from(be32(&header, if header.first() == Some(&1) { 20 } else { 12 })).max(1);
        let times = self.table(samples, b"stts")?;
        let runs = times.get(8..).unwrap_or_default().chunks_exact(8);
        let lengths = runs
            .flat_map(|run| std::iter::repeat_n(be32(run, 4), (be32(run, 0) as usize).min(MOST_CHAPTERS)));
        let places = self.sample_places(samples)?;
        let (mut chapters, mut at) = (Titles::new(), 0u64);
        for (place, length) in places.into_iter().zip(lengths).take(MOST_CHAPTERS) {
            let sample = self.bytes(place)?;
            let len = sample.get(..2).map_or(0, |len| usize::from(u16::from_be_bytes([len[0], len[1]])));
            let title = sample.get(2..).unwrap_or_default();
            chapters.push((at.saturating_mul(1_000) / scale, text(title.get(..len).unwrap_or(title))));
            at = at.saturating_add(u64::from(length));
        }
        Ok(chapters)
    }

    fn sample_places(&mut self, samples: Place) -> io::Result<Vec<Place>> {
        let sizes = self.table(samples, b"stsz")?;
        let (one_size, count) = (be32(&sizes, 4), (be32(&sizes, 8) as usize).min(MOST_CHAPTERS));
        let sizes = (0..count).map(|at| match one_size {
            0 => be32(&sizes, 12 + at * 4),
            size => size,
        });
        let short = self.table(samples, b"stco")?;
        let long = self.table(samples, b"co64")?;
        let chunks: Vec<u64> = match long.is_empty() {
            true => short.get(8..).unwrap_or_default().chunks_exact(4).map(|at| be32(at, 0).into()).collect(),
            false => long.get(8..).unwrap_or_default().chunks_exact(8).map(|at| be64(at, 0)).collect(),
        };
        let groups = self.table(samples, b"stsc")?;
        let groups: Vec<(u32, u32)> = groups
            .get(8..)
            .unwrap_or_default()
            .chunks_exact(12)
            .take(MOST_CHAPTERS)
            .map(|run| (be32(run, 0), be32(run, 4)))
            .collect();
        let (mut places, mut sizes) = (Vec::new(), sizes);
        for (chunk, start) in (1u32..).zip(chunks).take(MOST_CHAPTERS) {
            let group = groups.iter().rev().find(|(first, _)| *first <= chunk);
            let mut at = start;
            for size in sizes.by_ref().take(group.map_or(1, |(_, count)| *count as usize)) {
                let end = at.saturating_add(u64::from(size));
                places.push(Place { start: at, end: end.min(at.saturating_add(LONGEST_TITLE)) });
                at = end;
            }
        }
        Ok(places)
    }
}

/// UTF-16 where a mark says so, else UTF-8.
fn text(bytes: &[u8]) -> String {
    let pairs = |from: fn([u8; 2]) -> u16| -> String {
        let pairs = bytes.chunks_exact(2).skip(1).filter_map(|pair| Some(from(pair.try_into().ok()?)));
        char::decode_utf16(pairs).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    let text = match bytes {
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0').to_owned()
}
