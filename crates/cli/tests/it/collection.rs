//! A small music collection in every format, made once and kept beside the build; and what its owner wants of it.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{
    Album, Export, ExportPlaylist, MadeTrack, PlayedRow, Row, Track, make_music, write_cover,
};

/// Where the collection is. Nobody may change it; tests that must, take a [`copy_of_music`].
pub(crate) fn music() -> &'static Path {
    static MUSIC: OnceLock<PathBuf> = OnceLock::new();
    MUSIC.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let mut hasher = DefaultHasher::new();
        format!("{:?}{TRUNCATED}", tracks(Path::new(""))).hash(&mut hasher);
        let place = dir.join(format!("music-{:016x}", hasher.finish()));
        if !place.exists() {
            let beside = tempfile::tempdir_in(dir).unwrap();
            make(beside.path());
            // Another test process may have been quicker; its music is the same.
            if fs::rename(beside.path(), &place).is_ok() {
                let _ = beside.keep();
            }
        }
        place
    })
}

/// The broken file of the collection.
pub(crate) const TRUNCATED: &str = "Mara Quill/Low Water/04 Neap.flac";
/// An MP3 that a player takes as it is.
pub(crate) const MP3: &str = "Mara Quill/Low Water/03 Slack.mp3";

fn make(dir: &Path) {
    let cover = dir.join("big.jpg");
    write_cover(&cover, 800).unwrap();
    make_music(dir, &tracks(dir)).unwrap();
    fs::remove_file(&cover).unwrap();
    write_cover(&dir.join("Tin Parade/Brass/cover.jpg"), 640).unwrap();
    let whole = fs::read(dir.join(TRUNCATED)).unwrap();
    fs::write(dir.join(TRUNCATED), &whole[..whole.len() * 2 / 5]).unwrap();
    fs::write(dir.join("Tin Parade/Brass/notes.txt"), "bought at the fair\n").unwrap();
}

fn tracks(dir: &Path) -> Vec<MadeTrack> {
    let water = |number, title| {
        let track = MadeTrack::new("Mara Quill", "Low Water", number, title).seconds(2.5);
        let date = Some("2019-03-01".to_owned());
        MadeTrack { album_artist: Some("Mara Quill".to_owned()), disc: Some(1), date, ..track }
    };
    let ebb = water(1, "Ebb").isrc("XXA011900001").at("Mara Quill/Low Water/01 Ebb.flac");
    let ebb = MadeTrack { cover: Some(dir.join("big.jpg")), genre: Some("Folk".to_owned()), ..ebb };
    let mut flood = water(2, "Flood");
    flood.sound.sample_rate = 48_000;
    let untagged = MadeTrack { artist: String::new(), ..MadeTrack::new("Nordlys", "", 0, "") };
    let untagged = untagged.seconds(2.0).at("Nordlys/Aurora/03 - Ice Road.flac");
    let short = |artist, album, number, title| MadeTrack::new(artist, album, number, title).seconds(2.2);
    vec![
        ebb,
        flood,
        water(3, "Slack").format(AudioFormat::Mp3),
        water(4, "Neap"),
        short("Nordlys", "Aurora", 1, "Green Light").format(AudioFormat::Alac),
        short("Nordlys", "Aurora", 2, "Cold Sky").format(AudioFormat::Aac),
        untagged,
        short("Nordlys", "Aurora", 4, "Polar Night"),
        short("Tin Parade", "Brass", 1, "March Home").format(AudioFormat::Vorbis),
        short("Tin Parade", "Brass", 2, "Drum Shed").format(AudioFormat::Opus),
        short("Tin Parade", "Brass", 3, "Last Post").format(AudioFormat::Wav),
        short("Øyvind Bråten", "Fjell", 1, "Snø og Is").format(AudioFormat::Aiff),
        short("Mara Quill", "Live at the Quay", 1, "Undertow (Live)"),
    ]
}

