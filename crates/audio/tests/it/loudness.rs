//! Loudness, its range and true peak against ffmpeg's own meter, and what is made of them.

use std::path::Path;
use std::process::Command;

use ferrotape_audio::{
    Cores, LoudnessRequest, LoudnessUse, MakeError, Method, change_mp3_volume, measure_loudness,
    write_album_gain,
};
use ferrotape_domain::{Cancel, Loudness, Part, ReplayGain, TagSet};

use crate::tools::{AS_USUAL, COPY, ENCODE, Job, NO_TAGS, Studio, mutagen, run, text};

/// Integrated loudness, range and true peak as ffmpeg prints them, with one decimal.
struct Printed {
    lufs: f64,
    range_lu: f64,
    dbtp: f64,
}

fn by_ffmpeg(path: &Path) -> Printed {
    by_ffmpeg_after("", path)
}

/// After other filters of its own, each with a comma behind it.
fn by_ffmpeg_after(before: &str, path: &Path) -> Printed {
    let filters = format!("{before}ebur128=peak=true:dualmono=true:framelog=verbose");
    let args = ["-hide_banner", "-nostats", "-i", text(path), "-af", &filters, "-f", "null", "-"];
    let said = Command::new("ffmpeg").args(args).output().expect("install ffmpeg");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let number = |name: &str| {
        let line = said.lines().rev().find_map(|line| line.trim().strip_prefix(name)).expect("a summary");
        line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number")
    };
    Printed { lufs: number("I:"), range_lu: number("LRA:"), dbtp: number("Peak:") }
}

fn measured(path: &Path) -> Loudness {
    measure_loudness(path, None, &Cancel::default()).unwrap()
}

/// ffmpeg prints tenths: half of one is its rounding, the other half is ours.
fn assert_like_ffmpeg(path: &Path, name: &str, before: &str) {
    let (ours, printed) = (measured(path), by_ffmpeg_after(before, path));
    let lufs = ours.integrated_lufs().unwrap();
    assert!((lufs - printed.lufs).abs() <= 0.1, "{name}: {lufs} LUFS, ffmpeg {}", printed.lufs);
    let range = ours.range_lu();
    assert!((range - printed.range_lu).abs() <= 0.15, "{name}: {range} LU, ffmpeg {}", printed.range_lu);
    let dbtp = ours.true_peak_dbtp();
    assert!((dbtp - printed.dbtp).abs() <= 0.15, "{name}: {dbtp} dBTP, ffmpeg {}", printed.dbtp);
}

#[test]
fn loudness_range_and_true_peak_are_what_ffmpeg_measures() {
    let studio = Studio::new();
    let steps = "volume='if(lt(t,4),0.9,if(lt(t,8),0.1,0.4))':eval=frame";
    for (name, rate, channels, level) in [
        ("usual.wav", 44_100, 2, 0.5),
        ("mono.wav", 48_000, 1, 0.3),
        ("radio.wav", 32_000, 2, 0.8),
        ("studio.wav", 96_000, 2, 0.6),
        ("whisper.wav", 48_000, 2, 0.004),
    ] {
        let wav = studio.sound(name, rate, channels, rate as usize * 12, level);
        let stepped = studio.convert(&wav, &format!("stepped-{name}"), &["-af", steps]);
        // What only bats hear is not in the MP3, and not in its peak.
        assert_like_ffmpeg(&stepped, name, if rate == 96_000 { "aresample=48000," } else { "" });
    }
    let loud = studio.sound("loud.wav", 44_100, 2, 44_100 * 5, 0.9);
    assert_like_ffmpeg(&studio.convert(&loud, "clipped.wav", &["-af", "volume=18dB"]), "clipped", "");
}

