//! The cover: found, made small, made plain, and never a danger.

use std::fs;

use ferrotape_audio::{CoverProblem, CoverRules, cover_for, folder_picture};

use crate::tools::{ENCODE, Job, Studio, mutagen, run, text};

fn picture(studio: &Studio, name: &str, size: &str, options: &[&str]) -> std::path::PathBuf {
    let path = studio.path(name);
    let source = format!("testsrc=size={size}:duration=1:rate=1");
    let mut args = vec!["-v", "error", "-y", "-f", "lavfi", "-i", source.as_str(), "-frames:v", "1"];
    args.extend_from_slice(options);
    args.push(text(&path));
    run("ffmpeg", &args);
    path
}

fn shape(path: &std::path::Path) -> String {
    let entries = "stream=codec_name,profile,width,height,pix_fmt";
    let said = run("ffprobe", &["-v", "error", "-show_entries", entries, "-of", "csv=p=0", text(path)]);
    String::from_utf8_lossy(&said).trim().to_owned()
}

#[test]
fn any_picture_becomes_a_small_baseline_420_jpeg() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 1000);
    for (name, size, options) in [
        ("big.png", "1400x1000", &[][..]),
        ("full.jpg", "800x800", &["-pix_fmt", "yuvj444p"]),
        ("small444.jpg", "300x300", &["-pix_fmt", "yuvj444p"]),
        ("clear.png", "600x600", &["-pix_fmt", "rgba"]),
        ("a.webp", "600x600", &["-c:v", "libwebp"]),
    ] {
        let source = picture(&studio, name, size, options);
        let cover = cover_for(&wav, Some(&source), &CoverRules::default()).unwrap().unwrap();
        let path = studio.path("out.jpg");
        fs::write(&path, &cover.picture).unwrap();
        let said = shape(&path);
        assert!(said.starts_with("mjpeg,Baseline,") && said.contains("yuvj420p"), "{name}: {said}");
        let longest = said.split(',').filter_map(|part| part.parse::<u32>().ok()).max();
        assert!(longest <= Some(500), "{name}: {said}");
    }
}

#[test]
fn a_plain_small_jpeg_is_taken_as_it_is() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 1000);
    let source = picture(&studio, "small.jpg", "400x400", &["-pix_fmt", "yuvj420p"]);
    let cover = cover_for(&wav, Some(&source), &CoverRules::default()).unwrap().unwrap();
    assert!(cover.picture == fs::read(&source).unwrap());
}

#[test]
fn the_cover_inside_comes_before_the_one_beside_and_ends_up_in_the_mp3() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 30_000);
    let inside = picture(&studio, "inside.png", "640x320", &[]);
    let beside = picture(&studio, "beside.png", "320x640", &[]);
    let flac = studio.path("a.flac");
    let pictured = format!("--picture={}", text(&inside));
    run("flac", &["-s", "-f", &pictured, "-o", text(&flac), text(&wav)]);
    let cover = cover_for(&flac, Some(&beside), &CoverRules::default()).unwrap().unwrap();
    let (path, _) = studio.make(&flac, Job { cover: Some(&cover), ..ENCODE }).unwrap();
    let said = mutagen(&path);
    assert!(said.contains("APIC mime=image/jpeg type=3 desc=''"), "{said}");
    assert!(said.contains(&format!("APIC:={} [0]", cover.picture.len())), "Latin-1, all bytes: {said}");
    let said = shape(&path);
    assert!(said.contains("mjpeg,Baseline,500,250"), "{said}");
}

#[test]
fn no_picture_is_no_cover_and_rubbish_is_a_problem() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 1000);
    assert!(cover_for(&wav, None, &CoverRules::default()).unwrap().is_none());
    let rubbish = studio.path("cover.jpg");
    fs::write(&rubbish, b"\xff\xd8\xff\xe0 not a picture").unwrap();
    let problem = cover_for(&wav, Some(&rubbish), &CoverRules::default()).unwrap_err();
    assert!(matches!(problem, CoverProblem::Unusable { .. }), "{problem}");
    let missing = cover_for(&wav, Some(&studio.path("gone.jpg")), &CoverRules::default()).unwrap_err();
    assert!(matches!(missing, CoverProblem::Io { .. }), "{missing}");
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 1000);
    let mut png = fs::read(picture(&studio, "a.png", "64x64", &[])).unwrap();
    // 100,000 × 100,000 pixels in the header; the checksum is made right so that only the size can be blamed.
    png[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let bomb = studio.path("bomb.png");
    fs::write(&bomb, png).unwrap();
    let problem = cover_for(&wav, Some(&bomb), &CoverRules::default()).unwrap_err();
    assert!(matches!(problem, CoverProblem::Unusable { .. }), "{problem}");
}

#[test]
fn folder_pictures_have_a_fixed_order() {
    let studio = Studio::new();
    let dir = studio.dir.path();
    assert_eq!(folder_picture(dir), None);
    for (name, wanted) in [
        ("back.jpg", None),
        ("Album.bmp", Some("Album.bmp")),
        ("front.png", Some("front.png")),
        ("FOLDER.PNG", Some("FOLDER.PNG")),
        ("folder.JPG", Some("folder.JPG")),
        ("Cover.webp", Some("Cover.webp")),
        ("cover.jpeg", Some("cover.jpeg")),
    ] {
        fs::write(dir.join(name), b"x").unwrap();
        assert_eq!(folder_picture(dir), wanted.map(|name| dir.join(name)), "after {name}");
    }
}
