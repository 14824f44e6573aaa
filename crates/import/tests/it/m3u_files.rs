//! M3U playlists and lists of links.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::time::Duration;

use ferrotape_domain::{Cancel, Silent, Wanted, WantedKind, Wishlist};
use ferrotape_import::{Limits, read_path};
use proptest::prelude::*;

const RAIN: &str = "4uLU6hMCjMI75M1A2tKUQC";

fn read(name: &str, bytes: &[u8]) -> Wishlist {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let wishlist = read_path(&path, &Limits::default(), &Silent, &Cancel::default()).unwrap();
    assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{:?}", wishlist.accounts);
    wishlist
}

fn counts(wishlist: &Wishlist) -> (u64, u64, u64) {
    assert_eq!(wishlist.accounts.len(), 1);
    let account = &wishlist.accounts[0];
    (account.rows, account.entries, account.problems)
}

fn entries(wishlist: &Wishlist) -> Vec<&Wanted> {
    assert_eq!(wishlist.playlists.len(), 1);
    wishlist.playlists[0].entries.iter().map(|entry| &wishlist.wanted[entry.wanted]).collect()
}

#[test]
fn extended_lines_name_their_entries() {
    let text = "\u{feff}#EXTM3U\r\n#PLAYLIST:Wet days\r\n#EXTINF:201,Pine Street - Rain - Live\r\nPine Street/Weather/01 x.mp3\r\n\
                #EXTINF:-1,Only A Title\r\nC:\\Music\\b.flac\r\n\r\n#EXTINF:12 tvg-id=\"z\",Bo - Hail\r\nfile:///music/hail.mp3\r\n";
    let wishlist = read("other_name.m3u8", text.as_bytes());
    assert_eq!(counts(&wishlist), (3, 3, 0), "{:?}", wishlist.problems);
    assert_eq!(wishlist.playlists[0].name, "Wet days");
    let labels: Vec<_> = entries(&wishlist)
        .iter()
        .map(|wanted| (wanted.label(), wanted.duration.map(|d| d.as_secs())))
        .collect();
    assert_eq!(labels[0], ("Pine Street – Rain - Live".to_owned(), Some(201)));
    assert_eq!(entries(&wishlist)[1].title, "Only A Title");
    assert_eq!(labels[1].1, None);
    assert_eq!(labels[2], ("Bo – Hail".to_owned(), Some(12)));
}

#[test]
fn without_extinf_the_file_name_speaks() {
    let text = "01 - Pine Street - Rain.mp3\nPine Street - Snow.flac\nfile:///m/Bo%20-%20Hail%3F.ogg\n99 Balloons.mp3\n";
    let wishlist = read("wet_days.m3u", text.as_bytes());
    assert_eq!(counts(&wishlist), (4, 4, 0), "{:?}", wishlist.problems);
    assert_eq!(wishlist.playlists[0].name, "wet days");
    let labels: Vec<_> = entries(&wishlist).iter().map(|wanted| wanted.label()).collect();
    assert_eq!(labels, ["Pine Street – Rain", "Pine Street – Snow", "Bo – Hail?", "99 Balloons"]);
}

#[test]
fn lonely_descriptions_are_problems_and_links_are_entries() {
    let text = format!(
        "#EXTM3U\n#EXTINF:201,Pine Street - Rain\nhttps://open.spotify.com/track/{RAIN}?si=1\n#EXTINF:5,Bo - Lost\n"
    );
    let wishlist = read("a.m3u", text.as_bytes());
    assert_eq!(counts(&wishlist), (2, 1, 1), "{:?}", wishlist.problems);
    let rain = entries(&wishlist)[0];
    assert_eq!(rain.spotify.as_ref().map(|uri| uri.id.as_str()), Some(RAIN));
    assert_eq!(
        (rain.label(), rain.duration),
        ("Pine Street – Rain".to_owned(), Some(Duration::from_secs(201)))
    );
}

#[test]
fn streams_are_problems() {
    let wishlist = read(
        "a.m3u",
        b"#EXTM3U\n#EXTINF:-1,Radio Bo\nhttps://radio.example/live.mp3\nhttp://radio.example:80/\n",
    );
    assert_eq!(counts(&wishlist), (2, 0, 2), "{:?}", wishlist.wanted);
}

#[test]
fn lines_of_two_encodings_are_all_kept() {
    let bytes = [
        b"#EXTM3U\n#EXTINF:1,Mot\xf6r B\xfcro - L\xe4rm\na.mp3\n#EXTINF:1,".as_slice(),
        "Motör Büro - Größe\nb.mp3\n".as_bytes(),
    ];
    let wishlist = read("a.m3u", &bytes.concat());
    assert_eq!(counts(&wishlist), (2, 2, 0));
    let labels: Vec<_> = entries(&wishlist).iter().map(|wanted| wanted.label()).collect();
    assert_eq!(labels, ["Motör Büro – Lärm", "Motör Büro – Größe"]);
}

#[test]
fn a_list_of_links_becomes_a_playlist_of_their_kinds() {
    let text = format!(
        "# my links\nhttps://open.spotify.com/track/{RAIN}?si=1\n\nspotify:episode:{RAIN}\nspotify:album:{RAIN}\nspotify:show:{RAIN}\n\
         spotify:audiobook:{RAIN}\nspotify:chapter:{RAIN}\nspotify:local:Bo:Attic:Old+Tape:77\n\
         spotify:artist:{RAIN}\nspotify:playlist:{RAIN}\nspotify:user:me\nhttps://spotify.link/x\nspotify:track:short\n"
    );
    let wishlist = read("to_get.txt", text.as_bytes());
    assert_eq!(counts(&wishlist), (12, 7, 5), "{:?}", wishlist.problems);
    assert_eq!(wishlist.playlists[0].name, "to get");
    let kinds: Vec<_> = entries(&wishlist).iter().map(|wanted| wanted.kind).collect();
    use WantedKind::{Audiobook, Episode, LocalFile, Recording, Release, Show};
    assert_eq!(kinds, [Recording, Episode, Release, Show, Audiobook, Audiobook, LocalFile]);
    assert!(wishlist.problems.iter().all(|problem| problem.row.is_some() && !problem.reason.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_after_the_mark_are_accounted_for(tail in prop_oneof![
        prop::collection::vec(1_u8.., 0..200),
        "(#EXTINF:|#PLAYLIST:|1,| - |\r|\n|a|\\.mp3|spotify:track:|http://|%ff){0,60}".prop_map(String::into_bytes),
    ]) {
        let wishlist = read("a.m3u", &[b"#EXTM3U\n".as_slice(), &tail].concat());
        prop_assert_eq!(wishlist.accounts.len(), 1);
        prop_assert_eq!(wishlist.accounts[0].entries, wishlist.playlists[0].entries.len() as u64);
    }
}
