//! Made-up sound, and the programs that judge.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use ferrotape_audio::{
    Cores, Id3Version, LoudnessRequest, LoudnessUse, MadeMp3, MakeError, Mp3Request, Preset, TagStyle,
    TextStyle, ValueStyle, Way, make_mp3,
};
use ferrotape_domain::{Cancel, Cover, Part, TagSet};

/// Runs a program and gives its standard output; a missing program or a failure is a failed test.
pub(crate) fn run(program: &str, args: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(args).output().unwrap_or_else(|error| {
        panic!(
            "{program}: {error}; install it with: apt-get install ffmpeg mpg123 mp3val python3-mutagen flac libchromaprint-tools"
        )
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?} failed: {said}");
    output.stdout
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder of one test, with sound to be had in every format.
pub(crate) struct Studio {
    pub(crate) dir: tempfile::TempDir,
}

impl Studio {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Tones and noise as a 16-bit WAV, `samples` long per channel; the same every time.
    pub(crate) fn wav(&self, name: &str, rate: u32, channels: u16, samples: usize) -> PathBuf {
        self.sound(name, rate, channels, samples, 0.4)
    }

    pub(crate) fn sound(&self, name: &str, rate: u32, channels: u16, samples: usize, level: f64) -> PathBuf {
        let mut pcm = Vec::with_capacity(samples * usize::from(channels) * 2);
        let mut noise = 0x2545_f491_4f6c_dd1du64;
        for at in 0..samples {
            let seconds = at as f64 / f64::from(rate);
            for channel in 0..channels {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                let hiss = (noise >> 40) as f64 / f64::from(1 << 24) - 0.5;
                let pitch =
                    220.0 * (1.0 + f64::from(channel) * 0.5) * (1.0 + (seconds * 2.0).floor() % 5.0 * 0.12);
                let tone = (seconds * pitch * std::f64::consts::TAU).sin() * (-2.0 * (seconds % 0.5)).exp();
                let sample = level * (0.85 * tone + 0.15 * hiss) * 32767.0;
                pcm.extend_from_slice(&(sample as i16).to_le_bytes());
            }
        }
        let path = self.path(name);
        std::fs::write(&path, wav_file(rate, channels, &pcm)).unwrap();
        path
    }

    /// `from` in another format, by ffmpeg.
    pub(crate) fn convert(&self, from: &Path, name: &str, options: &[&str]) -> PathBuf {
        let path = self.path(name);
        let mut args = vec!["-v", "error", "-y", "-i", text(from)];
        args.extend_from_slice(options);
        args.push(text(&path));
        run("ffmpeg", &args);
        path
    }

    pub(crate) fn make(&self, source: &Path, job: Job<'_>) -> Result<(PathBuf, MadeMp3), MakeError> {
        let path = self.path(&format!("{}-made.mp3", source.file_name().unwrap().to_str().unwrap()));
        let mut out = File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
        let (cores, cancel) = (Cores::all(), Cancel::default());
        let request = job.request_with(source, job.loudness, &cores, &cancel);
        make_mp3(&request, &mut out, &mut |_| {}).map(|made| (path, made))
    }
}

/// A request without the parts that most tests do not care for.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) preset: Preset,
    pub(crate) tags: &'a TagSet,
    pub(crate) style: TagStyle,
    pub(crate) cover: Option<&'a Cover>,
    pub(crate) copy: bool,
    pub(crate) part: Option<Part>,
    pub(crate) hear: bool,
    pub(crate) loudness: LoudnessRequest<'a>,
}

impl<'a> Job<'a> {
    pub(crate) fn request_with(
        &self,
        source: &'a Path,
        loudness: LoudnessRequest<'a>,
        cores: &'a Cores,
        cancel: &'a Cancel,
    ) -> Mp3Request<'a> {
        Mp3Request {
            source,
            preset: self.preset,
            tags: self.tags,
            style: self.style,
            cover: self.cover,
            copy_mp3: self.copy,
            rates: &[],
            constant_rate: false,
            kbps: (0, 320),
            way: Way::ByLength,
            part: self.part,
            hear: self.hear,
            sum: true,
            loudness,
            cores,
            cancel,
        }
    }
}

