//! A Spotify export for a folder of music, so that the whole job can be shown and tried.
//!
//! Built beside the program by `scripts/demo`, with the same libraries; as a chore of `xtask` it had everything built twice.
//!
//! It wants some of the music that is there, some in another version (which the file that is there must not fill),
//! some that nobody has, and what is no music at all. The same folder gives the same archive on every run.

#![allow(clippy::print_stdout, reason = "it talks to the developer's terminal")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ferrotape_testkit::{Album, Export, ExportPlaylist, Generation, PlayedRow, Random, Row, Track};
use lofty::file::{AudioFile, TaggedFileExt};
use lofty::tag::{Accessor, ItemKey};

/// Shorter files are jingles; nobody likes them on Spotify.
const SHORTEST_SECONDS: u64 = 20;

/// What makes a title another recording than the one of the plain title.
const OTHER_VERSIONS: [&str; 6] = [
    " - Live at the Old Brewery",
    " (Night Ferry Remix)",
    " - Acoustic Version",
    " - Karaoke Version",
    " (Sped Up)",
    " - 8-Bit Version",
];

/// Made up, each of them.
const NOBODY_HAS: [(&str, &str, &str); 8] = [
    ("The Cardboard Zeppelins", "Ground Control to Nobody", "Paper Engines"),
    ("The Cardboard Zeppelins", "Ground Control to Nobody", "A Map Without Edges"),
    ("Marta Quillon & the Tidewater Nine", "Salt Calendar", "Half the Harbour"),
    ("Marta Quillon & the Tidewater Nine", "Salt Calendar", "October Again, Again"),
    ("Ødegård Vintersol", "Snøfall i juli", "Lys over Åsen"),
    ("Kumo no Kikai", "雲の機械", "灯台 (feat. Vela)"),
    ("Bureau of Slow Clocks", "Minutes of the Last Meeting", "Minutes of the Last Meeting, Pt. 2"),
    ("DJ Untitled Spreadsheet", "Cells", "SUM(everything)"),
];

fn main() -> Result<()> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [music, out] = folders.as_slice() else {
        bail!(
            "give two folders: demo-data MUSIC OUT – OUT/my_spotify_data.zip then wants some of what is in MUSIC"
        );
    };
    let found = read_music(music)?;
    let (export, told) = wishes(&found);
    if export.liked.is_empty() {
        bail!("{} holds no tagged music – give a folder whose files have artist and title", music.display());
    }
    fs::create_dir_all(out).with_context(|| format!("could not make {}", out.display()))?;
    let path = out.join("my_spotify_data.zip");
    export.write_zip(&path, Generation::Y2025)?;
    println!("{} – made for {} files, of which {} are well tagged", path.display(), told.files, told.tagged);
    println!(
        "  liked {}, in playlists {}, saved albums {}",
        export.liked.len(),
        told.rows,
        export.albums.len()
    );
    println!("  in another version {}, that nobody has {}", told.other_versions, NOBODY_HAS.len());
    Ok(())
}

/// A file's names, as far as a wish needs them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    artist: String,
    album: String,
    title: String,
    track: u32,
}

/// Numbers for the developer.
struct Told {
    files: usize,
    tagged: usize,
    rows: usize,
    other_versions: usize,
}

fn read_music(dir: &Path) -> Result<Vec<Option<Found>>> {
    let mut paths = Vec::new();
    list(dir, 0, &mut paths)?;
    paths.sort();
    Ok(paths.iter().filter_map(|path| read_names(path)).collect())
}