#[test]
fn peaks_between_the_samples_are_found() {
    let studio = Studio::new();
    // A quarter of the rate, an eighth of a turn late: every sample is 3 dB below the wave's peak.
    let between = "aevalsrc=0.7*sin(2*PI*11025*t+PI/4):s=44100:d=2";
    let highs = "aevalsrc=0.3*sin(2*PI*18900*t)+0.3*sin(2*PI*12345*t+1)|0.2*sin(2*PI*19500*t+2):s=48000:d=2";
    // A tone that sets in at once rings in every filter, and in each a little differently.
    let fades = "afade=t=in:d=0.5,afade=t=out:st=1.5:d=0.5";
    for (name, source) in [("between.wav", between), ("highs.wav", highs)] {
        let path = studio.path(name);
        let args =
            ["-v", "error", "-f", "lavfi", "-i", source, "-af", fades, "-c:a", "pcm_s24le", text(&path)];
        crate::tools::run("ffmpeg", &args);
        let (ours, printed) = (measured(&path), by_ffmpeg(&path));
        let dbtp = ours.true_peak_dbtp();
        assert!((dbtp - printed.dbtp).abs() <= 0.15, "{name}: {dbtp} dBTP, ffmpeg {}", printed.dbtp);
        assert!(ours.true_peak >= ours.sample_peak);
    }
    let between = measured(&studio.path("between.wav"));
    assert!((between.true_peak / between.sample_peak - std::f32::consts::SQRT_2).abs() < 0.01, "{between:?}");
}

#[test]
fn an_album_is_as_loud_as_its_tracks_in_a_row() {
    let studio = Studio::new();
    let first = studio.sound("first.wav", 44_100, 2, 44_100 * 9, 0.6);
    let second = studio.sound("second.wav", 44_100, 2, 44_100 * 7, 0.08);
    let both = studio.path("both.wav");
    let joined = "[0:a][1:a]concat=n=2:v=0:a=1";
    let inputs = ["-v", "error", "-i", text(&first), "-i", text(&second), "-filter_complex", joined];
    crate::tools::run("ffmpeg", &[&inputs[..], &[text(&both)]].concat());
    let (album, printed) = (Loudness::of_all(&[measured(&first), measured(&second)]), by_ffmpeg(&both));
    assert!((album.integrated_lufs().unwrap() - printed.lufs).abs() <= 0.1);
    assert!((album.range_lu() - printed.range_lu).abs() <= 0.3, "{} {}", album.range_lu(), printed.range_lu);
    assert!((album.true_peak_dbtp() - printed.dbtp).abs() <= 0.15);
}

#[test]
fn the_gain_in_the_tags_is_what_was_measured() {
    let studio = Studio::new();
    for (name, rate, level) in [("loud.wav", 44_100, 0.95), ("high.wav", 96_000, 0.3)] {
        let wav = studio.sound(name, rate, 2, rate as usize * 5, level);
        let printed = by_ffmpeg_after(if rate == 96_000 { "aresample=48000," } else { "" }, &wav);
        let (path, made) = studio.make(&wav, ENCODE).unwrap();
        let gain = made.gain.unwrap();
        assert!((gain.gain_db - (-18.0 - printed.lufs)).abs() < 0.15, "{name}: {gain:?} {}", printed.lufs);
        assert!((20.0 * gain.peak.log10() - printed.dbtp).abs() < 0.15, "{name}: {gain:?} {}", printed.dbtp);
        let said = mutagen(&path);
        assert!(said.contains(&format!("TXXX:REPLAYGAIN_TRACK_GAIN={:.2} dB", gain.gain_db)), "{said}");
        assert!(said.contains(&format!("TXXX:REPLAYGAIN_TRACK_PEAK={:.6}", gain.peak)), "{said}");
        assert!(!said.contains("ALBUM"), "{said}");
        assert_eq!(made.loudness, Some(measured(&wav)), "measured in the same pass or before: the same");
    }
}

