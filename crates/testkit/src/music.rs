//! Made-up music: from a list of names to a folder of tagged files, by `ffmpeg`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use ferrotape_domain::AudioFormat;
use rayon::prelude::*;

use crate::tool::FFMPEG;
use crate::{KitError, Sound};

/// A file to make. Start from [`MadeTrack::new`] and change the fields that matter to the test.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each field is the tag of that name")]
pub struct MadeTrack {
    pub artist: String,
    pub album_artist: Option<String>,
    pub album: String,
    pub title: String,
    pub track: u32,
    pub disc: Option<u32>,
    pub date: Option<String>,
    pub genre: Option<String>,
    /// Written where `ffmpeg` can: not in MP4.
    pub isrc: Option<String>,
    /// Further tags by `ffmpeg`'s names.
    pub more_tags: Vec<(String, String)>,
    /// A JPEG to embed (FLAC, MP3, AAC and ALAC only).
    pub cover: Option<PathBuf>,
    /// What it sounds like; by default four seconds that depend on artist, album and title.
    pub sound: Sound,
    pub format: AudioFormat,
    /// Where to put it below the folder; by default `Artist/Album/01 Title.flac`.
    pub path: Option<String>,
}

impl MadeTrack {
    /// A FLAC of four seconds whose sound depends on its names.
    pub fn new(artist: &str, album: &str, track: u32, title: &str) -> Self {
        let digest = blake3::hash(format!("{artist}\n{album}\n{title}").as_bytes());
        let seed = digest.as_bytes().iter().take(8).fold(0u64, |seed, &byte| (seed << 8) | u64::from(byte));
        Self {
            artist: artist.to_owned(),
            album_artist: None,
            album: album.to_owned(),
            title: title.to_owned(),
            track,
            disc: None,
            date: None,
            genre: None,
            isrc: None,
            more_tags: Vec::new(),
            cover: None,
            sound: Sound::of_seconds(seed, 4.0),
            format: AudioFormat::Flac,
            path: None,
        }
    }

    /// The same in another format.
    #[must_use]
    pub fn format(self, format: AudioFormat) -> Self {
        Self { format, ..self }
    }

    /// The same of another length.
    #[must_use]
    pub fn seconds(mut self, seconds: f64) -> Self {
        self.sound.samples = (seconds.max(0.0) * f64::from(self.sound.sample_rate)).round() as u64;
        self
    }

    /// The same with an ISRC.
    #[must_use]
    pub fn isrc(self, isrc: &str) -> Self {
        Self { isrc: Some(isrc.to_owned()), ..self }
    }

    /// The same at another place below the folder.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// Where [`make_music`] puts it, relative to the folder.
    pub fn relative_path(&self) -> PathBuf {
        if let Some(path) = &self.path {
            return PathBuf::from(path);
        }
        let safe = |text: &str| text.replace(['/', '\0'], "_");
        let name = format!("{:02} {}.{}", self.track, safe(&self.title), extension(self.format));
        Path::new(&safe(&self.artist)).join(safe(&self.album)).join(name)
    }

    fn tags(&self) -> Vec<(String, String)> {
        let id3 = matches!(self.format, AudioFormat::Mp3 | AudioFormat::Aiff);
        let mut tags: Vec<(&str, Option<String>)> = vec![
            ("artist", Some(self.artist.clone())),
            ("album_artist", self.album_artist.clone()),
            ("album", Some(self.album.clone())),
            ("title", Some(self.title.clone())),
            ("track", (self.track > 0).then(|| self.track.to_string())),
            ("disc", self.disc.map(|disc| disc.to_string())),
            ("date", self.date.clone()),
            ("genre", self.genre.clone()),
        ];
        tags.push((if id3 { "TSRC" } else { "ISRC" }, self.isrc.clone()));
        let more = self.more_tags.iter().cloned();
        tags.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).chain(more).collect()
    }
}

/// Makes every file of a list below a folder, several at once; gives back where each is.
pub fn make_music(dir: &Path, tracks: &[MadeTrack]) -> Result<Vec<PathBuf>, KitError> {
    tracks
        .par_iter()
        .map(|track| {
            let path = dir.join(track.relative_path());
            make_track(&path, track)?;
            Ok(path)
        })
        .collect()
}

