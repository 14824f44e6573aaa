//! What every encoder behind the seam must keep. Another encoder is another line in [`encoders`].

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use ferrotape_testkit as kit;

use super::header::complete;
use super::segments::{self, Grid};
use super::sink::FrameSink;
use super::stream::{self, Way};
use super::{Mp3Encoder, Shape, encoder_for};
use crate::cores::Cores;
use crate::decode::Planes;
use crate::tags::gain::GainForm;
use crate::tags::write::{reserved_size, tag_of_size};

/// Every encoder with every setting, and the least it must keep of music: the sound's power over that of the error, in
/// decibels.
fn encoders() -> Vec<(String, Box<dyn Mp3Encoder>, f64)> {
    [("v0", 20.0), ("v2", 15.0), ("320", 18.0), ("192", 15.0), ("128", 10.0)]
        .map(|(preset, floor)| (format!("LAME {preset}"), encoder_for(preset.parse().unwrap()), floor))
        .into()
}

const STEREO: Shape = Shape { channels: 2, rate: 44_100 };

/// A band, sampled at 22,050 Hz and played twice as fast, so that its treble is full.
fn music(shape: Shape, samples: usize) -> Planes {
    let pcm = kit::Band::playing(3, samples as f64 / 22_050.0 + 0.1).pcm();
    (0..shape.channels)
        .map(|channel| pcm.chunks_exact(2).take(samples).map(|s| f32::from(s[channel]) / 32_768.0).collect())
        .collect()
}

fn cores(count: usize) -> Cores {
    Cores::new(NonZeroUsize::new(count).unwrap())
}

/// Gives `sound` in stretches of changing length.
fn in_stretches(sound: &Planes) -> impl FnMut(&mut Planes) -> Result<bool, String> {
    let (mut at, mut step) = (0, 1);
    move |next| {
        step = step * 7 % 8191 + 1;
        let len = sound[0].len();
        *next = sound.iter().map(|plane| plane[at..len.min(at + step)].to_vec()).collect();
        at = len.min(at + step);
        Ok(!next[0].is_empty())
    }
}

fn made(encoder: &dyn Mp3Encoder, shape: Shape, way: Way, count: usize, sound: &Planes) -> Vec<u8> {
    let mut frames = Vec::new();
    let cores = cores(count);
    let header =
        stream::encode(encoder, shape, (way, &cores), &mut frames, &mut in_stretches(sound)).unwrap();
    [header, frames].concat()
}

/// The same in segments of `grid`.
fn in_segments(encoder: &dyn Mp3Encoder, grid: Grid, count: usize, sound: &Planes) -> Vec<u8> {
    let mut frames = Vec::new();
    let sink = FrameSink::new(&mut frames);
    let (sink, samples) =
        segments::encode(encoder, (STEREO, grid), &cores(count), sink, &mut in_stretches(sound)).unwrap();
    assert_eq!(samples, sound[0].len() as u64);
    let counts = sink.finish().unwrap();
    let header = encoder.header_frame(STEREO).unwrap();
    [complete(header, encoder, samples, &counts).unwrap(), frames].concat()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Behind a tag, without which some judges grumble.
    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        let tags = ferrotape_domain::TagSet { title: Some("A".into()), ..Default::default() };
        let size = reserved_size(&tags, None, (&Default::default(), Some(GainForm::ReplayGain))).unwrap();
        std::fs::write(
            &path,
            [
                &tag_of_size(&tags, None, (&Default::default(), Some(GainForm::ReplayGain)), size).unwrap(),
                bytes,
            ]
            .concat(),
        )
        .unwrap();
        path
    }
}

/// No judge finds anything, and all hear `samples`.
fn judge(path: &Path, samples: u64) {
    kit::mp3val_clean(path).unwrap();
    assert_eq!(kit::decoded_samples_ffmpeg(path).unwrap(), samples, "{}", path.display());
    assert_eq!(kit::decoded_samples_mpg123(path).unwrap(), samples, "{}", path.display());
}

/// Power of `sound` over that of its difference to `heard`, in decibels.
fn fidelity(sound: &Planes, heard: &[Vec<f32>]) -> f64 {
    let (mut power, mut error) = (0.0, 1e-12);
    for (plane, heard) in sound.iter().zip(heard) {
        for (x, y) in plane.iter().zip(heard) {
            power += f64::from(x * x);
            error += f64::from((x - y) * (x - y));
        }
    }
    10.0 * (power / error).log10()
}

#[test]
fn streams_are_valid_exact_and_good() {
    let folder = Folder::new();
    for (name, encoder, floor) in encoders() {
        for shape in [STEREO, Shape { channels: 1, rate: 32_000 }, Shape { channels: 2, rate: 48_000 }] {
            let sound = music(shape, 150_001);
            let path = folder.file("a.mp3", &made(&*encoder, shape, Way::Whole, 1, &sound));
            judge(&path, 150_001);
            let heard = fidelity(&sound, &kit::decoded_ffmpeg(&path, shape.channels).unwrap());
            assert!(heard > floor, "{name}, {shape:?}: {heard:.1} dB");
        }
    }
}

