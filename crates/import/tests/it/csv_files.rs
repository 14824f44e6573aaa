//! Tables: every dialect that is read, and what rows of the wrong shape come to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::time::Duration;

use ferrotape_domain::{Cancel, PlaylistKind, Silent, Wanted, WantedKind, WantedPlaylist, Wishlist};
use ferrotape_import::{Limits, read_path};
use ferrotape_testkit::{CsvDialect, Track, exportify_csv};
use proptest::prelude::*;

const HEADER_2020: &str = "Track URI,Track Name,Artist URI,Artist Name,Album URI,Album Name,Album Release Date,\
Disc Number,Track Number,Track Duration (ms),Explicit,Popularity,Added By,Added At";
const HEADER_NOW: &str = "Track URI,Track Name,Artist URI(s),Artist Name(s),Album URI,Album Name,Album Artist URI(s),\
Album Artist Name(s),Album Release Date,Album Image URL,Disc Number,Track Number,Track Duration (ms),\
Track Preview URL,Explicit,Popularity,ISRC,Added By,Added At";
const HEADER_NOW_JAPANESE: &str = "トラックURI,トラック名,アーティストURI,アーティスト名,アルバムURI,アルバム名,\
アルバムアーティストURI,アルバムアーティスト名,アルバムリリース日,アルバム画像URL,ディスク番号,トラック番号,\
トラックの長さ (ms),プレビューURL,露骨,人気,ISRC,追加者,追加日時";
const HEADER_NET: &str = "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,\
Explicit,Added By,Added At,Genres,Record Label";
const RAIN: &str = "4uLU6hMCjMI75M1A2tKUQC";
const SNOW: &str = "0VjIjW4GlUZAMYd2vXMi3b";
const ALBUM: &str = "2noRn2Aes5aoNVsU6iWThc";

fn read_bytes(name: &str, bytes: &[u8]) -> Wishlist {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let wishlist = read_path(&path, &Limits::default(), &Silent, &Cancel::default()).unwrap();
    assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{:?}", wishlist.accounts);
    wishlist
}

fn read(name: &str, text: &str) -> Wishlist {
    read_bytes(name, text.as_bytes())
}

fn only_list(wishlist: &Wishlist) -> &WantedPlaylist {
    assert_eq!(wishlist.playlists.len(), 1, "{:?}", wishlist.playlists);
    &wishlist.playlists[0]
}

fn entry(wishlist: &Wishlist, at: usize) -> &Wanted {
    &wishlist.wanted[only_list(wishlist).entries[at].wanted]
}

/// Rows, entries and problems of the one file.
fn counts(wishlist: &Wishlist) -> (u64, u64, u64) {
    assert_eq!(wishlist.accounts.len(), 1);
    let account = &wishlist.accounts[0];
    (account.rows, account.entries, account.problems)
}

fn names(wanted: &Wanted) -> Vec<&str> {
    wanted.artists.names().collect()
}

/// One row of the present Exportify, with every field quoted.
fn row_now(uri: &str, title: &str, artist_uris: &str, artists: &str) -> String {
    let fields = [
        uri,
        title,
        artist_uris,
        artists,
        &format!("spotify:album:{ALBUM}"),
        "Weather, Vol. 1",
        "spotify:artist:x",
        "Pine Street",
        "2017-02-17",
        "",
        "2",
        "3",
        "198093",
        "",
        "false",
        "12",
        "ukabc1700002",
        "",
        "2020-07-19T09:24:39Z",
    ]
    .map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
    fields.join(",")
}

fn quoted_header(header: &str) -> String {
    header.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",")
}