/// Makes one file at a path; folders are made as needed.
pub fn make_track(path: &Path, track: &MadeTrack) -> Result<(), KitError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(KitError::io("make the folder", parent))?;
    }
    let mut wav = path.as_os_str().to_owned();
    wav.push(".source.wav");
    let wav = PathBuf::from(wav);
    track.sound.write_wav(&wav)?;
    let mut args: Vec<OsString> = ["-nostdin", "-v", "error", "-y", "-i"].map(OsString::from).to_vec();
    args.push(wav.clone().into());
    if let Some(cover) = &track.cover {
        args.extend(["-i".into(), cover.clone().into()]);
        args.extend(["-map", "0:a", "-map", "1:v", "-c:v", "copy"].map(OsString::from));
        args.extend(["-disposition:v", "attached_pic"].map(OsString::from));
    }
    for (key, value) in track.tags() {
        args.extend(["-metadata".into(), format!("{key}={value}").into()]);
    }
    // Without times and version strings, the same list gives the same bytes on every run.
    args.extend(["-fflags", "+bitexact", "-flags:a", "+bitexact"].map(OsString::from));
    args.extend(encoder(track.format).split(' ').map(OsString::from));
    args.push(path.into());
    let made = FFMPEG.run_well(&args, path);
    fs::remove_file(&wav).map_err(KitError::io("remove", &wav))?;
    made.map(|_| ())
}

/// Writes a square JPEG test picture of so many pixels, for covers.
pub fn write_cover(path: &Path, pixels: u32) -> Result<(), KitError> {
    let source = format!("testsrc=size={pixels}x{pixels}:duration=1");
    let mut args: Vec<OsString> =
        ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"].map(OsString::from).to_vec();
    args.push(source.into());
    args.extend(["-frames:v", "1", "-update", "1", "-f", "image2", "-c:v", "mjpeg"].map(OsString::from));
    args.extend(["-pix_fmt", "yuvj420p"].map(OsString::from));
    args.push(path.into());
    FFMPEG.run_well(&args, path).map(|_| ())
}

/// The usual file extension of a format, without dot.
pub fn extension(format: AudioFormat) -> &'static str {
    match format {
        AudioFormat::Flac => "flac",
        AudioFormat::OggFlac => "oga",
        AudioFormat::Mp3 => "mp3",
        AudioFormat::Aac | AudioFormat::Alac => "m4a",
        AudioFormat::Vorbis => "ogg",
        AudioFormat::Opus => "opus",
        AudioFormat::Wav => "wav",
        AudioFormat::Aiff => "aiff",
        AudioFormat::Mp1 | AudioFormat::Mp2 => "mp2",
        AudioFormat::WavPack | AudioFormat::WavPackLossy => "wv",
        AudioFormat::MonkeysAudio => "ape",
        AudioFormat::Musepack => "mpc",
    }
}

fn encoder(format: AudioFormat) -> &'static str {
    match format {
        AudioFormat::Flac => "-c:a flac -f flac",
        AudioFormat::OggFlac => "-c:a flac -f ogg",
        AudioFormat::Mp3 => "-c:a libmp3lame -b:a 192k -id3v2_version 3 -f mp3",
        AudioFormat::Aac => "-c:a aac -b:a 128k -f ipod",
        AudioFormat::Alac => "-c:a alac -f ipod",
        AudioFormat::Vorbis => "-c:a libvorbis -q:a 4 -f ogg",
        AudioFormat::Opus => "-c:a libopus -b:a 96k -f ogg",
        AudioFormat::Wav => "-c:a pcm_s16le -f wav",
        AudioFormat::Aiff => "-c:a pcm_s16be -write_id3v2 1 -f aiff",
        AudioFormat::Mp1 | AudioFormat::Mp2 => "-c:a mp2 -b:a 256k -f mp2",
        // ffmpeg writes neither Monkey's Audio nor Musepack, so these come out as WavPack under another name.
        AudioFormat::WavPack
        | AudioFormat::WavPackLossy
        | AudioFormat::MonkeysAudio
        | AudioFormat::Musepack => "-c:a wavpack -f wv",
    }
}
