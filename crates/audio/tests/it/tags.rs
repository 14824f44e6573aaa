//! Tags there and back: read from every format, written so that mutagen and ffprobe read the same.

use std::collections::BTreeMap;
use std::path::Path;

use ferrotape_audio::probe;
use ferrotape_domain::{Advisory, Carried, Isrc, Mbid, MoreTags, ReleaseKinds, SpotifyUri, TagSet};

use crate::tools::{ENCODE, Job, Studio, mutagen, run, text};

fn mbid(digit: char) -> Mbid {
    Mbid::parse(&format!(
        "{digit}{digit}{digit}{digit}{digit}{digit}{digit}{digit}-1111-4222-8333-444444444444"
    ))
    .unwrap()
}

fn full() -> TagSet {
    TagSet {
        title: Some("Öl & Ζωή 🎵".to_owned()),
        artists: vec!["Die Ährenleser".to_owned(), "Björn Tände".to_owned()],
        album: Some("Kein Wort".to_owned()),
        album_artists: vec!["Die Ährenleser".to_owned()],
        track_number: Some(3),
        track_total: Some(12),
        disc_number: Some(1),
        disc_total: Some(2),
        date: Some("1999-03-07".to_owned()),
        genres: vec!["Folk".to_owned(), "Pop".to_owned()],
        composers: vec!["T. Ände".to_owned()],
        publisher: Some("Heimwerk".to_owned()),
        copyright: Some("1999 Heimwerk".to_owned()),
        comment: Some("no comment".to_owned()),
        lyrics: Some("line one\nline two".to_owned()),
        bpm: Some(93),
        compilation: true,
        isrc: Isrc::parse("DEA129900123").ok(),
        recording_mbid: Some(mbid('a')),
        release_mbid: Some(mbid('b')),
        release_group_mbid: Some(mbid('c')),
        track_mbid: Some(mbid('d')),
        artist_mbids: vec![mbid('e'), mbid('f')],
        album_artist_mbids: vec![mbid('e')],
        title_sort: Some("Oel".to_owned()),
        artist_sort: Some("Ahrenleser, Die".to_owned()),
        album_sort: Some("Kein".to_owned()),
        album_artist_sort: Some("Ahrenleser".to_owned()),
        spotify: SpotifyUri::parse("spotify:track:6rqhFgbbKwnb9MLmUQDhG6").ok(),
        ..TagSet::default()
    }
}

fn made(studio: &Studio, tags: &TagSet) -> std::path::PathBuf {
    let wav = studio.wav("tone.wav", 44_100, 2, 40_000);
    studio.make(&wav, Job { tags, ..ENCODE }).unwrap().0
}