#[test]
fn the_present_exportify_in_every_language_says_the_same() {
    let row = row_now(
        &format!("spotify:track:{RAIN}"),
        "12\" \"Rain\"",
        "spotify:artist:a,spotify:artist:b",
        "Earth\\, Wind, Bo",
    );
    for header in [HEADER_NOW, HEADER_NOW_JAPANESE] {
        for end in ["\n", "\r\n"] {
            let wishlist = read("my_list.csv", &format!("{}{end}{row}{end}", quoted_header(header)));
            assert_eq!(counts(&wishlist), (1, 1, 0), "{:?}", wishlist.problems);
            assert_eq!(only_list(&wishlist).name, "my list");
            assert_eq!(only_list(&wishlist).kind, PlaylistKind::Playlist);
            assert_eq!(only_list(&wishlist).entries[0].added.as_deref(), Some("2020-07-19T09:24:39Z"));
            let wanted = entry(&wishlist, 0);
            assert_eq!(wanted.kind, WantedKind::Recording);
            assert_eq!(wanted.title, "12\" \"Rain\"");
            assert_eq!(names(wanted), ["Earth, Wind", "Bo"]);
            assert_eq!(wanted.release.as_deref(), Some("Weather, Vol. 1"));
            assert_eq!(wanted.release_artists.first(), Some("Pine Street"));
            assert_eq!((wanted.disc_number, wanted.track_number), (Some(2), Some(3)));
            assert_eq!(wanted.released.as_deref(), Some("2017-02-17"));
            assert_eq!(wanted.duration, Some(Duration::from_millis(198_093)));
            assert_eq!(wanted.isrc.as_ref().map(|isrc| isrc.as_str()), Some("UKABC1700002"));
            assert_eq!(wanted.explicit, Some(false));
            assert_eq!(
                wanted.spotify.as_ref().map(ToString::to_string),
                Some(format!("spotify:track:{RAIN}"))
            );
            assert_eq!(wanted.spotify_release.as_ref().map(|uri| uri.id.as_str()), Some(ALBUM));
        }
    }
}

#[test]
fn every_dialect_of_the_testkit_keeps_names_and_links() {
    let mut rain = Track::new("Pine Street", "Weather", "Rain, Again");
    rain.duration_ms = Some(201_000);
    for dialect in [CsvDialect::Watsonbox2026, CsvDialect::Watsonbox2015, CsvDialect::Pavelkomarov2026] {
        let wishlist = read("a.csv", &exportify_csv(&[rain.clone()], dialect));
        assert_eq!(counts(&wishlist), (1, 1, 0), "{dialect:?}");
        let wanted = entry(&wishlist, 0);
        assert_eq!(wanted.label(), "Pine Street – Rain, Again", "{dialect:?}");
        assert_eq!(wanted.release.as_deref(), Some("Weather"), "{dialect:?}");
        assert_eq!(wanted.duration, Some(Duration::from_millis(201_000)), "{dialect:?}");
        assert_eq!(wanted.spotify.as_ref().map(ToString::to_string), Some(rain.uri()), "{dialect:?}");
    }
}

#[test]
fn german_headers_keep_artist_album_and_length() {
    let mut rain = Track::new("Pine Street", "Weather", "Rain, Again");
    rain.duration_ms = Some(201_000);
    let wishlist = read("a.csv", &exportify_csv(&[rain], CsvDialect::Watsonbox2026German));
    let wanted = entry(&wishlist, 0);
    assert_eq!(wanted.label(), "Pine Street – Rain, Again");
    assert_eq!(wanted.release.as_deref(), Some("Weather"));
    assert_eq!(wanted.duration, Some(Duration::from_millis(201_000)));
}

#[test]
fn older_exportify_generations_are_read() {
    let may_2015 = format!(
        "Spotify URI,Name,Artist Name,Album Name,Added By,Added At\nspotify:track:{RAIN},Rain,Pine Street,Weather,me,2015-05-01T10:00:00Z\n"
    );
    let year_2020 = format!(
        "{HEADER_2020}\nspotify:track:{RAIN},Rain,spotify:artist:a,Pine Street,spotify:album:{ALBUM},Weather,2017,1,4,201000,true,5,me,2020-11-11T00:00:00Z\n"
    );
    let net_2019 = format!(
        "Spotify ID,Artist IDs,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Added By,Added At,Genres\n{RAIN},a,Rain,Weather,Pine Street,2017-02,201000,5,me,2019-01-01T00:00:00Z,\n"
    );
    for (text, dated) in [(may_2015, None), (year_2020, Some("2017")), (net_2019, Some("2017-02"))] {
        let wishlist = read("a.csv", &text);
        assert_eq!(counts(&wishlist), (1, 1, 0), "{text}");
        let wanted = entry(&wishlist, 0);
        assert_eq!(wanted.label(), "Pine Street – Rain", "{text}");
        assert_eq!(wanted.spotify.as_ref().map(|uri| uri.id.as_str()), Some(RAIN), "{text}");
        assert_eq!(wanted.release.as_deref(), Some("Weather"), "{text}");
        assert_eq!(wanted.released.as_deref(), dated, "{text}");
        assert!(only_list(&wishlist).entries[0].added.is_some(), "{text}");
    }
}

