//! Listening: what a file sounds like, how long it really plays, and whether it is whole.
//!
//! The first two minutes are decoded for the fingerprint. The rest is decoded, too, unless [`end_is_there`] finds the
//! sound's own end where the header says it must be: the last frame of a FLAC carries its position, an MP3's Xing
//! header tells its bytes, an MP4's boxes tell theirs. WAV, AIFF, Ogg and anything without a header that promises a
//! length are decoded to the end.

pub(crate) mod end;
pub(crate) mod fingerprint;
mod fpcalc_rate;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Health, Heard, Part};

use crate::Unreadable;
use crate::decode::{DecodeError, Decoding, Planes};
use crate::formats::sniff::Recognised;
use crate::limits::guarded;
use crate::listen::end::{end_is_there, is_cut_off, may_be_cut_off};
use crate::listen::fingerprint::Fingerprinting;
use crate::probe::recognised;

/// Changes whenever [`listen`] would hear something else in the same file, so that what was kept is heard again.
pub const LISTEN_VERSION: u32 = 3;

/// Longer recordings are not decoded to their end: three hours.
const MOST_SECONDS: u64 = 3 * 3600;

/// Listens to the file `path`.
///
/// An error means that nothing can be heard of it; a file that plays but ends too early is [`Health::CutShort`].
pub fn listen(path: &Path) -> Result<Heard, Unreadable> {
    listen_to_part(path, None)
}

/// Listens to one part of the file `path`, or to the whole of it; as [`listen`].
pub fn listen_to_part(path: &Path, part: Option<&Part>) -> Result<Heard, Unreadable> {
    let heard = guarded(|| {
        let (file, what) = recognised(path)?;
        hear(file, &what, part).map_err(|error| unreadable(error, path))
    });
    heard.unwrap_or_else(|reason| Err(Unreadable::Broken { path: path.to_owned(), reason }))
}

fn unreadable(error: DecodeError, path: &Path) -> Unreadable {
    let path = path.to_owned();
    match error {
        DecodeError::Io(source) => Unreadable::Io { path, source },
        DecodeError::NotYet(format) => Unreadable::NotReadableYet { path, format },
        DecodeError::Broken(reason) => Unreadable::Broken { path, reason },
    }
}

/// Looks whether the file `path` ends where its headers say, and decodes it only where it does not seem to.
///
/// An error tells how it is cut off or broken. What tells no length of its own passes, whole or not.
pub fn check_end(path: &Path) -> Result<(), Unreadable> {
    let checked = guarded(|| {
        let (mut file, what) = recognised(path)?;
        let may_be_cut = may_be_cut_off(&mut file, &what);
        match may_be_cut.map_err(|source| Unreadable::Io { path: path.to_owned(), source })? {
            true => decode_to_end(file, &what).map_err(|error| unreadable(error, path)),
            false => Ok(()),
        }
    });
    checked.unwrap_or_else(|reason| Err(Unreadable::Broken { path: path.to_owned(), reason }))
}

fn decode_to_end(file: File, what: &Recognised) -> Result<(), DecodeError> {
    let mut decoding = Decoding::open(file, what)?.without_mixing();
    let mut sound = Planes::new();
    while decoding.next(&mut sound)? {
        if decoding.produced() / u64::from(decoding.rate()) > MOST_SECONDS {
            return Ok(());
        }
    }
    decoding.verdict().map(|_| ())
}

fn hear(mut file: File, what: &Recognised, part: Option<&Part>) -> Result<Heard, DecodeError> {
    let end_is_there = end_is_there(&mut file, what).map_err(DecodeError::Io)?;
    let cut_off = is_cut_off(&mut file, what).map_err(DecodeError::Io)?;
    match decode(file, what, part, end_is_there) {
        // Cut before its sound begins, or where decoders read a container in one piece.
        Err(DecodeError::Broken(_)) if cut_off => {
            Ok(Heard { fingerprint: Vec::new(), duration: Duration::ZERO, health: Health::CutShort })
        }
        other => other,
    }
}

fn decode(
    file: File,
    what: &Recognised,
    part: Option<&Part>,
    end_is_there: bool,
) -> Result<Heard, DecodeError> {
    let mut decoding = Decoding::open_part(file, what, part)?.without_mixing();
    let promised = decoding.promised().filter(|_| end_is_there);
    let mut fingerprinting =
        Fingerprinting::new(decoding.rate(), decoding.depth()).map_err(DecodeError::Broken)?;
    let mut sound = Planes::new();
    while decoding.next(&mut sound)? {
        fingerprinting.add(&sound);
        let enough = fingerprinting.is_full() && !fingerprinting.is_silent();
        let endless = decoding.produced() / u64::from(decoding.rate()) > MOST_SECONDS;
        if let (true, Some(promised)) = (enough, promised) {
            return Ok(fingerprinting.finish(promised, Health::Sound));
        }
        if endless {
            return Ok(fingerprinting.finish(decoding.produced(), Health::Sound));
        }
    }
    let produced = decoding.produced();
    let health = match decoding.verdict() {
        Err(_) if decoding.is_cut_short() => Health::CutShort,
        Err(problem) => return Err(problem),
        Ok(_) if fingerprinting.is_silent() => Health::Silent,
        Ok(_) => Health::Sound,
    };
    Ok(fingerprinting.finish(produced, health))
}