#[test]
fn an_album_gain_written_later_gives_the_same_file() {
    let studio = Studio::new();
    let wav = studio.sound("track.wav", 44_100, 2, 44_100 * 3, 0.5);
    let own = measured(&wav);
    let album = Loudness::of_all([&own, &measured(&studio.sound("other.wav", 48_000, 2, 200_000, 0.1))]);
    for purpose in [LoudnessUse::ReplayGain, LoudnessUse::R128] {
        let known = LoudnessRequest { purpose, known: Some(&own), album: Some(&album) };
        let (path, at_once) = studio.make(&wav, Job { loudness: known, ..ENCODE }).unwrap();
        let (bytes, said) = (std::fs::read(&path).unwrap(), mutagen(&path));
        let before = Job { loudness: LoudnessRequest { purpose, ..AS_USUAL }, ..ENCODE };
        let (path, made) = studio.make(&wav, before).unwrap();
        let mut out = std::fs::File::options().read(true).write(true).open(&path).unwrap();
        let (cores, cancel) = (Cores::all(), Cancel::default());
        let request = before.request_with(&wav, known, &cores, &cancel);
        let later = write_album_gain(&request, made, &mut out).unwrap();
        assert_eq!((later.bytes, &later.sum), (at_once.bytes, &at_once.sum));
        assert!(std::fs::read(&path).unwrap() == bytes);
        let (track, album) = (own.integrated_lufs().unwrap(), album.integrated_lufs().unwrap());
        let texts = match purpose {
            LoudnessUse::R128 => [track, album].map(|lufs| format!("{:.0}", (-23.0 - lufs) * 256.0)),
            _ => [track, album].map(|lufs| format!("{:.2} dB", -18.0 - lufs)),
        };
        let prefix = if purpose == LoudnessUse::R128 { "R128" } else { "REPLAYGAIN" };
        assert!(said.contains(&format!("TXXX:{prefix}_TRACK_GAIN={}", texts[0])), "{texts:?} {said}");
        assert!(said.contains(&format!("TXXX:{prefix}_ALBUM_GAIN={}", texts[1])), "{texts:?} {said}");
        assert_eq!(said.contains("REPLAYGAIN"), purpose == LoudnessUse::ReplayGain, "{said}");
    }
}

#[test]
fn an_applied_gain_is_heard_and_not_written() {
    let studio = Studio::new();
    let wav = studio.sound("soft.wav", 44_100, 2, 44_100 * 5, 0.1);
    let before = by_ffmpeg(&wav);
    let wish = |target_lufs| LoudnessRequest {
        purpose: LoudnessUse::Apply { target_lufs, by_album: false },
        ..AS_USUAL
    };
    let (path, made) = studio.make(&wav, Job { loudness: wish(before.lufs + 6.0), ..ENCODE }).unwrap();
    assert!((made.level_db - 6.0).abs() < 0.15, "{}", made.level_db);
    assert!((by_ffmpeg(&path).lufs - (before.lufs + 6.0)).abs() <= 0.2);
    assert!(!mutagen(&path).contains("GAIN"));
    // Louder than its peaks allow: they end at −1 dBTP, and what the encoder adds.
    let (path, made) = studio.make(&wav, Job { loudness: wish(-5.0), ..ENCODE }).unwrap();
    assert!((made.level_db - (-1.0 - before.dbtp)).abs() < 0.15, "{} {}", made.level_db, before.dbtp);
    assert!(by_ffmpeg(&path).dbtp < 0.0);
}

#[test]
fn off_measures_nothing_and_writes_nothing() {
    let studio = Studio::new();
    let wav = studio.sound("off.wav", 44_100, 2, 44_100 * 2, 0.5);
    let mp3 = studio.convert(&wav, "off.mp3", &["-b:a", "192k"]);
    let gain = Some(ReplayGain { gain_db: -3.0, peak: 0.5 });
    let tags = TagSet { track_gain: gain, album_gain: gain, ..NO_TAGS.clone() };
    let loudness = LoudnessRequest { purpose: LoudnessUse::Off, ..AS_USUAL };
    for (source, job) in [(&wav, ENCODE), (&mp3, COPY)] {
        let (path, made) = studio.make(source, Job { loudness, tags: &tags, ..job }).unwrap();
        assert_eq!((made.gain, made.loudness, made.level_db), (None, None, 0.0));
        assert!(!mutagen(&path).contains("GAIN"));
    }
    let silence = studio.sound("silence.wav", 44_100, 2, 44_100, 0.0);
    assert!(studio.make(&silence, Job { loudness, ..ENCODE }).is_err(), "silence is noticed all the same");
}

