//! MP3s cut and joined without encoding: other people's decoders make of the pieces the samples of the whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ferrotape_audio::{CuttableMp3, JoinedMp3, MakeError, Method, change_mp3_volume, join_mp3};
use ferrotape_domain::Cancel;
use ferrotape_testkit::Random;

use crate::tools::{COPY, Studio, mp3val_warnings, run, text};

const SECONDS: usize = 3;

/// Kinds of sources: name, sample rate, channels, LAME's options.
const KINDS: [(&str, u32, u16, &[&str]); 10] = [
    ("cbr128", 44_100, 2, &["-b", "128"]),
    ("cbr320", 44_100, 2, &["-b", "320"]),
    ("vbr", 44_100, 2, &["-V", "2"]),
    ("abr", 48_000, 2, &["--abr", "150"]),
    ("mono", 32_000, 1, &["-b", "40"]),
    ("crc", 44_100, 2, &["-p", "-V", "5"]),
    ("bare", 44_100, 2, &["-t", "-b", "96"]),
    ("mpeg2", 22_050, 2, &["-b", "48"]),
    ("mpeg2mono", 16_000, 1, &["-V", "6", "-p"]),
    ("mpeg25", 11_025, 1, &["-b", "8"]),
];

fn source(studio: &Studio, (name, rate, channels, options): (&str, u32, u16, &[&str])) -> PathBuf {
    let wav = studio.wav(&format!("{name}.wav"), rate, channels, rate as usize * SECONDS + 123);
    let path = studio.path(&format!("{name}.mp3"));
    let resample = (rate as f64 / 1000.0).to_string();
    let keep = ["--quiet", "--resample", resample.as_str()];
    run("lame", &[&keep, options, &[text(&wav), text(&path)]].concat());
    path
}

/// What ffmpeg decodes, as 32-bit floats, and mpg123, as 16 bits; neither may have anything to complain about.
fn decoded(path: &Path) -> (Vec<u8>, Vec<u8>) {
    let float = run(
        "ffmpeg",
        &["-v", "warning", "-xerror", "-i", text(path), "-c:a", "pcm_f32le", "-f", "f32le", "-"],
    );
    (float, run("mpg123", &["-q", "-s", "-e", "s16", text(path)]))
}

/// Whether two streams of 16-bit samples differ by rounding at most: mpg123 adds in an order that depends on how many
/// frames it decoded before.
fn within_rounding(one: &[u8], other: &[u8]) -> bool {
    let sample = |pair: &[u8]| i32::from(i16::from_le_bytes([pair[0], pair[1]]));
    let close = |(one, other): (&[u8], &[u8])| (sample(one) - sample(other)).abs() <= 1;
    one.len() == other.len() && one.chunks_exact(2).zip(other.chunks_exact(2)).all(close)
}

/// What mp3val has to say, but that there are no tags.
fn complaints(path: &Path) -> Vec<String> {
    mp3val_warnings(path)
        .into_iter()
        .filter(|line| !line.ends_with("No supported tags in the file"))
        .collect()
}

fn new_file(path: &Path) -> File {
    File::options().read(true).write(true).create(true).truncate(true).open(path).unwrap()
}

fn cut(studio: &Studio, whole: &CuttableMp3, from: u64, to: u64) -> PathBuf {
    let path = studio.path(&format!("{from}-{to}.mp3"));
    whole.cut(from..to, &mut new_file(&path), &Cancel::default()).unwrap();
    path
}

#[test]
fn pieces_and_copies_play_the_samples_of_the_whole() {
    let studio = Studio::new();
    let mut random = Random::seeded(4);
    for kind in KINDS {
        let path = source(&studio, kind);
        let whole = CuttableMp3::open(&path, &Cancel::default()).unwrap();
        let (samples, channels) = (whole.samples(), usize::from(kind.2));
        let (float, short) = decoded(&path);
        assert_eq!(float.len(), samples as usize * channels * 4, "{}", kind.0);
        assert_eq!(short.len(), samples as usize * channels * 2, "{}", kind.0);
        let (copy, said) = studio.make(&path, COPY).unwrap();
        assert_eq!(
            (said.method, said.samples, said.notes),
            (Method::Copied, samples, Vec::new()),
            "{}",
            kind.0
        );
        assert!(decoded(&copy) == (float.clone(), short.clone()), "{}: copied", kind.0);
        assert_eq!(mp3val_warnings(&copy), Vec::<String>::new(), "{}: copied", kind.0);
        let mut places = vec![0, samples];
        places.extend([samples / 2 - random.below(samples / 4)]);
        places.sort_unstable();
        let mut pieces = Vec::new();
        for ends in places.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let piece = cut(&studio, &whole, from, to);
            let what = format!("{} {from}..{to} of {samples}", kind.0);
            let (piece_float, piece_short) = decoded(&piece);
            let part = |bytes: usize| from as usize * channels * bytes..to as usize * channels * bytes;
            assert!(piece_float == float[part(4)], "ffmpeg, {what}: {} bytes", piece_float.len());
            assert!(within_rounding(&piece_short, &short[part(2)]), "mpg123, {what}");
            assert_eq!(complaints(&piece), Vec::<String>::new(), "{what}");
            pieces.push(piece);
        }
        let parts: Vec<&Path> = pieces.iter().map(PathBuf::as_path).collect();
        let joined = studio.path("joined.mp3");
        let made = join_mp3(&parts, &mut new_file(&joined), &Cancel::default()).unwrap();
        assert_eq!(made, JoinedMp3 { samples, gaps: 0 }, "{}", kind.0);
        let (joined_float, joined_short) = decoded(&joined);
        assert!(joined_float == float && within_rounding(&joined_short, &short), "{}: joined", kind.0);
        assert_eq!(complaints(&joined), Vec::<String>::new(), "{}", kind.0);
    }
}