#[test]
fn mutagen_reads_every_frame_as_utf16_in_version_3() {
    let studio = Studio::new();
    let said = mutagen(&made(&studio, &full()));
    for line in [
        "VERSION=(2, 3, 0)",
        "TIT2=Öl & Ζωή 🎵 [1]",
        "TPE1=Die Ährenleser, Björn Tände [1]",
        "TALB=Kein Wort [1]",
        "TPE2=Die Ährenleser [1]",
        "TRCK=3 [1]",
        "TPOS=1 [1]",
        "TYER=1999 [1]",
        "TDAT=0703 [1]",
        "TCON=Folk; Pop [1]",
        "TCOM=T. Ände [1]",
        "TPUB=Heimwerk [1]",
        "TCOP=1999 Heimwerk [1]",
        "TBPM=93 [1]",
        "TSRC=DEA129900123 [1]",
        "TCMP=1 [1]",
        "TSOT=Oel [1]",
        "TSOP=Ahrenleser, Die [1]",
        "TSOA=Kein [1]",
        "TSO2=Ahrenleser [1]",
        "COMM::und=no comment [1]",
        "USLT::und=line one\nline two [1]",
        "UFID:http://musicbrainz.org=b'aaaaaaaa-1111-4222-8333-444444444444'",
        "TXXX:MusicBrainz Album Id=bbbbbbbb-",
        "TXXX:MusicBrainz Release Group Id=cccccccc-",
        "TXXX:MusicBrainz Release Track Id=dddddddd-",
        "TXXX:MusicBrainz Artist Id=eeeeeeee-1111-4222-8333-444444444444/ffffffff-",
        "TXXX:MusicBrainz Album Artist Id=eeeeeeee-",
        "WXXX:Spotify=https://open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6",
    ] {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}

#[test]
fn ffprobe_reads_title_artist_and_date() {
    let studio = Studio::new();
    let path = made(&studio, &full());
    let said =
        run("ffprobe", &["-v", "error", "-show_entries", "format_tags", "-of", "default=nk=0", text(&path)]);
    let said = String::from_utf8(said).unwrap();
    for line in [
        "TAG:title=Öl & Ζωή 🎵",
        "TAG:artist=Die Ährenleser, Björn Tände",
        "TAG:date=1999-03-07",
        "TAG:track=3",
    ] {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}

#[test]
fn our_own_mp3_reads_back_the_same() {
    let studio = Studio::new();
    let wanted = full();
    let mut found = probe(&made(&studio, &wanted)).unwrap().tags;
    assert!(found.track_gain.take().is_some());
    // What ID3v2.3 cannot keep apart is one printed text, but for the artists, who have a list of their own; totals are
    // not written, and the link is for the user.
    let wanted = TagSet {
        genres: vec!["Folk; Pop".to_owned()],
        spotify: None,
        track_total: None,
        disc_total: None,
        ..wanted
    };
    assert_eq!(found, wanted);
}

#[test]
fn a_scan_keeps_what_the_type_of_a_release_says_of_its_tracks() {
    let studio = Studio::new();
    let texts = BTreeMap::from([(Carried::ReleaseType, vec!["album".to_owned(), "live".to_owned()])]);
    let more = Some(Box::new(MoreTags { texts, ..MoreTags::default() }));
    let found = probe(&made(&studio, &TagSet { more, ..TagSet::default() })).unwrap().tags;
    assert_eq!(found.release_kinds, ReleaseKinds::of_words(["live"]));
    assert!(found.more.is_none(), "a scan keeps nothing else of it");
}

#[test]
fn a_scan_keeps_whether_a_file_is_marked_clean_or_explicit() {
    let studio = Studio::new();
    for (number, advisory) in [("1", Some(Advisory::Explicit)), ("2", Some(Advisory::Clean)), ("0", None)] {
        let texts = BTreeMap::from([(Carried::Advisory, vec![number.to_owned()])]);
        let more = Some(Box::new(MoreTags { texts, ..MoreTags::default() }));
        let found = probe(&made(&studio, &TagSet { more, ..TagSet::default() })).unwrap().tags;
        assert_eq!(found.advisory, advisory, "{number}");
    }
}

#[test]
fn a_scan_keeps_who_plays() {
    let studio = Studio::new();
    let texts = BTreeMap::from([
        (Carried::Conductor, vec!["Oda Brenn".to_owned()]),
        (Carried::Performer, vec!["Mara Quill (violin)".to_owned(), "Fenmoor Philharmonic".to_owned()]),
    ]);
    let more = Some(Box::new(MoreTags { texts, ..MoreTags::default() }));
    let found = probe(&made(&studio, &TagSet { more, ..TagSet::default() })).unwrap().tags;
    let players = found.players.unwrap();
    assert_eq!(players.conductors, ["Oda Brenn"]);
    assert_eq!(players.others, ["Mara Quill", "Fenmoor Philharmonic"]);
}

fn vorbis_comments(flac: &Path) {
    let set = |field: &str| run("metaflac", &[&format!("--set-tag={field}"), text(flac)]);
    for field in [
        "TITLE=Öl",
        "ARTIST=Die Ährenleser",
        "ARTIST=Björn Tände",
        "ALBUM=Kein Wort",
        "ALBUMARTIST=Die Ährenleser",
        "TRACKNUMBER=3/12",
        "DISCNUMBER=1",
        "DISCTOTAL=2",
        "DATE=1999-03-07",
        "GENRE=Folk",
        "GENRE=Pop",
        "ISRC=DE-A12-99-00123",
        "COMPILATION=1",
        "LYRICS=line one",
        "MUSICBRAINZ_TRACKID=aaaaaaaa-1111-4222-8333-444444444444",
        "REPLAYGAIN_TRACK_GAIN=-5.50 dB",
        "REPLAYGAIN_TRACK_PEAK=0.9",
    ] {
        set(field);
    }
}

#[test]
fn several_titles_are_never_passed_off_as_the_first() {
    let studio = Studio::new();
    let flac = studio.convert(&studio.wav("tone.wav", 44_100, 2, 44_100), "medley.flac", &[]);
    for field in ["TITLE=Upper Lock", "TITLE=Lower Lock", "TITLE=upper lock"] {
        run("metaflac", &[&format!("--set-tag={field}"), text(&flac)]);
    }
    assert_eq!(probe(&flac).unwrap().tags.title.as_deref(), Some("Upper Lock / Lower Lock"));
}

#[test]
fn tags_are_read_from_every_container() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    let flac = studio.convert(&wav, "a.flac", &[]);
    vorbis_comments(&flac);
    let oga = studio.path("a.oga");
    run("flac", &["-s", "-f", "--ogg", "-o", text(&oga), text(&flac)]);
    for path in [&flac, &oga] {
        let tags = probe(path).unwrap().tags;
        let name = path.display();
        assert_eq!(tags.title.as_deref(), Some("Öl"), "{name}");
        assert_eq!(tags.artists, ["Die Ährenleser", "Björn Tände"], "{name}");
        assert_eq!(
            (tags.track_number, tags.track_total, tags.disc_number, tags.disc_total),
            (Some(3), Some(12), Some(1), Some(2))
        );
        assert_eq!(tags.date.as_deref(), Some("1999-03-07"), "{name}");
        assert_eq!(tags.genres, ["Folk", "Pop"], "{name}");
        assert_eq!(tags.isrc, Isrc::parse("DEA129900123").ok(), "{name}");
        assert!(
            tags.compilation && tags.recording_mbid == Some(mbid('a')) && tags.lyrics.is_some(),
            "{name}: {tags:?}"
        );
        assert_eq!(tags.track_gain.map(|gain| gain.gain_db), Some(-5.5), "{name}");
    }
    for (name, options) in [
        ("b.m4a", &["-c:a", "aac"][..]),
        ("b.ogg", &["-c:a", "libvorbis"]),
        ("b.opus", &["-c:a", "libopus"]),
        ("b.mp3", &["-b:a", "128k"]),
        ("b.aiff", &["-write_id3v2", "1"]),
        ("b.wav", &[]),
    ] {
        let tags = probe(&studio.convert(&flac, name, options)).unwrap().tags;
        assert_eq!(tags.title.as_deref(), Some("Öl"), "{name}");
        assert_eq!(tags.album.as_deref(), Some("Kein Wort"), "{name}");
    }
}

#[test]
fn an_id3v1_tag_alone_is_read() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    let path = studio.convert(&wav, "a.mp3", &["-b:a", "128k", "-id3v2_version", "0"]);
    let mut tag = b"TAGPlain".to_vec();
    tag.resize(128, 0);
    std::fs::write(&path, [std::fs::read(&path).unwrap(), tag].concat()).unwrap();
    assert_eq!(probe(&path).unwrap().tags.title.as_deref(), Some("Plain"));
}