/// Recordings that the collection holds, with the file of each.
pub(crate) fn held() -> Vec<(Track, &'static str)> {
    let all = [
        ("Mara Quill", "Low Water", "Ebb", "Mara Quill/Low Water/01 Ebb.flac"),
        ("Mara Quill", "Low Water", "Flood", "Mara Quill/Low Water/02 Flood.flac"),
        ("Mara Quill", "Low Water", "Slack", MP3),
        ("Nordlys", "Aurora", "Green Light", "Nordlys/Aurora/01 Green Light.m4a"),
        ("Nordlys", "Aurora", "Cold Sky", "Nordlys/Aurora/02 Cold Sky.m4a"),
        ("Nordlys", "Aurora", "Ice Road", "Nordlys/Aurora/03 - Ice Road.flac"),
        ("Tin Parade", "Brass", "March Home", "Tin Parade/Brass/01 March Home.ogg"),
        ("Tin Parade", "Brass", "Drum Shed", "Tin Parade/Brass/02 Drum Shed.opus"),
        ("Tin Parade", "Brass", "Last Post", "Tin Parade/Brass/03 Last Post.wav"),
        ("Øyvind Bråten", "Fjell", "Snø og Is", "Øyvind Bråten/Fjell/01 Snø og Is.aiff"),
    ];
    all.into_iter().map(|(artist, album, title, path)| (Track::new(artist, album, title), path)).collect()
}

/// How many samples per channel a file of the collection was made of. Not asked of `ffmpeg`, which leaves an AAC
/// file's padding at the end.
pub(crate) fn samples_of(path: &str) -> u64 {
    let made = tracks(Path::new(""));
    let made = made.iter().find(|track| track.relative_path() == Path::new(path)).unwrap();
    // Opus always sounds at 48 kHz.
    let rate = if made.format == AudioFormat::Opus { 48_000 } else { u64::from(made.sound.sample_rate) };
    made.sound.samples * rate / u64::from(made.sound.sample_rate)
}

/// A recording of the collection by its title.
pub(crate) fn track(title: &str) -> Track {
    held().into_iter().map(|(track, _)| track).find(|track| track.title == title).unwrap()
}

/// Wanted in the studio version; the collection has it live.
pub(crate) fn undertow() -> Track {
    Track::new("Mara Quill", "Low Water", "Undertow")
}

/// Wanted live; the collection has the studio version.
pub(crate) fn polar_night_live() -> Track {
    Track::new("Nordlys", "Northern Nights", "Polar Night - Live")
}

/// What the owner wants: everything held, one thing cut off, versions, things nobody has, and no music at all.
pub(crate) fn wishes() -> Export {
    let rows = |titles: &[&str]| titles.iter().map(|title| Row::Track(track(title))).collect::<Vec<_>>();
    let mut mixed = rows(&["Snø og Is"]);
    mixed.push(Row::Episode { show: "Tide Talk".into(), title: "Springs".into() });
    mixed.push(Row::Audiobook { author: "A. Oar".into(), title: "Boats".into(), chapter: "1".into() });
    mixed.push(Row::Local { artist: "Me".into(), album: String::new(), title: "Demo".into(), seconds: 61 });
    mixed.push(Row::Empty);
    mixed.push(Row::Track(Track::new("Nobody Known", "Nowhere", "Missing")));
    mixed.extend([Row::Track(undertow()), Row::Track(polar_night_live())]);
    mixed.push(Row::Track(Track::new("Mara Quill", "Low Water", "Neap")));
    let road = rows(&["Last Post", "Ebb", "Green Light", "Ebb", "March Home", "Drum Shed"]);
    let playlist = |name: &str, rows| ExportPlaylist { name: name.to_owned(), rows };
    let play = |title: &str, played_ms| PlayedRow {
        row: Row::Track(track(title)),
        ended_at: "2024-11-03T10:00:00Z".to_owned(),
        played_ms,
    };
    Export {
        liked: ["Slack", "Flood", "Cold Sky", "Ice Road"].map(track).to_vec(),
        albums: vec![Album::new("Tin Parade", "Brass")],
        shows: vec![("Tide Talk".into(), "Harbour Radio".into())],
        playlists: vec![playlist("Road Trip", road), playlist("Mixed Bag", mixed)],
        plays: vec![play("Ebb", 7_200_000), play("Flood", 3_600_000)],
        ..Export::default()
    }
}

/// A copy of the collection that a test may change, with the times of change kept.
pub(crate) fn copy_of_music(to: &Path) {
    copy_tree(music(), to);
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), &place).unwrap();
        }
    }
}