/// Cuts at and beside the borders of frames, and pieces shorter than a frame.
#[test]
fn cuts_at_borders_and_tiny_pieces_are_exact() {
    let studio = Studio::new();
    let path = source(&studio, KINDS[0]);
    let whole = CuttableMp3::open(&path, &Cancel::default()).unwrap();
    let (float, _) = decoded(&path);
    let border = 1152 * 40 - 1105; // LAME's delay and the decoder's
    for (from, to) in [
        (border - 1, border),
        (border, border + 1),
        (border - 1152, border),
        (border, border + 1152),
        (0, 1),
        // ffmpeg cannot take away both ends of one frame.
        (whole.samples() - 1200, whole.samples()),
        (0, whole.samples()),
    ] {
        let (piece, _) = decoded(&cut(&studio, &whole, from, to));
        let wanted = &float[from as usize * 8..to as usize * 8];
        assert!(
            piece == wanted,
            "{from}..{to}: {} bytes, {:?} not {:?}",
            piece.len(),
            &piece[..8],
            &wanted[..8]
        );
    }
    for range in [5..5, 0..whole.samples() + 1, u64::MAX - 1..u64::MAX] {
        let refused = whole.cut(range, &mut new_file(&studio.path("none")), &Cancel::default());
        assert!(matches!(refused, Err(MakeError::SourceBroken { .. })), "{refused:?}");
    }
}

#[test]
fn copied_frames_keep_every_byte() {
    let studio = Studio::new();
    let path = source(&studio, KINDS[2]);
    let whole = CuttableMp3::open(&path, &Cancel::default()).unwrap();
    let piece = fs::read(cut(&studio, &whole, 60_000, 120_000)).unwrap();
    let whole = fs::read(&path).unwrap();
    // Header frame and one carrier come before what is copied.
    let same = piece.len() - 3000;
    let tail = &piece[piece.len() - same..];
    assert!(same > 10_000 && whole.windows(tail.len()).any(|stretch| stretch == tail));
}

#[test]
fn strangers_are_joined_with_a_gap_and_other_kinds_refused() {
    let studio = Studio::new();
    let (one, two) = (source(&studio, KINDS[0]), source(&studio, KINDS[2]));
    let joined = studio.path("joined.mp3");
    let made = join_mp3(&[&one, &two], &mut new_file(&joined), &Cancel::default()).unwrap();
    assert_eq!(made.gaps, 1);
    let (float, _) = decoded(&joined);
    assert_eq!(float.len() as u64 / 8, made.samples);
    let (first, _) = decoded(&one);
    assert!(float.starts_with(&first), "the first part is there unchanged");
    let (second, _) = decoded(&two);
    assert!(float.ends_with(&second[8 * 4000..]), "and the end of the second");
    assert_eq!(complaints(&joined), Vec::<String>::new());
    let other = source(&studio, KINDS[4]);
    let refused = join_mp3(&[&one, &other], &mut new_file(&joined), &Cancel::default());
    assert!(matches!(refused, Err(MakeError::SourceBroken { .. })), "{refused:?}");
}

/// A stream cut by others begins with frames whose main data is gone.
#[test]
fn a_source_that_begins_in_the_middle_of_a_stream_can_be_cut() {
    let studio = Studio::new();
    let path = source(&studio, KINDS[6]);
    let bytes = fs::read(&path).unwrap();
    let frame = |at: usize| 144 * 96_000 / 44_100 + usize::from(bytes[at + 2] >> 1 & 1);
    let middle = (0..30).fold(0, |at, _| at + frame(at));
    fs::write(&path, &bytes[middle..]).unwrap();
    let whole = CuttableMp3::open(&path, &Cancel::default()).unwrap();
    let piece = cut(&studio, &whole, 0, 50_000);
    assert_eq!(complaints(&piece), Vec::<String>::new());
    let (float, _) = decoded(&piece);
    assert_eq!(float.len(), 50_000 * 8);
    let later = cut(&studio, &whole, 20_000, 50_000);
    assert!(decoded(&later).0 == float[20_000 * 8..]);
}