#[test]
fn exportify_net_joins_artists_by_semicolon_and_once_had_no_links() {
    let with = format!(
        "\u{feff}{HEADER_NET}\r\nspotify:track:{RAIN},\"Rain, Again\",Weather,Pine Street;Bo,2017-02-17,201000,5,True,me,2026-01-01T00:00:00Z,,\r\n"
    );
    let without = with.replace("Track URI,", "").replace(&format!("spotify:track:{RAIN},"), "");
    for (text, link) in [(with, Some(RAIN)), (without, None)] {
        let wishlist = read("a.csv", &text);
        assert_eq!(counts(&wishlist), (1, 1, 0), "{text}");
        let wanted = entry(&wishlist, 0);
        assert_eq!((wanted.title.as_str(), names(wanted)), ("Rain, Again", vec!["Pine Street", "Bo"]));
        assert_eq!(wanted.spotify.as_ref().map(|uri| uri.id.as_str()), link);
        assert_eq!((wanted.explicit, wanted.duration), (Some(true), Some(Duration::from_secs(201))));
    }
}

#[test]
fn tunemymusic_holds_several_playlists_and_the_favourites() {
    let text = format!(
        "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\nRain,Pine Street,Weather,Wet,Playlist,UKABC1700002,{RAIN}\nSnow,Pine Street,Weather,Cold,Playlist,,{SNOW}\nRain,Pine Street,Weather,Cold,Playlist,,{RAIN}\nHail,Bo,,Favorites,Favorite,,\n"
    );
    let wishlist = read("My Library.csv", &text);
    assert_eq!(counts(&wishlist), (4, 4, 0));
    let lists: Vec<_> =
        wishlist.playlists.iter().map(|list| (list.name.as_str(), list.kind, list.entries.len())).collect();
    assert_eq!(
        lists,
        [
            ("Wet", PlaylistKind::Playlist, 1),
            ("Cold", PlaylistKind::Playlist, 2),
            ("Liked Songs", PlaylistKind::LikedTracks, 1)
        ]
    );
    assert_eq!(
        wishlist.playlists[0].entries[0].wanted, wishlist.playlists[1].entries[1].wanted,
        "one recording"
    );
}

#[test]
fn milliseconds_stay_milliseconds_however_few() {
    let text = format!(
        "{HEADER_2020}\nspotify:track:{RAIN},Rain Skit,x,Anna Ott,spotify:album:{ALBUM},Rain,2020,1,1,4200,false,5,me,2024-01-01\n"
    );
    assert_eq!(entry(&read("skits.csv", &text), 0).duration, Some(Duration::from_millis(4_200)));
}

#[test]
fn soundiiz_writes_three_forms() {
    let forms = [
        "title;artist;album;isrc\nRain;Pine Street;Weather;ukabc1700002\n".to_owned(),
        format!("\u{feff}title;artist;album;isrc;addedDate;addedBy;duration;url\nRain;Pine Street;Weather;ukabc1700002;2021-02-03;me;225s;https://open.spotify.com/track/{RAIN}\n"),
        "title,artist,album,isrc,platform,trackId,duration,addedDate,url\nRain,Pine Street,Weather,ukabc1700002,deezer,123456,225,2021-02-03,https://www.deezer.com/track/123456\n".to_owned(),
    ];
    for (at, text) in forms.iter().enumerate() {
        let wishlist = read("wet.csv", text);
        assert_eq!(counts(&wishlist), (1, 1, 0), "{text}");
        assert_eq!(wishlist.problems, [], "{text}");
        let wanted = entry(&wishlist, 0);
        assert_eq!(wanted.label(), "Pine Street – Rain");
        assert_eq!(wanted.isrc.as_ref().map(|isrc| isrc.as_str()), Some("UKABC1700002"));
        assert_eq!(wanted.duration, (at > 0).then(|| Duration::from_secs(225)), "{text}");
        assert_eq!(wanted.spotify.as_ref().map(|uri| uri.id.as_str()), (at == 1).then_some(RAIN), "{text}");
    }
}

