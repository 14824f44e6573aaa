//! `spotify:local:{artist}:{album}:{title}:{seconds}`: a file that only one computer has.

use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

/// Undoes form encoding: `+` is a space, `%XX` a byte of UTF-8.
pub(super) fn decode(part: &str) -> String {
    decode_percent(&part.replace('+', " "))
}

/// Undoes percent-encoding alone, for names in which `+` means itself.
pub(super) fn decode_percent(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// The parts after `local`, each of which may be empty or missing.
pub(super) fn parts_to_wanted(parts: &[&str]) -> Wanted {
    let mut wanted = Wanted::of_kind(WantedKind::LocalFile);
    // The length always comes last, and a colon inside a name is encoded: what is too much belongs to the album.
    let (names, seconds) = match parts {
        [names @ .., last] => match last.parse::<u32>() {
            Ok(seconds) => (names, Some(seconds)),
            Err(_) if last.is_empty() && names.len() >= 3 => (names, None),
            Err(_) => (parts, None),
        },
        [] => (parts, None),
    };
    wanted.duration =
        seconds.filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.into()));
    let (artist, album, title) = match names {
        [] => (String::new(), String::new(), String::new()),
        [title] => (String::new(), String::new(), decode(title)),
        [artist, album @ .., title] => (decode(artist), decode(&album.join(":")), decode(title)),
    };
    wanted.title = title.trim().to_owned();
    wanted.artists = ArtistCredit::printed(&artist);
    wanted.release = Some(album.trim().to_owned()).filter(|album| !album.is_empty());
    wanted
}
