//! What a source is, told of its bytes while they are copied: none of them is read again for that.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::formats::sniff::Recognised;
use crate::make::quick_sum::QuickSum;
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
    sound: QuickSum,
    whole: Option<blake3::Hasher>,
}

impl<'a> SourceReading<'a> {
    /// Reads what lies in front of the frames, where a sum of all bytes is `wanted`.
    pub(super) fn begin((source, what): (&'a File, &'a Recognised), wanted: bool) -> Self {
        let whole = if wanted { Some(blake3::Hasher::new()) } else { None };
        let mut reading = Self { source, what, sound: QuickSum::default(), whole };
        reading.rest(0, what.start);
        reading
    }

    /// Takes the next bytes of its sound.
    pub(super) fn sound(&mut self, bytes: &[u8]) {
        self.sound.add(bytes);
        if let Some(whole) = &mut self.whole {
            whole.update(bytes);
        }
    }

    /// All of its sound was taken; `len` is that of the file.
    pub(super) fn end(mut self, len: u64) -> SourceRead {
        self.rest(self.what.end, len);
        let mut hasher = begun_for(self.what.format);
        add_quick(&self.sound, &mut hasher);
        let quick = SoundId(hasher.finalize().to_hex().to_string());
        let quick = Some(quick).filter(|_| has_no_container(self.what));
        SourceRead { quick, whole: self.whole.as_ref().map(sum_of) }
    }

    /// What is no sound counts for the sum of all alone. A tag that a worn disk does not give any more costs that sum, no music.
    fn rest(&mut self, from: u64, to: u64) {
        let Some(whole) = &mut self.whole else { return };
        let mut source = self.source;
        let found = source.seek(SeekFrom::Start(from));
        let read = found.and_then(|_| whole.update_reader(source.take(to.saturating_sub(from))).map(drop));
        if read.is_err() {
            self.whole = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::AudioFormat;

    use super::*;
    use crate::formats::sniff::Container;

    #[test]
    fn tags_that_cannot_be_read_cost_the_sum_and_not_the_sound() {
        let folder = tempfile::tempdir().unwrap();
        // Nothing can be read of what is open for writing alone.
        let source = File::create(folder.path().join("ebb.mp3")).unwrap();
        let what = Recognised {
            format: AudioFormat::Mp3,
            start: 10,
            end: 20,
            adts: false,
            mp4: None,
            large: None,
            container: Container::Own,
        };
        let mut reading = SourceReading::begin((&source, &what), true);
        reading.sound(b"all frames");
        let read = reading.end(30);
        assert!(read.quick.is_some() && read.whole.is_none(), "{read:?}");
    }
}