#[test]
fn tables_that_hold_no_list_make_none() {
    for text in [
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n\"1\",\"01 Sep 2026, 14:37\",\"Bo\",\"\",\"A\",\"\",\"T\",\"\"\n\"2\",\"01 Sep 2026, 14:38\",\"Bo\",\"\",\"A\",\"\",\"T\",\"\"\n",
        "Playlist ID,Add new videos to top,Playlist Title (Original)\nPL1,False,Rain\nPL2,False,Snow\n",
        "Track Identifier,Track Description,Date Played\n1,Bo - Rain,20240101\n2,Bo - Snow,20240101\n",
    ] {
        let wishlist = read("a.csv", text);
        assert_eq!(counts(&wishlist), (2, 0, 0), "{text}");
        assert!(wishlist.playlists.is_empty() && wishlist.problems.is_empty(), "{text}");
    }
}

#[test]
fn words_of_eleven_letters_are_no_videos() {
    let path = tempfile::tempdir().unwrap();
    let path = path.path().join("a.csv");
    std::fs::write(
        &path,
        "Spalte,Wert\nInformation,2024-01-02T03:04:05Z\nDescription,2024-01-02T03:04:05Z\n",
    )
    .unwrap();
    assert!(read_path(&path, &Limits::default(), &Silent, &Cancel::default()).is_err());
}

#[test]
fn liked_files_are_the_liked_tracks_and_an_empty_playlist_stays() {
    for name in ["liked.csv", "Liked_Songs.csv", "liked songs.CSV"] {
        let wishlist = read(name, &format!("{HEADER_NOW}\n"));
        assert_eq!(counts(&wishlist), (0, 0, 0), "{name}");
        let list = only_list(&wishlist);
        assert_eq!((list.kind, list.name.as_str()), (PlaylistKind::LikedTracks, "Liked Songs"));
    }
    let wishlist = read("Late_night_2.csv", &format!("{HEADER_NET}\n"));
    assert_eq!(only_list(&wishlist).name, "Late night 2");
}

#[test]
fn local_files_and_episodes_are_of_their_own_kind() {
    let rows = [
        row_now("spotify:local:Bo:Attic:Old+Tape:77", "Old Tape", "", "Bo"),
        row_now(&format!("spotify:episode:{SNOW}"), "Talk", "spotify:artist:x", "Radio"),
    ];
    let wishlist = read("a.csv", &format!("{}\n{}\n", quoted_header(HEADER_NOW), rows.join("\n")));
    assert_eq!(counts(&wishlist), (2, 2, 0));
    let local = entry(&wishlist, 0);
    assert_eq!((local.kind, local.label()), (WantedKind::LocalFile, "Bo – Old Tape".to_owned()));
    assert_eq!((entry(&wishlist, 1).kind, entry(&wishlist, 1).title.as_str()), (WantedKind::Episode, "Talk"));
}

/// A good row, `bad`, another good row, and `bad` again without a line end: two rows are kept, two are told.
fn between_good_rows(bad: &str) {
    let good =
        |id: &str, title: &str| row_now(&format!("spotify:track:{id}"), title, "spotify:artist:a", "Bo");
    let header = quoted_header(HEADER_NOW);
    let text = format!("{header}\n{}\n{bad}\n{}\n{bad}", good(RAIN, "Rain"), good(SNOW, "Snow"));
    let wishlist = read("a.csv", &text);
    assert_eq!(counts(&wishlist), (4, 2, 2), "{bad}: {:?}", wishlist.problems);
    assert_eq!(entry(&wishlist, 0).title, "Rain", "{bad}");
    assert_eq!(entry(&wishlist, 1).title, "Snow", "{bad}");
    assert_eq!(wishlist.problems.iter().filter(|problem| problem.row.is_some()).count(), 2, "{bad}");
}

#[test]
fn a_row_with_too_many_cells_never_loses_the_others() {
    let row = row_now(&format!("spotify:track:{RAIN}"), "Rain", "spotify:artist:a", "Bo");
    between_good_rows(&format!("{row},\"too\",\"many\""));
}

#[test]
fn a_quote_left_open_at_the_end_costs_that_row_only() {
    let good = row_now(&format!("spotify:track:{RAIN}"), "Rain", "spotify:artist:a", "Bo");
    let header = quoted_header(HEADER_NOW);
    let wishlist = read("a.csv", &format!("{header}\n{good}\n\"spotify:track:{SNOW}\",\"cut o"));
    assert_eq!(counts(&wishlist), (2, 1, 1), "{:?}", wishlist.problems);
}

