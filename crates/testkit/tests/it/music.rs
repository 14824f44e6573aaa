//! Made-up music is what it says it is, in every format.

use std::fs;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{
    MadeTrack, Sound, decoded_samples_ffmpeg, ffprobe_samples, make_music, mutagen_tags, write_cover,
};

#[test]
fn every_format_carries_its_names_and_its_length() {
    let dir = tempfile::tempdir().unwrap();
    use AudioFormat::{MonkeysAudio, Mp1, Mp2, Musepack, WavPack, WavPackLossy};
    let tracks: Vec<MadeTrack> = AudioFormat::ALL
        .into_iter()
        // ffmpeg writes these not at all, or without their length.
        .filter(|format| !matches!(format, Mp1 | Mp2 | WavPack | WavPackLossy | MonkeysAudio | Musepack))
        .map(|format| {
            MadeTrack::new("Tin Lantern", "Paper Weather", 3, &format!("In {}", format.as_str()))
                .format(format)
                .seconds(1.5)
        })
        .collect();
    let paths = make_music(dir.path(), &tracks).unwrap();
    for (path, track) in paths.iter().zip(&tracks) {
        let samples = decoded_samples_ffmpeg(path).unwrap();
        let expected = match track.format {
            // Opus is always 48 kHz inside.
            AudioFormat::Opus => 72_000,
            _ => 66_150,
        };
        // AAC knows its length to the frame only.
        let slack = if track.format == AudioFormat::Aac { 1024 } else { 0 };
        assert!(samples.abs_diff(expected) <= slack, "{}: {samples} samples", path.display());
        let tags = mutagen_tags(path).unwrap();
        let said: Vec<&String> = tags.values().flatten().collect();
        // mutagen knows no RIFF INFO, which is where ffmpeg puts a WAV file's tags.
        assert!(track.format == AudioFormat::Wav || said.contains(&&track.title), "{tags:?}");
    }
    assert_eq!(fs::read_dir(dir.path().join("Tin Lantern/Paper Weather")).unwrap().count(), tracks.len());
}

#[test]
fn length_is_exact_to_the_sample_and_bytes_are_the_same_on_every_run() {
    let dir = tempfile::tempdir().unwrap();
    let mut track = MadeTrack::new("A", "B", 1, "C").isrc("QZAAA2400001");
    track.sound = Sound { samples: 12_347, sample_rate: 48_000, channels: 1, level: 0.3, seed: 5 };
    let paths = make_music(dir.path(), &[track.clone().at("1.flac"), track.clone().at("2.flac")]).unwrap();
    assert_eq!(ffprobe_samples(&paths[0]).unwrap(), 12_347);
    assert_eq!(decoded_samples_ffmpeg(&paths[0]).unwrap(), 12_347);
    assert_eq!(fs::read(&paths[0]).unwrap(), fs::read(&paths[1]).unwrap());
    assert_eq!(mutagen_tags(&paths[0]).unwrap()["isrc"], ["QZAAA2400001"]);
    assert_ne!(Sound { seed: 6, ..track.sound.clone() }.pcm(), track.sound.pcm());
}

#[test]
fn covers_are_embedded() {
    let dir = tempfile::tempdir().unwrap();
    let cover = dir.path().join("cover.jpg");
    write_cover(&cover, 320).unwrap();
    for format in [AudioFormat::Flac, AudioFormat::Mp3, AudioFormat::Aac, AudioFormat::Alac] {
        let mut track = MadeTrack::new("A", "B", 1, "C").format(format).seconds(0.5);
        track.cover = Some(cover.clone());
        let path = make_music(&dir.path().join(format.as_str()), &[track]).unwrap().remove(0);
        let tags = mutagen_tags(&path).unwrap();
        let picture =
            tags.iter().any(|(key, _)| key.starts_with("APIC") || key == "covr" || key == "~picture");
        assert!(picture, "{format:?}: {tags:?}");
    }
}
