//! What a scan learns: the format by content, the facts, the identity.

use std::fs;
use std::time::Duration;

use ferrotape_audio::{Unreadable, content_id, probe};
use ferrotape_domain::AudioFormat;

use crate::tools::{Studio, run, text};

#[test]
fn facts_of_every_format() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 48_000, 2, 48_000 * 2);
    for (name, options, format, bits) in [
        ("a.flac", &["-sample_fmt", "s32"][..], AudioFormat::Flac, Some(24)),
        ("a.oga", &["-c:a", "flac"], AudioFormat::OggFlac, Some(16)),
        ("a.mp3", &["-b:a", "128k"], AudioFormat::Mp3, None),
        ("a.m4a", &["-c:a", "aac"], AudioFormat::Aac, None),
        ("a.aac", &["-c:a", "aac"], AudioFormat::Aac, None),
        ("alac.m4a", &["-c:a", "alac"], AudioFormat::Alac, Some(16)),
        ("a.ogg", &["-c:a", "libvorbis"], AudioFormat::Vorbis, None),
        ("a.opus", &["-c:a", "libopus"], AudioFormat::Opus, None),
        ("a.wav", &["-c:a", "pcm_s24le"], AudioFormat::Wav, Some(24)),
        ("a.aiff", &[], AudioFormat::Aiff, Some(16)),
        ("a.mp2", &["-c:a", "mp2"], AudioFormat::Mp2, None),
        ("a.wv", &["-c:a", "wavpack", "-sample_fmt", "s16p"], AudioFormat::WavPack, Some(16)),
        ("a.w64", &["-c:a", "pcm_s24le"], AudioFormat::Wav, Some(24)),
        ("rf64.wav", &["-c:a", "pcm_s24le", "-rf64", "always"], AudioFormat::Wav, Some(24)),
        ("a.caf", &["-c:a", "alac"], AudioFormat::Alac, None),
        ("flac.mp4", &["-c:a", "flac", "-strict", "-2"], AudioFormat::Flac, Some(16)),
        ("opus.mp4", &["-c:a", "libopus"], AudioFormat::Opus, None),
    ] {
        let facts = probe(&studio.convert(&wav, name, options)).unwrap().facts;
        assert_eq!((facts.format, facts.sample_rate, facts.channels), (format, 48_000, 2), "{name}");
        assert_eq!(facts.bits_per_sample, bits, "{name}");
        let off = facts.duration.unwrap().abs_diff(Duration::from_secs(2));
        assert!(off < Duration::from_millis(120), "{name}: {:?}", facts.duration);
        assert!(facts.bitrate_kbps.is_some_and(|kbps| kbps > 8), "{name}: {:?}", facts.bitrate_kbps);
    }
}

/// A guess from the first frames is off where it begins loud and ends silent.
#[test]
fn frames_of_aac_without_a_container_are_counted() {
    let studio = Studio::new();
    let path = studio.path("stream.aac");
    let loud = "anoisesrc=d=10:a=0.5:r=44100";
    run(
        "ffmpeg",
        &["-v", "error", "-f", "lavfi", "-i", loud, "-af", "apad=pad_dur=30", "-c:a", "aac", text(&path)],
    );
    let length = probe(&path).unwrap().facts.duration.unwrap();
    assert!(length.abs_diff(Duration::from_secs(40)) < Duration::from_millis(120), "{length:?}");
}

#[test]
fn what_is_no_audio_is_called_so() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    let video = studio.path("film.mp4");
    let picture = "testsrc=size=64x64:duration=1:rate=5";
    run(
        "ffmpeg",
        &["-v", "error", "-f", "lavfi", "-i", picture, "-i", text(&wav), "-c:a", "aac", text(&video)],
    );
    let text_file = studio.path("notes.mp3");
    fs::write(&text_file, "only words\n".repeat(5000)).unwrap();
    let empty = studio.path("empty.flac");
    fs::write(&empty, b"").unwrap();
    for path in [video, text_file, empty, studio.dir.path().to_owned()] {
        match probe(&path) {
            Err(Unreadable::NotAudio { .. }) => {}
            Err(Unreadable::Io { .. }) if path.is_dir() => {}
            other => panic!("{}: {other:?}", path.display()),
        }
    }
    assert!(matches!(probe(&studio.path("gone.flac")), Err(Unreadable::Io { .. })));
}

