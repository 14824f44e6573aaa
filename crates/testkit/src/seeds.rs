//! Short files in every format, for tests that change bytes of them: fuzzing and the mutation test.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use ferrotape_domain::AudioFormat;

use crate::tool::{FFMPEG, MPCENC};
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
    found.extend(others(dir)?);
    Ok(found)
}

/// What [`make_track`] does not write, but other programs do.
fn others(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, KitError> {
    let wav = dir.join("others.wav");
    let mut track =
        MadeTrack::new("Die Niemande", "Probe", 1, "Kein Wort").format(AudioFormat::Wav).seconds(0.2);
    track.sound.channels = 2;
    make_track(&wav, &track)?;
    let mut found = Vec::new();
    for name in ["wv", "w64", "caf", "mp2"] {
        found.push((name.to_owned(), converted(&wav, &dir.join(format!("others.{name}")))?));
    }
    for (name, options) in [
        ("rf64", &["-rf64", "always", "-f", "wav"][..]),
        ("adpcm", &["-c:a", "adpcm_ms", "-f", "wav"]),
        // Such a low rate is looked at for HE-AAC.
        ("aac", &["-ar", "22050", "-f", "adts"]),
    ] {
        found.push((name.to_owned(), converted_with(&wav, options, &dir.join(format!("others.{name}")))?));
    }
    let said = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/10\nSTART=0\nEND=1\ntitle=Eins\n[CHAPTER]\nTIMEBASE=1/10\nSTART=1\nEND=2\ntitle=Zwei\n";
    let chapters = dir.join("chapters.txt");
    fs::write(&chapters, said).map_err(KitError::io("write", &chapters))?;
    let book = dir.join("others.m4b");
    let options = [
        "-i".as_ref(),
        chapters.as_os_str(),
        "-map_chapters".as_ref(),
        "1".as_ref(),
        "-c:a".as_ref(),
        "aac".as_ref(),
    ];
    found.push(("m4b".to_owned(), run_ffmpeg(&wav, &options, &book)?));
    let bytes = read(&wav)?;
    let ape = oxideav_ape::encode_wav(&bytes, oxideav_ape::CompressionLevel::Fast);
    found.push((
        "ape".to_owned(),
        ape.map_err(|error| KitError::ToolFailed {
            tool: "oxideav-ape".to_owned(),
            subject: wav.display().to_string(),
            said: error.to_string(),
        })?,
    ));
    let mpc = dir.join("others.mpc");
    let args = ["--overwrite".as_ref(), "--silent".as_ref(), wav.as_os_str(), mpc.as_os_str()];
    MPCENC.run_well(&args, &wav)?;
    found.push(("mpc".to_owned(), read(&mpc)?));
    found.push(("cue".to_owned(), CUE.as_bytes().to_vec()));
    Ok(found)
}

const CUE: &str = "REM DATE 1999\r\nPERFORMER \"Die Niemande\"\r\nTITLE \"Probe\"\r\nFILE \"a.wav\" WAVE\r\n  TRACK 01 AUDIO\r\n    \
    TITLE \"Kein Wort\"\r\n    ISRC GBAAA9900001\r\n    INDEX 01 00:00:00\r\n  TRACK 02 AUDIO\r\n    INDEX 00 00:04:00\r\n    \
    INDEX 01 00:05:33\r\n";

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
    run_ffmpeg(from, &[], to)
}

fn converted_with(from: &Path, options: &[&str], to: &Path) -> Result<Vec<u8>, KitError> {
    run_ffmpeg(from, &options.iter().map(OsStr::new).collect::<Vec<_>>(), to)
}

fn run_ffmpeg(from: &Path, options: &[&OsStr], to: &Path) -> Result<Vec<u8>, KitError> {
    let always = ["-nostdin", "-v", "error", "-y", "-i"].map(OsStr::new);
    let paths = ([from.as_os_str()], [to.as_os_str()]);
    let args = always.into_iter().chain(paths.0).chain(options.iter().copied()).chain(paths.1);
    FFMPEG.run_well(&args.collect::<Vec<_>>(), from)?;
    read(to)
}

fn read(path: &Path) -> Result<Vec<u8>, KitError> {
    fs::read(path).map_err(KitError::io("read", path))
}