#[test]
fn the_same_sound_gives_the_same_bytes_on_any_number_of_cores() {
    let sound = music(STEREO, 1152 * 330 + 17);
    let grid = Grid { segment: 60, warm_up: 48, seams: 16 };
    for (name, encoder, _) in encoders() {
        let whole = made(&*encoder, STEREO, Way::Whole, 1, &sound);
        assert!(whole == made(&*encoder, STEREO, Way::Whole, 3, &sound), "{name}: whole");
        let segments = in_segments(&*encoder, grid, 1, &sound);
        for count in [2, 3, 5] {
            assert!(segments == in_segments(&*encoder, grid, count, &sound), "{name}: {count} cores");
        }
    }
}

/// Whatever the length, around cuts above all.
#[test]
fn segments_are_as_long_as_one_pass() {
    let folder = Folder::new();
    let grid = Grid { segment: 60, warm_up: 48, seams: 16 };
    let encoder = encoder_for("v2".parse().unwrap());
    let cut = 1152 * 60;
    for samples in [12_000, cut - 1, cut, cut + 1, cut + 24 * 1152, cut + 24 * 1152 + 1, 2 * cut + 40_000] {
        let sound = music(STEREO, samples);
        let segments = in_segments(&*encoder, grid, 2, &sound);
        let path = folder.file("a.mp3", &segments);
        assert_eq!(kit::decoded_samples_ffmpeg(&path).unwrap(), samples as u64);
        kit::mp3val_clean(&path).unwrap();
    }
}

/// Where no seam is allowed, one encoder goes through all segments, so its frames are those of one pass.
#[test]
fn without_a_seam_the_encoder_goes_on() {
    let sound = music(STEREO, 1152 * 200 + 99);
    let grid = Grid { segment: 60, warm_up: 48, seams: 0 };
    let folder = Folder::new();
    for (name, encoder, _) in encoders() {
        let whole = made(&*encoder, STEREO, Way::Whole, 1, &sound);
        let segments = in_segments(&*encoder, grid, 2, &sound);
        assert_eq!(whole.len(), segments.len(), "{name}");
        let heard = |bytes: &[u8]| kit::decoded_ffmpeg(&folder.file("a.mp3", bytes), 2).unwrap();
        assert!(heard(&whole) == heard(&segments), "{name}");
    }
}

/// Around each seam the error is no larger than in one pass.
#[test]
fn seams_are_not_heard() {
    let sound = music(STEREO, 1152 * 700);
    let grid = Grid { segment: 100, warm_up: 48, seams: 16 };
    let folder = Folder::new();
    for (name, encoder, _) in encoders() {
        let whole = made(&*encoder, STEREO, Way::Whole, 1, &sound);
        let segments = in_segments(&*encoder, grid, 2, &sound);
        let heard = |bytes: &[u8]| kit::decoded_ffmpeg(&folder.file("a.mp3", bytes), 2).unwrap();
        let (whole_heard, heard) = (heard(&whole), heard(&segments));
        for cut in 1..7 {
            let around = cut * 100 * 1152 - 2304..cut * 100 * 1152 + 18 * 1152;
            let part =
                |planes: &Planes| planes.iter().map(|p| p[around.clone()].to_vec()).collect::<Planes>();
            let (before, after) =
                (fidelity(&part(&sound), &part(&whole_heard)), fidelity(&part(&sound), &part(&heard)));
            assert!(after > before - 1.0, "{name}: {after:.1} dB at cut {cut}, in one pass {before:.1} dB");
        }
    }
}

/// Decoders differ on what is made here no more than on any stream: in the last bit.
#[test]
fn decoders_agree_to_the_last_bit() {
    let sound = music(STEREO, 1152 * 150 + 5);
    let grid = Grid { segment: 60, warm_up: 48, seams: 16 };
    let folder = Folder::new();
    for (name, encoder, _) in encoders() {
        let whole = made(&*encoder, STEREO, Way::Whole, 1, &sound);
        let segments = in_segments(&*encoder, grid, 2, &sound);
        for bytes in [&whole, &segments] {
            let path = folder.file("a.mp3", bytes);
            let heard: Vec<Vec<Vec<f32>>> = vec![
                kit::decoded_ffmpeg(&path, 2).unwrap(),
                kit::decoded_mpg123(&path, 2).unwrap(),
                crate::decode::tests_only_decode(&path),
            ];
            for other in &heard[1..] {
                for (one, other) in heard[0].iter().flatten().zip(other.iter().flatten()) {
                    let steps = (one - other).abs() * 32_768.0;
                    assert!(steps <= 1.01, "{name}: {steps} steps of 16 bits");
                }
            }
        }
    }
}