#[test]
fn what_is_too_short_has_no_gain() {
    let studio = Studio::new();
    let wav = studio.sound("short.wav", 44_100, 2, 4000, 0.5);
    let (path, made) = studio.make(&wav, ENCODE).unwrap();
    assert_eq!(made.gain, None);
    assert!(!mutagen(&path).contains("REPLAYGAIN"));
    assert_eq!(measured(&wav).integrated_lufs(), None);
    assert!(measured(&wav).sample_peak > 0.3, "its peak is known all the same");
}

#[test]
fn silence_is_no_recording() {
    let studio = Studio::new();
    let wav = studio.sound("silence.wav", 44_100, 2, 44_100 * 2, 0.0);
    let mp3 = studio.convert(&wav, "silence.mp3", &[]);
    for (source, job) in [(&wav, ENCODE), (&mp3, COPY)] {
        match studio.make(source, job) {
            Err(MakeError::SourceBroken { reason, .. }) => assert!(reason.contains("silent"), "{reason}"),
            other => panic!("{}: {other:?}", source.display()),
        }
    }
}

#[test]
fn mono_is_measured_as_two_speakers_play_it() {
    let studio = Studio::new();
    let mono = studio.wav("mono.wav", 44_100, 1, 44_100 * 4);
    let both = studio.convert(&mono, "both.wav", &["-ac", "2", "-af", "pan=stereo|c0=c0|c1=c0"]);
    let gain = |path| studio.make(path, ENCODE).unwrap().1.gain.unwrap().gain_db;
    assert!((gain(&mono) - gain(&both)).abs() < 0.01);
}

/// The highest sample that ffmpeg decodes, 1.0 = full scale.
fn peak_by_ffmpeg(path: &Path, filters: &str) -> f32 {
    let pcm =
        crate::tools::run("ffmpeg", &["-v", "error", "-i", text(path), "-af", filters, "-f", "f32le", "-"]);
    let samples = pcm.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes).abs());
    samples.fold(0.0, f32::max)
}

#[test]
fn six_channels_are_folded_as_ffmpeg_folds_them_and_turned_down_only_when_they_must() {
    let studio = Studio::new();
    let tone = |level: f32, hertz: u32| format!("{level}*sin(2*PI*{hertz}*t)");
    for (name, level) in [("film.wav", 0.15f32), ("concert.wav", 0.6)] {
        let six: Vec<String> =
            [400, 430, 460, 50, 490, 520].iter().map(|hertz| tone(level, *hertz)).collect();
        let source = format!("aevalsrc={}:c=5.1:s=48000:d=5", six.join("|"));
        let path = studio.path(name);
        let faded = ["-af", "afade=d=0.2,afade=t=out:st=4.8:d=0.2"];
        let args = ["-v", "error", "-f", "lavfi", "-i", &source, faded[0], faded[1], "-c:a", "pcm_f32le"];
        crate::tools::run("ffmpeg", &[&args[..], &[text(&path)]].concat());
        let folded = studio.convert(&path, &format!("folded-{name}"), &["-ac", "2", "-c:a", "pcm_f32le"]);
        let printed = by_ffmpeg(&folded);
        let lufs = measured(&path).integrated_lufs().unwrap();
        assert!((lufs - printed.lufs).abs() <= 0.1, "{name}: {lufs} LUFS, ffmpeg {}", printed.lufs);
        let (made, result) = studio.make(&path, ENCODE).unwrap();
        let wanted = printed.dbtp.max(0.0);
        assert!((result.level_db + wanted).abs() <= 0.1, "{name}: {} dB, not −{wanted}", result.level_db);
        // LAME adds a little of its own.
        assert!(peak_by_ffmpeg(&made, "anull") <= 1.06, "{name}");
        assert_eq!(result.notes.iter().any(|note| note.contains("turned down")), wanted > 0.0, "{name}");
    }
}

#[test]
fn floats_beyond_full_scale_are_turned_down_and_whole_numbers_keep_their_level() {
    let studio = Studio::new();
    let wav = studio.sound("loud.wav", 44_100, 2, 44_100 * 2, 0.99);
    let floats =
        studio.convert(&wav, "floats.wav", &["-af", "volume=6dB:precision=double", "-c:a", "pcm_f32le"]);
    let (_, made) = studio.make(&floats, ENCODE).unwrap();
    assert!((made.level_db + measured(&floats).true_peak_dbtp()).abs() < 0.01, "{}", made.level_db);
    assert!(made.level_db < -5.0, "{}", made.level_db);
    assert!((20.0 * made.gain.unwrap().peak.log10()).abs() < 0.01, "the tags tell the peak as it is now");
    let clipped = studio.convert(&wav, "clipped.wav", &["-af", "volume=6dB"]);
    assert!(measured(&clipped).true_peak_dbtp() > 0.0);
    assert_eq!(studio.make(&clipped, ENCODE).unwrap().1.level_db, 0.0);
}