#[test]
fn an_archive_is_no_audio_whatever_is_in_it() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    let flac = fs::read(studio.convert(&wav, "a.flac", &[])).unwrap();
    let tar = |member: &str| {
        let mut bytes = vec![0; 512];
        bytes[..member.len()].copy_from_slice(member.as_bytes());
        bytes[257..262].copy_from_slice(b"ustar");
        bytes.extend_from_slice(&flac);
        bytes
    };
    let behind = |magic: &[u8]| [magic, &[0; 600], &flac].concat();
    let archives = [
        ("album.tar", tar("01 Undertow.flac")),
        // Monkey's Audio begins so, too.
        ("named.flac", tar("MAC 01.flac")),
        ("spanned.zip", behind(b"PK\x07\x08")),
        ("album.7z", behind(b"7z\xbc\xaf\x27\x1c")),
        ("album.rar", behind(b"Rar!\x1a\x07")),
        ("album.tar.zst", behind(b"\x28\xb5\x2f\xfd")),
    ];
    for (name, bytes) in archives {
        let path = studio.path(name);
        fs::write(&path, bytes).unwrap();
        assert!(matches!(probe(&path), Err(Unreadable::NotAudio { .. })), "{name}: {:?}", probe(&path));
    }
}

#[test]
fn other_audio_is_named_and_refused() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    for (name, options, wanted) in [
        ("a.wma", &["-c:a", "wmav2"], "WMA (ASF)"),
        ("a.mka", &["-c:a", "flac"], "Matroska"),
        ("a.caf", &["-c:a", "adpcm_ima_qt"], "this kind of Core Audio Format"),
        ("a.ac3", &["-c:a", "ac3"], "AC-3"),
        ("a.tta", &["-c:a", "tta"], "True Audio"),
        ("b.wav", &["-c:a", "g722"], "compressed WAV"),
        ("mp3.mp4", &["-c:a", "libmp3lame"], "MP3 in MP4"),
    ] {
        match probe(&studio.convert(&wav, name, options)) {
            Err(Unreadable::NotReadableYet { format, .. }) => assert_eq!(format, wanted, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    for (bytes, wanted) in [
        (b"MAC \x6c\x0f".as_slice(), "Monkey's Audio from before version 3.95"),
        (b"MP+\x06\0\0", "Musepack from before stream version 7"),
        (b"DSD \x1c\0", "DSD (DSF)"),
        (b"\0\0\0\x20ftypaax \0\0\0\x01aax M4B mp42isom", "a protected (DRM) book of Audible"),
        (b"\0\x01\0\0\x57\x90\x75\x36", "a protected (DRM) book of Audible"),
    ] {
        let path = studio.path("made-up");
        fs::write(&path, [bytes, &[0; 4096]].concat()).unwrap();
        match probe(&path) {
            Err(Unreadable::NotReadableYet { format, .. }) => assert_eq!(format, wanted),
            other => panic!("{wanted}: {other:?}"),
        }
    }
}

#[test]
fn the_identity_changes_with_the_bytes_and_only_with_them() {
    let studio = Studio::new();
    let (first, second) = (studio.path("a"), studio.path("b"));
    let mut bytes: Vec<u8> = (0..1_000_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
    let id = |path| content_id(&mut fs::File::open(path).unwrap()).unwrap();
    fs::write(&first, &bytes).unwrap();
    fs::write(&second, &bytes).unwrap();
    let known = id(&first);
    assert_eq!(known.0.len(), 32);
    assert_eq!(known, id(&second));
    for at in [0, 500_000, 999_999] {
        bytes[at] ^= 1;
        fs::write(&second, &bytes).unwrap();
        assert_ne!(known, id(&second), "byte {at}");
        bytes[at] ^= 1;
    }
    bytes.push(0);
    fs::write(&second, &bytes).unwrap();
    assert_ne!(known, id(&second), "one byte longer");
    fs::write(&second, b"tiny").unwrap();
    assert_eq!(id(&second).0.len(), 32);
}

/// 8 s whose bit rate is high first and low then, without a header frame.
fn bare_vbr(studio: &Studio) -> std::path::PathBuf {
    let loud = studio.wav("loud.wav", 44_100, 2, 44_100 * 2);
    let quiet = studio.sound("quiet.wav", 44_100, 2, 44_100 * 6, 0.0);
    let bare = ["-c:a", "libmp3lame", "-q:a", "0", "-write_xing", "0", "-id3v2_version", "0"];
    let parts = [studio.convert(&loud, "1.mp3", &bare), studio.convert(&quiet, "2.mp3", &bare)];
    let path = studio.path("bare.mp3");
    fs::write(&path, parts.map(|part| fs::read(part).unwrap()).concat()).unwrap();
    path
}

#[test]
fn a_variable_rate_mp3_without_header_is_counted() {
    let studio = Studio::new();
    let path = bare_vbr(&studio);
    let facts = probe(&path).unwrap().facts;
    let off = facts.duration.unwrap().abs_diff(Duration::from_secs(8));
    assert!(off < Duration::from_millis(150), "{:?}", facts.duration);
    let average = fs::metadata(&path).unwrap().len() * 8 / 8000;
    assert!(u64::from(facts.bitrate_kbps.unwrap()).abs_diff(average) < 5, "{:?}", facts.bitrate_kbps);
    // Damage in the middle costs no more than itself.
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() / 3;
    bytes.splice(at..at, vec![0x55; 100_000]);
    fs::write(&path, bytes).unwrap();
    let off = probe(&path).unwrap().facts.duration.unwrap().abs_diff(Duration::from_secs(8));
    assert!(off < Duration::from_millis(250), "{off:?}");
}

#[test]
fn an_mp3_in_a_riff_wrapping_is_an_mp3() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100 * 2);
    let mp3 = fs::read(studio.convert(&wav, "a.mp3", &["-b:a", "128k", "-id3v2_version", "0"])).unwrap();
    let bare = [b"RIFF\x24\0\x10\0WAVE".as_slice(), &mp3].concat();
    let mut chunks = b"RIFF\0\0\0\0WAVEfmt \x1e\0\0\0\x55\0\x02\0".to_vec();
    chunks.extend_from_slice(&[0; 26]);
    chunks.extend_from_slice(b"data");
    chunks.extend_from_slice(&(mp3.len() as u32).to_le_bytes());
    chunks.extend_from_slice(&mp3);
    let tagged = [b"ID3\x03\0\0\0\0\0\x10".as_slice(), &[0; 16], &bare].concat();
    let rmp3 = [b"RIFF\0\0\0\0RMP3data\0\0\0\0".as_slice(), &mp3].concat();
    for (name, bytes) in [("bare", bare), ("chunks", chunks), ("tagged", tagged), ("rmp3", rmp3)] {
        let path = studio.path(name);
        fs::write(&path, bytes).unwrap();
        let facts = probe(&path).unwrap_or_else(|error| panic!("{name}: {error}")).facts;
        assert_eq!((facts.format, facts.sample_rate), (AudioFormat::Mp3, 44_100), "{name}");
        let off = facts.duration.unwrap().abs_diff(Duration::from_secs(2));
        assert!(off < Duration::from_millis(120), "{name}: {:?}", facts.duration);
        let (made, _) = studio.make(&path, crate::tools::COPY).unwrap();
        crate::tools::judge(&made, 44_100 * 2);
    }
}
