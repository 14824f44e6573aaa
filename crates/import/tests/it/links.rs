//! Spotify's link grammar, offline.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::time::Duration;

use ferrotape_domain::{SpotifyId, SpotifyKind, SpotifyUri, WantedKind};
use ferrotape_import::{Link, LinkError, looks_like_link, parse_link};
use proptest::prelude::*;

const ID: &str = "4uLU6hMCjMI75M1A2tKUQC";

fn named(kind: SpotifyKind) -> Link {
    Link::Spotify(SpotifyUri { kind, id: SpotifyId::parse(ID).unwrap() })
}

#[test]
fn every_kind_is_read_from_uris_and_addresses() {
    for kind in SpotifyKind::ALL {
        let word = kind.as_str();
        for text in [
            format!("spotify:{word}:{ID}"),
            format!("SPOTIFY:{word}:{ID}"),
            format!("https://open.spotify.com/{word}/{ID}"),
            format!("http://play.spotify.com/{word}/{ID}"),
            format!("open.spotify.com/{word}/{ID}"),
            format!("HTTPS://Open.Spotify.COM/{word}/{ID}"),
            format!("https://open.spotify.com:443/{word}/{ID}"),
            format!("https://open.spotify.com/{word}/{ID}?si=0123456789abcdef&nd=1#play"),
            format!("https://open.spotify.com/{word}/{ID}/"),
            format!("https://open.spotify.com/embed/{word}/{ID}"),
            format!("https://open.spotify.com/intl-de/{word}/{ID}"),
            format!("https://open.spotify.com/intl-pt-br/{word}/{ID}"),
            format!("https://open.spotify.com/intl-de/embed/{word}/{ID}"),
            format!("https://open.spotify.com/embed/intl-de/{word}/{ID}?theme=0"),
            format!("https://embed.spotify.com/?uri=spotify:{word}:{ID}"),
            format!("https://embed.spotify.com/?theme=white&uri=spotify%3A{word}%3A{ID}"),
            format!("spotify%3A{word}%3A{ID}"),
            format!(" \t<https://open.spotify.com/{word}/{ID}>\r\n"),
            format!("\"spotify:{word}:{ID}\""),
            format!("\u{feff}spotify:{word}:{ID}"),
        ] {
            assert_eq!(parse_link(&text), Ok(named(kind)), "{text}");
            assert!(looks_like_link(&text), "{text}");
        }
    }
}

#[test]
fn a_playlist_under_its_owner_is_the_playlist() {
    for text in [
        format!("spotify:user:some%20body:playlist:{ID}"),
        format!("https://open.spotify.com/user/somebody/playlist/{ID}?si=x"),
        format!("https://open.spotify.com/intl-fr/user/some.body/playlist/{ID}"),
        format!("https://embed.spotify.com/?uri=spotify:user:somebody:playlist:{ID}"),
    ] {
        assert_eq!(parse_link(&text), Ok(named(SpotifyKind::Playlist)), "{text}");
    }
}

#[test]
fn the_lists_of_a_library_have_links_too() {
    let rows: [(&[&str], Link); 5] = [
        (
            &[
                "https://open.spotify.com/collection",
                "https://open.spotify.com/collection/",
                "https://open.spotify.com/collection/tracks",
                "spotify:collection",
                "spotify:collection:tracks",
                "spotify:user:somebody:collection",
                "https://open.spotify.com/user/somebody/collection",
            ],
            Link::LikedTracks,
        ),
        (
            &[
                "https://open.spotify.com/intl-de/collection/albums",
                "spotify:user:somebody:collection:albums",
            ],
            Link::SavedAlbums,
        ),
        (&["https://open.spotify.com/collection/podcasts"], Link::SavedShows),
        (
            &[
                "https://open.spotify.com/collection/podcasts/episodes",
                "https://open.spotify.com/collection/episodes",
                "spotify:collection:your-episodes",
            ],
            Link::SavedEpisodes,
        ),
        (&["https://open.spotify.com/collection/audiobooks"], Link::SavedAudiobooks),
    ];
    for (texts, link) in rows {
        for text in texts {
            assert_eq!(parse_link(text), Ok(link.clone()), "{text}");
        }
    }
}