fn list(dir: &Path, depth: u32, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("could not list {}", dir.display()))? {
        let entry = entry.with_context(|| format!("could not list {}", dir.display()))?;
        let kind = entry.file_type().with_context(|| entry.path().display().to_string())?;
        if kind.is_dir() && depth < 16 {
            list(&entry.path(), depth + 1, paths)?;
        } else if kind.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// `None`: no audio. `Some(None)`: audio whose tags do not name one recording.
fn read_names(path: &Path) -> Option<Option<Found>> {
    let file = lofty::probe::Probe::open(path).ok()?.guess_file_type().ok()?.read().ok()?;
    let names = || {
        let tag = file.primary_tag().or_else(|| file.first_tag())?;
        // Some real files carry the titles of a whole album; such a file names no recording.
        let titles: BTreeSet<&str> = tag.get_strings(ItemKey::TrackTitle).collect();
        let name = |text: Option<std::borrow::Cow<'_, str>>| {
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let long_enough = file.properties().duration().as_secs() >= SHORTEST_SECONDS;
        (titles.len() == 1 && long_enough).then_some(())?;
        let (artist, title) = (name(tag.artist())?, name(tag.title())?);
        let album = name(tag.album()).unwrap_or_else(|| title.clone());
        Some(Found { artist, album, title, track: tag.track().unwrap_or(0) })
    };
    Some(names())
}

fn wishes(files: &[Option<Found>]) -> (Export, Told) {
    let mut named: BTreeMap<(String, String), usize> = BTreeMap::new();
    for found in files.iter().flatten() {
        *named.entry((found.artist.to_lowercase(), found.title.to_lowercase())).or_default() += 1;
    }
    // Two files of one name may be two recordings: wanting that name would have no single right answer.
    let clear = |f: &&Found| named.get(&(f.artist.to_lowercase(), f.title.to_lowercase())) == Some(&1);
    let have: Vec<Track> = files.iter().flatten().filter(clear).map(track).collect();
    let nobody: Vec<Track> =
        NOBODY_HAS.iter().map(|(artist, album, title)| Track::new(artist, album, title)).collect();
    let others: Vec<Track> = have.iter().step_by(5).take(8).enumerate().map(other_version).collect();

    let mut liked: Vec<Track> = every(&have, 3, &[0, 1]);
    liked.extend(nobody.iter().take(5).cloned());
    let playlists = playlists(&have, &others, &nobody);
    let told = Told {
        files: files.len(),
        tagged: files.iter().flatten().count(),
        rows: playlists.iter().map(|playlist| playlist.rows.len()).sum(),
        other_versions: others.len(),
    };
    let episodes = vec![("The Slow Commute".to_owned(), "Episode 12: Waiting for the Bus".to_owned())];
    let export = Export {
        albums: albums(files),
        shows: vec![("The Slow Commute".into(), "Somebody's Garage Network".into())],
        episodes,
        artists: have.iter().map(|track| track.artist.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        banned_tracks: nobody.iter().rev().take(1).cloned().collect(),
        local_files: vec![local_file()],
        plays: plays(&have, &others, &nobody),
        liked,
        playlists,
    };
    (export, told)
}

fn track(found: &Found) -> Track {
    Track::new(&found.artist, &found.album, &found.title)
}

fn other_version((index, track): (usize, &Track)) -> Track {
    let suffix = OTHER_VERSIONS.get(index % OTHER_VERSIONS.len()).copied().unwrap_or_default();
    Track::new(&track.artist, &track.album, &format!("{}{suffix}", track.title))
}

/// Of every `of` tracks those at the given places.
fn every(tracks: &[Track], of: usize, places: &[usize]) -> Vec<Track> {
    tracks.iter().enumerate().filter(|(at, _)| places.contains(&(at % of))).map(|(_, t)| t.clone()).collect()
}

fn local_file() -> Row {
    Row::Local {
        artist: "My Old Band".into(),
        album: String::new(),
        title: "Rehearsal 3 (phone)".into(),
        seconds: 187,
    }
}

fn audiobook() -> Row {
    Row::Audiobook {
        author: "N. O. Body".into(),
        title: "The Lighthouse Ledger".into(),
        chapter: "Chapter 1".into(),
    }
}

fn playlists(have: &[Track], others: &[Track], nobody: &[Track]) -> Vec<ExportPlaylist> {
    let rows = |tracks: Vec<Track>| tracks.into_iter().map(Row::Track).collect::<Vec<Row>>();
    let mut evening = rows(every(have, 4, &[0, 3]));
    // The same recording again, as people do; a playlist keeps both.
    evening.extend(rows(have.iter().take(2).cloned().collect()));
    evening.insert(1.min(evening.len()), Row::Empty);
    evening.insert(
        2.min(evening.len()),
        Row::Episode { show: "The Slow Commute".into(), title: "Episode 12: Waiting for the Bus".into() },
    );
    evening.push(local_file());
    evening.push(audiobook());
    let mut focus = rows(every(have, 4, &[0, 1]));
    focus.reverse();
    let mut elsewhere = rows(others.to_vec());
    elsewhere.extend(rows(nobody.to_vec()));
    let playlist = |name: &str, rows| ExportPlaylist { name: name.into(), rows };
    vec![
        playlist("Long Evening", evening),
        playlist("Focus / No Words?", focus),
        playlist("Live, Remixed & Hard to Find", elsewhere),
        playlist("Empty for Now", Vec::new()),
    ]
}

/// The two largest albums that are there, by the artist Spotify would print, and one that nobody has.
fn albums(files: &[Option<Found>]) -> Vec<Album> {
    let mut tracks: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for found in files.iter().flatten().filter(|found| found.album != found.title) {
        let album = tracks.entry(&found.album).or_default();
        album.0 += 1;
        album.1.insert(&found.artist);
    }
    let mut largest: Vec<_> = tracks.into_iter().collect();
    largest.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let printed = |artists: &BTreeSet<&str>| match (artists.len(), artists.first()) {
        (1, Some(artist)) => (*artist).to_owned(),
        _ => "Various Artists".to_owned(),
    };
    let mut albums: Vec<Album> =
        largest.iter().take(2).map(|(album, (_, artists))| Album::new(&printed(artists), album)).collect();
    albums.push(Album::new("Bureau of Slow Clocks", "Minutes of the Last Meeting"));
    albums
}

/// Three years of listening, oldest first: a few favourites, and now and then everything else.
fn plays(have: &[Track], others: &[Track], nobody: &[Track]) -> Vec<PlayedRow> {
    let mut random = Random::seeded(2025);
    let known: Vec<&Track> = have.iter().chain(others).chain(nobody).collect();
    let mut plays: Vec<PlayedRow> = Vec::new();
    for (at, track) in known.iter().enumerate() {
        for _ in 0..1 + random.below(if at % 7 == 0 { 30 } else { 6 }) {
            plays.push(PlayedRow {
                row: Row::Track((*track).clone()),
                ended_at: some_time(&mut random),
                played_ms: u32::try_from(30_000 + random.below(210_000)).unwrap_or(30_000),
            });
        }
    }
    let episode =
        Row::Episode { show: "The Slow Commute".into(), title: "Episode 12: Waiting for the Bus".into() };
    plays.push(PlayedRow { row: episode, ended_at: "2025-11-20T07:45:10Z".into(), played_ms: 1_800_000 });
    plays.push(PlayedRow { row: audiobook(), ended_at: "2025-11-21T21:05:40Z".into(), played_ms: 900_000 });
    plays.sort_by(|a, b| a.ended_at.cmp(&b.ended_at));
    plays
}

fn some_time(random: &mut Random) -> String {
    let (year, month, day) = (2023 + random.below(3), 1 + random.below(12), 1 + random.below(28));
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<Option<Found>> {
        let mut files: Vec<Option<Found>> = (1..=20)
            .map(|track| {
                let title = format!("Title {track}");
                Some(Found { artist: format!("Artist {}", track % 3), album: "Album".into(), title, track })
            })
            .collect();
        // Two files of one name, and one without tags.
        files.push(files[0].clone());
        files.push(None);
        files
    }

    #[test]
    fn the_export_wants_what_is_there_what_is_not_and_what_is_no_music() {
        let (export, told) = wishes(&files());
        assert_eq!((told.files, told.tagged, told.other_versions), (22, 21, 4));
        let all: Vec<&Row> = export.playlists.iter().flat_map(|playlist| &playlist.rows).collect();
        let has = |test: fn(&Row) -> bool| all.iter().any(|row| test(row));
        assert!(has(|row| matches!(row, Row::Episode { .. })) && has(|row| matches!(row, Row::Local { .. })));
        assert!(has(|row| matches!(row, Row::Audiobook { .. })) && has(|row| matches!(row, Row::Empty)));
        assert!(has(
            |row| matches!(row, Row::Track(track) if track.title == "Title 2 - Live at the Old Brewery")
        ));
        let evening = &export.playlists[0].rows;
        assert!(evening.iter().enumerate().any(|(at, row)| evening[..at].contains(row)), "a duplicate");
        assert!(export.playlists[1].rows.iter().any(|row| evening.contains(row)), "in two playlists");
        assert_eq!(export.albums[0], Album::new("Various Artists", "Album"));
    }

    #[test]
    fn a_name_that_two_files_share_is_not_wanted() {
        let (export, _) = wishes(&files());
        assert!(export.liked.iter().all(|track| track.title != "Title 1"));
    }

    #[test]
    fn plays_are_in_order_and_the_same_on_every_run() {
        let (one, two) = (wishes(&files()).0, wishes(&files()).0);
        assert!(one.plays.windows(2).all(|pair| pair[0].ended_at <= pair[1].ended_at));
        assert_eq!(one, two);
    }
}
