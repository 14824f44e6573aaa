//! WAVE files of more than 4 GiB: RF64 and BW64 (EBU, ITU) and Sony's Wave64, shown to readers as plain WAVE.
//!
//! Only the frame of chunks differs. What readers get is a small RIFF header with the format's own description, then
//! the sound itself with its length left open, as a recorder would write it; its true length is kept here.

use std::io::{self, Read, Seek, SeekFrom};

/// Most chunks walked over.
const MOST_CHUNKS: usize = 1024;
/// Largest description, and largest tags, taken over.
const MOST_FORMAT: u64 = 1 << 10;
const MOST_TAGS: u64 = 32 << 20;

/// What stands where in a large WAVE file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LargeWave {
    /// The body of the `fmt ` chunk.
    pub(crate) format: Vec<u8>,
    /// First byte of the sound, and one past its last in the file.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Bytes of sound that the header promises.
    pub(crate) promised: Option<u64>,
    /// Where `LIST` and `id3 ` chunks stand: their body's first byte and length.
    tags: Vec<([u8; 4], u64, u64)>,
}

impl LargeWave {
    /// Reads the chunks of the file of `len` bytes at `start`; `None` when there is no sound or description.
    pub(crate) fn read<R: Read + Seek>(file: &mut R, start: u64, len: u64) -> io::Result<Option<Self>> {
        file.seek(SeekFrom::Start(start))?;
        let mut magic = [0; 4];
        file.read_exact(&mut magic)?;
        let sony = magic == *b"riff";
        let mut found = Self { format: Vec::new(), start: 0, end: 0, promised: None, tags: Vec::new() };
        let mut at = start + if sony { 40 } else { 12 };
        let mut data_size = None;
        for _ in 0..MOST_CHUNKS {
            file.seek(SeekFrom::Start(at))?;
            let Some((kind, head, size)) = chunk(file, sony)? else { break };
            let body = at + head;
            match &kind {
                b"fmt " => {
                    file.by_ref().take(size.min(MOST_FORMAT)).read_to_end(&mut found.format)?;
                    // Wave64 counts its padding, too; the description says how long it is.
                    if found.format.len() > 18 {
                        found.format.truncate(18 + usize::from(found.word(16).unwrap_or(0)));
                    }
                }
                b"ds64" => {
                    let mut sizes = Vec::new();
                    file.by_ref().take(16).read_to_end(&mut sizes)?;
                    data_size = sizes.get(8..16).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
                }
                b"LIST" | b"id3 " | b"ID3 " if found.tags.len() < 8 => found.tags.push((kind, body, size)),
                _ => {}
            }
            let mut size = size;
            if kind == *b"data" && found.start == 0 {
                if !sony && size == u64::from(u32::MAX) {
                    size = data_size.unwrap_or(u64::MAX);
                }
                let there = len.saturating_sub(body);
                found.promised = Some(size).filter(|size| *size > 0 && *size < u64::MAX >> 1);
                (found.start, found.end) =
                    (body, body + found.promised.map_or(there, |size| size.min(there)));
            }
            let step = if sony { size.checked_next_multiple_of(8) } else { size.checked_add(size & 1) };
            match step.and_then(|step| body.checked_add(step)) {
                Some(next) if next < len => at = next,
                _ => break,
            }
        }
        Ok((found.start > 0 && found.format.len() >= 14).then_some(found))
    }

    /// Bytes of one sample of all channels.
    pub(crate) fn block(&self) -> u64 {
        self.word(12).map_or(1, u64::from).max(1)
    }

    /// Samples per second.
    pub(crate) fn rate(&self) -> u32 {
        self.format.get(4..8).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
    }

    fn word(&self, at: usize) -> Option<u16> {
        self.format.get(at..at + 2).and_then(|b| b.try_into().ok()).map(u16::from_le_bytes)
    }

    /// What the samples are coded as, by WAVE's numbers.
    pub(crate) fn coding(&self) -> u16 {
        let coding = self.word(0).unwrap_or(0);
        if coding == 0xfffe { self.word(24).unwrap_or(0) } else { coding }
    }

    /// A RIFF header for the sound, which is of unknown length.
    pub(crate) fn front(&self) -> Vec<u8> {
        self.riff(&[], u32::MAX, u32::MAX)
    }

    /// A small RIFF file with the description and the tags, and next to no sound.
    pub(crate) fn without_sound<R: Read + Seek>(&self, file: &mut R) -> io::Result<Vec<u8>> {
        let mut tags = Vec::new();
        for (kind, at, size) in &self.tags {
            if *size > MOST_TAGS || tags.len() as u64 > MOST_TAGS {
                continue;
            }
            let mut body = Vec::new();
            file.seek(SeekFrom::Start(*at))?;
            file.by_ref().take(*size).read_to_end(&mut body)?;
            tags.extend_from_slice(kind);
            tags.extend_from_slice(&(body.len() as u32).to_le_bytes());
            if body.len() % 2 == 1 {
                body.push(0);
            }
            tags.extend(body);
        }
        // Readers of tags take a file without any sound for a broken one.
        let sound = u32::from(self.word(12).unwrap_or(1)).max(1);
        let size = 4 + 8 + self.padded().len() + tags.len() + 8 + sound as usize;
        let mut small = self.riff(&tags, size as u32, sound);
        small.resize(small.len() + sound as usize, 0);
        Ok(small)
    }

    fn padded(&self) -> Vec<u8> {
        let mut format = self.format.clone();
        if format.len() % 2 == 1 {
            format.push(0);
        }
        format
    }

    fn riff(&self, tags: &[u8], size: u32, sound: u32) -> Vec<u8> {
        let format = self.padded();
        let mut front = b"RIFF".to_vec();
        front.extend_from_slice(&size.to_le_bytes());
        front.extend_from_slice(b"WAVEfmt ");
        front.extend_from_slice(&(self.format.len() as u32).to_le_bytes());
        front.extend_from_slice(&format);
        front.extend_from_slice(tags);
        front.extend_from_slice(b"data");
        front.extend_from_slice(&sound.to_le_bytes());
        front
    }
}

/// Name, bytes of the head and bytes of the body of the chunk that begins here.
fn chunk<R: Read + Seek>(file: &mut R, sony: bool) -> io::Result<Option<([u8; 4], u64, u64)>> {
    let mut head = [0; 24];
    let len = if sony { 24 } else { 8 };
    match file.read_exact(head.get_mut(..len).unwrap_or_default()) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let kind = [head[0], head[1], head[2], head[3]];
    if !sony {
        return Ok(Some((kind, 8, u32::from_le_bytes([head[4], head[5], head[6], head[7]]).into())));
    }
    // Sixteen bytes of name, then the size with this head.
    let size = head.get(16..24).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes);
    Ok(size.checked_sub(24).map(|size| (kind, 24, size)))
}
