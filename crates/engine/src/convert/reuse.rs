//! Sound that was encoded before stands in for encoding: for another player, for other tags, for another cover.
//!
//! The key names all that decides the frames, and nothing that does not: the sound in the source as it is read now, the
//! part of it, the preset, the loudness it is turned to, and the versions of what makes it. What its album does to its
//! level is compared with what was kept. A finished MP3 is the same to the byte, encoded or not.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ferrotape_audio::{
    LOUDNESS_VERSION, LoudnessUse, MadeMp3, MakeError, Method, Mp3Request, SOUND_VERSION, SoundId,
    bytes_of_frames, content_id, finish_mp3, is_as_wanted, make_mp3, quick_sound_id, sound_id,
};
use ferrotape_domain::{Loudness, Part};

use super::ConvertRequest;
use super::recipes::{hashed, rates_left_out};
use super::step_1_plan::PlannedTrack;
use super::unchanged::bytes_of;
use crate::Context;
use crate::cache::{Kept, SoundCache, SoundKey};

/// How the sound of a finished track came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeBy {
    /// It was encoded.
    Encoding,
    /// It was encoded before, and kept.
    Cache,
    /// The source's frames were copied.
    Copying,
}

/// The cache as one run uses it.
pub(super) struct Reuse<'a> {
    request: &'a ConvertRequest<'a>,
    context: &'a Context<'a>,
    /// Whether the user was told already that it cannot be used.
    told: AtomicBool,
    /// Nothing more is kept in this run.
    full: AtomicBool,
    /// Whether anything was kept when that was first asked.
    keeps_any: OnceLock<bool>,
}

impl<'a> Reuse<'a> {
    pub(super) fn new(request: &'a ConvertRequest<'a>, context: &'a Context<'a>) -> Self {
        let (told, full) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { request, context, told, full, keeps_any: OnceLock::new() }
    }

    /// Makes the MP3 of `track` as `mp3` says into `out`, an empty file, of kept sound where there is some. A source that is
    /// broken must be so twice: what a disk did not give once must not be set aside for good.
    pub(super) fn make(
        &self,
        track: &PlannedTrack,
        mp3: &Mp3Request<'_>,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<(MadeMp3, MadeBy), MakeError> {
        match self.make_once(track, mp3, out, advanced) {
            Err(error @ MakeError::SourceBroken { .. }) if !error.is_silence() => {
                if out.set_len(0).and_then(|()| out.rewind()).is_err() {
                    return Err(error);
                }
                self.make_once(track, mp3, out, advanced)
            }
            made => made,
        }
    }

    fn make_once(
        &self,
        track: &PlannedTrack,
        mp3: &Mp3Request<'_>,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<(MadeMp3, MadeBy), MakeError> {
        let Some((cache, key)) = self.cache_and_key(track) else {
            let made = make_mp3(mp3, out, advanced)?;
            let by = made_by(&made);
            return Ok((made, by));
        };
        if let Some(made) = self.finish(cache, &key, mp3, out)? {
            return Ok((made, MadeBy::Cache));
        }
        let made = make_mp3(mp3, out, advanced)?;
        let by = made_by(&made);
        // A source that changed while it was read gave sound of which nobody knows what it is.
        if by == MadeBy::Encoding && self.cache_and_key(track).is_some_and(|(_, now)| now == key) {
            self.keep(cache, &key, &made, out);
        }
        Ok((made, by))
    }

    /// The loudness of a track whose sound is kept: nothing is decoded for it.
    pub(super) fn loudness(&self, track: &PlannedTrack) -> Option<Loudness> {
        self.kept(track)?.made.loudness
    }

    /// How many bytes the sound of a track has, if it is kept, or copied. Nobody is asked about an MP3 that is encoded anew: to know
    /// its sound again all of it would be read.
    pub(super) fn bytes_of_sound(&self, track: &PlannedTrack) -> Option<u64> {
        match self.may_know_bytes(track) {
            true if track.copy_mp3 => bytes_of_frames(&track.source).ok(),
            true => Some(self.kept(track)?.made.sound.end),
            false => None,
        }
    }

    /// Whether it is worth to ask how many bytes the sound of a track has.
    pub(super) fn may_know_bytes(&self, track: &PlannedTrack) -> bool {
        if track.copy_mp3 {
            return track.part.is_none();
        }
        let is_mp3 = track.source.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mp3"));
        !is_mp3 && *self.keeps_any.get_or_init(|| self.request.cache.is_some_and(SoundCache::keeps_any))
    }

