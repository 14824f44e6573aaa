//! An MP3 of sound that was encoded before: other tags, another cover, another player, and nothing encoded again.

use std::fs::File;
use std::io::Read;

use super::Errors;
use super::straight::Straight;
use crate::limits::guarded;
use crate::make::request::{LoudnessUse, MadeMp3, MakeError, Method, Mp3Request};
use crate::mpeg::frame_map::COPIED_AT_A_TIME;
use crate::sound::level::level_db;

/// Makes the MP3 that [`crate::make_mp3`] would make of `request` into `out`, an empty file, from sound that it encoded
/// before: `earlier` is what it said then, `sound` gives the bytes that lay at [`MadeMp3::sound`].
///
/// The source is not opened. The caller answers for that `earlier` was made of the same sound, part and preset; whether
/// it fits what is wanted of its loudness now is asked of [`is_as_wanted`]. Fails with [`MakeError::SoundLost`] when
/// `sound` cannot be read to its end.
pub fn finish_mp3(
    request: &Mp3Request<'_>,
    earlier: MadeMp3,
    sound: &mut dyn Read,
    out: &mut File,
) -> Result<MadeMp3, MakeError> {
    let finished = guarded(|| finish(request, earlier, sound, out));
    finished.unwrap_or_else(|reason| Err(MakeError::SourceBroken { path: request.source.to_owned(), reason }))
}

fn finish(
    request: &Mp3Request<'_>,
    earlier: MadeMp3,
    sound: &mut dyn Read,
    out: &mut File,
) -> Result<MadeMp3, MakeError> {
    let errors = Errors { path: request.source };
    let wanted = request.loudness.purpose != LoudnessUse::Off;
    let made = MadeMp3 {
        bytes: 0,
        sum: String::new(),
        sound: 0..0,
        method: Method::Encoded,
        gain: None,
        loudness: earlier.loudness.filter(|_| wanted),
        volume: None,
        heard: None,
        read: None,
        ..earlier
    };
    let mut straight = Straight::begin((request, &errors), made, out)?;
    let mut piece = vec![0; COPIED_AT_A_TIME];
    loop {
        let read = match sound.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(MakeError::SoundLost { path: request.source.to_owned(), error }),
        };
        if request.cancel.is_stopped() {
            return Err(MakeError::Cancelled);
        }
        straight.write(piece.get(..read).unwrap_or_default()).map_err(|error| errors.write(error))?;
    }
    straight.end()
}

/// Whether encoding would give the sound the level that `earlier` has, so that it may stand for it. What was encoded
/// without measuring cannot tell, and does only for those who want no loudness either.
pub fn is_as_wanted(request: &Mp3Request<'_>, earlier: &MadeMp3) -> bool {
    match (&earlier.loudness, request.loudness.purpose) {
        (Some(loudness), _) => level_db(&request.loudness, earlier.exact, loudness) == earlier.level_db,
        (None, LoudnessUse::Off) => true,
        (None, _) => false,
    }
}
