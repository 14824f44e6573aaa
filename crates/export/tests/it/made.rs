//! Made-up libraries from a seed: every kind of thing, and names that break whoever quotes them wrongly.

use std::time::Duration;

use ferrotape_domain::{
    ArtistCredit, CreditedArtist, Isrc, Mbid, Noted, Play, PlaySource, PlaylistEntry, PlaylistKind,
    SpotifyId, SpotifyKind, SpotifyUri, Wanted, WantedKind, WantedPlaylist, Wishlist,
};
use ferrotape_testkit::Random;

/// Parts of names. Each means something in one of the formats.
const PARTS: [&str; 34] = [
    "Mira",
    "Öl",
    "夜",
    "العربية",
    "e\u{301}",
    "🎧",
    ",",
    ", ",
    ";",
    "\"",
    "\"\"",
    "'",
    " - ",
    "-",
    "#",
    "#EXTINF:1,",
    "=1+1",
    "@",
    "\t",
    "<b>",
    "&amp;",
    "]]>",
    "{",
    "[",
    "spotify:track:",
    "https://",
    ".mp3",
    "/",
    ":",
    "%20",
    "+",
    "null",
    "Liked Songs",
    "99 ",
];
/// What XML cannot hold, or keeps only by number.
const LINE_ENDS: [&str; 3] = ["\n", "\r\n", "\r"];

/// How wild the names are.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Names {
    /// In one line.
    Lines,
    /// With line ends inside.
    Wild,
}

/// A text without white space around it. `number` keeps it apart from all others.
fn text(random: &mut Random, names: Names, number: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.below(5) {
        text += random.pick(&PARTS).unwrap();
        if names == Names::Wild && random.below(4) == 0 {
            text += random.pick(&LINE_ENDS).unwrap();
        }
    }
    let text = format!("{text}{number}");
    text.trim().to_owned()
}

pub(crate) fn link(kind: SpotifyKind, number: usize) -> SpotifyUri {
    SpotifyUri { kind, id: SpotifyId::parse(&format!("1{number:021}")).unwrap() }
}

fn credit(random: &mut Random, names: Names) -> ArtistCredit {
    let joins = [", ", " & ", " feat. ", " / "];
    let credited = (0..random.below(4)).map(|number| CreditedArtist {
        name: text(random, names, number as usize),
        join_phrase: (*random.pick(&joins).unwrap()).to_owned(),
    });
    let mut credited: Vec<_> = credited.collect();
    if let Some(last) = credited.last_mut() {
        last.join_phrase.clear();
    }
    ArtistCredit::of_credited(credited)
}

fn maybe<T>(random: &mut Random, value: T) -> Option<T> {
    (random.below(2) == 0).then_some(value)
}

fn wanted(random: &mut Random, names: Names, number: usize) -> Wanted {
    let kind = *random.pick(&WantedKind::ALL).unwrap();
    let of_link = match kind {
        WantedKind::Recording => Some(SpotifyKind::Track),
        WantedKind::Release => Some(SpotifyKind::Album),
        WantedKind::Episode => Some(SpotifyKind::Episode),
        WantedKind::Show => Some(SpotifyKind::Show),
        WantedKind::Audiobook => Some(SpotifyKind::Audiobook),
        WantedKind::LocalFile => None,
        WantedKind::Unavailable => return Wanted::of_kind(kind),
    };
    let spotify = of_link.filter(|_| random.below(3) > 0).map(|kind| link(kind, number));
    // Of a link, the title may still be unknown.
    let is_named = spotify.is_none() || random.below(8) > 0;
    if !is_named {
        return Wanted { spotify, ..Wanted::of_kind(kind) };
    }
    let album = random.below(9) as usize;
    let feed = format!("https://example.org/{number}.xml?a=1&b=%22");
    Wanted {
        title: text(random, names, number),
        artists: credit(random, names),
        release: maybe(random, album).map(|album| text(random, names, album)),
        release_artists: credit(random, names),
        track_number: maybe(random, 1 + album as u32),
        disc_number: maybe(random, 2),
        released: maybe(random, "2019-03").map(str::to_owned),
        duration: maybe(random, Duration::from_millis(61_000 + (number as u64 % 3) * 250)),
        isrc: maybe(random, Isrc::parse(&format!("XXA01{number:07}")).unwrap()),
        recording_mbid: maybe(random, mbid(number)),
        explicit: maybe(random, number.is_multiple_of(2)),
        spotify_release: maybe(random, link(SpotifyKind::Album, 900 + album)),
        feed: maybe(random, feed).filter(|_| kind == WantedKind::Show),
        spotify,
        kind,
    }
}

pub(crate) fn mbid(number: usize) -> Mbid {
    Mbid::parse(&format!("f4a31f0a-51dd-4fa7-986d-{number:012}")).unwrap()
}

/// A library as an import may give it.
pub(crate) fn library(seed: u64, names: Names) -> Wishlist {
    let mut random = Random::seeded(seed);
    let wanted: Vec<Wanted> = (0..40).map(|number| wanted(&mut random, names, number)).collect();
    // What is gone is one thing, however often it is gone.
    let pick = |random: &mut Random| {
        let at = random.below(40) as usize;
        wanted.iter().position(|other| *other == wanted[at]).unwrap_or(at)
    };
    let mut playlists = Vec::new();
    for (at, kind) in PlaylistKind::ALL.into_iter().chain([PlaylistKind::Playlist; 4]).enumerate() {
        let (name, spotify) = if kind == PlaylistKind::Playlist {
            let name: String =
                text(&mut random, Names::Lines, at % 9).chars().filter(|c| !c.is_control()).collect();
            (name, maybe(&mut random, link(SpotifyKind::Playlist, at)))
        } else {
            (own_name(kind).to_owned(), None)
        };
        let mut entries = Vec::new();
        for _ in 0..random.below(30) {
            let at = pick(&mut random);
            let added = maybe(&mut random, "2020-07-19T09:24:39Z").map(str::to_owned);
            let is_known = entries.iter().any(|entry: &PlaylistEntry| entry.wanted == at);
            if kind == PlaylistKind::Playlist || !is_known {
                entries.push(PlaylistEntry { wanted: at, added });
            }
        }
        playlists.push(WantedPlaylist { kind, name, spotify, entries, incomplete: false });
    }
    let noted = Noted::KINDS.map(|kind| Noted {
        kind,
        name: text(&mut random, names, 0),
        spotify: maybe(&mut random, link(SpotifyKind::Artist, 1)),
    });
    let plays = (0..60).map(|at| Play {
        wanted: pick(&mut random),
        ended_at: 1_700_000_000 + at,
        played_ms: random.below(300_000) as u32,
        source: *random.pick(&PlaySource::ALL).unwrap(),
    });
    let plays: Vec<Play> = plays.collect();
    Wishlist { wanted, playlists, plays, noted: noted.to_vec(), ..Wishlist::default() }
}

fn own_name(kind: PlaylistKind) -> &'static str {
    match kind {
        PlaylistKind::Playlist => "Playlist",
        PlaylistKind::LikedTracks => "Liked Songs",
        PlaylistKind::SavedAlbums => "Saved Albums",
        PlaylistKind::SavedShows => "Saved Shows",
        PlaylistKind::Subscriptions => "Podcasts",
        PlaylistKind::SavedEpisodes => "Saved Episodes",
        PlaylistKind::SavedAudiobooks => "Saved Audiobooks",
        PlaylistKind::LocalFiles => "Local Files",
    }
}