#[test]
fn a_quote_left_open_between_rows_costs_that_row_only() {
    between_good_rows(&format!("\"spotify:track:{RAIN}\",\"cut o"));
    between_good_rows("\"spotify:track:x");
}

#[test]
fn a_row_that_ends_too_early_is_a_problem() {
    let text = format!(
        "{HEADER_NET}\nspotify:track:{RAIN},Rain,Weather,Bo,2017-02-17,20\nspotify:track:{SNOW},Sn\n"
    );
    let wishlist = read("a.csv", &text);
    assert_eq!(counts(&wishlist), (2, 0, 2), "a cut number is a wrong number: {:?}", wishlist.wanted);
}

#[test]
fn a_bad_link_beside_good_names_costs_the_link_only_and_is_told() {
    let text = format!(
        "{}\n{}\n",
        quoted_header(HEADER_NOW),
        row_now("spotify:track:short", "Rain", "spotify:artist:a", "Bo")
    );
    let wishlist = read("a.csv", &text);
    assert_eq!(counts(&wishlist), (1, 1, 0));
    assert_eq!((entry(&wishlist, 0).label(), &entry(&wishlist, 0).spotify), ("Bo – Rain".to_owned(), &None));
    assert_eq!(wishlist.problems.len(), 1);
}

#[test]
fn every_encoding_gives_the_same_names() {
    let line = "Regenb\u{f6}gen;Mot\u{f6}r B\u{fc}ro;Stra\u{df}e;\n";
    let text = format!("title;artist;album;isrc\n{line}");
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let latin_line: Vec<u8> = line.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let mixed = [text.as_bytes(), &latin_line].concat();
    for (bytes, rows) in [(text.clone().into_bytes(), 1), (latin, 1), (little, 1), (big, 1), (mixed, 2)] {
        let wishlist = read_bytes("a.csv", &bytes);
        assert_eq!(counts(&wishlist), (rows, rows, 0), "{bytes:?}");
        for at in 0..usize::try_from(rows).unwrap() {
            assert_eq!(entry(&wishlist, at).label(), "Motör Büro – Regenbögen", "{bytes:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_under_a_known_header_are_accounted_for(
        tail in prop_oneof![
            prop::collection::vec(1_u8.., 0..200),
            "(\"|,|;|\r|\n|\\\\|a|spotify:track:){0,80}".prop_map(String::into_bytes),
        ],
        header in prop::sample::select(vec![HEADER_NOW, HEADER_2020, HEADER_NET, "title;artist;album;isrc"]),
    ) {
        let wishlist = read_bytes("a.csv", &[header.as_bytes(), b"\n", &tail].concat());
        prop_assert_eq!(wishlist.accounts.len(), 1);
        let entries: usize = wishlist.playlists.iter().map(|list| list.entries.len()).sum();
        prop_assert_eq!(wishlist.accounts[0].entries, entries as u64);
    }

    #[test]
    fn rows_written_by_a_csv_writer_come_back(titles in prop::collection::vec("[^\u{0}-\u{1f}\u{7f}-\u{9f}\u{200b}-\u{206f}\u{2028}\u{2029}\u{feff}]{1,30}", 1..8)) {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(["Track name", "Artist name", "Album"]).unwrap();
        for title in &titles {
            writer.write_record([&format!("t{title}t"), "Bo", "Weather"]).unwrap();
        }
        let wishlist = read_bytes("a.csv", &writer.into_inner().unwrap());
        let read: Vec<String> =
            (0..titles.len()).map(|at| entry(&wishlist, at).title.clone()).collect();
        let wrote: Vec<String> = titles.iter().map(|title| format!("t{title}t")).collect();
        prop_assert_eq!(read, wrote);
    }
}

#[test]
fn the_musicbrainz_id_of_a_recording_is_read_under_each_of_its_names() {
    const ID: &str = "1e7c1e0e-0b1c-4f5e-9a70-7d7f0a5b2c11";
    for header in ["MusicBrainz Recording Id", "recording_mbid", "mbid"] {
        let table = format!("Title,Artist,{header}\nRain,Ana,{ID}\nSnow,Ana,none\n");
        let wishlist = read("list.csv", &table);
        let ids: Vec<Option<&str>> =
            wishlist.wanted.iter().map(|one| one.recording_mbid.as_ref().map(|id| id.as_str())).collect();
        assert_eq!(ids, [Some(ID), None], "{header}");
    }
}
