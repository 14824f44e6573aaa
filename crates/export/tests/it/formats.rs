//! Each format as its own readers see it: exact texts, and what is told of what it cannot carry.

use std::time::Duration;

use ferrotape_domain::{
    ArtistCredit, Isrc, PlaylistEntry, PlaylistKind, SpotifyKind, Wanted, WantedKind, WantedPlaylist,
    Wishlist,
};
use ferrotape_export::{Cost, Export, Format};

use crate::made::{link, mbid};
use crate::round_trip::{exported, read_back, said};

fn one_list(kind: PlaylistKind, name: &str, wanted: Vec<Wanted>) -> Wishlist {
    let entries = (0..wanted.len()).map(|wanted| PlaylistEntry { wanted, added: None }).collect();
    let list = WantedPlaylist { kind, name: name.to_owned(), spotify: None, entries, incomplete: false };
    Wishlist { wanted, playlists: vec![list], ..Wishlist::default() }
}

fn lantern() -> Wanted {
    Wanted {
        title: "Lantern".into(),
        artists: ArtistCredit::of_names(&["Mira, Dune", "Øyvind"]),
        release: Some("Low Tide".into()),
        track_number: Some(3),
        duration: Some(Duration::from_millis(198_600)),
        isrc: Some(Isrc::parse("XXA011900001").unwrap()),
        recording_mbid: Some(mbid(7)),
        spotify: Some(link(SpotifyKind::Track, 5)),
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

fn named(kind: WantedKind, title: &str) -> Wanted {
    Wanted { title: title.into(), ..Wanted::of_kind(kind) }
}

fn text(export: &Export) -> String {
    String::from_utf8(export.files[0].bytes.clone()).unwrap()
}

fn remarks(export: &Export, cost: Cost) -> Vec<(Vec<u64>, &str)> {
    let of_cost = export.remarks.iter().filter(|remark| remark.cost == cost);
    of_cost.map(|one| (one.rows.iter().map(|(row, _)| *row).collect(), one.reason.as_str())).collect()
}

#[test]
fn m3u8_is_what_players_expect() {
    let mut only_names = named(WantedKind::Recording, "A/B - C");
    only_names.release = Some("#1".into());
    let export = exported(
        &one_list(PlaylistKind::Playlist, "Night\ndrive", vec![lantern(), only_names]),
        Format::M3u8,
    );
    let expected = "#EXTM3U\n#PLAYLIST:Night drive\n\
        #EXTINF:199,Mira, Dune, Øyvind - Lantern\n#EXTART:Mira, Dune, Øyvind\n#EXTALB:Low Tide\n\
        spotify:track:1000000000000000000005\n\
        #EXTINF:-1,A/B - C\n#EXTART:\n#EXTALB:#1\n./A-B - C\n";
    assert_eq!(text(&export), expected);
    assert_eq!(export.files[0].name, "Night-drive.m3u8");
    let not_carried: Vec<(u64, &str)> =
        export.remarks.iter().map(|remark| (remark.entries, remark.reason.as_str())).collect();
    assert!(not_carried.contains(&(1, "its ISRC")), "{not_carried:?}");
    assert!(not_carried.contains(&(1, "its MusicBrainz id")), "{not_carried:?}");
    assert!(!not_carried.iter().any(|(_, says)| *says == "its album"), "{not_carried:?}");
}

#[test]
fn exportify_has_the_columns_of_its_newest_generation() {
    let export =
        exported(&one_list(PlaylistKind::LikedTracks, "Liked Songs", vec![lantern()]), Format::Exportify);
    let expected = "\"Track URI\",\"Track Name\",\"Artist URI(s)\",\"Artist Name(s)\",\"Album URI\",\"Album Name\",\
        \"Album Artist URI(s)\",\"Album Artist Name(s)\",\"Album Release Date\",\"Album Image URL\",\"Disc Number\",\
        \"Track Number\",\"Track Duration (ms)\",\"Track Preview URL\",\"Explicit\",\"Popularity\",\"ISRC\",\
        \"Added By\",\"Added At\"\n\
        \"spotify:track:1000000000000000000005\",\"Lantern\",\"\",\"Mira\\, Dune, Øyvind\",\"\",\"Low Tide\",\"\",\"\",\
        \"\",\"\",\"\",\"3\",\"198600\",\"\",\"\",\"\",\"XXA011900001\",\"\",\"\"\n";
    assert_eq!(text(&export), expected);
    assert_eq!(export.files[0].name, "Liked Songs.csv");
}

#[test]
fn tunemymusic_has_its_columns_and_names_what_it_leaves_out() {
    let episode = named(WantedKind::Episode, "Springs");
    let dashed = named(WantedKind::Recording, "One - Two");
    let library = one_list(PlaylistKind::Playlist, "Road, Trip", vec![lantern(), episode, dashed]);
    let export = exported(&library, Format::TuneMyMusic);
    let expected = "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n\
        Lantern,\"Mira, Dune, Øyvind\",Low Tide,\"Road, Trip\",Playlist,XXA011900001,1000000000000000000005\n\
        One - Two,,,\"Road, Trip\",Playlist,,\n";
    assert_eq!(text(&export), expected);
    assert_eq!(remarks(&export, Cost::LeftOut), [(vec![2], "TuneMyMusic's tables hold tracks alone")]);
    assert_eq!(remarks(&export, Cost::Altered)[0].0, [3], "{:?}", export.remarks);
}

#[test]
fn two_playlists_of_one_name_are_told_where_they_become_one() {
    let mut library =
        one_list(PlaylistKind::Playlist, "Mix", vec![lantern(), named(WantedKind::Recording, "B")]);
    library.playlists.push(library.playlists[0].clone());
    let export = exported(&library, Format::TuneMyMusic);
    assert!(export.remarks.iter().any(|one| one.cost == Cost::Altered && one.reason.contains("same name")));
    for format in [Format::Json, Format::Jspf, Format::Xspf, Format::M3u8] {
        assert_eq!(said(&read_back(&exported(&library, format))).len(), 2, "{format:?}");
    }
    let export = exported(&library, Format::Exportify);
    assert_eq!(export.files[1].name, "Mix_2.csv");
    assert!(remarks(&export, Cost::Altered)[0].1.contains("Mix_2"), "{:?}", export.remarks);
}

#[test]
fn a_playlist_called_as_the_liked_tracks_stays_a_playlist() {
    let mut library = one_list(PlaylistKind::Playlist, "Liked Songs", vec![lantern()]);
    let liked = one_list(PlaylistKind::LikedTracks, "Liked Songs", vec![]);
    library.playlists.extend(liked.playlists);
    for format in
        [Format::Json, Format::Jspf, Format::Xspf, Format::M3u8, Format::TuneMyMusic, Format::Exportify]
    {
        let read = said(&read_back(&exported(&library, format)));
        let kinds = |kind| format!("{read:?}").matches(&format!("kind: {kind:?}, name")).count();
        assert_eq!(kinds(PlaylistKind::Playlist), 1, "{format:?}: {read:?}");
    }
}

#[test]
fn jspf_is_what_listenbrainz_takes() {
    let library = one_list(PlaylistKind::Playlist, "Night", vec![lantern()]);
    let value: serde_json::Value = serde_json::from_str(&text(&exported(&library, Format::Jspf))).unwrap();
    let track = &value["playlist"]["track"][0];
    let page = format!("https://musicbrainz.org/recording/{}", mbid(7));
    assert_eq!(track["identifier"], serde_json::json!([page]), "no other identifiers are taken");
    assert_eq!(
        track["location"],
        serde_json::json!(["https://open.spotify.com/track/1000000000000000000005"])
    );
    assert_eq!(track["duration"], 198_600);
    assert_eq!(track["trackNum"], 3);
    let public = &value["playlist"]["extension"]["https://musicbrainz.org/doc/jspf#playlist"]["public"];
    assert_eq!(public, false);
}

#[test]
fn xml_holds_what_it_can_and_tells_the_rest() {
    let odd = named(WantedKind::Recording, "Bell\u{7}\u{0} & <gate>\r\n]]> \"x\"");
    let export = exported(&one_list(PlaylistKind::Playlist, "A & B <c>", vec![odd]), Format::Xspf);
    let xml = text(&export);
    assert!(xml.contains("<title>A &amp; B &lt;c&gt;</title>"), "{xml}");
    assert!(!xml.contains(['\u{7}', '\u{0}']), "{xml}");
    assert_eq!(remarks(&export, Cost::Altered)[0].0, [1]);
    let read = read_back(&export);
    assert_eq!(read.playlists[0].name, "A & B <c>");
    assert_eq!(read.wanted[0].title, "Bell\u{fffd}\u{fffd} & <gate>\r\n]]> \"x\"");
}

#[test]
fn opml_has_every_show_once_and_names_those_without_feed() {
    let publisher = ArtistCredit::printed("Harbour Radio");
    let feed = Some("https://example.org/tide?a=1&b=\"2\"".to_owned());
    let tide = Wanted {
        feed,
        artists: publisher,
        spotify: Some(link(SpotifyKind::Show, 1)),
        ..named(WantedKind::Show, "Tide <Talk>")
    };
    let bare =
        Wanted { spotify: Some(link(SpotifyKind::Show, 2)), ..named(WantedKind::Show, "Old \"Show\"") };
    let mut library = one_list(PlaylistKind::SavedShows, "Saved Shows", vec![tide, bare, lantern()]);
    library.playlists.push(WantedPlaylist { kind: PlaylistKind::Playlist, ..library.playlists[0].clone() });
    let export = exported(&library, Format::Opml);
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    \
        <title>Saved Shows</title>\n  </head>\n  <body>\n    \
        <outline type=\"rss\" text=\"Tide &lt;Talk&gt;\" title=\"Tide &lt;Talk&gt;\" \
        xmlUrl=\"https://example.org/tide?a=1&amp;b=&quot;2&quot;\" \
        htmlUrl=\"https://open.spotify.com/show/1000000000000000000001\"/>\n    \
        <outline type=\"rss\" text=\"Old &quot;Show&quot;\" title=\"Old &quot;Show&quot;\" \
        htmlUrl=\"https://open.spotify.com/show/1000000000000000000002\"/>\n  </body>\n</opml>\n";
    assert_eq!(text(&export), expected);
    assert_eq!(export.lists[0].left_out, 1);
    let altered = remarks(&export, Cost::Altered);
    assert_eq!(altered[0].0, [2], "{altered:?}");
    assert!(altered[0].1.contains("feed"), "{altered:?}");
}

#[test]
fn names_beyond_what_readers_take_are_left_out_and_named() {
    let long = named(WantedKind::Recording, &"é".repeat(40_000));
    let lines = named(WantedKind::Recording, &"a\n".repeat(60));
    let lines = Wanted { title: lines.title.trim().to_owned(), ..lines };
    let library = one_list(PlaylistKind::Playlist, "Long", vec![long, lines, lantern()]);
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Opml) {
        let export = exported(&library, format);
        let kept = export.lists[0].written;
        let expected = match format {
            Format::Json | Format::Jspf => 3,
            Format::M3u8 | Format::Xspf => 2,
            _ => 1,
        };
        assert_eq!(kept, expected, "{format:?}");
        read_back(&export);
    }
}