    fn kept(&self, track: &PlannedTrack) -> Option<Kept> {
        let (cache, key) = self.cache_and_key(track)?;
        cache.find(&key).ok().flatten()
    }

    /// `None` without a cache, and where the source cannot be read: making it will tell why.
    fn cache_and_key(&self, track: &PlannedTrack) -> Option<(&'a SoundCache, SoundKey)> {
        let cache = self.request.cache?;
        // Its frames will most likely be copied; the rare one that cannot be is encoded each time.
        if track.copy_mp3 {
            return None;
        }
        let sound = sound_of(&track.source, track.part, &track.identity)?;
        let level = match self.request.loudness {
            LoudnessUse::ReplayGain | LoudnessUse::R128 | LoudnessUse::Off => "its own".to_owned(),
            applied @ LoudnessUse::Apply { .. } => applied.to_string(),
        };
        let text = format!(
            "{SOUND_VERSION} {LOUDNESS_VERSION}\n{sound}\n{}{}\n{level}",
            self.request.preset_used(),
            rates_left_out(&self.request.profile),
        );
        Some((cache, SoundKey(blake3::hash(text.as_bytes()).to_hex().to_string())))
    }

    /// `None` where it must be encoded; `out` is empty then.
    fn finish(
        &self,
        cache: &SoundCache,
        key: &SoundKey,
        mp3: &Mp3Request<'_>,
        out: &mut File,
    ) -> Result<Option<MadeMp3>, MakeError> {
        let kept = cache.find(key).unwrap_or_else(|error| {
            self.tell(cache, &error);
            None
        });
        let Some(mut kept) = kept.filter(|kept| is_as_wanted(mp3, &kept.made)) else { return Ok(None) };
        match finish_mp3(mp3, kept.made, &mut kept.sound, out) {
            Ok(made) => {
                cache.touch(key);
                Ok(Some(made))
            }
            Err(MakeError::SoundLost { error, path }) => {
                if error.kind() == io::ErrorKind::InvalidData {
                    cache.discard(key);
                } else {
                    self.tell(cache, &error);
                }
                let emptied = out.set_len(0).and_then(|()| out.seek(SeekFrom::Start(0)));
                emptied.map_err(|error| MakeError::Write { path, error })?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What cannot be kept costs time, no music: from then on nothing is kept in this run.
    fn keep(&self, cache: &SoundCache, key: &SoundKey, made: &MadeMp3, finished: &mut File) {
        if self.full.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = cache.keep(key, made, finished) {
            self.full.store(true, Ordering::Relaxed);
            self.tell(cache, &error);
        }
    }

    /// Once a run.
    fn tell(&self, cache: &SoundCache, error: &io::Error) {
        if !self.told.swap(true, Ordering::Relaxed) {
            let folder = cache.folder().display();
            let says =
                format!("{folder} cannot be used ({error}); more is encoded than need be, nothing is lost");
            self.context.warn("the cache of converted music", says);
        }
    }
}

/// A word for the sound of what is made of this file, or of a part of it: the same whatever its tags say. `None` where it cannot
/// be read.
pub(crate) fn sound_mark(source: &Path, part: Option<Part>, identity: &str) -> Option<String> {
    with_its_own(quick_sound_id(source).ok()?, source, part, identity).map(|sound| hashed(&sound))
}

/// The same of what `made` was just made of, without reading what was read for that.
pub(super) fn mark_of_made(track: &PlannedTrack, made: &MadeMp3) -> Option<String> {
    let Some(sound) = made.read.as_ref().and_then(|read| read.quick.clone()) else {
        return sound_mark(&track.source, track.part, &track.identity);
    };
    with_its_own(sound, &track.source, track.part, &track.identity).map(|sound| hashed(&sound))
}

fn sound_of(source: &Path, part: Option<Part>, identity: &str) -> Option<String> {
    with_its_own(sound_id(source).ok()?, source, part, identity)
}

fn with_its_own(sound: SoundId, source: &Path, part: Option<Part>, identity: &str) -> Option<String> {
    // Bytes that differ behind equal windows have an id of their own, and sound of their own.
    let windows = content_id(&mut File::open(source).ok()?).ok()?;
    let own = Some(bytes_of(identity)).filter(|own| *own != windows.0).unwrap_or_default();
    let part = part.map(|part| (part.sample_rate, part.start, part.end));
    Some(format!("{}{own}\n{part:?}", sound.0))
}

fn made_by(made: &MadeMp3) -> MadeBy {
    if made.method == Method::Copied { MadeBy::Copying } else { MadeBy::Encoding }
}