fn sound_of(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let end = bytes.windows(8).position(|word| word == b"APETAGEX").unwrap_or(bytes.len());
    bytes[..end].to_vec()
}

#[test]
fn volume_is_changed_as_mp3gain_does_and_back_again() {
    let studio = Studio::new();
    for kind in [KINDS[0], KINDS[2], KINDS[5], KINDS[6], KINDS[7], KINDS[9]] {
        let path = source(&studio, kind);
        for steps in [3, -5] {
            let what = format!("{} {steps}", kind.0);
            let change = |from: &Path, steps: i32, name: &str| {
                let to = studio.path(name);
                let change = change_mp3_volume(from, steps, &mut new_file(&to), &Cancel::default()).unwrap();
                (to, change)
            };
            let (changed, said) = change(&path, steps, "changed.mp3");
            assert_eq!(said.steps, steps, "{what}");
            let theirs = studio.path("theirs.mp3");
            fs::copy(&path, &theirs).unwrap();
            run("mp3gain", &["-q", "-g", &steps.to_string(), text(&theirs)]);
            let undo = String::from_utf8_lossy(&fs::read(&theirs).unwrap()).contains(&said.undo());
            assert!(undo, "{what}: mp3gain's undo is not {}", said.undo());
            let (mut ours, mut theirs) = (sound_of(&changed), sound_of(&theirs));
            // mp3gain leaves the header frame's checksums as they were, which are then wrong.
            let header = if kind.3.contains(&"-t") { 0 } else { 200 };
            ours.drain(..header);
            theirs.drain(..header);
            assert!(ours == theirs, "{what}: not what mp3gain does");
            assert_eq!(complaints(&changed), Vec::<String>::new(), "{what}");
            let (again, _) = change(&changed, -steps, "again.mp3");
            assert!(fs::read(&again).unwrap() == fs::read(&path).unwrap(), "{what}: not undone");
        }
    }
}

#[test]
fn volume_is_changed_exactly_and_never_beyond_what_can_be_undone() {
    let studio = Studio::new();
    let path = source(&studio, KINDS[0]);
    let changed = studio.path("changed.mp3");
    let change =
        |steps| change_mp3_volume(&path, steps, &mut new_file(&changed), &Cancel::default()).unwrap();
    let said = change(-4);
    assert!((said.db() + 6.02).abs() < 0.01, "{}", said.db());
    let said = change(i32::MAX);
    assert_eq!((said.most, said.steps > 20), (255, true), "{said:?}");
    let said = change(i32::MIN);
    assert!(said.steps < -20 && said.undo().starts_with("+1"), "{said:?}");
    let said = change(-4);
    let values = |path: &Path| -> Vec<f32> {
        let (float, _) = decoded(path);
        float.chunks_exact(4).map(|word| f32::from_le_bytes(word.try_into().unwrap())).collect()
    };
    let farthest = values(&path)
        .iter()
        .zip(values(&changed))
        .map(|(before, after)| (before / 2.0 - after).abs())
        .fold(0.0, f32::max);
    assert!(farthest < 1e-6, "half of it but for {farthest}");
    let seen = run("mp3gain", &["-x", "-s", "s", text(&changed)]);
    let seen = String::from_utf8_lossy(&seen).into_owned();
    for (name, value) in [("Max", said.most), ("Min", said.least)] {
        assert!(seen.contains(&format!("{name} mp3 global gain field: {value}\n")), "{said:?}: {seen}");
    }
}

#[test]
fn every_flipped_byte_is_survived_by_cutting_joining_and_changing() {
    let studio = Studio::new();
    let path = source(&studio, KINDS[8]);
    let bytes = fs::read(&path).unwrap();
    let (broken, other) = (studio.path("broken.mp3"), studio.path("other.mp3"));
    let cancel = Cancel::default();
    for at in (0..400).step_by(7).chain((400..bytes.len()).step_by(bytes.len() / 60)) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0xff;
        fs::write(&broken, flipped).unwrap();
        if let Ok(whole) = CuttableMp3::open(&broken, &cancel) {
            let middle = whole.samples() / 2;
            let _ = whole.cut(middle..whole.samples(), &mut new_file(&other), &cancel);
            let _ = join_mp3(&[&broken, &other], &mut new_file(&studio.path("joined.mp3")), &cancel);
        }
        let _ = change_mp3_volume(&broken, 3, &mut new_file(&other), &cancel);
    }
}