pub(crate) const NO_TAGS: &TagSet = &TagSet {
    title: None,
    artists: Vec::new(),
    album: None,
    album_artists: Vec::new(),
    track_number: None,
    track_total: None,
    disc_number: None,
    disc_total: None,
    date: None,
    genres: Vec::new(),
    composers: Vec::new(),
    publisher: None,
    copyright: None,
    comment: None,
    lyrics: None,
    bpm: None,
    compilation: false,
    isrc: None,
    recording_mbid: None,
    release_mbid: None,
    release_group_mbid: None,
    track_mbid: None,
    artist_mbids: Vec::new(),
    album_artist_mbids: Vec::new(),
    title_sort: None,
    artist_sort: None,
    album_sort: None,
    album_artist_sort: None,
    spotify: None,
    track_gain: None,
    album_gain: None,
    release_kinds: ferrotape_domain::ReleaseKinds::NONE,
    players: None,
    advisory: None,
    album_id: None,
    more: None,
};

pub(crate) const GENERIC: TagStyle = TagStyle {
    version: Id3Version::V23,
    text: TextStyle::Utf16,
    values: ValueStyle::Joined,
    totals: false,
    id3v1: false,
    padding_bytes: 0,
};

pub(crate) const AS_USUAL: LoudnessRequest<'static> =
    LoudnessRequest { purpose: LoudnessUse::ReplayGain, known: None, album: None };
pub(crate) const ENCODE: Job<'static> = Job {
    preset: Preset::V2,
    tags: NO_TAGS,
    style: GENERIC,
    cover: None,
    copy: false,
    part: None,
    hear: false,
    loudness: AS_USUAL,
};
pub(crate) const COPY: Job<'static> = Job { copy: true, ..ENCODE };

pub(crate) fn wav_file(rate: u32, channels: u16, pcm: &[u8]) -> Vec<u8> {
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&(36 + pcm.len() as u32).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0");
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * u32::from(channels) * 2).to_le_bytes());
    file.extend_from_slice(&(channels * 2).to_le_bytes());
    file.extend_from_slice(b"\x10\0data");
    file.extend_from_slice(&(pcm.len() as u32).to_le_bytes());
    file.extend_from_slice(pcm);
    file
}

/// Samples per channel that ffmpeg decodes.
pub(crate) fn ffmpeg_samples(path: &Path) -> u64 {
    run("ffmpeg", &["-v", "error", "-i", text(path), "-f", "s16le", "-ac", "1", "-"]).len() as u64 / 2
}

/// Samples per channel that mpg123 decodes.
pub(crate) fn mpg123_samples(path: &Path) -> u64 {
    run("mpg123", &["-q", "-s", "--mono", text(path)]).len() as u64 / 2
}

/// mp3val's warnings about `path`.
pub(crate) fn mp3val_warnings(path: &Path) -> Vec<String> {
    let said = String::from_utf8_lossy(&run("mp3val", &[text(path)])).into_owned();
    assert!(said.contains("MPEG frames"), "mp3val found no frames: {said}");
    said.lines()
        .filter(|line| line.contains("WARNING") || line.contains("ERROR"))
        .map(str::to_owned)
        .collect()
}

/// Fails unless every judge is content and hears `samples` samples.
pub(crate) fn judge(path: &Path, samples: u64) {
    assert_eq!(mp3val_warnings(path), Vec::<String>::new(), "{}", path.display());
    assert_eq!(ffmpeg_samples(path), samples, "ffmpeg, {}", path.display());
    assert_eq!(mpg123_samples(path), samples, "mpg123, {}", path.display());
}

/// What mutagen reads, one `KEY=value` a line.
pub(crate) fn mutagen(path: &Path) -> String {
    let script = "import sys, mutagen.id3\n\
        t = mutagen.id3.ID3(sys.argv[1], translate=False)\n\
        print('VERSION=%s' % (t.version,))\n\
        for k, v in sorted(t.items()):\n\
        \tenc = getattr(v, 'encoding', None)\n\
        \tval = v.data.__len__() if k.startswith(('APIC', )) else (v.url if hasattr(v, 'url') else v.data if k.startswith('UFID') else str(v))\n\
        \tprint('%s=%s [%s]' % (k, val, None if enc is None else int(enc)))\n\
        \tif k.startswith('APIC'): print('APIC mime=%s type=%d desc=%r' % (v.mime, v.type, v.desc))\n";
    String::from_utf8(run("/usr/bin/python3", &["-c", script, text(path)])).unwrap()
}

/// The MPEG frames of `path` behind its ID3v2 tag.
pub(crate) fn sound_bytes(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    let size = match bytes.as_slice() {
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            [a, b, c, d].iter().fold(0, |sum, byte| sum << 7 | usize::from(**byte)) + 10
        }
        _ => 0,
    };
    bytes[size..].to_vec()
}
