//! Chapters of audiobooks in MP4, judged by ffprobe.

use std::fs;
use std::path::Path;

use ferrotape_audio::read_all_tags;
use ferrotape_domain::Chapter;

use crate::tools::{ENCODE, Job, Studio, run, text};

const TITLES: [&str; 4] = ["Opening credits", "1 · Der Föhn", "第二章 港", ""];

/// A book of 8 seconds with four chapters.
fn book(studio: &Studio) -> std::path::PathBuf {
    let mut said = ";FFMETADATA1\ntitle=The Book\n".to_owned();
    for (at, title) in TITLES.iter().enumerate() {
        let (start, end) = (at * 2_000 + 7 * at.min(1), at * 2_000 + 2_000 + if at < 3 { 7 } else { 0 });
        said += &format!("[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n");
    }
    fs::write(studio.path("book.txt"), said).unwrap();
    let wav = studio.wav("book.wav", 44_100, 1, 44_100 * 8);
    let book = studio.path("book.m4b");
    let metadata = studio.path("book.txt");
    let inputs = ["-v", "error", "-i", text(&wav), "-i", text(&metadata)];
    run(
        "ffmpeg",
        &[&inputs[..], &["-map_metadata", "1", "-map_chapters", "1", "-c:a", "aac", text(&book)]].concat(),
    );
    book
}

/// Start in milliseconds and title, as ffprobe shows them.
fn shown(path: &Path) -> Vec<(u64, String)> {
    let wanted = ["-v", "error", "-show_entries", "chapter=start_time:chapter_tags=title", "-of", "csv=p=0"];
    let said = run("ffprobe", &[&wanted[..], &[text(path)]].concat());
    let lines = String::from_utf8(said).unwrap();
    let chapter = |line: &str| {
        let (start, title) = line.split_once(',').unwrap_or((line, ""));
        ((start.parse::<f64>().unwrap() * 1_000.0).round() as u64, title.to_owned())
    };
    lines.lines().map(chapter).collect()
}

fn read(path: &Path) -> Vec<Chapter> {
    read_all_tags(path).unwrap().more.map(|more| more.chapters).unwrap_or_default()
}

fn without(bytes: &[u8], kind: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.windows(kind.len()).position(|window| window == kind);
    bytes[at.unwrap()..][..4].copy_from_slice(b"free");
    bytes
}

#[test]
fn chapters_of_a_book_come_through_from_its_track_or_its_list() {
    let studio = Studio::new();
    let book = book(&studio);
    let bytes = fs::read(&book).unwrap();
    let list_only = studio.path("list.m4b");
    // The reference from the sound track to the texts, and Nero's list.
    fs::write(&list_only, without(&bytes, b"chap")).unwrap();
    let track_only = studio.path("track.m4b");
    fs::write(&track_only, without(&bytes, b"chpl")).unwrap();
    for path in [&book, &track_only, &list_only] {
        let chapters = read(path);
        let ours: Vec<(u64, String)> =
            chapters.iter().map(|chapter| (chapter.start_ms, chapter.title.clone())).collect();
        let titles: Vec<&str> = ours.iter().map(|(_, title)| title.as_str()).collect();
        assert_eq!(titles, TITLES, "{}", path.display());
        assert_eq!(ours, shown(path), "{}", path.display());
        for pair in chapters.windows(2) {
            assert_eq!(pair[0].end_ms, pair[1].start_ms);
        }
    }
    let neither = studio.path("neither.m4b");
    fs::write(&neither, without(&without(&bytes, b"chap"), b"chpl")).unwrap();
    assert_eq!(read(&neither), []);
}

#[test]
fn the_finished_mp3_has_the_books_chapters() {
    let studio = Studio::new();
    let book = book(&studio);
    let mut tags = read_all_tags(&book).unwrap();
    let last = tags.more.as_mut().unwrap().chapters.last_mut().unwrap();
    last.end_ms = last.end_ms.min(8_000);
    let (made, _) = studio.make(&book, Job { tags: &tags, ..ENCODE }).unwrap();
    assert_eq!(shown(&made).len(), TITLES.len());
    for ((start, title), chapter) in shown(&made).into_iter().zip(read(&book)) {
        // Of a chapter without a title ffprobe shows the name that only programs see.
        let shown = if chapter.title.is_empty() { "chp3" } else { &chapter.title };
        assert_eq!((start, title.as_str()), (chapter.start_ms, shown));
    }
}

#[test]
fn spoilt_chapters_are_survived() {
    let studio = Studio::new();
    let bytes = fs::read(book(&studio)).unwrap();
    let path = studio.path("spoilt.m4b");
    let movie = bytes.windows(4).position(|window| window == b"moov").unwrap();
    for at in (movie..bytes.len()).step_by(7) {
        let mut spoilt = bytes.clone();
        spoilt[at] = 0xff;
        fs::write(&path, spoilt).unwrap();
        let _ = read_all_tags(&path);
    }
}
