//! What a source is, told of its bytes while they are copied: none of them is read again for that.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use twox_hash::XxHash3_128;

use crate::formats::sniff::Recognised;
use crate::make::sound_id::{SoundId, add_quick, begun_for, has_no_container};
use crate::probe::sum_of;

/// A source of which every byte was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRead {
    /// What [`quick_sound_id`](crate::quick_sound_id) would tell, where that is of its frames.
    pub quick: Option<SoundId>,
    /// What [`whole_sum`](crate::whole_sum) would tell, where that was asked for.
    pub whole: Option<String>,
}

/// A source that is being read; its sound is nothing but frames.
pub(super) struct SourceReading<'a> {
    source: &'a File,
    what: &'a Recognised,
    sound: XxHash3_128,
    whole: Option<blake3::Hasher>,
}

impl<'a> SourceReading<'a> {
    /// Reads what lies in front of the frames, where a sum of all bytes is `wanted`.
    pub(super) fn begin((source, what): (&'a File, &'a Recognised), wanted: bool) -> io::Result<Self> {
        let whole = if wanted { Some(blake3::Hasher::new()) } else { None };
        let mut reading = Self { source, what, sound: XxHash3_128::new(), whole };
        reading.rest(0, what.start)?;
        Ok(reading)
    }

    /// Takes the next bytes of its sound.
    pub(super) fn sound(&mut self, bytes: &[u8]) {
        self.sound.write(bytes);
        if let Some(whole) = &mut self.whole {
            whole.update(bytes);
        }
    }

    /// All of its sound was taken; `len` is that of the file.
    pub(super) fn end(mut self, len: u64) -> io::Result<SourceRead> {
        self.rest(self.what.end, len)?;
        let mut hasher = begun_for(self.what.format);
        add_quick(&self.sound, &mut hasher);
        let quick = SoundId(hasher.finalize().to_hex().to_string());
        let quick = Some(quick).filter(|_| has_no_container(self.what));
        Ok(SourceRead { quick, whole: self.whole.as_ref().map(sum_of) })
    }

    /// What is no sound counts for the sum of all alone.
    fn rest(&mut self, from: u64, to: u64) -> io::Result<()> {
        let Some(whole) = &mut self.whole else { return Ok(()) };
        self.source.seek(SeekFrom::Start(from))?;
        whole.update_reader(self.source.take(to.saturating_sub(from)))?;
        Ok(())
    }
}