#[test]
fn twenty_four_bits_reach_the_encoder_as_they_are() {
    // −110 dBFS: nothing in sixteen bits without dither, a plain tone in twenty-four.
    let studio = Studio::new();
    let path = studio.path("faint.wav");
    let source = "aevalsrc=0.5*sin(2*PI*1000*t)*lt(t\\,1)+0.0000032*sin(2*PI*1000*t)*gte(t\\,1):s=44100:d=3";
    let args = ["-v", "error", "-f", "lavfi", "-i", source, "-c:a", "pcm_s24le", text(&path)];
    crate::tools::run("ffmpeg", &args);
    let job = Job { preset: ferrotape_audio::Preset::Cbr(320), ..ENCODE };
    let (made, _) = studio.make(&path, job).unwrap();
    let faint = "atrim=start=1.5:end=2.9,asetpts=PTS-STARTPTS";
    let (before, after) = (peak_by_ffmpeg(&path, faint), peak_by_ffmpeg(&made, faint));
    assert!((3.0e-6..3.4e-6).contains(&before), "{before}");
    assert!((2.0e-6..5.0e-6).contains(&after), "{after}");
}

/// The frames' own volume: nothing is encoded, and all of it can be taken back.
#[test]
fn a_copied_mp3_is_turned_up_or_down_in_its_frames() {
    let studio = Studio::new();
    let wav = studio.sound("a.wav", 44_100, 2, 44_100 * 9, 0.3);
    let source = studio.convert(&wav, "a.mp3", &["-q:a", "2"]);
    let before = measured(&source);
    let lufs = before.integrated_lufs().unwrap();
    let parted = Part { number: 2, sample_rate: 44_100, start: 100_000, end: Some(300_000) };
    for (target_lufs, part) in [(lufs - 10.0, None), (lufs - 7.3, Some(parted)), (lufs + 12.0, None)] {
        let purpose = LoudnessUse::Apply { target_lufs, by_album: false };
        let loudness = LoudnessRequest { purpose, known: None, album: None };
        let (path, made) = studio.make(&source, Job { loudness, part, ..COPY }).unwrap();
        assert_eq!(made.method, Method::Copied);
        let change = made.volume.unwrap();
        assert!(change.steps != 0, "to {target_lufs}");
        let own = made.loudness.unwrap();
        let after = measured(&path);
        let reached = after.integrated_lufs().unwrap();
        let step = change.db() / f64::from(change.steps);
        assert!((reached - own.integrated_lufs().unwrap() - change.db()).abs() < 0.05, "{change:?}");
        assert!(after.true_peak_dbtp() <= -1.0 + 0.01, "{}", after.true_peak_dbtp());
        let limited = after.true_peak_dbtp() + step > -1.0;
        assert!(
            limited || (reached - target_lufs).abs() <= step / 2.0 + 0.05,
            "{reached}, not {target_lufs}"
        );
        let tags = mutagen(&path);
        assert!(tags.contains(&change.undo()) && tags.contains(&change.min_max()), "{tags}");
        crate::tools::judge(&path, made.samples);
        let undone = studio.path("undone.mp3");
        let mut out = std::fs::File::create_new(&undone).unwrap();
        change_mp3_volume(&path, -change.steps, &mut out, &Cancel::default()).unwrap();
        let (same, _) = studio.make(&source, Job { part, ..COPY }).unwrap();
        assert!(decoded(&undone) == decoded(&same), "taken back it is not what it was");
        std::fs::remove_file(undone).unwrap();
    }
}

fn decoded(path: &Path) -> Vec<u8> {
    run("ffmpeg", &["-v", "error", "-i", text(path), "-f", "f32le", "-"])
}
