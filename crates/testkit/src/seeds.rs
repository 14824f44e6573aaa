//! Short files in every format, for tests that change bytes of them: fuzzing and the mutation test.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use ferrotape_domain::AudioFormat;

use crate::tool::FFMPEG;
use crate::{KitError, MadeTrack, extension, make_track, write_cover};

/// Pieces of a fifth of a second with tags and cover, and pictures, as (extension, bytes), made in the empty folder
/// `dir`. The same on every run, as far as `ffmpeg` is.
pub fn seeds(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, KitError> {
    let mut found = Vec::new();
    let cover = dir.join("cover.jpg");
    write_cover(&cover, 24)?;
    found.push(("jpg".to_owned(), read(&cover)?));
    found.push(("png".to_owned(), converted(&cover, &dir.join("cover.png"))?));
    for format in FORMATS {
        for (channels, seconds, tagged) in [(2, 0.2, true), (1, 0.1, false)] {
            let mut track =
                MadeTrack::new("Die Niemande", "Probe", 1, "Kein Wort").format(format).seconds(seconds);
            track.sound.channels = channels;
            let pictured =
                matches!(format, AudioFormat::Flac | AudioFormat::Mp3 | AudioFormat::Aac | AudioFormat::Alac);
            track.cover = (tagged && pictured).then(|| cover.clone());
            let name = extension(format);
            let path = dir.join(format!("{format:?}-{channels}.{name}"));
            make_track(&path, &track)?;
            found.push((name.to_owned(), read(&path)?));
            if format == AudioFormat::Aac {
                found.push(("aac".to_owned(), converted(&path, &dir.join(format!("bare-{channels}.aac")))?));
            }
        }
    }
    Ok(found)
}

const FORMATS: [AudioFormat; 9] = [
    AudioFormat::Flac,
    AudioFormat::OggFlac,
    AudioFormat::Mp3,
    AudioFormat::Aac,
    AudioFormat::Alac,
    AudioFormat::Vorbis,
    AudioFormat::Opus,
    AudioFormat::Wav,
    AudioFormat::Aiff,
];

/// The file `from` in the format that the extension of `to` names.
fn converted(from: &Path, to: &Path) -> Result<Vec<u8>, KitError> {
    let options = ["-nostdin", "-v", "error", "-y", "-i"].map(OsStr::new);
    let args: Vec<&OsStr> = options.into_iter().chain([from.as_os_str(), to.as_os_str()]).collect();
    FFMPEG.run_well(&args, from)?;
    read(to)
}

fn read(path: &Path) -> Result<Vec<u8>, KitError> {
    fs::read(path).map_err(KitError::io("read", path))
}