#[test]
fn hostile_text_is_cut_and_cleaned() {
    let studio = Studio::new();
    let tags = TagSet {
        title: Some(format!("a\0b\u{7}c{}", "x".repeat(10_000))),
        album: Some("../../etc/passwd".to_owned()),
        artists: vec!["\0\0".to_owned()],
        lyrics: Some("one\r\ntwo".to_owned()),
        date: Some("tomorrow".to_owned()),
        ..TagSet::default()
    };
    let said = mutagen(&made(&studio, &tags));
    assert!(said.contains("TIT2=abcxxx"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() < 1_100));
    assert!(said.contains("TALB=../../etc/passwd"), "text is text; only paths must mind: {said}");
    assert!(!said.contains("TPE1") && !said.contains("TYER"), "{said}");
    assert!(said.contains("one\ntwo"), "{said}");
}

#[test]
fn the_page_about_tags_is_the_table() {
    let page = include_str!("../../../../docs/tags.md");
    let table = ferrotape_audio::tag_table();
    assert!(page.contains(&table), "docs/tags.md must hold this table:\n{table}");
}

#[test]
fn an_id3v1_tag_stands_at_the_end_when_asked_for() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 20_000);
    let style = ferrotape_audio::TagStyle { id3v1: true, ..crate::tools::GENERIC };
    let (path, made) = studio.make(&wav, Job { tags: &full(), style, ..ENCODE }).unwrap();
    crate::tools::judge(&path, made.samples);
    let script = "import sys, mutagen.id3 as i\n\
        f = open(sys.argv[1], 'rb').read()[-128:]\n\
        t = i.ParseID3v1(f)\n\
        print([str(t[k]) for k in ('TIT2', 'TPE1', 'TALB', 'TDRC', 'TRCK', 'TCON', 'COMM')])";
    let said = crate::tools::run("/usr/bin/python3", &["-c", script, crate::tools::text(&path)]);
    let said = String::from_utf8(said).unwrap();
    assert_eq!(
        said.trim(),
        "['Öl & ??? ?', 'Die Ährenleser, Björn Tände', 'Kein Wort', '1999', '3', '80', 'no comment']"
    );
}

#[test]
fn timed_lyrics_in_a_lyrics_field_become_timed_lyrics_and_plain_ones() {
    let studio = Studio::new();
    let wav = studio.wav("a.wav", 44_100, 2, 20_000);
    let flac = studio.convert(
        &wav,
        "a.flac",
        &[
            "-metadata",
            "LYRICS=[00:01.00]One\n[00:02.50]Two",
            "-metadata",
            "MOOD=calm",
            "-metadata",
            "SHELF=B 7",
            "-metadata",
            "REPLAYGAIN_REFERENCE_LOUDNESS=89 dB",
        ],
    );
    assert!(probe(&flac).unwrap().tags.more.is_none(), "a scan keeps only what it needs");
    let tags = ferrotape_audio::read_all_tags(&flac).unwrap();
    let more = tags.more.as_ref().unwrap();
    let lines = &more.synced_lyrics.as_ref().unwrap().lines;
    assert_eq!(lines, &[(1_000, "One".to_owned()), (2_500, "Two".to_owned())]);
    assert_eq!(more.user, [("SHELF".to_owned(), vec!["B 7".to_owned()])]);
    let said = mutagen(&made(&studio, &tags));
    for line in ["TMOO=calm", "SYLT::und=", "USLT::und=One\nTwo", "TXXX:SHELF=B 7"] {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
    assert!(!said.contains("REFERENCE"), "{said}");
}
