//! Any text at all: no panic, and no row lost.

use ferrotape_domain::{Cancel, Silent};
use ferrotape_import::{Limits, looks_like_link, parse_link, read_path};
use proptest::prelude::*;

fn read_bytes(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    if let Ok(wishlist) = read_path(&path, &Limits::default(), &Silent, &Cancel::default()) {
        for account in &wishlist.accounts {
            prop_assert!(account.adds_up(), "{account:?}");
        }
        let entries: usize = wishlist.playlists.iter().map(|list| list.entries.len()).sum();
        let told: u64 = wishlist.accounts.iter().map(|account| account.entries).sum();
        prop_assert!(entries as u64 <= told);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_never_panic(text in "\\PC{0,80}") {
        let _ = (parse_link(&text), looks_like_link(&text));
    }

    #[test]
    fn almost_links_never_panic(
        start in prop::sample::select(vec!["spotify:", "spotify://", "https://open.spotify.com/", "embed.spotify.com/?uri=", "spotify%3A"]),
        parts in prop::collection::vec(prop::sample::select(vec!["track", "user", "local", ":", "/", "?", "%", "%C3", "+", "é", "intl-", "embed", "4cOdK2wGLETKBW3PvgPWqT", "", "#"]), 0..8),
    ) {
        let text = format!("{start}{}", parts.concat());
        prop_assert!(looks_like_link(&text));
        if let Err(error) = parse_link(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn tables_never_panic(rows in "[\"',;\n\r\ta-zé\\\\ ]{0,300}") {
        read_bytes("x.csv", format!("Track URI,Track Name,Artist Name(s)\n{rows}").as_bytes())?;
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_bytes("x", &bytes)?;
        read_bytes("x.m3u", &[b"#EXTM3U\n".as_slice(), &bytes].concat())?;
        read_bytes("x.csv", &[b"title,artist\n".as_slice(), &bytes].concat())?;
    }

    #[test]
    fn xml_never_panics(text in "[<>/&;\"'=a-z!\\[\\]?\\-é ]{0,200}") {
        for start in [
            "<?xml version='1.0' encoding='latin1'?>", "<playlist><trackList><track>", "<playlist><title>",
            "<playlist><trackList><track><extension><entry><isrc>",
            "<plist><dict><key>Tracks</key><dict><key>1</key><dict><key>Name</key>", "<",
        ] {
            read_bytes("a.xml", format!("{start}{text}").as_bytes())?;
        }
    }

    #[test]
    fn other_json_never_panics(text in "[\\[\\]{}\":,a-z0-9\\\\ ]{0,200}") {
        for start in [
            "[{\"song_id\":1},", "{\"songs\":[{\"song_id\":1},", "{\"playlist\":{\"title\":1,\"track\":[",
            "{\"playlists\":[{\"tracks\":[{\"track\":", "{\"playlists\":[{\"tracks\":[1]}],\"albums\":[",
            "{\"format\":1,\"version\":1,\"lists\":[{\"entries\":[{\"kind\":\"show\",",
            "{\"format\":1,\"version\":1,\"lists\":[],\"plays\":[{\"kind\":\"unavailable\",\"played\":[",
        ] {
            read_bytes("a.json", format!("{start}{text}").as_bytes())?;
        }
    }

    #[test]
    fn json_never_panics(text in "[\\[\\]{}\",:a-z0-9\\\\ ]{0,200}") {
        for start in ["{\"playlists\":[", "{\"tracks\":[", "[{\"ts\":1,\"ms_played\":2},", "{\"playlists\":[{\"items\":[", ""] {
            read_bytes("Playlist1.json", format!("{start}{text}").as_bytes())?;
        }
    }
}
