//! The judges agree to what is right and object to what is wrong.

use std::fs;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{
    MadeTrack, decoded_samples_ffmpeg, decoded_samples_mpg123, make_track, mp3val_clean, mutagen_tags,
};

#[test]
fn a_sound_mp3_passes_and_a_cut_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("one.mp3");
    let track =
        MadeTrack::new("Tin Lantern", "Paper Weather", 1, "Ünïcode").format(AudioFormat::Mp3).seconds(2.0);
    make_track(&path, &track.isrc("QZAAA2400001")).unwrap();
    mp3val_clean(&path).unwrap();
    assert_eq!(decoded_samples_mpg123(&path).unwrap(), 88_200);
    assert_eq!(decoded_samples_ffmpeg(&path).unwrap(), 88_200);
    let tags = mutagen_tags(&path).unwrap();
    assert_eq!(tags["TIT2"], ["Ünïcode"]);
    assert_eq!(tags["TSRC"], ["QZAAA2400001"]);
    assert_eq!(tags["~version"], ["2.3.0"]);

    let bytes = fs::read(&path).unwrap();
    let cut = dir.path().join("cut.mp3");
    fs::write(&cut, &bytes[..bytes.len() / 2 + 100]).unwrap();
    let said = mp3val_clean(&cut).unwrap_err().to_string();
    assert!(said.contains("mp3val") && said.contains("cut.mp3"), "{said}");
    assert!(decoded_samples_mpg123(&cut).is_err() || decoded_samples_mpg123(&cut).unwrap() < 88_200);
}

#[test]
fn what_is_no_audio_is_refused_by_every_judge() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("text.mp3");
    fs::write(&path, "this is no music ".repeat(100)).unwrap();
    assert!(mp3val_clean(&path).is_err());
    assert!(decoded_samples_ffmpeg(&path).is_err());
    assert!(decoded_samples_mpg123(&path).is_err());
    assert!(mutagen_tags(&path).is_err());
    assert!(mp3val_clean(&dir.path().join("absent.mp3")).is_err());
}