#[test]
fn what_only_spotify_can_answer_is_named_and_says_what_to_do() {
    let rows = [
        ("spotify:user:a%C3%A9+b", Link::User("aé+b".into()), "playlists"),
        ("https://open.spotify.com/user/somebody?si=1", Link::User("somebody".into()), "playlists"),
        ("spotify:user:somebody:starred", Link::Starred("somebody".into()), "data export"),
        ("spotify:search:pine+street%20band", Link::Search("pine street band".into()), "results"),
        ("https://open.spotify.com/search/pine%20street", Link::Search("pine street".into()), "results"),
        ("https://spotify.link/AbCdEf", Link::ShortLink("https://spotify.link/AbCdEf".into()), "browser"),
        ("spotify.app.link/x?y=1", Link::ShortLink("spotify.app.link/x?y=1".into()), "browser"),
        ("https://spoti.fi/3abc", Link::ShortLink("https://spoti.fi/3abc".into()), "browser"),
        ("spotify:image:ab67616d", Link::Other("image".into()), "album"),
        ("https://open.spotify.com/prerelease/1", Link::Other("prerelease".into()), "album"),
        ("https://open.spotify.com/genre/x", Link::Other("genre".into()), "album"),
        ("https://open.spotify.com/collection/playlists", Link::Other("playlists".into()), "album"),
    ];
    for (text, link, advice) in rows {
        let parsed = parse_link(text).unwrap();
        assert_eq!(parsed, link, "{text}");
        assert!(parsed.why_not_usable().contains(advice), "{text}: {}", parsed.why_not_usable());
    }
}

#[test]
fn local_files_keep_their_names_and_length() {
    let of = |text: &str| match parse_link(text) {
        Ok(Link::LocalFile(wanted)) => *wanted,
        other => panic!("{text}: {other:?}"),
    };
    for text in [
        "spotify:local:Pine+%26+Co:Blue%3A+Two:Rain%3F:215",
        "https://open.spotify.com/local/Pine%20%26%20Co/Blue%3A%20Two/Rain%3F/215",
    ] {
        let wanted = of(text);
        assert_eq!(wanted.kind, WantedKind::LocalFile);
        assert_eq!(wanted.title, "Rain?");
        assert_eq!(wanted.artists.first(), Some("Pine & Co"));
        assert_eq!(wanted.release.as_deref(), Some("Blue: Two"));
        assert_eq!(wanted.duration, Some(Duration::from_secs(215)));
    }
    let bare = of("spotify:local:::Only+A+Title:7");
    assert_eq!((bare.title.as_str(), bare.artists.is_empty(), bare.release), ("Only A Title", true, None));
}

#[test]
fn what_is_no_link_is_refused_with_the_reason() {
    let long = format!("spotify:track:{}", "a".repeat(3_000));
    assert!(matches!(parse_link(&long), Err(LinkError::TooLong { .. })));
    for text in
        ["", " ", "Pine Street", "/home/me/list.csv", "track:1", "spotify", "open.spotify.community/track/x"]
    {
        assert!(matches!(parse_link(text), Err(LinkError::NotALink { .. })), "{text}");
        assert!(!looks_like_link(text), "{text}");
    }
    for text in [
        "https://open.spotify.com@elsewhere.example/track/4uLU6hMCjMI75M1A2tKUQC",
        "https://open.spotify.com.elsewhere.example/track/4uLU6hMCjMI75M1A2tKUQC",
    ] {
        assert!(matches!(parse_link(text), Err(LinkError::OtherHost { .. })), "{text}");
    }
    for text in [
        "spotify:track:",
        "spotify:track",
        "spotify:track:4uLU6hMCjMI75M1A2tKUQ",
        "spotify:track:4uLU6hMCjMI75M1A2tKU-C",
        "spotify:album:ZZZZZZZZZZZZZZZZZZZZZZ",
        "https://open.spotify.com/playlist/short?si=1",
        "spotify:user:somebody:playlist:short",
    ] {
        assert!(matches!(parse_link(text), Err(LinkError::BadId { .. })), "{text}");
        assert!(looks_like_link(text), "{text}: it is meant as a link");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        _ = (parse_link(&text), looks_like_link(&text));
    }

    #[test]
    fn nothing_that_begins_like_a_link_makes_it_panic(
        start in prop::sample::select(vec![
            "spotify:", "spotify:user:", "spotify:local:", "spotify%3a", "https://open.spotify.com/", "spotify://",
            "embed.spotify.com/?uri=", "https://spotify.link", "open.spotify.com/intl-", "open.spotify.com/local/",
        ]),
        rest in "[a-zA-Z0-9:/?#%+&=é\u{0}. -]{0,60}",
    ) {
        let text = format!("{start}{rest}");
        if let Ok(link) = parse_link(&text) {
            prop_assert!(!link.why_not_usable().is_empty());
        }
    }

    #[test]
    fn a_link_survives_its_own_spelling(kind in 0_usize..8, id in "[0-6][0-9a-zA-Z]{21}") {
        let uri = SpotifyUri { kind: SpotifyKind::ALL[kind], id: SpotifyId::parse(&id).unwrap() };
        prop_assert_eq!(parse_link(&uri.to_string()), Ok(Link::Spotify(uri.clone())));
        prop_assert_eq!(parse_link(&uri.web_address()), Ok(Link::Spotify(uri)));
    }
}
