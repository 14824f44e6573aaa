//! Sound that was encoded before gives the very file that encoding it again would; and which sound a file holds.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use ferrotape_audio::{
    Cores, LoudnessRequest, LoudnessUse, MadeMp3, MakeError, finish_mp3, is_as_wanted, quick_sound_id,
    sound_id,
};
use ferrotape_domain::{Cancel, Loudness, TagSet};

use crate::tools::{AS_USUAL, ENCODE, GENERIC, Job, NO_TAGS, Studio, run, text};

fn titled() -> TagSet {
    TagSet { title: Some("Anew".to_owned()), artists: vec!["Iva Stone".to_owned()], ..NO_TAGS.clone() }
}

/// Cuts the sound out of what was made and finishes it as `job` says.
fn finished(studio: &Studio, earlier: &MadeMp3, sound: &[u8], job: Job<'_>) -> Result<Vec<u8>, MakeError> {
    let path = studio.path("finished.mp3");
    let mut out = File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
    let (cores, cancel) = (Cores::all(), Cancel::default());
    // The source is not looked at.
    let nowhere = studio.path("nowhere.flac");
    let request = job.request_with(&nowhere, job.loudness, &cores, &cancel);
    finish_mp3(&request, earlier.clone(), &mut &sound[..], &mut out)?;
    out.seek(SeekFrom::Start(0)).unwrap();
    Ok(std::fs::read(&path).unwrap())
}

#[test]
fn kept_sound_becomes_the_file_that_encoding_makes() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 60_000);
    let vorbis = studio.convert(&wav, "tone.ogg", &["-c:a", "libvorbis"]);
    let (tags, v1) = (titled(), ferrotape_audio::TagStyle { id3v1: true, ..GENERIC });
    for source in [&wav, &vorbis] {
        let (path, made) = studio.make(source, Job { style: v1, ..ENCODE }).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let sound = &bytes[made.sound.start as usize..made.sound.end as usize];
        let off = LoudnessRequest { purpose: LoudnessUse::Off, ..AS_USUAL };
        for job in [
            Job { style: v1, ..ENCODE },
            Job { tags: &tags, ..ENCODE },
            Job { tags: &tags, style: v1, loudness: off, ..ENCODE },
        ] {
            let (path, anew) = studio.make(source, job).unwrap();
            let wanted = std::fs::read(path).unwrap();
            assert!(finished(&studio, &made, sound, job).unwrap() == wanted, "{}", source.display());
            assert_eq!((anew.samples, anew.level_db), (made.samples, made.level_db));
        }
    }
}

#[test]
fn sound_of_another_level_does_not_serve() {
    let studio = Studio::new();
    let wav = studio.sound("loud.wav", 44_100, 2, 80_000, 0.99);
    let vorbis = studio.convert(&wav, "loud.ogg", &["-c:a", "libvorbis", "-q:a", "1"]);
    let (cores, cancel) = (Cores::all(), Cancel::default());
    let louder = Loudness { true_peak: 3.0, ..Loudness::default() };
    for (source, moved) in [(&wav, false), (&vorbis, true)] {
        let (_, made) = studio.make(source, ENCODE).unwrap();
        let fits = |purpose, album| {
            let loudness = LoudnessRequest { purpose, known: None, album };
            is_as_wanted(&ENCODE.request_with(source, loudness, &cores, &cancel), &made)
        };
        assert!(fits(LoudnessUse::ReplayGain, None) && fits(LoudnessUse::R128, None));
        assert_eq!(fits(LoudnessUse::ReplayGain, Some(&louder)), !moved, "{}", source.display());
        let applied = LoudnessUse::Apply { target_lufs: -30.0, by_album: false };
        assert!(!fits(applied, None), "{}", source.display());
    }
}

#[test]
fn tags_do_not_change_which_sound_it_is() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 150_000);
    let other = studio.wav("other.wav", 44_100, 2, 150_001);
    let id = |path: &std::path::Path| sound_id(path).unwrap();
    let quick = |path: &std::path::Path| quick_sound_id(path).unwrap();
    let formats: [(&str, &[&str]); 4] = [
        ("flac", &["-c:a", "flac"]),
        ("mp3", &["-c:a", "libmp3lame"]),
        ("wv", &["-c:a", "wavpack"]),
        ("mp2", &["-c:a", "mp2"]),
    ];
    for (ending, options) in formats {
        let plain = studio.convert(&wav, &format!("plain.{ending}"), options);
        let retagged = studio.path(&format!("retagged.{ending}"));
        std::fs::copy(&plain, &retagged).unwrap();
        let script = "import sys, mutagen\nf = mutagen.File(sys.argv[1])\n\
            from mutagen import id3\n\
            f.add_tags() if f.tags is None else None\n\
            t = 'A title of some length ' * 40\n\
            f.tags.add(id3.TIT2(encoding=3, text=t)) if isinstance(f.tags, id3.ID3) else f.tags.__setitem__('TITLE', t)\n\
            f.save()\n";
        run("/usr/bin/python3", &["-c", script, text(&retagged)]);
        assert!(std::fs::read(&plain).unwrap() != std::fs::read(&retagged).unwrap(), "{ending}");
        assert_eq!(id(&plain), id(&retagged), "{ending}");
        assert_eq!(quick(&plain), quick(&retagged), "{ending}");
        let another = studio.convert(&other, &format!("another.{ending}"), options);
        assert_ne!(id(&plain), id(&another), "{ending}");
        assert_ne!(quick(&plain), quick(&another), "{ending}");
    }
    assert_ne!(id(&wav), id(&other));
    assert!(sound_id(&studio.path("nowhere.flac")).is_err());
}
