//! The formats that few files are in go the whole way: scanned with their tags, heard, made into an MP3.

use std::path::{Path, PathBuf};

use ferrotape_audio::{listen, probe};
use ferrotape_domain::{AudioFormat, Health};

use crate::tools::{ENCODE, Studio, judge, run, text};

const SAMPLES: usize = 44_100 * 3 + 1234;

/// `path` must be `format`, sound, as long as `samples`, and say its title where it has one.
fn goes_the_whole_way(studio: &Studio, path: &Path, format: AudioFormat, samples: u64, title: Option<&str>) {
    let name = path.display();
    let probed = probe(path).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(probed.facts.format, format, "{name}");
    assert_eq!(probed.facts.sample_rate, 44_100, "{name}");
    assert_eq!(probed.tags.title.as_deref(), title, "{name}");
    if let Some(duration) = probed.facts.duration {
        let off = (duration.as_secs_f64() - samples as f64 / 44_100.0).abs();
        assert!(off < 0.2, "{name}: says {duration:?}");
    }
    let heard = listen(path).unwrap();
    assert_eq!(heard.health, Health::Sound, "{name}");
    assert_eq!((heard.duration.as_secs_f64() * 44_100.0).round() as u64, samples, "{name}");
    let (made_path, made) = studio.make(path, ENCODE).unwrap();
    assert_eq!((made.samples, made.notes), (samples, Vec::new()), "{name}");
    judge(&made_path, samples);
}

fn written(studio: &Studio, name: &str, bytes: Vec<u8>) -> PathBuf {
    let path = studio.path(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn wavpack_monkeys_audio_and_musepack() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, SAMPLES);
    let (wv, lossy, mpc) = (studio.path("a.wv"), studio.path("b.wv"), studio.path("a.mpc"));
    run("wavpack", &["-q", "-y", "-w", "Title=Stille", text(&wav), "-o", text(&wv)]);
    run("wavpack", &["-q", "-y", "-b256", text(&wav), "-o", text(&lossy)]);
    run("mpcenc", &["--overwrite", "--silent", "--title", "Stille", text(&wav), text(&mpc)]);
    let ape = oxideav_ape::encode_wav(&std::fs::read(&wav).unwrap(), oxideav_ape::CompressionLevel::Normal);
    let ape = written(&studio, "a.ape", ape.unwrap());
    let samples = SAMPLES as u64;
    goes_the_whole_way(&studio, &wv, AudioFormat::WavPack, samples, Some("Stille"));
    goes_the_whole_way(&studio, &lossy, AudioFormat::WavPackLossy, samples, None);
    goes_the_whole_way(&studio, &mpc, AudioFormat::Musepack, samples, Some("Stille"));
    goes_the_whole_way(&studio, &ape, AudioFormat::MonkeysAudio, samples, None);
}

#[test]
fn large_wave_and_other_codecs_in_other_containers() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, SAMPLES);
    for (name, options, format, title) in [
        ("a.w64", &[][..], AudioFormat::Wav, None),
        ("r.wav", &["-rf64", "always"], AudioFormat::Wav, Some("Stille")),
        ("a.caf", &["-c:a", "alac"], AudioFormat::Alac, None),
        ("pcm.caf", &["-c:a", "pcm_s24le"], AudioFormat::Wav, None),
        ("flac.mp4", &["-c:a", "flac", "-strict", "-2"], AudioFormat::Flac, Some("Stille")),
    ] {
        let options = [options, &["-metadata", "title=Stille"]].concat();
        let path = studio.convert(&wav, name, &options);
        goes_the_whole_way(&studio, &path, format, SAMPLES as u64, title);
    }
}

#[test]
fn he_aac_is_heard_at_its_own_rate() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, SAMPLES);
    let raw = run("ffmpeg", &["-v", "error", "-i", text(&wav), "-f", "f32le", "-"]);
    let mut sound = [Vec::new(), Vec::new()];
    for (at, bytes) in raw.chunks_exact(4).enumerate() {
        sound[at % 2].push(f32::from_le_bytes(bytes.try_into().unwrap()));
    }
    for (name, options) in [
        ("one.m4a", syom::EncodeOptions::m4a().with_bitrate_bps(48_000).with_he(true)),
        ("two.m4a", syom::EncodeOptions::m4a().with_bitrate_bps(32_000).with_he_v2(true)),
    ] {
        let raw = written(&studio, "raw.m4a", syom::encode_with(&sound, 44_100, &options).unwrap());
        let path = studio.convert(&raw, name, &["-c", "copy", "-metadata", "title=Stille"]);
        goes_the_whole_way(&studio, &path, AudioFormat::Aac, SAMPLES as u64, Some("Stille"));
    }
}
